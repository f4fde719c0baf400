//! One message's journey up to the commit: whom it is for, who may say it, whether it was said before, what the
//! hooks make of it.

use std::sync::Arc;

use tokio_util::task::TaskTracker;
use webim_hooks::{Chain, MAX_DEPTH};
use webim_model::{
    About, Body, ClientId, ConnectionId, FileId, PersonId, PersonKind, Refusal, SendCommand,
    Sources, Target,
};
use webim_store::{Committer, NewMessage, OutboxEntry, Store, StoreError};
use webim_wire::server::Quote;

use crate::mailbox::Mailboxes;
use crate::recent::{Fingerprint, Key, Known, Place, Recent};
use crate::reply::Reply;
use crate::rooms::{Room, Rooms};
use crate::said::{Ask, Said};
use crate::service::Desk;
use crate::settle::Ticket;
use crate::shown::shown;
use crate::{Nay, RouterConfig};

/// The outbox topic that feeds durable after-hooks.
pub const HOOKS_TOPIC: &str = "hooks";

/// Everything a message meets on its way; cheap to clone.
#[derive(Clone)]
pub(crate) struct Journey {
    pub config: Arc<RouterConfig>,
    pub sources: Sources,
    pub store: Store,
    pub rooms: Arc<Rooms>,
    pub recent: Arc<Recent>,
    pub chain: Arc<Chain>,
    pub mailboxes: Arc<Mailboxes>,
    pub committer: Committer<Ticket>,
    pub tasks: TaskTracker,
    pub desk: Arc<Desk>,
}

/// A command that may be done; its `B` is what it says.
pub(crate) struct Accepted<B = Body> {
    pub command: SendCommand<B>,
    pub room: Arc<Room>,
    pub sent: Fingerprint,
    pub reply: Reply,
    /// What it answers.
    pub quote: Option<Box<Quote>>,
    /// The connection that gets an answer instead of the event, where `reply` no longer tells.
    pub except: Option<ConnectionId>,
}

impl<B> Accepted<B> {
    /// The same, saying this.
    pub fn saying<C>(self, body: C, about: About) -> Accepted<C> {
        let mut command = self.command.saying(body);
        command.about = about;
        Accepted {
            command,
            room: self.room,
            sent: self.sent,
            reply: self.reply,
            quote: self.quote,
            except: self.except,
        }
    }

    fn key(&self) -> Key {
        Key {
            sender: self.command.sender,
            conversation: self.room.id,
            client_id: self.command.client_id,
        }
    }
}

impl Journey {
    /// Takes a command on its way. Whatever becomes of it goes to `reply`; the order of calls is the order in which one
    /// sender's messages to one conversation are stored.
    pub async fn send(&self, command: Ask, reply: Reply) {
        let client_id = command.client_id;
        let room = match self.authorise(&command).await {
            Ok(room) => room,
            Err(nay) => return reply.refused(client_id, nay),
        };
        self.take(command, room, reply).await;
    }

    /// Takes a command on its way that may be done in `room`.
    pub(crate) async fn take(&self, command: Ask, room: Arc<Room>, reply: Reply) {
        let client_id = command.client_id;
        let asked = Accepted {
            sent: command.body.fingerprint(&command.about),
            command,
            room,
            reply,
            quote: None,
            except: None,
        };
        match self.recent.find(&asked.key(), &asked.sent) {
            Some(Known::Stored(place)) => return asked.reply.stored(client_id, place),
            Some(Known::Reused) => {
                let nay = Refusal::ClientIdReused.into();
                return asked.reply.refused(client_id, nay);
            }
            None => {}
        }
        if self.chain.asks_before() {
            self.through_hooks(asked);
            return;
        }
        if asked.command.retry {
            match self.repeated(&asked, false).await {
                Ok(Some(place)) => return asked.reply.stored(client_id, place),
                Ok(None) => {}
                Err(nay) => return asked.reply.refused(client_id, nay),
            }
        }
        let mut accepted = match self.resolve(asked).await {
            Ok(accepted) => accepted,
            Err((reply, nay)) => return reply.refused(client_id, nay),
        };
        if !accepted.command.about.is_empty()
            && let Err(nay) = self.check(&mut accepted).await
        {
            return accepted.reply.refused(client_id, nay);
        }
        self.commit(accepted).await;
    }

    /// The room a command is for, if its sender may say something there now.
    async fn authorise(&self, command: &Ask) -> Result<Arc<Room>, Nay> {
        if command.depth > MAX_DEPTH {
            return Err(Refusal::LoopGuard.into());
        }
        let (id, unknown) = match command.to {
            Target::Conversation(id) => (id, Refusal::ConversationUnknown),
            Target::Person(person) => (
                self.direct(command.sender, person).await?,
                Refusal::PersonUnknown,
            ),
            Target::Unit(unit) => {
                let id = self.rooms.unit(unit).await.map_err(store_failed)?;
                (id.ok_or(Refusal::UnitUnknown)?, Refusal::UnitUnknown)
            }
        };
        let room = self
            .rooms
            .room(id)
            .await
            .map_err(store_failed)?
            .ok_or(unknown)?;
        if !room.has(command.sender) {
            return Err(unknown.into());
        }
        if room.kind == webim_model::ConversationKind::Service {
            self.desk
                .may_say(room.id, command.sender, command.lease)
                .await?;
        }
        if room.kind == webim_model::ConversationKind::Notice {
            let detail = "only the system writes in a notice conversation";
            return Err(Nay::because(Refusal::Forbidden, detail));
        }
        let staff = matches!(
            room.kind,
            webim_model::ConversationKind::Direct | webim_model::ConversationKind::Unit
        );
        if staff && !self.config.chat {
            return Err(Nay::because(
                Refusal::Forbidden,
                "chat between members is switched off",
            ));
        }
        Ok(room)
    }

    /// The direct conversation of two members; made by the first message.
    async fn direct(
        &self,
        sender: PersonId,
        to: PersonId,
    ) -> Result<webim_model::ConversationId, Nay> {
        if sender == to {
            return Err(Refusal::PersonIsSelf.into());
        }
        if let Some(id) = self.rooms.known_direct(sender, to) {
            return Ok(id);
        }
        for person in [sender, to] {
            let person = self.store.person(person).await.map_err(store_failed)?;
            if !person.is_some_and(|person| person.active && person.kind == PersonKind::Member) {
                return Err(Refusal::PersonUnknown.into());
            }
        }
        self.rooms.direct(sender, to).await.map_err(store_failed)
    }

    /// Where a command was stored before, from memory if asked to look there again, else from the index.
    pub(crate) async fn repeated(
        &self,
        accepted: &Accepted<Said>,
        memory: bool,
    ) -> Result<Option<Place>, Nay> {
        let key = accepted.key();
        if memory {
            match self.recent.find(&key, &accepted.sent) {
                Some(Known::Stored(place)) => return Ok(Some(place)),
                Some(Known::Reused) => return Err(Refusal::ClientIdReused.into()),
                None => {}
            }
        }
        let names = [(key.conversation, key.sender, key.client_id)];
        let rows = self
            .store
            .find_by_client_ids(&names)
            .await
            .map_err(store_failed)?;
        let Some(row) = rows.into_iter().next() else {
            return Ok(None);
        };
        if row.fingerprint != Some(accepted.sent) {
            return Err(Refusal::ClientIdReused.into());
        }
        Ok(Some(Place {
            conversation: row.conversation,
            message: row.id,
            seq: row.seq,
            time: row.time,
        }))
    }

    /// The files that a command shows, as far as its sender may: naming another's file gives it to nobody.
    async fn files_shown(&self, command: &SendCommand) -> Result<Vec<FileId>, Nay> {
        let named = shown(&command.body);
        if named.is_empty() {
            return Ok(named);
        }
        let rows = self.store.files_for(command.sender, &named).await;
        let rows = rows.map_err(store_failed)?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// Hands a command to the committer; waits while its queue is full.
    pub(crate) async fn commit(&self, accepted: Accepted) {
        let Accepted {
            command,
            room,
            sent,
            reply,
            quote,
            except,
        } = accepted;
        let client_id: ClientId = command.client_id;
        let files = match self.files_shown(&command).await {
            Ok(files) => files,
            Err(nay) => return reply.refused(client_id, nay),
        };
        let outbox = if self.chain.wants_outbox() {
            vec![OutboxEntry {
                topic: HOOKS_TOPIC,
                depth: command.depth,
            }]
        } else {
            Vec::new()
        };
        let message = NewMessage {
            conversation: room.id,
            sender: Some(command.sender),
            client_id: Some(client_id),
            id: self.sources.uuid().into(),
            body: command.body,
            about: command.about,
            fingerprint: Some(sent),
            time: self.sources.now(),
            member_version: room.member_version,
            lease: command.lease,
            outbox,
            files,
        };
        let ticket = Ticket {
            except: except.or(reply.connection()),
            reply,
            room,
            sent,
            quote,
            depth: command.depth,
        };
        if let Err(closed) = self.committer.submit(message, ticket).await {
            closed.1.reply.refused(client_id, Refusal::Busy.into());
        }
    }
}

/// What a person is told when the store fails; the cause is logged here, once.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it is the argument of map_err"
)]
pub(crate) fn store_failed(error: StoreError) -> Nay {
    tracing::warn!(%error, "the store could not answer");
    error.refusal().into()
}
