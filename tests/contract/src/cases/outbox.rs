//! The outbox: in order per conversation, never twice at the same time.

use std::sync::Arc;

use uuid::Uuid;
use webim_model::{ConversationId, Millis};
use webim_store::OutboxEntry;
use webim_store::outbox::{Claim, OutboxRow};

use super::Case;

on_all!(
    claims_keep_the_order,
    a_claim_ends,
    two_never_claim_the_same
);

async fn filled(case: &Case, conversations: usize, each: usize) -> Vec<ConversationId> {
    let world = &case.world;
    let people = world.people(conversations + 1).await;
    let mut ids = Vec::new();
    for other in &people[1..] {
        ids.push(world.store.direct(people[0], *other).await.unwrap());
    }
    let mut batch = Vec::new();
    for number in 0..conversations * each {
        let mut message = world.text(ids[number % conversations], people[0], "text");
        message.time = Millis(1_000 + i64::try_from(number).unwrap());
        message.outbox = vec![OutboxEntry {
            topic: "hooks",
            depth: 2,
        }];
        if number == 0 {
            message.outbox.push(OutboxEntry {
                topic: "other",
                depth: 0,
            });
        }
        batch.push(message);
    }
    world.commit(batch).await;
    ids
}

fn claim(by: Uuid, now: i64, limit: u64) -> Claim<'static> {
    Claim {
        topic: "hooks",
        by,
        now: Millis(now),
        until: Millis(now + 100),
        limit,
    }
}

fn places(rows: &[OutboxRow]) -> Vec<(ConversationId, u64)> {
    rows.iter()
        .map(|row| (row.message.conversation, row.message.seq))
        .collect()
}

async fn claims_keep_the_order(case: Arc<Case>) {
    let store = &case.world.store;
    let at = filled(&case, 2, 3).await;
    let by = case.world.id();
    assert_eq!(store.claim_outbox(&claim(by, 999, 10)).await.unwrap(), []);
    let rows = store.claim_outbox(&claim(by, 5_000, 10)).await.unwrap();
    assert_eq!(places(&rows), [(at[0], 1), (at[1], 1)]);
    assert_eq!((rows[0].depth, rows[0].attempts), (2, 1));
    assert_eq!(store.claim_outbox(&claim(by, 5_000, 10)).await.unwrap(), []);
    assert!(store.complete_outbox(&rows[0], by).await.unwrap());
    assert!(!store.complete_outbox(&rows[0], by).await.unwrap());
    assert!(
        store
            .postpone_outbox(&rows[1], by, Millis(6_000))
            .await
            .unwrap()
    );
    // The second conversation waits for its first row.
    let rows = store.claim_outbox(&claim(by, 5_000, 10)).await.unwrap();
    assert_eq!(places(&rows), [(at[0], 2)]);
    assert!(store.abandon_outbox(&rows[0], by).await.unwrap());
    let rows = store.claim_outbox(&claim(by, 6_000, 10)).await.unwrap();
    assert_eq!(places(&rows), [(at[0], 3), (at[1], 1)]);
    assert_eq!(rows[1].attempts, 2);
    let other = Claim {
        topic: "other",
        ..claim(by, 6_000, 10)
    };
    assert_eq!(store.claim_outbox(&other).await.unwrap().len(), 1);
}

async fn a_claim_ends(case: Arc<Case>) {
    let store = &case.world.store;
    filled(&case, 1, 1).await;
    let (first, second) = (case.world.id(), case.world.id());
    let rows = store.claim_outbox(&claim(first, 5_000, 10)).await.unwrap();
    assert_eq!(
        store.claim_outbox(&claim(second, 5_099, 10)).await.unwrap(),
        []
    );
    let again = store.claim_outbox(&claim(second, 5_100, 10)).await.unwrap();
    assert_eq!(places(&again), places(&rows));
    assert!(!store.complete_outbox(&rows[0], first).await.unwrap());
    assert!(store.complete_outbox(&again[0], second).await.unwrap());
}

async fn two_never_claim_the_same(case: Arc<Case>) {
    let at = filled(&case, 20, 1).await;
    let mut claimers = Vec::new();
    for _ in 0..4 {
        let case = case.clone();
        claimers.push(tokio::spawn(async move {
            let by = case.world.id();
            let mut mine = Vec::new();
            for _ in 0..5 {
                let claim = claim(by, 5_000, 3);
                mine.extend(case.world.store.claim_outbox(&claim).await.unwrap());
            }
            places(&mine)
        }));
    }
    let mut claimed = Vec::new();
    for claimer in claimers {
        claimed.extend(claimer.await.unwrap());
    }
    claimed.sort_unstable();
    let mut expected: Vec<_> = at.iter().map(|conversation| (*conversation, 1)).collect();
    expected.sort_unstable();
    assert_eq!(claimed, expected);
}
