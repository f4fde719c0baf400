//! When a channel is open: weekly spans and holidays in a time zone, daylight saving included.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use webim_model::Millis;

/// How far ahead an opening is looked for beyond the last holiday: every weekday comes once in it.
const LOOK_AHEAD: u64 = 8;
/// Beyond ten years nobody waits: a holiday in the year 9999 must not make this walk there day by day.
const FARTHEST: u64 = 3660;
/// The longest that a clock change ever skipped: a whole day, when an island crossed the date line.
const LONGEST_GAP: i64 = 24 * 60;

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

impl Hours {
    /// Whether it is open at this moment.
    pub fn is_open(&self, now: Millis) -> bool {
        self.next_opening(now) == Some(now)
    }

    /// The first moment from `now` on at which it is open, which is `now` itself while it is; `None` if it never opens
    /// again in ten years.
    pub fn next_opening(&self, now: Millis) -> Option<Millis> {
        let first = self.local_day(now)?.checked_sub_days(Days::new(1))?;
        let last_holiday = self.holidays.keys().next_back().copied();
        let last = last_holiday
            .unwrap_or(first)
            .max(first)
            .checked_add_days(Days::new(LOOK_AHEAD))?
            .min(first.checked_add_days(Days::new(FARTHEST))?);
        let mut best: Option<Millis> = None;
        for day in first.iter_days().take_while(|day| *day <= last) {
            for span in self.spans(day) {
                let Some((from, to)) = self.interval(day, *span) else {
                    continue;
                };
                if to > now {
                    let opens = from.max(now);
                    best = Some(best.map_or(opens, |found| found.min(opens)));
                }
            }
            // A span of a later day cannot begin before one that began two days earlier.
            if best.is_some_and(|found| self.local_day(found).is_some_and(|found| found < day)) {
                break;
            }
        }
        best
    }

    fn local_day(&self, at: Millis) -> Option<NaiveDate> {
        let utc = DateTime::from_timestamp_millis(at.0)?;
        Some(utc.with_timezone(&self.zone).date_naive())
    }

    fn spans(&self, day: NaiveDate) -> &[Span] {
        let weekday = day.weekday().num_days_from_monday() as usize;
        self.holidays.get(&day).unwrap_or(&self.week[weekday])
    }

    fn interval(&self, day: NaiveDate, span: Span) -> Option<(Millis, Millis)> {
        let next = i64::from(span.to <= span.from) * 24 * 60;
        let midnight = day.and_hms_opt(0, 0, 0)?;
        let from = midnight + TimeDelta::minutes(i64::from(span.from));
        let to = midnight + TimeDelta::minutes(i64::from(span.to) + next);
        Some((self.moment(from, false)?, self.moment(to, true)?))
    }

    /// The moment of a local time; of one that comes twice the earlier or the later.
    fn moment(&self, local: NaiveDateTime, later: bool) -> Option<Millis> {
        (0..=LONGEST_GAP).find_map(|minutes| {
            let found = self
                .zone
                .from_local_datetime(&(local + TimeDelta::minutes(minutes)));
            let chosen = if later {
                found.latest()
            } else {
                found.earliest()
            };
            chosen.map(|moment| Millis(moment.timestamp_millis()))
        })
    }
}
