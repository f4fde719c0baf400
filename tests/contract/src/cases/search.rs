//! Search: the same results in the same order on every database, and only what the caller may read.

mod changed;

use std::sync::Arc;

use webim_model::{ConversationId, FileId, Millis, PersonId};
use webim_store::search::Asked;
use webim_store::{FileRow, Outcome, Store};
use webim_text::Query;
use webim_text::postings::Field;

use super::Case;

on_all!(
    words_find_the_newest_first,
    only_members_find_and_only_from_where_they_joined,
    files_are_found_by_name,
    words_change_and_are_forgotten,
    what_was_indexed_once_is_not_indexed_again,
    many_small_steps_find_what_one_large_one_does,
    an_index_of_other_rules_is_made_again,
    no_query_fails,
);

/// Takes in all there is, as the job does.
async fn index(store: &Store) -> u64 {
    let mut messages = 0;
    loop {
        let behind = store.behind(None, 100).await.unwrap();
        if behind.is_empty() {
            return messages;
        }
        messages += store.index(&behind).await.unwrap().messages;
    }
}

/// Conversations and numbers of what `person` finds.
async fn find(
    store: &Store,
    person: PersonId,
    query: &str,
    conversation: Option<ConversationId>,
) -> Option<Vec<(ConversationId, u64)>> {
    find_in(store, person, (query, Field::Text), conversation).await
}

async fn find_in(
    store: &Store,
    person: PersonId,
    (query, field): (&str, Field),
    conversation: Option<ConversationId>,
) -> Option<Vec<(ConversationId, u64)>> {
    let query = Query::parse(query);
    let asked = Asked {
        person,
        query: &query,
        field,
        conversation,
        until: Millis(i64::MAX),
        limit: 1_000,
    };
    let docs = store.search(&asked).await.unwrap()?;
    let mut read: Vec<_> = match field {
        Field::Text => {
            let messages = store.found_messages(person, &docs).await.unwrap();
            let places = messages.iter().map(|one| (one.conversation, one.seq));
            places.collect()
        }
        Field::Names => {
            let files = store.found_files(person, &docs).await.unwrap();
            let places = files.iter().map(|one| (one.conversation, one.seq));
            places.collect()
        }
    };
    read.dedup();
    let mut found: Vec<_> = docs.iter().map(|doc| (doc.conversation, doc.seq)).collect();
    found.retain(|place| read.contains(place));
    assert_eq!(found.len(), read.len(), "read what was not found");
    Some(found)
}

async fn words_find_the_newest_first(case: Arc<Case>) {
    let (world, store) = (&case.world, &case.world.store);
    let people = world.people(3).await;
    let direct = store.direct(people[0], people[1]).await.unwrap();
    let other = store.direct(people[1], people[2]).await.unwrap();
    let (_, unit) = world.unit(&people).await;
    world.say(direct, people[0], "季度报告已经发给财务").await;
    world
        .say(unit, people[1], "the quarterly reports are ready")
        .await;
    world
        .say(
            direct,
            people[1],
            "file(/files/1)[报告 final.pdf] img[/files/2]",
        )
        .await;
    world
        .say(other, people[1], "报告 O'Brien \\ %_ * AND")
        .await;
    world
        .commit(vec![world.line(unit, "报告 system line")])
        .await;
    assert_eq!(index(store).await, 5);
    for (who, query, expected) in [
        (0, "报告", vec![(direct, 2), (direct, 1)]),
        (1, "报告", vec![(other, 1), (direct, 2), (direct, 1)]),
        (2, "报告", vec![(other, 1)]),
        (0, "reporting", vec![(unit, 1)]),
        (0, "report", vec![(unit, 1)]),
        (0, "财务 季度", vec![(direct, 1)]),
        (0, "告", vec![(direct, 2), (direct, 1)]),
        (0, "final.pdf", vec![(direct, 2)]),
        (0, "img", vec![]),
        (0, "files", vec![]),
        (0, "报告 -财务", vec![(direct, 1)]),
        (1, "and", vec![]),
        (1, "o'brien", vec![(other, 1)]),
    ] {
        let found = find(store, people[who], query, None).await;
        assert_eq!(found, Some(expected), "{who} {query}");
    }
    let within = find(store, people[1], "报告", Some(other)).await;
    assert_eq!(within, Some(vec![(other, 1)]));
    let within = find(store, people[0], "ready", Some(unit)).await;
    assert_eq!(within, Some(vec![(unit, 1)]));
    assert_eq!(find(store, people[0], "报告", Some(other)).await, None);
    assert_eq!(find(store, people[0], "报告", Some(world.id())).await, None);
}

async fn only_members_find_and_only_from_where_they_joined(case: Arc<Case>) {
    let (world, store) = (&case.world, &case.world.store);
    let people = world.people(3).await;
    let (unit, at) = world.unit(&people[..2]).await;
    world.say(at, people[0], "秘密 one").await;
    let mut plan = world.plan().await;
    plan.memberships_remove = vec![(unit, people[1])];
    plan.memberships_add = vec![(unit, people[2])];
    store.apply_directory(&plan).await.unwrap();
    world.say(at, people[0], "秘密 two").await;
    index(store).await;
    let both = Some(vec![(at, 2), (at, 1)]);
    assert_eq!(find(store, people[0], "秘密", None).await, both);
    assert_eq!(find(store, people[1], "秘密", None).await, Some(vec![]));
    assert_eq!(find(store, people[1], "秘密", Some(at)).await, None);
    for within in [None, Some(at)] {
        let found = find(store, people[2], "秘密", within).await;
        assert_eq!(found, Some(vec![(at, 2)]), "what came before is not theirs");
    }
    // What was found before somebody left is not read after.
    let query = Query::parse("秘密");
    let asked = Asked {
        person: people[0],
        query: &query,
        field: Field::Text,
        conversation: None,
        until: Millis(i64::MAX),
        limit: 9,
    };
    let docs = store.search(&asked).await.unwrap().unwrap();
    assert_eq!(store.found_messages(people[1], &docs).await.unwrap(), []);
    assert_eq!(
        store.found_messages(people[2], &docs).await.unwrap().len(),
        1
    );
    let early = Asked {
        until: Millis(docs[1].time.0),
        ..asked
    };
    assert_eq!(store.search(&early).await.unwrap().unwrap(), docs[1..]);
    let one = Asked { limit: 1, ..asked };
    assert_eq!(store.search(&one).await.unwrap().unwrap(), docs[..1]);
}

async fn files_are_found_by_name(case: Arc<Case>) {
    let (world, store) = (&case.world, &case.world.store);
    let people = world.people(3).await;
    let at = store.direct(people[0], people[1]).await.unwrap();
    let mut shown: Vec<FileId> = Vec::new();
    for name in ["假期照片.png", "Quarterly Report.xlsx"] {
        let file = FileRow {
            id: world.id(),
            owner: people[0],
            name: name.into(),
            kind: "other".into(),
            media_type: "application/octet-stream".into(),
            bytes: 1,
            digest: [7; 32],
            width: 0,
            height: 0,
            thumbnail: false,
            created: world.sources.now(),
        };
        store.insert_file(&file).await.unwrap();
        shown.push(file.id);
    }
    let mut message = world.text(at, people[0], "img[/files/x]");
    message.files.clone_from(&shown);
    world.commit(vec![message]).await;
    world.say(at, people[1], "照片").await;
    index(store).await;
    for (who, query, expected) in [
        (0, "照片", vec![(at, 1)]),
        (1, "reports", vec![(at, 1)]),
        (1, "xlsx", vec![(at, 1)]),
        (2, "照片", vec![]),
    ] {
        let asked = (query, Field::Names);
        let found = find_in(store, people[who], asked, None).await;
        assert_eq!(found, Some(expected), "{who} {query}");
    }
    assert_eq!(
        find(store, people[0], "照片", None).await,
        Some(vec![(at, 2)])
    );
}

async fn words_change_and_are_forgotten(case: Arc<Case>) {
    let (world, store) = (&case.world, &case.world.store);
    let people = world.people(2).await;
    let direct = store.direct(people[0], people[1]).await.unwrap();
    let (_, unit) = world.unit(&people).await;
    for at in [direct, unit] {
        for number in 0..12 {
            world
                .say(at, people[0], &format!("会议 number{number}"))
                .await;
            index(store).await;
        }
        store.reindex(at, 3, "改成 lunch").await.unwrap();
        store.reindex(at, 3, "改成 lunch").await.unwrap();
        let gone = find(store, people[1], "number2", Some(at)).await;
        assert_eq!(gone, Some(vec![]));
        let now = find(store, people[1], "lunch", Some(at)).await;
        assert_eq!(now, Some(vec![(at, 3)]));
        store.forget_words(at, &[1, 3, 99]).await.unwrap();
        let left = find(store, people[1], "会议", Some(at)).await.unwrap();
        let left: Vec<_> = left.iter().map(|(_, seq)| *seq).collect();
        assert_eq!(left, [12, 11, 10, 9, 8, 7, 6, 5, 4, 2]);
        let gone = find(store, people[1], "lunch", Some(at)).await;
        assert_eq!(gone, Some(vec![]));
    }
    // None of the words is left in any row.
    let beside = case.database.beside().await;
    for (table, column) in [("search_segments", "whole"), ("search_pages", "data")] {
        let rows = beside
            .rows(&format!("SELECT {column} FROM {table}"), vec![])
            .await;
        for row in rows {
            let bytes: Vec<u8> = row.try_get_by_index(0).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("lunch") && !text.contains("number0"));
        }
    }
    // One that does not exist, or is not taken in yet, is left alone.
    store.forget_words(world.id(), &[1]).await.unwrap();
    world.say(direct, people[0], "later").await;
    store.forget_words(direct, &[13]).await.unwrap();
    index(store).await;
    assert_eq!(
        find(store, people[0], "later", None).await,
        Some(vec![(direct, 13)])
    );
}

async fn what_was_indexed_once_is_not_indexed_again(case: Arc<Case>) {
    let (world, store) = (&case.world, &case.world.store);
    let people = world.people(2).await;
    let at = store.direct(people[0], people[1]).await.unwrap();
    for number in 0..20 {
        world.say(at, people[0], &format!("词 {number}")).await;
    }
    // Two processes at once, as if a lease had been taken over: whatever each says, nothing is there twice.
    let other = case.database.open(&case.database.url).await;
    let asked = [at];
    let (one, two) = tokio::join!(store.index(&asked), other.index(&asked));
    assert!(one.is_ok() || two.is_ok(), "{one:?} {two:?}");
    index(&other).await;
    assert_eq!(store.behind(None, 9).await.unwrap(), []);
    let nothing = store.index(&[at, at, world.id()]).await.unwrap();
    assert_eq!((nothing.messages, nothing.left.len()), (0, 0));
    let found = find(store, people[1], "词", None).await.unwrap();
    assert_eq!(found.len(), 20);
    other.close().await;
}

async fn many_small_steps_find_what_one_large_one_does(case: Arc<Case>) {
    let (world, store) = (&case.world, &case.world.store);
    let people = world.people(2).await;
    let (_, slow) = world.unit(&people).await;
    let (_, fast) = world.unit(&people).await;
    let texts: Vec<String> = (0..1_400)
        .map(|n| format!("消息{} w{} m{}", n, n % 7, n % 11))
        .collect();
    for some in texts.chunks(100) {
        let at_once = |at| {
            let all = some.iter().map(|text| world.text(at, people[0], text));
            world.commit(all.collect())
        };
        for outcome in at_once(fast).await {
            assert!(matches!(outcome, Outcome::Stored { .. }), "{outcome:?}");
        }
        for few in some.chunks(9) {
            let all = few.iter().map(|text| world.text(slow, people[0], text));
            world.commit(all.collect()).await;
            store.index(&[slow]).await.unwrap();
        }
    }
    index(store).await;
    for query in ["w3 m5", "w6", "消息1399", "消息", "m1", "w", "w3 w4"] {
        let one = find(store, people[1], query, Some(slow)).await.unwrap();
        let other = find(store, people[1], query, Some(fast)).await.unwrap();
        let seqs = |found: &[(ConversationId, u64)]| -> Vec<u64> {
            found.iter().map(|(_, seq)| *seq).collect()
        };
        assert_eq!(seqs(&one), seqs(&other), "{query}");
        let query = Query::parse(query);
        let all = (1..).zip(&texts);
        let looked = all.filter(|(_, text)| query.look(text).is_some());
        let mut expected: Vec<u64> = looked.map(|(seq, _)| seq).collect();
        expected.reverse();
        expected.truncate(1_000);
        assert_eq!(seqs(&one), expected);
    }
    let beside = case.database.beside().await;
    let count = beside.number("SELECT COUNT(*) FROM search_segments").await;
    assert!(count < 40, "{count} segments");
}

async fn an_index_of_other_rules_is_made_again(case: Arc<Case>) {
    let (world, store) = (&case.world, &case.world.store);
    let people = world.people(2).await;
    let at = store.direct(people[0], people[1]).await.unwrap();
    world.say(at, people[0], "before").await;
    store.prepare_index().await.unwrap();
    assert_eq!(index(store).await, 1);
    store.prepare_index().await.unwrap();
    assert_eq!(index(store).await, 0);
    store.set_setting("search_version", "0").await.unwrap();
    store.prepare_index().await.unwrap();
    assert_eq!(find(store, people[0], "before", None).await, Some(vec![]));
    assert_eq!(index(store).await, 1);
    assert_eq!(
        find(store, people[0], "before", None).await,
        Some(vec![(at, 1)])
    );
}

/// What somebody may type who means no good.
const PIECES: [&str; 32] = [
    "\"", "'", "\\", "*", "%", "_", "-", "+", "(", ")", ":", "&", "|", "!", "<->", "~", "@", "\0",
    "\n", "AND", "OR", "NOT", "NEAR", "报告", "张", "a", "word", "🙂", "\u{301}", "\u{202e}", "{}",
    ";--",
];

async fn no_query_fails(case: Arc<Case>) {
    let (world, store) = (&case.world, &case.world.store);
    let people = world.people(2).await;
    let at = store.direct(people[0], people[1]).await.unwrap();
    let mut bytes = [0_u8; 6];
    let mut texts: Vec<String> = PIECES.iter().map(|piece| (*piece).to_owned()).collect();
    for _ in 0..150 {
        world.sources.random.fill(&mut bytes);
        let pieces = bytes
            .iter()
            .map(|byte| PIECES[usize::from(*byte) % PIECES.len()]);
        texts.push(
            pieces
                .collect::<Vec<_>>()
                .join(if bytes[0] % 2 == 0 { " " } else { "" }),
        );
    }
    for (number, text) in texts.iter().enumerate() {
        if number % 8 == 0 {
            world
                .say(at, people[0], &format!("x{}", text.replace('\0', "")))
                .await;
        }
    }
    index(store).await;
    for text in &texts {
        for field in [Field::Text, Field::Names] {
            assert!(
                find_in(store, people[0], (text, field), None)
                    .await
                    .is_some()
            );
        }
    }
}
