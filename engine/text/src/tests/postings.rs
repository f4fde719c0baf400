//! Segments: what is written is found, merged or not, and damaged bytes find nothing but do no harm.

use proptest::prelude::*;
use uuid::Uuid;
use webim_model::{ConversationId, Millis};

use crate::Query;
use crate::postings::{Builder, Doc, Field, Opened, Segment, Wanted, docs, merge};

const TEXTS: [&str; 8] = [
    "季度报告已经发给财务",
    "the quarterly reports are ready",
    "白纸黑字，张伟强说的",
    "会议 at 9:30, bring the A4纸",
    "报告",
    "call 138-0013-8000",
    "reporter",
    "👍",
];

fn doc(number: u64) -> Doc {
    Doc {
        time: Millis(1_000 - i64::try_from(number % 7).unwrap()),
        conversation: ConversationId(Uuid::from_u128(u128::from(number % 3))),
        seq: number,
    }
}

fn segment(numbers: impl Iterator<Item = u64>) -> Segment {
    let mut builder = Builder::default();
    for number in numbers {
        let text = TEXTS[usize::try_from(number).unwrap() % TEXTS.len()];
        let name = format!("附件{number}.pdf");
        builder.add(doc(number), &[(Field::Text, text), (Field::Names, &name)]);
    }
    builder.build()
}

fn found(segment: &Segment, query: &str, field: Field) -> Option<Vec<u64>> {
    let wanted = Wanted::new(&Query::parse(query), field);
    let opened = Opened::new(&segment.directory)?;
    let needed = opened.needed(&wanted);
    let places = opened.find(&wanted, |page| {
        assert!(needed.contains(&page), "a page that was not asked for");
        segment.pages.get(page).map(Vec::as_slice)
    })?;
    let mut all = Vec::new();
    for piece in &segment.docs {
        all.extend(docs(piece)?);
    }
    let mut found = Vec::new();
    for place in places {
        found.push(all.get(place as usize)?.seq);
    }
    found.sort_unstable();
    Some(found)
}

/// Of the first `count` numbers those whose text answers `query`, looked up the long way.
fn expected(count: u64, query: &str) -> Vec<u64> {
    let query = Query::parse(query);
    (0..count)
        .filter(|number| {
            let text = TEXTS[usize::try_from(*number).unwrap() % TEXTS.len()];
            query.look(text).is_some()
        })
        .collect()
}

#[test]
fn what_was_written_is_found() {
    let whole = segment(0..3_000);
    assert!(whole.pages.len() > 3 && whole.docs.len() > 3);
    for query in [
        "报告",
        "report",
        "repor",
        "纸",
        "a4",
        "张伟强",
        "13800138000",
        "季度 财务",
        "字",
        "9 30",
    ] {
        let expected = expected(3_000, query);
        assert!(!expected.is_empty(), "{query}");
        assert_eq!(found(&whole, query, Field::Text), Some(expected), "{query}");
    }
    assert_eq!(found(&whole, "没有的词", Field::Text), Some(vec![]));
    assert_eq!(found(&whole, "附件1234", Field::Names), Some(vec![1_234]));
    assert_eq!(found(&whole, "附件1234", Field::Text), Some(vec![]));
    assert_eq!(found(&segment(0..0), "报告", Field::Text), Some(vec![]));
}

#[test]
fn merged_they_find_the_same() {
    let parts = [
        segment(0..10),
        segment(10..900),
        segment(900..901),
        segment(0..0),
    ];
    assert_eq!(merge(&parts, |_| true).unwrap(), segment(0..901));
    assert_eq!(merge(&[], |_| true).unwrap(), segment(0..0));
    // What is in two of them stays once.
    let twice = merge(&[segment(0..10), segment(5..12)], |_| true).unwrap();
    assert_eq!(twice, segment(0..12));
}

#[test]
fn what_is_forgotten_leaves_nothing() {
    let all = merge(&[segment(0..100)], |doc| doc.seq != 42).unwrap();
    assert_eq!(all, segment((0..100).filter(|number| *number != 42)));
    assert_eq!(found(&all, "附件42", Field::Names), Some(vec![]));
}

proptest! {
    #[test]
    fn damage_does_no_harm(at in 0_usize..2_000, bit in 0_u8..8, query in "[a-z报告纸]{1,3}") {
        let mut damaged = segment(0..60);
        for bytes in damaged.pages.iter_mut().chain([&mut damaged.directory]) {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << bit;
            }
        }
        let wanted = Wanted::new(&Query::parse(&query), Field::Text);
        if let Some(opened) = Opened::new(&damaged.directory) {
            let _ = opened.find(&wanted, |page| damaged.pages.get(page).map(Vec::as_slice));
        }
        let _ = merge(&[damaged, segment(0..5)], |_| true);
    }
}
