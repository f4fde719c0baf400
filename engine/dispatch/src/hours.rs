//! When a channel is open: weekly spans and holidays in a time zone, daylight saving included.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

/// Opening hours. Times are local to `zone`; a time that daylight saving skips counts as the moment after the gap, one
/// that comes twice as the first for an opening and the second for a closing.
#[derive(Clone, Debug, PartialEq)]
pub struct Hours {
    /// The IANA time zone.
    pub zone: Tz,
    /// Monday first. Spans of a day may overlap and be unordered.
    pub week: [Vec<Span>; 7],
    /// Days that differ; an empty list is closed all day. What a span of the day before brings past midnight stays.
    pub holidays: BTreeMap<NaiveDate, Vec<Span>>,
}

/// From one minute of the day (inclusive) to another (exclusive). `to` ≤ `from` ends on the next day, so `0..0` is a
/// whole day; `to` may be 1440.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Minute of the day, 0 to 1439.
    pub from: u16,
    /// Minute of the day, 0 to 1440.
    pub to: u16,
}
