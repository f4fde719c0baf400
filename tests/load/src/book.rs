//! What one client knows: what it sent where and what became of it, what is still unanswered, and what it holds.

use std::collections::{HashMap, VecDeque};

use anyhow::{Context, Result, bail};
use uuid::Uuid;
use webim_model::PersonId;
use webim_wire::client::{Resume, Send, Target};
use webim_wire::server::Welcome;

use crate::frames::{self, Incoming};
use crate::held::{Held, Way};
use crate::ledger::Sent;
use crate::tally::{sent_at, stamp};

/// What a client knows. It outlives its connections.
pub struct Book {
    me: Uuid,
    bytes: usize,
    /// By conversation, in the order of sending.
    pub sent: HashMap<Uuid, Vec<Sent>>,
    /// By conversation.
    pub held: HashMap<Uuid, Held>,
    under_way: VecDeque<UnderWay>,
    /// How many acks came.
    pub acked: u64,
}

/// A message without an answer.
struct UnderWay {
    client_id: Uuid,
    conversation: Uuid,
    at: usize,
    since: u64,
}

/// What a frame meant.
pub enum Got {
    /// The ack of what was sent at this time.
    Ack(u64),
    /// A message that was sent at this time.
    Message(u64),
    /// Nothing that is counted.
    Other,
}

impl Book {
    /// An empty one, of a client whose texts have `bytes` bytes.
    pub fn new(me: PersonId, bytes: usize) -> Self {
        Self {
            me: me.0,
            bytes,
            sent: HashMap::new(),
            held: HashMap::new(),
            under_way: VecDeque::new(),
            acked: 0,
        }
    }

    /// Messages without an answer.
    pub fn unanswered(&self) -> usize {
        self.under_way.len()
    }

    /// Number of the last message held of `conversation` without a gap before it.
    pub fn last(&self, conversation: Uuid) -> u64 {
        self.held.get(&conversation).map_or(0, Held::last)
    }

    /// Number of the newest message of `conversation` that it has heard of.
    pub fn newest(&self, conversation: Uuid) -> u64 {
        self.held.get(&conversation).map_or(0, Held::newest)
    }

    /// Writes down a message that is sent now, and gives it out.
    pub fn say(&mut self, conversation: Uuid, client_id: Uuid, now: u64) -> Send {
        let all = self.sent.entry(conversation).or_default();
        let under_way = UnderWay {
            client_id,
            conversation,
            at: all.len(),
            since: now,
        };
        all.push(Sent {
            client_id,
            ack: None,
        });
        let frame = self.frame(&under_way, false);
        self.under_way.push_back(under_way);
        frame
    }

    /// Everything without an answer once more, in the order of sending.
    pub fn again(&self) -> Vec<Send> {
        self.under_way
            .iter()
            .map(|under_way| self.frame(under_way, true))
            .collect()
    }

    fn frame(&self, under_way: &UnderWay, retry: bool) -> Send {
        let to = Target::Conversation(under_way.conversation);
        let text = stamp(under_way.since, self.bytes);
        Send {
            retry,
            ..Send::text(under_way.client_id, to, text)
        }
    }

    /// Takes a frame.
    pub fn take(&mut self, text: &str) -> Result<Got> {
        match frames::read(text)? {
            Incoming::Ack {
                client_id,
                conversation,
                seq,
                message,
            } => self.own(client_id, conversation, seq, message),
            Incoming::Message {
                conversation,
                seq,
                message,
                sender,
                text,
            } => {
                let own = sender == Some(self.me);
                let way = if own { Way::Own } else { Way::Live };
                self.hold(conversation, seq, message, way);
                Ok(Got::Message(sent_at(&text)))
            }
            Incoming::Nack { client_id, code } => bail!("{client_id:?} was refused: {code}"),
            Incoming::Bye { word } => bail!("bye {word}"),
            Incoming::Welcome(_) | Incoming::Other => Ok(Got::Other),
        }
    }

    fn own(&mut self, client_id: Uuid, conversation: Uuid, seq: u64, message: Uuid) -> Result<Got> {
        // Acks come nearly in the order of sending, so this looks at the first or second only.
        let at = self
            .under_way
            .iter()
            .position(|sent| sent.client_id == client_id);
        let found = at.and_then(|at| self.under_way.remove(at));
        let under_way = found.context("an ack of what was not sent, or a second one")?;
        let sent = self
            .sent
            .get_mut(&under_way.conversation)
            .context("it was sent there")?;
        sent[under_way.at].ack = Some((seq, message));
        self.acked += 1;
        self.hold(conversation, seq, message, Way::Own);
        Ok(Got::Ack(under_way.since))
    }

    fn hold(&mut self, conversation: Uuid, seq: u64, message: Uuid, way: Way) {
        self.held
            .entry(conversation)
            .or_default()
            .take(seq, message, way);
    }

    /// Where this client stands.
    pub fn resume(&self, epoch: Uuid) -> Resume {
        let position = |(id, held): (&Uuid, &Held)| Some((*id, held.position()?));
        Resume {
            epoch,
            positions: self.held.iter().filter_map(position).collect(),
        }
    }

    /// Takes what a welcome brought, and says for which conversations the rest must be fetched.
    pub fn welcomed(&mut self, welcome: &Welcome) -> Vec<Uuid> {
        // Live frames start again after a welcome: their order is promised on one connection.
        self.held.values_mut().for_each(Held::reconnected);
        for message in &welcome.missed {
            self.fetched(message);
        }
        for recovered in welcome
            .recovered
            .iter()
            .filter(|recovered| !recovered.recovered)
        {
            let held = self.held.entry(recovered.conversation).or_default();
            // A conversation it held nothing of has nothing to recover.
            if held.last() > 0 {
                held.faults
                    .push("was told to reload although nothing was lost".into());
            }
        }
        let more = welcome
            .recovered
            .iter()
            .filter(|recovered| recovered.more || !recovered.recovered);
        more.map(|recovered| recovered.conversation).collect()
    }

    /// Takes a message from a welcome or from history.
    pub fn fetched(&mut self, message: &webim_wire::server::Message) {
        let own = message.sender == Some(self.me);
        let way = if own { Way::Own } else { Way::Fetched };
        self.hold(message.conversation, message.seq, message.message, way);
    }
}
