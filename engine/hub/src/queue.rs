//! The bounded queue between the fan-out and one connection.
//!
//! Our own rather than a channel of tokio's: one of those keeps a block of slots from its first message on, and
//! fifteen thousand idle sockets should keep nothing.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use webim_model::{Bye, ConnectionId, PersonId, SessionId};

use crate::Frame;

/// How much may wait for one connection.
#[derive(Clone, Copy, Debug)]
pub struct QueueLimits {
    /// Frames.
    pub frames: usize,
    /// Bytes in them together.
    pub bytes: usize,
}

impl Default for QueueLimits {
    fn default() -> Self {
        Self {
            frames: 1_024,
            bytes: 1024 * 1024,
        }
    }
}

#[derive(Default)]
struct State {
    frames: VecDeque<Frame>,
    bytes: usize,
    closed: Option<Bye>,
    waker: Option<Waker>,
}

struct Queue {
    id: ConnectionId,
    person: PersonId,
    session: SessionId,
    limits: QueueLimits,
    state: Mutex<State>,
}

impl Queue {
    // Nothing that holds this lock can panic half way, so a poisoned one is as good as any.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The end that events are put into; cheap to clone.
#[derive(Clone)]
pub struct Outlet(Arc<Queue>);

/// The end that the connection's task takes from; there is one.
pub struct Inlet(Arc<Queue>);

/// What a connection's task finds in its queue.
#[derive(Debug, Default)]
pub struct Drained {
    /// In the order in which they were put in.
    pub frames: VecDeque<Frame>,
    /// Set when the connection is to be closed after these frames.
    pub bye: Option<Bye>,
}

pub(crate) fn queue(
    id: ConnectionId,
    person: PersonId,
    session: SessionId,
    limits: QueueLimits,
) -> (Outlet, Inlet) {
    let queue = Arc::new(Queue {
        id,
        person,
        session,
        limits,
        state: Mutex::default(),
    });
    (Outlet(queue.clone()), Inlet(queue))
}

impl Outlet {
    /// Which connection.
    pub fn id(&self) -> ConnectionId {
        self.0.id
    }

    /// Whose it is.
    pub fn person(&self) -> PersonId {
        self.0.person
    }

    /// Under which session it was opened.
    pub fn session(&self) -> SessionId {
        self.0.session
    }

    /// Puts `frame` in. A queue that is full is emptied and closed as a slow reader's; a closed one takes nothing.
    pub fn push(&self, frame: Frame) {
        let mut state = self.0.lock();
        if state.closed.is_some() {
            return;
        }
        let limits = self.0.limits;
        if state.frames.len() >= limits.frames || state.bytes + frame.bytes().len() > limits.bytes {
            state.frames = VecDeque::new();
            state.bytes = 0;
            state.closed = Some(Bye::SlowReader);
        } else {
            state.bytes += frame.bytes().len();
            state.frames.push_back(frame);
        }
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Ends the connection after what is already in its queue; the first reason given stands.
    pub fn close(&self, bye: Bye) {
        let mut state = self.0.lock();
        state.closed.get_or_insert(bye);
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Whether it was told to end.
    pub fn closed(&self) -> Option<Bye> {
        self.0.lock().closed
    }
}

impl Inlet {
    /// Waits until there is something to take. Cancelling loses nothing.
    pub async fn ready(&self) {
        poll_fn(|cx| {
            let mut state = self.0.lock();
            if !state.frames.is_empty() || state.closed.is_some() {
                return Poll::Ready(());
            }
            match &mut state.waker {
                Some(waker) => waker.clone_from(cx.waker()),
                none => *none = Some(cx.waker().clone()),
            }
            Poll::Pending
        })
        .await;
    }

    /// Waits until the connection is told to end, whatever else is in the queue: for a task whose write is stuck.
    /// Cancelling loses nothing.
    pub async fn ended(&self) -> Bye {
        poll_fn(|cx| {
            let mut state = self.0.lock();
            if let Some(bye) = state.closed {
                return Poll::Ready(bye);
            }
            match &mut state.waker {
                Some(waker) => waker.clone_from(cx.waker()),
                none => *none = Some(cx.waker().clone()),
            }
            Poll::Pending
        })
        .await
    }

    /// Takes all there is; the queue keeps no memory.
    pub fn take(&self) -> Drained {
        let mut state = self.0.lock();
        state.bytes = 0;
        Drained {
            frames: std::mem::take(&mut state.frames),
            bye: state.closed,
        }
    }
}
