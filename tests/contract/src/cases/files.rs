//! Files: whose they are, who may have them, and which of them nobody misses.

use std::sync::Arc;

use webim_model::{ConversationId, FileId, Millis, PersonId};
use webim_store::{FileRow, Outcome, SkinRow};

use super::Case;

on_all!(
    a_file_is_its_owners_until_a_message_shows_it,
    who_leaves_or_came_later_has_it_not,
    what_no_message_shows_is_forgotten,
    a_background_is_kept_until_another_is_chosen,
    a_message_that_shows_a_file_that_is_gone_is_stored,
);

fn row(case: &Case, owner: PersonId) -> FileRow {
    FileRow {
        id: case.world.id(),
        owner,
        name: "图 片.png".into(),
        kind: "picture".into(),
        media_type: "image/png".into(),
        bytes: 5_000_000_000,
        digest: [7; 32],
        width: 640,
        height: 480,
        thumbnail: true,
        created: case.world.sources.now(),
    }
}

pub(super) async fn upload(case: &Case, owner: PersonId) -> FileRow {
    let row = row(case, owner);
    case.world.store.insert_file(&row).await.unwrap();
    row
}

async fn show(case: &Case, at: ConversationId, sender: PersonId, files: &[FileId]) -> u64 {
    let (version, _) = case.world.store.members(at).await.unwrap();
    let mut message = case.world.text(at, sender, "look");
    message.member_version = version;
    message.files = files.to_vec();
    match case.world.commit(vec![message]).await.remove(0) {
        Outcome::Stored { message, .. } => message.seq,
        other => panic!("not stored: {other:?}"),
    }
}

pub(super) async fn may(case: &Case, person: PersonId, file: FileId) -> bool {
    let found = case.world.store.files_for(person, &[file]).await.unwrap();
    found.len() == 1
}

async fn a_file_is_its_owners_until_a_message_shows_it(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(3).await;
    let conversation = world.store.direct(people[0], people[1]).await.unwrap();
    let file = upload(&case, people[0]).await;
    let other = upload(&case, people[1]).await;
    let found = world.store.files_for(people[0], &[file.id, other.id]).await;
    assert_eq!(found.unwrap(), std::slice::from_ref(&file));
    assert!(!may(&case, people[1], file.id).await);
    show(&case, conversation, people[0], &[file.id]).await;
    show(&case, conversation, people[0], &[file.id]).await;
    assert!(may(&case, people[1], file.id).await);
    assert!(!may(&case, people[2], file.id).await);
    assert_eq!(
        world.store.file_bytes_of(people[0]).await.unwrap(),
        5_000_000_000
    );
    assert_eq!(world.store.file_bytes_of(people[2]).await.unwrap(), 0);
    assert_eq!(world.store.files_for(people[0], &[]).await.unwrap(), []);
    let known = world.store.known_files(&[world.id(), file.id]).await;
    assert_eq!(known.unwrap(), [file.id]);
}

async fn who_leaves_or_came_later_has_it_not(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(3).await;
    let (unit, conversation) = world.unit(&people[..2]).await;
    let file = upload(&case, people[0]).await;
    show(&case, conversation, people[0], &[file.id]).await;
    assert!(may(&case, people[1], file.id).await);
    let mut plan = world.plan().await;
    plan.memberships_remove = vec![(unit, people[1])];
    plan.memberships_add = vec![(unit, people[2])];
    world.store.apply_directory(&plan).await.unwrap();
    assert!(!may(&case, people[1], file.id).await);
    assert!(!may(&case, people[2], file.id).await, "it was shown before");
    show(&case, conversation, people[0], &[file.id]).await;
    assert!(may(&case, people[2], file.id).await);
}

async fn what_no_message_shows_is_forgotten(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(2).await;
    let conversation = world.store.direct(people[0], people[1]).await.unwrap();
    let (shown, unused) = (
        upload(&case, people[0]).await,
        upload(&case, people[0]).await,
    );
    show(&case, conversation, people[0], &[shown.id]).await;
    let later = Millis(unused.created.0 + 1);
    assert_eq!(
        world.store.unused_files(shown.created, 9).await.unwrap(),
        []
    );
    assert_eq!(
        world.store.unused_files(later, 9).await.unwrap(),
        [unused.id]
    );
    assert_eq!(world.store.unused_files(later, 0).await.unwrap(), []);
    let forgotten = world.store.forget_files(&[shown.id, unused.id]).await;
    assert_eq!(forgotten.unwrap(), [unused.id]);
    assert!(may(&case, people[1], shown.id).await);
    assert!(!may(&case, people[0], unused.id).await);
}

async fn a_background_is_kept_until_another_is_chosen(case: Arc<Case>) {
    let world = &case.world;
    let [person, other] = world.people(2).await[..] else {
        panic!("two people")
    };
    assert_eq!(world.store.skin(person).await.unwrap(), None);
    let file = upload(&case, person).await;
    let own = SkinRow {
        name: String::new(),
        src: format!("/files/{}", file.id),
        file: Some(file.id),
    };
    world.store.set_skin(person, &own).await.unwrap();
    assert_eq!(world.store.skin(person).await.unwrap(), Some(own));
    assert_eq!(world.store.skin(other).await.unwrap(), None);
    let later = Millis(file.created.0 + 1);
    assert_eq!(world.store.unused_files(later, 9).await.unwrap(), []);
    let kept = world.store.forget_files(&[file.id]).await.unwrap();
    assert_eq!(kept, []);
    let plain = SkinRow::default();
    world.store.set_skin(person, &plain).await.unwrap();
    assert_eq!(world.store.skin(person).await.unwrap(), Some(plain));
    let forgotten = world.store.forget_files(&[file.id]).await.unwrap();
    assert_eq!(forgotten, [file.id]);
}

async fn a_message_that_shows_a_file_that_is_gone_is_stored(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(2).await;
    let conversation = world.store.direct(people[0], people[1]).await.unwrap();
    let (here, gone) = (upload(&case, people[0]).await, world.id());
    assert_eq!(
        show(&case, conversation, people[0], &[gone, here.id]).await,
        1
    );
    assert!(may(&case, people[1], here.id).await);
}
