//! Charts: what belongs together is of one size, and bars keep their room.

use domain::{Aspect, Entry, Palette, Platform, Style, Visual};
use drawing::{DrawRequest, draw};
use typeset::safe;

use crate::sample::{ASPECTS, named, request};

#[test]
fn labels_of_one_chart_are_of_one_size_and_long_ones_are_shown_whole() {
    let entry = |label: &str, value: &str| Entry {
        label: label.to_owned(),
        value: value.to_owned(),
    };
    let long = "Plugs, lights and appliances";
    let charts = [
        Visual::BarChart {
            heading: Some("Energy in a home".into()),
            bars: vec![
                entry("Heating", "64 percent"),
                entry(long, "14 percent"),
                entry("Hot water", "6 percent"),
            ],
        },
        Visual::Comparison {
            first: entry("Heating", "12,000 hours"),
            second: entry(long, "8 hours"),
        },
        Visual::LineChart {
            heading: None,
            points: vec![
                entry("2019", "$6.40"),
                entry("2021", "$12.40 million"),
                entry("2023", "$9"),
            ],
        },
    ];
    let palette = Palette::default();
    for aspect in ASPECTS {
        for style in Style::ALL {
            for visual in &charts {
                let drawn = draw(&DrawRequest {
                    style,
                    ..request(visual, &palette, aspect.size())
                })
                .unwrap();
                let about = format!("{aspect:?} {style:?} {visual:?}");
                assert_eq!(drawn.truncated, Vec::<String>::new(), "{about}");
                for kind in ["label", "value"] {
                    // A line's height is its size; two lines are twice as high.
                    let heights: Vec<f32> = named(&drawn.boxes, kind)
                        .iter()
                        .map(|one| one.height)
                        .collect();
                    let line = heights.iter().copied().fold(f32::MAX, f32::min);
                    let even =
                        |height: &f32| (height / line - (height / line).round()).abs() < 0.01;
                    assert!(heights.iter().all(even), "{about}: {kind} {heights:?}");
                }
            }
        }
    }
}

#[test]
fn bars_keep_their_share_of_a_wide_frame_beside_long_labels() {
    let entry = |label: &str| Entry {
        label: label.to_owned(),
        value: "1,250 gigawatt hours".to_owned(),
    };
    let visual = Visual::BarChart {
        heading: None,
        bars: vec![
            entry("Everything that hangs on a plug in the kitchen"),
            entry("Heat"),
        ],
    };
    let palette = Palette::default();
    let size = Aspect::Landscape.size();
    let drawn = draw(&request(&visual, &palette, size)).unwrap();
    let stage = safe::stage(size, Platform::Any);
    for track in named(&drawn.boxes, "shape track") {
        assert!(track.width >= stage.width * 0.35, "{track:?}");
    }
}
