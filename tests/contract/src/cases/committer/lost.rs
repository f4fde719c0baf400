//! The committer when the database fails it, loses an answer, or is stopped.

use super::*;

on_all!(
    a_lost_answer_that_was_stored_is_found,
    a_lost_answer_that_was_not_stored_is_refused,
    a_lost_answer_that_cannot_be_found_is_unknown,
    what_repeats_beside_a_lost_answer_still_repeats,
    a_failing_database_refuses_all_and_recovers,
    fifty_at_once_make_one_conversation,
    stopping_settles_what_waits,
    a_batch_longer_than_every_padding_is_stored,
);

/// Fails once at each of these points, in this order.
pub(super) struct Failing {
    points: Mutex<Vec<(Point, StoreError)>>,
    looks: AtomicUsize,
    held: std::sync::atomic::AtomicBool,
}

impl Failing {
    pub(super) fn at(points: &[(Point, StoreError)]) -> Arc<Self> {
        Arc::new(Self {
            points: Mutex::new(points.iter().rev().cloned().collect()),
            looks: AtomicUsize::new(0),
            held: std::sync::atomic::AtomicBool::new(false),
        })
    }

    /// Whether nothing fails for now.
    pub(super) fn hold(&self, held: bool) {
        self.held.store(held, Ordering::SeqCst);
    }
}

impl Faults for Failing {
    fn at(&self, point: Point) -> Result<(), StoreError> {
        if point == Point::Look {
            self.looks.fetch_add(1, Ordering::Relaxed);
        }
        if self.held.load(Ordering::SeqCst) {
            return Ok(());
        }
        let mut points = self.points.lock().unwrap();
        match points.pop_if(|(next, _)| *next == point) {
            Some((_, error)) => Err(error),
            None => Ok(()),
        }
    }

    fn patience(&self) -> Duration {
        Duration::ZERO
    }
}

pub(super) fn gone() -> StoreError {
    StoreError::Unavailable("gone".into())
}

async fn a_lost_answer_that_was_stored_is_found(case: Arc<Case>) {
    let world = &case.world;
    let (one, two, conversation) = pair(&case).await;
    let batch = vec![
        world.text(conversation, one, "ping"),
        world.line(conversation, "between"),
        world.text(conversation, two, "pong"),
    ];
    let faults = Failing::at(&[(Point::Committed, gone())]);
    let outcomes = world.commit_with(batch.clone(), Some(faults.clone())).await;
    let seqs: Vec<_> = outcomes.iter().map(|outcome| stored(outcome).seq).collect();
    assert_eq!(seqs, [1, 2, 3]);
    assert_eq!(faults.looks.load(Ordering::Relaxed), 1);
    let again = world.commit(vec![batch[0].clone()]).await;
    assert_eq!(again, [Outcome::Repeat(place(stored(&outcomes[0])))]);
}

async fn a_lost_answer_that_was_not_stored_is_refused(case: Arc<Case>) {
    let world = &case.world;
    let (one, _, conversation) = pair(&case).await;
    let batch = vec![world.text(conversation, one, "ping")];
    let faults = Failing::at(&[(Point::Commit, gone())]);
    let outcomes = world.commit_with(batch.clone(), Some(faults)).await;
    assert_eq!(outcomes, [Outcome::Refused(Refusal::StoreUnavailable)]);
    assert_eq!(stored(&world.commit(batch).await[0]).seq, 1);
}

async fn a_lost_answer_that_cannot_be_found_is_unknown(case: Arc<Case>) {
    let world = &case.world;
    let (one, _, conversation) = pair(&case).await;
    let batch = vec![world.text(conversation, one, "ping")];
    let faults = Failing::at(&[(Point::Committed, gone()), (Point::Look, gone())]);
    let outcomes = world.commit_with(batch.clone(), Some(faults)).await;
    assert_eq!(outcomes, [Outcome::Refused(Refusal::OutcomeUnknown)]);
    // The client says it again, and learns that it was stored.
    let again = world.commit(batch).await;
    assert!(matches!(again[..], [Outcome::Repeat(first)] if first.seq == 1));
}

async fn what_repeats_beside_a_lost_answer_still_repeats(case: Arc<Case>) {
    let world = &case.world;
    let (one, _, conversation) = pair(&case).await;
    let old = world.text(conversation, one, "old");
    let first = world.commit(vec![old.clone()]).await;
    let new = world.text(conversation, one, "new");
    let faults = Failing::at(&[(Point::Commit, gone()), (Point::Look, gone())]);
    let outcomes = world.commit_with(vec![old, new], Some(faults)).await;
    assert_eq!(outcomes[0], Outcome::Repeat(place(stored(&first[0]))));
    assert_eq!(outcomes[1], Outcome::Refused(Refusal::OutcomeUnknown));
}

async fn a_failing_database_refuses_all_and_recovers(case: Arc<Case>) {
    let world = &case.world;
    let (one, _, conversation) = pair(&case).await;
    let batch: Vec<_> = (0..3)
        .map(|_| world.text(conversation, one, "text"))
        .collect();
    let full = || StoreError::Full("full".into());
    let read_only = || StoreError::ReadOnly("read-only".into());
    for points in [
        vec![(Point::Begin, gone())],
        vec![(Point::Begin, read_only())],
        vec![(Point::Write, full())],
    ] {
        let outcomes = world
            .commit_with(batch.clone(), Some(Failing::at(&points)))
            .await;
        let refused = Outcome::Refused(Refusal::StoreUnavailable);
        assert_eq!(outcomes, vec![refused; 3]);
        let row = world.store.conversation(conversation).await.unwrap();
        assert_eq!(row.unwrap().last_seq, 0);
    }
    let outcomes = world.commit(batch).await;
    assert_eq!(stored(&outcomes[2]).seq, 3);
}

/// Tells each submitter what became of their message.
struct Telling;

#[async_trait::async_trait]
impl Sink<oneshot::Sender<Outcome>> for Telling {
    async fn settled(&self, batch: Vec<Settled<oneshot::Sender<Outcome>>>) {
        for settled in batch {
            settled.ticket.send(settled.outcome).unwrap();
        }
    }
}

async fn fifty_at_once_make_one_conversation(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(2).await;
    let config = CommitterConfig {
        queue: 8,
        batch: 16,
        shards: 3,
    };
    let (committer, tasks) = world.store.committer(config, Arc::new(Telling));
    let stop = CancellationToken::new();
    let tasks: Vec<_> = tasks
        .into_iter()
        .map(|task| tokio::spawn(task.run(stop.clone())))
        .collect();
    let mut senders = Vec::new();
    for number in 0..50 {
        let (one, two) = (people[number % 2], people[(number + 1) % 2]);
        let (case, committer) = (case.clone(), committer.clone());
        senders.push(tokio::spawn(async move {
            let world = &case.world;
            let conversation = world.store.direct(one, two).await.unwrap();
            let (tell, told) = oneshot::channel();
            let message = world.text(conversation, one, "first");
            committer.submit(message, tell).await.unwrap();
            let outcome = told.await.unwrap();
            (conversation, stored(&outcome).seq)
        }));
    }
    let mut seqs = Vec::new();
    let mut conversations = Vec::new();
    for sender in senders {
        let (conversation, seq) = sender.await.unwrap();
        conversations.push(conversation);
        seqs.push(seq);
    }
    stop.cancel();
    for task in tasks {
        task.await.unwrap();
    }
    conversations.dedup();
    assert_eq!(conversations.len(), 1);
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=50).collect::<Vec<_>>());
    let (version, members) = world.store.members(conversations[0]).await.unwrap();
    assert_eq!((version, members.len()), (1, 2));
}

async fn stopping_settles_what_waits(case: Arc<Case>) {
    let world = &case.world;
    let (one, _, conversation) = pair(&case).await;
    let config = CommitterConfig {
        queue: 2,
        batch: 1,
        shards: 1,
    };
    let (committer, tasks) = world.store.committer(config, Arc::new(Telling));
    let mut waiting = Vec::new();
    for _ in 0..2 {
        let (tell, told) = oneshot::channel();
        let message = world.text(conversation, one, "text");
        committer.try_submit(message, tell).unwrap();
        waiting.push(told);
    }
    let (tell, _) = oneshot::channel();
    let message = world.text(conversation, one, "one too many");
    let full = committer.try_submit(message, tell);
    assert!(matches!(full, Err(TrySubmit::Full(..))));
    let stop = CancellationToken::new();
    stop.cancel();
    for task in tasks {
        task.run(stop.clone()).await;
    }
    for (told, seq) in waiting.into_iter().zip(1..) {
        assert_eq!(stored(&told.await.unwrap()).seq, seq);
    }
    let (tell, _) = oneshot::channel();
    let message = world.text(conversation, one, "too late");
    assert!(committer.submit(message, tell).await.is_err());
}

async fn a_batch_longer_than_every_padding_is_stored(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(31).await;
    let mut conversations = Vec::new();
    for other in &people[1..] {
        conversations.push(world.store.direct(people[0], *other).await.unwrap());
    }
    let batch: Vec<_> = (0..300)
        .map(|number| {
            let mut message = world.text(conversations[number % 30], people[0], "text");
            message.outbox = vec![OutboxEntry {
                topic: "test",
                depth: 1,
            }];
            message
        })
        .collect();
    let outcomes = world.commit(batch).await;
    assert_eq!(outcomes.len(), 300);
    assert_eq!(stored(&outcomes[299]).seq, 10);
    let page = world
        .store
        .history(people[0], conversations[29], Page::Latest, 50)
        .await
        .unwrap();
    let (messages, more) = page.unwrap();
    assert_eq!((messages.len(), more), (10, false));
    let outbox = case.database.beside().await;
    assert_eq!(outbox.number("SELECT COUNT(*) FROM outbox").await, 300);
}
