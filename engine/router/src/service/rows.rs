//! The allocator's rows, as they are stored and as they are read again.

use std::collections::BTreeSet;

use webim_dispatch::{Assignment, Case, Offer, Transfer, Visit, Work};
use webim_model::{
    ConversationId, HistoryShown, Holder, HolderReason, Millis, OfferKind, TransferState,
    TransferTo, VisitId,
};
use webim_store::service::{AgentRow, AssignmentRow, ServiceRow, TransferRow, VisitRow, WorkRow};
use webim_wire::service::stored::{
    StoredAssignment, StoredCase, StoredOffer, StoredTransfer, StoredVisit,
};

/// A row to be written, with its version.
pub(super) fn stored(case: &Case) -> (ServiceRow, u64) {
    let row = ServiceRow {
        conversation: case.conversation,
        channel: case.channel,
        customer: case.customer,
        visit: case.visit.as_ref().map(|visit| visit.id),
        owner: case.owner,
        state: shape(case).encode(),
    };
    (row, whole(case.version))
}

/// The allocator's row of a conversation; none if what is stored of it is broken.
pub(super) fn case(row: &ServiceRow, (holder, lease, version): (Holder, u64, u64)) -> Option<Case> {
    let stored = StoredCase::decode(&row.state)?;
    let mut case = Case::new(row.conversation, row.channel, row.customer);
    case.holder = holder;
    case.lease = i64::try_from(lease).ok()?;
    case.version = i64::try_from(version).ok()?;
    case.owner = row.owner;
    fill(&mut case, &stored);
    case.offer = stored.offer.map(|offer| offer_of(&case, &offer));
    case.visit = stored.visit.map(|visit| visit_of(&case, &visit));
    let visit = case.visit.as_ref().map(|visit| visit.id);
    if let Some(visit) = visit {
        case.transfer = stored
            .transfer
            .and_then(|transfer| transfer_of(&case, visit, transfer));
        case.assignment = stored
            .assignment
            .and_then(|turn| assignment_of(&case, visit, &turn));
    }
    Some(case)
}

fn fill(case: &mut Case, stored: &StoredCase) {
    case.topic = stored.topic.map(Into::into);
    case.team = stored.team.map(Into::into);
    case.language.clone_from(&stored.language);
    case.skills = stored.skills.iter().cloned().collect();
    case.wishes = stored.wishes.iter().cloned().collect();
    case.wanted = stored.wanted.map(Into::into);
    case.former = stored.former.map(Into::into);
    case.only_for = stored.only_for.map(Into::into);
    case.owner_deadline = stored.owner_deadline.map(Millis);
    case.substitute = stored.substitute;
    case.leave_message = stored.leave_message;
    case.held_until = stored.held_until.map(Millis);
    case.priority = stored.priority;
    case.enqueued_at = stored.enqueued_at.map(Millis);
    case.waiting_offline = stored.waiting_offline;
    case.vanished_at = stored.vanished_at.map(Millis);
    case.waiting_since = stored.waiting_since.map(Millis);
    case.waited_told = stored.waited_told;
    case.last_said_at = stored.last_said_at.map(Millis);
    let vetoes = stored.vetoes.iter();
    case.vetoes = vetoes
        .map(|(who, until)| ((*who).into(), Millis(*until)))
        .collect();
    let moves = stored.moves.iter();
    case.moves = moves
        .map(|(from, to, at)| ((*from).into(), (*to).into(), Millis(*at)))
        .collect();
}

fn shape(case: &Case) -> StoredCase {
    let words = |words: &BTreeSet<String>| words.iter().cloned().collect();
    StoredCase {
        topic: case.topic.map(|id| id.0),
        team: case.team.map(|id| id.0),
        language: case.language.clone(),
        skills: words(&case.skills),
        wishes: words(&case.wishes),
        wanted: case.wanted.map(|id| id.0),
        former: case.former.map(|id| id.0),
        only_for: case.only_for.map(|id| id.0),
        owner_deadline: case.owner_deadline.map(|time| time.0),
        substitute: case.substitute,
        leave_message: case.leave_message,
        held_until: case.held_until.map(|time| time.0),
        priority: case.priority,
        enqueued_at: case.enqueued_at.map(|time| time.0),
        waiting_offline: case.waiting_offline,
        vanished_at: case.vanished_at.map(|time| time.0),
        waiting_since: case.waiting_since.map(|time| time.0),
        waited_told: case.waited_told,
        last_said_at: case.last_said_at.map(|time| time.0),
        vetoes: case
            .vetoes
            .iter()
            .map(|(who, until)| (who.0, until.0))
            .collect(),
        moves: case
            .moves
            .iter()
            .map(|(from, to, at)| (from.0, to.0, at.0))
            .collect(),
        offer: case.offer.as_ref().map(stored_offer),
        transfer: case.transfer.as_ref().map(stored_transfer),
        visit: case.visit.as_ref().map(stored_visit),
        assignment: case.assignment.as_ref().map(stored_assignment),
    }
}

fn stored_offer(offer: &Offer) -> StoredOffer {
    StoredOffer {
        id: offer.id.0,
        agent: offer.agent.0,
        transfer: offer.kind == OfferKind::Transfer,
        made_at: offer.made_at.0,
        until: offer.until.0,
    }
}

fn offer_of(case: &Case, offer: &StoredOffer) -> Offer {
    Offer {
        id: offer.id.into(),
        conversation: case.conversation,
        agent: offer.agent.into(),
        kind: if offer.transfer {
            OfferKind::Transfer
        } else {
            OfferKind::Assignment
        },
        made_at: Millis(offer.made_at),
        until: Millis(offer.until),
    }
}

/// Where a transfer goes, as a word and an id.
pub(super) fn to_parts(to: TransferTo) -> (&'static str, Option<uuid::Uuid>) {
    match to {
        TransferTo::Agent(id) => ("agent", Some(id.0)),
        TransferTo::Team(id) => ("team", Some(id.0)),
        TransferTo::Topic(id) => ("topic", Some(id.0)),
        TransferTo::Queue => ("queue", None),
        TransferTo::Robot => ("robot", None),
        TransferTo::Former => ("former", None),
    }
}

fn to_of(kind: &str, id: Option<uuid::Uuid>) -> Option<TransferTo> {
    Some(match (kind, id) {
        ("agent", Some(id)) => TransferTo::Agent(id.into()),
        ("team", Some(id)) => TransferTo::Team(id.into()),
        ("topic", Some(id)) => TransferTo::Topic(id.into()),
        ("queue", _) => TransferTo::Queue,
        ("robot", _) => TransferTo::Robot,
        ("former", _) => TransferTo::Former,
        _ => return None,
    })
}

fn stored_transfer(transfer: &Transfer) -> StoredTransfer {
    let (to_kind, to) = to_parts(transfer.to);
    StoredTransfer {
        id: transfer.id.0,
        by: transfer.by.0,
        from: transfer.from.map(|id| id.0),
        to_kind: to_kind.into(),
        to,
        note: transfer.note.clone(),
        history: transfer.history.name().into(),
        forced: transfer.forced,
        offered_at: transfer.offered_at.0,
    }
}

fn transfer_of(case: &Case, visit: VisitId, stored: StoredTransfer) -> Option<Transfer> {
    Some(Transfer {
        id: stored.id.into(),
        conversation: case.conversation,
        visit,
        by: stored.by.into(),
        from: stored.from.map(Into::into),
        to: to_of(&stored.to_kind, stored.to)?,
        note: stored.note,
        history: HistoryShown::parse(&stored.history)?,
        forced: stored.forced,
        state: TransferState::Offered,
        reason: None,
        offered_at: Millis(stored.offered_at),
        ended_at: None,
    })
}

fn stored_visit(visit: &Visit) -> StoredVisit {
    StoredVisit {
        id: visit.id.0,
        topic: visit.topic.map(|id| id.0),
        opened_at: visit.opened_at.0,
        agent: visit.agent.map(|id| id.0),
        queued_at: visit.queued_at.map(|time| time.0),
        assigned_at: visit.assigned_at.map(|time| time.0),
        responded_at: visit.responded_at.map(|time| time.0),
        queued_ms: visit.queued_ms,
        handled_ms: visit.handled_ms,
        holder_since: visit.holder_since.0,
        assignments: visit.assignments,
        transfers: visit.transfers,
        asked: visit.asked,
    }
}

fn visit_of(case: &Case, stored: &StoredVisit) -> Visit {
    Visit {
        id: stored.id.into(),
        conversation: case.conversation,
        channel: case.channel,
        customer: case.customer,
        topic: stored.topic.map(Into::into),
        opened_at: Millis(stored.opened_at),
        closed_at: None,
        closed_by: None,
        agent: stored.agent.map(Into::into),
        queued_at: stored.queued_at.map(Millis),
        assigned_at: stored.assigned_at.map(Millis),
        responded_at: stored.responded_at.map(Millis),
        queued_ms: stored.queued_ms,
        handled_ms: stored.handled_ms,
        holder_since: Millis(stored.holder_since),
        assignments: stored.assignments,
        transfers: stored.transfers,
        asked: stored.asked,
        abandoned: false,
        unanswered: false,
    }
}

fn stored_assignment(turn: &Assignment) -> StoredAssignment {
    StoredAssignment {
        id: turn.id.0,
        agent: turn.agent.0,
        reason: turn.reason.name().into(),
        began_at: turn.began_at.0,
        answered_at: turn.answered_at.map(|time| time.0),
        answered_ms: turn.answered_ms,
        owner_before: turn.owner_before.map(|id| id.0),
        beyond: turn.beyond,
    }
}

fn assignment_of(case: &Case, visit: VisitId, stored: &StoredAssignment) -> Option<Assignment> {
    Some(Assignment {
        id: stored.id.into(),
        visit,
        conversation: case.conversation,
        channel: case.channel,
        agent: stored.agent.into(),
        reason: HolderReason::parse(&stored.reason)?,
        began_at: Millis(stored.began_at),
        answered_at: stored.answered_at.map(Millis),
        answered_ms: stored.answered_ms,
        ended_at: None,
        ended: None,
        owner_before: stored.owner_before.map(Into::into),
        beyond: stored.beyond,
    })
}

/// A visit to be written.
pub(super) fn visit_row(visit: &Visit) -> VisitRow {
    VisitRow {
        id: visit.id,
        conversation: visit.conversation,
        channel: visit.channel,
        topic: visit.topic,
        customer: visit.customer,
        agent: visit.agent,
        opened: visit.opened_at,
        queued: visit.queued_at,
        assigned: visit.assigned_at,
        responded: visit.responded_at,
        closed: visit.closed_at,
        closed_by: visit.closed_by,
        queued_ms: whole(visit.queued_ms),
        handled_ms: whole(visit.handled_ms),
        assignments: visit.assignments,
        transfers: visit.transfers,
        asked: visit.asked,
        unanswered: visit.unanswered,
        abandoned: visit.abandoned,
    }
}

/// A turn to be written, with its receipt where it begins.
pub(super) fn assignment_row(turn: &Assignment, receipt: Option<String>) -> AssignmentRow {
    AssignmentRow {
        id: turn.id,
        conversation: turn.conversation,
        visit: Some(turn.visit),
        agent: Some(turn.agent),
        decided: turn.began_at,
        reason: turn.reason,
        answered: turn.answered_at,
        answered_ms: turn.answered_ms.map(whole),
        ended: turn.ended_at,
        end: turn.ended,
        receipt,
    }
}

/// A transfer to be written.
pub(super) fn transfer_row(transfer: &Transfer) -> TransferRow {
    let (to_kind, to) = to_parts(transfer.to);
    TransferRow {
        id: transfer.id,
        conversation: transfer.conversation,
        visit: Some(transfer.visit),
        from: Some(transfer.by),
        to_kind: to_kind.into(),
        to,
        note: transfer.note.clone().unwrap_or_default(),
        history: transfer.history,
        state: transfer.state,
        reason: transfer.reason.clone().unwrap_or_default(),
        offered: transfer.offered_at,
        ended: transfer.ended_at,
    }
}

/// An agent's work to be written.
pub(super) fn work_row(work: &Work) -> WorkRow {
    WorkRow {
        agent: work.agent,
        state: work.state,
        wrap_up_until: work.wrap_up_until,
        silences: work.silences,
        assigned: work.assigned_at,
        gone: work.gone_at,
    }
}

/// An agent's work as it was written; nobody is connected after a start.
pub(super) fn work_of(row: &AgentRow) -> Work {
    Work {
        agent: row.person.id,
        state: row.state,
        wrap_up_until: row.wrap_up_until,
        silences: row.silences,
        assigned_at: row.assigned,
        connected: false,
        gone_at: row.gone,
        load: 0,
    }
}

/// What never is below 0.
pub(super) fn whole(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// Named for the log where a row cannot be read.
pub(super) fn broken(conversation: ConversationId) {
    tracing::error!(%conversation, "what is stored of a service conversation cannot be read");
}
