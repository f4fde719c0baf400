//! No idle queue: whoever waits and can be served is, in order, before an event is over.

use std::collections::{BTreeMap, BTreeSet};

use webim_model::{
    AskId, ChannelMode, DecidedBy, Holder, HolderReason, OfferId, OfferKind, Order, OwnerAway,
    PersonId,
};

use crate::choose::Survey;
use crate::fault::Fault;
use crate::holder::Change;
use crate::index::{Place, is_assignable};
use crate::turn::Turn;
use crate::{Case, ChannelRules, Effect, Offer, PolicyAsk, Receipt};

/// Who decided, and what is known about it.
#[derive(Clone, Debug)]
pub(crate) struct Decision {
    pub by: DecidedBy,
    pub hook: Option<String>,
    pub took: i64,
}

impl Decision {
    pub fn by(by: DecidedBy) -> Self {
        Self {
            by,
            hook: None,
            took: 0,
        }
    }
}

impl Turn<'_> {
    /// Serves whoever can be served after what has changed: the first in the order of all queues, until nobody can.
    pub fn settle(&mut self) {
        let mut best: BTreeMap<PersonId, Place> = BTreeMap::new();
        loop {
            for agent in std::mem::take(&mut self.roomy) {
                self.look_for(agent, &mut best);
            }
            let hopeful = self.hopeful.iter().filter_map(|id| self.d.index.place(*id));
            let Some(next) = hopeful.chain(best.values().copied()).min() else {
                self.hopeful.clear();
                return;
            };
            self.hopeful.remove(&next.2);
            let served = self.attempt(next);
            let concerned: BTreeSet<_> = best
                .iter()
                .filter(|(_, place)| **place == next)
                .map(|(agent, _)| *agent)
                .collect();
            for agent in concerned {
                best.remove(&agent);
                if served {
                    self.look_for(agent, &mut best);
                }
            }
        }
    }

    fn look_for(&self, agent: PersonId, best: &mut BTreeMap<PersonId, Place>) {
        match self.d.best_for(agent) {
            Some(place) => best.insert(agent, place),
            None => best.remove(&agent),
        };
    }

    /// Gives this one to the best agent, or asks the hook about it; `false` if nobody fits.
    fn attempt(&mut self, place: Place) -> bool {
        let Some(case) = self.d.cases.get(&place.2).cloned() else {
            return false;
        };
        let rules = self.rules(&case);
        if !is_assignable(&case) || (rules.order == Order::Manual && case.only_for.is_none()) {
            return false;
        }
        let survey = self.d.survey(&case, &rules);
        let Some(best) = survey.best() else {
            return false;
        };
        if rules.hook.is_some() && case.only_for.is_none() {
            self.ask_hook(case, &rules, &survey);
        } else {
            let by = match case.only_for {
                None => DecidedBy::Builtin,
                Some(_) if case.wanted == Some(best) => DecidedBy::Customer,
                Some(_) => DecidedBy::Owner,
            };
            self.grant(case, best, &survey, Decision::by(by));
        }
        true
    }

    fn ask_hook(&mut self, mut case: Case, rules: &ChannelRules, survey: &Survey) {
        let Some(hook) = &rules.hook else {
            return;
        };
        let ask = AskId((self.ids)());
        let deadline = self.now().plus(hook.deadline.max(1));
        case.ask = Some((ask, deadline));
        self.out.push(Effect::AskPolicy(Box::new(PolicyAsk {
            ask,
            hook: hook.name.clone(),
            deadline,
            waited: self.waited_ms(&case),
            candidates: survey.candidates(),
            case: case.clone(),
        })));
        self.put(case);
    }

    pub fn waited_ms(&self, case: &Case) -> i64 {
        case.enqueued_at.map_or(0, |at| self.d.now.since(at))
    }

    /// Gives a waiting conversation to an agent who fits: at once, or as an offer.
    pub fn grant(&mut self, mut case: Case, agent: PersonId, survey: &Survey, decision: Decision) {
        let rules = self.rules(&case);
        let reason = match decision.by {
            DecidedBy::Customer => HolderReason::Chosen,
            DecidedBy::Owner => HolderReason::Owner,
            _ => HolderReason::Assigned,
        };
        case.version = self.flush(case.conversation).unwrap_or(case.version);
        let mut receipt = self.receipt(&case, agent, decision);
        receipt.candidates = survey.candidates();
        receipt.counts.clone_from(&survey.counts);
        self.d.random = survey.random;
        if rules.order == Order::RoundRobin && case.only_for.is_none() {
            self.d.cursors.insert(rules.id, agent);
            let channel = rules.id;
            self.out.push(Effect::Cursor { channel, agent });
        }
        let Some(millis) = rules.accept_deadline else {
            let change = Change {
                receipt: Some(receipt),
                ..Change::new(Holder::Agent(agent), reason)
            };
            self.change(case, change);
            return;
        };
        let offer = Offer {
            id: OfferId((self.ids)()),
            conversation: case.conversation,
            agent,
            kind: OfferKind::Assignment,
            made_at: self.now(),
            until: self.now().plus(millis.max(1)),
        };
        self.d.pending.insert(offer.id, receipt);
        case.offer = Some(offer.clone());
        case.owner_deadline = None;
        self.out.push(Effect::Offer(Box::new(offer)));
        self.put(case);
    }

    /// A receipt without candidates yet.
    pub fn receipt(&self, case: &Case, agent: PersonId, decision: Decision) -> Receipt {
        Receipt {
            conversation: case.conversation,
            channel: case.channel,
            agent,
            at: self.d.now,
            ahead: self.d.index.ahead(case),
            waited: self.waited_ms(case),
            order: self.rules(case).order,
            by: decision.by,
            hook: decision.hook,
            took: decision.took,
            beyond: false,
            candidates: Vec::new(),
            counts: BTreeMap::new(),
        }
    }

    /// Decides for whom a waiting conversation waits: the agent the customer chose, their own, or anybody.
    pub fn prefer(&mut self, case: &mut Case) {
        case.only_for = None;
        case.owner_deadline = None;
        case.leave_message = case.held_until.is_some();
        let rules = self.rules(case);
        let owner = case.owner.filter(|_| rules.mode == ChannelMode::Service);
        let serves = |agent: &PersonId| {
            let found = self.d.agents.get(agent);
            *agent != case.customer
                && found.is_some_and(|agent| agent.facts.active && agent.facts.serves)
        };
        let preferred = case.wanted.filter(serves).or(owner.filter(serves));
        let Some(agent) = preferred.filter(|_| !case.substitute) else {
            return;
        };
        if self.d.is_faulty(Fault::OwnerForgotten) {
            return;
        }
        case.only_for = Some(agent);
        if self.d.is_in_reach(agent, &rules) {
            case.owner_deadline = Some(self.now().plus(rules.owner_deadline.max(0)));
        } else {
            self.owner_away(case);
        }
    }

    /// The wait for the customer's own agent is over, or has no use.
    pub fn owner_away(&mut self, case: &mut Case) {
        case.owner_deadline = None;
        match self.rules(case).owner_away {
            OwnerAway::Wait => {}
            OwnerAway::Message => case.leave_message = true,
            OwnerAway::Substitute => {
                case.only_for = None;
                case.substitute = true;
            }
        }
    }
}
