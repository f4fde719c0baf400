//! The committer: order, once, checks inside the transaction, poison, and answers that are lost.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use webim_model::{ConversationId, Message, PersonId, Refusal};
use webim_store::commit::{Faults, Point};
use webim_store::{
    CommitterConfig, OutboxEntry, Outcome, Page, Settled, Sink, StoreError, Stored, TrySubmit,
};

use super::Case;

mod again;
mod lost;

on_all!(
    numbers_and_counts_have_no_gap,
    a_repeat_gets_the_first_place,
    twins_in_one_batch_are_one,
    a_reused_name_is_refused,
    an_erased_message_cannot_be_told_from_a_repeat,
    poison_harms_only_itself,
    a_moved_membership_is_read_again,
    an_unknown_or_closed_conversation_refuses,
    an_answer_needs_the_lease_of_now,
);

/// The message of an outcome that must be `Stored`.
pub(super) fn stored(outcome: &Outcome) -> &Message {
    match outcome {
        Outcome::Stored { message, .. } => message,
        other => panic!("not stored: {other:?}"),
    }
}

fn place(message: &Message) -> Stored {
    Stored {
        seq: message.seq,
        id: message.id,
        time: message.time,
    }
}

async fn pair(case: &Case) -> (PersonId, PersonId, ConversationId) {
    let people = case.world.people(2).await;
    let conversation = case.world.store.direct(people[0], people[1]).await;
    (people[0], people[1], conversation.unwrap())
}

async fn numbers_and_counts_have_no_gap(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(3).await;
    let first = world.store.direct(people[0], people[1]).await.unwrap();
    let second = world.store.direct(people[0], people[2]).await.unwrap();
    let batch: Vec<_> = (0..60)
        .map(|number| match number % 3 {
            0 => world.text(first, people[0], &format!("第{number}条")),
            1 => world.text(second, people[2], &format!("第{number}条")),
            _ => world.line(first, "system"),
        })
        .collect();
    let outcomes = world.commit(batch.clone()).await;
    let mut expected = [(first, 0, 0), (second, 0, 0)];
    for (asked, outcome) in batch.iter().zip(&outcomes) {
        let message = stored(outcome);
        let at = usize::from(asked.conversation == second);
        expected[at].1 += 1;
        expected[at].2 += u64::from(asked.sender.is_some());
        assert_eq!(
            (message.conversation, message.seq, message.counted),
            expected[at]
        );
        assert_eq!((message.id, &message.body), (asked.id, &asked.body));
    }
    let row = world.store.conversation(first).await.unwrap().unwrap();
    assert_eq!((row.last_seq, row.last_counted), (40, 20));
    let last = stored(&outcomes[59]);
    assert_eq!(
        (row.last_message, row.last_time),
        (Some(last.id), last.time)
    );
    for conversation in [first, second] {
        let verified = world.store.verify(conversation).await.unwrap().unwrap();
        assert_eq!(verified.fault, None);
    }
}

async fn a_repeat_gets_the_first_place(case: Arc<Case>) {
    let world = &case.world;
    let (one, _, conversation) = pair(&case).await;
    let message = world.text(conversation, one, "你好");
    let first = world.commit(vec![message.clone()]).await;
    let mut again = message.clone();
    again.id = world.id();
    again.time = world.sources.now();
    let other = world.text(conversation, one, "another");
    let outcomes = world.commit(vec![again, other]).await;
    assert_eq!(outcomes[0], Outcome::Repeat(place(stored(&first[0]))));
    assert_eq!(stored(&outcomes[1]).seq, 2);
    let name = (conversation, one, message.client_id.unwrap());
    let found = world.store.find_by_client_ids(&[name]).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].seq, found[0].id), (1, message.id));
    assert_eq!(found[0].fingerprint, message.fingerprint);
}

async fn twins_in_one_batch_are_one(case: Arc<Case>) {
    let world = &case.world;
    let (one, two, conversation) = pair(&case).await;
    let message = world.text(conversation, one, "once");
    let mut twin = message.clone();
    twin.id = world.id();
    let mut not_twin = message.clone();
    not_twin.sender = Some(two);
    not_twin.id = world.id();
    let mut false_twin = twin.clone();
    false_twin.fingerprint = Some([9; 16]);
    let outcomes = world
        .commit(vec![message, twin, not_twin, false_twin])
        .await;
    let first = stored(&outcomes[0]);
    assert_eq!(outcomes[1], Outcome::Repeat(place(first)));
    assert_eq!(stored(&outcomes[2]).seq, 2);
    assert_eq!(outcomes[3], Outcome::Refused(Refusal::ClientIdReused));
}

async fn a_reused_name_is_refused(case: Arc<Case>) {
    let world = &case.world;
    let (one, _, conversation) = pair(&case).await;
    let message = world.text(conversation, one, "first");
    world.commit(vec![message.clone()]).await;
    let mut other = world.text(conversation, one, "second");
    other.client_id = message.client_id;
    let outcomes = world.commit(vec![other]).await;
    assert_eq!(outcomes, [Outcome::Refused(Refusal::ClientIdReused)]);
    let row = world.store.conversation(conversation).await.unwrap();
    assert_eq!(row.unwrap().last_seq, 1);
}

async fn an_erased_message_cannot_be_told_from_a_repeat(case: Arc<Case>) {
    let world = &case.world;
    let (one, _, conversation) = pair(&case).await;
    let message = world.text(conversation, one, "to be erased");
    let first = world.commit(vec![message.clone()]).await;
    let sql = "UPDATE messages SET salt = NULL, fingerprint = NULL, body = '{\"text\":\"\"}'";
    case.database.beside().await.run(sql, Vec::new()).await;
    let mut other = world.text(conversation, one, "something else");
    other.client_id = message.client_id;
    let outcomes = world.commit(vec![other]).await;
    assert_eq!(outcomes, [Outcome::Repeat(place(stored(&first[0])))]);
}

async fn poison_harms_only_itself(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(4).await;
    let mut conversations = Vec::new();
    for other in &people[1..] {
        conversations.push(world.store.direct(people[0], *other).await.unwrap());
    }
    // Somebody put a row where the second conversation's next one belongs.
    world.say(conversations[0], people[0], "to be copied").await;
    let sql = "INSERT INTO messages (conversation_id, seq, id, kind, body, sent_at, counted, digest, hash) \
               SELECT ?, 1, id, kind, body, sent_at, counted, digest, hash FROM messages";
    let values = vec![sea_orm::Value::Uuid(Some(conversations[1].0))];
    case.database.beside().await.run(sql, values).await;
    let batch = conversations
        .iter()
        .chain(&conversations)
        .map(|conversation| world.text(*conversation, people[0], "text"))
        .collect();
    let outcomes = world.commit(batch).await;
    let refused = Outcome::Refused(Refusal::Internal);
    assert_eq!(stored(&outcomes[0]).seq, 2);
    assert_eq!(outcomes[1], refused);
    assert_eq!(stored(&outcomes[2]).seq, 1);
    assert_eq!(stored(&outcomes[3]).seq, 3);
    assert_eq!(outcomes[4], refused);
    assert_eq!(stored(&outcomes[5]).seq, 2);
    for conversation in [conversations[0], conversations[2]] {
        let verified = world.store.verify(conversation).await.unwrap().unwrap();
        assert_eq!(verified.fault, None);
    }
}

async fn a_moved_membership_is_read_again(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(3).await;
    let (unit, conversation) = world.unit(&people).await;
    let (before, _) = world.store.members(conversation).await.unwrap();
    let mut plan = world.plan().await;
    plan.memberships_remove = vec![(unit, people[1])];
    world.store.apply_directory(&plan).await.unwrap();
    let (after, members) = world.store.members(conversation).await.unwrap();
    assert!(after > before);
    assert_eq!(members.len(), 2);
    let mut batch = Vec::new();
    for (version, person) in [(before, 0), (before, 1), (after, 2)] {
        let mut message = world.text(conversation, people[person], "still here?");
        message.member_version = version;
        batch.push(message);
    }
    let outcomes = world.commit(batch).await;
    let stale: Vec<_> = outcomes
        .iter()
        .map(|outcome| match outcome {
            Outcome::Stored { message, stale } => Ok((message.seq, *stale)),
            Outcome::Refused(refusal) => Err(*refusal),
            Outcome::Repeat(_) => panic!("nothing repeats"),
        })
        .collect();
    let unknown = Err(Refusal::ConversationUnknown);
    assert_eq!(stale, [Ok((1, true)), unknown, Ok((2, false))]);
}

async fn an_unknown_or_closed_conversation_refuses(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(2).await;
    let (unit, conversation) = world.unit(&people).await;
    let mut plan = world.plan().await;
    plan.units_remove = vec![unit];
    world.store.apply_directory(&plan).await.unwrap();
    let (version, members) = world.store.members(conversation).await.unwrap();
    assert!(members.is_empty());
    let mut closed = world.text(conversation, people[0], "anybody there?");
    closed.member_version = version;
    let nowhere = world.text(world.id(), people[0], "hello");
    let line = world.line(conversation, "closed");
    let outcomes = world.commit(vec![closed, nowhere, line]).await;
    let unknown = Outcome::Refused(Refusal::ConversationUnknown);
    assert_eq!(outcomes[..2], [unknown.clone(), unknown]);
    assert_eq!(stored(&outcomes[2]).seq, 1);
}

async fn an_answer_needs_the_lease_of_now(case: Arc<Case>) {
    let world = &case.world;
    let (customer, agent, conversation) = pair(&case).await;
    // Nothing makes service conversations yet; what the committer checks is there.
    let sql = "UPDATE conversations SET kind = 'service', customer_id = ?, holder = 'agent', holder_id = ?, lease = 3";
    let id = |person: PersonId| sea_orm::Value::Uuid(Some(person.0));
    let values = vec![id(customer), id(agent)];
    case.database.beside().await.run(sql, values).await;
    let mut batch = vec![world.text(conversation, customer, "I have a question")];
    for lease in [None, Some(2), Some(4), Some(3)] {
        let mut answer = world.text(conversation, agent, "the answer");
        answer.lease = lease;
        batch.push(answer);
    }
    let outcomes = world.commit(batch).await;
    assert_eq!(stored(&outcomes[0]).seq, 1);
    assert_eq!(outcomes[1], Outcome::Refused(Refusal::LeaseRequired));
    assert_eq!(outcomes[2], Outcome::Refused(Refusal::LeaseStale));
    assert_eq!(outcomes[3], Outcome::Refused(Refusal::LeaseStale));
    assert_eq!(stored(&outcomes[4]).seq, 2);
}
