//! A committer that has written a conversation before, while others change it: what it remembers never counts more
//! than what is there.

use super::*;

on_all!(
    batch_after_batch_has_no_gap,
    a_repeat_of_an_earlier_batch_is_found,
    what_another_committer_wrote_is_seen,
    who_was_removed_meanwhile_is_refused,
    a_lease_that_moved_meanwhile_is_seen,
    a_conversation_that_was_closed_meanwhile_refuses,
    what_failed_in_between_is_not_remembered,
);

/// A committer that runs on.
struct Lasting {
    committer: webim_store::Committer<oneshot::Sender<Outcome>>,
    stop: CancellationToken,
    tasks: tokio::task::JoinSet<()>,
}

struct Answers;

#[async_trait::async_trait]
impl Sink<oneshot::Sender<Outcome>> for Answers {
    async fn settled(&self, batch: Vec<Settled<oneshot::Sender<Outcome>>>) {
        for settled in batch {
            let _ = settled.ticket.send(settled.outcome);
        }
    }
}

impl Lasting {
    fn new(case: &Case, faults: Option<Arc<dyn Faults>>) -> Self {
        let config = CommitterConfig::default();
        let (committer, shards) =
            case.world
                .store
                .committer_with(config, Arc::new(Answers), faults);
        let (stop, mut tasks) = (CancellationToken::new(), tokio::task::JoinSet::new());
        for shard in shards {
            tasks.spawn(shard.run(stop.clone()));
        }
        Self {
            committer,
            stop,
            tasks,
        }
    }

    async fn commit(&self, batch: Vec<webim_store::NewMessage>) -> Vec<Outcome> {
        let mut waiting = Vec::new();
        for message in batch {
            let (ticket, outcome) = oneshot::channel();
            let sent = self.committer.submit(message, ticket).await;
            assert!(sent.is_ok(), "the committer runs");
            waiting.push(outcome);
        }
        let mut outcomes = Vec::new();
        for outcome in waiting {
            outcomes.push(outcome.await.unwrap());
        }
        outcomes
    }

    async fn end(mut self) {
        self.stop.cancel();
        while let Some(task) = self.tasks.join_next().await {
            task.unwrap();
        }
    }
}

async fn sound(case: &Case, conversation: ConversationId, messages: u64) {
    let verified = case.world.store.verify(conversation).await;
    assert_eq!(verified.unwrap().unwrap().fault, None);
    let row = case.world.store.conversation(conversation).await;
    assert_eq!(row.unwrap().unwrap().last_seq, messages);
}

async fn batch_after_batch_has_no_gap(case: Arc<Case>) {
    let world = &case.world;
    let (one, two, first) = pair(&case).await;
    let third = world.people(1).await[0];
    let second = world.store.direct(one, third).await.unwrap();
    let lasting = Lasting::new(&case, None);
    let mut seqs = (0, 0);
    for round in 0..12_usize {
        let mut batch = Vec::new();
        for at in 0..=round {
            batch.push(world.text(first, if at % 2 == 0 { one } else { two }, "你好"));
            if round % 3 == 0 {
                batch.push(world.text(second, third, "and you"));
                batch.push(world.line(second, "a line"));
            }
        }
        for outcome in lasting.commit(batch).await {
            let message = stored(&outcome);
            let last = if message.conversation == first {
                &mut seqs.0
            } else {
                &mut seqs.1
            };
            *last += 1;
            assert_eq!(message.seq, *last);
        }
    }
    lasting.end().await;
    sound(&case, first, seqs.0).await;
    sound(&case, second, seqs.1).await;
}

async fn a_repeat_of_an_earlier_batch_is_found(case: Arc<Case>) {
    let world = &case.world;
    let (one, two, conversation) = pair(&case).await;
    let lasting = Lasting::new(&case, None);
    let message = world.text(conversation, one, "once");
    let first = lasting.commit(vec![message.clone()]).await;
    let mut reused = world.text(conversation, one, "something else");
    reused.client_id = message.client_id;
    let mut again = message.clone();
    again.id = world.id();
    let other = world.text(conversation, two, "another");
    let outcomes = lasting.commit(vec![again, other, reused]).await;
    assert_eq!(outcomes[0], Outcome::Repeat(place(stored(&first[0]))));
    assert_eq!(stored(&outcomes[1]).seq, 2);
    assert_eq!(outcomes[2], Outcome::Refused(Refusal::ClientIdReused));
    let last = lasting
        .commit(vec![world.text(conversation, one, "goes on")])
        .await;
    assert_eq!(stored(&last[0]).seq, 3);
    lasting.end().await;
    sound(&case, conversation, 3).await;
}

async fn what_another_committer_wrote_is_seen(case: Arc<Case>) {
    let world = &case.world;
    let (one, two, conversation) = pair(&case).await;
    let lasting = Lasting::new(&case, None);
    for round in 0..3 {
        let mine = world.text(conversation, one, "mine");
        let outcomes = lasting.commit(vec![mine]).await;
        assert_eq!(stored(&outcomes[0]).seq, 2 * round + 1);
        assert_eq!(world.say(conversation, two, "other").await, 2 * round + 2);
    }
    lasting.end().await;
    sound(&case, conversation, 6).await;
}

async fn who_was_removed_meanwhile_is_refused(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(3).await;
    let (unit, conversation) = world.unit(&people).await;
    let (version, _) = world.store.members(conversation).await.unwrap();
    let text = |person: usize| {
        let mut message = world.text(conversation, people[person], "still here?");
        message.member_version = version;
        message
    };
    let lasting = Lasting::new(&case, None);
    assert_eq!(stored(&lasting.commit(vec![text(1)]).await[0]).seq, 1);
    let mut plan = world.plan().await;
    plan.memberships_remove = vec![(unit, people[1])];
    world.store.apply_directory(&plan).await.unwrap();
    let outcomes = lasting.commit(vec![text(0), text(1)]).await;
    assert!(matches!(&outcomes[0], Outcome::Stored { message, stale: true } if message.seq == 2));
    let unknown = Outcome::Refused(Refusal::ConversationUnknown);
    assert_eq!(outcomes[1], unknown);
    lasting.end().await;
    sound(&case, conversation, 2).await;
}

async fn a_lease_that_moved_meanwhile_is_seen(case: Arc<Case>) {
    let world = &case.world;
    let (customer, agent, conversation) = pair(&case).await;
    let id = |person: PersonId| sea_orm::Value::Uuid(Some(person.0));
    let beside = case.database.beside().await;
    let sql = "UPDATE conversations SET kind = 'service', customer_id = ?, holder = 'agent', holder_id = ?, lease = 3";
    beside.run(sql, vec![id(customer), id(agent)]).await;
    let answer = |lease: u64| {
        let mut answer = world.text(conversation, agent, "the answer");
        answer.lease = Some(lease);
        answer
    };
    let lasting = Lasting::new(&case, None);
    assert_eq!(stored(&lasting.commit(vec![answer(3)]).await[0]).seq, 1);
    beside
        .run("UPDATE conversations SET lease = 4", Vec::new())
        .await;
    // The old owner's answer, then the new one's, whose lease is not remembered here yet.
    let stale = Outcome::Refused(Refusal::LeaseStale);
    assert_eq!(lasting.commit(vec![answer(3)]).await, [stale]);
    assert_eq!(stored(&lasting.commit(vec![answer(4)]).await[0]).seq, 2);
    beside
        .run("UPDATE conversations SET lease = 5", Vec::new())
        .await;
    assert_eq!(stored(&lasting.commit(vec![answer(5)]).await[0]).seq, 3);
    lasting.end().await;
    sound(&case, conversation, 3).await;
}

async fn a_conversation_that_was_closed_meanwhile_refuses(case: Arc<Case>) {
    let world = &case.world;
    let (one, _, conversation) = pair(&case).await;
    let lasting = Lasting::new(&case, None);
    let text = || world.text(conversation, one, "anybody there?");
    assert_eq!(stored(&lasting.commit(vec![text()]).await[0]).seq, 1);
    let beside = case.database.beside().await;
    beside
        .run("UPDATE conversations SET state = 'closed'", Vec::new())
        .await;
    let unknown = Outcome::Refused(Refusal::ConversationUnknown);
    assert_eq!(lasting.commit(vec![text()]).await, [unknown]);
    lasting.end().await;
    sound(&case, conversation, 1).await;
}

async fn what_failed_in_between_is_not_remembered(case: Arc<Case>) {
    let world = &case.world;
    let (one, two, conversation) = pair(&case).await;
    let text = |person| world.text(conversation, person, "text");
    // The second batch's COMMIT is not carried out, the third one's answer is lost.
    let faults = lost::Failing::at(&[
        (Point::Commit, lost::gone()),
        (Point::Committed, lost::gone()),
    ]);
    let lasting = Lasting::new(&case, Some(faults.clone()));
    faults.hold(true);
    assert_eq!(stored(&lasting.commit(vec![text(one)]).await[0]).seq, 1);
    faults.hold(false);
    let refused = Outcome::Refused(Refusal::StoreUnavailable);
    assert_eq!(lasting.commit(vec![text(two)]).await, [refused]);
    assert_eq!(stored(&lasting.commit(vec![text(one)]).await[0]).seq, 2);
    assert_eq!(stored(&lasting.commit(vec![text(two)]).await[0]).seq, 3);
    lasting.end().await;
    sound(&case, conversation, 3).await;
}
