//! The welcome: who you are, where your conversations stand, and what you missed.

use std::collections::HashMap;

use webim_hub::Frame;
use webim_model::{Bye, ConversationId, Limits, MessageId, PersonId, Position};
use webim_store::{HeadRow, Page, Store, StoreError};
use webim_wire::client::{Hello, Resume};
use webim_wire::server::{Message, Recovered, ServerFrame, Welcome};

use crate::live::Live;
use crate::settle::wire;
use crate::{Caller, Router};

/// Longest name of a device, in characters.
const DEVICE: usize = 64;
/// Most positions a client may name.
const POSITIONS: usize = 5_000;
/// Bytes of message text after which a welcome brings no more; the rest comes by history.
const BYTES: usize = 256 * 1024;

impl Router {
    /// Registers a connection and makes its `welcome`: from here on the connection's queue fills. `Err` holds the
    /// reason to close it with.
    pub async fn hello(&self, caller: &Caller, hello: Hello) -> Result<(Live, Frame), Bye> {
        let named = hello.device.chars().count();
        let positions = hello
            .resume
            .as_ref()
            .map_or(0, |resume| resume.positions.len());
        if named == 0 || named > DEVICE || positions > POSITIONS {
            return Err(Bye::ProtocolError);
        }
        let inner = &self.0;
        let failed = |error: StoreError| {
            tracing::warn!(%error, "no welcome could be made");
            Bye::GoingAway
        };
        let person = inner.store.person(caller.person).await.map_err(failed)?;
        let Some(person) = person.filter(|person| person.active) else {
            return Err(Bye::Deactivated);
        };
        // First the registration, then the reading: what is stored in between comes twice and is dropped once.
        let mut live = self.connect(caller, person.status)?;
        let directory = inner.directories.get().await.map_err(failed)?.version;
        let mut gathered = Gathered::default();
        if let Some(resume) = &hello.resume {
            inner.writer.flush_of(caller.person).await;
            let heads = inner.store.heads_of(caller.person).await.map_err(failed)?;
            live.welcomed(heads.iter().map(|head| (head.conversation, head.last_seq)));
            let trusted = resume.epoch == inner.epoch;
            gathered = Resuming {
                store: &inner.store,
                limits: &inner.config.limits,
                person: caller.person,
            }
            .gather(resume, trusted, heads)
            .await
            .map_err(failed)?;
        }
        let welcome = Welcome {
            me: (&person).into(),
            status: person.status.into(),
            epoch: inner.epoch,
            heartbeat: inner.config.heartbeat,
            text_chars: u32::try_from(inner.config.limits.text_chars).unwrap_or(u32::MAX),
            directory,
            recovered: gathered.recovered,
            missed: gathered.missed,
        };
        let frame = Frame::new(ServerFrame::Welcome(Box::new(welcome)).encode());
        Ok((live, frame))
    }
}

struct Resuming<'a> {
    store: &'a Store,
    limits: &'a Limits,
    person: PersonId,
}

#[derive(Default)]
struct Gathered {
    recovered: Vec<Recovered>,
    missed: Vec<Message>,
    bytes: usize,
}

impl Resuming<'_> {
    async fn gather(
        &self,
        resume: &Resume,
        trusted: bool,
        heads: Vec<HeadRow>,
    ) -> Result<Gathered, StoreError> {
        let mut positions: HashMap<ConversationId, Position> = resume
            .positions
            .iter()
            .map(|(id, (seq, message))| {
                (
                    (*id).into(),
                    Position {
                        seq: *seq,
                        message: (*message).into(),
                    },
                )
            })
            .collect();
        let mut gathered = Gathered::default();
        for head in heads {
            let position = positions.remove(&head.conversation);
            if position.is_some() || head.last_seq > 0 {
                self.one(&head, position.filter(|_| trusted), &mut gathered)
                    .await?;
            }
        }
        // What is left is no longer the caller's, or never was.
        gathered
            .recovered
            .extend(positions.into_keys().map(|conversation| Recovered {
                conversation: conversation.0,
                recovered: false,
                more: false,
                last_seq: 0,
                read_seq: 0,
                unread: 0,
            }));
        Ok(gathered)
    }

    async fn one(
        &self,
        head: &HeadRow,
        position: Option<Position>,
        gathered: &mut Gathered,
    ) -> Result<(), StoreError> {
        let mut entry = Recovered {
            conversation: head.conversation.0,
            recovered: false,
            more: false,
            last_seq: head.last_seq,
            read_seq: head.read_seq,
            unread: head.unread,
        };
        if let Some(position) = position
            && self.trusted(head, position).await?
        {
            entry.recovered = true;
            entry.more = self.missed(head, position, gathered).await?;
        }
        gathered.recovered.push(entry);
        Ok(())
    }

    /// Whether the message the client holds is the one that stands there: not so after an older database was restored.
    async fn trusted(&self, head: &HeadRow, position: Position) -> Result<bool, StoreError> {
        if position.seq == 0 {
            return Ok(true);
        }
        if position.seq > head.last_seq {
            return Ok(false);
        }
        if position.seq == head.last_seq {
            return Ok(head.last_message == Some(position.message));
        }
        let there: Option<MessageId> = self.store.position(head.conversation, position.seq).await?;
        Ok(there == Some(position.message))
    }

    /// Adds what was missed as far as the limits allow; says whether there is more.
    async fn missed(
        &self,
        head: &HeadRow,
        position: Position,
        gathered: &mut Gathered,
    ) -> Result<bool, StoreError> {
        if position.seq >= head.last_seq {
            return Ok(false);
        }
        let room = self
            .limits
            .missed_in_all
            .saturating_sub(gathered.missed.len() as u64);
        let limit = room.min(self.limits.missed_per_conversation);
        if limit == 0 || gathered.bytes >= BYTES {
            return Ok(true);
        }
        let page = Page::After(position.seq);
        let found = self
            .store
            .history(self.person, head.conversation, page, limit)
            .await?;
        let Some((messages, mut more)) = found else {
            return Ok(true);
        };
        // What came after the head was read is in the connection's queue.
        for message in messages
            .iter()
            .filter(|message| message.seq <= head.last_seq)
        {
            if gathered.bytes >= BYTES {
                more = true;
                break;
            }
            let (webim_model::Body::Text { text } | webim_model::Body::System { text }) =
                &message.body;
            gathered.bytes += text.len();
            gathered.missed.push(wire(message));
        }
        Ok(more)
    }
}
