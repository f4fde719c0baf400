//! The `Range` of a request, as RFC 9110 has it: one range of bytes.

use std::ops::Range;

/// What a request asks of a file of a known size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Everything: 200.
    Whole,
    /// These bytes, at least one and never beyond the end: 206.
    Part(Range<u64>),
    /// Nothing that is there: 416, with `Content-Range: bytes */{size}`.
    Unsatisfiable,
}

impl Wanted {
    /// The HTTP status to answer with.
    pub fn status(&self) -> u16 {
        match self {
            Self::Whole => 200,
            Self::Part(_) => 206,
            Self::Unsatisfiable => 416,
        }
    }

    /// The bytes to send of a file of `size` bytes.
    pub fn bytes(&self, size: u64) -> Range<u64> {
        match self {
            Self::Whole => 0..size,
            Self::Part(range) => range.clone(),
            Self::Unsatisfiable => 0..0,
        }
    }

    /// The `Content-Range` to answer with, if one belongs there.
    pub fn content_range(&self, size: u64) -> Option<String> {
        match self {
            Self::Whole => None,
            Self::Part(range) => Some(format!("bytes {}-{}/{size}", range.start, range.end - 1)),
            Self::Unsatisfiable => Some(format!("bytes */{size}")),
        }
    }
}

/// One range as it is written, before the size is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeHeader {
    /// `bytes=5-`, `bytes=5-9`: first and last byte, both included.
    From(u64, Option<u64>),
    /// `bytes=-5`: so many at the end.
    Last(u64),
}

impl RangeHeader {
    /// The one range that `value` states; `None` for what is to be ignored: another unit, several ranges, no range
    /// at all. Numbers beyond 64 bits count as the greatest.
    pub fn parse(value: &str) -> Option<Self> {
        let (unit, set) = value.trim().split_once('=')?;
        if !unit.eq_ignore_ascii_case("bytes") {
            return None;
        }
        let (first, last) = set.trim_matches([' ', '\t']).split_once('-')?;
        if !first
            .bytes()
            .chain(last.bytes())
            .all(|b| b.is_ascii_digit())
        {
            return None;
        }
        match (number(first), number(last)) {
            (Some(first), Some(last)) if last < first => None,
            (Some(first), last) => Some(Self::From(first, last)),
            (None, Some(last)) => Some(Self::Last(last)),
            (None, None) => None,
        }
    }

    /// What it asks of a file of `size` bytes.
    pub fn of(self, size: u64) -> Wanted {
        match self {
            Self::From(first, _) if first >= size => Wanted::Unsatisfiable,
            Self::From(first, last) => {
                Wanted::Part(first..last.map_or(size, |last| last.saturating_add(1).min(size)))
            }
            Self::Last(count) if count == 0 || size == 0 => Wanted::Unsatisfiable,
            Self::Last(count) => Wanted::Part(size.saturating_sub(count)..size),
        }
    }
}

fn number(digits: &str) -> Option<u64> {
    (!digits.is_empty()).then(|| digits.parse().unwrap_or(u64::MAX))
}

/// What the header `value`, if there is one, asks of a file of `size` bytes.
pub fn range(value: Option<&str>, size: u64) -> Wanted {
    value
        .and_then(RangeHeader::parse)
        .map_or(Wanted::Whole, |range| range.of(size))
}
