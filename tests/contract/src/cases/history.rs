//! History: pages from both ends, for members only, from where they joined.

use std::sync::Arc;

use webim_model::{ConversationId, PersonId};
use webim_store::{Page, Range};

use super::Case;

on_all!(
    pages_meet_from_both_ends,
    only_members_read,
    who_joins_later_reads_from_there,
    positions_name_messages,
    parts_of_many_conversations_come_at_once,
    a_restored_older_database_shows_in_positions,
);

async fn filled(case: &Case, count: usize) -> (PersonId, ConversationId) {
    let world = &case.world;
    let people = world.people(2).await;
    let conversation = world.store.direct(people[0], people[1]).await.unwrap();
    let batch = (0..count)
        .map(|number| world.text(conversation, people[number % 2], &format!("{number} 条")))
        .collect();
    world.commit(batch).await;
    (people[0], conversation)
}

async fn page(
    case: &Case,
    at: (PersonId, ConversationId),
    page: Page,
    limit: u64,
) -> (Vec<u64>, bool) {
    let found = case.world.store.history(at.0, at.1, page, limit).await;
    let (messages, more) = found.unwrap().unwrap();
    (messages.iter().map(|message| message.seq).collect(), more)
}

async fn pages_meet_from_both_ends(case: Arc<Case>) {
    let at = filled(&case, 25).await;
    let seqs = |from: u64, to: u64| (from..=to).collect::<Vec<_>>();
    assert_eq!(
        page(&case, at, Page::Latest, 10).await,
        (seqs(16, 25), true)
    );
    assert_eq!(
        page(&case, at, Page::Before(16), 10).await,
        (seqs(6, 15), true)
    );
    assert_eq!(
        page(&case, at, Page::Before(6), 10).await,
        (seqs(1, 5), false)
    );
    assert_eq!(page(&case, at, Page::Before(1), 10).await, (vec![], false));
    assert_eq!(
        page(&case, at, Page::After(0), 10).await,
        (seqs(1, 10), true)
    );
    assert_eq!(
        page(&case, at, Page::After(10), 15).await,
        (seqs(11, 25), false)
    );
    assert_eq!(
        page(&case, at, Page::After(15), 9).await,
        (seqs(16, 24), true)
    );
    assert_eq!(page(&case, at, Page::After(25), 10).await, (vec![], false));
    assert_eq!(
        page(&case, at, Page::After(u64::MAX), 10).await,
        (vec![], false)
    );
    assert_eq!(
        page(&case, at, Page::Before(u64::MAX), 2).await,
        (seqs(24, 25), true)
    );
    assert_eq!(page(&case, at, Page::Latest, 0).await, (vec![], true));
    assert_eq!(
        page(&case, at, Page::Latest, u64::MAX).await,
        (seqs(1, 25), false)
    );
}

async fn only_members_read(case: Arc<Case>) {
    let world = &case.world;
    let (member, conversation) = filled(&case, 3).await;
    let stranger = world.people(1).await[0];
    let read = async |person, conversation| {
        let page = world
            .store
            .history(person, conversation, Page::Latest, 10)
            .await;
        page.unwrap().map(|(messages, _)| messages.len())
    };
    assert_eq!(read(member, conversation).await, Some(3));
    assert_eq!(read(stranger, conversation).await, None);
    assert_eq!(read(member, world.id()).await, None);
    let empty = world.store.direct(member, stranger).await.unwrap();
    assert_eq!(read(stranger, empty).await, Some(0));
}

async fn who_joins_later_reads_from_there(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(2).await;
    let (unit, conversation) = world.unit(&people[..1]).await;
    for number in 0..3 {
        world
            .say(conversation, people[0], &format!("{number} 早"))
            .await;
    }
    let mut plan = world.plan().await;
    plan.memberships_add = vec![(unit, people[1])];
    world.store.apply_directory(&plan).await.unwrap();
    let late = (people[1], conversation);
    assert_eq!(page(&case, late, Page::After(0), 10).await, (vec![], false));
    world.say(conversation, people[0], "welcome").await;
    world.say(conversation, people[1], "thank you").await;
    assert_eq!(
        page(&case, late, Page::After(0), 10).await,
        (vec![4, 5], false)
    );
    assert_eq!(
        page(&case, late, Page::Latest, 2).await,
        (vec![4, 5], false)
    );
    let early = (people[0], conversation);
    assert_eq!(
        page(&case, early, Page::Latest, 2).await,
        (vec![4, 5], true)
    );
    let heads = world.store.heads_of(people[1]).await.unwrap();
    assert_eq!((heads[0].from_seq, heads[0].last_seq), (4, 5));
    assert_eq!((heads[0].read_seq, heads[0].unread), (3, 2));
}

async fn parts_of_many_conversations_come_at_once(case: Arc<Case>) {
    let world = &case.world;
    // More than one statement takes.
    let mut ranges = Vec::new();
    for at in 0..40 {
        let (_, conversation) = filled(&case, 5).await;
        ranges.push(Range {
            conversation,
            from: at % 4 + 1,
            to: if at % 3 == 0 { u64::MAX } else { 4 },
        });
    }
    ranges.push(Range {
        conversation: world.id(),
        from: 1,
        to: 9,
    });
    let found = world.store.ranges(&ranges).await.unwrap();
    let mut seen: Vec<_> = found
        .iter()
        .map(|message| (message.conversation, message.seq))
        .collect();
    let mut expected: Vec<_> = ranges[..40]
        .iter()
        .flat_map(|range| (range.from..=range.to.min(5)).map(|seq| (range.conversation, seq)))
        .collect();
    // In order within each conversation; sorting is stable.
    seen.sort_by_key(|(conversation, _)| *conversation);
    expected.sort_by_key(|(conversation, _)| *conversation);
    assert_eq!(seen, expected);
    assert_eq!(world.store.ranges(&[]).await.unwrap(), []);
}

async fn positions_name_messages(case: Arc<Case>) {
    let world = &case.world;
    let (member, conversation) = filled(&case, 3).await;
    let page = world
        .store
        .history(member, conversation, Page::Latest, 10)
        .await;
    let (messages, _) = page.unwrap().unwrap();
    let position = world.store.position(conversation, 2).await.unwrap();
    assert_eq!(position, Some(messages[1].id));
    assert_eq!(world.store.position(conversation, 4).await.unwrap(), None);
    assert_eq!(
        world.store.position(conversation, u64::MAX).await.unwrap(),
        None
    );
    let asked = [(conversation, 3), (world.id(), 1), (conversation, 1)];
    let mut found = world.store.positions(&asked).await.unwrap();
    found.sort_unstable();
    let expected = [
        (conversation, 1, messages[0].id),
        (conversation, 3, messages[2].id),
    ];
    assert_eq!(found, expected);
}

async fn a_restored_older_database_shows_in_positions(case: Arc<Case>) {
    let world = &case.world;
    let (member, conversation) = filled(&case, 5).await;
    let epoch = world.store.epoch().await.unwrap();
    let backup =
        crate::cases::migrations::dump(&case.database, &["conversations", "messages"]).await;
    for _ in 0..3 {
        world.say(conversation, member, "after the backup").await;
    }
    let held = world.store.position(conversation, 7).await.unwrap();
    backup.restore(&case.database).await;
    assert_eq!(world.store.position(conversation, 7).await.unwrap(), None);
    // It grows beyond where the client stood: only the id tells.
    for _ in 0..4 {
        world.say(conversation, member, "after the restore").await;
    }
    let now = world.store.position(conversation, 7).await.unwrap();
    assert!(now.is_some() && now != held);
    assert_eq!(world.store.epoch().await.unwrap(), epoch);
    let verified = world.store.verify(conversation).await.unwrap().unwrap();
    assert_eq!((verified.messages, verified.fault), (9, None));
}
