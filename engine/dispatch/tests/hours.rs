//! Opening hours, by tables: weeks, holidays, nights, daylight saving, and hours that never open.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use webim_dispatch::{Hours, Span};
use webim_model::Millis;

fn at(text: &str) -> Millis {
    Millis(
        DateTime::parse_from_rfc3339(text)
            .expect("the tables are valid")
            .timestamp_millis(),
    )
}

fn span(from: u16, to: u16) -> Span {
    Span {
        from: from / 100 * 60 + from % 100,
        to: to / 100 * 60 + to % 100,
    }
}

/// Monday to Friday 9:00–17:30 and Saturday 10:00–12:00, 14:00–16:00; closed on 1 October 2026, open from 8:00 to 9:00 on Sunday 4 October.
fn office(zone: &str) -> Hours {
    let day = vec![span(900, 1730)];
    let saturday = vec![span(1400, 1600), span(1000, 1200)];
    let holiday = |day| NaiveDate::from_ymd_opt(2026, 10, day).expect("a day");
    Hours {
        zone: zone.parse().expect("a zone"),
        week: [
            day.clone(),
            day.clone(),
            day.clone(),
            day.clone(),
            day,
            saturday,
            vec![],
        ],
        holidays: BTreeMap::from([(holiday(1), vec![]), (holiday(4), vec![span(800, 900)])]),
    }
}

fn every_day(zone: &str, spans: &[Span]) -> Hours {
    Hours {
        zone: zone.parse().expect("a time"),
        week: std::array::from_fn(|_| spans.to_vec()),
        holidays: BTreeMap::new(),
    }
}

/// Each row: hours, a moment, when it next opens (the moment itself: it is open).
#[track_caller]
fn table(hours: &Hours, rows: &[(&str, &str)]) {
    for (now, opens) in rows {
        assert_eq!(hours.next_opening(at(now)), Some(at(opens)), "{now}");
        assert_eq!(hours.is_open(at(now)), now == opens, "{now}");
    }
}

#[test]
fn a_week_and_its_holidays() {
    let rows = [
        ("2026-09-28T08:59:59+08:00", "2026-09-28T09:00:00+08:00"),
        ("2026-09-28T09:00:00+08:00", "2026-09-28T09:00:00+08:00"),
        ("2026-09-28T17:29:59+08:00", "2026-09-28T17:29:59+08:00"),
        ("2026-09-28T17:30:00+08:00", "2026-09-29T09:00:00+08:00"),
        ("2026-09-30T18:00:00+08:00", "2026-10-02T09:00:00+08:00"),
        ("2026-10-01T12:00:00+08:00", "2026-10-02T09:00:00+08:00"),
        ("2026-10-03T13:00:00+08:00", "2026-10-03T14:00:00+08:00"),
        ("2026-10-03T16:00:00+08:00", "2026-10-04T08:00:00+08:00"),
        ("2026-10-04T09:00:00+08:00", "2026-10-05T09:00:00+08:00"),
        ("2026-10-10T16:00:00+08:00", "2026-10-12T09:00:00+08:00"),
    ];
    table(&office("Asia/Shanghai"), &rows);
}

#[test]
fn nights_go_past_midnight() {
    let rows = [
        ("2026-03-10T21:59:00Z", "2026-03-10T22:00:00Z"),
        ("2026-03-10T23:30:00Z", "2026-03-10T23:30:00Z"),
        ("2026-03-11T05:59:59Z", "2026-03-11T05:59:59Z"),
        ("2026-03-11T06:00:00Z", "2026-03-11T22:00:00Z"),
    ];
    table(&every_day("UTC", &[span(2200, 600)]), &rows);
    let mut night_before_holiday = every_day("UTC", &[span(2200, 600)]);
    let day = NaiveDate::from_ymd_opt(2026, 3, 11).expect("the tables are valid");
    night_before_holiday.holidays.insert(day, vec![]);
    let rows = [
        ("2026-03-11T05:00:00Z", "2026-03-11T05:00:00Z"),
        ("2026-03-11T23:00:00Z", "2026-03-12T22:00:00Z"),
    ];
    table(&night_before_holiday, &rows);
}

#[test]
fn whole_days_have_no_gap() {
    for spans in [[span(0, 0)], [span(0, 2400)]] {
        let always = every_day("America/New_York", &spans);
        for now in [
            "2026-03-08T06:59:59Z",
            "2026-03-08T05:00:00Z",
            "2026-11-01T05:30:00Z",
        ] {
            assert!(always.is_open(at(now)), "{now}");
        }
    }
}

#[test]
fn daylight_saving_moves_the_moments() {
    let berlin = every_day("Europe/Berlin", &[span(230, 330)]);
    // 29 March 2026: 2:00 becomes 3:00. 25 October 2026: 3:00 becomes 2:00.
    let rows = [
        ("2026-03-28T01:00:00Z", "2026-03-28T01:30:00Z"),
        ("2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"),
        ("2026-03-29T01:29:59Z", "2026-03-29T01:29:59Z"),
        ("2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"),
        ("2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z"),
        ("2026-10-25T01:59:59Z", "2026-10-25T01:59:59Z"),
        ("2026-10-25T02:30:00Z", "2026-10-26T01:30:00Z"),
    ];
    table(&berlin, &rows);
    let until_twice = every_day("Europe/Berlin", &[span(100, 230)]);
    assert!(until_twice.is_open(at("2026-10-25T01:29:59Z")));
    assert!(!until_twice.is_open(at("2026-10-25T01:30:00Z")));
}

#[test]
fn a_day_that_never_was() {
    // Samoa had no 30 December 2011: what was to open then opens at the first moment of the 31st.
    let apia = every_day("Pacific/Apia", &[span(900, 1000)]);
    let opens = apia
        .next_opening(at("2011-12-30T09:00:00Z"))
        .expect("the tables are valid");
    assert!(opens >= at("2011-12-30T10:00:00Z"), "{opens:?}");
    assert!(opens <= at("2011-12-30T20:00:00Z"), "{opens:?}");
}

#[test]
fn hours_that_never_open() {
    let never = every_day("Asia/Shanghai", &[]);
    assert_eq!(never.next_opening(at("2026-01-01T00:00:00Z")), None);
    assert!(!never.is_open(at("2026-01-01T00:00:00Z")));
    let mut once = never;
    let day = NaiveDate::from_ymd_opt(2028, 2, 29).expect("the tables are valid");
    once.holidays.insert(day, vec![span(900, 1000)]);
    let rows = [("2026-01-01T00:00:00Z", "2028-02-29T09:00:00+08:00")];
    table(&once, &rows);
    assert_eq!(once.next_opening(at("2028-02-29T10:00:00+08:00")), None);
}
