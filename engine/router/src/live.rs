//! One connection as the gateway's task sees it.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use webim_hub::{Drained, Frame, Inlet, Outlet};
use webim_model::{Bye, ConversationId, Refusal};
use webim_wire::FrameError;
use webim_wire::server::{Nack, ServerFrame};

use crate::Caller;
use crate::router::Inner;

/// A registered connection; dropping it ends the registration.
pub struct Live {
    router: Arc<Inner>,
    caller: Caller,
    outlet: Outlet,
    inlet: Inlet,
    /// Up to where the welcome brought each conversation: what was being fanned out meanwhile is not said twice.
    welcomed: HashMap<ConversationId, u64>,
}

/// What there is to write.
#[derive(Debug, Default)]
pub struct Pulled {
    /// In order.
    pub frames: VecDeque<Frame>,
    /// After these, say `bye` and close.
    pub bye: Option<Bye>,
}

impl Live {
    pub(crate) fn new(router: Arc<Inner>, caller: Caller, outlet: Outlet, inlet: Inlet) -> Self {
        Self {
            router,
            caller,
            outlet,
            inlet,
            welcomed: HashMap::new(),
        }
    }

    /// The end of its queue that events are put into, for those who keep an eye on many connections.
    pub fn outlet(&self) -> &Outlet {
        &self.outlet
    }

    pub(crate) fn welcomed(&mut self, heads: impl Iterator<Item = (ConversationId, u64)>) {
        self.welcomed = heads.collect();
    }

    /// Who is at the other end.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Waits until there is something to write or a reason to close. Cancelling loses nothing.
    pub async fn ready(&self) {
        self.inlet.ready().await;
    }

    /// Waits until there is a reason to close, for a task whose write is stuck. Cancelling loses nothing.
    pub async fn ended(&self) -> Bye {
        self.inlet.ended().await
    }

    /// Takes all there is to write.
    pub fn pull(&mut self) -> Pulled {
        let Drained { mut frames, bye } = self.inlet.take();
        if !self.welcomed.is_empty() {
            frames.retain(|frame| !self.repeats(frame));
        }
        Pulled { frames, bye }
    }

    /// Whether the welcome brought this already; past it, the conversation needs no more watching.
    fn repeats(&mut self, frame: &Frame) -> bool {
        let Some((conversation, seq)) = frame.at() else {
            return false;
        };
        let repeats = self
            .welcomed
            .get(&conversation)
            .is_some_and(|brought| seq <= *brought);
        if !repeats {
            self.welcomed.remove(&conversation);
        }
        repeats
    }

    /// Says that a heartbeat has passed since the welcome: whatever was being fanned out then has long arrived, and
    /// an idle connection should keep nothing.
    pub fn settle(&mut self) {
        self.welcomed = HashMap::new();
    }

    /// Puts a frame of the connection's own (an answer) behind what is already queued.
    pub fn push(&self, frame: &ServerFrame) {
        self.outlet.push(Frame::new(frame.encode()));
    }

    /// Answers a frame that could not be parsed.
    pub fn reject(&self, error: &FrameError) {
        self.push(&ServerFrame::Nack(Nack::new(
            error.client_id,
            error.refusal,
            Some(error.detail.clone()),
        )));
    }

    /// Answers with a refusal.
    pub fn refuse(&self, client_id: Option<uuid::Uuid>, refusal: Refusal) {
        self.push(&ServerFrame::Nack(Nack::new(client_id, refusal, None)));
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let person = self.caller.person;
        self.router.presence.unwatch(self.outlet.id());
        if self.router.desk.watching.forget(&self.outlet) {
            self.router.desk.heard.moved(person);
        }
        if self.router.hub.disconnect(&self.outlet) {
            self.router.departed.add(person);
            let customer = self.caller.kind == webim_model::PersonKind::Customer;
            self.router.desk.moved(person, customer);
            self.router
                .presence
                .leave(person, || self.router.hub.connected(person));
        }
    }
}
