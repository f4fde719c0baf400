//! The frames of customer service: each becomes an event, and its answer an `ack` or a `nack`.

use webim_dispatch::{Actor, Done, Event, TransferAsk};
use webim_model::{ConversationId, Holder, PersonId, Refusal, Role, SideKind, TransferTo};
use webim_store::service::NewSide;
use webim_wire::client::ClientFrame;
use webim_wire::server::{Ack, ServerFrame};
use webim_wire::service::command::{self, TransferTarget};
use webim_wire::service::event::{ServiceDone, TypedAhead};
use webim_wire::service::stored::StoredSide;

use super::allocator::Answer;
use crate::journey::store_failed;
use crate::reply::nack;
use crate::{Caller, Live, Nay, Router};

/// Conversations that one connection reads along.
const WATCHED: usize = 50;
/// Characters of what is shown before it is sent.
const AHEAD: usize = 500;
/// Characters of a note, and of what goes with a transfer.
const NOTE: usize = 2_000;
/// Characters of a reason.
const REASON: usize = 200;

impl Router {
    /// Takes a frame of customer service; the answer goes into the connection's queue.
    pub(crate) async fn frame_service(&self, live: &Live, frame: ClientFrame) {
        let client_id = frame.client_id();
        let answer = self.service_move(live, frame).await;
        match (answer, client_id) {
            (Ok(done), Some(client_id)) => live.push(&ServerFrame::Ack(Ack {
                client_id,
                stored: None,
                service: Some(done),
            })),
            (Err(nay), Some(client_id)) => live.push(&nack(client_id, nay)),
            (_, None) => {}
        }
    }

    async fn service_move(&self, live: &Live, frame: ClientFrame) -> Result<ServiceDone, Nay> {
        let caller = live.caller();
        let actor = actor(caller);
        let desk = &self.0.desk;
        let event = match frame {
            ClientFrame::ServiceOpen(open) => return self.open_visit(caller, open).await,
            ClientFrame::ServiceClose(frame) => {
                let conversation = frame.conversation.into();
                Event::Close {
                    actor,
                    conversation,
                }
            }
            ClientFrame::ServiceLeaveQueue(frame) => {
                let conversation = frame.conversation.into();
                Event::LeaveQueue {
                    actor,
                    conversation,
                }
            }
            ClientFrame::ServiceKeepPlace(frame) => {
                let conversation = frame.conversation.into();
                Event::KeepPlace {
                    actor,
                    conversation,
                }
            }
            ClientFrame::ServicePerson(frame) => Event::ToPerson {
                actor,
                conversation: frame.conversation.into(),
                topic: None,
            },
            ClientFrame::ServiceTake(frame) => {
                serves(caller)?;
                let conversation = frame.conversation.into();
                Event::Take {
                    actor,
                    conversation,
                }
            }
            ClientFrame::ServiceAnswer(frame) => Event::Answer {
                actor,
                offer: frame.offer.into(),
                accept: frame.accept,
                reason: shortened("reason", frame.reason, REASON)?,
            },
            ClientFrame::ServiceTransfer(frame) => {
                serves(caller)?;
                Event::Transfer(Box::new(transfer(actor, frame)?))
            }
            ClientFrame::ServiceCancel(frame) => {
                let cases = desk.cases(vec![frame.conversation.into()]).await?;
                let transfer = cases.into_iter().find_map(|case| case.transfer);
                let transfer = transfer.ok_or(Refusal::TransferUnknown)?;
                Event::CancelTransfer {
                    actor,
                    transfer: transfer.id,
                }
            }
            ClientFrame::ServiceState(frame) => {
                serves(caller)?;
                Event::SetState {
                    actor,
                    agent: frame.agent.map_or(caller.person, PersonId),
                    state: frame.state.into(),
                }
            }
            other => return self.service_beside(live, other).await,
        };
        self.visible(caller, &event).await?;
        done(desk.ask(event).await, |person| desk.face(person).name)
    }

    /// What changes nobody's holder.
    async fn service_beside(&self, live: &Live, frame: ClientFrame) -> Result<ServiceDone, Nay> {
        let caller = live.caller();
        match frame {
            ClientFrame::ServiceNote(note) => {
                let at = (note.conversation.into(), note.client_id);
                self.say_beside(caller, at, SideKind::Note, &note.text)
                    .await
            }
            ClientFrame::ServiceWhisper(whisper) => {
                supervises(caller)?;
                let at = (whisper.conversation.into(), whisper.client_id);
                self.say_beside(caller, at, SideKind::Whisper, &whisper.text)
                    .await
            }
            ClientFrame::ServiceJoin(join) => {
                self.join_beside(caller, join.conversation.into(), join.on)
                    .await
            }
            ClientFrame::ServiceWatch(watch) => self.watch_service(live, &watch).await,
            ClientFrame::ServiceDraft(draft) => self.type_ahead(caller, &draft).await,
            _ => Err(Nay::internal()),
        }
    }

    /// Whoever does not serve sees only their own conversations: another's is unknown to them, whatever they want there.
    async fn visible(&self, caller: &Caller, event: &Event) -> Result<(), Nay> {
        let conversation = match event {
            Event::Close { conversation, .. }
            | Event::LeaveQueue { conversation, .. }
            | Event::KeepPlace { conversation, .. }
            | Event::ToPerson { conversation, .. }
            | Event::Take { conversation, .. } => *conversation,
            Event::Transfer(ask) => ask.conversation,
            _ => return Ok(()),
        };
        let seat = self.0.desk.seats.seat(conversation).await;
        let seat = seat
            .map_err(store_failed)?
            .ok_or(Refusal::ConversationUnknown)?;
        let own = seat.customer == caller.person;
        // Only customers ask for a person in a robot's place.
        if own || serves(caller).is_ok() && !matches!(event, Event::ToPerson { .. }) {
            Ok(())
        } else {
            Err(Refusal::ConversationUnknown.into())
        }
    }

    async fn say_beside(
        &self,
        caller: &Caller,
        (conversation, client_id): (ConversationId, uuid::Uuid),
        kind: SideKind,
        text: &str,
    ) -> Result<ServiceDone, Nay> {
        serves(caller)?;
        let text = shortened("text", Some(text.to_owned()), NOTE)?.unwrap_or_default();
        if text.trim().is_empty() {
            return Err(Refusal::TextEmpty.into());
        }
        let desk = &self.0.desk;
        let seat = desk.seats.seat(conversation).await.map_err(store_failed)?;
        let seat = seat.ok_or(Refusal::ConversationUnknown)?;
        if seat.customer == caller.person {
            return Err(Refusal::ConversationUnknown.into());
        }
        let entry = NewSide {
            id: desk.sources.uuid(),
            conversation,
            author: Some(caller.person),
            client_id: Some(client_id.into()),
            kind,
            body: StoredSide { text, about: None }.encode(),
            time: desk.sources.now(),
        };
        let row = desk.store.append_side(&entry).await.map_err(store_failed)?;
        self.0.side.side(&row).await;
        Ok(ServiceDone {
            conversation: Some(conversation.0),
            ..ServiceDone::default()
        })
    }

    async fn join_beside(
        &self,
        caller: &Caller,
        conversation: ConversationId,
        on: bool,
    ) -> Result<ServiceDone, Nay> {
        supervises(caller)?;
        let desk = &self.0.desk;
        let seat = desk.seats.seat(conversation).await.map_err(store_failed)?;
        let seat = seat.ok_or(Refusal::ConversationUnknown)?;
        if seat.customer == caller.person {
            return Err(Refusal::Forbidden.into());
        }
        if on && seat.visit.is_none() {
            return Err(Refusal::VisitClosed.into());
        }
        if desk.seats.join(conversation, caller.person, on) {
            self.audited(caller, if on { "join" } else { "part" }, conversation)
                .await?;
            let holds = seat.holder == Holder::Agent(caller.person);
            if !holds {
                self.seat_beside(conversation, caller.person, on).await?;
            }
        }
        Ok(ServiceDone {
            conversation: Some(conversation.0),
            lease: Some(seat.lease),
            ..ServiceDone::default()
        })
    }

    async fn watch_service(
        &self,
        live: &Live,
        watch: &command::ServiceWatch,
    ) -> Result<ServiceDone, Nay> {
        let caller = live.caller();
        serves(caller)?;
        if watch.board {
            supervises(caller)?;
        }
        if watch.conversations.len() > WATCHED {
            let detail = format!("conversations: at most {WATCHED}");
            return Err(Nay::because(Refusal::BadField, detail));
        }
        let desk = &self.0.desk;
        let mut conversations = Vec::with_capacity(watch.conversations.len());
        for id in &watch.conversations {
            let id = ConversationId(*id);
            let seat = desk.seats.seat(id).await.map_err(store_failed)?;
            let seat = seat.ok_or(Refusal::ConversationUnknown)?;
            if seat.customer == caller.person {
                return Err(Refusal::ConversationUnknown.into());
            }
            if seat.holder != Holder::Agent(caller.person) {
                self.audited(caller, "read_along", id).await?;
            }
            conversations.push(id);
        }
        if desk.watching.set(live.outlet(), conversations, watch.board) {
            desk.heard.moved(caller.person);
        }
        Ok(ServiceDone::default())
    }

    async fn type_ahead(
        &self,
        caller: &Caller,
        draft: &command::ServiceDraft,
    ) -> Result<ServiceDone, Nay> {
        if draft.text.chars().count() > AHEAD {
            return Err(Refusal::TextTooLong.into());
        }
        let desk = &self.0.desk;
        let conversation = ConversationId(draft.conversation);
        let seat = desk.seats.seat(conversation).await.map_err(store_failed)?;
        let seat = seat.filter(|seat| seat.customer == caller.person);
        let seat = seat.ok_or(Refusal::ConversationUnknown)?;
        let shown = {
            let catalog = desk.catalog.load();
            let channel = catalog.channels.get(&seat.channel);
            channel.is_some_and(|channel| channel.config.typed_ahead)
        };
        if let (true, Holder::Agent(agent)) = (shown, seat.holder) {
            let frame = ServerFrame::Ahead(TypedAhead {
                conversation: draft.conversation,
                text: draft.text.clone(),
            });
            self.0.side.to(&[agent], &frame);
        }
        Ok(ServiceDone::default())
    }
}

/// Who asks.
pub(super) fn actor(caller: &Caller) -> Actor {
    Actor {
        person: caller.person,
        roles: caller.roles,
    }
}

/// Agents, and those who watch over them.
pub(super) fn serves(caller: &Caller) -> Result<(), Nay> {
    if caller.roles.has(Role::Agent) || caller.roles.has(Role::Supervisor) {
        Ok(())
    } else {
        Err(Refusal::Forbidden.into())
    }
}

pub(super) fn supervises(caller: &Caller) -> Result<(), Nay> {
    if caller.roles.has(Role::Supervisor) {
        Ok(())
    } else {
        Err(Refusal::Forbidden.into())
    }
}

/// What an answer of the allocator's says on the wire.
pub(super) fn done(answer: Answer, name: impl Fn(PersonId) -> String) -> Result<ServiceDone, Nay> {
    let done: Done = answer.map_err(|(nay, holder)| Nay {
        detail: nay.detail.or_else(|| holder.map(name)),
        ..nay
    })?;
    Ok(ServiceDone {
        conversation: done.conversation.map(|id| id.0),
        lease: done.lease.and_then(|lease| u64::try_from(lease).ok()),
        visit: done.visit.map(|id| id.0),
        transfer: done.transfer.map(|id| id.0),
        offer: done.offer.map(|id| id.0),
    })
}

fn transfer(actor: Actor, frame: command::ServiceTransfer) -> Result<TransferAsk, Nay> {
    let to = match frame.to {
        TransferTarget::Agent(id) => TransferTo::Agent(id.into()),
        TransferTarget::Team(id) => TransferTo::Team(id.into()),
        TransferTarget::Topic(id) => TransferTo::Topic(id.into()),
        TransferTarget::Queue(true) => TransferTo::Queue,
        TransferTarget::Robot(true) => TransferTo::Robot,
        TransferTarget::Former(true) => TransferTo::Former,
        TransferTarget::Queue(false)
        | TransferTarget::Robot(false)
        | TransferTarget::Former(false) => {
            return Err(Nay::because(Refusal::BadField, "to: must be true"));
        }
    };
    let note = shortened("note", Some(frame.note), NOTE)?;
    let lease = i64::try_from(frame.lease);
    Ok(TransferAsk {
        actor,
        conversation: frame.conversation.into(),
        lease: lease.map_err(|_| Nay::from(Refusal::LeaseStale))?,
        to,
        note: note.filter(|note| !note.trim().is_empty()),
        history: frame.history.into(),
        force: frame.force,
    })
}

/// A text within its limit, without what not every database can keep.
fn shortened(field: &str, text: Option<String>, most: usize) -> Result<Option<String>, Nay> {
    let Some(text) = text else {
        return Ok(None);
    };
    if text.chars().count() > most {
        let detail = format!("{field}: at most {most} characters");
        return Err(Nay::because(Refusal::BadField, detail));
    }
    if text.contains('\0') {
        return Err(Refusal::TextInvalid.into());
    }
    Ok(Some(text))
}
