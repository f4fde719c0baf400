//! Customer service: who must answer whom. [`Desk`] is what everybody looks at; the allocator alone decides, and what
//! it decides is written before it is told.

mod admin;
mod allocator;
mod card;
mod catalog;
mod frames;
mod heard;
mod lists;
mod moves;
mod policy;
mod rows;
mod seats;
mod sentence;
mod step;
mod tell;
mod visitors;
mod watching;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use webim_dispatch::{Board, Case, Event, Offer, PolicyHook, Transfer};
use webim_hub::{Broker, Frame, Hub};
use webim_model::{Body, ConversationId, Holder, Message, OfferKind, PersonId, Refusal, Sources};
use webim_store::{NewMessage, Page, Store, StoreError};
use webim_wire::service::{Face, HolderName, event};

use self::allocator::{Allocator, Answer, Ask};
use self::catalog::Catalog;
use self::heard::Heard;
use self::seats::{Seat, Seats};
use self::tell::Line;
use self::watching::Watching;
use crate::journey::{Journey, store_failed};
use crate::reply::Reply;
use crate::rooms::Rooms;
use crate::settle::Ticket;
use crate::{Nay, Router};

pub use self::catalog::Channel;
pub use self::lists::ServedAsk;
pub use self::sentence::Language;
pub(crate) use self::tell::Telling;
pub use self::visitors::{Arrived, Door, Newcomer};

/// What everybody looks at who has to do with customers.
pub(crate) struct Desk {
    pub store: Store,
    pub sources: Sources,
    pub hub: Arc<Hub>,
    pub seats: Seats,
    pub watching: Watching,
    pub heard: Heard,
    pub catalog: ArcSwap<Catalog>,
    asks: mpsc::Sender<Ask>,
    /// Members who are customers of an inner channel: their presence counts as a customer's.
    guests: Mutex<HashSet<PersonId>>,
}

/// What is started with the router.
pub(crate) struct Starting {
    pub desk: Arc<Desk>,
    pub telling: Arc<Telling>,
    asks: mpsc::Receiver<Ask>,
    lines: mpsc::Receiver<Line>,
}

impl Starting {
    pub fn new(
        (store, sources): (&Store, &Sources),
        hub: &Arc<Hub>,
        (rooms, broker): (&Arc<Rooms>, &Arc<dyn Broker>),
    ) -> Self {
        let (sender, asks) = mpsc::channel(allocator::QUEUE);
        let (lines, said) = mpsc::channel(tell::LINES);
        let desk = Arc::new(Desk {
            store: store.clone(),
            sources: sources.clone(),
            hub: hub.clone(),
            seats: Seats::new(store.clone()),
            watching: Watching::default(),
            heard: Heard::default(),
            catalog: ArcSwap::default(),
            asks: sender,
            guests: Mutex::default(),
        });
        let telling = Arc::new(Telling {
            desk: desk.clone(),
            rooms: rooms.clone(),
            broker: broker.clone(),
            lines,
            asking: policy::Asking,
        });
        Self {
            desk,
            telling,
            asks,
            lines: said,
        }
    }

    /// Starts the allocator and what says its lines.
    pub fn spawn(self, journey: &Journey, tasks: &TaskTracker, stop: &CancellationToken) {
        let allocator = Allocator::new(self.desk, self.asks, self.telling);
        tasks.spawn(allocator.run(stop.clone()));
        let (journey, stop, mut said) = (journey.clone(), stop.clone(), self.lines);
        tasks.spawn(async move {
            while let Some(Some(line)) = stop.run_until_cancelled(said.recv()).await {
                journey.line(line).await;
            }
        });
    }
}

impl Journey {
    /// Says a line of the system's own.
    async fn line(&self, line: Line) {
        let Ok(Some(room)) = self.rooms.room(line.conversation).await else {
            return;
        };
        let message = NewMessage {
            conversation: room.id,
            sender: None,
            client_id: None,
            id: self.sources.uuid().into(),
            body: Body::System {
                text: line.text.into(),
            },
            about: webim_model::About::default(),
            fingerprint: None,
            time: self.sources.now(),
            member_version: room.member_version,
            lease: None,
            outbox: Vec::new(),
            files: Vec::new(),
        };
        let (nobody, _) = oneshot::channel();
        let ticket = Ticket {
            reply: Reply::Wait(nobody),
            room,
            sent: [0; 16],
            except: None,
            quote: None,
            depth: 0,
        };
        drop(self.committer.submit(message, ticket).await);
    }
}

impl Desk {
    /// Whether anybody could come: where there is no channel, customer service costs nothing.
    pub fn is_open(&self) -> bool {
        !self.catalog.load().channels.is_empty()
    }

    async fn read_catalog(&self) -> Result<(), StoreError> {
        let catalog = Catalog::read(&self.store).await?;
        self.seats.block_only(self.store.blocked().await?);
        self.catalog.store(Arc::new(catalog));
        Ok(())
    }

    /// The rule that is asked about assignments, if one is installed.
    fn policy(&self) -> Option<PolicyHook> {
        let _ = self;
        None
    }

    /// Whether somebody is there: an agent at a desk, a customer with any socket.
    fn here(&self, person: PersonId) -> bool {
        if self.catalog.load().serves(person) && !self.is_guest(person) {
            return self.watching.at_work(person);
        }
        self.hub.connected(person)
    }

    fn connected(&self) -> Vec<PersonId> {
        let mut people = self.watching.people();
        people.extend(self.hub.people());
        people.sort_unstable();
        people.dedup();
        people
    }

    fn is_guest(&self, person: PersonId) -> bool {
        let guests = self.guests.lock().unwrap_or_else(PoisonError::into_inner);
        guests.contains(&person)
    }

    fn comes_as_guest(&self, person: PersonId) {
        let mut guests = self.guests.lock().unwrap_or_else(PoisonError::into_inner);
        guests.insert(person);
    }

    /// A connection of somebody who may be a customer came or went.
    pub fn moved(&self, person: PersonId, customer: bool) {
        if self.is_open() && (customer || self.is_guest(person)) {
            self.heard.moved(person);
        }
    }

    /// A message was stored in a service conversation.
    pub fn wrote(&self, message: &Message) {
        if let Some(sender) = message.sender {
            self.heard.wrote(message.conversation, sender);
        }
    }

    /// Asks the allocator; waits while its queue is full.
    async fn ask(&self, event: Event) -> Answer {
        let (reply, answer) = oneshot::channel();
        let ask = Ask::Event(Box::new(event), Some(reply));
        if self.asks.send(ask).await.is_err() {
            return Err((Refusal::Busy.into(), None));
        }
        answer
            .await
            .unwrap_or_else(|_| Err((Refusal::Busy.into(), None)))
    }

    /// Tells the allocator that channels, teams, topics or agents were set anew; returns when it knows.
    pub async fn refresh(&self) {
        let (reply, done) = oneshot::channel();
        if self.asks.send(Ask::Refresh(reply)).await.is_ok() {
            drop(done.await);
        }
    }

    /// What supervisors see, and all open conversations.
    async fn board(&self) -> Result<(Board, Vec<Case>), Nay> {
        let (reply, board) = oneshot::channel();
        if self.asks.send(Ask::Board(reply)).await.is_err() {
            return Err(Refusal::Busy.into());
        }
        board.await.map_err(|_| Refusal::Busy.into())
    }

    /// Those of these conversations that the allocator knows: all that are open.
    async fn cases(&self, ids: Vec<ConversationId>) -> Result<Vec<Case>, Nay> {
        let (reply, cases) = oneshot::channel();
        if self.asks.send(Ask::Cases(ids, reply)).await.is_err() {
            return Err(Refusal::Busy.into());
        }
        cases.await.map_err(|_| Refusal::Busy.into())
    }

    /// An agent as others may know them.
    fn face(&self, person: PersonId) -> Face {
        let catalog = self.catalog.load();
        match catalog.agents.get(&person) {
            Some(agent) => face(&agent.person),
            None => Face {
                id: person.0,
                name: String::new(),
                avatar: format!("/avatars/{person}.svg"),
            },
        }
    }

    fn holder_is(&self, seat: &Seat, reason: &str) -> event::HolderIs {
        let agent = match seat.holder {
            Holder::Agent(agent) => Some(self.face(agent)),
            Holder::Robot | Holder::Queue | Holder::Nobody => None,
        };
        event::HolderIs {
            conversation: seat.conversation.0,
            holder: HolderName::from(seat.holder),
            agent,
            lease: seat.lease,
            version: seat.version,
            reason: reason.into(),
            visit: seat.visit.map(|visit| visit.0),
        }
    }

    async fn offer_made(
        &self,
        offer: &Offer,
        transfer: Option<&Transfer>,
        preview: u64,
    ) -> Option<event::OfferMade> {
        let seat = self.seats.seat(offer.conversation).await.ok().flatten()?;
        let customer = self.store.person(seat.customer).await.ok().flatten()?;
        let page = self
            .store
            .transcript(offer.conversation, Page::Latest, preview);
        let (messages, _) = page.await.ok()?;
        let preview = crate::fold::fold(&self.store, &messages).await.ok()?;
        let head = self
            .store
            .conversation(offer.conversation)
            .await
            .ok()
            .flatten()?;
        let transfer = transfer.filter(|_| offer.kind == OfferKind::Transfer);
        Some(event::OfferMade {
            offer: offer.id.0,
            conversation: offer.conversation.0,
            kind: match offer.kind {
                OfferKind::Assignment => event::OfferKind::Assignment,
                OfferKind::Transfer => event::OfferKind::Transfer,
            },
            until: offer.until.0,
            customer: face(&customer),
            channel: self.catalog.load().code(seat.channel),
            topic: head.topic.map(|topic| topic.0),
            from: transfer.map(|transfer| self.face(transfer.by)),
            note: transfer
                .and_then(|transfer| transfer.note.clone())
                .unwrap_or_default(),
            preview,
        })
    }

    /// Whether `sender` may say something in a service conversation under `lease`.
    pub async fn may_say(
        &self,
        conversation: ConversationId,
        sender: PersonId,
        lease: Option<u64>,
    ) -> Result<(), Nay> {
        let seat = self.seats.seat(conversation).await.map_err(store_failed)?;
        let seat = seat.ok_or(Refusal::ConversationUnknown)?;
        if seat.customer == sender {
            return if self.seats.blocked(sender) {
                Err(Refusal::Blocked.into())
            } else {
                Ok(())
            };
        }
        let Some(lease) = lease else {
            return Err(Refusal::LeaseRequired.into());
        };
        let own = seat.holder == Holder::Agent(sender) || self.seats.beside(conversation, sender);
        if own && lease == seat.lease {
            return Ok(());
        }
        let now = match seat.holder {
            Holder::Agent(agent) => self.face(agent).name,
            other => other.name().to_owned(),
        };
        let refusal = if own {
            Refusal::LeaseStale
        } else if lease == seat.lease {
            Refusal::NotHolder
        } else {
            Refusal::LeaseStale
        };
        Err(Nay::because(refusal, now))
    }

    /// Tells who reads a conversation along.
    pub fn tell_readers(&self, conversation: ConversationId, members: &[PersonId], frame: &Frame) {
        self.watching.tell(conversation, members, frame);
    }
}

impl Router {
    /// Somebody's roles or who they are may have changed: agents are read anew.
    pub async fn refresh_service(&self) {
        if self.0.desk.is_open() {
            self.0.desk.refresh().await;
        }
    }
}

/// Somebody as others may know them.
pub(crate) fn face(person: &webim_model::Person) -> Face {
    let card = webim_wire::rest::PersonCard::from(person);
    Face {
        id: card.id,
        name: card.name,
        avatar: card.avatar,
    }
}
