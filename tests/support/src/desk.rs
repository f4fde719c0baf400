//! A connection to a router in the test's own process.

use std::collections::VecDeque;

use anyhow::{Context, Result, bail};
use uuid::Uuid;
use webim_model::Bye;
use webim_router::{Live, Pacing, Router};
use webim_wire::client::{ClientFrame, Target};
use webim_wire::server::{Message, Nack, ServerFrame, Stored};

use crate::socket::text_frame;
use crate::{Ledger, id, soon};

/// A connection, as the gateway's task would have it.
pub struct TestDesk {
    router: Router,
    live: Live,
    read: VecDeque<ServerFrame>,
    kept: VecDeque<ServerFrame>,
    bye: Option<Bye>,
    /// What it knows.
    pub ledger: Ledger,
}

impl TestDesk {
    pub(crate) fn new(router: Router, live: Live) -> Self {
        Self {
            router,
            live,
            read: VecDeque::new(),
            kept: VecDeque::new(),
            bye: None,
            ledger: Ledger::default(),
        }
    }

    /// Says a frame.
    pub async fn say(&self, frame: ClientFrame) -> Result<Pacing> {
        soon(
            "the router to take a frame",
            self.router.frame(&self.live, frame),
        )
        .await
    }

    /// Sends a text and returns its `client_id`.
    pub async fn send(&self, to: Target, text: &str) -> Result<Uuid> {
        let client_id = id();
        self.send_as(client_id, to, text).await?;
        Ok(client_id)
    }

    /// Sends a text under this `client_id`.
    pub async fn send_as(&self, client_id: Uuid, to: Target, text: &str) -> Result<()> {
        self.say(ClientFrame::Send(text_frame(client_id, to, text)))
            .await?;
        Ok(())
    }

    /// Sends a text and waits until it is stored.
    pub async fn tell(&mut self, to: Target, text: &str) -> Result<Stored> {
        let client_id = self.send(to, text).await?;
        self.stored(client_id).await
    }

    async fn next(&mut self) -> Result<ServerFrame> {
        loop {
            if let Some(frame) = self.read.pop_front() {
                match &frame {
                    ServerFrame::Ack(ack) => ack
                        .stored
                        .iter()
                        .try_for_each(|stored| self.ledger.acked(stored))?,
                    ServerFrame::Message(message) => self.ledger.told(message)?,
                    _ => {}
                }
                return Ok(frame);
            }
            if let Some(bye) = self.bye {
                bail!("the connection was ended: {bye:?}");
            }
            self.live.ready().await;
            let pulled = self.live.pull();
            self.bye = pulled.bye;
            for frame in pulled.frames {
                self.read.push_back(serde_json::from_slice(frame.bytes())?);
            }
        }
    }

    /// Waits for the first frame that `pick` takes, and keeps those before it for later.
    pub async fn take<T>(
        &mut self,
        what: &str,
        mut pick: impl FnMut(&ServerFrame) -> Option<T>,
    ) -> Result<T> {
        if let Some((at, found)) = self
            .kept
            .iter()
            .enumerate()
            .find_map(|(at, frame)| Some((at, pick(frame)?)))
        {
            self.kept.remove(at);
            return Ok(found);
        }
        loop {
            let frame = soon(what, self.next())
                .await?
                .with_context(|| what.to_owned())?;
            match pick(&frame) {
                Some(found) => return Ok(found),
                None => self.kept.push_back(frame),
            }
        }
    }

    /// The answer to `client_id`: done (with the place of what was sent) or not.
    pub async fn answer(&mut self, client_id: Uuid) -> Result<Result<Option<Stored>, Nack>> {
        let pick = |frame: &ServerFrame| match frame {
            ServerFrame::Ack(ack) if ack.client_id == client_id => Some(Ok(ack.stored)),
            ServerFrame::Nack(nack) if nack.client_id == Some(client_id) => Some(Err(nack.clone())),
            _ => None,
        };
        self.take("the answer to a command", pick).await
    }

    /// Where what was sent as `client_id` is stored.
    pub async fn stored(&mut self, client_id: Uuid) -> Result<Stored> {
        match self.answer(client_id).await? {
            Ok(stored) => stored.context("the ack says no place"),
            Err(nack) => bail!("{nack:?}"),
        }
    }

    /// The refusal of what was sent as `client_id`.
    pub async fn refusal(&mut self, client_id: Uuid) -> Result<Nack> {
        match self.answer(client_id).await? {
            Ok(stored) => bail!("it was done: {stored:?}"),
            Err(nack) => Ok(nack),
        }
    }

    /// The next message of anybody else.
    pub async fn message(&mut self) -> Result<Message> {
        let pick = |frame: &ServerFrame| match frame {
            ServerFrame::Message(message) => Some(message.clone()),
            _ => None,
        };
        self.take("message", pick).await
    }

    /// What was read and not asked for.
    pub fn kept(&self) -> impl Iterator<Item = &ServerFrame> {
        self.kept.iter()
    }
}
