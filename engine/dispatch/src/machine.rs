//! The machine itself: its state, one event at a time, and the order in which consequences come.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sha2::{Digest, Sha256};
use uuid::Uuid;
use webim_model::{ChannelId, ConversationId, Millis, OfferId, PersonId, Refusal, WorkCause};

use crate::fault::Fault;
use crate::index::{Index, loads};
use crate::places::Places;
use crate::{AgentFacts, Case, ChannelRules, Done, Effect, Event, Held, Receipt, Work};

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

/// One event being worked on.
pub(crate) struct Turn<'a> {
    pub d: &'a mut Dispatch,
    pub ids: &'a mut dyn FnMut() -> Uuid,
    pub out: Vec<Effect>,
    /// Conversations whose row changed after it was last emitted.
    pub changed: BTreeSet<ConversationId>,
    /// Agents whose row changed, and why first.
    pub work: BTreeMap<PersonId, WorkCause>,
    /// Agents who may have room for somebody.
    pub roomy: BTreeSet<PersonId>,
    /// Waiting conversations for whom an agent may have room.
    pub hopeful: BTreeSet<ConversationId>,
    /// Newly waiting, to be told their place.
    pub fresh: BTreeSet<ConversationId>,
    pub is_tick: bool,
}

/// The answer to what was asked.
pub(crate) type Answer = Result<Done, Refused>;

/// Why not, and who holds it where that is the reason.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refused(pub Refusal, pub Option<PersonId>);

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(refusal, None)
    }
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

impl Turn<'_> {
    pub fn now(&self) -> Millis {
        self.d.now
    }

    /// A copy of the row to be changed and given back to [`Turn::put`].
    pub fn case(&self, conversation: ConversationId) -> Result<Case, Refused> {
        self.d
            .cases
            .get(&conversation)
            .cloned()
            .ok_or_else(|| Refusal::ConversationUnknown.into())
    }

    pub fn rules(&self, case: &Case) -> Arc<ChannelRules> {
        self.d.rules(case.channel)
    }

    /// The row takes its place in the state, and all indexes follow. To be emitted at the end, unless [`Held`] does.
    pub fn put(&mut self, case: Case) {
        let id = case.conversation;
        self.changed.insert(id);
        self.replace(id, Some(case));
    }

    /// As [`Turn::put`], where nothing changes that is stored.
    pub fn set_quietly(&mut self, case: Case) {
        self.replace(case.conversation, Some(case));
    }

    pub fn remove(&mut self, id: ConversationId) {
        self.changed.remove(&id);
        self.replace(id, None);
    }

    fn replace(&mut self, id: ConversationId, case: Option<Case>) {
        let d = &mut *self.d;
        let old = d.cases.remove(&id);
        let line_before = old.as_ref().and_then(|old| d.index.line_of(old));
        let loads_before = old.as_ref().map(loads).unwrap_or_default();
        let left_message = old.as_ref().is_some_and(|old| old.leave_message);
        if let Some(old) = old {
            d.index.take(&old);
        }
        let mut line_after = None;
        let mut loads_after = Vec::new();
        if let Some(case) = case {
            let due = d.due(&case);
            if d.index.add(&case, due, d.fault) {
                self.hopeful.insert(id);
            }
            line_after = d.index.line_of(&case);
            loads_after = loads(&case);
            if line_after.is_some() && (line_before.is_none() || case.leave_message != left_message)
            {
                self.fresh.insert(id);
            }
            d.cases.insert(id, case);
        }
        if line_before != line_after {
            for (line, _) in [line_before, line_after].into_iter().flatten() {
                d.places.touch(line, d.now);
            }
        }
        if loads_before != loads_after {
            self.loads_changed(&loads_before, &loads_after);
        }
    }

    fn loads_changed(&mut self, before: &[PersonId], after: &[PersonId]) {
        for agent in before.iter().chain(after) {
            self.work.entry(*agent).or_insert(WorkCause::Load);
            let load = self.d.index.load(*agent);
            if let Some(agent) = self.d.agents.get_mut(agent) {
                agent.ceiling = agent.ceiling.min(load).max(agent.facts.capacity);
            }
        }
        self.roomy.extend(before);
    }

    /// An explicit choice brought the agent to what they hold now.
    pub fn allow_beyond(&mut self, agent: PersonId) {
        let load = self.d.index.load(agent);
        if let Some(agent) = self.d.agents.get_mut(&agent) {
            agent.ceiling = agent.ceiling.max(load);
        }
    }

    /// Deadlines of these are computed anew, because rules or an agent changed.
    pub fn reindex(&mut self, conversations: impl IntoIterator<Item = ConversationId>) {
        for id in conversations {
            if let Some(case) = self.d.cases.get(&id).cloned() {
                self.replace(id, Some(case));
            }
        }
    }

    fn event(&mut self, event: Event) -> Option<Answer> {
        match event {
            Event::ChannelSet(rules) => self.channel_set(*rules),
            Event::ChannelGone(channel) => self.channel_gone(channel),
            Event::AgentSet(facts) => self.agent_set(*facts),
            Event::AgentGone(agent) => self.agent_gone(agent),
            Event::Presence { person, connected } => self.presence(person, connected),
            Event::Merged { from, into } => self.merged(from, into),
            Event::Forgotten(conversation) => self.forgotten(conversation),
            Event::CustomerWrote { conversation } => {
                return self.customer_wrote(conversation).err().map(Err);
            }
            Event::AgentWrote {
                conversation,
                agent,
            } => {
                return self.agent_wrote(conversation, agent).err().map(Err);
            }
            Event::RobotWrote { conversation } => {
                return self.robot_wrote(conversation).err().map(Err);
            }
            Event::PolicyAnswered { ask, answer } => self.policy_answered(ask, answer),
            Event::Tick => self.everybody(),
            asked => return Some(self.asked(asked)),
        }
        None
    }

    fn asked(&mut self, event: Event) -> Answer {
        match event {
            Event::Open(opening) => self.open(*opening),
            Event::ToPerson {
                actor,
                conversation,
                topic,
            } => self.to_person(actor, conversation, topic),
            Event::Close {
                actor,
                conversation,
            } => self.close_asked(actor, conversation),
            Event::LeaveQueue {
                actor,
                conversation,
            } => self.leave_queue(actor, conversation),
            Event::KeepPlace {
                actor,
                conversation,
            } => self.keep_place(actor, conversation),
            Event::Take {
                actor,
                conversation,
            } => self.take(actor, conversation),
            Event::Answer {
                actor,
                offer,
                accept,
                reason,
            } => self.answer(actor, offer, accept, reason),
            Event::Transfer(ask) => self.transfer(*ask),
            Event::CancelTransfer { actor, transfer } => self.cancel_transfer(actor, transfer),
            Event::SetState {
                actor,
                agent,
                state,
            } => self.set_state(actor, agent, state),
            // Those without an answer are worked on in `event`.
            _ => Err(Refusal::Internal.into()),
        }
    }

    /// Emits the effects that come once per event, behind the others, and the answer before them.
    fn finish(mut self, answer: Option<Answer>) -> Vec<Effect> {
        for id in std::mem::take(&mut self.changed) {
            if let Some(mut case) = self.d.cases.get(&id).cloned() {
                case.version += 1;
                self.replace(id, Some(case.clone()));
                self.out.push(Effect::Row(Box::new(case)));
            }
        }
        for (agent, cause) in std::mem::take(&mut self.work) {
            if let Some(work) = self.d.work(agent) {
                let capacity = self.d.agents[&agent].facts.capacity;
                let work = Box::new(work);
                self.out.push(Effect::Work {
                    work,
                    capacity,
                    cause,
                });
            }
        }
        self.tell_places();
        if !self.out.is_empty() {
            self.d.board_version += 1;
        }
        match answer {
            None => {}
            Some(Ok(mut done)) => {
                let case = done.conversation.and_then(|id| self.d.cases.get(&id));
                done.lease = case.map(|case| case.lease);
                done.visit = case
                    .and_then(|case| case.visit.as_ref())
                    .map(|visit| visit.id);
                self.out.insert(0, Effect::Done(done));
            }
            Some(Err(Refused(refusal, holder))) => {
                self.out.insert(0, Effect::Refused { refusal, holder });
            }
        }
        self.out
    }
}
