//! Notice conversations: one for each person however many ask, and one for everyone with all who are active in it.

use std::collections::BTreeSet;
use std::sync::Arc;

use webim_model::{ConversationKind, PersonId};
use webim_store::{DirectoryPlan, Mark};

use super::Case;

on_all!(
    one_for_each_person,
    everyone_who_is_active,
    a_page_of_notices,
    a_program_says_things_once,
);

async fn one_for_each_person(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(70).await;
    let asked = (0..20).map(|from| {
        let (store, some) = (world.store.clone(), people[from..from + 50].to_vec());
        tokio::spawn(async move { store.notices(&some, "系统通知").await })
    });
    let mut made = BTreeSet::new();
    for asked in asked.collect::<Vec<_>>() {
        let found = asked.await.unwrap().unwrap();
        assert_eq!(found.len(), 50);
        made.extend(found);
    }
    assert_eq!(made.len(), 69, "each person has one");
    let (person, conversation) = made.first().copied().unwrap();
    let row = world
        .store
        .conversation(conversation)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (row.kind, &*row.title),
        (ConversationKind::Notice, "系统通知")
    );
    let (version, members) = world.store.members(conversation).await.unwrap();
    assert_eq!((version, members.len(), members[0].person), (1, 1, person));
    // Twice the same person is one, and one in which nothing was said is in no list.
    let twice = [person, person];
    let found = world.store.notices(&twice, "another").await.unwrap();
    assert_eq!(found, [(person, conversation)]);
    assert_eq!(world.store.list(person, None, 10).await.unwrap(), []);
    assert_eq!(world.store.notices(&[], "none").await.unwrap(), []);
}

async fn everyone_who_is_active(case: Arc<Case>) {
    let world = &case.world;
    let first = world.people(3).await;
    let asked = (0..20).map(|_| {
        let store = world.store.clone();
        tokio::spawn(async move { store.notice_for_everyone("全员通知").await })
    });
    let mut made = BTreeSet::new();
    for asked in asked.collect::<Vec<_>>() {
        made.insert(asked.await.unwrap().unwrap());
    }
    let everyone = made.pop_first().unwrap();
    assert!(made.is_empty(), "{made:?}");
    let version = world.store.members(everyone).await.unwrap().0;
    world.commit(vec![world.line(everyone, "told")]).await;
    let newcomer = world.people(1).await[0];
    let plan = DirectoryPlan {
        people_deactivate: vec![first[0]],
        ..world.plan().await
    };
    world.store.apply_directory(&plan).await.unwrap();
    assert_eq!(
        world.store.notice_for_everyone("x").await.unwrap(),
        everyone
    );
    let (after, members) = world.store.members(everyone).await.unwrap();
    assert!(after > version);
    let mut seen: Vec<_> = members
        .iter()
        .map(|member| (member.person, member.from_seq, member.read_seq))
        .collect();
    seen.sort_unstable();
    let mut expected = vec![(first[1], 1, 0), (first[2], 1, 0), (newcomer, 2, 1)];
    expected.sort_unstable();
    assert_eq!(seen, expected);
    // With nobody new, nothing moves.
    world.store.notice_for_everyone("x").await.unwrap();
    assert_eq!(world.store.members(everyone).await.unwrap().0, after);
}

async fn a_page_of_notices(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(2).await;
    let own = world.store.notices(&people[..1], "n").await.unwrap()[0].1;
    let everyone = world.store.notice_for_everyone("e").await.unwrap();
    for (conversation, text) in [(own, "1"), (everyone, "2"), (own, "3")] {
        world.commit(vec![world.line(conversation, text)]).await;
    }
    world
        .say(
            world.store.direct(people[0], people[1]).await.unwrap(),
            people[1],
            "x",
        )
        .await;
    let mark = Mark {
        conversation: own,
        person: people[0],
        seq: 1,
    };
    world.store.flush_marks(&[mark]).await.unwrap();
    let page = async |person: PersonId, skip, limit| {
        let (rows, all) = world.store.notices_page(person, skip, limit).await.unwrap();
        let told = rows
            .into_iter()
            .map(|row| (row.message.body.words().to_owned(), row.read));
        (told.collect::<Vec<_>>(), all)
    };
    let told = |words: &[(&str, bool)]| -> Vec<(String, bool)> {
        words
            .iter()
            .map(|(word, read)| ((*word).to_owned(), *read))
            .collect()
    };
    let (all, count) = page(people[0], 0, 10).await;
    assert_eq!(count, 3);
    let mut sorted = all.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, told(&[("1", true), ("2", false), ("3", false)]));
    assert_eq!(page(people[0], 1, 1).await, (all[1..2].to_vec(), 3));
    assert_eq!(page(people[0], 3, 5).await, (Vec::new(), 3));
    assert_eq!(page(people[1], 0, 5).await, (told(&[("2", false)]), 1));
}

async fn a_program_says_things_once(case: Arc<Case>) {
    let world = &case.world;
    let person = world.people(1).await[0];
    let program: PersonId = world.id();
    for _ in 0..2 {
        world.store.keep_program(program, "工资系统").await.unwrap();
    }
    let found = world.store.person(program).await.unwrap().unwrap();
    assert_eq!(
        (found.kind, &*found.name, found.login),
        (webim_model::PersonKind::Robot, "工资系统", None)
    );
    assert_eq!(
        world.store.people_page(None, None, 10).await.unwrap().len(),
        1
    );
    let notice = world.store.notices(&[person], "n").await.unwrap()[0].1;
    let message = world.text(notice, program, "told");
    let outcomes = world.commit(vec![message.clone(), message]).await;
    assert!(
        matches!(outcomes[0], webim_store::Outcome::Stored { .. }),
        "{outcomes:?}"
    );
    assert!(
        matches!(outcomes[1], webim_store::Outcome::Repeat(_)),
        "{outcomes:?}"
    );
    let unit = world.new_unit(None);
    let plan = DirectoryPlan {
        units_insert: vec![unit.clone()],
        ..world.plan().await
    };
    world.store.apply_directory(&plan).await.unwrap();
    assert_eq!(
        world.store.unit_by_code(&unit.code).await.unwrap(),
        Some(unit.id)
    );
    assert_eq!(world.store.unit_by_code("nowhere").await.unwrap(), None);
}
