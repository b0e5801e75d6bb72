//! Blanks out what is not text: tags, marks of Markdown, addresses, control characters.
//!
//! Nothing moves: each byte that goes becomes a space (a line end stays one; block tags and the marks of items become one), so that an offset into the plain
//! text is one into the original.

use super::Span;

/// Tags that end a line of text.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "td",
    "th",
    "table",
    "blockquote",
    "section",
    "article",
    "header",
    "footer",
    "pre",
    "hr",
    "figure",
];

/// Elements whose content nobody reads.
const UNREAD: &[&str] = &["script", "style", "template", "head"];

/// The same text with all that is not text blanked out, byte for byte at the same place.
pub(super) fn plain(original: &str) -> String {
    let mut out = original.to_owned();
    if original.contains(['<', '&']) {
        out = without_tags(&out);
    }
    if out.contains("://") || out.contains("www.") || out.contains('@') {
        out = without_addresses(&out);
    }
    if out.contains(['#', '*', '_', '`', '[', '>', '~', '|', '-', '+', '=']) {
        out = without_marks(&out);
    }
    without_controls(out)
}

/// Copies a text and blanks stretches of it.
struct Blanker<'a> {
    text: &'a str,
    out: String,
    at: usize,
}

impl<'a> Blanker<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            out: String::with_capacity(text.len()),
            at: 0,
        }
    }

    /// Blanks a stretch; those before it are kept. Stretches come in order.
    fn blank(&mut self, span: Span, with: char) {
        if span.start < self.at || span.end <= span.start {
            return;
        }
        self.out.push_str(&self.text[self.at..span.start]);
        let gone = &self.text[span.start..span.end];
        for (index, byte) in gone.bytes().enumerate() {
            let first = index == 0 && with != ' ';
            self.out.push(match byte {
                b'\n' => '\n',
                _ if first => with,
                _ => ' ',
            });
        }
        self.at = span.end;
    }

    fn finish(mut self) -> String {
        self.out.push_str(&self.text[self.at..]);
        self.out
    }
}

fn without_tags(text: &str) -> String {
    let mut out = Blanker::new(text);
    // What was looked for and isn't there won't be there further on: a text full of openings is read in one go, too.
    let mut never: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find(['<', '&']) {
        let start = at + found;
        let rest = &text[start..];
        let (length, with) = if rest.starts_with('&') {
            (entity(rest), ' ')
        } else {
            tag(rest, &mut never)
        };
        if length > 0 {
            out.blank(
                Span {
                    start,
                    end: start + length,
                },
                with,
            );
        }
        at = start + length.max(1);
    }
    out.finish()
}

/// How long the entity is that a text begins with; 0 if it doesn't.
fn entity(rest: &str) -> usize {
    let name = rest[1..]
        .bytes()
        .take(9)
        .take_while(|&byte| byte.is_ascii_alphanumeric() || byte == b'#')
        .count();
    if name >= 2 && rest.as_bytes().get(1 + name) == Some(&b';') {
        name + 2
    } else {
        0
    }
}

/// How long the tag or comment is that a text begins with (0 if it doesn't), and what stands for it.
fn tag(rest: &str, never: &mut Vec<String>) -> (usize, char) {
    if rest.starts_with("<!--") {
        return (close(rest, "-->", never).unwrap_or(0), ' ');
    }
    let inner = rest[1..].strip_prefix(['/', '!']).unwrap_or(&rest[1..]);
    let name_length = inner.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return (0, ' ');
    }
    // A tag holds no other one, and none of those that people write is this long.
    let Some(end) = rest[1..].find(['<', '>']).map(|end| end + 1) else {
        return (0, ' ');
    };
    if rest.as_bytes().get(end) != Some(&b'>') || end > 2_000 {
        return (0, ' ');
    }
    let name = inner[..name_length].to_ascii_lowercase();
    if UNREAD.contains(&name.as_str()) && !rest.starts_with("</") {
        let length = close(rest, &format!("</{name}>"), never);
        return (length.unwrap_or(end + 1), '\n');
    }
    let with = if BLOCKS.contains(&name.as_str()) {
        '\n'
    } else {
        ' '
    };
    (end + 1, with)
}

/// How long a text is up to the end of the first `mark` in it, whatever its case; marks that aren't in it are kept in `never`.
fn close(text: &str, mark: &str, never: &mut Vec<String>) -> Option<usize> {
    if never.iter().any(|known| known == mark) {
        return None;
    }
    let found = text
        .as_bytes()
        .windows(mark.len())
        .position(|window| window.eq_ignore_ascii_case(mark.as_bytes()));
    if found.is_none() {
        never.push(mark.to_owned());
    }
    found.map(|at| at + mark.len())
}

/// The beginning of a text, as long as the target of a link may be.
fn bounded(text: &str) -> &str {
    let end = (0..=2_000.min(text.len()))
        .rev()
        .find(|&end| text.is_char_boundary(end));
    end.map_or(text, |end| &text[..end])
}

/// Blanks web and mail addresses.
fn without_addresses(text: &str) -> String {
    let mut out = Blanker::new(text);
    let base = text.as_ptr() as usize;
    for token in text
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | '"' | '[' | ']'))
    {
        let start = token.as_ptr() as usize - base;
        let kept = token.trim_end_matches(['.', ',', '!', '?', ';', ':', '\'', '*', '_']);
        let mail = kept.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty() && host.contains('.') && !host.contains('@')
        });
        if kept.contains("://") || kept.starts_with("www.") || mail {
            out.blank(
                Span {
                    start,
                    end: start + kept.len(),
                },
                ' ',
            );
        }
    }
    out.finish()
}

/// Blanks the marks of Markdown: headings, lists, quotes, rules, tables, emphasis, code, and the targets of links. Fenced code goes whole.
fn without_marks(text: &str) -> String {
    let mut out = Blanker::new(text);
    let mut fenced = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        let body = line.trim();
        let fence = body.starts_with("```") || body.starts_with("~~~");
        let rule = body.len() >= 3
            && body
                .chars()
                .all(|c| matches!(c, '-' | '=' | '*' | '_' | '|' | ':' | ' ' | '+'));
        if fence || fenced || rule {
            fenced ^= fence;
            out.blank(
                Span {
                    start,
                    end: start + line.len(),
                },
                ' ',
            );
        } else {
            let mark = line_mark(&line[indent..]);
            if mark > 0 {
                out.blank(
                    Span {
                        start: start + indent,
                        end: start + indent + mark,
                    },
                    '\n',
                );
            }
            inline_marks(line, indent + mark, start, &mut out);
        }
        start += line.len();
    }
    out.finish()
}

/// How long the mark is that makes a line a heading, an item or a quotation.
fn line_mark(line: &str) -> usize {
    let quote = line.len() - line.trim_start_matches(['>', ' ']).len();
    let rest = &line[quote..];
    let hashes = rest.bytes().take_while(|&byte| byte == b'#').count();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let length = if (1..=6).contains(&hashes) && rest[hashes..].starts_with(' ') {
        hashes + 1
    } else if ["- ", "* ", "+ "].iter().any(|mark| rest.starts_with(mark)) {
        2
    } else if (1..=2).contains(&digits)
        && (rest[digits..].starts_with(". ") || rest[digits..].starts_with(") "))
    {
        digits + 2
    } else {
        0
    };
    quote + length
}

fn inline_marks(line: &str, from: usize, offset: usize, out: &mut Blanker<'_>) {
    let mut at = from;
    while let Some(found) = line[at..].find(['*', '_', '`', '~', '[', ']', '|']) {
        let mark = at + found;
        let rest = &line[mark..];
        let next = rest[1..].chars().next();
        let before = line[..mark].chars().next_back();
        let inside =
            before.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric);
        let mut length = 1;
        if rest.starts_with("](") {
            length = bounded(rest).find(')').map_or(1, |end| end + 1);
        }
        // snake_case and 2*3 are no emphasis.
        if !(inside && length == 1 && !rest.starts_with('`')) {
            out.blank(
                Span {
                    start: offset + mark,
                    end: offset + mark + length,
                },
                ' ',
            );
        }
        at = mark + length;
    }
}

/// Blanks control and format characters; line separators become line ends. Joiners and variation marks stay: emoji are made of them.
fn without_controls(text: String) -> String {
    let odd = |c: char| {
        c.is_control() && c != '\n'
            || matches!(c, '\u{ad}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}'
                | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffd}')
    };
    if !text.contains(odd) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if odd(c) {
            let first = if matches!(c, '\u{2028}' | '\u{2029}') {
                '\n'
            } else {
                ' '
            };
            out.push(first);
            out.extend(std::iter::repeat_n(' ', c.len_utf8() - 1));
        } else {
            out.push(c);
        }
    }
    out
}
