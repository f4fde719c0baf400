//! Storing conversations, through the store's committer like any message.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use webim_model::{About, ClientId, ConversationId, MessageId, Millis, Refusal, Sources};
use webim_store::commit::Settled;
use webim_store::{
    Committer, CommitterConfig, ConversationRow, Mark, NewMessage, Outcome, Sink, Store, StoreError,
};

use super::talks::{Between, Line, Reason, Talk, Talks};

/// Marks written in one transaction.
const MARKS: usize = 500;

/// Why the import ended in the middle. What was stored stays; the same import again goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The database could not be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database did not take the messages.
    #[error("the messages could not be stored: {}", .0.english())]
    Refused(Refusal),
}

/// How messages are written.
#[derive(Clone)]
pub struct Writing {
    /// The committer's sizes.
    pub committer: CommitterConfig,
    /// Change nothing; only count.
    pub dry_run: bool,
    /// Where ids come from.
    pub sources: Sources,
}

/// What became of the messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Stored now.
    pub imported: u64,
    /// Stored before.
    pub repeated: u64,
    /// Direct conversations that hold them.
    pub direct: u64,
    /// Units' conversations that hold them.
    pub units: u64,
    /// Read marks that moved.
    pub marks: u64,
    /// When the first and the last of them were sent.
    pub span: Option<(Millis, Millis)>,
}

/// Which talk a message is of, and which of its lines.
type Ticket = (usize, usize);

/// What the committer has said so far.
#[derive(Default)]
struct Ledger {
    /// Numbers of stored lines, by talk.
    seqs: Mutex<HashMap<Ticket, u64>>,
    refused: Mutex<Vec<(Ticket, Refusal)>>,
    /// Cancelled when the database gives up.
    broken: CancellationToken,
}

#[async_trait::async_trait]
impl Sink<Ticket> for Ledger {
    async fn settled(&self, batch: Vec<Settled<Ticket>>) {
        let mut broken = false;
        for one in batch {
            let seq = match one.outcome {
                Outcome::Stored { message, .. } => message.seq,
                Outcome::Repeat(stored) => stored.seq,
                Outcome::Refused(refusal) => {
                    broken |= passing(refusal);
                    lock(&self.refused).push((one.ticket, refusal));
                    continue;
                }
            };
            lock(&self.seqs).insert(one.ticket, seq);
        }
        if broken {
            self.broken.cancel();
            // What comes later in a conversation must not be stored while what was before it is not.
            std::future::pending::<()>().await;
        }
    }
}

/// Whether the database may take it another time.
fn passing(refusal: Refusal) -> bool {
    matches!(refusal, Refusal::StoreUnavailable | Refusal::OutcomeUnknown)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Stores what is not stored yet, then the marks. `progress` is told how many of how many messages are handed over.
pub(super) async fn write(
    store: &Store,
    talks: &mut Talks,
    writing: &Writing,
    progress: impl Fn(usize, usize),
) -> Result<Written, SeedError> {
    let ledger = Arc::new(Ledger::default());
    let mut running = JoinSet::new();
    let mut work = Work {
        store,
        writing,
        ledger: ledger.clone(),
        committer: None,
        written: Written::default(),
        places: HashMap::new(),
    };
    if !writing.dry_run {
        let (committer, shards) = store.committer(writing.committer, ledger.clone());
        for shard in shards {
            running.spawn(shard.run(CancellationToken::new()));
        }
        work.committer = Some(committer);
    }
    let all: usize = talks.all.iter().map(|talk| talk.lines.len()).sum();
    let mut done = 0;
    for number in 0..talks.all.len() {
        work.talk(talks, number).await?;
        done += talks.all[number].lines.len();
        progress(done, all);
    }
    work.committer = None;
    let stored = async { while running.join_next().await.is_some() {} };
    if ledger.broken.run_until_cancelled(stored).await.is_none() {
        return Err(work.broken());
    }
    work.finish(talks).await
}

struct Work<'a> {
    store: &'a Store,
    writing: &'a Writing,
    ledger: Arc<Ledger>,
    committer: Option<Committer<Ticket>>,
    written: Written,
    /// Conversations that were found or made, by talk.
    places: HashMap<usize, ConversationId>,
}

impl Work<'_> {
    /// Hands over what one talk brings.
    async fn talk(&mut self, talks: &mut Talks, number: usize) -> Result<(), SeedError> {
        let talk = &talks.all[number];
        let Some(row) = self.place(talk.between).await? else {
            // Only a dry run finds none: it is still to be made.
            self.counts(talk.between, talk.lines.iter());
            self.written.imported += talk.lines.len() as u64;
            return Ok(());
        };
        let found = self.found(row.id, talk).await?;
        let known = |line: &Line| found.contains_key(&line.client_id);
        let goes_on = row.last_seq > 0;
        let held = |line: &Line| {
            goes_on && !known(line) && (found.is_empty() || line.time < row.last_time)
        };
        let taken = talk.lines.iter().filter(|line| !held(line));
        self.counts(talk.between, taken);
        let mut left_out = 0;
        for (at, line) in talk.lines.iter().enumerate() {
            if let Some(seq) = found.get(&line.client_id) {
                self.written.repeated += 1;
                lock(&self.ledger.seqs).insert((number, at), *seq);
            } else if held(line) {
                left_out += 1;
            } else {
                self.written.imported += 1;
                self.submit(&row, line, (number, at)).await?;
            }
        }
        self.places.insert(number, row.id);
        for _ in 0..left_out {
            talks.leave_out(Reason::Held);
        }
        Ok(())
    }

    fn counts<'l>(&mut self, between: Between, lines: impl Iterator<Item = &'l Line>) {
        let mut times = lines.map(|line| line.time);
        let Some(first) = times.next() else { return };
        let last = times.last().unwrap_or(first);
        let written = &mut self.written;
        match between {
            Between::Two(..) => written.direct += 1,
            Between::Unit(_) => written.units += 1,
        }
        let (from, until) = written.span.unwrap_or((first, last));
        written.span = Some((from.min(first), until.max(last)));
    }

    /// The conversation as it stands; made where it may be.
    async fn place(&self, between: Between) -> Result<Option<ConversationRow>, StoreError> {
        let id = match between {
            Between::Two(a, b) if self.writing.dry_run => self.store.find_direct(a, b).await?,
            Between::Two(a, b) => Some(self.store.direct(a, b).await?),
            Between::Unit(unit) => self.store.unit_conversation(unit).await?,
        };
        match id {
            Some(id) => self.store.conversation(id).await,
            None if self.writing.dry_run => Ok(None),
            None => Err(StoreError::Corrupt("a unit without a conversation".into())),
        }
    }

    /// Numbers of those lines that are stored already.
    async fn found(
        &self,
        conversation: ConversationId,
        talk: &Talk,
    ) -> Result<HashMap<ClientId, u64>, StoreError> {
        let lines = talk.lines.iter();
        let names: Vec<_> = lines
            .map(|line| (conversation, line.sender, line.client_id))
            .collect();
        let rows = self.store.find_by_client_ids(&names).await?;
        Ok(rows.iter().map(|row| (row.client_id, row.seq)).collect())
    }

    async fn submit(
        &self,
        row: &ConversationRow,
        line: &Line,
        ticket: Ticket,
    ) -> Result<(), SeedError> {
        let Some(committer) = &self.committer else {
            return Ok(());
        };
        let message = NewMessage {
            conversation: row.id,
            sender: Some(line.sender),
            client_id: Some(line.client_id),
            id: MessageId(self.writing.sources.uuid()),
            body: line.body.clone(),
            about: About::default(),
            fingerprint: Some(line.fingerprint),
            time: line.time,
            member_version: row.member_version,
            lease: None,
            outbox: Vec::new(),
            files: Vec::new(),
        };
        let submitted = committer.submit(message, ticket);
        let broken = &self.ledger.broken;
        match broken.run_until_cancelled(submitted).await {
            Some(Ok(())) => Ok(()),
            Some(Err(_)) | None => Err(self.broken()),
        }
    }

    fn broken(&self) -> SeedError {
        let refused = lock(&self.ledger.refused);
        let why = refused.iter().find(|(_, refusal)| passing(*refusal));
        SeedError::Refused(why.map_or(Refusal::StoreUnavailable, |(_, refusal)| *refusal))
    }

    /// What the database refused is left out, and the marks are moved.
    async fn finish(mut self, talks: &mut Talks) -> Result<Written, SeedError> {
        for _ in lock(&self.ledger.refused).iter() {
            talks.leave_out(Reason::Refused);
            self.written.imported -= 1;
        }
        if self.writing.dry_run {
            return Ok(self.written);
        }
        let mut marks = Vec::new();
        for (number, talk) in talks.all.iter().enumerate() {
            if let Some(conversation) = self.places.get(&number) {
                let lines: Vec<(u64, &Line)> = {
                    let seqs = lock(&self.ledger.seqs);
                    let lines = talk.lines.iter().enumerate();
                    lines
                        .filter_map(|(at, line)| Some((*seqs.get(&(number, at))?, line)))
                        .collect()
                };
                marks.extend(
                    self.marks(*conversation, talk.between, &lines, talks)
                        .await?,
                );
            }
        }
        for some in marks.chunks(MARKS) {
            self.written.marks += self.store.flush_marks(some).await?.len() as u64;
        }
        Ok(self.written)
    }

    async fn marks(
        &self,
        conversation: ConversationId,
        between: Between,
        lines: &[(u64, &Line)],
        talks: &Talks,
    ) -> Result<Vec<Mark>, StoreError> {
        let people = match between {
            Between::Two(a, b) => vec![a, b],
            Between::Unit(_) => {
                let (_, members) = self.store.members(conversation).await?;
                members.iter().map(|member| member.person).collect()
            }
        };
        let marks = people.into_iter().filter_map(|person| {
            // Who says something has read what was before.
            let own = lines.iter().rposition(|(_, line)| line.sender == person);
            let after = own.map_or(0, |own| own + 1);
            let rest = &lines[after..];
            let unread = match between {
                Between::Two(..) => rest.iter().position(|(_, line)| line.unread),
                Between::Unit(unit) => match talks.reads.get(&(unit, person)) {
                    Some(until) => rest.iter().position(|(_, line)| line.time > *until),
                    None => None,
                },
            };
            let read = after + unread.unwrap_or(rest.len());
            let (seq, _) = lines.get(read.checked_sub(1)?)?;
            Some(Mark {
                conversation,
                person,
                seq: *seq,
            })
        });
        Ok(marks.collect())
    }
}
