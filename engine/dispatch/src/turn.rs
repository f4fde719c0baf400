//! One event being worked on: rows taken and put back, what is collected on the way, and the order of effects.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use uuid::Uuid;
use webim_model::{ConversationId, Millis, PersonId, Refusal, WorkCause};

use crate::index::loads;
use crate::machine::Dispatch;
use crate::{Case, ChannelRules, Done, Effect, Event};

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

    /// The row takes its place in the state, and all indexes follow. To be emitted at the end, unless `Held` does.
    pub fn put(&mut self, case: Case) {
        let id = case.conversation;
        self.changed.insert(id);
        self.replace(id, Some(case));
    }

    /// Emits the row if it changed since it was last emitted; gives its version then. What is decided about a
    /// conversation comes behind the row that it was decided from.
    pub fn flush(&mut self, id: ConversationId) -> Option<i64> {
        let is_changed = self.changed.remove(&id);
        let mut case = self.d.cases.get(&id).filter(|_| is_changed)?.clone();
        case.version += 1;
        let version = case.version;
        self.replace(id, Some(case.clone()));
        self.out.push(Effect::Row(Box::new(case)));
        Some(version)
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

    pub fn event(&mut self, event: Event) -> Option<Answer> {
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
            } => self.hand_to_person(actor, conversation, topic),
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
    pub fn finish(mut self, answer: Option<Answer>) -> Vec<Effect> {
        while let Some(id) = self.changed.first().copied() {
            self.flush(id);
            self.changed.remove(&id);
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
