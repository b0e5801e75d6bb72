//! What is seen while a line is said.

use domain::{Line, LineSource, Scene, Story, Visual};

use crate::figure::Figure;
use crate::trace::untold;
use crate::words::{capitalised, count, is_currency, is_function_word, stem, words};
use crate::{chart, enumeration, figure, icons, quotation, shapes};

/// The layout that suits what a line says. A layout that cuts the line apart in the middle of a word (a figure glued to letters,
/// say) would show what nobody says: then it is the statement itself.
pub(crate) fn of_line(line: &Line, story: &Story) -> Visual {
    let chosen = suited(line, story);
    if untold(&chosen, &[&line.text, &story.title]).is_none() {
        return chosen;
    }
    Visual::Statement {
        text: line.text.clone(),
        emphasis: None,
    }
}

/// The chart of a scene whose lines hold figures that can be drawn to one scale.
pub(crate) fn of_figures(lines: &[&Line], story: &Story) -> Option<Visual> {
    let said: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    let chart = chart::find(&said)?;
    let mut known = said;
    known.push(&story.title);
    untold(&chart, &known).is_none().then_some(chart)
}

/// Another figure of a scene that would show the same one as the scene before it, where a line of it holds one.
pub(crate) fn other_figure(scene: &Scene, before: &Visual, story: &Story) -> Option<Visual> {
    let (Visual::BigNumber { value, .. }, Visual::BigNumber { value: seen, .. }) =
        (&scene.visual, before)
    else {
        return None;
    };
    if value != seen {
        return None;
    }
    let lines = scene.lines.iter().filter(|line| tells(line));
    lines
        .flat_map(|line| {
            let figures = figure::all(&line.text).into_iter();
            figures.map(move |figure| (line, figure::with_noun(&line.text, figure)))
        })
        .filter(|(_, figure)| figure.value != *seen)
        .max_by(|a, b| a.1.strength.total_cmp(&b.1.strength))
        .map(|(line, figure)| Visual::BigNumber {
            caption: caption(&line.text, &figure),
            value: figure.value,
        })
        .filter(|visual| {
            let said: Vec<&str> = scene.lines.iter().map(|line| line.text.as_str()).collect();
            untold(visual, &[said.as_slice(), &[&story.title]].concat()).is_none()
        })
}

/// Whether a line's figure belongs into one chart with those of the lines before it.
pub(crate) fn joins(group: &[Line], line: &Line, story: &Story) -> bool {
    let lines: Vec<&Line> = group
        .iter()
        .chain([line])
        .filter(|line| tells(line))
        .collect();
    lines.len() >= 2
        && of_figures(&lines[..1], story).is_none()
        && of_figures(&lines[lines.len() - 1..], story).is_none()
        && of_figures(&lines, story).is_some()
}

/// Somebody's words, a question, a chart, steps, a list, a figure, a definition, a belief set right, a sentence under an icon, or the
/// statement itself.
fn suited(line: &Line, story: &Story) -> Visual {
    let text = line.text.as_str();
    if text.trim_end().ends_with('?') && (2..=16).contains(&count(text)) {
        return Visual::Question {
            text: text.to_owned(),
        };
    }
    if let Some(quotation) = quotation::find(text) {
        return Visual::Quote {
            text: quotation.text,
            attribution: quotation.speaker,
        };
    }
    if let Some((myth, fact)) = shapes::belief(text) {
        return Visual::MythFact { myth, fact };
    }
    if let Some(chart) = chart::find(&[text]) {
        return chart;
    }
    if let Some(steps) = shapes::steps(text) {
        return Visual::Steps {
            heading: None,
            steps,
        };
    }
    if let Some(list) = enumeration::find(text) {
        return Visual::List {
            heading: list.heading,
            icons: icons::for_items(&list.items),
            items: list.items,
        };
    }
    if let Some(figure) = figure::find(text).filter(|_| count(text) <= 22) {
        let figure = figure::with_noun(text, figure);
        let caption = caption(text, &figure);
        // A share of something has a whole to be seen in.
        let share = figure.value.ends_with('%') && text[figure.end..].starts_with(" of ");
        let value = figure.value;
        return if share {
            Visual::Share { value, caption }
        } else {
            Visual::BigNumber { value, caption }
        };
    }
    if let Some((term, meaning)) = shapes::definition(text) {
        return Visual::Definition { term, meaning };
    }
    if let Some(icon) = icons::for_text(text).filter(|_| count(text) <= 16) {
        return Visual::IconStatement {
            icon: icon.to_owned(),
            text: text.to_owned(),
            emphasis: emphasis(text, story),
        };
    }
    Visual::Statement {
        text: text.to_owned(),
        emphasis: emphasis(text, story),
    }
}

/// What a figure counts: the words behind it if the sentence begins with it, what is so "after" it where the sentence says that, else the
/// sentence.
fn caption(text: &str, figure: &Figure) -> String {
    let tail = text[figure.end..].trim();
    let behind = figure.start == 0 && count(tail) >= 2 && tail.starts_with(char::is_alphanumeric);
    let caption = if behind {
        tail.to_owned()
    } else {
        rest(text, figure).unwrap_or_else(|| text.to_owned())
    };
    caption.trim_end_matches('.').to_owned()
}

/// What a sentence says apart from the time or the use that a figure gives it: "this one keeps 80 percent" of "after 1,000 full charges, this one
/// keeps 80 percent". None where that is not the sentence's end or beginning.
fn rest(text: &str, figure: &Figure) -> Option<String> {
    let before = text[..figure.start].trim_end();
    let (head, joint) = before.rsplit_once(' ').unwrap_or(("", before));
    let joint = joint.to_lowercase();
    let lasts = DURATIONS.iter().any(|unit| figure.value.ends_with(unit));
    if !(matches!(joint.as_str(), "after" | "within") || joint == "for" && lasts) {
        return None;
    }
    let behind = text[figure.end..].trim_end_matches(['.', ' ']);
    let rest = match behind.strip_prefix(", ") {
        Some(behind) if head.is_empty() => behind,
        None if behind.is_empty() => head,
        _ => return None,
    };
    // "Only after 500 charges" is not "only".
    let last = words(rest).pop()?;
    let whole = !is_function_word(&last) && !BINDING.contains(&last.as_str());
    (count(rest) >= 3 && whole && rest.ends_with(char::is_alphanumeric)).then(|| capitalised(rest))
}

/// Units of what something goes on for.
const DURATIONS: &[&str] = &[
    "seconds",
    "minutes",
    "hours",
    "days",
    "weeks",
    "months",
    "years",
    "centuries",
];

/// Words that bind what follows them to what they stand behind.
const BINDING: &[&str] = &[
    "even",
    "immediately",
    "less",
    "long",
    "more",
    "never",
    "not",
    "only",
    "right",
    "shortly",
    "soon",
];

/// The part of a text that names what the whole is about: the best keyword in it, widened to the words as written.
fn emphasis(text: &str, story: &Story) -> Option<String> {
    let tokens: Vec<(usize, &str)> = text
        .split_whitespace()
        .map(|token| {
            token.trim_matches(|c: char| {
                !(c.is_alphanumeric() || is_currency(c) || matches!(c, '%' | '‰' | '°'))
            })
        })
        .filter(|token| !token.is_empty())
        .map(|token| (token.as_ptr() as usize - text.as_ptr() as usize, token))
        .collect();
    let stems: Vec<String> = tokens
        .iter()
        .map(|(_, token)| {
            words(token)
                .iter()
                .map(|word| stem(word))
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    let title: Vec<String> = words(&story.title).iter().map(|word| stem(word)).collect();
    // What the title says already needs no mark: the keywords beyond it tell this sentence from the others.
    let found = story
        .keywords
        .iter()
        .filter(|keyword| {
            keyword.chars().count() >= 5
                && !words(keyword)
                    .iter()
                    .all(|word| title.contains(&stem(word)))
        })
        .find_map(|keyword| {
            let wanted: Vec<String> = words(keyword).iter().map(|word| stem(word)).collect();
            let at = stems
                .windows(wanted.len().max(1))
                .position(|window| window == wanted.as_slice())?;
            Some((at, at + wanted.len() - 1))
        });
    let (first, last) = found.or_else(|| longest_word(&tokens))?;
    let ((start, _), (end, token)) = (tokens.get(first)?, tokens.get(last)?);
    let part = text.get(*start..end + token.len())?;
    (part.len() < text.len() && part.chars().count() <= 40).then(|| part.to_owned())
}

/// The longest content word, for sentences that hold no keyword; the later one of equals, as stress falls late in English.
fn longest_word(tokens: &[(usize, &str)]) -> Option<(usize, usize)> {
    let content = tokens.iter().enumerate().filter(|(_, (_, token))| {
        !is_function_word(&token.to_lowercase()) && token.chars().count() >= 5
    });
    content
        .max_by_key(|(at, (_, token))| (token.chars().count(), *at))
        .map(|(at, _)| (at, at))
}

/// Whether a line says something of its own, so that a picture can show it.
pub(crate) fn tells(line: &Line) -> bool {
    line.source != LineSource::Phrase
}

#[cfg(test)]
mod tests {
    use domain::SourceId;

    use super::*;

    fn visual(text: &str) -> Visual {
        let story = Story {
            arc: domain::Arc::Explanation,
            title: "Bees".into(),
            keywords: vec!["bees".into(), "waggle dance".into()],
            sources: vec![],
            beats: vec![],
        };
        of_line(
            &Line {
                text: text.into(),
                source: LineSource::Source(SourceId("s0".into())),
            },
            &story,
        )
    }

    #[test]
    fn the_content_chooses_the_layout() {
        assert!(
            matches!(visual("“Bees are the first engineers we know,” said Ada Byron."), Visual::Quote { attribution: Some(name), .. } if name == "Ada Byron")
        );
        assert!(
            matches!(visual("A hive holds brood, pollen and honey."), Visual::List { items, .. } if items.len() == 3)
        );
        assert!(
            matches!(visual("90% of the honey stays in the hive."), Visual::Share { value, caption } if value == "90%" && caption == "of the honey stays in the hive")
        );
        assert!(
            matches!(visual("A bee flies at 24 km an hour."), Visual::BigNumber { caption, .. } if caption == "A bee flies at 24 km an hour")
        );
        assert!(
            matches!(visual("A scout's waggle dance shows the way."), Visual::Statement { emphasis: Some(part), .. } if part == "waggle dance")
        );
    }

    #[test]
    fn a_list_has_icons_where_its_items_do() {
        let icons = |text: &str| match visual(text) {
            Visual::List { icons, .. } => icons,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            icons("A hive needs clean water, flowers and trees."),
            ["droplet", "flower-2", "tree-pine"].map(|icon| Some(icon.to_owned()))
        );
        assert_eq!(icons("A hive holds brood, pollen and honey."), []);
    }

    #[test]
    fn a_figure_that_was_just_seen_makes_way_for_another() {
        let story = Story {
            arc: domain::Arc::Explanation,
            title: "Batteries".into(),
            keywords: vec![],
            sources: vec![],
            beats: vec![],
        };
        let scene = |text: &str| {
            let line = Line {
                text: text.into(),
                source: LineSource::Source(SourceId("s0".into())),
            };
            crate::scene(domain::Role::Context, vec![line], &story)
        };
        let first = scene("Most batteries keep 80 percent after 500 full charges.");
        let second = scene("This one keeps 80 percent after 1,000 full charges.");
        let other = other_figure(&second, &first.visual, &story);
        assert!(
            matches!(&other, Some(Visual::BigNumber { value, caption }) if value == "1,000 full charges" && caption == "This one keeps 80 percent"),
            "{other:?}"
        );
        let third = scene("It weighs 85 grams.");
        assert_eq!(other_figure(&third, &second.visual, &story), None);
    }

    #[test]
    fn a_figure_says_what_it_counts() {
        for (text, value, caption) in [
            (
                "After 1,000 full charges, this one still works.",
                "1,000 full charges",
                "This one still works",
            ),
            ("The seal holds for 20 years.", "20 years", "The seal holds"),
            (
                "It works only after 1,000 full charges.",
                "1,000 full charges",
                "It works only after 1,000 full charges",
            ),
            (
                "1,200 rivets hold the first floor.",
                "1,200 rivets",
                "hold the first floor",
            ),
            (
                "The seal never broke in 1,200 tests.",
                "1,200 tests",
                "The seal never broke in 1,200 tests",
            ),
        ] {
            let expected = Visual::BigNumber {
                value: value.into(),
                caption: caption.into(),
            };
            assert_eq!(visual(text), expected, "{text}");
        }
    }

    #[test]
    fn emphasis_is_a_part_of_the_text() {
        for text in ["“Ünïcödé—wörds” stay, 🙂 whole.", "x", "富士山は高い。", ""]
        {
            if let Visual::Statement {
                text,
                emphasis: Some(part),
            } = visual(text)
            {
                assert!(text.contains(&part));
            }
        }
    }
}
