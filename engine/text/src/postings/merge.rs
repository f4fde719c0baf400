//! Making one segment of several, and one without a text that is to be forgotten.

use std::cmp::Ordering;

use super::Doc;
use super::read::{Entries, docs, postings};
use super::write::{Segment, Writer};

/// Where a text of one segment goes; this means nowhere.
const GONE: u32 = u32::MAX;

/// One segment of all texts in `segments` for which `keep` says so; none if one of them is damaged. A text that is in
/// several of them stays in the last of these alone.
pub fn merge(segments: &[Segment], keep: impl Fn(&Doc) -> bool) -> Option<Segment> {
    let mut all: Vec<(Doc, usize, usize)> = Vec::new();
    let mut places: Vec<Vec<u32>> = Vec::with_capacity(segments.len());
    for (number, segment) in segments.iter().enumerate() {
        let mut count = 0;
        for piece in &segment.docs {
            for doc in docs(piece)? {
                all.push((doc, number, count));
                count += 1;
            }
        }
        places.push(vec![GONE; count]);
    }
    all.sort_unstable();
    let mut kept: Vec<Doc> = Vec::with_capacity(all.len());
    for (at, (doc, number, place)) in all.iter().enumerate() {
        if keep(doc) && all.get(at + 1).is_none_or(|next| next.0 != *doc) {
            places[*number][*place] = u32::try_from(kept.len()).ok()?;
            kept.push(*doc);
        }
    }
    let mut writer = Writer::default();
    let mut cursors: Vec<Cursor<'_>> = Vec::with_capacity(segments.len());
    for (segment, places) in segments.iter().zip(&places) {
        let mut cursor = Cursor::new(&segment.pages, places);
        if cursor.next()? {
            cursors.push(cursor);
        }
    }
    let mut list: Vec<u32> = Vec::new();
    let mut term: Vec<u8> = Vec::new();
    while let Some(least) = cursors.iter().map(Cursor::term).min() {
        term.clear();
        term.extend_from_slice(least);
        list.clear();
        let mut at = 0;
        while at < cursors.len() {
            let cursor = &mut cursors[at];
            if cursor.term().cmp(&term) != Ordering::Equal {
                at += 1;
                continue;
            }
            cursor.take(&mut list)?;
            if cursor.next()? {
                at += 1;
            } else {
                cursors.swap_remove(at);
            }
        }
        if !list.is_empty() {
            list.sort_unstable();
            writer.push(&term, &list);
        }
    }
    Some(writer.finish(&kept))
}

/// How far a segment was read.
struct Cursor<'a> {
    entries: Entries<'a>,
    pages: &'a [Vec<u8>],
    places: &'a [u32],
}

impl<'a> Cursor<'a> {
    /// Before the first term.
    fn new(pages: &'a [Vec<u8>], places: &'a [u32]) -> Self {
        Self {
            entries: Entries::new(&[]),
            pages,
            places,
        }
    }

    fn term(&self) -> &[u8] {
        &self.entries.term
    }

    fn next(&mut self) -> Option<bool> {
        while !self.entries.next()? {
            let Some((page, rest)) = self.pages.split_first() else {
                return Some(false);
            };
            self.entries = Entries::new(page);
            self.pages = rest;
        }
        Some(true)
    }

    /// Where the texts of the present term are now.
    fn take(&self, list: &mut Vec<u32>) -> Option<()> {
        let mut sound = true;
        postings(self.entries.list, |old| {
            match self.places.get(old as usize) {
                Some(&GONE) => {}
                Some(new) => list.push(*new),
                None => sound = false,
            }
        })?;
        sound.then_some(())
    }
}
