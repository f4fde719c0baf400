//! The task of one socket.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use hyper::upgrade::OnUpgrade;
use tokio_tungstenite::tungstenite::error::{CapacityError, ProtocolError};
use tokio_tungstenite::tungstenite::{Error, Message};
use webim_model::Bye;
use webim_router::{Live, Pacing, Pulled};
use webim_wire::{ClientFrame, parse_client};

use super::hello::greet;
use super::line::{Cut, Line, compose};
use super::pulse::Beat;
use crate::extract::Signed;
use crate::{AppState, figures};

/// Frames taken from the client before it is looked whether there is something to write, and others may run.
const IN_A_ROW: u32 = 32;
/// Broken frames in a row after which a client is not taken for one of ours.
const BROKEN: u32 = 50;
/// Refusals for haste in a row after which a client is taken for one that will not slow down.
const HASTY: u32 = 200;

/// Runs a socket from its handshake to its end. Who it is comes in a box, which the greeting gives back.
pub(super) async fn run(upgrade: OnUpgrade, signed: Box<Signed>, state: AppState) {
    let most = state.router.config().limits.frame_bytes;
    let Some(mut socket) = Line::open(upgrade, most).await else {
        return;
    };
    state.figures.sockets.increment(1.0);
    // In a box, which is given back: a socket greets once and is idle for hours.
    let cut = match Box::pin(begin(&mut socket, signed, &state)).await {
        Ok(mut connection) => connection.run().await,
        Err(cut) => cut,
    };
    // The registration is gone by now: whoever comes back at once is not one too many.
    if let Cut::Ended(bye) = cut {
        figures::bye(bye);
        Box::pin(socket.farewell(bye)).await;
    }
    state.figures.sockets.decrement(1.0);
}

async fn begin<'a>(
    socket: &'a mut Line,
    signed: Box<Signed>,
    state: &'a AppState,
) -> Result<Connection<'a>, Cut> {
    let live = greet(socket, &signed, state).await?;
    let beat = Beat::new(
        live.outlet().clone(),
        &signed,
        &state.pulse,
        state.sources.now(),
    );
    Ok(Connection {
        socket,
        live,
        beat,
        state,
        settles: Some(state.pulse.now()),
        reads: 0,
        spoke: false,
        broken: 0,
        hasty: 0,
    })
}

struct Connection<'a> {
    socket: &'a mut Line,
    live: Live,
    beat: Arc<Beat>,
    state: &'a AppState,
    /// When it began, until a heartbeat has passed since.
    settles: Option<u32>,
    reads: u32,
    /// Whether the last turn was for writing; the next one is for reading then.
    spoke: bool,
    broken: u32,
    hasty: u32,
}

enum Turn {
    Heard(Option<Result<Message, Error>>),
    Speak,
}

impl Connection<'_> {
    async fn run(&mut self) -> Cut {
        loop {
            let done = match self.turn().await {
                Turn::Heard(Some(Ok(message))) => self.hear(message).await.map_err(Cut::Ended),
                Turn::Heard(Some(Err(error))) => Err(reason(&error)),
                Turn::Heard(None) => Err(Cut::Gone),
                Turn::Speak => self.speak().await,
            };
            if let Err(cut) = done {
                return self.end(cut).await;
            }
            self.settle();
        }
    }

    /// Answers that are ready go out before the connection is closed.
    async fn end(&mut self, cut: Cut) -> Cut {
        let Cut::Ended(_) = cut else {
            return cut;
        };
        match self.speak().await {
            Err(Cut::Gone) => Cut::Gone,
            _ => cut,
        }
    }

    /// Waits for a frame from the client or something to write.
    async fn turn(&mut self) -> Turn {
        poll_fn(|cx| {
            // Woken to write, as almost everybody is in a large unit: whether there is something to read as well is
            // asked afterwards.
            let fresh = self.reads == 0 && !std::mem::replace(&mut self.spoke, false);
            if fresh && pin!(self.live.ready()).poll(cx).is_ready() {
                self.spoke = true;
                return Poll::Ready(Turn::Speak);
            }
            if self.reads < IN_A_ROW
                && let Poll::Ready(heard) = self.socket.poll_heard(cx)
            {
                self.reads += 1;
                return Poll::Ready(Turn::Heard(heard));
            }
            let ready = pin!(self.live.ready()).poll(cx);
            if self.reads >= IN_A_ROW && ready.is_pending() {
                // There may be more to read, but other tasks come first.
                cx.waker().wake_by_ref();
            }
            self.reads = 0;
            ready.map(|()| Turn::Speak)
        })
        .await
    }

    async fn hear(&mut self, message: Message) -> Result<(), Bye> {
        self.beat.heard(self.state.pulse.now());
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => return Err(Bye::ProtocolError),
            // Tungstenite answers these by itself.
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_) => {
                return Ok(());
            }
        };
        self.state.figures.frames_in.increment(1);
        match parse_client(&text) {
            Ok(ClientFrame::Pong(_)) => Ok(()),
            Ok(frame) => {
                self.broken = 0;
                // What is read from here on would otherwise not find the buffer free.
                drop(text);
                self.take(frame).await
            }
            Err(error) => {
                self.live.reject(&error);
                self.broken += 1;
                if self.broken < BROKEN {
                    Ok(())
                } else {
                    Err(Bye::ProtocolError)
                }
            }
        }
    }

    async fn take(&mut self, frame: ClientFrame) -> Result<(), Bye> {
        // In a box: inline, every idle socket would keep two kilobytes for it.
        match Box::pin(self.state.router.frame(&self.live, frame)).await {
            Pacing::Kept => self.hasty = 0,
            Pacing::TooFast => self.hasty += 1,
        }
        if self.hasty < HASTY {
            Ok(())
        } else {
            Err(Bye::Flood)
        }
    }

    /// Writes all there is: many frames in one system call.
    async fn speak(&mut self) -> Result<(), Cut> {
        let Pulled { mut frames, bye } = self.live.pull();
        self.state.figures.frames_out.increment(frames.len() as u64);
        while !frames.is_empty() {
            self.socket
                .write(&compose(&mut frames), self.live.ended())
                .await?;
        }
        bye.map_or(Ok(()), |bye| Err(Cut::Ended(bye)))
    }

    fn settle(&mut self) {
        let passed =
            |began: u32| self.state.pulse.now().wrapping_sub(began) >= self.state.pulse.heartbeat();
        if self.settles.is_some_and(passed) {
            self.settles = None;
            self.live.settle();
        }
    }
}

/// What to make of a message that could not be read.
pub(super) fn reason(error: &Error) -> Cut {
    match error {
        Error::Capacity(CapacityError::MessageTooLong { .. }) => Cut::Ended(Bye::FrameTooLarge),
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Cut::Gone,
        Error::Protocol(_) | Error::Utf8(_) | Error::Capacity(_) => Cut::Ended(Bye::ProtocolError),
        _ => Cut::Gone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size<A, B, C, F: Future>(_: impl Fn(A, B, C) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn the_task_of_an_idle_socket_is_small() {
        assert!(size(run) <= 1_400, "{}", size(run));
    }
}
