//! What a connection's frames ask for, and the same over REST and through the port of hooks.

use async_trait::async_trait;
use tokio::sync::oneshot;
use webim_hooks::Services;
use webim_hub::{Frame, Publication, Shows};
use webim_model::{
    ClientId, ConversationId, ConversationKind, PersonId, Position, Refusal, SendCommand, Status,
};
use webim_store::Mark;
use webim_wire::client::{self, ClientFrame};
use webim_wire::rest;
use webim_wire::server::{self, Ack, ServerFrame, Stored, TypingBy};

use crate::journey::store_failed;
use crate::recent::Place;
use crate::reply::{Reply, nack};
use crate::said::{Ask, Said};
use crate::{Caller, Live, Nay, Router};

/// Members of a conversation beyond which nobody is shown that somebody types.
const TYPING: usize = 50;

/// Whether a frame was within its sender's limits; many in a row that were not are a flood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pacing {
    /// It was.
    Kept,
    /// It was refused as `rate_limited`.
    TooFast,
}

impl Router {
    /// Takes a frame of a connection; the answer goes into its queue. Waits only while the committer's queue is full or
    /// something is not in memory yet.
    pub async fn frame(&self, live: &Live, frame: ClientFrame) -> Pacing {
        if matches!(frame, ClientFrame::Pong(_)) {
            return Pacing::Kept;
        }
        let client_id = frame.client_id();
        if let Err(nay) = self.0.pace.check(live.caller().person) {
            match client_id {
                Some(id) => live.push(&nack(id, nay)),
                None => live.refuse(None, nay.refusal),
            }
            return Pacing::TooFast;
        }
        let answer = match frame {
            frame @ (ClientFrame::Send(_)
            | ClientFrame::Edit(_)
            | ClientFrame::Recall(_)
            | ClientFrame::React(_)
            | ClientFrame::Forward(_)) => {
                self.frame_said(live, frame).await;
                return Pacing::Kept;
            }
            ClientFrame::Read(read) => match self.frame_read(live, &read).await {
                Ok(()) => return Pacing::Kept,
                Err(nay) => Err(nay),
            },
            ClientFrame::Typing(typing) => self.typing(live, typing.conversation.into()).await,
            ClientFrame::Status(status) => {
                self.set_status(live.caller(), status.status.into()).await
            }
            ClientFrame::Watch(watch) => self.watch(live, watch),
            ClientFrame::Hello(_) => Err(Refusal::HelloRepeated.into()),
            ClientFrame::Pong(_) => return Pacing::Kept,
            service => {
                self.frame_service(live, service).await;
                return Pacing::Kept;
            }
        };
        match (answer, client_id) {
            (Ok(()), Some(id)) => live.push(&ServerFrame::Ack(Ack {
                client_id: id,
                stored: None,
                service: None,
            })),
            (Ok(()), None) => {}
            (Err(nay), Some(id)) => live.push(&nack(id, nay)),
            (Err(nay), None) => live.refuse(None, nay.refusal),
        }
        Pacing::Kept
    }

    async fn frame_said(&self, live: &Live, frame: ClientFrame) {
        let reply = Reply::Socket(live.outlet().clone());
        let Some(client_id) = frame.client_id().map(ClientId) else {
            return;
        };
        match self.command(live.caller().person, frame) {
            Ok(ask) => {
                let command = Ask { client_id, ..ask };
                self.0.journey.send(command, reply).await;
            }
            Err(nay) => reply.refused(client_id, nay),
        }
    }

    async fn frame_read(&self, live: &Live, read: &client::Read) -> Result<(), Nay> {
        let (person, conversation) = (live.caller().person, ConversationId(read.conversation));
        self.room_of(person, conversation).await?;
        let ack = (live.outlet().clone(), ClientId(read.client_id));
        self.0.marks.said(conversation, person, read.seq, Some(ack));
        Ok(())
    }

    async fn typing(&self, live: &Live, conversation: ConversationId) -> Result<(), Nay> {
        let person = live.caller().person;
        let room = self.room_of(person, conversation).await?;
        if room.members.len() <= TYPING && room.kind != ConversationKind::Notice {
            let typing = TypingBy {
                conversation: conversation.0,
                person: person.0,
            };
            let frame = Frame::new(ServerFrame::Typing(typing).encode());
            let to = room
                .members
                .iter()
                .copied()
                .filter(|member| *member != person)
                .collect();
            self.0.broker.publish(&Publication {
                to,
                except: None,
                frame,
            });
        }
        Ok(())
    }

    fn watch(&self, live: &Live, watch: client::Watch) -> Result<(), Nay> {
        if watch.people.len() > self.0.config.limits.watched {
            let most = self.0.config.limits.watched;
            return Err(Nay::because(
                Refusal::BadField,
                format!("people: at most {most}"),
            ));
        }
        let people: Vec<PersonId> = watch.people.into_iter().map(PersonId).collect();
        let shown = self.0.presence.watch(live.outlet(), &people);
        if !shown.is_empty() {
            live.push(&presence(&shown));
        }
        Ok(())
    }

    async fn room_of(
        &self,
        person: PersonId,
        conversation: ConversationId,
    ) -> Result<std::sync::Arc<crate::rooms::Room>, Nay> {
        let room = self
            .0
            .rooms
            .room(conversation)
            .await
            .map_err(store_failed)?;
        room.filter(|room| room.has(person))
            .ok_or_else(|| Refusal::ConversationUnknown.into())
    }

    /// Says something over REST; returns once it is stored.
    pub async fn post(
        &self,
        caller: &Caller,
        key: ClientId,
        post: rest::Post,
    ) -> Result<Stored, Nay> {
        self.0.pace.check(caller.person)?;
        let send = client::Send {
            client_id: key.0,
            to: post.to,
            kind: post.kind,
            body: post.body,
            reply: post.reply,
            mention: post.mention,
            lease: post.lease,
            // Whoever repeats a request over HTTP does not say so.
            retry: true,
        };
        self.said(caller, ClientFrame::Send(send)).await
    }

    /// Does over REST what a frame asks to have stored; returns once it is. Pace is the caller's to check.
    pub(crate) async fn said(&self, caller: &Caller, frame: ClientFrame) -> Result<Stored, Nay> {
        let client_id = frame.client_id().map(ClientId).ok_or_else(Nay::internal)?;
        let ask = self.command(caller.person, frame)?;
        let command = Ask { client_id, ..ask };
        self.send_and_wait(command).await.map(Stored::from)
    }

    async fn send_and_wait(&self, command: Ask) -> Result<Place, Nay> {
        let (sender, outcome) = oneshot::channel();
        self.0.journey.send(command, Reply::Wait(sender)).await;
        outcome
            .await
            .unwrap_or_else(|_| Err(Refusal::OutcomeUnknown.into()))
    }

    /// Moves the caller's read mark up to `seq`; never back.
    pub async fn read(
        &self,
        caller: &Caller,
        conversation: ConversationId,
        seq: u64,
    ) -> Result<(), Nay> {
        self.0.pace.check(caller.person)?;
        self.room_of(caller.person, conversation).await?;
        let mark = Mark {
            conversation,
            person: caller.person,
            seq,
        };
        self.0.writer.write_now(mark).await.map_err(store_failed)
    }

    /// Changes what the caller shows.
    pub async fn set_status(&self, caller: &Caller, status: Status) -> Result<(), Nay> {
        self.0
            .store
            .set_status(caller.person, status)
            .await
            .map_err(store_failed)?;
        if self.0.hub.connected(caller.person) {
            self.0.presence.show(caller.person, status);
        }
        Ok(())
    }

    /// Writes the read marks that wait; call it about once a second.
    pub async fn flush_marks(&self) {
        self.0.writer.flush().await;
    }

    /// Tells those who look what has changed; call it about once a second.
    pub fn flush_presence(&self) {
        self.0
            .presence
            .flush(|people| Frame::new(presence(people).encode()));
    }

    /// Looks whether the directory has changed and tells everybody if so; call it every few seconds. True if it has.
    pub async fn renew_directory(&self) -> Result<bool, Nay> {
        let renewed = self.0.directories.renew().await.map_err(store_failed)?;
        if let Some(version) = renewed {
            self.0.rooms.clear();
            let frame = ServerFrame::Directory(server::Directory { version });
            self.0.hub.deliver_to_all(&Frame::new(frame.encode()));
            self.refresh_service().await;
        }
        Ok(renewed.is_some())
    }

    /// Forgets what is only kept for those who were busy lately; call it every few minutes.
    pub fn sweep(&self) {
        self.0.pace.sweep();
    }

    /// Whether messages can be stored now.
    pub async fn ready(&self) -> Result<(), Nay> {
        self.0.store.ping().await.map_err(store_failed)
    }
}

#[async_trait]
impl Services for Router {
    async fn post(&self, command: SendCommand) -> Result<(ConversationId, Position), Refusal> {
        let body = Said::Whole(command.body.clone());
        let said = self.send_and_wait(command.saying(body)).await;
        let place = said.map_err(|nay| nay.refusal)?;
        Ok((
            place.conversation,
            Position {
                seq: place.seq,
                message: place.message,
            },
        ))
    }
}

fn presence(people: &[(PersonId, Shows)]) -> ServerFrame {
    let people = people
        .iter()
        .map(|(person, shows)| server::Shown {
            person: person.0,
            shows: shown(*shows),
        })
        .collect();
    ServerFrame::Presence(server::Presence { people })
}

fn shown(shows: Shows) -> server::Shows {
    match shows {
        Shows::Online => server::Shows::Online,
        Shows::Busy => server::Shows::Busy,
        Shows::Away => server::Shows::Away,
        Shows::Offline => server::Shows::Offline,
    }
}
