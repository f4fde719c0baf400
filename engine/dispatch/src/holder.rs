//! The one place where the holder of a conversation changes, with everything that must change in the same moment.

use webim_model::{
    AssignmentId, ChannelMode, ClosedBy, Holder, HolderReason, Millis, OfferOutcome, PersonId,
    TransferState, WorkCause, WorkState,
};

use crate::fault::Fault;
use crate::turn::Turn;
use crate::{Assignment, Case, Effect, Held, Receipt, Transfer, Visit, VisitChange};

/// A change to be made.
pub(crate) struct Change {
    pub holder: Holder,
    pub reason: HolderReason,
    pub by: Option<PersonId>,
    pub receipt: Option<Receipt>,
    /// The transfer that this commits, already ended.
    pub transfer: Option<Transfer>,
    pub closed_by: Option<ClosedBy>,
    /// The open offer ends as accepted, not as gone.
    pub is_accepted: bool,
}

impl Change {
    pub fn new(holder: Holder, reason: HolderReason) -> Self {
        Self {
            holder,
            reason,
            by: None,
            receipt: None,
            transfer: None,
            closed_by: None,
            is_accepted: false,
        }
    }
}

impl Turn<'_> {
    /// Makes the change and emits [`Held`] and what belongs to it. `case` may differ from the stored row already: the
    /// difference is part of the change.
    pub fn change(&mut self, mut case: Case, change: Change) {
        let now = self.now();
        let before = case.holder;
        let old_owner = self
            .d
            .cases
            .get(&case.conversation)
            .and_then(|old| old.owner);
        let mut tail = self.end_questions(&mut case, &change);
        let ended = end_turn(&mut case, change.reason, now);
        if let Some(visit) = &mut case.visit {
            add_up(visit, before, now);
            visit.transfers += u32::from(change.transfer.is_some());
        }
        if !self.d.is_faulty(Fault::LeaseNotGrown) {
            case.lease += 1;
        }
        case.holder = change.holder;
        // Who waited for hours is not closed as idle the moment they are served.
        case.last_said_at = Some(now);
        if let Holder::Agent(agent) = before {
            case.former = Some(agent);
        }
        if before == Holder::Queue && !matches!(change.holder, Holder::Queue) {
            self.left_queue(&case, &change);
        }
        match change.holder {
            Holder::Agent(agent) => self.begin_turn(&mut case, agent, &change),
            Holder::Queue => self.enter_queue(&mut case),
            Holder::Robot => leave_queue(&mut case),
            Holder::Nobody => {}
        }
        let began = case.assignment.clone();
        let visit = end_visit(&mut case, &change, before, now);
        case.version += 1;
        tail.extend(
            ended
                .iter()
                .cloned()
                .map(|turn| Effect::Assignment(Box::new(turn))),
        );
        tail.extend(began.map(|turn| Effect::Assignment(Box::new(turn))));
        tail.extend(visit.map(|(what, visit)| Effect::Visit(what, Box::new(visit))));
        tail.extend(
            change
                .transfer
                .iter()
                .cloned()
                .map(|made| Effect::Transfer(Box::new(made))),
        );
        let held = Held {
            before,
            leaves: self.leaves(&case, before, old_owner),
            reason: change.reason,
            by: change.by,
            receipt: change.receipt,
            transfer: change.transfer,
            ended,
            row: case,
        };
        self.emit_held(held, tail);
    }

    fn emit_held(&mut self, held: Held, tail: Vec<Effect>) {
        self.d.note_decision(&held);
        let row = held.row.clone();
        let id = row.conversation;
        let twice = self.d.is_faulty(Fault::TwoHolders) && matches!(row.holder, Holder::Agent(_));
        let other = self
            .d
            .agents
            .keys()
            .copied()
            .find(|agent| Holder::Agent(*agent) != row.holder);
        if let Some(other) = other.filter(|_| twice) {
            let mut second = held.clone();
            second.row.holder = Holder::Agent(other);
            self.out.push(Effect::Held(Box::new(second)));
        }
        self.out.push(Effect::Held(Box::new(held)));
        self.out.extend(tail);
        self.put(row);
        self.changed.remove(&id);
    }

    /// Whose list the customer leaves.
    fn leaves(&self, case: &Case, before: Holder, old_owner: Option<PersonId>) -> Option<PersonId> {
        if self.rules(case).mode != ChannelMode::Service {
            return None;
        }
        let stays = |agent: PersonId| {
            case.owner == Some(agent)
                || case.holder == Holder::Agent(agent)
                || case.holder == Holder::Nobody
        };
        let holder = match before {
            Holder::Agent(agent) => Some(agent),
            _ => None,
        };
        [old_owner, holder]
            .into_iter()
            .flatten()
            .find(|agent| !stays(*agent))
    }

    /// Whatever was asked about the conversation is over.
    pub fn end_questions(&mut self, case: &mut Case, change: &Change) -> Vec<Effect> {
        let mut tail = Vec::new();
        case.ask = None;
        if let Some(offer) = case.offer.take() {
            self.d.pending.remove(&offer.id);
            let outcome = if change.is_accepted {
                OfferOutcome::Accepted
            } else {
                OfferOutcome::Gone
            };
            tail.push(Effect::OfferEnded {
                offer: Box::new(offer),
                outcome,
                reason: None,
            });
        }
        if let Some(mut transfer) = case.transfer.take()
            && change.transfer.is_none()
        {
            transfer.state = TransferState::Cancelled;
            transfer.ended_at = Some(self.now());
            tail.push(Effect::Transfer(Box::new(transfer)));
        }
        tail
    }

    fn begin_turn(&mut self, case: &mut Case, agent: PersonId, change: &Change) {
        let now = self.now();
        let owner_before = self
            .d
            .cases
            .get(&case.conversation)
            .and_then(|old| old.owner);
        let receipt = change.receipt.as_ref();
        let keeps_owner = case.substitute && case.owner.is_some();
        if self.rules(case).mode == ChannelMode::Service && !keeps_owner {
            case.owner = Some(agent);
        }
        leave_queue_but_keep_place(case);
        if let Some(visit) = &mut case.visit {
            case.assignment = Some(Assignment {
                id: AssignmentId((self.ids)()),
                visit: visit.id,
                conversation: case.conversation,
                channel: case.channel,
                agent,
                reason: change.reason,
                began_at: now,
                answered_at: None,
                answered_ms: None,
                ended_at: None,
                ended: None,
                owner_before,
                beyond: receipt.is_some_and(|receipt| receipt.beyond),
            });
            visit.assignments += 1;
            visit.agent = Some(agent);
            visit.assigned_at = visit.assigned_at.or(Some(now));
        }
        if let Some(found) = self.d.agents.get_mut(&agent) {
            found.work.assigned_at = Some(now);
            self.work.entry(agent).or_insert(WorkCause::Load);
        }
    }

    fn enter_queue(&mut self, case: &mut Case) {
        let now = self.now();
        let is_moved = self.d.is_faulty(Fault::RequeuedAtTheEnd);
        case.enqueued_at = case.enqueued_at.filter(|_| !is_moved).or(Some(now));
        case.vanished_at = (!case.customer_connected && !case.waiting_offline).then_some(now);
        case.vetoes.retain(|(_, until)| *until > now);
        if let Some(visit) = &mut case.visit {
            visit.queued_at = visit.queued_at.or(Some(now));
        }
        self.prefer(case);
    }

    /// After a visit, the agent finishes what it left to do.
    pub fn wrap_up(&mut self, agent: PersonId, millis: Option<i64>) {
        let until = millis.map(|millis| self.d.now.plus(millis));
        let Some((found, until)) = self.d.agents.get_mut(&agent).zip(until) else {
            return;
        };
        if matches!(found.work.state, WorkState::Ready | WorkState::WrapUp) {
            if let Some(earlier) = found.work.wrap_up_until.replace(until) {
                self.d.index.agents_due.remove(&(earlier, agent));
            } else if found.work.state == WorkState::WrapUp {
                // They chose to wrap up without an end.
                found.work.wrap_up_until = None;
                return;
            }
            found.work.state = WorkState::WrapUp;
            self.d.index.agents_due.insert((until, agent));
            self.work.insert(agent, WorkCause::WrapUp);
        }
    }
}

/// What only means something while it waits.
fn leave_queue_but_keep_place(case: &mut Case) {
    case.only_for = None;
    case.owner_deadline = None;
    case.leave_message = false;
    case.held_until = None;
    case.waiting_offline = false;
    case.vanished_at = None;
}

fn leave_queue(case: &mut Case) {
    leave_queue_but_keep_place(case);
    case.enqueued_at = None;
}

fn end_turn(case: &mut Case, reason: HolderReason, now: Millis) -> Option<Assignment> {
    let mut turn = case.assignment.take()?;
    turn.ended_at = Some(now);
    turn.ended = Some(reason);
    Some(turn)
}

/// Brings the visit's sums up to `now`.
fn add_up(visit: &mut Visit, holder: Holder, now: Millis) {
    let millis = now.since(visit.holder_since);
    match holder {
        Holder::Queue => visit.queued_ms += millis,
        Holder::Agent(_) => visit.handled_ms += millis,
        Holder::Robot | Holder::Nobody => {}
    }
    visit.holder_since = now;
}

/// The visit as the change leaves it, and what the change is to it.
fn end_visit(
    case: &mut Case,
    change: &Change,
    before: Holder,
    now: Millis,
) -> Option<(VisitChange, Visit)> {
    let what = match (before, change.holder) {
        (_, Holder::Nobody) => return Some((VisitChange::Closed, close_visit(case, change, now)?)),
        (Holder::Nobody, _) => VisitChange::Opened,
        _ => VisitChange::Changed,
    };
    Some((what, case.visit.clone()?))
}

fn close_visit(case: &mut Case, change: &Change, now: Millis) -> Option<Visit> {
    let mut visit = case.visit.take()?;
    visit.closed_at = Some(now);
    visit.closed_by = change.closed_by;
    visit.abandoned = visit.queued_at.is_some() && visit.assigned_at.is_none();
    visit.unanswered = case.waiting_since.is_some();
    leave_queue(case);
    case.team = None;
    case.substitute = false;
    case.waiting_since = None;
    case.waited_told = false;
    case.last_said_at = None;
    case.vetoes.clear();
    case.moves.clear();
    Some(visit)
}
