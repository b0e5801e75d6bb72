//! Technical quality: picture and sound as platforms for short videos want them.

use domain::Brief;

use crate::content::MediaFacts;
use crate::score::{Mark, Reading, Sheet, at};

/// The loudness that is aimed at, in LUFS; one more or less does no harm.
const LOUDNESS: f64 = -14.0;

/// Reads what was measured; `None` if nothing was. `unpublishable` gets what nobody should see or hear.
pub(crate) fn read(
    media: &MediaFacts,
    brief: Option<&Brief>,
    unpublishable: &mut Vec<String>,
) -> Option<Reading> {
    let mut sheet = Sheet::from(100.0);
    let mut marks = Vec::new();
    let mut measured = 0;
    let end_ms = media.length_ms.unwrap_or_default();
    let mut whole = |what: &'static str, cost: f64| {
        if cost > 0.0 {
            marks.push(Mark::timed(what, 0, end_ms, cost));
        }
        -cost
    };
    if let Some((width, height)) = media.size {
        measured += 1;
        let short = f64::from(width.min(height));
        // A draft is as small as it was asked to be, and held back for being one.
        let small = if brief.is_some_and(|brief| brief.draft) {
            0.0
        } else {
            -at(&[(360.0, -45.0), (720.0, -15.0), (1080.0, 0.0)], short)
        };
        sheet.add(
            "pixels of the shorter side",
            short,
            whole("picture too small", small),
        );
        if let Some(brief) = brief {
            let (wide, high) = brief.frame_size();
            let off = (f64::from(width) / f64::from(height.max(1)))
                / (f64::from(wide) / f64::from(high))
                - 1.0;
            sheet.add(
                "off the shape asked for",
                off,
                whole(
                    "not the shape asked for",
                    if off.abs() < 0.01 { 0.0 } else { 30.0 },
                ),
            );
        }
    }
    if let (Some(length_ms), Some(brief)) = (media.length_ms, brief) {
        measured += 1;
        let off = f64::from(length_ms) / (f64::from(brief.target_seconds.max(1)) * 1000.0) - 1.0;
        let cost = at(
            &[(0.1, 0.0), (0.25, 10.0), (0.5, 30.0), (1.0, 50.0)],
            off.abs(),
        );
        sheet.add(
            "longer (shorter, if below 0) than asked for, as a share",
            off,
            whole("not as long as asked for", cost),
        );
    }
    if let Some(loudness) = media.loudness_lufs {
        measured += 1;
        let off = loudness - LOUDNESS;
        let cost = at(
            &[(1.0, 0.0), (3.0, 12.0), (8.0, 35.0), (20.0, 60.0)],
            off.abs(),
        );
        sheet.add(
            "louder (softer, if below 0) than -14 LUFS, in LU",
            off,
            whole("too loud or too soft", cost),
        );
    }
    if let Some(peak) = media.true_peak_dbtp {
        measured += 1;
        let cost = at(&[(-1.0, 0.0), (0.0, 12.0), (2.0, 35.0)], peak);
        sheet.add("true peak in dBTP", peak, whole("clips", cost));
    }
    if let Some(silence) = media.longest_silence_ms {
        measured += 1;
        let cost = at(
            &[(1_500.0, 0.0), (3_000.0, 15.0), (8_000.0, 50.0)],
            f64::from(silence),
        );
        sheet.add(
            "longest silence in ms",
            f64::from(silence),
            whole("silence", cost),
        );
    }
    if let Some(coverage) = media.caption_coverage {
        measured += 1;
        let cost = at(&[(0.5, 50.0), (0.9, 20.0), (1.0, 0.0)], coverage);
        sheet.add(
            "share of the words that are captioned",
            coverage,
            whole("words without captions", cost),
        );
    }
    if let Some(black) = media.black_frames {
        measured += 1;
        let cost = at(&[(0.005, 0.0), (0.03, 25.0), (0.2, 80.0)], black);
        sheet.add("share of black frames", black, whole("black frames", cost));
        if black > 0.2 {
            unpublishable.push(format!("{:.0}% of the picture is black", black * 100.0));
        }
    }
    if measured == 0 {
        return None;
    }
    let reading = sheet
        .reading((f64::from(measured) / 5.0).min(1.0))
        .with_marks(marks);
    Some(if measured < 7 {
        reading.with_note("not everything was measured; what wasn't costs nothing")
    } else {
        reading
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn good() -> MediaFacts {
        MediaFacts {
            size: Some((1080, 1920)),
            length_ms: Some(30_500),
            loudness_lufs: Some(-14.6),
            true_peak_dbtp: Some(-1.4),
            longest_silence_ms: Some(600),
            caption_coverage: Some(1.0),
            black_frames: Some(0.0),
        }
    }

    fn raw(media: &MediaFacts) -> f64 {
        read(media, Some(&Brief::default()), &mut Vec::new())
            .unwrap()
            .raw
    }

    #[test]
    fn a_video_as_it_should_be_loses_nothing_and_each_fault_costs() {
        assert!((raw(&good()) - 100.0).abs() < 1e-9);
        let faults: [fn(&mut MediaFacts); 8] = [
            |media| media.size = Some((540, 960)),
            |media| media.size = Some((1920, 1080)),
            |media| media.length_ms = Some(60_000),
            |media| media.loudness_lufs = Some(-23.0),
            |media| media.true_peak_dbtp = Some(0.5),
            |media| media.longest_silence_ms = Some(5_000),
            |media| media.caption_coverage = Some(0.8),
            |media| media.black_frames = Some(0.1),
        ];
        for (at, fault) in faults.into_iter().enumerate() {
            let mut media = good();
            fault(&mut media);
            assert!(raw(&media) < 90.0, "fault {at}: {}", raw(&media));
        }
    }

    #[test]
    fn what_was_not_measured_is_not_judged() {
        assert_eq!(
            read(
                &MediaFacts::default(),
                Some(&Brief::default()),
                &mut Vec::new()
            ),
            None
        );
    }
}
