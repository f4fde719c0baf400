//! The predecessor's times: written as its organisation's clocks showed them, so that the offset must be told.

use std::fmt;
use std::str::FromStr;

use time::{Date, Month, PrimitiveDateTime, Time, UtcOffset};
use webim_model::Millis;

/// How far the clocks that wrote the times were ahead of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offset(UtcOffset);

/// The largest offset there is, in minutes.
const FARTHEST: i32 = 14 * 60;

impl FromStr for Offset {
    type Err = String;

    /// `+08:00`, `-3:30`, `+8` or `Z`.
    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("\"{text}\" is no offset such as +08:00");
        if text.eq_ignore_ascii_case("z") {
            return Ok(Self(UtcOffset::UTC));
        }
        let (sign, rest) = match (text.strip_prefix('+'), text.strip_prefix('-')) {
            (Some(rest), _) => (1, rest),
            (_, Some(rest)) => (-1, rest),
            _ => return Err(bad()),
        };
        let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
        let hours: u8 = whole(hours, 2).ok_or_else(bad)?;
        let minutes: u8 = whole(minutes, 2).filter(|it| *it < 60).ok_or_else(bad)?;
        let minutes = sign * (i32::from(hours) * 60 + i32::from(minutes));
        if minutes.abs() > FARTHEST {
            return Err(bad());
        }
        UtcOffset::from_whole_seconds(minutes * 60)
            .map(Self)
            .map_err(|_| bad())
    }
}

/// A number of at most so many digits, and nothing but digits.
fn whole<T: FromStr>(text: &str, longest: usize) -> Option<T> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (digits && text.len() <= longest)
        .then(|| text.parse().ok())
        .flatten()
}

/// `2021-03-04 05:06:07.890`, also with `/`, `T`, without the seconds, with an offset of its own, or milliseconds since
/// 1970.
pub(super) fn parse(text: &str, offset: Offset) -> Option<Millis> {
    let text = text.trim();
    if text.len() >= 12
        && let Some(millis) = whole::<i64>(text, 15)
    {
        return Some(Millis(millis));
    }
    let (date, clock) = text.split_once([' ', 'T'])?;
    let (clock, offset) = own_offset(clock.trim_start(), offset)?;
    let stands = PrimitiveDateTime::new(day(date)?, of_day(clock)?).assume_offset(offset.0);
    let millis = stands.unix_timestamp_nanos().div_euclid(1_000_000);
    i64::try_from(millis).ok().map(Millis)
}

fn own_offset(clock: &str, offset: Offset) -> Option<(&str, Offset)> {
    match clock.find(['Z', 'z', '+', '-']) {
        Some(at) => {
            let (clock, own) = clock.split_at(at);
            Some((clock.trim_end(), own.parse().ok()?))
        }
        None => Some((clock, offset)),
    }
}

fn day(text: &str) -> Option<Date> {
    let mut parts = text.split(['-', '/']);
    let year = parts.next().filter(|year| year.len() == 4)?;
    let (month, day) = (parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let month = Month::try_from(whole::<u8>(month, 2)?).ok()?;
    Date::from_calendar_date(whole(year, 4)?, month, whole(day, 2)?).ok()
}

fn of_day(text: &str) -> Option<Time> {
    let mut parts = text.split(':');
    let (hour, minute) = (whole(parts.next()?, 2)?, whole(parts.next()?, 2)?);
    let (second, fraction) = match parts.next() {
        Some(seconds) => seconds.split_once('.').unwrap_or((seconds, "0")),
        None => ("0", "0"),
    };
    if parts.next().is_some() || whole::<u64>(fraction, 9).is_none() {
        return None;
    }
    let thousandths = format!("{fraction:0<3}");
    let millis = whole(thousandths.get(..3)?, 3)?;
    Time::from_hms_milli(hour, minute, whole(second, 2)?, millis).ok()
}

/// A moment as these clocks show it.
pub struct Shown(pub Millis, pub Offset);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(Millis(millis), Offset(offset)) = self;
        let moment = time::OffsetDateTime::from_unix_timestamp(millis.div_euclid(1_000));
        let Ok(moment) = moment.map(|moment| moment.to_offset(*offset)) else {
            return write!(f, "{millis}");
        };
        let (year, month, day) = moment.to_calendar_date();
        let (hour, minute, second) = moment.to_hms();
        write!(
            f,
            "{year:04}-{:02}-{day:02} {hour:02}:{minute:02}:{second:02}",
            u8::from(month)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn china() -> Offset {
        "+08:00".parse().unwrap()
    }

    #[test]
    fn times_as_exports_write_them() {
        // 2021-03-04 05:06:07 in China.
        let moment = 1_614_805_567_000;
        for (text, plus) in [
            ("2021-03-04 05:06:07", 0),
            (" 2021/3/4 5:06:07 ", 0),
            ("2021-03-04T05:06:07.5", 500),
            ("2021-03-04 05:06:07.123456", 123),
            ("2021-03-04 05:06", -7_000),
            ("2021-03-03T21:06:07Z", 0),
            ("2021-03-03T22:06:07+01:00", 0),
            ("1614805567890", 890),
        ] {
            let expected = Some(Millis(moment + plus));
            assert_eq!(parse(text, china()), expected, "{text}");
        }
        assert_eq!(
            Shown(Millis(moment), china()).to_string(),
            "2021-03-04 05:06:07"
        );
        let leap = parse("2024-02-29 00:00:00", "Z".parse().unwrap());
        assert_eq!(leap, Some(Millis(1_709_164_800_000)));
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "yesterday",
            "2021-02-29 00:00:00",
            "2021-13-01 00:00:00",
            "2021-03-04",
            "2021-03-04 24:00:00",
            "2021-03-04 05:06:07:08",
            "2021-03-04 05:06:07.x",
            "04/03/2021 05:06:07",
            "2021-03-04 05:06:07+99:00",
            "-1614805567890",
            "20210304",
            "99999999999999999999",
            "２０２１-03-04 05:06:07",
            "2021-03-04 ５:06:07",
        ] {
            assert_eq!(parse(text, china()), None, "{text}");
        }
    }

    #[test]
    fn offsets() {
        for (text, good) in [
            ("+08:00", true),
            ("-3:30", true),
            ("+8", true),
            ("Z", true),
            ("08:00", false),
            ("+15", false),
            ("+08:60", false),
            ("+", false),
            ("+8:", false),
            ("Asia/Shanghai", false),
        ] {
            assert_eq!(text.parse::<Offset>().is_ok(), good, "{text}");
        }
    }
}
