//! One form for what people write in many: case, width, compatibility forms, accents, invisible characters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// A text in its folded form, and where each piece of it came from.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    /// The folded text.
    pub text: String,
    /// For each folded piece, where it begins in `text` and where in the original, both in bytes and ascending.
    marks: Vec<(usize, usize)>,
    /// Length of the original in bytes.
    len: usize,
}

impl Folded {
    /// `original`, with the way back kept.
    pub fn new(original: &str) -> Self {
        let mut marks = Vec::with_capacity(original.len());
        let text = fold_with(original, |folded, at| marks.push((folded, at)));
        Self {
            text,
            marks,
            len: original.len(),
        }
    }

    /// The bytes of the original that the folded bytes `start..end` came from. A piece that folds to several
    /// characters is taken whole.
    pub fn origin(&self, start: usize, end: usize) -> (usize, usize) {
        let first = self.marks.partition_point(|mark| mark.0 <= start);
        let from = self.marks[..first].last().map_or(0, |mark| mark.1);
        let after = self.marks.partition_point(|mark| mark.0 < end);
        let to = self.marks.get(after).map_or(self.len, |mark| mark.1);
        (from, to.max(from))
    }
}

/// The folded form of `text`: NFKC, lower case, half width, accents of Latin letters gone, white space and control
/// characters as single blanks, invisible characters left out. Traditional and simplified characters stay apart.
///
/// At most 18 times as long as `text` (some single characters stand for a phrase).
pub fn fold(text: &str) -> String {
    fold_with(text, |_, _| {})
}

/// Folds, and tells `mark` before each piece how long the folded text is and where in `text` the piece begins.
fn fold_with(text: &str, mut mark: impl FnMut(usize, usize)) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if is_invisible(c) {
            continue;
        }
        mark(out.len(), at);
        let alone = chars.peek().is_none_or(|(_, next)| !extends(*next));
        if c.is_whitespace() || c.is_control() {
            blank(&mut out);
        } else if alone && c.is_ascii() {
            out.push(c.to_ascii_lowercase());
        } else if alone && is_plain_han(c) {
            out.push(c);
        } else {
            let start = at;
            let mut end = at + c.len_utf8();
            // Nobody writes thirty marks over one letter except to make work.
            let mut marks = 0;
            while let Some((at, next)) = chars.next_if(|(_, next)| extends(*next)) {
                marks += 1;
                if marks <= 30 {
                    end = at + next.len_utf8();
                }
            }
            fold_piece(&text[start..end], &mut out);
        }
    }
    out
}

/// A letter and what is written onto it.
fn fold_piece(piece: &str, out: &mut String) {
    // Accents stay over the letters of other alphabets only, where they make another letter.
    let mut latin = true;
    let folded = piece.nfkd().flat_map(char::to_lowercase).filter(move |c| {
        if is_accent(*c) {
            !latin
        } else {
            latin = c.is_ascii_alphabetic() || c.is_whitespace();
            true
        }
    });
    // Lower case can undo the composition ('İ'), so it is composed last.
    for c in folded.nfc() {
        if c.is_whitespace() || c.is_control() {
            blank(out);
        } else if !is_invisible(c) {
            out.push(c);
        }
    }
}

fn blank(out: &mut String) {
    if !out.ends_with(' ') {
        out.push(' ');
    }
}

/// Whether `next` belongs to the character before it.
fn extends(next: char) -> bool {
    if next.is_ascii() || is_plain_han(next) {
        return false;
    }
    matches!(next, '\u{1160}'..='\u{11ff}' | '\u{ff9e}' | '\u{ff9f}')
        || canonical_combining_class(next) != 0
}

fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Han characters that are their own folded form.
fn is_plain_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

/// Characters that show nothing: joiners, direction marks, variation selectors.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{e0000}'..='\u{e0fff}'
    )
}
