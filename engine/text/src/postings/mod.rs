//! The index itself: which of a set of texts have which terms, as bytes that any database can keep.
//!
//! A [`Segment`] holds the postings of some texts, written once and never changed; what comes later is another segment,
//! and now and then several are [`merge()`]d. All that decides what is found happens here, so every database finds the
//! same: for them a segment is a few rows of bytes.

mod bytes;
mod merge;
mod read;
mod write;

use std::collections::BTreeSet;

use webim_model::{ConversationId, Millis};

use crate::fold::fold;
use crate::query::Query;
use crate::terms::terms;
use crate::tokens::is_han;

pub use merge::merge;
pub use read::{Opened, docs};
pub use write::{Builder, DOCS, Segment};

/// One text of the index. Older ones are smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Doc {
    /// When it was said.
    pub time: Millis,
    /// Where.
    pub conversation: ConversationId,
    /// Its number there.
    pub seq: u64,
}

/// What of a message is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// What it says.
    Text,
    /// The names of the files it shows.
    Names,
}

impl Field {
    /// The first byte of its terms.
    fn mark(self) -> u8 {
        match self {
            Self::Text => b't',
            Self::Names => b'n',
        }
    }

    /// What `text` is found by: its [`terms()`], and each Chinese character of it.
    pub(crate) fn terms(self, text: &str) -> Vec<Vec<u8>> {
        let words = terms(text);
        let folded = fold(text);
        let characters: BTreeSet<char> = folded.chars().filter(|c| is_han(*c)).collect();
        let mut marked: Vec<Vec<u8>> = words.iter().map(|term| self.marked(term)).collect();
        marked.extend(
            characters
                .into_iter()
                .take(crate::TERMS)
                .map(|c| self.marked(c.encode_utf8(&mut [0; 4]))),
        );
        marked.sort_unstable();
        marked.dedup();
        marked
    }

    fn marked(self, term: &str) -> Vec<u8> {
        let mut marked = Vec::with_capacity(term.len() + 1);
        marked.push(self.mark());
        marked.extend_from_slice(term.as_bytes());
        marked
    }
}

/// A term, or the beginning of terms.
#[derive(Debug, PartialEq, Eq)]
struct WantedKey {
    term: Vec<u8>,
    prefix: bool,
}

/// What a [`Query`] asks of a segment: of each clause one of its keys.
#[derive(Debug)]
pub struct Wanted(Vec<Vec<WantedKey>>);

impl Wanted {
    /// What `query` asks of `field`.
    pub fn new(query: &Query, field: Field) -> Self {
        let clauses = query.clauses().iter().map(|clause| {
            let keys = clause.any.iter().map(|key| WantedKey {
                term: field.marked(&key.term),
                // Each Chinese character has an entry of its own, wherever in a word it stands.
                prefix: key.prefix && !key.term.chars().all(is_han),
            });
            keys.collect()
        });
        Self(clauses.collect())
    }
}
