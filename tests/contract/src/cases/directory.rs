//! The directory: one import of a whole organisation, the same again, and what it does to conversations.

use std::collections::HashSet;
use std::sync::Arc;

use webim_model::{PersonId, Role, Roles, UnitId};
use webim_store::{DirectoryPlan, DirectorySnapshot, StoreError, UnitRecord};

use super::Case;

on_all!(
    five_thousand_people_in_three_hundred_units,
    a_plan_is_all_or_nothing,
    a_plan_from_an_old_snapshot_is_refused,
    records_change_and_come_back,
    who_leaves_the_organisation_leaves_everything,
    units_stand_as_a_tree,
);

/// Five levels, 300 units, 5,000 people, each in one unit and every tenth in two.
fn organisation(case: &Case) -> DirectoryPlan {
    let world = &case.world;
    let mut plan = DirectoryPlan::default();
    for number in 0..300_usize {
        let parent = number
            .checked_sub(1)
            .map(|before| plan.units_insert[before / 4].id);
        let mut unit = world.new_unit(parent);
        unit.position = i32::try_from(number).unwrap();
        plan.units_insert.push(unit);
    }
    for number in 0..5_000_usize {
        let mut person = world.new_person();
        person.record.roles = if number % 100 == 0 {
            Roles::default().with(Role::Agent)
        } else {
            Roles::default()
        };
        let unit = plan.units_insert[number % 300].id;
        plan.memberships_add.push((unit, person.record.id));
        if number % 10 == 0 {
            let second = plan.units_insert[(number + 7) % 300].id;
            plan.memberships_add.push((second, person.record.id));
        }
        plan.people_insert.push(person);
    }
    // Children before parents: the order must not matter.
    plan.units_insert.reverse();
    plan
}

fn as_snapshot(plan: &DirectoryPlan, version: u64) -> DirectorySnapshot {
    let mut snapshot = DirectorySnapshot {
        version,
        units: plan.units_insert.clone(),
        people: plan
            .people_insert
            .iter()
            .map(|new| new.record.clone())
            .collect(),
        memberships: plan.memberships_add.clone(),
    };
    snapshot.units.sort_by_key(|unit| unit.id);
    snapshot.people.sort_by_key(|person| person.id);
    snapshot.memberships.sort_unstable();
    snapshot
}

async fn five_thousand_people_in_three_hundred_units(case: Arc<Case>) {
    let store = &case.world.store;
    let plan = organisation(&case);
    assert_eq!(store.apply_directory(&plan).await.unwrap(), 1);
    let snapshot = store.directory_snapshot().await.unwrap();
    assert_eq!(snapshot, as_snapshot(&plan, 1));
    // What an import of the same file comes to.
    let nothing = DirectoryPlan {
        version: 1,
        ..DirectoryPlan::default()
    };
    assert_eq!(store.apply_directory(&nothing).await.unwrap(), 1);
    assert_eq!(store.directory_snapshot().await.unwrap(), snapshot);
    let units = store.units().await.unwrap();
    assert_eq!(units.len(), 300);
    assert_eq!(units.iter().map(|unit| unit.people).sum::<u64>(), 5_500);
    let mut seen = HashSet::new();
    for unit in &units {
        assert!(unit.parent.is_none_or(|parent| seen.contains(&parent)));
        seen.insert(unit.id);
    }
    let (_, members) = store.members(units[0].conversation).await.unwrap();
    assert_eq!(u64::try_from(members.len()).unwrap(), units[0].people);
}

async fn a_plan_is_all_or_nothing(case: Arc<Case>) {
    let world = &case.world;
    let before = world.store.directory_snapshot().await.unwrap();
    let unit = world.new_unit(None);
    let person = world.new_person();
    let plan = DirectoryPlan {
        units_insert: vec![unit.clone()],
        memberships_add: vec![
            (unit.id, person.record.id),
            (unit.id, world.id::<PersonId>()),
        ],
        people_insert: vec![person],
        ..world.plan().await
    };
    let refused = world.store.apply_directory(&plan).await;
    assert!(
        matches!(refused, Err(StoreError::Constraint(_))),
        "{refused:?}"
    );
    assert_eq!(world.store.directory_snapshot().await.unwrap(), before);
    let nowhere = DirectoryPlan {
        memberships_add: vec![(world.id::<UnitId>(), world.people(1).await[0])],
        ..world.plan().await
    };
    let refused = world.store.apply_directory(&nowhere).await;
    assert!(
        matches!(refused, Err(StoreError::Constraint(_))),
        "{refused:?}"
    );
}

async fn a_plan_from_an_old_snapshot_is_refused(case: Arc<Case>) {
    let world = &case.world;
    let mut plan = world.plan().await;
    plan.people_insert = vec![world.new_person()];
    world.people(1).await;
    let refused = world.store.apply_directory(&plan).await;
    assert!(matches!(refused, Err(StoreError::Locked(_))));
}

async fn records_change_and_come_back(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(2).await;
    let (unit, conversation) = world.unit(&people).await;
    let snapshot = world.store.directory_snapshot().await.unwrap();
    let mut changed = UnitRecord {
        name: "新名字".into(),
        position: 5,
        ..snapshot.units[0].clone()
    };
    let mut person = snapshot.people[0].clone();
    (person.name, person.roles) = ("李娜".into(), Roles::default().with(Role::Admin));
    let plan = DirectoryPlan {
        units_update: vec![changed.clone()],
        people_update: vec![person.clone()],
        ..world.plan().await
    };
    world.store.apply_directory(&plan).await.unwrap();
    let after = world.store.directory_snapshot().await.unwrap();
    assert_eq!((&after.units[0], &after.people[0]), (&changed, &person));
    assert_eq!(after.memberships, snapshot.memberships);
    changed.active = false;
    let gone = DirectoryPlan {
        units_update: vec![changed.clone()],
        ..world.plan().await
    };
    world.store.apply_directory(&gone).await.unwrap();
    assert!(world.store.units().await.unwrap().is_empty());
    assert_eq!(world.store.unit_conversation(unit).await.unwrap(), None);
    assert!(world.store.heads_of(people[0]).await.unwrap().is_empty());
    changed.active = true;
    let back = DirectoryPlan {
        units_update: vec![changed],
        memberships_add: vec![(unit, people[0])],
        ..world.plan().await
    };
    world.store.apply_directory(&back).await.unwrap();
    let found = world.store.unit_conversation(unit).await.unwrap();
    assert_eq!(found, Some(conversation));
    assert_eq!(world.say(conversation, people[0], "back").await, 1);
}

async fn who_leaves_the_organisation_leaves_everything(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(3).await;
    let (_, conversation) = world.unit(&people).await;
    let (before, _) = world.store.members(conversation).await.unwrap();
    let session = webim_store::SessionRow {
        id: world.id(),
        person: people[0],
        token_hash: [1; 32],
        created: world.sources.now(),
        expires: world.sources.now(),
        seen: world.sources.now(),
        device: String::new(),
    };
    world.store.insert_session(&session).await.unwrap();
    let plan = DirectoryPlan {
        people_deactivate: vec![people[0]],
        ..world.plan().await
    };
    world.store.apply_directory(&plan).await.unwrap();
    let (after, members) = world.store.members(conversation).await.unwrap();
    assert_eq!((after, members.len()), (before + 1, 2));
    assert!(!world.store.person(people[0]).await.unwrap().unwrap().active);
    assert_eq!(world.store.session_by_hash(&[1; 32]).await.unwrap(), None);
    assert_eq!(
        world
            .store
            .directory_snapshot()
            .await
            .unwrap()
            .memberships
            .len(),
        2
    );
}

async fn units_stand_as_a_tree(case: Arc<Case>) {
    let world = &case.world;
    let mut plan = world.plan().await;
    let top = world.new_unit(None);
    let mut names = Vec::new();
    for (name, position, parent) in [
        ("b", 2, Some(top.id)),
        ("c", 1, Some(top.id)),
        ("a", 2, Some(top.id)),
        // Its parent is nowhere: it stands at the top.
        ("lost", -1, Some(world.id())),
    ] {
        let mut unit = world.new_unit(parent);
        (unit.name, unit.position) = (name.into(), position);
        plan.units_insert.push(unit);
    }
    let mut leaf = world.new_unit(Some(plan.units_insert[1].id));
    leaf.name = "leaf".into();
    plan.units_insert.push(leaf);
    plan.units_insert.push(UnitRecord {
        name: "top".into(),
        ..top
    });
    world.store.apply_directory(&plan).await.unwrap();
    for unit in world.store.units().await.unwrap() {
        names.push(unit.name);
    }
    assert_eq!(names, ["lost", "top", "c", "leaf", "a", "b"]);
}
