//! Plain blocks out of text that may hold remnants of Markdown or HTML.

/// What a block of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BlockKind {
    /// A heading: names things, tells nothing.
    Heading,
    /// Running text.
    Paragraph,
    /// An item of a list.
    Item,
}

/// A piece of text that stands by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// What it is.
    pub(crate) kind: BlockKind,
    /// Its text on one line, markup removed.
    pub(crate) text: String,
}

/// Reads a text into blocks: code, tables, tags, link targets, note marks and control characters go.
pub(crate) fn blocks(source: &str) -> Vec<Block> {
    let text = without_tags(source);
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    let mut fenced = false;
    let mut lines = text.lines().skip(front_matter(&text)).peekable();
    while let Some(raw) = lines.next() {
        let line = raw.trim();
        if line.starts_with("```") || line.starts_with("~~~") {
            fenced = !fenced;
            open = false;
            continue;
        }
        let is_rule = line.len() >= 3
            && line
                .chars()
                .all(|c| matches!(c, '-' | '=' | '*' | '_' | ' '));
        if fenced || line.is_empty() || is_rule || line.starts_with('|') {
            open = false;
            continue;
        }
        let underlined = lines.peek().is_some_and(|next| {
            let next = next.trim();
            next.len() >= 3 && (next.chars().all(|c| c == '=') || next.chars().all(|c| c == '-'))
        });
        let (kind, rest, starts) = classify(line, underlined && !open);
        let clean = inline(rest);
        if clean.is_empty() {
            continue;
        }
        match blocks.last_mut() {
            Some(last) if open && !starts => {
                last.text.push(' ');
                last.text.push_str(&clean);
            }
            _ => blocks.push(Block { kind, text: clean }),
        }
        open = kind != BlockKind::Heading;
    }
    blocks
}

/// How many lines of front matter (between two `---`) a text begins with.
fn front_matter(text: &str) -> usize {
    let mut lines = text.lines().map(str::trim_end);
    if lines.next() != Some("---") {
        return 0;
    }
    lines
        .take(60)
        .position(|line| line == "---")
        .map_or(0, |end| end + 2)
}

/// What a line is, its text without the mark, and whether it starts a block.
fn classify(line: &str, underlined: bool) -> (BlockKind, &str, bool) {
    let line = line.trim_start_matches(['>', ' ']);
    let hashes = line.bytes().take_while(|&b| b == b'#').count();
    if (1..=6).contains(&hashes) && line[hashes..].starts_with(' ') {
        return (
            BlockKind::Heading,
            line[hashes..].trim_end_matches(['#', ' ']),
            true,
        );
    }
    if underlined {
        return (BlockKind::Heading, line, true);
    }
    for mark in ["- ", "* ", "+ ", "• ", "– ", "· "] {
        if let Some(rest) = line.strip_prefix(mark) {
            return (BlockKind::Item, rest, true);
        }
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=2).contains(&digits)
        && (line[digits..].starts_with(". ") || line[digits..].starts_with(") "))
    {
        return (BlockKind::Item, &line[digits + 2..], true);
    }
    (BlockKind::Paragraph, line, false)
}

/// Takes out HTML: comments, scripts, styles and tags; block-level tags become line ends.
fn without_tags(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        let after = tail[1..].chars().next();
        if !after.is_some_and(|c| c.is_ascii_alphabetic() || c == '/' || c == '!') {
            out.push('<');
            rest = &tail[1..];
            continue;
        }
        let skip = |end: &str| find_ignoring_case(tail, end).map(|found| found + end.len());
        let name: String = tail[1..]
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        let end = if tail.starts_with("<!--") {
            skip("-->")
        } else if name == "script" || name == "style" {
            skip(&format!("</{name}>"))
        } else {
            tail.find('>')
                .filter(|&end| end < 400 && !tail[1..end].contains('<'))
                .map(|end| end + 1)
        };
        let Some(end) = end else {
            out.push('<');
            rest = &tail[1..];
            continue;
        };
        let tag = tail[1..end].trim_start_matches('/').to_ascii_lowercase();
        let block = [
            "p", "br", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table",
            "section", "article",
        ];
        let tag_name: &str = tag
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default();
        if block.contains(&tag_name) {
            out.push_str("\n\n");
            if tag.starts_with('h') && tail.as_bytes().get(1) != Some(&b'/') {
                out.push_str("# ");
            }
        }
        rest = &tail[end..];
    }
    out.push_str(rest);
    out
}

/// Finds an ASCII needle whatever its case.
fn find_ignoring_case(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes()
        .windows(needle.len())
        .position(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
}

/// Takes out what stands within a line: emphasis marks, code ticks, link targets, pictures, note marks, entities.
fn inline(line: &str) -> String {
    let line = entities(line);
    let mut out = String::with_capacity(line.len());
    let mut rest = line.as_str();
    while let Some(c) = rest.chars().next() {
        let tail = &rest[c.len_utf8()..];
        match c {
            '!' if tail.starts_with('[') && link(tail).is_some() => {
                rest = link(tail).map_or(tail, |(_, after)| after);
                continue;
            }
            '[' => {
                if let Some((label, after)) = link(rest) {
                    out.push_str(&inline(label));
                    rest = after;
                    continue;
                }
                if let Some(end) = note_mark(rest) {
                    rest = &rest[end..];
                    continue;
                }
                out.push(c);
            }
            '*' | '`' => {
                let doubled = tail.starts_with(c);
                let alone = out.ends_with(' ') && tail.starts_with(' ');
                if alone && !doubled {
                    out.push(c);
                }
            }
            '_' if out.chars().next_back().is_none_or(|p| !p.is_alphanumeric())
                || !tail.starts_with(char::is_alphanumeric) => {}
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if c.is_control() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{ad}' | '\u{2060}') => {
            }
            c => out.push(c),
        }
        rest = tail;
    }
    out.trim().to_owned()
}

/// `[label](target)`: the label and what follows.
fn link(text: &str) -> Option<(&str, &str)> {
    let close = text.find("](").filter(|&at| at < 300)?;
    let label = text.get(1..close)?;
    let end = text[close..].find(')').filter(|&at| at < 600)?;
    if label.contains('[') {
        return None;
    }
    Some((label, &text[close + end + 1..]))
}

/// `[12]`, `[^3]`, `[citation needed]`: its length.
fn note_mark(text: &str) -> Option<usize> {
    let end = text.find(']').filter(|&at| at < 24)?;
    let inner = text.get(1..end)?;
    let number = !inner.is_empty()
        && inner
            .trim_start_matches('^')
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ',' | ' '));
    (number || inner == "citation needed" || inner == "edit").then_some(end + 1)
}

fn entities(line: &str) -> String {
    if !line.contains('&') {
        return line.to_owned();
    }
    [
        ("&nbsp;", " "),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&rsquo;", "’"),
        ("&lsquo;", "‘"),
        ("&ldquo;", "“"),
        ("&rdquo;", "”"),
        ("&ndash;", "–"),
        ("&mdash;", "—"),
        ("&hellip;", "…"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(line.to_owned(), |text, (entity, plain)| {
        text.replace(entity, plain)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        blocks(source).into_iter().map(|block| block.text).collect()
    }

    #[test]
    fn markdown_leaves_plain_words() {
        let source = "---\ntitle: x\n---\n# The *Tower*\n\nIt is **tall**, see [here](http://a.b/c_(d)).[1]\nAnd `old`.\n\n- one\n- two\n\n```\ncode\n```\n| a | b |\n\n![pic](x.png)After";
        assert_eq!(
            texts(source),
            [
                "The Tower",
                "It is tall, see here). And old.",
                "one",
                "two",
                "After"
            ]
        );
        let kinds: Vec<BlockKind> = blocks(source).iter().map(|b| b.kind).collect();
        assert_eq!(kinds[0], BlockKind::Heading);
        assert_eq!(kinds[2], BlockKind::Item);
    }

    #[test]
    fn html_leaves_plain_words_and_comparisons_stay() {
        let source = "<h1>Bees</h1><p>Bees &amp; wasps<br>fly</p><SCRIPT>if (a<b) x</SCRIPT><!-- no --> 3 < 4 and 5 > 2";
        assert_eq!(
            texts(source),
            ["Bees", "Bees & wasps", "fly", "3 < 4 and 5 > 2"]
        );
    }

    #[test]
    fn underlined_headings_and_snake_case_are_told_apart() {
        assert_eq!(
            blocks("Title here\n=====\ntext some_name goes _on_")[0].kind,
            BlockKind::Heading
        );
        assert_eq!(
            texts("text some_name goes _on_"),
            ["text some_name goes on"]
        );
    }
}
