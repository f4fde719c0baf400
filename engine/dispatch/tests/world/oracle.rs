//! A second opinion: it knows only what was said to the machine and what the machine answered, and recomputes from
//! that who may hold whom, who must not wait, and in which order.

use std::collections::{BTreeMap, BTreeSet};

use webim_dispatch::{AgentFacts, Case, ChannelRules, Effect, Held, Offer, Rows, Silence, Work};
use webim_model::{
    ChannelId, ChannelMode, ConversationId, DecidedBy, Holder, HolderReason, Millis, OfferKind,
    OfferOutcome, Order, PersonId, TransferState, WorkState,
};

/// What a process would have stored and known.
#[derive(Default)]
pub struct Oracle {
    pub now: Millis,
    pub channels: BTreeMap<ChannelId, ChannelRules>,
    pub agents: BTreeMap<PersonId, AgentFacts>,
    pub works: BTreeMap<PersonId, Work>,
    pub connected: BTreeSet<PersonId>,
    pub rows: BTreeMap<ConversationId, Case>,
    pub cursors: BTreeMap<ChannelId, PersonId>,
    /// When each came into the queue it waits in, or was taken from.
    pub entered: BTreeMap<ConversationId, Millis>,
    pub vetoes: BTreeMap<(ConversationId, PersonId), Millis>,
    /// Who was ready at some moment of the event: rows of work come once, at its end.
    ready: BTreeSet<PersonId>,
    /// About whom a hook was asked until this event.
    thought: BTreeSet<ConversationId>,
    /// What was found wrong.
    pub findings: Vec<String>,
}

impl Oracle {
    fn wrong(&mut self, what: impl Into<String>) {
        self.findings.push(what.into());
    }

    /// What a restart would find in the database.
    pub fn stored(&self) -> Rows {
        let work = |id: &PersonId| {
            self.works
                .get(id)
                .cloned()
                .unwrap_or_else(|| Work::new(*id))
        };
        Rows {
            channels: self.channels.values().cloned().collect(),
            agents: self
                .agents
                .iter()
                .map(|(id, facts)| (facts.clone(), work(id)))
                .collect(),
            cases: self.rows.values().cloned().collect(),
            cursors: self.cursors.clone().into_iter().collect(),
        }
    }

    pub fn absorb(&mut self, effects: &[Effect]) {
        let after = effects.iter().filter_map(|effect| match effect {
            Effect::Work { work, .. } => Some(&**work),
            _ => None,
        });
        let over = |work: &&Work| work.wrap_up_until.is_some_and(|until| until <= self.now);
        let ready = self
            .works
            .values()
            .chain(after)
            .filter(|work| work.state == WorkState::Ready || over(work));
        self.ready = ready.map(|work| work.agent).collect();
        self.thought.clear();
        for effect in effects {
            match effect {
                Effect::Held(held) => self.held(held),
                Effect::Row(row) => self.row(row),
                Effect::Offer(offer) => self.offered(offer),
                Effect::OfferEnded { offer, outcome, .. } => {
                    let asked = matches!(outcome, OfferOutcome::Declined | OfferOutcome::TimedOut);
                    if offer.kind == OfferKind::Assignment && asked {
                        self.veto(offer.conversation, offer.agent);
                    }
                    if let Some(row) = self.rows.get_mut(&offer.conversation) {
                        row.offer = None;
                    }
                }
                Effect::Silent {
                    agent,
                    conversation,
                    what: Silence::Customer,
                } => {
                    self.veto(*conversation, *agent);
                }
                Effect::Work { work, .. } => {
                    self.works.insert(work.agent, (**work).clone());
                }
                Effect::Cursor { channel, agent } => {
                    self.cursors.insert(*channel, *agent);
                }
                Effect::Forgotten(conversation) => {
                    self.rows.remove(conversation);
                }
                _ => {}
            }
        }
    }

    pub fn veto(&mut self, conversation: ConversationId, agent: PersonId) {
        if let Some(case) = self.rows.get(&conversation) {
            let until = self.now.plus(self.channels[&case.channel].veto_for);
            self.vetoes.insert((conversation, agent), until);
        }
    }

    fn held(&mut self, held: &Held) {
        let row = &held.row;
        let id = row.conversation;
        let old = self.rows.get(&id).cloned();
        let (holder, lease) = old
            .as_ref()
            .map_or((Holder::Nobody, 0), |old| (old.holder, old.lease));
        if held.before != holder {
            self.wrong(format!(
                "two holders: {:?} was not {:?} but {holder:?}",
                id, held.before
            ));
        }
        if row.lease != lease + 1 {
            self.wrong(format!(
                "lease of {id:?} went from {lease} to {}",
                row.lease
            ));
        }
        if (row.holder == Holder::Nobody) != (held.reason == HolderReason::Closed) {
            self.wrong(format!(
                "{id:?} dropped: {:?} by {:?}",
                row.holder, held.reason
            ));
        }
        match (row.holder, held.reason) {
            (
                Holder::Queue,
                HolderReason::Silent | HolderReason::Disconnected | HolderReason::AgentGone,
            ) => {
                let before = self.entered.get(&id).copied();
                if before.is_some() && row.enqueued_at != before {
                    self.wrong(format!("{id:?} lost its place"));
                }
                self.entered.insert(id, before.unwrap_or(self.now));
            }
            (Holder::Queue, _) => {
                self.entered.insert(id, self.now);
                if row.enqueued_at != Some(self.now) {
                    self.wrong(format!("{id:?} has not the place of who comes now"));
                }
            }
            (Holder::Agent(agent), _) => self.assigned(held, old.as_ref(), agent),
            (Holder::Robot | Holder::Nobody, _) => {
                self.entered.remove(&id);
                self.vetoes
                    .retain(|(vetoed, _), _| *vetoed != id || row.holder == Holder::Robot);
            }
        }
        if held
            .transfer
            .as_ref()
            .is_some_and(|made| made.state == TransferState::Accepted)
            && row.holder == Holder::Queue
            && let Holder::Agent(from) = held.before
        {
            self.rows.insert(id, row.clone());
            self.veto(id, from);
        }
        self.rows.insert(id, row.clone());
    }

    fn assigned(&mut self, held: &Held, old: Option<&Case>, agent: PersonId) {
        let row = &held.row;
        let offer = old
            .and_then(|old| old.offer.as_ref())
            .filter(|offer| offer.agent == agent);
        let Some(receipt) = &held.receipt else {
            return self.wrong("a turn without a receipt");
        };
        if !self.agents.get(&agent).is_some_and(|facts| facts.active) || agent == row.customer {
            self.wrong(format!("{agent:?} may not hold {:?}", row.conversation));
        }
        let service = self.channels[&row.channel].mode == ChannelMode::Service;
        if service && row.owner.is_none() {
            self.wrong("a served customer is nobody's");
        }
        let by_itself = matches!(
            held.reason,
            HolderReason::Assigned | HolderReason::Owner | HolderReason::Chosen
        );
        if let Some(old) = old.filter(|_| by_itself && offer.is_none()) {
            self.chosen(&old.clone(), agent, receipt.by);
        }
        let beyond = self.load(agent, None) - usize::from(offer.is_some())
            >= self.agents[&agent].capacity as usize;
        if held.reason == HolderReason::Taken && beyond && !receipt.beyond {
            self.wrong("taken beyond capacity");
        }
    }

    fn offered(&mut self, offer: &Offer) {
        let Some(mut row) = self.rows.get(&offer.conversation).cloned() else {
            return self.wrong("an offer of nobody");
        };
        if offer.kind == OfferKind::Assignment {
            self.chosen(&row, offer.agent, DecidedBy::Builtin);
        }
        // Counts from now on; its row comes at the end of the event.
        row.offer = Some(offer.clone());
        self.rows.insert(offer.conversation, row);
    }

    /// The machine itself chose this agent for this waiting row.
    fn chosen(&mut self, row: &Case, agent: PersonId, by: DecidedBy) {
        if let Some(why) = self.unfit(row, agent) {
            self.wrong(format!("{agent:?} is {why} for {:?}", row.conversation));
        }
        // A hook's question is about one, while those behind it may be served.
        let built_in = matches!(
            by,
            DecidedBy::Builtin | DecidedBy::Owner | DecidedBy::Customer
        );
        if !built_in || self.thought.contains(&row.conversation) {
            return;
        }
        let place = |row: &Case| {
            (
                -i64::from(row.priority),
                self.entered.get(&row.conversation).copied(),
                row.conversation,
            )
        };
        let mine = place(row);
        let earlier = self
            .rows
            .values()
            .filter(|other| self.waits(other) && place(other) < mine);
        let passed: Vec<_> = earlier
            .filter(|other| other.channel == row.channel && other.only_for == row.only_for)
            .filter(|other| {
                other.topic == row.topic && other.team == row.team && other.skills == row.skills
            })
            .filter(|other| self.unfit(other, agent).is_none())
            .map(|other| other.conversation)
            .collect();
        if !passed.is_empty() {
            self.wrong(format!(
                "{:?} was served before {passed:?}",
                row.conversation
            ));
        }
    }

    fn row(&mut self, row: &Case) {
        if let Some(old) = self.rows.get(&row.conversation)
            && (old.holder != row.holder || old.lease != row.lease)
        {
            self.wrong(format!(
                "the holder of {:?} changed in silence",
                row.conversation
            ));
        }
        let asked = self
            .rows
            .get(&row.conversation)
            .is_some_and(|old| old.ask.is_some());
        if asked && row.ask.is_none() {
            self.thought.insert(row.conversation);
        }
        self.rows.insert(row.conversation, row.clone());
    }

    fn load(&self, agent: PersonId, channel: Option<ChannelId>) -> usize {
        let rows = self
            .rows
            .values()
            .filter(|row| channel.is_none_or(|channel| row.channel == channel));
        rows.map(|row| {
            let offered = row.offer.as_ref().is_some_and(|offer| offer.agent == agent);
            usize::from(row.holder == Holder::Agent(agent)) + usize::from(offered)
        })
        .sum()
    }

    /// In a queue with nothing open that must be answered or must pass first.
    fn waits(&self, row: &Case) -> bool {
        let open = row.offer.is_some() || row.transfer.is_some() || row.ask.is_some();
        let manual = self.channels[&row.channel].order == Order::Manual && row.only_for.is_none();
        row.holder == Holder::Queue && !open && row.held_until.is_none() && !manual
    }

    /// Why this agent must not be given this row, if so.
    fn unfit(&self, row: &Case, agent: PersonId) -> Option<&'static str> {
        let Some(facts) = self.agents.get(&agent) else {
            return Some("unknown");
        };
        let rules = &self.channels[&row.channel];
        let ready = self.ready.contains(&agent);
        let own = row.only_for == Some(agent);
        let teams = row
            .team
            .map_or(rules.teams.clone(), |team| BTreeSet::from([team]));
        let topic = row.topic.filter(|_| row.team.is_none());
        let here = facts
            .per_channel
            .get(&row.channel)
            .map_or(usize::MAX, |here| *here as usize);
        let vetoed = self.vetoes.get(&(row.conversation, agent));
        let rest = [
            (!facts.active || !facts.serves, "no agent"),
            (agent == row.customer, "the customer"),
            (row.only_for.is_some() && !own, "not the one waited for"),
            (
                !own && !teams.is_empty() && teams.is_disjoint(&facts.teams),
                "in no team",
            ),
            (
                !own && topic.is_some_and(|topic| !facts.topics.contains(&topic)),
                "no expert",
            ),
            (
                !own && !rules
                    .skills
                    .union(&row.skills)
                    .all(|skill| facts.skills.contains(skill)),
                "without the label",
            ),
            (!self.connected.contains(&agent), "away"),
            (!ready, "not ready"),
            (self.load(agent, None) >= facts.capacity as usize, "full"),
            (self.load(agent, Some(row.channel)) >= here, "full here"),
            (vetoed.is_some_and(|until| *until > self.now), "vetoed"),
        ];
        rest.into_iter().find(|(is, _)| *is).map(|(_, why)| why)
    }

    /// After an event: nobody waits whom somebody could serve, and no question is older than its deadline.
    pub fn verify(&mut self) {
        let works = &self.works;
        self.ready.retain(|agent| {
            works
                .get(agent)
                .is_some_and(|work| work.state == WorkState::Ready)
        });
        let mut found = Vec::new();
        for row in self.rows.values() {
            let id = row.conversation;
            if row.visit.is_some() != (row.holder != Holder::Nobody) {
                found.push(format!("{id:?} is lost: a visit without a holder"));
            }
            if row
                .offer
                .as_ref()
                .is_some_and(|offer| offer.until <= self.now)
            {
                found.push(format!("{id:?} has an offer that is over"));
            }
            let began = row.assignment.as_ref().map(|turn| turn.began_at);
            if began.is_some_and(|began| row.last_said_at < Some(began)) {
                found.push(format!("{id:?} is idle from before it was served"));
            }
            if row.ask.is_some_and(|(_, until)| until <= self.now) {
                found.push(format!("{id:?} waits for a dead hook"));
            }
            if self.waits(row) {
                let idle = self
                    .agents
                    .keys()
                    .find(|agent| self.unfit(row, **agent).is_none());
                found.extend(
                    idle.map(|agent| format!("{id:?} waits although {agent:?} has room: {row:?}")),
                );
            }
        }
        self.findings.extend(found);
    }

    /// Whether a new visit of this customer must go to their own agent at once.
    pub fn owner_due(&self, id: ConversationId) -> Option<PersonId> {
        let row = self
            .rows
            .get(&id)
            .filter(|row| row.holder == Holder::Nobody && row.wanted.is_none())?;
        let rules = &self.channels[&row.channel];
        let open = rules.mode == ChannelMode::Service
            && rules.hours.is_none()
            && !rules.robot
            && rules.active;
        let mut asked = row.clone();
        asked.only_for = row.owner;
        row.owner
            .filter(|owner| open && self.unfit(&asked, *owner).is_none())
    }
}
