//! What to highlight, and the piece of a text that is shown in a list of results.

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// A range in UTF-16 code units, as JavaScript's `slice` takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first unit.
    pub start: usize,
    /// The one after the last.
    pub end: usize,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// Whole graphemes; line ends and other control characters are blanks.
    pub text: String,
    /// What to highlight in `text`.
    pub spans: Vec<Span>,
    /// Whether something stands before it (where a page writes an ellipsis).
    pub before: bool,
    /// Whether something stands after it.
    pub after: bool,
}

/// `places` in order, widened to whole graphemes, those that touch made one; empty ones left out.
pub(crate) fn merge(
    text: &str,
    places: impl Iterator<Item = (usize, usize)>,
) -> Vec<(usize, usize)> {
    let mut wide: Vec<(usize, usize)> = places
        .filter(|(start, end)| start < end)
        .map(|(start, end)| (floor(text, start), ceil(text, end)))
        .collect();
    wide.sort_unstable();
    let mut merged: Vec<(usize, usize)> = Vec::with_capacity(wide.len());
    for (start, end) in wide {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged.truncate(256);
    merged
}

pub(crate) fn spans(text: &str, places: &[(usize, usize)]) -> Vec<Span> {
    let mut at = 0;
    let mut units = 0;
    let mut count = |to: usize| {
        units += text[at..to].encode_utf16().count();
        at = to;
        units
    };
    places
        .iter()
        .map(|(start, end)| Span {
            start: count(*start),
            end: count(*end),
        })
        .collect()
}

/// `spans` of `text` in whole characters (Unicode scalar values) instead of UTF-16 code units.
pub fn scalars(text: &str, spans: &[Span]) -> Vec<(usize, usize)> {
    let mut ends = Vec::with_capacity(spans.len() * 2);
    let mut wanted = spans.iter().flat_map(|span| [span.start, span.end]);
    let mut next = wanted.next();
    let (mut units, mut count) = (0, 0);
    for c in text.chars().map(Some).chain([None]) {
        while next.is_some_and(|at| at <= units) {
            ends.push(count);
            next = wanted.next();
        }
        units += c.map_or(0, char::len_utf16);
        count += 1;
    }
    ends.chunks_exact(2)
        .map(|pair| (pair[0], pair[1]))
        .collect()
}

pub(crate) fn snippet(
    text: &str,
    places: &[(usize, usize)],
    best: (usize, usize),
    chars: usize,
) -> Snippet {
    let chars = chars.max(1);
    let best = (floor(text, best.0), ceil(text, best.1));
    let inside = text[best.0..best.1].chars().count();
    // A third of what is left goes before: what follows says more.
    let (start, end) = if inside >= chars {
        let first = text[best.0..].graphemes(true).next().map_or(0, str::len);
        (best.0, forward(text, best.0, chars).max(best.0 + first))
    } else {
        let spare = chars - inside;
        let start = back(text, best.0, spare / 3);
        let used = text[start..best.0].chars().count();
        let end = forward(text, best.1, spare.saturating_sub(used));
        let rest = chars.saturating_sub(text[start..end].chars().count());
        (back(text, start, rest), end)
    };
    let piece = &text[start..end];
    let shown: String = piece.chars().map(visible).collect();
    let within = places
        .iter()
        .filter(|(from, to)| *from < end && *to > start)
        .map(|(from, to)| ((*from).max(start) - start, (*to).min(end) - start));
    // Once more to whole graphemes: a blank takes the marks that a line end did not.
    let within = merge(&shown, within);
    Snippet {
        spans: spans(&shown, &within),
        text: shown,
        before: start > 0,
        after: end < text.len(),
    }
}

/// A blank of as many bytes for a control character.
pub(crate) fn visible(c: char) -> char {
    match c {
        '\u{80}'..='\u{9f}' => '\u{a0}',
        c if c.is_control() => ' ',
        c => c,
    }
}

/// The end of the last whole grapheme within `chars` characters after `from`.
fn forward(text: &str, from: usize, chars: usize) -> usize {
    let mut left = chars;
    let mut end = from;
    for grapheme in text[from..].graphemes(true) {
        let size = grapheme.chars().count();
        if size > left {
            break;
        }
        left -= size;
        end += grapheme.len();
    }
    end
}

/// The start of the first whole grapheme within `chars` characters before `from`.
fn back(text: &str, from: usize, chars: usize) -> usize {
    let mut left = chars;
    let mut start = from;
    for grapheme in text[..from].graphemes(true).rev() {
        let size = grapheme.chars().count();
        if size > left {
            break;
        }
        left -= size;
        start -= grapheme.len();
    }
    start
}

/// The boundary of graphemes at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    match cursor.is_boundary(text, 0) {
        Ok(true) => at,
        _ => cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0),
    }
}

/// The boundary of graphemes at or after `at`.
fn ceil(text: &str, at: usize) -> usize {
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    match cursor.is_boundary(text, 0) {
        Ok(true) => at,
        _ => cursor
            .next_boundary(text, 0)
            .ok()
            .flatten()
            .unwrap_or(text.len()),
    }
}
