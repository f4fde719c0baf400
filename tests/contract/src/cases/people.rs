//! People, settings, and the database as a whole.

use std::sync::Arc;

use webim_model::Status;
use webim_store::{DirectoryPlan, StoreError};

use super::Case;

on_all!(
    people_are_looked_up,
    logins_compare_exactly,
    people_come_in_pages,
    what_people_change_about_themselves,
    settings_are_kept,
    the_epoch_stays,
    a_closed_store_refuses,
);

async fn people_are_looked_up(case: Arc<Case>) {
    let store = &case.world.store;
    let mut new = case.world.new_person();
    new.password_hash = Some("hash".into());
    let plan = DirectoryPlan {
        people_insert: vec![new.clone()],
        ..case.world.plan().await
    };
    store.apply_directory(&plan).await.unwrap();
    let person = store.person(new.record.id).await.unwrap().unwrap();
    assert_eq!(person.login.as_ref(), Some(&new.record.login));
    assert_eq!((&person.name, person.active), (&new.record.name, true));
    let (found, hash) = store
        .person_by_login(&new.record.login)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found, hash.as_deref()), (person.clone(), Some("hash")));
    let cards = store
        .people_cards(&[case.world.id(), person.id])
        .await
        .unwrap();
    assert_eq!(cards, [person]);
    assert_eq!(store.person(case.world.id()).await.unwrap(), None);
    assert_eq!(store.people_cards(&[]).await.unwrap(), []);
}

async fn logins_compare_exactly(case: Arc<Case>) {
    let store = &case.world.store;
    let mut plan = case.world.plan().await;
    // Case, an accent, and a space at the end, all of which one database or another takes for the same by default.
    let logins = ["li", "Li", "lí", "li "];
    for login in logins {
        let mut person = case.world.new_person();
        person.record.login = login.into();
        plan.people_insert.push(person);
    }
    store.apply_directory(&plan).await.unwrap();
    for (login, new) in logins.iter().zip(&plan.people_insert) {
        let (found, _) = store.person_by_login(login).await.unwrap().unwrap();
        assert_eq!(found.id, new.record.id);
    }
    let mut twin = case.world.plan().await;
    twin.people_insert = vec![case.world.new_person()];
    twin.people_insert[0].record.login = "li".into();
    let refused = store.apply_directory(&twin).await;
    assert!(matches!(refused, Err(StoreError::Constraint(_))));
}

async fn people_come_in_pages(case: Arc<Case>) {
    let store = &case.world.store;
    let mut people = case.world.people(7).await;
    people.sort_unstable();
    let (first, _) = case.world.unit(&people[..4]).await;
    let (second, _) = case.world.unit(&people[3..6]).await;
    let mut plan = case.world.plan().await;
    plan.people_deactivate = vec![people[5]];
    store.apply_directory(&plan).await.unwrap();
    let page = store.people_page(None, None, 4).await.unwrap();
    let ids: Vec<_> = page.iter().map(|(person, _)| person.id).collect();
    assert_eq!(ids, people[..4]);
    let mut both = vec![first, second];
    both.sort_unstable();
    assert_eq!(page[3].1, both);
    assert_eq!(page[0].1, [first]);
    let page = store.people_page(Some(people[3]), None, 4).await.unwrap();
    let ids: Vec<_> = page.iter().map(|(person, _)| person.id).collect();
    assert_eq!(ids, [people[4], people[6]]);
    assert!(page[1].1.is_empty());
    let page = store.people_page(None, Some(second), 10).await.unwrap();
    assert_eq!(page.len(), 2);
    let page = store
        .people_page(Some(people[3]), Some(second), 10)
        .await
        .unwrap();
    assert_eq!(page.len(), 1);
}

async fn what_people_change_about_themselves(case: Arc<Case>) {
    let store = &case.world.store;
    let person = case.world.people(1).await[0];
    assert!(store.set_status(person, Status::Hide).await.unwrap());
    assert!(store.set_sign(person, "今天不在 🙂").await.unwrap());
    assert!(store.set_password(person, "new").await.unwrap());
    assert!(!store.set_sign(case.world.id(), "nobody").await.unwrap());
    let found = store.person(person).await.unwrap().unwrap();
    assert_eq!(
        (found.status, found.sign.as_str()),
        (Status::Hide, "今天不在 🙂")
    );
    let login = found.login.unwrap();
    let (_, hash) = store.person_by_login(&login).await.unwrap().unwrap();
    assert_eq!(hash.as_deref(), Some("new"));
}

async fn settings_are_kept(case: Arc<Case>) {
    let store = &case.world.store;
    assert_eq!(store.setting("name").await.unwrap(), None);
    for value in ["one", "two", "two"] {
        store.set_setting("name", value).await.unwrap();
        assert_eq!(store.setting("name").await.unwrap().as_deref(), Some(value));
    }
}

async fn the_epoch_stays(case: Arc<Case>) {
    let store = &case.world.store;
    let epoch = store.epoch().await.unwrap();
    store.ping().await.unwrap();
    store.migrate().await.unwrap();
    assert_eq!(store.epoch().await.unwrap(), epoch);
    assert_eq!(
        store.pending_migrations().await.unwrap(),
        Vec::<String>::new()
    );
    let again = case.database.open(&case.database.url).await;
    assert_eq!(again.epoch().await.unwrap(), epoch);
}

async fn a_closed_store_refuses(case: Arc<Case>) {
    let store = case.database.open(&case.database.url).await;
    store.ping().await.unwrap();
    store.close().await;
    assert!(matches!(
        store.ping().await,
        Err(StoreError::Unavailable(_))
    ));
    assert!(store.epoch().await.is_err());
    case.world.store.ping().await.unwrap();
}
