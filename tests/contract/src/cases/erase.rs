//! Erasure: words go, rows and hashes stay, and nobody reads them afterwards by whatever way.

use std::sync::Arc;

use webim_model::{About, Body, ConversationId, ConversationKind, Millis, PersonId, Target};
use webim_store::{DraftRow, Erase, Page, Step};

use super::Case;

on_all!(
    what_is_old_is_erased_and_the_chain_holds,
    what_a_person_said_is_erased_everywhere,
    a_dry_run_changes_nothing,
    a_long_conversation_is_erased_in_steps,
);

async fn bodies(case: &Case, at: ConversationId, reader: PersonId) -> Vec<Body> {
    let page = case
        .world
        .store
        .history(reader, at, Page::After(0), 500)
        .await;
    let (messages, _) = page.unwrap().unwrap();
    messages.into_iter().map(|message| message.body).collect()
}

async fn right(case: &Case, at: ConversationId) -> u64 {
    let verified = case.world.store.verify(at).await.unwrap().unwrap();
    assert_eq!(verified.fault, None);
    verified.erased
}

fn text(text: &str) -> Body {
    Body::Text { text: text.into() }
}

async fn what_is_old_is_erased_and_the_chain_holds(case: Arc<Case>) {
    let people = case.world.people(2).await;
    let at = case.world.store.direct(people[0], people[1]).await.unwrap();
    let file = super::files::upload(&case, people[0]).await;
    let mut first = case.world.text(at, people[0], "alt");
    first.files = vec![file.id];
    first.time = Millis(1_000);
    let mut second = case.world.text(at, people[1], "jung");
    second.time = Millis(5_000);
    // Said later, but in the place of the old one.
    let mut edit = case.world.text(at, people[0], "…");
    (edit.body, edit.about) = (
        Body::Edit {
            text: "ersetzt".into(),
        },
        About::of(1),
    );
    edit.time = Millis(6_000);
    case.world.commit(vec![first, second, edit]).await;
    let step = case
        .world
        .store
        .erase(at, Erase::Before(Millis(5_000)), 0, false)
        .await
        .unwrap();
    assert_eq!(
        step,
        Step {
            next: None,
            messages: 2,
            files: 1
        }
    );
    assert_eq!(
        bodies(&case, at, people[1]).await,
        [Body::Erased, text("jung"), Body::Erased]
    );
    assert!(!super::files::may(&case, people[1], file.id).await);
    assert_eq!(right(&case, at).await, 2);
    // A second time there is nothing.
    let step = case
        .world
        .store
        .erase(at, Erase::Before(Millis(5_000)), 0, false)
        .await
        .unwrap();
    assert_eq!(step, Step::default());
    // And it goes on.
    assert_eq!(case.world.say(at, people[0], "weiter").await, 4);
    assert_eq!(right(&case, at).await, 2);
    let lines = case.world.store.list(people[0], None, 9).await.unwrap();
    assert_eq!(lines.len(), 1);
}

async fn what_a_person_said_is_erased_everywhere(case: Arc<Case>) {
    let people = case.world.people(3).await;
    let store = &case.world.store;
    let direct = store.direct(people[0], people[1]).await.unwrap();
    let (_, unit) = case.world.unit(&people).await;
    for at in [direct, unit] {
        case.world.say(at, people[0], "mine").await;
        case.world.say(at, people[1], "yours").await;
    }
    let row = DraftRow {
        to: Target::Person(people[1]),
        text: "began".into(),
        updated: Millis(1),
    };
    store.keep_draft(people[0], &row, 9).await.unwrap();
    let mut all = store.conversation_kinds(None, 9).await.unwrap();
    all.sort_unstable_by_key(|(_, kind)| kind.name());
    assert_eq!(
        all,
        [
            (direct, ConversationKind::Direct),
            (unit, ConversationKind::Unit)
        ]
    );
    for (at, _) in all {
        let step = store
            .erase(at, Erase::SaidBy(people[0]), 0, false)
            .await
            .unwrap();
        assert_eq!((step.messages, step.next), (1, None));
        assert_eq!(
            bodies(&case, at, people[1]).await,
            [Body::Erased, text("yours")]
        );
        assert_eq!(right(&case, at).await, 1);
    }
    assert_eq!(store.erase_drafts(people[0]).await.unwrap(), 1);
    assert!(store.drafts(people[0], 9).await.unwrap().is_empty());
}

async fn a_dry_run_changes_nothing(case: Arc<Case>) {
    let people = case.world.people(2).await;
    let at = case.world.store.direct(people[0], people[1]).await.unwrap();
    case.world.say(at, people[0], "stays").await;
    let step = case
        .world
        .store
        .erase(at, Erase::SaidBy(people[0]), 0, true)
        .await
        .unwrap();
    assert_eq!(step.messages, 1);
    assert_eq!(bodies(&case, at, people[1]).await, [text("stays")]);
    assert_eq!(right(&case, at).await, 0);
}

async fn a_long_conversation_is_erased_in_steps(case: Arc<Case>) {
    let people = case.world.people(2).await;
    let at = case.world.store.direct(people[0], people[1]).await.unwrap();
    for _ in 0..3 {
        let batch = (0..100)
            .map(|_| case.world.text(at, people[0], "x"))
            .collect();
        case.world.commit(batch).await;
    }
    let (mut after, mut steps, mut messages) = (Some(0), 0, 0);
    while let Some(from) = after {
        let step = case
            .world
            .store
            .erase(at, Erase::SaidBy(people[0]), from, false)
            .await
            .unwrap();
        (after, steps, messages) = (step.next, steps + 1, messages + step.messages);
    }
    assert_eq!((steps, messages), (2, 300));
    assert_eq!(right(&case, at).await, 300);
}
