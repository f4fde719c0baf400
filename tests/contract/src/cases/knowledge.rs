//! Questions and answers: kept by their codes, the same again changes nothing.

use std::sync::Arc;

use webim_model::Millis;
use webim_store::{KbEntry, KbKept};

use super::Case;

on_all!(the_same_again_changes_nothing, all_are_paged_through,);

fn entry(code: &str, answer: &str) -> KbEntry {
    KbEntry {
        code: code.into(),
        title: "如何请假？ 'quoted\\ 🙂".into(),
        keywords: "请假 leave".into(),
        answer: answer.into(),
        link: String::new(),
        topic: "hr".into(),
        channel: String::new(),
        valid_from: None,
        valid_until: Some(Millis(i64::MAX)),
        created: Millis(1),
        updated: Millis(2),
        active: true,
    }
}

/// Added, changed and the same.
async fn keep(case: &Case, entries: &[KbEntry], dry: bool) -> (u64, u64, u64) {
    let kept = case.world.store.keep_knowledge(entries, dry).await;
    let KbKept {
        added,
        changed,
        same,
    } = kept.unwrap();
    (added, changed, same)
}

async fn the_same_again_changes_nothing(case: Arc<Case>) {
    let store = &case.world.store;
    let all = async || store.knowledge(None, 9).await.unwrap();
    let some = [entry("1", "ask"), entry("a", "wait"), entry("A", "other")];
    assert_eq!(keep(&case, &some, true).await, (3, 0, 0));
    assert_eq!(store.count_knowledge().await.unwrap(), 0);
    assert_eq!(keep(&case, &some, false).await, (3, 0, 0));
    let first = all().await;
    let mut later = some.clone();
    later[0].updated = Millis(9);
    assert_eq!(keep(&case, &later, false).await, (0, 0, 3));
    assert_eq!(all().await, first);
    later[1] = KbEntry {
        answer: "长".repeat(30_000),
        valid_from: Some(Millis(-5)),
        active: false,
        updated: Millis(10),
        ..entry("a", "")
    };
    assert_eq!(keep(&case, &later, true).await, (0, 1, 2));
    assert_eq!(all().await, first);
    assert_eq!(keep(&case, &later, false).await, (0, 1, 2));
    for (row, before) in all().await.iter().zip(&first) {
        let changed = row.entry.code == "a";
        let version = if changed { 2 } else { 1 };
        assert_eq!((row.id, row.version), (before.id, version));
        let said = if changed { &later[1] } else { &before.entry };
        assert_eq!(&row.entry, said);
    }
    assert_eq!(keep(&case, &[], false).await, (0, 0, 0));
}

async fn all_are_paged_through(case: Arc<Case>) {
    let store = &case.world.store;
    let all: Vec<_> = (0..300)
        .map(|number| entry(&number.to_string(), "x"))
        .collect();
    assert_eq!(store.keep_knowledge(&all, false).await.unwrap().added, 300);
    assert_eq!(store.count_knowledge().await.unwrap(), 300);
    let (mut codes, mut after) = (Vec::new(), None);
    loop {
        let page = store.knowledge(after, 70).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        codes.extend(page.into_iter().map(|row| row.entry.code));
    }
    codes.sort_by_key(|code| code.parse::<u32>().unwrap());
    assert_eq!(
        codes,
        (0..300)
            .map(|number| number.to_string())
            .collect::<Vec<_>>()
    );
}
