//! Read marks: merged by maximum, never back, for members only.

use std::sync::Arc;

use webim_store::{Mark, Moved};

use super::Case;

on_all!(marks_are_merged_by_maximum, many_marks_at_once);

async fn marks_are_merged_by_maximum(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(3).await;
    let conversation = world.store.direct(people[0], people[1]).await.unwrap();
    for _ in 0..5 {
        world.say(conversation, people[1], "text").await;
    }
    let person = people[0];
    let mark = |seq| Mark {
        conversation,
        person,
        seq,
    };
    let moved = world
        .store
        .flush_marks(&[mark(2), mark(4), mark(3)])
        .await
        .unwrap();
    assert_eq!(
        moved,
        [Moved {
            conversation,
            person,
            read_seq: 4,
            unread: 1
        }]
    );
    // Back, the same again, beyond the end, nobody's, and no conversation's.
    let stranger = Mark {
        conversation,
        person: people[2],
        seq: 5,
    };
    let nowhere = Mark {
        conversation: world.id(),
        person,
        seq: 1,
    };
    let ignored = [mark(3), mark(4), stranger, nowhere];
    assert_eq!(world.store.flush_marks(&ignored).await.unwrap(), []);
    assert_eq!(world.store.flush_marks(&[mark(6)]).await.unwrap(), []);
    assert_eq!(
        world.store.flush_marks(&[mark(u64::MAX)]).await.unwrap(),
        []
    );
    let (_, members) = world.store.members(conversation).await.unwrap();
    let mine = members
        .iter()
        .find(|member| member.person == person)
        .unwrap();
    assert_eq!((mine.read_seq, mine.read_counted), (4, 4));
    assert_eq!(members.len(), 2);
    let moved = world.store.flush_marks(&[mark(5)]).await.unwrap();
    assert_eq!(moved[0].unread, 0);
    assert_eq!(world.store.flush_marks(&[]).await.unwrap(), []);
}

async fn many_marks_at_once(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(80).await;
    let (_, conversation) = world.unit(&people).await;
    for _ in 0..2 {
        world.say(conversation, people[0], "text").await;
    }
    let marks: Vec<_> = people
        .iter()
        .map(|person| Mark {
            conversation,
            person: *person,
            seq: 2,
        })
        .collect();
    assert_eq!(world.store.flush_marks(&marks).await.unwrap().len(), 80);
    let (_, members) = world.store.members(conversation).await.unwrap();
    assert!(members.iter().all(|member| member.read_seq == 2));
}
