//! What units' conversations hold, and what who joins sees of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use webim_model::{ConversationId, PersonId, UnitId};
use webim_store::{DirectoryPlan, DirectoryRules};

use super::Case;

on_all!(
    a_unit_holds_those_below,
    a_unit_that_moves_takes_its_people,
    who_joins_reads_everything,
);

/// A top, a unit below it, one below that, and one person in each.
async fn tree(case: &Case) -> ([UnitId; 3], Vec<PersonId>) {
    let world = &case.world;
    let people = world.people(3).await;
    let top = world.new_unit(None);
    let middle = world.new_unit(Some(top.id));
    let bottom = world.new_unit(Some(middle.id));
    let ids = [top.id, middle.id, bottom.id];
    let plan = DirectoryPlan {
        memberships_add: ids.iter().copied().zip(people.iter().copied()).collect(),
        units_insert: vec![bottom, middle, top],
        ..world.plan().await
    };
    world.store.apply_directory(&plan).await.unwrap();
    (ids, people)
}

async fn conversation(case: &Case, unit: UnitId) -> ConversationId {
    let found = case.world.store.unit_conversation(unit).await.unwrap();
    found.unwrap()
}

async fn held(case: &Case, unit: UnitId) -> (u64, BTreeSet<PersonId>) {
    let conversation = conversation(case, unit).await;
    let (version, members) = case.world.store.members(conversation).await.unwrap();
    (
        version,
        members.iter().map(|member| member.person).collect(),
    )
}

async fn a_unit_holds_those_below(case: Arc<Case>) {
    let (world, (ids, people)) = (&case.world, tree(&case).await);
    let [top, middle, bottom] = ids;
    let some = |at: &[usize]| at.iter().map(|at| people[*at]).collect::<BTreeSet<_>>();
    let subtree = DirectoryRules {
        subtree: true,
        ..DirectoryRules::default()
    };
    let (before, direct) = held(&case, top).await;
    assert_eq!(direct, some(&[0]));
    let version = world.store.directory_version().await.unwrap();
    assert!(world.store.set_directory_rules(subtree).await.unwrap());
    assert!(!world.store.set_directory_rules(subtree).await.unwrap());
    assert_eq!(world.store.directory_version().await.unwrap(), version + 1);
    let (after, all) = held(&case, top).await;
    assert!(after > before);
    assert_eq!(all, some(&[0, 1, 2]));
    assert_eq!(held(&case, middle).await.1, some(&[1, 2]));
    assert_eq!(held(&case, bottom).await.1, some(&[2]));
    // Directly in the units they are as before.
    assert_eq!(
        world
            .store
            .directory_snapshot()
            .await
            .unwrap()
            .memberships
            .len(),
        3
    );

    // Who is directly in it as well is in it once, and stays when they leave the one below.
    let plan = DirectoryPlan {
        memberships_add: vec![(top, people[2])],
        memberships_remove: vec![(bottom, people[2])],
        ..world.plan().await
    };
    world.store.apply_directory(&plan).await.unwrap();
    assert_eq!(held(&case, top).await.1, some(&[0, 1, 2]));
    assert_eq!(held(&case, middle).await.1, some(&[1]));
    assert_eq!(held(&case, bottom).await.1, some(&[]));
    let plan = DirectoryPlan {
        people_deactivate: vec![people[1]],
        ..world.plan().await
    };
    world.store.apply_directory(&plan).await.unwrap();
    assert_eq!(held(&case, top).await.1, some(&[0, 2]));
}

async fn a_unit_that_moves_takes_its_people(case: Arc<Case>) {
    let (world, (ids, people)) = (&case.world, tree(&case).await);
    let [top, middle, bottom] = ids;
    let some = |at: &[usize]| at.iter().map(|at| people[*at]).collect::<BTreeSet<_>>();
    let subtree = DirectoryRules {
        subtree: true,
        ..DirectoryRules::default()
    };
    world.store.set_directory_rules(subtree).await.unwrap();
    let mut moved = world.store.directory_snapshot().await.unwrap().units;
    moved.retain(|unit| unit.id == bottom);
    moved[0].parent = None;
    let plan = DirectoryPlan {
        units_update: moved,
        ..world.plan().await
    };
    world.store.apply_directory(&plan).await.unwrap();
    assert_eq!(held(&case, top).await.1, some(&[0, 1]));
    assert_eq!(held(&case, middle).await.1, some(&[1]));
    assert_eq!(held(&case, bottom).await.1, some(&[2]));
    // And back to who is directly in it.
    let direct = DirectoryRules::default();
    assert!(world.store.set_directory_rules(direct).await.unwrap());
    assert_eq!(held(&case, top).await.1, some(&[0]));
}

async fn who_joins_reads_everything(case: Arc<Case>) {
    let (world, (ids, people)) = (&case.world, tree(&case).await);
    let conversation = conversation(&case, ids[0]).await;
    world.say(conversation, people[0], "before").await;
    for (history, subtree, joiner, from) in [
        (false, false, people[1], 2),
        (true, false, people[2], 1),
        (true, true, world.people(1).await[0], 1),
    ] {
        let rules = DirectoryRules { history, subtree };
        world.store.set_directory_rules(rules).await.unwrap();
        let plan = DirectoryPlan {
            memberships_add: vec![(ids[0], joiner)],
            ..world.plan().await
        };
        world.store.apply_directory(&plan).await.unwrap();
        let (_, members) = world.store.members(conversation).await.unwrap();
        let member = members.iter().find(|member| member.person == joiner);
        let member = member.unwrap();
        assert_eq!((member.from_seq, member.read_seq), (from, 1), "{rules:?}");
        let head = world
            .store
            .head(joiner, conversation)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(head.unread, 0);
    }
}
