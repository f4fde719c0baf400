//! What the allocator's effects mean: what is to be written in one transaction, and what is to be told once it is.

use std::collections::BTreeMap;

use webim_dispatch::{Case, Effect, Held, PolicyAsk, QueuePlace, Receipt, VisitChange};
use webim_model::{
    ChannelMode, ConversationId, HistoryShown, Holder, HolderReason, Millis, OfferOutcome,
    PersonId, SideKind, Sources, TransferState, VisitId, WorkCause,
};
use webim_store::service::{HolderRow, Membership, NewSide, ServiceChanges};
use webim_wire::service::rest::{CandidateShape, ReceiptShape};
use webim_wire::service::stored::StoredSide;

use super::rows;
use super::seats::Seat;

/// Something to be told once it is written.
#[derive(Clone, Debug)]
pub(crate) enum Tell {
    /// A conversation has another holder, or its row changed.
    Seat {
        seat: Seat,
        /// Who knew of it and is no member any more.
        left: Vec<PersonId>,
        /// The holder changed, and why.
        held: Option<Moved>,
    },
    Visit(VisitChange, ConversationId, VisitId, Option<&'static str>),
    Offer(
        Box<webim_dispatch::Offer>,
        Option<Box<webim_dispatch::Transfer>>,
    ),
    OfferEnded {
        offer: Box<webim_dispatch::Offer>,
        from: Option<PersonId>,
        outcome: OfferOutcome,
        reason: Option<String>,
    },
    Work {
        work: Box<webim_dispatch::Work>,
        capacity: u32,
        cause: WorkCause,
    },
    Place(QueuePlace),
    Waited(ConversationId, Millis, Holder),
    Ask(Box<PolicyAsk>),
}

/// A change of holder, for those who tell of it.
#[derive(Clone, Debug)]
pub(crate) struct Moved {
    pub before: Holder,
    pub reason: HolderReason,
    pub language: Option<String>,
}

/// What one step, or several, came to.
#[derive(Default)]
pub(crate) struct Step {
    pub changes: ServiceChanges,
    pub tell: Vec<Tell>,
    /// Rows by conversation: only the last one of each is written.
    cases: BTreeMap<ConversationId, Case>,
}

impl Step {
    /// Takes in what followed from one event; answers are the caller's.
    pub fn take(
        &mut self,
        effects: Vec<Effect>,
        mode: impl Fn(&Case) -> ChannelMode,
        sources: &Sources,
    ) {
        for effect in effects {
            match effect {
                Effect::Done(_) | Effect::Refused { .. } | Effect::Silent { .. } => {}
                Effect::Held(held) => {
                    let service = mode(&held.row) == ChannelMode::Service;
                    self.held(*held, service, sources);
                }
                Effect::Row(case) => self.row(*case),
                Effect::Visit(change, visit) => {
                    let by = visit.closed_by.map(webim_model::ClosedBy::name);
                    let told = Tell::Visit(change, visit.conversation, visit.id, by);
                    self.tell.push(told);
                    let row = rows::visit_row(&visit);
                    self.changes.visits.retain(|known| known.id != row.id);
                    self.changes.visits.push(row);
                }
                Effect::Assignment(turn) => {
                    let row = rows::assignment_row(&turn, None);
                    self.changes.assignments.push(row);
                }
                Effect::Transfer(transfer) => self.transfer(*transfer, sources),
                Effect::Offer(offer) => self.tell.push(Tell::Offer(offer, None)),
                Effect::OfferEnded {
                    offer,
                    outcome,
                    reason,
                } => {
                    let ended = self.changes.transfers.iter().rev();
                    let mut ended = ended.filter(|row| row.conversation == offer.conversation);
                    let from = ended.next().and_then(|row| row.from);
                    self.tell.push(Tell::OfferEnded {
                        offer,
                        from,
                        outcome,
                        reason,
                    });
                }
                Effect::Work {
                    work,
                    capacity,
                    cause,
                } => {
                    let row = rows::work_row(&work);
                    self.changes.work.retain(|known| known.agent != row.agent);
                    self.changes.work.push(row);
                    self.tell.push(Tell::Work {
                        work,
                        capacity,
                        cause,
                    });
                }
                Effect::Cursor { channel, agent } => self.changes.cursors.push((channel, agent)),
                Effect::QueuePlace(place) => self.tell.push(Tell::Place(place)),
                Effect::Waited {
                    conversation,
                    since,
                    holder,
                } => self.tell.push(Tell::Waited(conversation, since, holder)),
                Effect::AskPolicy(ask) => self.tell.push(Tell::Ask(ask)),
                Effect::PushForm { conversation, form } => {
                    tracing::warn!(%conversation, form, "a rule asked for a form; there are none yet");
                }
                Effect::Forgotten(conversation) => {
                    self.cases.remove(&conversation);
                }
            }
        }
    }

    /// All rows are known: what is to be written, and what told.
    pub fn finish(mut self) -> (ServiceChanges, Vec<Tell>) {
        let cases = std::mem::take(&mut self.cases);
        for tell in &mut self.tell {
            // The row that an offer stands in may come after it.
            if let Tell::Offer(offer, transfer) = tell {
                let case = cases.get(&offer.conversation);
                *transfer = case.and_then(|case| case.transfer.clone()).map(Box::new);
            }
        }
        self.changes.cases = cases.values().map(rows::stored).collect();
        (self.changes, self.tell)
    }

    fn row(&mut self, case: Case) {
        self.tell.push(Tell::Seat {
            seat: seat(&case),
            left: Vec::new(),
            held: None,
        });
        self.cases.insert(case.conversation, case);
    }

    fn held(&mut self, held: Held, service: bool, sources: &Sources) {
        let case = held.row;
        let conversation = case.conversation;
        self.changes.holders.push(HolderRow {
            conversation,
            holder: case.holder,
            lease: rows::whole(case.lease),
        });
        let mut left = Vec::new();
        if let (true, Some(person)) = (service, held.leaves)
            && case.holder != Holder::Agent(person)
        {
            left.push(person);
            self.changes.members.push(Membership::Leaves {
                conversation,
                person,
            });
        }
        if let Holder::Agent(person) = case.holder {
            let transfer = held.transfer.as_ref();
            let history = transfer.map_or(HistoryShown::All, |transfer| transfer.history);
            let visit_from = case
                .visit
                .as_ref()
                .map_or(Millis(0), |visit| visit.opened_at);
            self.changes.members.push(Membership::Joins {
                conversation,
                person,
                history,
                visit_from,
            });
        }
        if let (Some(receipt), Some(turn)) = (&held.receipt, &case.assignment) {
            let row = rows::assignment_row(turn, Some(shape(receipt).encode()));
            self.changes.assignments.push(row);
            let text = turn.reason.name().to_owned();
            let entry = side(
                conversation,
                SideKind::Receipt,
                text,
                Some(turn.id.0),
                sources,
            );
            self.changes.side.push(entry);
        }
        let moved = Moved {
            before: held.before,
            reason: held.reason,
            language: case.language.clone(),
        };
        self.tell.push(Tell::Seat {
            seat: seat(&case),
            left,
            held: Some(moved),
        });
        self.cases.insert(conversation, case);
    }

    fn transfer(&mut self, transfer: webim_dispatch::Transfer, sources: &Sources) {
        let (conversation, about) = (transfer.conversation, transfer.id.0);
        let text = match (&transfer.state, &transfer.note, &transfer.reason) {
            (TransferState::Offered, Some(note), _) => note.clone(),
            (TransferState::Accepted, Some(note), _)
                if transfer.offered_at == transfer.ended_at.unwrap_or_default() =>
            {
                note.clone()
            }
            (_, _, Some(reason)) => format!("{}: {reason}", transfer.state.name()),
            _ => transfer.state.name().to_owned(),
        };
        let mut entry = side(conversation, SideKind::Transfer, text, Some(about), sources);
        entry.author = Some(transfer.by);
        self.changes.side.push(entry);
        self.changes.transfers.push(rows::transfer_row(&transfer));
    }
}

fn side(
    conversation: ConversationId,
    kind: SideKind,
    text: String,
    about: Option<uuid::Uuid>,
    sources: &Sources,
) -> NewSide {
    NewSide {
        id: sources.uuid(),
        conversation,
        author: None,
        client_id: None,
        kind,
        body: StoredSide { text, about }.encode(),
        time: sources.now(),
    }
}

/// Who must answer, as those who write look at it.
pub(crate) fn seat(case: &Case) -> Seat {
    Seat {
        conversation: case.conversation,
        channel: case.channel,
        customer: case.customer,
        holder: case.holder,
        lease: rows::whole(case.lease),
        version: rows::whole(case.version),
        visit: case.visit.as_ref().map(|visit| visit.id),
    }
}

fn shape(receipt: &Receipt) -> ReceiptShape {
    let mut others = receipt.counts.clone();
    let candidates = receipt.candidates.iter().map(|one| {
        if let Some(count) = others.get_mut(&one.verdict) {
            *count = count.saturating_sub(1);
        }
        let verdict = if one.agent == receipt.agent {
            "chosen"
        } else {
            one.verdict.name()
        };
        CandidateShape {
            agent: one.agent.0,
            verdict: verdict.into(),
            load: one.load,
            capacity: one.capacity,
            weight: one.weight,
            idle: one.idle.map(rows::whole),
        }
    });
    let candidates = candidates.collect();
    ReceiptShape {
        by: receipt.by.name().into(),
        hook: receipt.hook.clone().unwrap_or_default(),
        policy: receipt.order.name().into(),
        waited: rows::whole(receipt.waited),
        position: receipt.ahead.saturating_add(1),
        took: rows::whole(receipt.took),
        beyond: receipt.beyond,
        candidates,
        others: others
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(verdict, count)| (verdict.name().to_owned(), count))
            .collect(),
    }
}
