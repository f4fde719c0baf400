//! What a message costs in the store: CPU of this process per message at several sizes of batch, and the time of a page
//! of history. `commit_bench [URL] [CONVERSATIONS] [MESSAGES]`; without a URL in a new SQLite file.
//!
//! CPU is compared, not time: it hardly depends on what else the machine does. The database's own process, where it has
//! one, is not counted.

use std::fs;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use webim_contract::world::World;
use webim_model::{ConversationId, PersonId, Sources};
use webim_store::{Committer, CommitterConfig, Outcome, Page, Settled, Sink, Store, StoreConfig};

const TEXT: &str = "一百二十八个字节的一条消息，用来衡量写入一条消息需要多少处理器时间。The rest is English, so that both are there.";

#[tokio::main(worker_threads = 2)]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("bench.db");
    let url = arguments
        .next()
        .filter(|url| url != "-")
        .unwrap_or_else(|| format!("sqlite://{}?mode=rwc", file.display()));
    let mut number = |otherwise: usize| {
        let argument = arguments.next().map(|argument| argument.parse());
        argument.map_or(otherwise, |number| number.expect("a number"))
    };
    let (conversations, messages) = (number(50), number(40_000));
    let config = StoreConfig { url, readers: 2 };
    let sources = Sources::system();
    let store = Store::open(&config, sources.clone())
        .await
        .expect("a database");
    store
        .migrate()
        .await
        .expect("a database that can be migrated");
    let bench = Bench::new(World::new(store, sources), conversations).await;
    for batch in [1, 10, 25, 100] {
        let rounds = (messages / batch).clamp(1, 8_000);
        bench.commit(batch, rounds).await;
    }
    bench.history().await;
}

struct Bench {
    world: World,
    at: Vec<(ConversationId, PersonId)>,
    committer: Committer<()>,
    settled: tokio::sync::Mutex<mpsc::Receiver<usize>>,
}

struct Count(mpsc::Sender<usize>);

#[async_trait::async_trait]
impl Sink<()> for Count {
    async fn settled(&self, batch: Vec<Settled<()>>) {
        for settled in &batch {
            assert!(
                matches!(settled.outcome, Outcome::Stored { .. }),
                "{:?}",
                settled.outcome
            );
        }
        self.0.send(batch.len()).await.expect("somebody counts");
    }
}

impl Bench {
    async fn new(world: World, conversations: usize) -> Self {
        let people = world.people(conversations + 1).await;
        let mut at = Vec::new();
        for other in &people[1..] {
            let conversation = world.store.direct(people[0], *other).await.expect("a pair");
            at.push((conversation, people[0]));
        }
        let (count, settled) = mpsc::channel(256);
        let config = CommitterConfig {
            shards: 1,
            ..CommitterConfig::default()
        };
        let (committer, tasks) = world.store.committer(config, Arc::new(Count(count)));
        for task in tasks {
            tokio::spawn(task.run(CancellationToken::new()));
        }
        Self {
            world,
            at,
            committer,
            settled: tokio::sync::Mutex::new(settled),
        }
    }

    async fn commit(&self, batch: usize, rounds: usize) {
        self.rounds(batch, rounds / 10 + 1).await;
        let (cpu, began) = (cpu(), Instant::now());
        let made = self.rounds(batch, rounds).await;
        let messages = batch * rounds;
        let spent = self::cpu() - cpu - made;
        let took = began.elapsed();
        say(&format!(
            "batch {batch:>4}: {:6.2} us CPU per message, {:6.1} us per batch, {:8.0} messages/s",
            micros(spent) / count(messages),
            micros(spent) / count(rounds),
            count(messages) / took.as_secs_f64(),
        ));
    }

    /// Returns the CPU that making the messages cost, which is not the store's.
    async fn rounds(&self, batch: usize, rounds: usize) -> u64 {
        let mut settled = self.settled.lock().await;
        let mut made = 0;
        for round in 0..rounds {
            let began = thread_cpu();
            let messages: Vec<_> = (0..batch)
                .map(|number| {
                    let (conversation, sender) = self.at[(round * batch + number) % self.at.len()];
                    self.world.text(conversation, sender, TEXT)
                })
                .collect();
            made += thread_cpu() - began;
            for message in messages {
                self.committer.submit(message, ()).await.expect("it runs");
            }
            let mut stored = 0;
            while stored < batch {
                stored += settled.recv().await.expect("it runs");
            }
        }
        made
    }

    async fn history(&self) {
        let (conversation, person) = self.at[0];
        let last = self.world.store.conversation(conversation).await;
        let last = last.expect("it answers").expect("it is there").last_seq;
        for page in [Page::Latest, Page::After(0), Page::Before(last / 2)] {
            let store = &self.world.store;
            let read = || async {
                let page = store.history(person, conversation, page, 50).await;
                page.expect("it answers").expect("a member").0.len()
            };
            for _ in 0..100 {
                read().await;
            }
            let (cpu, began) = (cpu(), Instant::now());
            for _ in 0..2_000 {
                assert_eq!(read().await, 50);
            }
            say(&format!(
                "page {page:?} of {last}: {:.0} us CPU, {:.0} us",
                micros(self::cpu() - cpu) / 2_000.0,
                began.elapsed().as_secs_f64() * 1e6 / 2_000.0,
            ));
        }
    }
}

/// Nanoseconds that all threads have run.
fn cpu() -> u64 {
    let tasks = fs::read_dir("/proc/self/task").expect("Linux");
    tasks
        .filter_map(|task| fs::read_to_string(task.ok()?.path().join("schedstat")).ok())
        .map(|text| first_number(&text))
        .sum()
}

/// Nanoseconds that this thread has run.
fn thread_cpu() -> u64 {
    first_number(&fs::read_to_string("/proc/thread-self/schedstat").expect("Linux"))
}

fn first_number(text: &str) -> u64 {
    let first = text.split_whitespace().next();
    first.and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn micros(nanos: u64) -> f64 {
    nanos as f64 / 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn count(number: usize) -> f64 {
    number as f64
}

#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
fn say(line: &str) {
    println!("{line}");
}
