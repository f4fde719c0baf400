//! A person who has signed in.

use std::ops::Deref;

use anyhow::Result;
use serde_json::json;
use uuid::Uuid;
use webim_wire::client::{Resume, Target};
use webim_wire::rest::{Conversations, History, Session, Units};
use webim_wire::server::Message;

use crate::rest::Site;
use crate::{Answer, Door, Ledger, PASSWORD, Rest, TestSocket};

/// Somebody with a session; as a [`Rest`] they ask as themselves.
#[derive(Clone)]
pub struct TestPerson {
    /// What they signed in with.
    pub login: String,
    /// Who.
    pub id: Uuid,
    /// What proves it.
    pub token: String,
    site: Site,
    rest: Rest,
}

impl Deref for TestPerson {
    type Target = Rest;

    fn deref(&self) -> &Rest {
        &self.rest
    }
}

impl TestPerson {
    pub(crate) async fn sign_in(site: Site, login: &str) -> Result<Self> {
        let body = json!({"login": login, "password": PASSWORD, "bearer": true, "device": "test"});
        let answer: Answer = Rest::new(site.clone(), None)?
            .post("/api/v1/session", &body)
            .await?;
        let session: Session = answer.ok()?;
        let token = session.token.unwrap_or_default();
        Ok(Self {
            login: login.to_owned(),
            id: session.person.id,
            rest: Rest::new(site.clone(), Some(token.clone()))?,
            token,
            site,
        })
    }

    /// As the one to whom something is sent.
    pub fn as_target(&self) -> Target {
        Target::Person(self.id)
    }

    /// How they open a socket.
    pub fn door(&self) -> Door {
        Door {
            site: self.site.clone(),
            query: String::new(),
            headers: vec![("authorization", format!("Bearer {}", self.token))],
            room: None,
        }
    }

    /// A device that has nothing yet.
    pub async fn connect(&self) -> Result<TestSocket> {
        self.door().greet("test", None).await
    }

    /// A device that comes back with what it holds.
    pub async fn resume(&self, epoch: Uuid, ledger: Ledger) -> Result<TestSocket> {
        let resume = Resume {
            epoch,
            positions: ledger.positions(),
        };
        let mut socket = self.door().greet("test", Some(resume)).await?;
        socket.continues(ledger)?;
        Ok(socket)
    }

    /// A page of their conversations.
    pub async fn conversations(&self) -> Result<Conversations> {
        self.read("/api/v1/conversations").await
    }

    /// All messages of a conversation, read page by page from the beginning.
    pub async fn history(&self, conversation: Uuid) -> Result<Vec<Message>> {
        let mut all: Vec<Message> = Vec::new();
        loop {
            let after = all.last().map_or(0, |message| message.seq);
            let path =
                format!("/api/v1/conversations/{conversation}/messages?after={after}&limit=100");
            let page: History = self.read(&path).await?;
            all.extend(page.items);
            if !page.more {
                return Ok(all);
            }
        }
    }

    /// The unit with this name.
    pub async fn unit(&self, name: &str) -> Result<Target> {
        let units: Units = self.read("/api/v1/units").await?;
        let unit = units.items.into_iter().find(|unit| unit.name == name);
        unit.map(|unit| Target::Unit(unit.id))
            .ok_or_else(|| anyhow::anyhow!("there is no unit {name}"))
    }
}
