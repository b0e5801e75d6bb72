//! A page shows what was found, and nothing of a text becomes markup.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use domain::{
    Hook, HookForm, Line, LineSource, Narration, Role, Scene, Script, SpokenWord, Visual,
};

use super::{Page, STYLE, Timeline, criteria, html, marked_text, radar, timeline};
use crate::{Content, Policy, assess};

const TEXT: &str = "Basically, Bees dance <b onclick=\"steal()\">at noon</b> & \"becuase\" they is hungry.\n\n\
    It is a game changer for the whole hive, as a bee that has found food tells 40,000 others where it lies.";

fn judged(text: &str) -> (Content, crate::Assessment) {
    let content = Content::of_text(text);
    let assessment = assess(&content, &Policy::default());
    (content, assessment)
}

/// The tags of a page, by name, in order.
fn tags(html: &str) -> Vec<&str> {
    html.split('<')
        .skip(1)
        .filter_map(|rest| rest.split(['>', ' ', '\n']).next())
        .collect()
}

/// Whether what is opened is closed, in order.
fn closed(html: &str) -> bool {
    const ALONE: [&str; 3] = ["!doctype", "meta", "br"];
    let mut open = Vec::new();
    for piece in html.split('<').skip(1) {
        let tag = piece.split('>').next().unwrap_or_default();
        let name = tag.split([' ', '\n', '/']).next().unwrap_or_default();
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return false;
            }
        } else if !ALONE.contains(&name) && !tag.ends_with('/') {
            open.push(name);
        }
    }
    open.is_empty()
}

#[test]
fn a_page_is_whole_and_needs_nothing_else() {
    let (content, assessment) = judged(TEXT);
    let page = Page {
        title: "Bees & <others>".to_owned(),
        facts: vec![("run".to_owned(), "01 <i>x</i>".to_owned())],
    };
    let html = html(&content, &assessment, &page);
    assert!(
        html.starts_with("<!doctype html>") && closed(&html),
        "{html}"
    );
    assert!(html.contains("<title>Bees &amp; &lt;others&gt;</title>"));
    assert!(html.contains("01 &lt;i&gt;x&lt;/i&gt;"));
    for never in ["script", "link", "img", "iframe", "form", "b onclick", "i"] {
        assert!(!tags(&html).contains(&never), "<{never}> in {html}");
    }
    for never in [
        "http://",
        "https://",
        "url(",
        " style=",
        "@import",
        " onclick=\"",
    ] {
        assert!(!html.contains(never), "{never} in {html}");
    }
    assert!(html.contains(&assessment.total.to_string()));
    assert!(STYLE.contains("prefers-color-scheme: dark"));
}

#[test]
fn each_score_stands_in_the_radar_and_has_its_reasons() {
    let (_, assessment) = judged(TEXT);
    let (radar, list) = (radar(&assessment), criteria(&assessment));
    assert!(closed(&radar) && closed(&list));
    assert_eq!(radar.matches("q-point").count(), assessment.scores.len());
    assert_eq!(radar.matches("<line").count(), 10);
    for score in &assessment.scores {
        let title = score.criterion.title();
        assert!(
            radar.contains(&format!("{title} {}", score.value)),
            "{radar}"
        );
        assert!(
            list.contains(&format!(
                "<h3>{title} <span class=\"q-value\">{}</span>",
                score.value
            )),
            "{list}"
        );
    }
    assert!(list.contains("Not measured: there is no video"), "{list}");
    assert!(list.contains("spelling errors per 100 words"), "{list}");
}

#[test]
fn places_are_marked_where_they_stand_and_listed_under_their_number() {
    let (content, assessment) = judged(TEXT);
    let html = marked_text(content.text(), &assessment);
    assert!(closed(&html), "{html}");
    assert!(html.contains(">becuase</mark>"), "{html}");
    // The text can be read out of it again.
    let mut read = String::new();
    for paragraph in html.split("<p dir=\"auto\">").skip(1) {
        let paragraph = paragraph.split("</p>").next().unwrap();
        for piece in paragraph.split('<') {
            let (tag, text) = piece.split_once('>').unwrap_or(("", piece));
            if !tag.starts_with("a ") {
                read.push_str(text);
            }
        }
        read.push_str("\n\n");
    }
    assert_eq!(read.trim_end(), super::escape(TEXT));
    for number in 1..=html.matches("<li id=").count() {
        assert!(html.contains(&format!("id=\"q-mark-{number}\"")));
    }
    for reference in html.split("href=\"#").skip(1) {
        let id = reference.split('"').next().unwrap();
        assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
    }
}

#[test]
fn another_text_than_the_one_judged_is_shown_without_marks_and_does_no_harm() {
    let (_, assessment) = judged(TEXT);
    for text in ["", "ä", "ääääääääääääääääääääääääääääääääääääääää", "\u{0}"]
    {
        let html = marked_text(text, &assessment);
        assert!(closed(&html), "{html}");
    }
}

#[test]
fn a_text_without_a_word_makes_a_page_too() {
    for text in [
        "",
        "🎉🎉",
        "Bees.",
        "Die Katze sitzt auf dem Dach und wartet, bis es dunkel wird.",
    ] {
        let (content, assessment) = judged(text);
        let html = html(&content, &assessment, &Page::default());
        assert!(closed(&html), "{html}");
    }
}

#[test]
fn scenes_stand_in_their_times_with_their_faults() {
    let line = |text: &str| Line {
        text: text.to_owned(),
        source: LineSource::Phrase,
    };
    let scene = |role, lines: &[&str]| Scene {
        role,
        lines: lines.iter().map(|text| line(text)).collect(),
        visual: Visual::Statement {
            text: "Bread".to_owned(),
            emphasis: None,
        },
        moving: false,
        backdrop: None,
    };
    let script = Script {
        scenes: vec![
            scene(Role::Hook, &[]),
            scene(
                Role::Payoff,
                &["Yeast eats the sugar in flour and breathes out gas."],
            ),
        ],
        planned_wpm: 150,
    };
    let hook = Hook {
        form: HookForm::Question,
        lines: vec![line("What makes bread rise?")],
        on_screen: "Bread".to_owned(),
        alternatives: vec![],
    };
    let narration = |count: u32, each: u32| Narration {
        audio: None,
        length_ms: count * each,
        words: (0..count)
            .map(|at| SpokenWord {
                text: "word".to_owned(),
                start_ms: at * each,
                end_ms: at * each + each / 2,
                line: 0,
            })
            .collect(),
    };
    let content = Content::of_script(&script, &hook);
    let told = Timeline::of(&content);
    assert!(told.estimated && told.scenes.len() == 2);

    let spoken = content.with_narrations(&[narration(4, 400), narration(10, 150)]);
    let told = Timeline::of(&spoken);
    let times: Vec<_> = told
        .scenes
        .iter()
        .map(|s| (s.start_ms, s.end_ms, s.words))
        .collect();
    assert_eq!(times, [(0, 1600, 4), (1600, 3100, 10)]);
    let assessment = assess(&spoken, &Policy::default());
    let html = timeline(&told, &assessment);
    assert!(closed(&html), "{html}");
    assert!(
        html.contains("payoff, 1.6 to 3.1 s: 10 words, 400 a minute"),
        "{html}"
    );
    assert!(html.contains("<title>spoken too fast</title>"), "{html}");
    assert_eq!(timeline(&Timeline::default(), &assessment), "");
}
