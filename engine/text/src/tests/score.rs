//! Which text answers better.

use crate::{Candidate, Query, rank, recency};

/// The texts in the order in which they are ranked.
fn order(query: &str, texts: &[&'static str]) -> Vec<&'static str> {
    let query = Query::parse(query);
    let candidates: Vec<Candidate<'_, usize>> = texts
        .iter()
        .enumerate()
        .map(|(key, text)| Candidate {
            key,
            text,
            boost: 0,
        })
        .collect();
    let mut backwards = candidates.clone();
    backwards.reverse();
    let ranked = rank(&query, &candidates);
    assert_eq!(
        ranked,
        rank(&query, &backwards),
        "the order of candidates counts"
    );
    ranked.into_iter().map(|(key, _)| texts[key]).collect()
}

#[test]
fn better_answers_come_first() {
    for (query, texts) in [
        (
            "季度报告",
            &[
                "季度报告",
                "请看季度报告，谢谢",
                "这个季度的销售很好，报告明天再写，大家辛苦了",
            ][..],
        ),
        (
            "sales report",
            &[
                "sales report",
                "the sales report is here",
                "a report about our new sales office",
            ],
        ),
        (
            "report",
            &[
                "the report",
                "the report, and a very long tail of other words that say nothing at all about it",
            ],
        ),
        ("张伟强", &["张伟强", "张伟强到了"]),
    ] {
        assert_eq!(order(query, texts), texts, "{query}");
    }
}

#[test]
fn what_does_not_match_is_left_out() {
    assert_eq!(order("报告", &["报表", "报告"]), ["报告"]);
    assert_eq!(order("", &["报表"]), [""; 0]);
}

#[test]
fn equals_go_by_key_the_greater_first() {
    let query = Query::parse("报告");
    let same = [1, 3, 2].map(|key| Candidate {
        key,
        text: "报告",
        boost: 0,
    });
    let keys: Vec<i32> = rank(&query, &same)
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    assert_eq!(keys, [3, 2, 1]);
}

#[test]
fn newer_ones_gain_by_the_boost() {
    const DAY: i64 = 86_400_000;
    let query = Query::parse("报告");
    let texts = [
        ("老", "新的报告", 300 * DAY),
        ("新", "这是一份新的报告", DAY),
    ];
    let candidates = texts.map(|(key, text, age)| Candidate {
        key,
        text,
        boost: recency(age, 30 * DAY),
    });
    assert_eq!(rank(&query, &candidates)[0].0, "新");
}

#[test]
fn a_boost_halves_with_age() {
    for (age, boost) in [
        (i64::MIN, 1_000),
        (0, 1_000),
        (15, 750),
        (30, 500),
        (60, 250),
        (299, 1),
        (300, 0),
        (i64::MAX, 0),
    ] {
        assert_eq!(recency(age, 30), boost, "{age}");
    }
    assert_eq!(recency(5, 0), 31);
    assert_eq!(recency(i64::MAX - 1, i64::MAX), 501);
}
