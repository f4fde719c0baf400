//! Reading segments.

use std::ops::Range;

use webim_model::{ConversationId, Millis};

use super::bytes::{take, take_array, take_bytes, take_length};
use super::{Doc, Wanted, WantedKey};

/// The texts of one piece; none if it is damaged.
pub fn docs(mut piece: &[u8]) -> Option<Vec<Doc>> {
    let mut docs = Vec::with_capacity(piece.len() / 32);
    while !piece.is_empty() {
        let conversation = ConversationId(uuid::Uuid::from_bytes(take_array(&mut piece)?));
        let seq = u64::from_le_bytes(take_array(&mut piece)?);
        let time = Millis(i64::from_le_bytes(take_array(&mut piece)?));
        docs.push(Doc {
            time,
            conversation,
            seq,
        });
    }
    Some(docs)
}

/// A segment whose directory was read.
#[derive(Debug)]
pub struct Opened<'a> {
    /// The first term of each page.
    firsts: Vec<&'a [u8]>,
}

impl<'a> Opened<'a> {
    /// Reads a directory; none if it is damaged.
    pub fn new(mut directory: &'a [u8]) -> Option<Self> {
        let mut firsts = Vec::new();
        while !directory.is_empty() {
            firsts.push(take_bytes(&mut directory)?);
        }
        Some(Self { firsts })
    }

    /// How many pages it has.
    pub fn pages(&self) -> usize {
        self.firsts.len()
    }

    /// The pages that must be at hand to answer `wanted`, ascending.
    pub fn needed(&self, wanted: &Wanted) -> Vec<usize> {
        let keys = wanted.0.iter().flatten();
        let mut pages: Vec<usize> = keys.flat_map(|key| self.pages_of(key)).collect();
        pages.sort_unstable();
        pages.dedup();
        pages
    }

    fn pages_of(&self, key: &WantedKey) -> Range<usize> {
        let term = key.term.as_slice();
        let after = self.firsts.partition_point(|first| *first <= term);
        let end = if key.prefix {
            let within = |first: &&[u8]| *first <= term || first.starts_with(term);
            self.firsts.partition_point(within)
        } else {
            after
        };
        after.saturating_sub(1)..end
    }

    /// The places of the texts that have what is wanted, ascending; `page` gives the pages that [`Opened::needed`]
    /// named. None if something is damaged or missing.
    pub fn find<'b>(
        &self,
        wanted: &Wanted,
        page: impl Fn(usize) -> Option<&'b [u8]>,
    ) -> Option<Vec<u32>> {
        let mut found: Option<Vec<u32>> = None;
        for clause in &wanted.0 {
            let mut list = Vec::new();
            for key in clause {
                for number in self.pages_of(key) {
                    collect(page(number)?, key, &mut list)?;
                }
            }
            list.sort_unstable();
            list.dedup();
            let both = match found {
                None => list,
                Some(before) => intersect(&before, &list),
            };
            if both.is_empty() {
                return Some(both);
            }
            found = Some(both);
        }
        Some(found.unwrap_or_default())
    }
}

fn collect(page: &[u8], key: &WantedKey, out: &mut Vec<u32>) -> Option<()> {
    let mut entries = Entries::new(page);
    while entries.next()? {
        let term = entries.term.as_slice();
        if term == key.term || key.prefix && term.starts_with(&key.term) {
            postings(entries.list, |number| out.push(number))?;
        } else if term > key.term.as_slice() {
            break;
        }
    }
    Some(())
}

/// What is in both of two ascending lists.
fn intersect(one: &[u32], other: &[u32]) -> Vec<u32> {
    let (few, many) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    let mut rest = many;
    let mut both = Vec::with_capacity(few.len());
    for number in few {
        let at = rest.partition_point(|other| other < number);
        rest = &rest[at..];
        if rest.first() == Some(number) {
            both.push(*number);
        }
    }
    both
}

/// Hands each place of a list of postings to `each`; none if it is damaged.
pub(super) fn postings(mut list: &[u8], mut each: impl FnMut(u32)) -> Option<()> {
    let mut before = 0_u64;
    while !list.is_empty() {
        before = before.checked_add(take(&mut list)?)?;
        each(u32::try_from(before).ok()?);
    }
    Some(())
}

/// The entries of a page, one after the other.
pub(super) struct Entries<'a> {
    rest: &'a [u8],
    /// The term of the present one.
    pub term: Vec<u8>,
    /// Its postings.
    pub list: &'a [u8],
}

impl<'a> Entries<'a> {
    pub fn new(page: &'a [u8]) -> Self {
        Self {
            rest: page,
            term: Vec::new(),
            list: &[],
        }
    }

    /// Goes to the next entry; false after the last one, none if the page is damaged.
    pub fn next(&mut self) -> Option<bool> {
        if self.rest.is_empty() {
            return Some(false);
        }
        let same = take_length(&mut self.rest)?;
        let suffix = take_bytes(&mut self.rest)?;
        if same > self.term.len() {
            return None;
        }
        self.term.truncate(same);
        self.term.extend_from_slice(suffix);
        self.list = take_bytes(&mut self.rest)?;
        Some(true)
    }
}
