//! Read marks: merged by maximum in memory, written at most once a second, and only then acknowledged.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use webim_hub::{Broker, Frame, Outlet, Publication};
use webim_model::{ClientId, ConversationId, PersonId, Refusal};
use webim_store::{Mark, Moved, Store, StoreError};
use webim_wire::server::{Ack, ReadMark, ServerFrame, Unread};

use crate::Nay;
use crate::reply::nack;
use crate::rooms::Rooms;

/// Marks written in one transaction.
const CHUNK: usize = 500;
/// Acknowledgements that may wait for one mark; more are answered as `busy`.
const WAITING: usize = 16;

#[derive(Default)]
struct Waiting {
    seq: u64,
    /// Whether somebody said so, rather than it following from what they sent.
    said: bool,
    acks: Vec<(Outlet, ClientId)>,
}

/// Marks that are not written yet.
#[derive(Default)]
pub(crate) struct Marks {
    waiting: Mutex<HashMap<(ConversationId, PersonId), Waiting>>,
}

impl Marks {
    /// Who sends has read what was before.
    pub fn sent(&self, conversation: ConversationId, person: PersonId, seq: u64) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mark = waiting.entry((conversation, person)).or_default();
        mark.seq = mark.seq.max(seq);
    }

    /// `person` says that they have read up to `seq`; `ack` is answered once that is written.
    pub fn said(
        &self,
        conversation: ConversationId,
        person: PersonId,
        seq: u64,
        ack: Option<(Outlet, ClientId)>,
    ) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mark = waiting.entry((conversation, person)).or_default();
        mark.seq = mark.seq.max(seq);
        mark.said = true;
        if let Some((outlet, client_id)) = ack {
            if mark.acks.len() < WAITING {
                mark.acks.push((outlet, client_id));
            } else {
                refuse(&outlet, client_id, Refusal::Busy);
            }
        }
    }
}

/// Writes marks and tells those concerned.
pub(crate) struct MarkWriter {
    marks: Arc<Marks>,
    store: Store,
    rooms: Arc<Rooms>,
    broker: Arc<dyn Broker>,
    /// Held while marks that were taken are not in the database yet.
    writing: tokio::sync::Mutex<()>,
}

impl MarkWriter {
    pub fn new(
        marks: &Arc<Marks>,
        store: &Store,
        rooms: &Arc<Rooms>,
        broker: &Arc<dyn Broker>,
    ) -> Self {
        Self {
            marks: marks.clone(),
            store: store.clone(),
            rooms: rooms.clone(),
            broker: broker.clone(),
            writing: tokio::sync::Mutex::default(),
        }
    }

    /// Writes one mark now.
    pub async fn write_now(&self, mark: Mark) -> Result<(), StoreError> {
        for moved in self.moves(&[mark], |_| true).await? {
            self.tell(&moved).await;
        }
        Ok(())
    }

    /// Writes marks, and returns those that moved. A mark that somebody said and that lies beyond the end of its
    /// conversation means the end: the store moves none that no message has, so only those that did not move are
    /// looked at.
    async fn moves(
        &self,
        marks: &[Mark],
        said: impl Fn(&Mark) -> bool,
    ) -> Result<Vec<Moved>, StoreError> {
        let mut moved = self.store.flush_marks(marks).await?;
        let mut ends = Vec::new();
        for mark in marks.iter().filter(|mark| said(mark)) {
            let key = (mark.conversation, mark.person);
            if moved
                .iter()
                .any(|moved| (moved.conversation, moved.person) == key)
            {
                continue;
            }
            let end = self.store.conversation(mark.conversation).await?;
            let end = end.map_or(0, |row| row.last_seq);
            if end > 0 && end < mark.seq {
                ends.push(Mark { seq: end, ..*mark });
            }
        }
        if !ends.is_empty() {
            moved.extend(self.store.flush_marks(&ends).await?);
        }
        Ok(moved)
    }

    /// Writes all that waits; what could not be written is refused, and what followed from sending is tried again.
    pub async fn flush(&self) {
        let _writing = self.writing.lock().await;
        let taken = {
            let mut waiting = self
                .marks
                .waiting
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *waiting)
        };
        let taken: Vec<_> = taken.into_iter().collect();
        for chunk in taken.chunks(CHUNK) {
            self.write(chunk).await;
        }
    }

    /// Writes what waits for one person, so that their own messages of the last second do not count as unread in what is
    /// read next.
    pub async fn flush_of(&self, person: PersonId) {
        let _writing = self.writing.lock().await;
        let taken: Vec<_> = {
            let mut waiting = self
                .marks
                .waiting
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            waiting.extract_if(|(_, of), _| *of == person).collect()
        };
        if !taken.is_empty() {
            self.write(&taken).await;
        }
    }

    async fn write(&self, chunk: &[((ConversationId, PersonId), Waiting)]) {
        let marks: Vec<_> = chunk
            .iter()
            .map(|((conversation, person), waiting)| Mark {
                conversation: *conversation,
                person: *person,
                seq: waiting.seq,
            })
            .collect();
        // What a person sends tells their other devices and their peer as much.
        let said: HashSet<_> = chunk
            .iter()
            .filter(|(_, waiting)| waiting.said)
            .map(|(mark, _)| *mark)
            .collect();
        let by_word = |mark: &Mark| said.contains(&(mark.conversation, mark.person));
        match self.moves(&marks, by_word).await {
            Ok(moved) => {
                for (outlet, client_id) in chunk.iter().flat_map(|(_, waiting)| &waiting.acks) {
                    let ack = Ack {
                        client_id: client_id.0,
                        stored: None,
                        service: None,
                    };
                    outlet.push(Frame::new(ServerFrame::Ack(ack).encode()));
                }
                for moved in moved {
                    if said.contains(&(moved.conversation, moved.person)) {
                        self.tell(&moved).await;
                    }
                }
            }
            Err(error) => {
                tracing::warn!(%error, marks = marks.len(), "read marks could not be written");
                for ((conversation, person), waiting) in chunk {
                    self.marks.sent(*conversation, *person, waiting.seq);
                    for (outlet, client_id) in &waiting.acks {
                        refuse(outlet, *client_id, Refusal::StoreUnavailable);
                    }
                }
            }
        }
    }

    async fn tell(&self, moved: &Moved) {
        let unread = ServerFrame::Unread(Unread {
            conversation: moved.conversation.0,
            read_seq: moved.read_seq,
            unread: moved.unread,
        });
        self.publish(moved.person, &unread);
        let Ok(Some(room)) = self.rooms.room(moved.conversation).await else {
            return;
        };
        if let Some(peer) = room.peer(moved.person) {
            let read = ServerFrame::Read(ReadMark {
                conversation: moved.conversation.0,
                person: moved.person.0,
                seq: moved.read_seq,
            });
            self.publish(peer, &read);
        }
    }

    fn publish(&self, to: PersonId, frame: &ServerFrame) {
        let frame = Frame::new(frame.encode());
        self.broker.publish(&Publication {
            to: Arc::new([to]),
            except: None,
            frame,
        });
    }
}

fn refuse(outlet: &Outlet, client_id: ClientId, refusal: Refusal) {
    outlet.push(Frame::new(nack(client_id.0, Nay::from(refusal)).encode()));
}
