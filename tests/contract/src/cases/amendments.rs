//! What later entries make of messages, whom messages mention, who has read them, and drafts.

use std::sync::Arc;

use webim_model::{About, Body, ConversationId, Mention, Message, Millis, PersonId, Target};
use webim_store::{DraftRow, Mark, NewMessage, Outcome, Range};

use super::Case;

on_all!(
    what_changed_a_message_is_found_by_it,
    a_thousand_toggles_leave_one_row,
    a_recall_takes_its_edits_and_files_along,
    a_mention_is_the_newest_unread_one,
    readers_are_those_who_may_read,
    a_draft_takes_the_place_of_the_one_before,
);

async fn store(case: &Case, mut message: NewMessage) -> Message {
    let (version, _) = case
        .world
        .store
        .members(message.conversation)
        .await
        .unwrap();
    message.member_version = version;
    match case.world.commit(vec![message]).await.remove(0) {
        Outcome::Stored { message, .. } => message,
        other => panic!("not stored: {other:?}"),
    }
}

async fn say(
    case: &Case,
    at: ConversationId,
    sender: PersonId,
    body: Body,
    about: About,
) -> Message {
    let mut message = case.world.text(at, sender, "…");
    (message.body, message.about) = (body, about);
    store(case, message).await
}

fn text(text: &str) -> Body {
    Body::Text { text: text.into() }
}

fn edit(text: &str) -> Body {
    Body::Edit { text: text.into() }
}

fn range(conversation: ConversationId, from: u64, to: u64) -> Range {
    Range {
        conversation,
        from,
        to,
    }
}

async fn what_changed_a_message_is_found_by_it(case: Arc<Case>) {
    let people = case.world.people(3).await;
    let store = &case.world.store;
    let one = store.direct(people[0], people[1]).await.unwrap();
    let two = store.direct(people[0], people[2]).await.unwrap();
    for at in [one, two] {
        say(&case, at, people[0], text("first"), About::default()).await;
        say(&case, at, people[0], text("second"), About::default()).await;
    }
    let emoji = |on| Body::Reaction {
        emoji: "👍".into(),
        on,
    };
    say(&case, one, people[0], edit("erstens"), About::of(1)).await;
    say(&case, one, people[1], emoji(true), About::of(2)).await;
    say(&case, one, people[0], edit("primo"), About::of(1)).await;
    say(&case, two, people[2], emoji(false), About::of(1)).await;
    // An answer speaks of a message and changes nothing.
    say(&case, two, people[2], text("yes"), About::of(2)).await;
    let found = async |ranges: &[Range]| -> Vec<(bool, u64, u64, Body)> {
        let found = case.world.store.amendments(ranges).await.unwrap();
        let rows = found.into_iter().map(|amendment| {
            let by = amendment.by;
            (by.conversation == one, amendment.seq, by.seq, by.body)
        });
        rows.collect()
    };
    let (first, last) = ((true, 1, 3, edit("erstens")), (true, 1, 5, edit("primo")));
    let sign = (true, 2, 4, emoji(true));
    assert_eq!(
        found(&[range(one, 1, 2)]).await,
        [first.clone(), sign.clone(), last.clone()]
    );
    assert_eq!(found(&[range(one, 2, u64::MAX)]).await, [sign]);
    let both = found(&[range(one, 1, 1), range(two, 1, 2)]).await;
    assert_eq!(both.len(), 3);
    assert!(both.contains(&first) && both.contains(&last));
    assert!(both.contains(&(false, 1, 3, emoji(false))));
    let many: Vec<_> = (0..30).map(|_| range(one, 1, 1)).collect();
    assert_eq!(found(&many).await.len(), 60, "each range is answered");
    assert!(found(&[]).await.is_empty());
    // Messages come back with what they carry.
    let read = case.world.store.ranges(&[range(two, 4, 4)]).await.unwrap();
    assert_eq!(read[0].about, About::of(2));
    let verified = case.world.store.verify(one).await.unwrap().unwrap();
    assert_eq!((verified.messages, verified.fault), (5, None));
}

async fn a_thousand_toggles_leave_one_row(case: Arc<Case>) {
    const TOGGLES: u64 = 1_000;
    let people = case.world.people(2).await;
    let at = case.world.store.direct(people[0], people[1]).await.unwrap();
    say(&case, at, people[0], text("first"), About::default()).await;
    let toggle = |person: usize, emoji: &str, on| {
        let mut message = case.world.text(at, people[person], "…");
        let emoji = emoji.into();
        message.body = Body::Reaction { emoji, on };
        message.about = About::of(1);
        message
    };
    let others = vec![toggle(1, "👍", true), toggle(0, "🎉", true)];
    case.world.commit(others).await;
    let toggles: Vec<_> = (0..TOGGLES)
        .map(|number| toggle(0, "👍", number % 2 == 1))
        .collect();
    for some in toggles.chunks(250) {
        for outcome in case.world.commit(some.to_vec()).await {
            assert!(matches!(outcome, Outcome::Stored { .. }), "{outcome:?}");
        }
    }
    let beside = case.database.beside().await;
    let rows = beside.number("SELECT COUNT(*) FROM amendments").await;
    assert_eq!(rows, 3, "one of each person and sign");
    let found = case.world.store.amendments(&[range(at, 1, 1)]).await;
    let found: Vec<_> = found.unwrap().into_iter().map(|one| one.by.seq).collect();
    assert_eq!(found, [2, 3, 3 + TOGGLES], "the last word of each");
    // The entries themselves are all there, with numbers and hashes.
    let page = case.world.store.ranges(&[range(at, 1, u64::MAX)]).await;
    assert_eq!(page.unwrap().len() as u64, 3 + TOGGLES);
    let verified = case.world.store.verify(at).await.unwrap().unwrap();
    assert_eq!((verified.messages, verified.fault), (3 + TOGGLES, None));
}

async fn a_recall_takes_its_edits_and_files_along(case: Arc<Case>) {
    let people = case.world.people(2).await;
    let at = case.world.store.direct(people[0], people[1]).await.unwrap();
    let file = super::files::upload(&case, people[0]).await;
    let mut message = case.world.text(at, people[0], "look");
    message.files = vec![file.id];
    store(&case, message).await;
    say(&case, at, people[0], edit("look here"), About::of(1)).await;
    assert!(super::files::may(&case, people[1], file.id).await);
    say(&case, at, people[0], Body::Recall, About::of(1)).await;
    assert!(!super::files::may(&case, people[1], file.id).await);
    assert!(
        super::files::may(&case, people[0], file.id).await,
        "it is still hers"
    );
    let found = case
        .world
        .store
        .amendments(&[range(at, 2, 2)])
        .await
        .unwrap();
    let bodies: Vec<_> = found
        .into_iter()
        .map(|found| (found.by.seq, found.by.body))
        .collect();
    assert_eq!(bodies, [(3, Body::Recall)], "the edit is recalled with it");
    assert!(
        case.world
            .store
            .unused_files(Millis(i64::MAX), 9)
            .await
            .unwrap()
            .is_empty(),
        "kept for auditors"
    );
}

fn mention(people: &[PersonId], everyone: bool) -> About {
    About {
        mention: Some(Arc::new(Mention {
            people: people.to_vec(),
            everyone,
        })),
        ..About::default()
    }
}

async fn a_mention_is_the_newest_unread_one(case: Arc<Case>) {
    let people = case.world.people(3).await;
    let (_, unit) = case.world.unit(&people).await;
    say(
        &case,
        unit,
        people[0],
        text("@1"),
        mention(&people[1..2], false),
    )
    .await;
    say(&case, unit, people[0], text("@*"), mention(&[], true)).await;
    say(
        &case,
        unit,
        people[0],
        text("@1 @2"),
        mention(&people[1..], false),
    )
    .await;
    say(&case, unit, people[0], text("—"), About::default()).await;
    let mentioned = async |person: usize| {
        let line = case
            .world
            .store
            .list_one(people[person], unit)
            .await
            .unwrap();
        let listed = case
            .world
            .store
            .list(people[person], None, 9)
            .await
            .unwrap();
        assert_eq!(
            listed.first().map(|line| line.mentioned),
            line.as_ref().map(|line| line.mentioned)
        );
        line.unwrap().mentioned
    };
    assert_eq!(
        (mentioned(0).await, mentioned(1).await, mentioned(2).await),
        (Some(2), Some(3), Some(3))
    );
    let read = async |seq| {
        let mark = Mark {
            conversation: unit,
            person: people[1],
            seq,
        };
        case.world.store.flush_marks(&[mark]).await.unwrap();
    };
    read(2).await;
    assert_eq!(mentioned(1).await, Some(3));
    read(3).await;
    assert_eq!((mentioned(1).await, mentioned(2).await), (None, Some(3)));
}

async fn readers_are_those_who_may_read(case: Arc<Case>) {
    let people = case.world.people(3).await;
    let (_, unit) = case.world.unit(&people).await;
    for _ in 0..3 {
        say(&case, unit, people[0], text("x"), About::default()).await;
    }
    let mark = Mark {
        conversation: unit,
        person: people[1],
        seq: 2,
    };
    case.world.store.flush_marks(&[mark]).await.unwrap();
    let read = case.world.store.readers(unit, 2).await.unwrap();
    let expected: Vec<_> = {
        let mut rows: Vec<_> = people.iter().map(|one| (*one, *one == people[1])).collect();
        rows.sort_unstable();
        rows
    };
    assert_eq!(read, expected);
    assert!(
        case.world
            .store
            .readers(unit, 3)
            .await
            .unwrap()
            .iter()
            .all(|(_, read)| !read)
    );
}

async fn a_draft_takes_the_place_of_the_one_before(case: Arc<Case>) {
    let people = case.world.people(2).await;
    let draft = |to: Target, text: &str, at| DraftRow {
        to,
        text: text.into(),
        updated: Millis(at),
    };
    let keep = async |row: DraftRow| {
        case.world
            .store
            .keep_draft(people[0], &row, 3)
            .await
            .unwrap();
    };
    let mine = async || case.world.store.drafts(people[0], 9).await.unwrap();
    let to = |n: u128| Target::Conversation(uuid::Uuid::from_u128(n).into());
    // The same id for another kind of target is another draft.
    let (person, unit) = (Target::Person(people[1]), Target::Unit(people[1].0.into()));
    keep(draft(person, "一", 1)).await;
    keep(draft(unit, "二", 2)).await;
    keep(draft(person, "三 🎉", 3)).await;
    assert_eq!(
        mine().await,
        [draft(person, "三 🎉", 3), draft(unit, "二", 2)]
    );
    keep(draft(unit, "", 4)).await;
    assert_eq!(mine().await, [draft(person, "三 🎉", 3)]);
    for n in 4_i64..9 {
        keep(draft(to(n.unsigned_abs().into()), "more", n)).await;
    }
    assert_eq!(
        mine()
            .await
            .iter()
            .map(|row| row.updated.0)
            .collect::<Vec<_>>(),
        [8, 7, 6]
    );
    assert!(
        case.world
            .store
            .drafts(people[1], 9)
            .await
            .unwrap()
            .is_empty()
    );
}
