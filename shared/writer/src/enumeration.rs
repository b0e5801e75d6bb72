//! Sentences that list things.

use crate::words::{capitalised, count, words};

/// A list within a sentence.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Enumeration {
    /// What comes before the items.
    pub(crate) heading: String,
    /// Two to five items.
    pub(crate) items: Vec<String>,
}

/// Words after which the first item of a list can begin.
const INTRODUCING: &[&str] = &[
    "is",
    "are",
    "was",
    "were",
    "has",
    "have",
    "had",
    "with",
    "for",
    "from",
    "includes",
    "include",
    "including",
    "like",
    "to",
    "needs",
    "need",
    "contains",
    "contain",
    "holds",
    "hold",
    "brings",
    "bring",
    "offers",
    "offer",
    "as",
    "between",
    "of",
    "into",
    "supports",
    "support",
    "uses",
    "use",
    "gives",
    "give",
    "makes",
    "make",
    "tracks",
    "track",
    "covers",
    "cover",
];

/// The list of a sentence: three to five short items, the last after "and" or "or", after a colon or a word that introduces them.
pub(crate) fn find(sentence: &str) -> Option<Enumeration> {
    let body = sentence.trim_end_matches(['.', '!', '。', ' ']);
    if body.contains(['“', '"', '?', ';']) {
        return None;
    }
    if let Some((heading, list)) = body.split_once(": ") {
        let items = split(list)?;
        return finish(heading, items);
    }
    let chunks = split(body)?;
    let (first, rest) = chunks.split_first()?;
    let tokens: Vec<&str> = first.split_whitespace().collect();
    let longest = rest.iter().map(|item| count(item)).max()?;
    // The first item starts behind the last word that introduces it, as long as it is no longer than the others.
    let start = tokens
        .iter()
        .rposition(|token| INTRODUCING.contains(&token.to_lowercase().as_str()))?
        + 1;
    let item = tokens[start..].join(" ");
    let heading = &tokens[..start];
    if item.is_empty() || count(&item) > longest + 1 || heading.len() < 2 {
        return None;
    }
    let dangling = |word: &&str| {
        INTRODUCING.contains(&word.to_lowercase().as_str())
            && !matches!(word.to_lowercase().as_str(), "like" | "as")
    };
    let kept: Vec<&str> = match heading.split_last() {
        Some((last, head))
            if dangling(last)
                && head.len() >= 2
                && matches!(
                    *last,
                    "is" | "are" | "was" | "were" | "of" | "to" | "as" | "into"
                ) =>
        {
            head.to_vec()
        }
        _ => heading.to_vec(),
    };
    let mut items = vec![item];
    items.extend(rest.iter().cloned());
    finish(&kept.join(" "), items)
}

/// Splits "a, b, and c" into its items; none if there are fewer than three or any is long.
fn split(list: &str) -> Option<Vec<String>> {
    let mut parts: Vec<String> = list
        .split(", ")
        .map(|part| part.trim().to_owned())
        .collect();
    let last = parts.pop()?;
    if let Some(item) = last
        .strip_prefix("and ")
        .or_else(|| last.strip_prefix("or "))
    {
        parts.push(item.to_owned());
    } else {
        let (item, end) = last
            .split_once(" and ")
            .or_else(|| last.split_once(" or "))?;
        parts.extend([item.to_owned(), end.to_owned()]);
    }
    let short = parts
        .iter()
        .skip(1)
        .all(|item| (1..=5).contains(&count(item)));
    let clean = parts.iter().skip(1).all(|item| {
        let words = words(item);
        !words.iter().any(|word| {
            matches!(
                word.as_str(),
                "which"
                    | "who"
                    | "it"
                    | "they"
                    | "that"
                    | "is"
                    | "are"
                    | "was"
                    | "were"
                    | "but"
                    | "then"
                    | "and"
            )
        })
    });
    ((3..=5).contains(&parts.len()) && short && clean).then_some(parts)
}

fn finish(heading: &str, items: Vec<String>) -> Option<Enumeration> {
    let fits = (2..=9).contains(&count(heading))
        && items
            .iter()
            .all(|item| (1..=6).contains(&count(item)) && item.chars().count() <= 48);
    fits.then(|| Enumeration {
        heading: capitalised(heading.trim_end_matches([',', ':', ' '])),
        items: items
            .iter()
            .map(|item| capitalised(item.trim_matches([',', '.', ' '])))
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sentence: &str, expected: Option<(&str, &[&str])>) {
        let found = find(sentence);
        let items: Vec<&str> = found
            .iter()
            .flat_map(|list| list.items.iter().map(String::as_str))
            .collect();
        assert_eq!(
            found
                .as_ref()
                .map(|list| (list.heading.as_str(), items.as_slice())),
            expected,
            "{sentence}"
        );
    }

    #[test]
    fn short_items_become_a_list() {
        check(
            "It comes in three colours: sand, moss and night.",
            Some(("It comes in three colours", &["Sand", "Moss", "Night"])),
        );
        check(
            "Every kit includes a lamp, a cable, and a stand.",
            Some(("Every kit includes", &["A lamp", "A cable", "A stand"])),
        );
        check(
            "A good brew needs fresh beans, clean water and patience.",
            Some((
                "A good brew needs",
                &["Fresh beans", "Clean water", "Patience"],
            )),
        );
    }

    #[test]
    fn clauses_and_long_items_do_not() {
        check(
            "He came, he saw, and he conquered the whole of Gaul in eight years.",
            None,
        );
        check(
            "The tower, which is tall, was built in Paris, and it stands there still.",
            None,
        );
        check("Salt and pepper.", None);
        check("", None);
    }
}
