//! A customer who has come through a channel, and the frames of customer service as tests say them.

use std::ops::Deref;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use uuid::Uuid;
use webim_wire::server::{Message, Nack, ServerFrame};
use webim_wire::service::event::{HolderIs, OfferMade, ServiceDone};

use crate::rest::Site;
use crate::{Answer, Door, Rest, TestServer, TestSocket, id};

/// Somebody with a visitor's token; as a [`Rest`] they ask as themselves.
#[derive(Clone)]
pub struct TestCustomer {
    /// Who.
    pub id: Uuid,
    /// What proves it.
    pub token: String,
    /// What the door said.
    pub told: Value,
    site: Site,
    rest: Rest,
}

impl Deref for TestCustomer {
    type Target = Rest;

    fn deref(&self) -> &Rest {
        &self.rest
    }
}

impl TestCustomer {
    pub(crate) async fn come(site: Site, channel: &str, body: &Value) -> Result<Self> {
        let path = format!("/api/v1/channels/{channel}/visitors");
        let answer: Answer = Rest::new(site.clone(), None)?.post(&path, body).await?;
        let told: Value = answer.ok()?;
        let token = told["token"].as_str().context("a token")?.to_owned();
        Ok(Self {
            id: told["person"].as_str().context("a person")?.parse()?,
            rest: Rest::new(site.clone(), Some(token.clone()))?,
            token,
            told,
            site,
        })
    }

    /// A device that has nothing yet.
    pub async fn connect(&self) -> Result<TestSocket> {
        let door = Door {
            site: self.site.clone(),
            query: String::new(),
            headers: vec![("authorization", format!("Bearer {}", self.token))],
            room: None,
        };
        door.greet("test", None).await
    }
}

impl TestServer {
    /// Somebody comes through a channel.
    pub async fn customer(&self, channel: &str, name: &str) -> Result<TestCustomer> {
        let body = json!({"name": name, "page": {"url": "https://shop.example.com/", "language": "zh-CN"}});
        self.customer_with(channel, &body).await
    }

    /// The same with this said at the door.
    pub async fn customer_with(&self, channel: &str, body: &Value) -> Result<TestCustomer> {
        TestCustomer::come(self.site().clone(), channel, body)
            .await
            .with_context(|| format!("coming to {channel}"))
    }
}

impl TestSocket {
    /// Makes a move of customer service and waits for what it led to; `op` is without `service.`.
    pub async fn moves(&mut self, op: &str, fields: Value) -> Result<ServiceDone> {
        match self.tries(op, fields).await? {
            Ok(done) => Ok(done),
            Err(nack) => anyhow::bail!("{op} was refused: {} {:?}", nack.code, nack.detail),
        }
    }

    /// The same where a refusal is an answer, too.
    pub async fn tries(&mut self, op: &str, fields: Value) -> Result<Result<ServiceDone, Nack>> {
        let client_id = id();
        let mut frame = fields;
        frame["op"] = format!("service.{op}").into();
        frame["client_id"] = client_id.to_string().into();
        self.say_text(&frame.to_string()).await?;
        self.take(op, |frame| match frame {
            ServerFrame::Ack(ack) if ack.client_id == client_id => {
                Some(Ok(ack.service.clone().unwrap_or_default()))
            }
            ServerFrame::Nack(nack) if nack.client_id == Some(client_id) => Some(Err(nack.clone())),
            _ => None,
        })
        .await
    }

    /// The code with which a move is refused.
    pub async fn refused(&mut self, op: &str, fields: Value) -> Result<String> {
        match self.tries(op, fields).await? {
            Ok(done) => anyhow::bail!("{op} was done: {done:?}"),
            Err(nack) => Ok(nack.code),
        }
    }

    /// Says something under a lease, and waits until it is stored or refused.
    pub async fn answers(
        &mut self,
        conversation: Uuid,
        lease: Option<u64>,
        text: &str,
    ) -> Result<Result<u64, String>> {
        let client_id = id();
        let mut frame = json!({
            "op": "send", "client_id": client_id, "to": {"conversation": conversation}, "body": {"text": text},
        });
        if let Some(lease) = lease {
            frame["lease"] = lease.into();
        }
        self.say_text(&frame.to_string()).await?;
        Ok(self
            .answer(client_id)
            .await?
            .map(|stored| stored.map_or(0, |stored| stored.seq))
            .map_err(|nack| nack.code))
    }

    /// Waits until somebody of this kind holds a conversation.
    pub async fn holder(&mut self, conversation: Uuid, holder: &str) -> Result<HolderIs> {
        self.take(&format!("{holder} to hold it"), |frame| match frame {
            ServerFrame::Holder(now) if now.conversation == conversation => {
                let word = serde_json::to_value(now.holder).ok()?;
                (word == holder).then(|| now.clone())
            }
            _ => None,
        })
        .await
    }

    /// Waits until this agent holds a conversation.
    pub async fn held_by(&mut self, conversation: Uuid, agent: Uuid) -> Result<HolderIs> {
        self.take("the agent to hold it", |frame| match frame {
            ServerFrame::Holder(now)
                if now.conversation == conversation
                    && now.agent.as_ref().is_some_and(|face| face.id == agent) =>
            {
                Some(now.clone())
            }
            _ => None,
        })
        .await
    }

    /// Waits for an offer.
    pub async fn offer(&mut self) -> Result<OfferMade> {
        self.take("an offer", |frame| match frame {
            ServerFrame::Offer(offer) => Some((**offer).clone()),
            _ => None,
        })
        .await
    }

    /// Waits for a message of somebody's own words.
    pub async fn heard(&mut self, text: &str) -> Result<Message> {
        self.take(text, |frame| match frame {
            ServerFrame::Message(message) => {
                let said = serde_json::to_value(message).ok()?;
                (said["body"]["text"] == text).then(|| message.clone())
            }
            _ => None,
        })
        .await
    }
}
