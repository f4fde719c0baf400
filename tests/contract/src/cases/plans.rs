//! PostgreSQL's plans: one that was made for a small table must not outlive it.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use webim_model::{ConversationId, PersonId};
use webim_store::CommitterConfig;

use super::Case;
use crate::database::{Beside, Kind};
use crate::world::Heard;

/// Rows that come in beside the committer.
const ROWS: i64 = 60_000;

/// Messages at once: for so many, reading a small table whole is the better plan.
const BATCH: usize = 33;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_committer_reads_little_of_a_table_that_has_grown() {
    super::on(Kind::Postgres, grown).await;
}

async fn grown(case: Arc<Case>) {
    let world = &case.world;
    let people = world.people(2).await;
    let conversation = world.store.direct(people[0], people[1]).await.unwrap();
    let beside = case.database.beside().await;
    // Nobody analyses the table: that would end an old plan at once and hide it.
    beside
        .run(
            "ALTER TABLE messages SET (autovacuum_enabled = off)",
            vec![],
        )
        .await;
    let store = case.database.open(&case.database.url).await;
    let heard = Arc::new(Heard::default());
    let config = CommitterConfig {
        shards: 1,
        ..CommitterConfig::default()
    };
    let (committer, tasks) = store.committer(config, heard.clone());
    let stop = CancellationToken::new();
    let running: Vec<_> = tasks
        .into_iter()
        .map(|task| tokio::spawn(task.run(stop.clone())))
        .collect();
    let batches = async |from: usize, to: usize| {
        for count in from + 1..=to {
            for number in 0..BATCH {
                let message = world.text(conversation, people[0], &format!("message {number}"));
                committer.submit(message, ()).await.unwrap();
            }
            while heard.outcomes().len() < count * BATCH {
                tokio::task::yield_now().await;
            }
        }
    };
    batches(0, 12).await;
    fill(&beside, conversation, (people[1], 12 * BATCH)).await;
    batches(12, 22).await;
    drop(committer);
    stop.cancel();
    for task in running {
        task.await.unwrap();
    }
    // Counts are handed in when a connection ends.
    store.close().await;
    drop(store);
    let all = heard.outcomes();
    let stored = all
        .iter()
        .filter(|one| matches!(one, webim_store::Outcome::Stored { .. }));
    assert_eq!(stored.count(), 22 * BATCH);
    let read = reads(&beside).await;
    assert!(read < ROWS / 2, "{read} rows were read");
}

/// Many messages that the committer knows nothing of.
async fn fill(beside: &Beside, conversation: ConversationId, (sender, last): (PersonId, usize)) {
    let sql = format!(
        "INSERT INTO messages (conversation_id, seq, id, sender_id, client_id, kind, body, sent_at, counted, digest, hash) \
         SELECT '{conversation}', {last} + n, gen_random_uuid(), '{sender}', gen_random_uuid(), 'text', '{{\"text\":\"x\"}}', \
         1790000000000 + n, {last} + n, decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex') \
         FROM generate_series(1, {ROWS}) n"
    );
    assert_eq!(beside.run(&sql, vec![]).await, ROWS.unsigned_abs());
    let sql = format!(
        "UPDATE conversations SET last_seq = last_seq + {ROWS}, last_counted = last_counted + {ROWS} WHERE id = '{conversation}'"
    );
    beside.run(&sql, vec![]).await;
}

/// Rows of messages that all connections but this one have read, once they have told.
async fn reads(beside: &Beside) -> i64 {
    let inserted = "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'messages'";
    let sql = "SELECT (seq_tup_read + COALESCE(idx_tup_fetch, 0))::bigint FROM pg_stat_user_tables \
               WHERE relname = 'messages'";
    let mut ticks = tokio::time::interval(Duration::from_millis(50));
    let all = ROWS + i64::try_from(22 * BATCH).unwrap();
    for _ in 0..600 {
        if beside.number(inserted).await >= all {
            break;
        }
        ticks.tick().await;
    }
    beside.number(sql).await
}
