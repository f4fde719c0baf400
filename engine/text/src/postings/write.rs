//! Writing segments.

use std::collections::BTreeMap;

use super::bytes::{put, put_bytes};
use super::{Doc, Field};

/// Texts in one piece of a segment's list of texts.
pub const DOCS: usize = 512;

/// Bytes of postings after which a page ends; one long list of postings may go beyond.
const PAGE: usize = 8 * 1024;

/// A segment as bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    /// How many texts it holds.
    pub count: usize,
    /// Time of the newest of them.
    pub newest: i64,
    /// Where each page begins.
    pub directory: Vec<u8>,
    /// Postings, in the order of terms.
    pub pages: Vec<Vec<u8>>,
    /// The texts, oldest first, [`DOCS`] in each piece.
    pub docs: Vec<Vec<u8>>,
}

/// Collects texts for a segment.
#[derive(Debug, Default)]
pub struct Builder {
    docs: Vec<Doc>,
    terms: BTreeMap<Vec<u8>, Vec<u32>>,
}

impl Builder {
    /// Adds a text under `doc`, whose fields say this. One without a word is left out. Each `doc` is added once.
    pub fn add(&mut self, doc: Doc, fields: &[(Field, &str)]) {
        let Ok(number) = u32::try_from(self.docs.len()) else {
            return;
        };
        let mut any = false;
        for (field, text) in fields {
            for term in field.terms(text) {
                any = true;
                let list = self.terms.entry(term).or_default();
                if list.last() != Some(&number) {
                    list.push(number);
                }
            }
        }
        if any {
            self.docs.push(doc);
        }
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.docs.is_empty()
    }

    /// The segment.
    pub fn build(self) -> Segment {
        let mut order: Vec<u32> = (0..).zip(&self.docs).map(|(number, _)| number).collect();
        order.sort_unstable_by_key(|number| self.docs[*number as usize]);
        let mut place = vec![0_u32; order.len()];
        for (new, old) in (0..).zip(&order) {
            place[*old as usize] = new;
        }
        let mut writer = Writer::default();
        for (term, mut list) in self.terms {
            for number in &mut list {
                *number = place[*number as usize];
            }
            list.sort_unstable();
            writer.push(&term, &list);
        }
        let docs: Vec<Doc> = order.iter().map(|old| self.docs[*old as usize]).collect();
        writer.finish(&docs)
    }
}

/// Puts terms into pages; they must come in order.
#[derive(Default)]
pub(super) struct Writer {
    segment: Segment,
    page: Vec<u8>,
    last: Vec<u8>,
    postings: Vec<u8>,
}

impl Writer {
    /// One term and the texts that have it, ascending.
    pub fn push(&mut self, term: &[u8], list: &[u32]) {
        if self.page.len() >= PAGE {
            self.end_page();
        }
        if self.page.is_empty() {
            put_bytes(&mut self.segment.directory, term);
            self.last.clear();
        }
        let same = self.last.iter().zip(term).take_while(|(a, b)| a == b);
        let same = same.count();
        put(&mut self.page, same as u64);
        put_bytes(&mut self.page, &term[same..]);
        self.postings.clear();
        let mut before = 0;
        for number in list {
            put(&mut self.postings, u64::from(number - before));
            before = *number;
        }
        put_bytes(&mut self.page, &self.postings);
        self.last.clear();
        self.last.extend_from_slice(term);
    }

    fn end_page(&mut self) {
        if !self.page.is_empty() {
            self.segment.pages.push(std::mem::take(&mut self.page));
        }
    }

    /// The segment over `docs`, oldest first.
    pub fn finish(mut self, docs: &[Doc]) -> Segment {
        self.end_page();
        self.segment.count = docs.len();
        self.segment.newest = docs.last().map_or(0, |doc| doc.time.0);
        for piece in docs.chunks(DOCS) {
            let mut bytes = Vec::with_capacity(piece.len() * 32);
            for doc in piece {
                bytes.extend_from_slice(doc.conversation.0.as_bytes());
                bytes.extend_from_slice(&doc.seq.to_le_bytes());
                bytes.extend_from_slice(&doc.time.0.to_le_bytes());
            }
            self.segment.docs.push(bytes);
        }
        self.segment
    }
}
