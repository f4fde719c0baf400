//! API tokens, one's own sessions, and when people were last here.

use std::sync::Arc;

use webim_model::{Millis, PersonId, Scope, Scopes, Status};
use webim_store::{ApiTokenRow, SessionRow, StoreError};

use super::Case;

on_all!(
    an_api_token_is_found_by_its_hash,
    an_api_token_needs_who_made_it,
    sessions_belong_to_their_person,
    last_seen_is_kept_for_those_who_show_it,
);

fn token(case: &Case, by: PersonId, byte: u8) -> ApiTokenRow {
    ApiTokenRow {
        id: case.world.id(),
        name: "工资系统 🙂".into(),
        token_hash: [byte; 32],
        scopes: Scopes::default().with(Scope::MessagesPush),
        created_by: by,
        created: Millis(1_000 + i64::from(byte)),
        expires: (byte == 1).then_some(Millis(9_000)),
        used: None,
    }
}

async fn an_api_token_is_found_by_its_hash(case: Arc<Case>) {
    let store = &case.world.store;
    let by = case.world.people(1).await[0];
    let (mut one, other) = (token(&case, by, 1), token(&case, by, 2));
    // The order is that of their making.
    store.insert_api_token(&other).await.unwrap();
    store.insert_api_token(&one).await.unwrap();
    let both = [one.clone(), other.clone()];
    assert_eq!(store.api_tokens().await.unwrap(), both);
    let found = store.api_token_by_hash(&[1; 32]).await.unwrap();
    assert_eq!(found.as_ref(), Some(&one));
    assert_eq!(store.api_token_by_hash(&[3; 32]).await.unwrap(), None);
    one.used = Some(Millis(5_000));
    let gone = case.world.id();
    store
        .touch_api_tokens(&[one.id, gone], Millis(5_000))
        .await
        .unwrap();
    let both = [one.clone(), other];
    assert_eq!(store.api_tokens().await.unwrap(), both);
    let twin = ApiTokenRow {
        id: case.world.id(),
        ..one.clone()
    };
    let refused = store.insert_api_token(&twin).await;
    assert!(matches!(refused, Err(StoreError::Constraint(_))));
    assert!(store.delete_api_token(one.id).await.unwrap());
    assert!(!store.delete_api_token(one.id).await.unwrap());
    assert_eq!(store.api_token_by_hash(&[1; 32]).await.unwrap(), None);
}

async fn an_api_token_needs_who_made_it(case: Arc<Case>) {
    let row = token(&case, case.world.id(), 1);
    let refused = case.world.store.insert_api_token(&row).await;
    assert!(matches!(refused, Err(StoreError::Constraint(_))));
}

async fn sessions_belong_to_their_person(case: Arc<Case>) {
    let store = &case.world.store;
    let people = case.world.people(2).await;
    let row = |person: PersonId, byte: u8, expires: i64| SessionRow {
        id: case.world.id(),
        person,
        token_hash: [byte; 32],
        created: Millis(1_000),
        expires: Millis(expires),
        seen: Millis(1_000 + i64::from(byte)),
        device: "Firefox 在 Linux".into(),
    };
    let rows = [
        row(people[0], 1, 5_001),
        row(people[0], 2, 9_000),
        row(people[0], 3, 5_000),
        row(people[1], 4, 9_000),
    ];
    for row in &rows {
        store.insert_session(row).await.unwrap();
    }
    let found = store.sessions_of(people[0], Millis(5_000)).await.unwrap();
    let expected = [&rows[1], &rows[0]].map(|row| SessionRow {
        token_hash: [0; 32],
        ..row.clone()
    });
    assert_eq!(found, expected);
    let of = async |person: PersonId, at: usize| {
        store.delete_session_of(person, rows[at].id).await.unwrap()
    };
    assert!(!of(people[1], 0).await);
    assert!(of(people[0], 0).await);
    assert!(!of(people[0], 0).await);
    assert!(store.session_by_hash(&[4; 32]).await.unwrap().is_some());
}

async fn last_seen_is_kept_for_those_who_show_it(case: Arc<Case>) {
    let store = &case.world.store;
    let people = case.world.people(3).await;
    let seen = async || {
        let mut seen = Vec::new();
        for person in &people {
            let at = store.last_seen(*person).await.unwrap();
            seen.push(at.map(|at| at.0));
        }
        seen
    };
    for person in &people[..2] {
        assert!(!store.shows_last_seen(*person).await.unwrap());
        store
            .set_show_last_seen(*person, true, Millis(1_000))
            .await
            .unwrap();
        assert!(store.shows_last_seen(*person).await.unwrap());
    }
    assert_eq!(seen().await, [Some(1_000), Some(1_000), None]);
    store.set_status(people[1], Status::Hide).await.unwrap();
    store.note_seen(&people, Millis(2_000)).await.unwrap();
    assert_eq!(
        seen().await,
        [Some(2_000), None, None],
        "who hides is not seen"
    );
    store.set_status(people[1], Status::Away).await.unwrap();
    assert_eq!(seen().await[1], Some(1_000), "and was not while hiding");
    store
        .set_show_last_seen(people[0], false, Millis(3_000))
        .await
        .unwrap();
    store.note_seen(&people, Millis(4_000)).await.unwrap();
    assert_eq!(seen().await, [None, Some(4_000), None]);
    // What was not to be seen is not there later either.
    store
        .set_show_last_seen(people[0], true, Millis(5_000))
        .await
        .unwrap();
    assert_eq!(seen().await[0], Some(5_000));
}
