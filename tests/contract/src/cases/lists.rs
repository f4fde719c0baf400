//! A person's conversations: heads, unread numbers, and the list they look at.

use std::sync::Arc;

use webim_model::ConversationKind;
use webim_store::Mark;

use super::Case;

on_all!(
    heads_and_unread,
    the_list_is_newest_first,
    a_line_on_its_own
);

async fn heads_and_unread(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(3).await;
    let direct = world.store.direct(people[0], people[1]).await.unwrap();
    let (_, unit) = world.unit(&people).await;
    for _ in 0..3 {
        world.say(direct, people[1], "text").await;
    }
    world.commit(vec![world.line(direct, "not counted")]).await;
    let mut heads = world.store.heads_of(people[0]).await.unwrap();
    heads.sort_by_key(|head| head.kind != ConversationKind::Direct);
    assert_eq!(heads.len(), 2);
    assert_eq!((heads[0].conversation, heads[0].last_seq), (direct, 4));
    assert_eq!(
        (heads[0].from_seq, heads[0].read_seq, heads[0].unread),
        (1, 0, 3)
    );
    let last = world.store.position(direct, 4).await.unwrap();
    assert_eq!(heads[0].last_message, last);
    assert_eq!(
        (heads[1].conversation, heads[1].kind),
        (unit, ConversationKind::Unit)
    );
    assert_eq!((heads[1].last_message, heads[1].unread), (None, 0));
    let mark = Mark {
        conversation: direct,
        person: people[0],
        seq: 2,
    };
    world.store.flush_marks(&[mark]).await.unwrap();
    let head = world.store.head(people[0], direct).await.unwrap().unwrap();
    assert_eq!((head.read_seq, head.unread), (2, 1));
    assert_eq!(world.store.head(people[2], direct).await.unwrap(), None);
    assert_eq!(world.store.heads_of(world.id()).await.unwrap(), []);
}

async fn the_list_is_newest_first(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(6).await;
    let me = people[0];
    let (unit, in_unit) = world.unit(&people).await;
    let mut direct = Vec::new();
    for other in &people[1..] {
        direct.push(world.store.direct(me, *other).await.unwrap());
    }
    // The last of them stays empty, and is not shown.
    for at in [2, 0, 3, 1] {
        world
            .say(direct[at], people[at + 1], &format!("from {at}"))
            .await;
    }
    world.say(direct[2], me, "answer").await;
    let expected = [direct[2], direct[1], direct[3], direct[0], in_unit];
    let all = world.store.list(me, None, 50).await.unwrap();
    assert_eq!(
        all.iter().map(|row| row.conversation).collect::<Vec<_>>(),
        expected
    );
    let mut paged = Vec::new();
    let mut before = None;
    loop {
        let page = world.store.list(me, before, 2).await.unwrap();
        let Some(last) = page.last() else {
            break;
        };
        before = Some((last.time, last.conversation));
        paged.extend(page);
    }
    assert_eq!(paged, all);
    assert_eq!(
        (all[0].peer, all[0].last_seq, all[0].unread),
        (Some(people[3]), 2, 2)
    );
    let last = all[0].last.clone().unwrap();
    assert_eq!((last.seq, last.sender), (2, Some(me)));
    assert_eq!(all[0].peer_read_seq, Some(0));
    assert_eq!(
        (all[4].unit, all[4].peer, all[4].peer_read_seq),
        (Some(unit), None, None)
    );
    assert_eq!(all[4].title, format!("部门 {unit}"));
    assert_eq!(all[4].last, None);
}

async fn a_line_on_its_own(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(3).await;
    let direct = world.store.direct(people[0], people[1]).await.unwrap();
    assert!(
        world
            .store
            .list(people[0], None, 10)
            .await
            .unwrap()
            .is_empty()
    );
    let row = world
        .store
        .list_one(people[0], direct)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (row.peer, row.last_seq, row.last),
        (Some(people[1]), 0, None)
    );
    assert_eq!(world.store.list_one(people[2], direct).await.unwrap(), None);
    // Who joins a unit does not see what was said last before.
    let (unit, in_unit) = world.unit(&people[..1]).await;
    world.say(in_unit, people[0], "before").await;
    let mut plan = world.plan().await;
    plan.memberships_add = vec![(unit, people[1])];
    world.store.apply_directory(&plan).await.unwrap();
    let row = world
        .store
        .list_one(people[1], in_unit)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (row.last, row.last_seq, row.from_seq, row.unread),
        (None, 1, 2, 0)
    );
}
