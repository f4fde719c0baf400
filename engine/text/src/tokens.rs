//! Where the words of a folded text are.
//!
//! Chinese is cut by jieba's dictionary without its guesses at unknown words: those depend on the neighbours, and the
//! same characters must give the same words in a message and in a query. What no dictionary knows (names above all)
//! is found by pairs of characters instead.

use std::sync::LazyLock;

use jieba_rs::Jieba;
use unicode_normalization::char::canonical_combining_class;

/// Longest term, in bytes of UTF-8; longer words are cut here, in messages and queries alike.
pub const TERM_BYTES: usize = 64;

static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// Loads the dictionary now instead of with the first Chinese text: about 0.2 seconds of CPU and 35 MB, once a
/// process.
pub fn warm() {
    LazyLock::force(&JIEBA);
}

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word of an alphabet, a number, or both mixed.
    Word,
    /// Groups of digits joined by `-` or `,`, without those.
    Joined,
    /// A Chinese word of the dictionary, two characters or more, on the best path.
    Path,
    /// Another such word within the same characters.
    Inner,
    /// A Chinese character that is a word of its own on the best path, or a single one of another script.
    Single,
    /// Two Chinese neighbours of which one at least stands alone, or within a longer word.
    Pair,
    /// Two neighbours of a script without spaces.
    Gram,
}

/// One token: bytes `start..end` of the folded text and, where it is not the same, the term it stands for.
pub(crate) struct Token<'a> {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
    pub text: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    /// Alphabets that put spaces between words.
    Spaced,
    Digit,
    Han,
    /// Kana, Thai, Lao, Burmese, Khmer: no spaces and no dictionary of ours.
    Unspaced,
    /// Continues whatever it follows.
    Mark,
    None,
}

fn script(c: char) -> Script {
    match c {
        '0'..='9' => Script::Digit,
        'a'..='z' => Script::Spaced,
        '\0'..='\u{7f}' => Script::None,
        '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{3005}'
        | '\u{3007}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' => Script::Han,
        '\u{e00}'..='\u{eff}'
        | '\u{1000}'..='\u{109f}'
        | '\u{1780}'..='\u{17ff}'
        | '\u{3041}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}'
            if c != '\u{30fb}' =>
        {
            Script::Unspaced
        }
        _ if c.is_numeric() && c.is_alphanumeric() => Script::Digit,
        _ if c.is_alphanumeric() => Script::Spaced,
        _ if canonical_combining_class(c) != 0 => Script::Mark,
        _ => Script::None,
    }
}

/// Whether `c` is a Chinese character.
pub(crate) fn is_han(c: char) -> bool {
    script(c) == Script::Han
}

/// Hands every token of `folded` to `each`, from left to right (those of one Chinese run by kind).
pub(crate) fn tokens(folded: &str, each: &mut dyn FnMut(Token<'_>)) {
    let mut number = Number::default();
    for (start, end, kind) in runs(folded) {
        let run = &folded[start..end];
        match kind {
            Script::Han => han(run, start, each),
            Script::Unspaced => pairs(run, start, each),
            _ => spaced(&mut number, (folded, start, end), each),
        }
    }
    number.end(each);
}

/// The same for words and numbers only, without cutting Chinese.
pub(crate) fn words(folded: &str, each: &mut dyn FnMut(Token<'_>)) {
    let mut number = Number::default();
    for (start, end, kind) in runs(folded) {
        if kind == Script::Spaced {
            spaced(&mut number, (folded, start, end), each);
        }
    }
    number.end(each);
}

fn spaced(
    number: &mut Number,
    (folded, start, end): (&str, usize, usize),
    each: &mut dyn FnMut(Token<'_>),
) {
    number.take(folded, start, end, each);
    word(&folded[start..end], start, each);
}

/// Stretches of one script; letters and digits of alphabets are one stretch.
fn runs(folded: &str) -> impl Iterator<Item = (usize, usize, Script)> {
    let mut chars = folded.char_indices().peekable();
    std::iter::from_fn(move || {
        loop {
            let (start, first) = chars.next()?;
            let kind = match script(first) {
                Script::None | Script::Mark => continue,
                Script::Digit => Script::Spaced,
                other => other,
            };
            let mut end = start + first.len_utf8();
            while let Some((at, c)) = chars.next_if(|(_, c)| match script(*c) {
                Script::Mark => true,
                Script::Digit => kind == Script::Spaced,
                other => other == kind,
            }) {
                end = at + c.len_utf8();
            }
            return Some((start, end, kind));
        }
    })
}

/// A stretch of letters and digits: one token, or two when letters of two or more meet two or more digits once
/// (`covid19`), so that it is found with and without a space between.
fn word(run: &str, start: usize, each: &mut dyn FnMut(Token<'_>)) {
    let cut = seam(run).unwrap_or(0);
    let mut emit = |from: usize, to: usize| {
        each(Token {
            kind: Kind::Word,
            start: start + from,
            end: start + to,
            text: clip(&run[from..to]),
        });
    };
    if cut > 0 {
        emit(0, cut);
    }
    emit(cut, run.len());
}

/// Where `run` passes from letters to digits or back, if it does so once and both sides have two or more.
fn seam(run: &str) -> Option<usize> {
    let bytes = run.as_bytes();
    if bytes.len() < 4 || !bytes.is_ascii() {
        return None;
    }
    let digit = bytes[0].is_ascii_digit();
    let cut = bytes.iter().position(|b| b.is_ascii_digit() != digit)?;
    let rest = &bytes[cut..];
    (cut >= 2 && rest.len() >= 2 && rest.iter().all(|b| b.is_ascii_digit() != digit)).then_some(cut)
}

/// At most [`TERM_BYTES`] of `text`, whole characters.
pub(crate) fn clip(text: &str) -> &str {
    &text[..text.floor_char_boundary(TERM_BYTES)]
}

/// Groups of digits as they go by: `138-0013-8000` is to be found by `13800138000`, `1,234,567` by `1234567`.
#[derive(Default)]
struct Number {
    digits: String,
    start: usize,
    end: usize,
    groups: usize,
}

impl Number {
    const DIGITS: usize = 32;

    fn take(&mut self, folded: &str, start: usize, end: usize, each: &mut dyn FnMut(Token<'_>)) {
        let run = &folded[start..end];
        let digits = run.bytes().all(|b| b.is_ascii_digit());
        let joins = self.groups > 0 && matches!(&folded[self.end..start], "-" | ",");
        if !joins || !digits {
            self.end(each);
        }
        if digits && self.digits.len() + run.len() <= Self::DIGITS {
            if self.groups == 0 {
                self.start = start;
            }
            self.digits.push_str(run);
            self.end = end;
            self.groups += 1;
        } else {
            self.end(each);
        }
    }

    fn end(&mut self, each: &mut dyn FnMut(Token<'_>)) {
        if self.groups > 1 {
            each(Token {
                kind: Kind::Joined,
                start: self.start,
                end: self.end,
                text: &self.digits,
            });
        }
        self.digits.clear();
        self.groups = 0;
    }
}

/// A stretch of Chinese.
fn han(run: &str, base: usize, each: &mut dyn FnMut(Token<'_>)) {
    let mut emit = |kind, start: usize, end: usize| {
        each(Token {
            kind,
            start: base + start,
            end: base + end,
            text: clip(&run[start..end]),
        });
    };
    let mut previous: Option<(usize, usize, bool)> = None;
    for token in JIEBA.cut(run, false) {
        let (start, end) = (token.byte_start, token.byte_end);
        let alone = token.end - token.start == 1;
        emit(if alone { Kind::Single } else { Kind::Path }, start, end);
        if let Some((last, until, was_alone)) = previous
            && (alone || was_alone)
            && until == start
        {
            let first = run[start..].chars().next().map_or(0, char::len_utf8);
            emit(Kind::Pair, last, start + first);
        }
        if token.end - token.start > 2 {
            // The dictionary has many full names, and people look for the second half.
            neighbours(&run[start..end], |from, to| {
                emit(Kind::Pair, start + from, start + to);
            });
        }
        let last = run[..end]
            .char_indices()
            .next_back()
            .map_or(start, |(at, _)| at);
        previous = Some((last, end, alone));
    }
    for token in JIEBA.cut_all(run) {
        if token.end - token.start > 1 {
            emit(Kind::Inner, token.byte_start, token.byte_end);
        }
    }
}

/// Each two characters that stand together.
fn neighbours(word: &str, mut each: impl FnMut(usize, usize)) {
    let mut before = None;
    for (at, c) in word.char_indices() {
        if let Some(from) = before {
            each(from, at + c.len_utf8());
        }
        before = Some(at);
    }
}

/// A stretch of a script without spaces.
fn pairs(run: &str, base: usize, each: &mut dyn FnMut(Token<'_>)) {
    let mut previous = None;
    let mut chars = run.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let end = start + c.len_utf8();
        if let Some(from) = previous {
            each(Token {
                kind: Kind::Gram,
                start: base + from,
                end: base + end,
                text: &run[from..end],
            });
        } else if chars.peek().is_none() {
            each(Token {
                kind: Kind::Single,
                start: base + start,
                end: base + end,
                text: &run[start..end],
            });
        }
        previous = Some(start);
    }
}

/// Words that are in every second text and find nothing: indexed only where a text has no others.
pub(crate) fn is_filler(term: &str) -> bool {
    matches!(
        term,
        "的" | "了"
            | "吗"
            | "呢"
            | "吧"
            | "啊"
            | "a"
            | "an"
            | "the"
            | "of"
            | "to"
            | "in"
            | "is"
            | "it"
            | "and"
            | "s"
            | "t"
    )
}
