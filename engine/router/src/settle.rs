//! After the commit: acknowledge, remember, and hand over to the fan-out. In commit order, and an
//! acknowledgement never waits for a fan-out.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::mpsc;
use webim_hooks::{Chain, Offered};
use webim_hub::{Broker, Frame, Publication};
use webim_model::{ConnectionId, ConversationId, Message};
use webim_store::{Outcome, Settled, Sink, Stored};
use webim_wire::server::{Quote, ServerFrame};

use crate::Nay;
use crate::marks::Marks;
use crate::recent::{Fingerprint, Key, Place, Recent};
use crate::reply::Reply;
use crate::rooms::{Room, Rooms};
use crate::service::Desk;

/// Batches that may wait for the fan-out; a full queue holds the next commit back, and with it the senders.
const BATCHES: usize = 256;
/// Members of a room from which the fan-out lets others run after each message.
const LARGE: usize = 64;

/// What goes through the commit with a message.
pub(crate) struct Ticket {
    pub reply: Reply,
    pub room: Arc<Room>,
    pub sent: Fingerprint,
    /// The connection that has its own answer and needs no event.
    pub except: Option<ConnectionId>,
    /// What it answers.
    pub quote: Option<Box<Quote>>,
    pub depth: u8,
}

/// A stored message on its way to its readers.
pub(crate) struct Delivery {
    message: Message,
    room: Arc<Room>,
    /// The room's membership was found to be newer: read it again first.
    stale: bool,
    except: Option<ConnectionId>,
    quote: Option<Box<Quote>>,
    depth: u8,
}

/// What the committer tells of each batch.
pub(crate) struct Settle {
    recent: Arc<Recent>,
    marks: Arc<Marks>,
    fanout: mpsc::Sender<Vec<Delivery>>,
}

impl Settle {
    pub fn new(recent: Arc<Recent>, marks: Arc<Marks>) -> (Self, mpsc::Receiver<Vec<Delivery>>) {
        let (fanout, batches) = mpsc::channel(BATCHES);
        (
            Self {
                recent,
                marks,
                fanout,
            },
            batches,
        )
    }

    fn settle(&self, settled: Settled<Ticket>) -> Option<Delivery> {
        let Settled {
            message: asked,
            ticket:
                Ticket {
                    reply,
                    room,
                    sent,
                    except,
                    quote,
                    depth,
                },
            outcome,
        } = settled;
        let key = asked
            .sender
            .zip(asked.client_id)
            .map(|(sender, client_id)| Key {
                sender,
                conversation: asked.conversation,
                client_id,
            });
        match outcome {
            Outcome::Stored { message, stale } => {
                if let Some(key) = key {
                    let place = Place::of(&message);
                    self.recent.insert(key, sent, place);
                    self.marks
                        .sent(message.conversation, key.sender, message.seq);
                    reply.stored(key.client_id, place);
                }
                Some(Delivery {
                    message,
                    room,
                    stale,
                    except,
                    quote,
                    depth,
                })
            }
            Outcome::Repeat(first) => {
                if let Some(key) = key {
                    let place = Place::first(asked.conversation, &first);
                    self.recent.insert(key, sent, place);
                    reply.stored(key.client_id, place);
                }
                None
            }
            Outcome::Refused(refusal) => {
                if let Some(key) = key {
                    reply.refused(key.client_id, Nay::from(refusal));
                }
                None
            }
        }
    }
}

#[async_trait]
impl Sink<Ticket> for Settle {
    async fn settled(&self, batch: Vec<Settled<Ticket>>) {
        let deliveries: Vec<_> = batch
            .into_iter()
            .filter_map(|settled| self.settle(settled))
            .collect();
        if !deliveries.is_empty() && self.fanout.send(deliveries).await.is_err() {
            tracing::error!("the fan-out has ended before the committer");
        }
    }
}

/// Brings stored messages to their readers.
pub(crate) struct Fanout {
    pub batches: mpsc::Receiver<Vec<Delivery>>,
    pub rooms: Arc<Rooms>,
    pub broker: Arc<dyn Broker>,
    pub chain: Arc<Chain>,
    pub offered: Offered,
    pub desk: Arc<Desk>,
}

impl Fanout {
    /// Runs until the committer is gone.
    pub async fn run(mut self) {
        while let Some(batch) = self.batches.recv().await {
            for delivery in batch {
                self.deliver(delivery).await;
            }
        }
    }

    async fn deliver(&self, delivery: Delivery) {
        let Delivery {
            message,
            room,
            stale,
            except,
            quote,
            depth,
        } = delivery;
        let room = if stale {
            self.renew(message.conversation).await.unwrap_or(room)
        } else {
            room
        };
        let frame = Frame::message(encode(&message, quote), message.conversation, message.seq);
        if room.kind == webim_model::ConversationKind::Service {
            self.desk.tell_readers(room.id, &room.members, &frame);
            self.desk.wrote(&message);
        }
        self.broker.publish(&Publication {
            to: room.members.clone(),
            except,
            frame,
        });
        self.offered.offer(&self.chain, &message, depth);
        if room.members.len() >= LARGE {
            tokio::task::yield_now().await;
        }
    }

    /// Who is in the conversation now. If the database cannot say, those who were: they could read it a moment ago.
    async fn renew(&self, id: ConversationId) -> Option<Arc<Room>> {
        self.rooms.reload(id).await.ok().flatten()
    }
}

/// A message as it goes onto the sockets.
pub(crate) fn wire(message: &Message) -> webim_wire::server::Message {
    webim_wire::server::Message {
        conversation: message.conversation.0,
        seq: message.seq,
        message: message.id.0,
        sender: message.sender.map(|sender| sender.0),
        client_id: message.client_id.map(|id| id.0),
        payload: (&message.body).into(),
        time: message.time.0,
        refers: message.about.refers,
        quote: None,
        mention: message.about.mention.as_deref().map(Into::into),
        forwarded: message.about.forwarded.map(Into::into),
        edited: None,
        reactions: Vec::new(),
    }
}

fn encode(message: &Message, quote: Option<Box<Quote>>) -> String {
    let mut shape = wire(message);
    shape.quote = quote;
    ServerFrame::Message(shape).encode()
}

impl Place {
    pub(crate) fn first(conversation: ConversationId, stored: &Stored) -> Self {
        Self {
            conversation,
            message: stored.id,
            seq: stored.seq,
            time: stored.time,
        }
    }

    pub(crate) fn of(message: &Message) -> Self {
        Self {
            conversation: message.conversation,
            message: message.id,
            seq: message.seq,
            time: message.time,
        }
    }
}
