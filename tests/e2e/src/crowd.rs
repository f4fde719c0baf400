//! A crowd that talks without end, and keeps books: what each of them said, what was acknowledged and what they heard.
//! When their server dies under them they come back, say again what was not answered, and go on.

use std::collections::{HashMap, HashSet, VecDeque};

use anyhow::{Context, Result, bail, ensure};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite;
use uuid::Uuid;
use webim_support::{Closed, Dice, Ledger, TestPerson, TestServer, TestSocket, soon};
use webim_wire::client::{ClientFrame, Send, Target};
use webim_wire::rest::History;
use webim_wire::server::{Message, ServerFrame, Stored};

use crate::chat::text;

/// How many of their messages may be unanswered at a time.
const WINDOW: usize = 8;

/// Something said, and not answered yet.
#[derive(Clone)]
struct Said {
    client_id: Uuid,
    to: Target,
    text: String,
}

/// One of the crowd.
pub struct Talker {
    /// Who.
    pub person: TestPerson,
    targets: Vec<(Uuid, Target)>,
    ledger: Ledger,
    epoch: Uuid,
    unanswered: VecDeque<Said>,
    acked: Vec<(Said, Stored)>,
    count: usize,
    dice: Dice,
}

/// What a talker does on the connection they have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mood {
    /// Goes on saying new things.
    Talks,
    /// Only waits for the answers to what was said.
    Finishes,
}

impl Talker {
    /// Says and hears until the connection ends.
    async fn talks(mut self, acks: watch::Sender<u64>) -> Result<(Self, Closed)> {
        // It may die while they are still at the door; what they hold is then what they held before.
        let mut socket = match self.comes_back().await {
            Err(error) if is_the_lines(&error) => return Ok((self, Closed::default())),
            back => back?,
        };
        let Some(closed) = self.on(&mut socket, &acks, Mood::Talks).await? else {
            bail!("whoever talks goes on");
        };
        self.ledger = std::mem::take(&mut socket.ledger);
        Ok((self, closed))
    }

    /// Comes back with what they hold, reads what the welcome did not bring, and repeats what was not answered.
    async fn comes_back(&mut self) -> Result<TestSocket> {
        let mut socket = self.person.resume(self.epoch, self.ledger.clone()).await?;
        for (conversation, _) in &self.targets {
            let entry = socket.recovered(*conversation)?.clone();
            ensure!(entry.recovered, "{entry:?} after a mere restart");
            let mut more = entry.more;
            while more {
                let after = socket.ledger.thread(*conversation).position().0;
                let path = format!(
                    "/api/v1/conversations/{conversation}/messages?after={after}&limit=100"
                );
                let page: History = self.person.read(&path).await?;
                // What was said since the welcome comes over the socket, and would be told twice.
                page.items
                    .iter()
                    .filter(|message| message.seq <= entry.last_seq)
                    .try_for_each(|message| socket.ledger.told(message))?;
                let told = page.items.last().map_or(u64::MAX, |message| message.seq);
                more = page.more && told < entry.last_seq;
            }
        }
        for said in &self.unanswered {
            let sent = socket.say(&frame(said, true)).await;
            if sent.is_err() {
                break;
            }
        }
        Ok(socket)
    }

    /// `None` when everything was answered; how the connection ended otherwise.
    async fn on(
        &mut self,
        socket: &mut TestSocket,
        acks: &watch::Sender<u64>,
        mood: Mood,
    ) -> Result<Option<Closed>> {
        let mut bye = None;
        loop {
            while mood == Mood::Talks && self.unanswered.len() < WINDOW {
                let said = self.thinks_of_something();
                let sent = socket.say(&frame(&said, false)).await;
                self.unanswered.push_back(said);
                if sent.is_err() {
                    break;
                }
            }
            if mood == Mood::Finishes && self.unanswered.is_empty() {
                return Ok(None);
            }
            match socket.next().await? {
                Err(closed) => return Ok(Some(Closed { bye, ..closed })),
                Ok(ServerFrame::Ack(ack)) => {
                    self.hears(ack.client_id, ack.stored.context("a place")?)?;
                    acks.send_modify(|count| *count += 1);
                }
                Ok(ServerFrame::Nack(nack)) => bail!("{nack:?}"),
                Ok(ServerFrame::Bye(said)) => bye = Some(said),
                Ok(_) => {}
            }
        }
    }

    fn thinks_of_something(&mut self) -> Said {
        self.count += 1;
        let most = self.targets.len() as u64 - 1;
        let which = usize::try_from(self.dice.between(0, most)).unwrap_or(0);
        Said {
            client_id: self.dice.uuid(),
            to: self.targets[which].1,
            text: format!("{}:{}", self.person.login, self.count),
        }
    }

    fn hears(&mut self, client_id: Uuid, stored: Stored) -> Result<()> {
        let at = self
            .unanswered
            .iter()
            .position(|said| said.client_id == client_id);
        let at = at.with_context(|| format!("{client_id} was answered twice, or never said"))?;
        let said = self.unanswered.remove(at).context("it is there")?;
        self.acked.push((said, stored));
        Ok(())
    }

    /// Finishes what was begun, and hears everything there is to hear.
    async fn finishes(mut self) -> Result<Self> {
        let (acks, _) = watch::channel(0);
        let mut socket = self.comes_back().await?;
        let ended = self.on(&mut socket, &acks, Mood::Finishes).await?;
        ensure!(ended.is_none(), "{ended:?}");
        self.ledger = std::mem::take(&mut socket.ledger);
        Ok(self)
    }
}

/// Whether the connection failed, rather than what came over it.
fn is_the_lines(error: &anyhow::Error) -> bool {
    let lines = |cause: &(dyn std::error::Error + 'static)| {
        cause.is::<Closed>()
            || cause.is::<tungstenite::Error>()
            || cause.is::<reqwest::Error>()
            || cause.is::<std::io::Error>()
    };
    error.chain().any(lines)
}

fn frame(said: &Said, retry: bool) -> ClientFrame {
    ClientFrame::Send(Send {
        retry,
        ..Send::text(said.client_id, said.to, &*said.text)
    })
}

/// All of them.
pub struct Crowd {
    talkers: Vec<Talker>,
    acks: watch::Sender<u64>,
}

impl Crowd {
    /// Three of a department who talk there and to each other, and somebody of another one.
    pub async fn gather(server: &TestServer, seed: u64) -> Result<Self> {
        let mut people = Vec::new();
        for login in ["lina", "zhangwei", "liuyang", "wangfang"] {
            people.push(server.sign_in(login).await?);
        }
        let research = people[0].unit("研发部").await?;
        let pairs = [(0, 1), (0, 3), (1, 2)];
        let mut targets: Vec<Vec<(Uuid, Target)>> = vec![Vec::new(); people.len()];
        // Each conversation has a first message, so that everybody knows all of theirs from the beginning.
        let mut first = people[0].connect().await?;
        let unit = first.tell(research, "lina:0").await?.conversation;
        targets
            .iter_mut()
            .take(3)
            .for_each(|targets| targets.push((unit, research)));
        for (one, other) in pairs {
            let mut socket = people[one].connect().await?;
            let direct = socket
                .tell(people[other].as_target(), "first")
                .await?
                .conversation;
            targets[one].push((direct, people[other].as_target()));
            targets[other].push((direct, Target::Conversation(direct)));
        }
        let epoch = first.welcome()?.epoch;
        let talkers = people
            .into_iter()
            .zip(targets)
            .enumerate()
            .map(|(n, (person, targets))| {
                let mut ledger = Ledger::default();
                for (conversation, _) in &targets {
                    ledger.begins(*conversation, 0);
                }
                let (unanswered, acked) = (VecDeque::new(), Vec::new());
                let dice = Dice::new(seed * 100 + n as u64);
                Talker {
                    person,
                    targets,
                    ledger,
                    epoch,
                    unanswered,
                    acked,
                    count: 0,
                    dice,
                }
            });
        Ok(Self {
            talkers: talkers.collect(),
            acks: watch::Sender::new(0),
        })
    }

    /// They talk until so many more messages were acknowledged; then `strike` happens to their server, and they talk on
    /// until their connections have ended. How each ended is returned.
    pub async fn talk(
        &mut self,
        acks: u64,
        strike: impl AsyncFnOnce() -> Result<()>,
    ) -> Result<Vec<Closed>> {
        let goal = *self.acks.borrow() + acks;
        let mut count = self.acks.subscribe();
        let mut talking = tokio::task::JoinSet::new();
        for talker in self.talkers.drain(..) {
            talking.spawn(talker.talks(self.acks.clone()));
        }
        tokio::select! {
            reached = soon("the acks", count.wait_for(|count| *count >= goal)) => drop(reached??),
            // None of them stops before the strike, unless something is wrong.
            early = talking.join_next() => match early.context("a talker")?? {
                Ok((_, closed)) => bail!("the connection ended before: {closed:?}"),
                Err(error) => return Err(error),
            },
        }
        strike().await?;
        let mut ends = Vec::new();
        while let Some(talker) = soon("all connections to end", talking.join_next()).await? {
            let (talker, closed) = talker??;
            self.talkers.push(talker);
            ends.push(closed);
        }
        Ok(ends)
    }

    /// They finish what they began; then all books are compared with what is stored.
    pub async fn settle(self) -> Result<()> {
        let finishing = self.talkers.into_iter().map(Talker::finishes);
        let talkers = futures_util::future::try_join_all(finishing).await?;
        let mut histories: HashMap<Uuid, Vec<Message>> = HashMap::new();
        for talker in &talkers {
            for (conversation, _) in &talker.targets {
                let history = talker.person.history(*conversation).await?;
                check_rows(&history)?;
                let before = histories.insert(*conversation, history);
                ensure!(
                    before.is_none_or(|before| before == histories[conversation]),
                    "two of them read differently"
                );
            }
        }
        let mut said = 0;
        for talker in &talkers {
            check_books(talker, &histories)?;
            said += talker.acked.len();
        }
        let rows: usize = histories.values().map(Vec::len).sum();
        // The first message of each conversation was said before the books began.
        ensure!(
            rows == said + histories.len(),
            "{rows} rows, {said} acknowledged"
        );
        Ok(())
    }
}

/// No gap, nothing twice, and everybody's messages in the order in which they said them.
fn check_rows(history: &[Message]) -> Result<()> {
    let (mut ids, mut last) = (HashSet::new(), HashMap::new());
    for (at, message) in history.iter().enumerate() {
        ensure!(
            message.seq == at as u64 + 1,
            "{} stands at place {at}",
            message.seq
        );
        ensure!(
            ids.insert(message.message),
            "the message {} twice",
            message.message
        );
        ensure!(
            ids.insert(message.client_id.context("a client_id")?),
            "something was stored twice"
        );
        let number = text(message)
            .rsplit(':')
            .next()
            .and_then(|number| number.parse::<usize>().ok());
        let last = last.entry(message.sender).or_insert(None);
        ensure!(
            *last < number || number.is_none(),
            "{number:?} after {last:?}"
        );
        *last = number;
    }
    Ok(())
}

fn check_books(talker: &Talker, histories: &HashMap<Uuid, Vec<Message>>) -> Result<()> {
    let who = &talker.person.login;
    for (said, stored) in &talker.acked {
        let row = histories
            .get(&stored.conversation)
            .and_then(|rows| rows.get(usize::try_from(stored.seq).ok()? - 1));
        let row = row.with_context(|| format!("{who}'s {stored:?} is lost"))?;
        let same = row.message == stored.message
            && row.client_id == Some(said.client_id)
            && row.sender == Some(talker.person.id)
            && row.time == stored.time
            && text(row) == said.text;
        ensure!(
            same,
            "{who} was told {stored:?} of {:?}, there stands {row:?}",
            said.text
        );
    }
    for (conversation, _) in &talker.targets {
        for (seq, message) in talker.ledger.thread(*conversation).known() {
            let row = histories[conversation].get(usize::try_from(seq)? - 1);
            ensure!(
                row.is_some_and(|row| row.message == message),
                "{who} heard what is not there: {seq}"
            );
        }
    }
    Ok(())
}
