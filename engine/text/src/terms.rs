//! What is put into the index for a text.

use std::borrow::Cow;
use std::collections::HashSet;

use rust_stemmers::{Algorithm, Stemmer};

use crate::fold::fold;
use crate::tokens::{Kind, is_filler, tokens};

/// Most terms of one text; what stands after them is not found by them. 5,000 characters of prose have about 1,200
/// different ones in Chinese and 500 in English.
pub const TERMS: usize = 2_048;

/// Changes whenever the same text may give other terms than before (another dictionary, another rule): an index
/// written under another number must be written again.
pub const VERSION: u32 = 1;

/// The index terms of one text: each one once, in the order in which they first stand there, at most [`TERMS`] of at
/// most [`crate::TERM_BYTES`] bytes. They hold letters, digits and marks only, never a blank, quote or operator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    text: String,
    spans: Vec<(usize, usize)>,
}

impl Terms {
    /// Each of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.spans
            .iter()
            .map(|(start, end)| &self.text[*start..*end])
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there is nothing to find the text by: it is empty, or signs and pictures only.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    fn push(&mut self, term: &str) {
        let start = self.text.len();
        self.text.push_str(term);
        self.spans.push((start, self.text.len()));
    }

    /// Leaves the first of each.
    fn settle(&mut self) {
        let text = &self.text;
        let mut seen = HashSet::with_capacity(self.spans.len());
        self.spans
            .retain(|(start, end)| seen.insert(&text[*start..*end]));
        self.spans.truncate(TERMS);
    }
}

/// The words of `text` as the index keeps them.
///
/// - Chinese: every word of the dictionary that stands in it, single characters that are words, pairs around those
///   and pairs within words of three characters or more, so that names are found.
/// - English: stems. Other alphabets: words. Scripts without spaces: pairs.
/// - Numbers, ids, addresses: their parts (`zhang.wei@example.com` is `zhang`, `wei`, `example`, `com`); digits in
///   groups also joined.
/// - Words without meaning (`的`, `the`) only where there are no others. Signs and emoji never.
///
/// Pure CPU; about 5 microseconds for 128 bytes, but the first Chinese text of a process loads the dictionary (see
/// [`crate::warm`]).
pub fn terms(text: &str) -> Terms {
    let folded = fold(text);
    let stemmer = stemmer();
    let mut found = Terms::default();
    let mut fillers = Terms::default();
    // Repeats count here, so that a text of one word a million times is not kept a million times.
    let most = TERMS * 4;
    tokens(&folded, &mut |token| {
        if found.spans.len() >= most {
            return;
        }
        if is_filler(token.text) {
            if fillers.spans.len() < TERMS {
                fillers.push(token.text);
            }
        } else if token.kind == Kind::Word {
            found.push(&stem(&stemmer, token.text));
        } else if token.kind != Kind::Pair || !has_filler(token.text) {
            found.push(token.text);
        }
    });
    let mut terms = if found.spans.is_empty() {
        fillers
    } else {
        found
    };
    terms.settle();
    terms
}

pub(crate) fn stemmer() -> Stemmer {
    Stemmer::create(Algorithm::English)
}

/// The stem of an English word; anything else as it is.
pub(crate) fn stem<'a>(stemmer: &Stemmer, word: &'a str) -> Cow<'a, str> {
    if (3..=32).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase()) {
        stemmer.stem(word)
    } else {
        Cow::Borrowed(word)
    }
}

/// Whether one of the characters says nothing.
pub(crate) fn has_filler(pair: &str) -> bool {
    pair.char_indices()
        .any(|(at, c)| is_filler(&pair[at..at + c.len_utf8()]))
}
