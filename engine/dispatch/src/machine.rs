//! The machine itself: its state, one event at a time, and the order in which consequences come.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sha2::{Digest, Sha256};
use uuid::Uuid;
use webim_model::{ChannelId, ConversationId, Millis, OfferId, PersonId};

use crate::fault::Fault;
use crate::index::Index;
use crate::places::Places;
use crate::turn::Turn;
use crate::{AgentFacts, Case, ChannelRules, Effect, Event, Held, Receipt, Work};

/// What the random policy begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub u64);

/// A broken invariant: never returned by a correct machine, whatever happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which rule, in a word.
    pub rule: &'static str,
    /// Where, if in one conversation.
    pub conversation: Option<ConversationId>,
    /// Of whom, if of one agent.
    pub agent: Option<PersonId>,
}

/// One agent: their record and their work.
#[derive(Clone, Debug)]
pub(crate) struct Agent {
    pub facts: AgentFacts,
    pub work: Work,
    /// How much they may hold at this moment: their capacity, or what they hold already where explicit choices or a
    /// lowered capacity brought them beyond it. It never grows by an assignment of the machine's own.
    pub ceiling: u32,
}

/// Who should answer, for all channels of the process.
#[derive(Debug)]
pub struct Dispatch {
    pub(crate) now: Millis,
    pub(crate) random: u64,
    pub(crate) channels: BTreeMap<ChannelId, Arc<ChannelRules>>,
    pub(crate) agents: BTreeMap<PersonId, Agent>,
    pub(crate) cases: BTreeMap<ConversationId, Case>,
    pub(crate) index: Index,
    pub(crate) places: Places,
    pub(crate) cursors: BTreeMap<ChannelId, PersonId>,
    /// Why the open offers were made; forgotten with a restart, when a receipt says less.
    pub(crate) pending: BTreeMap<OfferId, Receipt>,
    pub(crate) digest: [u8; 32],
    pub(crate) board_version: u64,
    pub(crate) fault: Option<Fault>,
}

impl Dispatch {
    /// An empty machine.
    pub fn new(seed: Seed) -> Self {
        Self {
            now: Millis(i64::MIN),
            random: seed.0,
            channels: BTreeMap::new(),
            agents: BTreeMap::new(),
            cases: BTreeMap::new(),
            index: Index::default(),
            places: Places::default(),
            cursors: BTreeMap::new(),
            pending: BTreeMap::new(),
            digest: [0; 32],
            board_version: 0,
            fault: None,
        }
    }

    /// A machine with a fault put into it, for the tests that show that the proof would see it.
    #[doc(hidden)]
    pub fn set_fault(&mut self, fault: Option<Fault>) {
        self.fault = fault;
    }

    /// One event and everything that follows from it: first the deadlines that have passed, then the event, then
    /// whoever waits and can be served. `now` may step backwards: the machine's time never does. `ids` gives new ids,
    /// each once.
    pub fn apply(
        &mut self,
        now: Millis,
        event: Event,
        ids: &mut dyn FnMut() -> Uuid,
    ) -> Vec<Effect> {
        self.now = self.now.max(now);
        let mut turn = Turn {
            d: self,
            ids,
            out: Vec::new(),
            changed: BTreeSet::new(),
            work: BTreeMap::new(),
            roomy: BTreeSet::new(),
            hopeful: BTreeSet::new(),
            fresh: BTreeSet::new(),
            is_tick: event == Event::Tick,
        };
        turn.expire_all();
        let answer = turn.event(event);
        turn.settle();
        turn.finish(answer)
    }

    /// When the next [`Event::Tick`] is due; `None`: not before something else happens. May be in the past.
    pub fn next_deadline(&self) -> Option<Millis> {
        [self.index.next_due(), self.places.next_due()]
            .into_iter()
            .flatten()
            .min()
    }

    /// One conversation as it is.
    pub fn case(&self, conversation: ConversationId) -> Option<&Case> {
        self.cases.get(&conversation)
    }

    /// One agent's work as it is.
    pub fn work(&self, agent: PersonId) -> Option<Work> {
        let mut work = self.agents.get(&agent)?.work.clone();
        work.load = self.index.load(agent);
        Some(work)
    }

    /// A running hash over every change of holder so far (lower-case hex): equal for equal inputs.
    pub fn digest(&self) -> String {
        use std::fmt::Write as _;
        self.digest.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    pub(crate) fn is_faulty(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// Whether somebody with this id is an agent who may hold a conversation.
    pub(crate) fn is_agent(&self, person: PersonId) -> bool {
        self.agents
            .get(&person)
            .is_some_and(|agent| agent.facts.active)
    }

    pub(crate) fn is_connected(&self, agent: PersonId) -> bool {
        self.agents
            .get(&agent)
            .is_some_and(|agent| agent.work.connected)
    }

    /// Connected, or gone for less than the grace.
    pub(crate) fn is_in_reach(&self, agent: PersonId, rules: &ChannelRules) -> bool {
        let work = self.agents.get(&agent).map(|agent| &agent.work);
        let in_grace = |work: &Work| {
            work.gone_at
                .is_some_and(|gone| gone.plus(rules.grace) > self.now)
        };
        work.is_some_and(|work| work.connected || in_grace(work))
    }

    /// A channel's settings; a channel that nobody told of is a closed one.
    pub(crate) fn rules(&self, channel: ChannelId) -> Arc<ChannelRules> {
        let unknown = || {
            let mut rules = ChannelRules::new(channel);
            rules.active = false;
            Arc::new(rules)
        };
        self.channels.get(&channel).cloned().unwrap_or_else(unknown)
    }

    pub(crate) fn note_decision(&mut self, held: &Held) {
        let mut hash = Sha256::new();
        hash.update(self.digest);
        hash.update(held.row.conversation.0.as_bytes());
        hash.update(held.row.lease.to_be_bytes());
        hash.update(held.row.holder.name());
        if let webim_model::Holder::Agent(agent) = held.row.holder {
            hash.update(agent.0.as_bytes());
        }
        hash.update(held.reason.name());
        hash.update(self.now.0.to_be_bytes());
        self.digest = hash.finalize().into();
    }
}
