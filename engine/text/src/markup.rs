//! What a reader sees of a text in LayIM's micro-markup: the words, without faces, addresses and tags.

use std::borrow::Cow;

/// The elements that may be written in brackets.
const TAGS: [&str; 21] = [
    "code", "pre", "div", "span", "p", "table", "thead", "th", "tbody", "tr", "td", "ul", "li",
    "ol", "dl", "dt", "dd", "h2", "h3", "h4", "h5",
];

/// Longest stretch that is taken for an address or for attributes.
const LONGEST: usize = 2_048;

/// `text` as words: a file's name and a link's text stay, pictures, sounds, faces and tags become blanks.
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('[') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((shown, after)) = piece(rest) {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
            if !shown.is_empty() {
                out.push_str(shown);
                out.push(' ');
            }
            rest = after;
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    Cow::Owned(out)
}

/// The markup that `text` begins with: what is shown of it, and what comes after.
fn piece(text: &str) -> Option<(&str, &str)> {
    match text.as_bytes().first()? {
        b'[' => tag(&text[1..]).map(|after| ("", after)),
        b'f' | b'i' | b'a' | b'v' => named(text),
        _ => None,
    }
}

fn named(text: &str) -> Option<(&str, &str)> {
    for name in ["face[", "img[", "audio[", "video["] {
        if let Some(rest) = text.strip_prefix(name) {
            let (inside, after) = until(rest, ']', |c| !c.is_whitespace() && c != '[')?;
            let short = name != "face[" || inside.chars().count() <= 8;
            return (short && !inside.is_empty()).then_some(("", after));
        }
    }
    for name in ["file(", "a("] {
        if let Some(rest) = text.strip_prefix(name) {
            let (address, rest) = until(rest, ')', |c| !c.is_whitespace() && c != '(')?;
            let (shown, after) = until(rest.strip_prefix('[')?, ']', |c| c != '\n')?;
            let shown = if shown.is_empty() && name == "a(" {
                address
            } else {
                shown
            };
            return (!address.is_empty()).then_some((shown, after));
        }
    }
    None
}

/// What comes after the tag whose bracket has been read.
fn tag(rest: &str) -> Option<&str> {
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric())?;
    let (name, rest) = rest.split_at(end);
    if !TAGS.contains(&name) {
        return None;
    }
    let (inside, after) = until(rest, ']', |c| c != '[')?;
    (inside.is_empty() || inside.starts_with(char::is_whitespace)).then_some(after)
}

/// What stands before `end` and what after, if all before is `allowed`.
fn until(text: &str, end: char, allowed: impl Fn(char) -> bool) -> Option<(&str, &str)> {
    for (at, c) in text.char_indices() {
        if c == end {
            return Some((&text[..at], &text[at + c.len_utf8()..]));
        }
        if !allowed(c) || at > LONGEST {
            return None;
        }
    }
    None
}
