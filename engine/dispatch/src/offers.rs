//! Questions to agents and their answers, and customers that agents take by themselves.

use webim_model::{
    ConversationId, DecidedBy, Holder, HolderReason, Millis, OfferId, OfferKind, OfferOutcome,
    PersonId, Refusal, Role, TransferState, Verdict,
};

use crate::holder::Change;
use crate::machine::Dispatch;
use crate::settle::Decision;
use crate::turn::{Answer, Refused, Turn};
use crate::visits::done;
use crate::{Actor, Case, Done, Effect, Silence};

impl Turn<'_> {
    pub fn answer(
        &mut self,
        actor: Actor,
        offer: OfferId,
        accept: bool,
        reason: Option<String>,
    ) -> Answer {
        let unknown = Refused::from(Refusal::OfferUnknown);
        let conversation = *self.d.index.offers.get(&offer).ok_or(unknown)?;
        let case = self.case(conversation)?;
        let made = case
            .offer
            .clone()
            .filter(|made| made.agent == actor.person)
            .ok_or(unknown)?;
        if let Some(found) = self.d.agents.get_mut(&actor.person) {
            found.work.silences = 0;
        }
        if !accept {
            self.offer_over(case, OfferOutcome::Declined, reason);
        } else if made.kind == OfferKind::Transfer {
            self.commit_to_agent(case, made.agent);
        } else {
            self.accepted(case, made.agent, offer);
        }
        Ok(Done {
            conversation: Some(conversation),
            offer: Some(offer),
            ..Done::default()
        })
    }

    fn accepted(&mut self, case: Case, agent: PersonId, offer: OfferId) {
        let kept = self.d.pending.remove(&offer);
        let owns = case.only_for == Some(agent);
        let by = if owns {
            DecidedBy::Owner
        } else {
            DecidedBy::Builtin
        };
        let mut receipt = kept.unwrap_or_else(|| self.receipt(&case, agent, Decision::by(by)));
        receipt.at = self.now();
        receipt.waited = self.waited_ms(&case);
        let reason = match receipt.by {
            DecidedBy::Customer => HolderReason::Chosen,
            DecidedBy::Owner => HolderReason::Owner,
            _ => HolderReason::Assigned,
        };
        let change = Change {
            receipt: Some(receipt),
            is_accepted: true,
            ..Change::new(Holder::Agent(agent), reason)
        };
        self.change(case, change);
    }

    /// An offer ended without its agent: they are not asked again for a while, and the next is.
    pub fn offer_over(&mut self, mut case: Case, outcome: OfferOutcome, reason: Option<String>) {
        let Some(offer) = case.offer.take() else {
            return;
        };
        let now = self.now();
        let rules = self.rules(&case);
        self.d.pending.remove(&offer.id);
        let agent = offer.agent;
        let kind = offer.kind;
        self.out.push(Effect::OfferEnded {
            offer: Box::new(offer),
            outcome,
            reason: reason.clone(),
        });
        if kind == OfferKind::Transfer {
            let state = match outcome {
                OfferOutcome::Declined => TransferState::Declined,
                OfferOutcome::TimedOut => TransferState::TimedOut,
                _ => TransferState::Cancelled,
            };
            self.end_transfer(&mut case, state, reason);
            self.put(case);
            return;
        }
        if outcome != OfferOutcome::Gone {
            case.vetoes.retain(|(vetoed, _)| *vetoed != agent);
            case.vetoes.push((agent, now.plus(rules.veto_for.max(1))));
        }
        if case.only_for == Some(agent) {
            self.owner_away(&mut case);
        }
        let conversation = case.conversation;
        self.put(case);
        if outcome == OfferOutcome::TimedOut {
            let what = Silence::Offer;
            self.out.push(Effect::Silent {
                agent,
                conversation,
                what,
            });
            self.count_silence(agent, rules.silences_before_break);
        }
    }

    fn end_transfer(&mut self, case: &mut Case, state: TransferState, reason: Option<String>) {
        if let Some(mut transfer) = case.transfer.take() {
            transfer.state = state;
            transfer.reason = reason;
            transfer.ended_at = Some(self.now());
            self.out.push(Effect::Transfer(Box::new(transfer)));
        }
    }

    pub fn take(&mut self, actor: Actor, conversation: ConversationId) -> Answer {
        let mut case = self.case(conversation)?;
        let me = actor.person;
        if !self.d.is_agent(me) || me == case.customer {
            return Err(Refusal::AgentUnknown.into());
        }
        let supervises = actor.roles.has(Role::Supervisor);
        match case.holder {
            Holder::Agent(agent) if agent == me => return done(conversation),
            Holder::Agent(agent) if !supervises => {
                return Err(Refused(Refusal::LeaseStale, Some(agent)));
            }
            _ => {}
        }
        if !supervises {
            self.may_take(&case, me)?;
        }
        let is_over = matches!(case.holder, Holder::Agent(_));
        if case.holder == Holder::Nobody {
            self.open_for_take(&mut case);
        }
        case.substitute |= supervises && case.owner.is_some_and(|owner| owner != me);
        let (by, reason) = if is_over {
            (DecidedBy::Supervisor, HolderReason::TakenOver)
        } else {
            (DecidedBy::Agent, HolderReason::Taken)
        };
        let mut receipt = self.receipt(&case, me, Decision::by(by));
        receipt.beyond = self.is_beyond(me, &case);
        let is_accepted = case.offer.as_ref().is_some_and(|offer| offer.agent == me);
        let change = Change {
            by: Some(me),
            receipt: Some(receipt),
            is_accepted,
            ..Change::new(Holder::Agent(me), reason)
        };
        self.change(case, change);
        self.allow_beyond(me);
        done(conversation)
    }

    /// Whether this one is more than the agent may have; an open offer of it to them is not counted against it.
    pub fn is_beyond(&self, agent: PersonId, case: &Case) -> bool {
        let Some(facts) = self.d.agents.get(&agent).map(|found| &found.facts) else {
            return true;
        };
        let offered = u32::from(
            case.offer
                .as_ref()
                .is_some_and(|offer| offer.agent == agent),
        );
        let here = facts
            .per_channel
            .get(&case.channel)
            .copied()
            .unwrap_or(u32::MAX);
        self.d.index.load(agent) >= facts.capacity.saturating_add(offered)
            || self.d.index.channel_load(agent, case.channel) >= here.saturating_add(offered)
    }

    /// An agent takes who waits for anybody or for them, and whom they would be given had they asked for it.
    fn may_take(&self, case: &Case, me: PersonId) -> Result<(), Refused> {
        let rules = self.rules(case);
        let Some(agent) = self.d.agents.get(&me) else {
            return Err(Refusal::AgentUnknown.into());
        };
        let offered = case.offer.as_ref().map(|offer| offer.agent);
        if offered.is_some_and(|offered| offered != me) {
            return Err(Refused(Refusal::NotHolder, offered));
        }
        let owner = case.owner.filter(|_| case.holder == Holder::Nobody);
        if owner.is_some_and(|owner| owner != me) {
            return Err(Refused(Refusal::NotHolder, owner));
        }
        match Dispatch::standing(agent, case, &rules) {
            Verdict::Fits => {}
            Verdict::Reserved => return Err(Refused(Refusal::NotHolder, case.only_for)),
            _ if owner == Some(me) => {}
            _ => return Err(Refusal::Forbidden.into()),
        }
        if self.is_beyond(me, case) {
            return Err(Refusal::AgentFull.into());
        }
        if case.holder == Holder::Nobody && !rules.active {
            return Err(Refusal::ChannelClosed.into());
        }
        Ok(())
    }

    /// Nobody is to be asked for this conversation before `until`, or this agent not.
    pub fn veto(&self, case: &mut Case, agent: PersonId) {
        let until: Millis = self.now().plus(self.rules(case).veto_for.max(1));
        case.vetoes.retain(|(vetoed, _)| *vetoed != agent);
        case.vetoes.push((agent, until));
    }
}
