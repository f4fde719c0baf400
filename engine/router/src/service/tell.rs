//! Telling what was written: to customers, to agents, and to those who read along.

use std::sync::Arc;

use tokio::sync::mpsc;
use webim_dispatch::{Offer, QueuePlace, Transfer, VisitChange, Work};
use webim_hub::{Broker, Frame, Publication};
use webim_model::{
    ConversationId, Holder, HolderReason, Millis, OfferKind, OfferOutcome, PersonId, WorkCause,
};
use webim_store::service::{Membership, ServiceChanges, SideRow};
use webim_wire::server::ServerFrame;
use webim_wire::service::event;
use webim_wire::service::stored::StoredSide;

use super::Desk;
use super::seats::Seat;
use super::step::{Moved, Tell};
use crate::rooms::Rooms;

/// Lines that may wait to be said; more are left out, since what they say stands elsewhere, too.
pub(super) const LINES: usize = 1_024;
/// Messages shown with an offer.
const PREVIEW: u64 = 5;

/// A line of the system's own in a conversation.
pub(crate) struct Line {
    pub conversation: ConversationId,
    pub text: String,
}

/// See the module.
pub(crate) struct Telling {
    pub desk: Arc<Desk>,
    pub rooms: Arc<Rooms>,
    pub broker: Arc<dyn Broker>,
    pub lines: mpsc::Sender<Line>,
    pub asking: super::policy::Asking,
}

impl Telling {
    /// Tells what was written, in order.
    pub async fn told(&self, changes: &ServiceChanges, tell: Vec<Tell>, side: Vec<SideRow>) {
        for membership in &changes.members {
            let conversation = match membership {
                Membership::Joins { conversation, .. }
                | Membership::Leaves { conversation, .. } => *conversation,
            };
            // Who is not told by the old room is told by the next message: the commit checks the version.
            drop(self.rooms.reload(conversation).await);
        }
        for one in tell {
            self.one(one).await;
        }
        for entry in side {
            self.side(&entry).await;
        }
    }

    async fn one(&self, tell: Tell) {
        match tell {
            Tell::Seat { seat, left, held } => self.seat(seat, left, held).await,
            Tell::Visit(change, conversation, visit, by) => {
                let open = match change {
                    VisitChange::Opened => true,
                    VisitChange::Closed => false,
                    VisitChange::Responded | VisitChange::Changed => return,
                };
                let frame = ServerFrame::Visit(event::VisitIs {
                    conversation: conversation.0,
                    visit: visit.0,
                    open,
                    closed_by: by.map(Into::into),
                });
                self.everybody(conversation, &frame).await;
                if !open {
                    self.part(conversation).await;
                }
            }
            Tell::Offer(offer, transfer) => self.offer(&offer, transfer.as_deref()).await,
            Tell::OfferEnded {
                offer,
                from,
                outcome,
                reason,
            } => self.offer_ended(&offer, from, outcome, reason),
            Tell::Work {
                work,
                capacity,
                cause,
            } => self.work(&work, capacity, cause),
            Tell::Place(place) => self.place(place),
            Tell::Waited(conversation, since, holder) => {
                self.waited(conversation, since, holder).await;
            }
            Tell::Ask(ask) => self.asking.ask(*ask),
        }
    }

    async fn seat(&self, seat: Seat, left: Vec<PersonId>, held: Option<Moved>) {
        self.desk.seats.put(seat);
        let Some(moved) = held else {
            return;
        };
        let conversation = seat.conversation;
        let frame = ServerFrame::Holder(self.desk.holder_is(&seat, moved.reason.name()));
        self.everybody(conversation, &frame).await;
        let mut others = left;
        if let Holder::Agent(before) = moved.before
            && !others.contains(&before)
        {
            others.push(before);
        }
        let members = self.members(conversation).await;
        others.retain(|person| !members.contains(person));
        self.to(&others, &frame);
        if let Some(text) = line(&self.desk, &seat, &moved) {
            let line = Line { conversation, text };
            if self.lines.try_send(line).is_err() {
                tracing::warn!(%conversation, "a line of the system's was left out: too many wait");
            }
        }
    }

    /// Those who answered beside the holder go: the visit is over.
    async fn part(&self, conversation: ConversationId) {
        let people = self.desk.seats.part(conversation);
        if people.is_empty() {
            return;
        }
        let members = people.into_iter().map(|person| Membership::Leaves {
            conversation,
            person,
        });
        let changes = ServiceChanges {
            members: members.collect(),
            ..ServiceChanges::default()
        };
        if let Err(error) = self.desk.store.apply_service(&changes).await {
            tracing::warn!(%error, %conversation, "supervisors stay members of a closed visit");
        }
        drop(self.rooms.reload(conversation).await);
    }

    async fn offer(&self, offer: &Offer, transfer: Option<&Transfer>) {
        if let Some(made) = self.desk.offer_made(offer, transfer, PREVIEW).await {
            self.to(&[offer.agent], &ServerFrame::Offer(Box::new(made)));
        }
    }

    fn offer_ended(
        &self,
        offer: &Offer,
        from: Option<PersonId>,
        outcome: OfferOutcome,
        reason: Option<String>,
    ) {
        let frame = ServerFrame::OfferEnded(event::OfferEnded {
            offer: offer.id.0,
            conversation: offer.conversation.0,
            outcome: match outcome {
                OfferOutcome::Accepted => event::OfferOutcome::Accepted,
                OfferOutcome::Declined => event::OfferOutcome::Declined,
                OfferOutcome::TimedOut => event::OfferOutcome::TimedOut,
                OfferOutcome::Cancelled => event::OfferOutcome::Cancelled,
                OfferOutcome::Gone => event::OfferOutcome::Gone,
            },
            reason,
        });
        let mut to = vec![offer.agent];
        // Who waits for an assignment is told by its holder.
        to.extend(from.filter(|_| offer.kind == OfferKind::Transfer));
        self.to(&to, &frame);
    }

    fn work(&self, work: &Work, capacity: u32, cause: WorkCause) {
        let frame = ServerFrame::Work(event::WorkIs {
            agent: work.agent.0,
            state: work.state.into(),
            connected: work.connected,
            load: work.load,
            capacity,
            cause: cause.name().into(),
        });
        self.to(&[work.agent], &frame);
    }

    fn place(&self, place: QueuePlace) {
        let frame = ServerFrame::Queue(queue_place(&place));
        self.to(&[place.customer], &frame);
    }

    async fn waited(&self, conversation: ConversationId, since: Millis, holder: Holder) {
        let frame = ServerFrame::Waited(event::Waited {
            conversation: conversation.0,
            since: since.0,
        });
        self.everybody(conversation, &frame).await;
        if holder == Holder::Queue {
            self.desk.watching.tell_board(&Frame::new(frame.encode()));
        }
    }

    /// Says that the board has changed.
    pub fn board(&self, version: u64) {
        let frame = ServerFrame::Board(event::BoardIs { version });
        self.desk.watching.tell_board(&Frame::new(frame.encode()));
    }

    /// An entry of the side stream: to all in the conversation but its customer, and to who reads along.
    pub async fn side(&self, entry: &SideRow) {
        let members = self.members(entry.conversation).await;
        let seat = self
            .desk
            .seats
            .seat(entry.conversation)
            .await
            .ok()
            .flatten();
        let customer = seat.map(|seat| seat.customer);
        let staff: Vec<_> = members
            .iter()
            .copied()
            .filter(|person| Some(*person) != customer)
            .collect();
        let frame = ServerFrame::Side(side_is(entry));
        self.to(&staff, &frame);
        let frame = Frame::new(frame.encode());
        self.desk.watching.tell(entry.conversation, &staff, &frame);
    }

    async fn everybody(&self, conversation: ConversationId, frame: &ServerFrame) {
        let members = self.members(conversation).await;
        self.to(&members, frame);
        let frame = Frame::new(frame.encode());
        self.desk.watching.tell(conversation, &members, &frame);
    }

    async fn members(&self, conversation: ConversationId) -> Arc<[PersonId]> {
        let room = self.rooms.room(conversation).await.ok().flatten();
        room.map(|room| room.members.clone()).unwrap_or_default()
    }

    /// Tells these people.
    pub fn to(&self, to: &[PersonId], frame: &ServerFrame) {
        self.broker.publish(&Publication {
            to: to.into(),
            except: None,
            frame: Frame::new(frame.encode()),
        });
    }
}

/// An entry of the side stream as it is shown.
pub(super) fn side_is(entry: &SideRow) -> event::Side {
    let stored = StoredSide::decode(&entry.body);
    event::Side {
        conversation: entry.conversation.0,
        seq: entry.seq,
        id: entry.id,
        kind: entry.kind.into(),
        author: entry.author.map(|author| author.0),
        text: stored.text,
        about: stored.about,
        time: entry.time.0,
        beside_seq: entry.beside,
    }
}

/// A place in the queue as it is shown.
pub(super) fn queue_place(place: &QueuePlace) -> event::QueuePlace {
    event::QueuePlace {
        conversation: place.conversation.0,
        position: place.position,
        ahead: place.position.saturating_sub(1),
        estimate_seconds: place
            .estimate
            .map(|millis| u64::try_from(millis / 1_000).unwrap_or_default()),
        leave_message: place.leave_message,
    }
}

/// What the customer reads of a change of holder, in their language; nothing of what is none of theirs.
fn line(desk: &Desk, seat: &Seat, moved: &Moved) -> Option<String> {
    let english = moved
        .language
        .as_ref()
        .is_some_and(|language| language.starts_with("en"));
    let name = |person: PersonId| desk.face(person).name;
    let text = match (seat.holder, moved.reason) {
        (Holder::Agent(agent), HolderReason::Transferred) if english => {
            format!("You are now talking to {}.", name(agent))
        }
        (Holder::Agent(agent), HolderReason::Transferred) => {
            format!("已为您转接给 {}。", name(agent))
        }
        (Holder::Agent(agent), _) if english => format!("{} is here for you.", name(agent)),
        (Holder::Agent(agent), _) => format!("{} 为您服务。", name(agent)),
        (Holder::Nobody, HolderReason::Closed) if english => "This visit is over.".into(),
        (Holder::Nobody, HolderReason::Closed) => "本次服务已结束。".into(),
        (
            Holder::Queue,
            HolderReason::Silent | HolderReason::Disconnected | HolderReason::AgentGone,
        ) if english => "We are looking for somebody else for you.".into(),
        (
            Holder::Queue,
            HolderReason::Silent | HolderReason::Disconnected | HolderReason::AgentGone,
        ) => "正在为您重新安排客服。".into(),
        _ => return None,
    };
    Some(text)
}
