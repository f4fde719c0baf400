//! Pairs: in each one person writes and the other reads. What does a message cost, from its sender's frame to its
//! reader's, with the ack and the commit between?

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use webim_model::{PersonId, Sources};

use crate::book::{Book, Got};
use crate::cli::{Common, Pairs};
use crate::ledger::Account;
use crate::names::Names;
use crate::pace::Pace;
use crate::place::Place;
use crate::report::Report;
use crate::server::Server;
use crate::socket::Socket;
use crate::tally::Tally;
use crate::world::{Someone, World};

const WARM: Duration = Duration::from_secs(2);

/// How long the last acks and messages may take to come.
const REST: Duration = Duration::from_secs(30);

/// What all pairs share.
struct Shared {
    tally: Tally,
    names: Names,
    stop: CancellationToken,
    asked: Pairs,
}

/// One pair.
struct Pair {
    conversation: Uuid,
    writer: Side,
    reader: Side,
}

/// One of the two.
struct Side {
    id: PersonId,
    socket: Socket,
    book: Book,
}

/// Runs it.
pub async fn run(common: &Common, asked: &Pairs) -> Result<Report> {
    let place = Place::new(common, "pairs").await?;
    let store = place.open().await?;
    let world = World::new(&store, asked.count * 2, &[]).await?;
    let mut conversations = Vec::new();
    for pair in world.people.chunks(2) {
        conversations.push(store.direct(pair[0].id, pair[1].id).await?.0);
    }
    store.close().await;
    let server = Server::start(&common.server, &place).await?;
    let mut pairs = Vec::new();
    for (people, conversation) in world.people.chunks(2).zip(conversations) {
        let writer = Side::new(&server, &people[0], asked.bytes).await?;
        let reader = Side::new(&server, &people[1], asked.bytes).await?;
        pairs.push(Pair {
            conversation,
            writer,
            reader,
        });
    }
    let mut report = Report::new(title(common, asked));
    let pairs = drive(asked, pairs, &server, &mut report).await?;
    server.stop().await?;
    check(&place, &pairs, &mut report).await?;
    place.remove().await?;
    Ok(report)
}

fn title(common: &Common, asked: &Pairs) -> String {
    let pace = asked.rate.map_or_else(
        || format!("window {}", asked.window),
        |rate| format!("{rate} a second"),
    );
    format!(
        "pairs: {} pairs, {pace}, {} bytes, {:?}",
        asked.count, asked.bytes, common.database
    )
}

/// Lets all pairs run while the server is measured.
async fn drive(
    asked: &Pairs,
    pairs: Vec<Pair>,
    server: &Server,
    report: &mut Report,
) -> Result<Vec<Pair>> {
    let shared = Arc::new(Shared {
        tally: Tally::new(),
        names: Names::new(&Sources::system()),
        stop: CancellationToken::new(),
        asked: asked.clone(),
    });
    let mut tasks = JoinSet::new();
    for (n, pair) in pairs.into_iter().enumerate() {
        tasks.spawn(pair.run(shared.clone(), n));
    }
    let length = Duration::from_secs(asked.seconds);
    let window = shared.tally.measure(&server.process, WARM, length).await?;
    shared.stop.cancel();
    let mut done = Vec::new();
    while let Some(pair) = tasks.join_next().await {
        done.push(pair??);
    }
    report.figure("messages a second", window.rate(window.acked), "");
    report.each("server CPU per message", window.cpu, window.acked);
    window.report(server, report)?;
    shared.tally.report(report);
    Ok(done)
}

/// Compares what the pairs know with the database.
async fn check(place: &Place, pairs: &[Pair], report: &mut Report) -> Result<()> {
    let store = place.open().await?;
    let mut rows = 0;
    for pair in pairs {
        let books = [
            (pair.writer.id, &pair.writer.book),
            (pair.reader.id, &pair.reader.book),
        ];
        let account = Account::new(pair.conversation, &books);
        let (faults, found) = account.check(&store).await?;
        report.faults.extend(faults);
        rows += found;
    }
    report.count("messages in the database", rows);
    report.count(
        "messages acknowledged",
        pairs.iter().map(|pair| pair.writer.book.acked).sum(),
    );
    store.close().await;
    Ok(())
}

impl Side {
    async fn new(server: &Server, someone: &Someone, bytes: usize) -> Result<Self> {
        let mut socket = Socket::open(server.address, &someone.token, 0).await?;
        socket.greet("load", None).await?;
        Ok(Self {
            id: someone.id,
            socket,
            book: Book::new(someone.id, bytes),
        })
    }

    /// Takes the next frame.
    async fn next(&mut self, shared: &Shared) -> Result<Got> {
        let got = self.book.take(&self.socket.next().await?)?;
        shared.tally.got(&got);
        Ok(got)
    }
}

impl Pair {
    /// Writes until told to stop, then waits for what is under way.
    async fn run(mut self, shared: Arc<Shared>, n: usize) -> Result<Self> {
        let asked = &shared.asked;
        let mut pace = Pace::new(asked.rate, asked.count, n);
        if asked.rate.is_none() {
            for _ in 0..asked.window {
                self.say(&shared, shared.tally.now()).await?;
            }
        }
        loop {
            tokio::select! {
                got = self.writer.next(&shared) => {
                    if matches!(got?, Got::Ack(_)) && asked.rate.is_none() {
                        self.say(&shared, shared.tally.now()).await?;
                    }
                }
                got = self.reader.next(&shared) => { got?; }
                due = pace.turn() => self.say(&shared, shared.tally.at(due)).await?,
                () = shared.stop.cancelled() => break,
            }
        }
        // What never comes shows when the books are compared with the database.
        if let Ok(rest) = timeout(REST, self.rest(&shared)).await {
            rest?;
        }
        Ok(self)
    }

    async fn say(&mut self, shared: &Shared, now: u64) -> Result<()> {
        let send = self
            .writer
            .book
            .say(self.conversation, shared.names.next(), now);
        self.writer.socket.send(send).await
    }

    /// Takes what is still to come.
    async fn rest(&mut self, shared: &Shared) -> Result<()> {
        let conversation = self.conversation;
        while self.writer.book.unanswered() > 0
            || self.reader.book.last(conversation) < self.writer.book.last(conversation)
        {
            tokio::select! {
                got = self.writer.next(shared) => { got?; }
                got = self.reader.next(shared) => { got?; }
            }
        }
        Ok(())
    }
}
