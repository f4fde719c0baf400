//! A client that outlives the server: it connects, resumes, sends again what was not answered, and goes on.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::Client;
use tokio::sync::mpsc;
use tokio::time::timeout;
use uuid::Uuid;
use webim_model::PersonId;
use webim_wire::rest;
use webim_wire::server::{Message, Welcome};

use crate::book::{Book, Got};
use crate::names::Names;
use crate::socket::Socket;
use crate::tally::Tally;
use crate::world::Someone;

/// Messages under way at the same time.
const WINDOW: usize = 4;

/// Every so many messages goes to the unit, the others to the partner.
const TO_UNIT: u64 = 5;

/// Bytes of each text.
const BYTES: usize = 64;

/// Messages in a page of history.
const PAGE: usize = 100;

/// How long the end may take.
const REST: Duration = Duration::from_mins(1);

/// What all devices share.
pub struct Shared {
    /// For the times in the texts.
    pub tally: Tally,
    /// For naming messages.
    pub names: Names,
}

/// A client and what it knows.
pub struct Device {
    n: usize,
    someone: Someone,
    direct: Uuid,
    unit: Uuid,
    epoch: Uuid,
    turn: u64,
    /// What it knows.
    pub book: Book,
    /// Messages sent again.
    pub again: u64,
    /// Welcomes after a resume.
    pub resumed: u64,
    /// Messages that welcomes brought.
    pub missed: u64,
    /// Messages that pages of history brought.
    pub paged: u64,
    /// What happened that must not.
    pub faults: Vec<String>,
}

/// A connection, and the pages that are being read beside it.
pub struct Link {
    socket: Socket,
    pages: mpsc::Receiver<Message>,
}

impl Device {
    /// The `n`th device, which has said and heard nothing yet. It knows the database's epoch, so that even its first
    /// hello asks for what it has not heard.
    pub fn new(n: usize, someone: Someone, epoch: Uuid, [direct, unit]: [Uuid; 2]) -> Self {
        Self {
            n,
            book: Book::new(someone.id, BYTES),
            someone,
            direct,
            unit,
            epoch,
            turn: 0,
            again: 0,
            resumed: 0,
            missed: 0,
            paged: 0,
            faults: Vec::new(),
        }
    }

    /// Whose it is.
    pub fn id(&self) -> PersonId {
        self.someone.id
    }

    /// Whether it is a member of `conversation`.
    pub fn is_in(&self, conversation: Uuid) -> bool {
        conversation == self.direct || conversation == self.unit
    }

    /// Whether it is not there in this round: some stay away for long enough to miss more than a welcome brings.
    pub fn is_away(&self, round: u32) -> bool {
        self.n % 5 == 4 && !round.is_multiple_of(4)
    }

    /// Writes and reads until the server is gone.
    pub async fn round(mut self, address: SocketAddr, shared: Arc<Shared>) -> Self {
        let Ok(mut link) = self.connect(address).await else {
            return self;
        };
        while self.book.unanswered() < WINDOW {
            if self.say(&mut link, &shared).await.is_err() {
                return self;
            }
        }
        while let Ok(got) = self.next(&mut link).await {
            if matches!(got, Got::Ack(_)) && self.say(&mut link, &shared).await.is_err() {
                break;
            }
        }
        self
    }

    /// Gets the answers that are still missing, without saying anything new.
    pub async fn settle(mut self, address: SocketAddr, _: Arc<Shared>) -> Result<(Self, Link)> {
        let settle = async {
            let mut link = self.connect(address).await?;
            while self.book.unanswered() > 0 {
                self.next(&mut link).await?;
            }
            anyhow::Ok(link)
        };
        let link = timeout(REST, settle)
            .await
            .context("answers that never come")??;
        Ok((self, link))
    }

    /// Reads until it holds all that anybody has heard of. What never comes shows in the comparison with the database.
    pub async fn read_on(
        mut self,
        mut link: Link,
        newest: Arc<HashMap<Uuid, u64>>,
        _: Arc<Shared>,
    ) -> Result<(Self, Link)> {
        let mine = [self.direct, self.unit];
        let read = async {
            while mine
                .iter()
                .any(|id| self.book.last(*id) < newest.get(id).copied().unwrap_or(0))
            {
                self.next(&mut link).await?;
            }
            anyhow::Ok(())
        };
        if let Ok(read) = timeout(REST, read).await {
            read?;
        }
        Ok((self, link))
    }

    async fn connect(&mut self, address: SocketAddr) -> Result<Link> {
        let mut socket = Socket::open(address, &self.someone.token, 0).await?;
        let resume = self.book.resume(self.epoch);
        self.resumed += 1;
        let welcome = socket
            .greet(&format!("device-{}", self.n), Some(resume))
            .await?;
        if welcome.epoch != self.epoch {
            self.faults.push("the database has another epoch".into());
        }
        self.missed += u64::try_from(welcome.missed.len())?;
        let rest = self.book.welcomed(&welcome);
        let pages = self.fetch(address, &rest, &welcome);
        for send in self.book.again() {
            self.again += 1;
            socket.send(send).await?;
        }
        Ok(Link { socket, pages })
    }

    /// Reads by history what the welcome did not bring, up to where the welcome stood: what is newer comes live.
    fn fetch(
        &self,
        address: SocketAddr,
        rest: &[Uuid],
        welcome: &Welcome,
    ) -> mpsc::Receiver<Message> {
        let (sender, receiver) = mpsc::channel(PAGE);
        let until = |id: &Uuid| {
            let recovered = welcome
                .recovered
                .iter()
                .find(|recovered| recovered.conversation == *id);
            recovered.map_or(0, |recovered| recovered.last_seq)
        };
        let ways: Vec<_> = rest
            .iter()
            .map(|id| (*id, self.book.last(*id), until(id)))
            .collect();
        let token = self.someone.token.clone();
        if !ways.is_empty() {
            // If the server goes away meanwhile, the next welcome begins where this ended.
            tokio::spawn(pages(address, token, ways, sender));
        }
        receiver
    }

    async fn say(&mut self, link: &mut Link, shared: &Shared) -> Result<()> {
        self.turn += 1;
        let conversation = if self.turn.is_multiple_of(TO_UNIT) {
            self.unit
        } else {
            self.direct
        };
        let send = self
            .book
            .say(conversation, shared.names.next(), shared.tally.now());
        link.socket.send(send).await
    }

    /// Takes the next frame or the next message of a page; an error means that the server is gone.
    async fn next(&mut self, link: &mut Link) -> Result<Got> {
        tokio::select! {
            text = link.socket.next() => Ok(self.book.take(&text?).unwrap_or_else(|error| {
                self.faults.push(format!("device {}: {error:#}", self.n));
                Got::Other
            })),
            Some(message) = link.pages.recv() => {
                self.paged += 1;
                self.book.fetched(&message);
                Ok(Got::Other)
            }
        }
    }
}

/// Reads conversations, each from after one number up to another.
async fn pages(
    address: SocketAddr,
    token: String,
    ways: Vec<(Uuid, u64, u64)>,
    sender: mpsc::Sender<Message>,
) -> Result<()> {
    let client = Client::new();
    for (conversation, mut after, until) in ways {
        while after < until {
            let page = format!(
                "http://{address}/api/v1/conversations/{conversation}/messages?after={after}&limit={PAGE}"
            );
            let answer = client.get(page).bearer_auth(&token).send().await?;
            let bytes = answer.error_for_status()?.bytes().await?;
            let page: rest::History = serde_json::from_slice(&bytes)?;
            let last = page
                .items
                .last()
                .context("history ends before the welcome's last message")?
                .seq;
            for message in page
                .items
                .into_iter()
                .filter(|message| message.seq <= until)
            {
                sender.send(message).await?;
            }
            after = last;
        }
    }
    Ok(())
}
