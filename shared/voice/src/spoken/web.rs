//! Addresses, hashtags and handles.

use super::expand::read_part;
use super::initials;
use super::out::Out;
use super::token::{Around, all_digits};

/// Endings of host names by how they are said; an empty one is said as a word.
const ENDINGS: &[(&str, &str)] = &[
    ("com", ""),
    ("org", ""),
    ("net", ""),
    ("gov", ""),
    ("info", ""),
    ("app", ""),
    ("dev", ""),
    ("shop", ""),
    ("blog", ""),
    ("cloud", ""),
    ("edu", "EDU"),
    ("io", "IO"),
    ("ai", "AI"),
    ("co", ""),
    ("uk", "UK"),
    ("us", "US"),
    ("eu", "EU"),
    ("de", "DE"),
    ("fr", "FR"),
    ("ca", "CA"),
    ("tv", "TV"),
    ("me", ""),
    ("rs", "RS"),
    ("xyz", "XYZ"),
];

/// `https://example.com/docs`, `example.io`, `me@example.com`.
pub(super) fn address(around: &Around, out: &mut Out) -> bool {
    let core = around.core;
    let bare = ["https://", "http://", "ftp://"]
        .iter()
        .find_map(|scheme| strip_prefix(core, scheme));
    let text = bare.unwrap_or(core);
    let text = strip_prefix(text, "www.").unwrap_or(text);
    let text = text
        .split(['?', '#'])
        .next()
        .unwrap_or(text)
        .trim_end_matches('/');
    let host = text.split(['/', ':']).next().unwrap_or(text);
    let (user, domain) = match host.rsplit_once('@') {
        Some((user, domain)) => (Some(user), domain),
        None => (None, host),
    };
    let ending = domain
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    let known = ending
        .as_deref()
        .is_some_and(|e| ENDINGS.iter().any(|(known, _)| *known == e));
    let written_small = domain
        .rsplit_once('.')
        .is_some_and(|(_, ending)| ending.bytes().all(|b| b.is_ascii_lowercase()));
    let certain = bare.is_some() || text.len() < core.len() && strip_prefix(core, "www.").is_some();
    if user == Some("") || text.is_empty() || !(certain || known && written_small) {
        return false;
    }
    let mut part = String::new();
    let mut after_dot = false;
    for sign in text.chars().chain([' ']) {
        if sign.is_ascii_alphanumeric() || sign == '\'' {
            part.push(sign);
            continue;
        }
        say_part(around, &part, after_dot, out);
        part.clear();
        after_dot = sign == '.';
        out.words(match sign {
            '.' => "dot",
            '@' => "at",
            '/' => "slash",
            '-' => "dash",
            '_' => "underscore",
            ':' => "colon",
            '+' => "plus",
            _ => "",
        });
    }
    true
}

fn say_part(around: &Around, part: &str, after_dot: bool, out: &mut Out) {
    let ending = ENDINGS
        .iter()
        .find(|(ending, _)| after_dot && *ending == part.to_ascii_lowercase());
    match ending {
        Some((ending, "")) => out.words(ending),
        Some((_, letters)) => out.letters(letters),
        None => read_part(around, part, out),
    }
}

/// `#ShortVideo`, `#1`, `@reelwright`.
pub(super) fn tag(around: &Around, out: &mut Out) -> bool {
    let Some(name) = around.core.strip_prefix(['#', '@']) else {
        return false;
    };
    if name.is_empty() {
        return false;
    }
    out.words(match (around.core.starts_with('@'), all_digits(name)) {
        (true, _) => "at",
        (false, true) => "number",
        (false, false) => "hashtag",
    });
    for part in name.split('_') {
        if part.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            initials::word(around, part, out);
        } else {
            read_part(around, part, out);
        }
    }
    true
}

fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix)
        .then(|| &text[prefix.len()..])
}
