//! How much a figure that is written in words and digits is.

/// A figure's size and what it is measured in, so that figures of one kind can be drawn to one scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Amount {
    /// The number, with "million" and the like multiplied in.
    pub number: f64,
    /// The rest of the text, in lower case: "%", "$", "km". Empty for a bare number.
    pub unit: String,
}

/// Words that multiply the number in front of them.
const MAGNITUDES: [(&str, f64); 8] = [
    ("hundred", 1e2),
    ("thousand", 1e3),
    ("million", 1e6),
    ("billion", 1e9),
    ("trillion", 1e12),
    ("k", 1e3),
    ("m", 1e6),
    ("bn", 1e9),
];

/// Reads a figure such as "62%", "$1.2 million" or "2,500 km": one number, written with digits, and a unit. `None` for anything else.
///
/// ```
/// let amount = domain::amount("$1.2 million").ok_or("no figure")?;
/// assert_eq!((amount.number, amount.unit.as_str()), (1_200_000.0, "$"));
/// assert_eq!(domain::amount("3 to 5 days"), None);
/// # Ok::<(), &str>(())
/// ```
pub fn amount(text: &str) -> Option<Amount> {
    let (before, written, after) = only_number(text.trim())?;
    let mut number = number(written)?;
    if before.trim_end().ends_with(['-', '−']) {
        number = -number;
    }
    let mut unit = Vec::new();
    let before = before.trim().trim_end_matches(['-', '−', '+', '~', '≈']);
    if !before.is_empty() {
        unit.push(before.to_lowercase());
    }
    for (at, word) in after.split_whitespace().enumerate() {
        let word = word.to_lowercase();
        // A single letter multiplies only where it hangs on the number: "5k", but "5 m" is a length.
        let hangs = word.len() > 2 || at == 0 && !after.starts_with(char::is_whitespace);
        match MAGNITUDES.iter().find(|(name, _)| *name == word && hangs) {
            Some((_, times)) => number *= times,
            None if word == "percent" => unit.push("%".to_owned()),
            None => unit.push(word),
        }
    }
    Some(Amount {
        number,
        unit: unit.join(" "),
    })
}

/// The one number of a text that is written with digits, between what stands before and behind it; none of a text with several.
///
/// ```
/// assert_eq!(domain::only_number("$1.2 million"), Some(("$", "1.2", " million")));
/// assert_eq!(domain::only_number("3 to 5 days"), None);
/// ```
pub fn only_number(text: &str) -> Option<(&str, &str, &str)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let digits = |c: char| c.is_ascii_digit() || c == ',' || c == '.';
    let end = start
        + text[start..]
            .find(|c: char| !digits(c))
            .unwrap_or(text.len() - start);
    let written = text[start..end].trim_end_matches([',', '.']);
    let (before, after) = (&text[..start], &text[start + written.len()..]);
    (!after.contains(|c: char| c.is_ascii_digit())).then_some((before, written, after))
}

/// A number with commas between thousands, or with one as its decimal mark.
fn number(written: &str) -> Option<f64> {
    let groups: Vec<&str> = written.split(',').collect();
    let thousands = groups.len() > 1
        && (1..=3).contains(&groups[0].len())
        && groups[1..].iter().enumerate().all(|(at, group)| {
            let whole = if at + 2 == groups.len() {
                group.split('.').next().unwrap_or_default()
            } else {
                group
            };
            whole.len() == 3
        });
    let plain = if thousands {
        written.replace(',', "")
    } else {
        written.replace(',', ".")
    };
    plain.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_with_their_units() {
        for (text, number, unit) in [
            ("62%", 62.0, "%"),
            ("62 percent", 62.0, "%"),
            ("$1.2 million", 1.2e6, "$"),
            ("2,500,000", 2.5e6, ""),
            ("1,234.5 km", 1234.5, "km"),
            ("7,5 %", 7.5, "%"),
            ("-3°C", -3.0, "°c"),
            ("5k", 5e3, ""),
            ("5 m", 5.0, "m"),
            ("20 hours", 20.0, "hours"),
        ] {
            let read = amount(text);
            assert_eq!(
                read,
                Some(Amount {
                    number,
                    unit: unit.to_owned()
                }),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_single_figure_is_none() {
        for text in ["", "many", "3–5 days", "1.2.3", "24/7", "..."] {
            assert_eq!(amount(text), None, "{text}");
        }
    }
}
