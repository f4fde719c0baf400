//! The way back to whoever sent a command.

use tokio::sync::oneshot;
use uuid::Uuid;
use webim_hub::{Frame, Outlet};
use webim_model::{ClientId, ConnectionId};
use webim_wire::server::{Ack, Nack, ServerFrame, Stored};

use crate::Nay;
use crate::recent::Place;

/// Where the answer goes.
pub(crate) enum Reply {
    /// Into a connection's queue, as `ack` or `nack`.
    Socket(Outlet),
    /// To somebody who waits; nobody may be there any more.
    Wait(oneshot::Sender<Result<Place, Nay>>),
}

impl Reply {
    /// The connection that has its own answer and needs no event.
    pub fn connection(&self) -> Option<ConnectionId> {
        match self {
            Self::Socket(outlet) => Some(outlet.id()),
            Self::Wait(_) => None,
        }
    }

    /// It is stored.
    pub fn stored(self, client_id: ClientId, place: Place) {
        match self {
            Self::Socket(outlet) => {
                let ack = Ack {
                    client_id: client_id.0,
                    stored: Some(place.into()),
                    service: None,
                };
                outlet.push(Frame::new(ServerFrame::Ack(ack).encode()));
            }
            Self::Wait(waiting) => {
                let _ = waiting.send(Ok(place));
            }
        }
    }

    /// It was not done.
    pub fn refused(self, client_id: ClientId, nay: Nay) {
        match self {
            Self::Socket(outlet) => outlet.push(Frame::new(nack(client_id.0, nay).encode())),
            Self::Wait(waiting) => {
                let _ = waiting.send(Err(nay));
            }
        }
    }
}

/// The frame that says no.
pub(crate) fn nack(client_id: Uuid, nay: Nay) -> ServerFrame {
    let mut nack = Nack::new(Some(client_id), nay.refusal, nay.detail);
    nack.retry_after = nay.retry_after;
    ServerFrame::Nack(nack)
}

impl From<Place> for Stored {
    fn from(place: Place) -> Self {
        Self {
            conversation: place.conversation.0,
            message: place.message.0,
            seq: place.seq,
            time: place.time.0,
        }
    }
}
