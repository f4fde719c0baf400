//! Moves of the holder from one to another: asked for, answered, committed as one change.

use webim_model::{
    DecidedBy, Holder, HolderReason, Millis, OfferId, OfferKind, OfferOutcome, PersonId, Refusal,
    Role, TransferId, TransferState, TransferTo, WorkState,
};

use crate::fault::Fault;
use crate::holder::Change;
use crate::settle::Decision;
use crate::turn::{Answer, Refused, Turn};
use crate::visits::done;
use crate::{Actor, Case, Done, Effect, Offer, Transfer, TransferAsk};

/// The same hand-over twice within this, with no message between, is a circle.
const CIRCLE: i64 = 60_000;
/// How many hand-overs are remembered for it.
const MOVES: usize = 8;

impl Turn<'_> {
    pub fn transfer(&mut self, ask: TransferAsk) -> Answer {
        let mut case = self.case(ask.conversation)?;
        let Some(visit) = case.visit.as_ref().map(|visit| visit.id) else {
            return Err(Refusal::VisitClosed.into());
        };
        let from = match case.holder {
            Holder::Agent(agent) => Some(agent),
            _ => None,
        };
        if ask.lease != case.lease {
            return Err(Refused(Refusal::LeaseStale, from));
        }
        if from != Some(ask.actor.person) && !ask.actor.roles.has(Role::Supervisor) {
            return Err(Refused(Refusal::NotHolder, from));
        }
        if case.transfer.is_some() {
            return Err(Refusal::TransferOpen.into());
        }
        let to = match ask.to {
            TransferTo::Former => {
                let former = case.former.filter(|former| Some(*former) != from);
                TransferTo::Agent(former.ok_or(Refused::from(Refusal::FormerUnknown))?)
            }
            to => to,
        };
        self.check_target(&case, to, from, ask.force)?;
        let id = TransferId((self.ids)());
        let transfer = Transfer {
            id,
            conversation: case.conversation,
            visit,
            by: ask.actor.person,
            from,
            to,
            note: ask.note,
            history: ask.history,
            forced: ask.force,
            state: TransferState::Offered,
            reason: None,
            offered_at: self.now(),
            ended_at: None,
        };
        let offer = self.send_off(&mut case, to, transfer);
        Ok(Done {
            conversation: Some(ask.conversation),
            transfer: Some(id),
            offer,
            ..Done::default()
        })
    }

    /// Offers it to the agent, or commits at once.
    fn send_off(&mut self, case: &mut Case, to: TransferTo, transfer: Transfer) -> Option<OfferId> {
        let mut case = case.clone();
        let TransferTo::Agent(agent) = to else {
            case.transfer = Some(transfer);
            self.commit_elsewhere(case, to);
            return None;
        };
        if !self.d.is_connected(agent) {
            case.transfer = Some(transfer);
            self.commit_to_agent(case, agent);
            return None;
        }
        self.withdraw(&mut case);
        let now = self.now();
        let offer = Offer {
            id: OfferId((self.ids)()),
            conversation: case.conversation,
            agent,
            kind: OfferKind::Transfer,
            made_at: now,
            until: now.plus(self.rules(&case).transfer_deadline.max(1)),
        };
        case.transfer = Some(transfer.clone());
        case.offer = Some(offer.clone());
        self.put(case);
        self.allow_beyond(agent);
        self.out.push(Effect::Transfer(Box::new(transfer)));
        self.out.push(Effect::Offer(Box::new(offer.clone())));
        Some(offer.id)
    }

    /// A supervisor moves somebody who waits: what was asked about them is over.
    fn withdraw(&mut self, case: &mut Case) {
        let nothing = Change::new(case.holder, HolderReason::Transferred);
        let tail = self.end_questions(case, &nothing);
        self.out.extend(tail);
    }

    fn check_target(
        &self,
        case: &Case,
        to: TransferTo,
        from: Option<PersonId>,
        force: bool,
    ) -> Result<(), Refused> {
        let rules = self.rules(case);
        let mut facts = self.d.agents.values().map(|agent| &agent.facts);
        match to {
            TransferTo::Agent(agent) => self.check_agent(case, agent, from, force),
            TransferTo::Team(team) => {
                let has =
                    facts.any(|facts| facts.active && facts.serves && facts.teams.contains(&team));
                if has {
                    Ok(())
                } else {
                    Err(Refusal::TeamUnknown.into())
                }
            }
            TransferTo::Topic(topic) if !self.is_owned(topic, &rules) => {
                Err(Refusal::TopicUnowned.into())
            }
            TransferTo::Robot if !rules.robot => Err(Refusal::RobotUnknown.into()),
            TransferTo::Robot if case.holder == Holder::Robot => Err(Refusal::TransferSelf.into()),
            TransferTo::Topic(_) | TransferTo::Robot | TransferTo::Queue | TransferTo::Former => {
                Ok(())
            }
        }
    }

    fn check_agent(
        &self,
        case: &Case,
        agent: PersonId,
        from: Option<PersonId>,
        force: bool,
    ) -> Result<(), Refused> {
        if from == Some(agent) {
            return Err(Refusal::TransferSelf.into());
        }
        let found = self.d.agents.get(&agent).filter(|found| found.facts.active);
        let Some(found) = found.filter(|_| agent != case.customer) else {
            return Err(Refusal::AgentUnknown.into());
        };
        let now = self.now();
        let again = |(one, other, at): &(PersonId, PersonId, Millis)| {
            Some(*one) == from && *other == agent && now.since(*at) < CIRCLE
        };
        if case.moves.iter().any(again) {
            return Err(Refusal::TransferCircle.into());
        }
        if force {
            return Ok(());
        }
        if !found.work.connected || found.work.state == WorkState::Break {
            return Err(Refusal::AgentAway.into());
        }
        if self.is_beyond(agent, case) {
            return Err(Refused(Refusal::AgentFull, None));
        }
        Ok(())
    }

    /// The newcomer becomes holder and, in service mode, owner.
    pub fn commit_to_agent(&mut self, mut case: Case, agent: PersonId) {
        let Some(transfer) = self.ended(&mut case) else {
            return;
        };
        if let Some(from) = transfer.from {
            case.moves.push((from, agent, self.now()));
            let surplus = case.moves.len().saturating_sub(MOVES);
            case.moves.drain(..surplus);
        }
        case.owner = None;
        case.substitute = false;
        case.wanted = case.wanted.map(|_| agent);
        let mut receipt = self.receipt(&case, agent, Decision::by(DecidedBy::Transfer));
        receipt.beyond = self.is_beyond(agent, &case) || !self.d.is_connected(agent);
        let change = Change {
            by: Some(transfer.by),
            receipt: Some(receipt),
            transfer: Some(transfer),
            is_accepted: true,
            ..Change::new(Holder::Agent(agent), HolderReason::Transferred)
        };
        self.change(case, change);
        self.allow_beyond(agent);
    }

    /// To whoever comes first in a queue, or to the robot.
    fn commit_elsewhere(&mut self, mut case: Case, to: TransferTo) {
        let Some(transfer) = self.ended(&mut case) else {
            return;
        };
        // Whom the robot hands on again may well come back to the agent who gave them to it.
        if let Some(from) = transfer.from.filter(|_| to != TransferTo::Robot) {
            self.veto(&mut case, from);
        }
        match to {
            TransferTo::Team(team) => case.team = Some(team),
            TransferTo::Topic(topic) => {
                case.topic = Some(topic);
                case.team = None;
            }
            _ => {}
        }
        let mut holder = Holder::Robot;
        if to != TransferTo::Robot {
            holder = Holder::Queue;
            case.owner = None;
            case.wanted = None;
            case.substitute = false;
            case.held_until = None;
            case.enqueued_at = None;
        }
        if self.d.is_faulty(Fault::TransferDrops) {
            holder = Holder::Nobody;
        }
        let change = Change {
            by: Some(transfer.by),
            transfer: Some(transfer),
            ..Change::new(holder, HolderReason::Transferred)
        };
        self.change(case, change);
    }

    fn ended(&self, case: &mut Case) -> Option<Transfer> {
        let mut transfer = case.transfer.take()?;
        transfer.state = TransferState::Accepted;
        transfer.ended_at = Some(self.now());
        Some(transfer)
    }

    pub fn cancel_transfer(&mut self, actor: Actor, transfer: TransferId) -> Answer {
        let unknown = Refused::from(Refusal::TransferUnknown);
        let conversation = *self.d.index.transfers.get(&transfer).ok_or(unknown)?;
        let case = self.case(conversation)?;
        let by = case.transfer.as_ref().map(|open| open.by);
        if by != Some(actor.person) && !actor.roles.has(Role::Supervisor) {
            return Err(unknown);
        }
        self.offer_over(case, OfferOutcome::Cancelled, None);
        done(conversation).map(|found| Done {
            transfer: Some(transfer),
            ..found
        })
    }
}
