//! Sessions.

use std::sync::Arc;

use webim_model::{Millis, PersonId};
use webim_store::{SessionRow, StoreError};

use super::Case;

on_all!(
    a_session_is_found_by_its_hash,
    sessions_end,
    a_session_needs_its_person,
);

fn session(case: &Case, person: PersonId, byte: u8) -> SessionRow {
    SessionRow {
        id: case.world.id(),
        person,
        token_hash: [byte; 32],
        created: Millis(1_000),
        expires: Millis(2_000),
        seen: Millis(1_000),
        device: "Firefox 在 Linux".into(),
    }
}

async fn a_session_is_found_by_its_hash(case: Arc<Case>) {
    let store = &case.world.store;
    let person = case.world.people(1).await[0];
    let mut row = session(&case, person, 1);
    store.insert_session(&row).await.unwrap();
    let (found, who) = store.session_by_hash(&[1; 32]).await.unwrap().unwrap();
    assert_eq!((found, who.id), (row.clone(), person));
    assert_eq!(store.session_by_hash(&[2; 32]).await.unwrap(), None);
    (row.expires, row.seen) = (Millis(9_000), Millis(5_000));
    let touched = store.touch_sessions(&[row.id], row.expires, row.seen).await;
    assert_eq!(touched, Ok(1));
    let (found, _) = store.session_by_hash(&[1; 32]).await.unwrap().unwrap();
    assert_eq!(found, row);
    let twin = SessionRow {
        id: case.world.id(),
        ..row
    };
    let refused = store.insert_session(&twin).await;
    assert!(matches!(refused, Err(StoreError::Constraint(_))));
}

async fn sessions_end(case: Arc<Case>) {
    let store = &case.world.store;
    let people = case.world.people(2).await;
    let rows: Vec<_> = (0..4).map(|byte| session(&case, people[0], byte)).collect();
    for row in &rows {
        store.insert_session(row).await.unwrap();
    }
    let other = session(&case, people[1], 9);
    store.insert_session(&other).await.unwrap();
    assert!(store.delete_session(rows[0].id).await.unwrap());
    assert!(!store.delete_session(rows[0].id).await.unwrap());
    let gone = store
        .touch_sessions(&[rows[0].id], Millis(1), Millis(1))
        .await;
    assert_eq!(gone, Ok(0));
    let mut ended = store
        .delete_sessions_of(people[0], Some(rows[2].id))
        .await
        .unwrap();
    ended.sort_unstable();
    let mut expected = [rows[1].id, rows[3].id];
    expected.sort_unstable();
    assert_eq!(ended, expected);
    assert!(store.session_by_hash(&[2; 32]).await.unwrap().is_some());
    assert_eq!(
        store.delete_sessions_of(people[0], None).await.unwrap(),
        [rows[2].id]
    );
    assert_eq!(
        store.delete_expired_sessions(Millis(2_000)).await.unwrap(),
        0
    );
    assert_eq!(
        store.delete_expired_sessions(Millis(2_001)).await.unwrap(),
        1
    );
    assert_eq!(store.session_by_hash(&[9; 32]).await.unwrap(), None);
}

async fn a_session_needs_its_person(case: Arc<Case>) {
    let row = session(&case, case.world.id(), 1);
    let refused = case.world.store.insert_session(&row).await;
    assert!(matches!(refused, Err(StoreError::Constraint(_))));
}
