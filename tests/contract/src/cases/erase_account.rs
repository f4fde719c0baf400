//! Erasing accounts: who somebody was goes, what they said stays, and their login can be used anew.

use std::sync::Arc;

use webim_model::{Millis, Person, PersonId, Roles, Target};
use webim_store::{
    AccountErasure, AccountParts, DirectoryPlan, DraftRow, PersonRecord, SessionRow,
};

use super::Case;

on_all!(
    an_account_goes_and_history_stays,
    a_login_is_used_anew,
    who_is_active_or_unknown_is_not_erased,
);

/// Somebody with all there can be of an account.
async fn rich(case: &Case) -> PersonRecord {
    let store = &case.world.store;
    let mut new = case.world.new_person();
    new.password_hash = Some("hash".into());
    new.record.avatar = "/files/me".into();
    new.record.roles = Roles(1);
    let plan = DirectoryPlan {
        people_insert: vec![new.clone()],
        ..case.world.plan().await
    };
    store.apply_directory(&plan).await.unwrap();
    let person = new.record.id;
    store.set_sign(person, "bin da").await.unwrap();
    store
        .set_show_last_seen(person, true, Millis(1))
        .await
        .unwrap();
    let row = DraftRow {
        to: Target::Person(case.world.people(1).await[0]),
        text: "began".into(),
        updated: Millis(1),
    };
    store.keep_draft(person, &row, 9).await.unwrap();
    new.record
}

async fn sign_in(case: &Case, person: PersonId) {
    let session = SessionRow {
        id: case.world.id(),
        person,
        token_hash: [7; 32],
        created: Millis(1_000),
        expires: Millis(9_000),
        seen: Millis(1_000),
        device: "Firefox 在 Linux".into(),
    };
    case.world.store.insert_session(&session).await.unwrap();
}

async fn deactivate(case: &Case, person: PersonId) {
    let plan = DirectoryPlan {
        people_deactivate: vec![person],
        ..case.world.plan().await
    };
    case.world.store.apply_directory(&plan).await.unwrap();
}

async fn an_account_goes_and_history_stays(case: Arc<Case>) {
    let store = &case.world.store;
    let gone = rich(&case).await;
    let other = case.world.people(1).await[0];
    let at = store.direct(gone.id, other).await.unwrap();
    case.world.say(at, gone.id, "bleibt").await;
    deactivate(&case, gone.id).await;
    // One that came in while they were put out.
    sign_in(&case, gone.id).await;
    let parts = AccountParts {
        sessions: 1,
        settings: 1,
        drafts: 1,
        service: 0,
    };
    let (before, version) = (
        store.person(gone.id).await.unwrap(),
        store.directory_version().await.unwrap(),
    );
    let dry = store.erase_account(gone.id, true).await.unwrap();
    assert_eq!(dry, AccountErasure::Erased(parts));
    assert_eq!(store.person(gone.id).await.unwrap(), before);
    assert_eq!(store.drafts(gone.id, 9).await.unwrap().len(), 1);
    assert_eq!(store.directory_version().await.unwrap(), version);

    let done = store.erase_account(gone.id, false).await.unwrap();
    assert_eq!(done, AccountErasure::Erased(parts));
    let (after, hash) = store.person_with_password(gone.id).await.unwrap().unwrap();
    let expected = Person {
        login: None,
        name: "已注销 / deleted person".into(),
        avatar: String::new(),
        sign: String::new(),
        roles: Roles::default(),
        active: false,
        ..before.unwrap()
    };
    assert_eq!((after, hash), (expected, None));
    assert_eq!(store.directory_version().await.unwrap(), version + 1);
    assert!(store.drafts(gone.id, 9).await.unwrap().is_empty());
    assert!(!store.shows_last_seen(gone.id).await.unwrap());
    assert_eq!(store.session_by_hash(&[7; 32]).await.unwrap(), None);
    let verified = store.verify(at).await.unwrap().unwrap();
    assert_eq!((verified.fault, verified.erased), (None, 0));
    let lines = store.list(other, None, 9).await.unwrap();
    assert_eq!(lines.len(), 1);
}

async fn a_login_is_used_anew(case: Arc<Case>) {
    let store = &case.world.store;
    let (gone, also) = (rich(&case).await, rich(&case).await);
    // More than one row without a login.
    for person in [&gone, &also] {
        deactivate(&case, person.id).await;
        let done = store.erase_account(person.id, false).await.unwrap();
        assert!(matches!(done, AccountErasure::Erased(_)));
    }
    let stored = store.directory_snapshot().await.unwrap();
    let known = |id| stored.people.iter().any(|person| person.id == id);
    assert!(!known(gone.id) && !known(also.id));
    let mut new = case.world.new_person();
    new.record.login.clone_from(&gone.login);
    let plan = DirectoryPlan {
        people_insert: vec![new.clone()],
        ..case.world.plan().await
    };
    store.apply_directory(&plan).await.unwrap();
    let found = store.person_by_login(&gone.login).await.unwrap();
    assert_eq!(found.unwrap().0.id, new.record.id);
}

async fn who_is_active_or_unknown_is_not_erased(case: Arc<Case>) {
    let store = &case.world.store;
    let person = rich(&case).await;
    let before = store.person(person.id).await.unwrap();
    let version = store.directory_version().await.unwrap();
    let active = store.erase_account(person.id, false).await.unwrap();
    assert_eq!(active, AccountErasure::Active);
    let unknown = store.erase_account(case.world.id(), false).await.unwrap();
    assert_eq!(unknown, AccountErasure::Unknown);
    assert_eq!(store.person(person.id).await.unwrap(), before);
    assert_eq!(store.drafts(person.id, 9).await.unwrap().len(), 1);
    assert_eq!(store.directory_version().await.unwrap(), version);
    deactivate(&case, person.id).await;
    store.erase_account(person.id, false).await.unwrap();
    let again = store.erase_account(person.id, false).await.unwrap();
    assert_eq!(again, AccountErasure::Unknown, "erased before");
}
