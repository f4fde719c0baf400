//! Agents, channels and presence: what changes for the conversations when these do.

use std::sync::Arc;

use webim_model::{
    ChannelId, ConversationId, Holder, HolderReason, Millis, OfferOutcome, PersonId, Refusal, Role,
    WorkCause, WorkState,
};

use crate::machine::Agent;
use crate::turn::{Answer, Turn};
use crate::{Actor, AgentFacts, ChannelRules, Done, Effect, Work};

impl Turn<'_> {
    pub fn channel_set(&mut self, rules: ChannelRules) {
        let id = rules.id;
        self.d.channels.insert(id, Arc::new(rules));
        let found = self.d.index.channels.get(&id).cloned().unwrap_or_default();
        for conversation in found {
            let Some(mut case) = self.d.cases.get(&conversation).cloned() else {
                continue;
            };
            if case.held_until.is_some() && case.holder == Holder::Queue {
                let rules = self.rules(&case);
                case.held_until = self.closed_until(&rules).unwrap_or(case.held_until);
                self.prefer(&mut case);
                self.put(case);
            } else if case.holder != Holder::Nobody {
                self.reindex([conversation]);
            }
        }
        self.everybody();
    }

    pub fn channel_gone(&mut self, id: ChannelId) {
        if let Some(rules) = self.d.channels.get_mut(&id) {
            Arc::make_mut(rules).active = false;
        }
    }

    /// Every agent may have room for somebody, if anybody waits.
    pub fn everybody(&mut self) {
        if !self.d.index.general.is_empty() || !self.d.index.reserved.is_empty() {
            self.roomy.extend(self.d.agents.keys().copied());
        }
    }

    pub fn agent_set(&mut self, facts: AgentFacts) {
        let id = facts.id;
        let load = self.d.index.load(id);
        let ceiling = load.max(facts.capacity);
        if facts.active {
            let known = self.d.agents.get(&id).map(|agent| agent.work.clone());
            let work = known.unwrap_or_else(|| Work::new(id));
            self.d.agents.insert(
                id,
                Agent {
                    facts,
                    work,
                    ceiling,
                },
            );
            self.wait_for_others(id);
        } else if let Some(agent) = self.d.agents.get_mut(&id) {
            agent.facts = facts;
            self.unseat(id);
        } else {
            let work = Work::new(id);
            self.d.agents.insert(
                id,
                Agent {
                    facts,
                    work,
                    ceiling,
                },
            );
        }
        self.work.insert(id, WorkCause::Facts);
        self.roomy.insert(id);
    }

    pub fn agent_gone(&mut self, id: PersonId) {
        if let Some(agent) = self.d.agents.get_mut(&id) {
            agent.facts.active = false;
            if let Some(until) = agent.work.wrap_up_until.take() {
                self.d.index.agents_due.remove(&(until, id));
            }
            self.unseat(id);
            self.d.agents.remove(&id);
            self.work.remove(&id);
        }
    }

    /// Those who wait for this agent alone are looked at again: they may serve no more.
    fn wait_for_others(&mut self, id: PersonId) {
        let related = self.d.index.related.get(&id).cloned().unwrap_or_default();
        for conversation in related {
            let found = self.d.cases.get(&conversation).cloned();
            if let Some(mut case) =
                found.filter(|case| case.only_for == Some(id) && case.offer.is_none())
                && self
                    .d
                    .agents
                    .get(&id)
                    .is_some_and(|agent| !agent.facts.serves)
            {
                self.prefer(&mut case);
                self.put(case);
            }
        }
    }

    /// Nothing is theirs any more: who they hold is requeued at the old place, what they were asked is over.
    fn unseat(&mut self, id: PersonId) {
        let holding = self.d.index.holding.get(&id).cloned().unwrap_or_default();
        let related = self.d.index.related.get(&id).cloned().unwrap_or_default();
        for conversation in holding.into_iter().chain(related) {
            let Some(mut case) = self.d.cases.get(&conversation).cloned() else {
                continue;
            };
            if case.offer.as_ref().is_some_and(|offer| offer.agent == id) {
                self.offer_over(case, OfferOutcome::Gone, None);
                case = self.d.cases[&conversation].clone();
            }
            case.owner = case.owner.filter(|owner| *owner != id);
            case.wanted = case.wanted.filter(|wanted| *wanted != id);
            if case.holder == Holder::Agent(id) {
                self.requeue(case, HolderReason::AgentGone);
                continue;
            }
            if case.only_for == Some(id) {
                self.prefer(&mut case);
            }
            self.put(case);
        }
    }

    pub fn presence(&mut self, person: PersonId, connected: bool) {
        let now = self.now();
        if let Some(agent) = self.d.agents.get_mut(&person)
            && agent.work.connected != connected
        {
            agent.work.connected = connected;
            agent.work.gone_at = (!connected).then_some(now);
            self.work.insert(person, WorkCause::Presence);
            self.roomy.insert(person);
            let holding = self
                .d
                .index
                .holding
                .get(&person)
                .cloned()
                .unwrap_or_default();
            self.reindex(holding);
        }
        let theirs = self
            .d
            .index
            .customers
            .get(&person)
            .cloned()
            .unwrap_or_default();
        for conversation in theirs {
            self.customer_presence(conversation, connected);
        }
    }

    fn customer_presence(&mut self, conversation: ConversationId, connected: bool) {
        let now = self.now();
        if let Some(mut case) = self.d.cases.get(&conversation).cloned()
            && case.customer_connected != connected
        {
            case.customer_connected = connected;
            if case.holder == Holder::Queue {
                let vanishes = !connected && !case.waiting_offline;
                case.vanished_at = vanishes.then_some(now);
                self.put(case);
            } else {
                // Nothing of it is stored while they do not wait.
                self.set_quietly(case);
            }
        }
    }

    pub fn merged(&mut self, from: PersonId, into: PersonId) {
        let theirs = self
            .d
            .index
            .customers
            .get(&from)
            .cloned()
            .unwrap_or_default();
        for conversation in theirs {
            if let Some(mut case) = self.d.cases.get(&conversation).cloned() {
                case.customer = into;
                if let Some(visit) = &mut case.visit {
                    visit.customer = into;
                }
                let is_own = case.holder == Holder::Agent(into);
                self.put(case.clone());
                if is_own {
                    case.owner = None;
                    self.requeue(case, HolderReason::AgentGone);
                }
            }
        }
    }

    pub fn forgotten(&mut self, conversation: ConversationId) {
        if let Some(mut case) = self.d.cases.get(&conversation).cloned() {
            let nothing = crate::holder::Change::new(Holder::Nobody, HolderReason::Closed);
            let tail = self.end_questions(&mut case, &nothing);
            self.out.extend(tail);
            self.remove(conversation);
            self.out.push(Effect::Forgotten(conversation));
        }
    }

    pub fn set_state(&mut self, actor: Actor, agent: PersonId, state: WorkState) -> Answer {
        let chosen = actor.person == agent;
        if !chosen && !actor.roles.has(Role::Supervisor) {
            return Err(Refusal::Forbidden.into());
        }
        let Some(found) = self
            .d
            .agents
            .get_mut(&agent)
            .filter(|found| found.facts.active)
        else {
            return Err(Refusal::AgentUnknown.into());
        };
        found.work.state = state;
        found.work.silences = 0;
        let ends: Option<Millis> = found.work.wrap_up_until.take();
        if let Some(until) = ends {
            self.d.index.agents_due.remove(&(until, agent));
        }
        let cause = if chosen {
            WorkCause::Chosen
        } else {
            WorkCause::Supervisor
        };
        self.work.insert(agent, cause);
        self.roomy.insert(agent);
        Ok(Done::default())
    }
}
