//! What is done over REST to messages that are there already, and who has read them.

use webim_model::{ClientId, ConversationId, PersonId, Refusal, Role};
use webim_store::Range;
use webim_wire::amend::{Readers, Versions};
use webim_wire::client::{ClientFrame, Edit, Forward, React, Recall};
use webim_wire::server::Stored;

use crate::journey::store_failed;
use crate::settle::wire;
use crate::{Caller, Nay, Router};

/// Where a message stands.
type At = (ConversationId, u64);

impl Router {
    /// Edits a text of the caller's.
    pub async fn edit(
        &self,
        caller: &Caller,
        key: ClientId,
        (conversation, seq): At,
        put: webim_wire::amend::PutMessage,
    ) -> Result<Stored, Nay> {
        self.0.pace.check(caller.person)?;
        let edit = Edit {
            client_id: key.0,
            conversation: conversation.0,
            seq,
            text: put.text,
            mention: put.mention,
        };
        self.said(caller, ClientFrame::Edit(edit)).await
    }

    /// Takes back a message of the caller's.
    pub async fn recall(
        &self,
        caller: &Caller,
        key: ClientId,
        (conversation, seq): At,
    ) -> Result<Stored, Nay> {
        self.0.pace.check(caller.person)?;
        let recall = Recall {
            client_id: key.0,
            conversation: conversation.0,
            seq,
        };
        self.said(caller, ClientFrame::Recall(recall)).await
    }

    /// Puts a sign beside a message, or takes it away.
    pub async fn react(
        &self,
        caller: &Caller,
        key: ClientId,
        (conversation, seq): At,
        put: webim_wire::amend::PutReaction,
    ) -> Result<Stored, Nay> {
        self.0.pace.check(caller.person)?;
        let react = React {
            client_id: key.0,
            conversation: conversation.0,
            seq,
            emoji: put.emoji,
            on: put.on,
        };
        self.said(caller, ClientFrame::React(react)).await
    }

    /// Says elsewhere what was said there.
    pub async fn forward(
        &self,
        caller: &Caller,
        key: ClientId,
        (conversation, seq): At,
        to: webim_wire::client::Target,
    ) -> Result<Stored, Nay> {
        self.0.pace.check(caller.person)?;
        let forward = Forward {
            client_id: key.0,
            to,
            conversation: conversation.0,
            seq,
        };
        self.said(caller, ClientFrame::Forward(forward)).await
    }

    /// Who has read a message that the caller may read, besides who said it.
    pub async fn readers(&self, caller: &Caller, at: At) -> Result<Readers, Nay> {
        self.0.pace.check(caller.person)?;
        let (message, _) = self.0.journey.original(caller.person, at).await?;
        self.0.writer.flush().await;
        let rows = self.0.store.readers(at.0, at.1).await;
        let (mut read, mut unread) = (Vec::new(), Vec::new());
        let others = |(person, _): &(PersonId, bool)| Some(*person) != message.sender;
        for (person, has) in rows.map_err(store_failed)?.into_iter().filter(others) {
            if has { &mut read } else { &mut unread }.push(person.0);
        }
        Ok(Readers { read, unread })
    }

    /// A message as it was said and all that changed it, for auditors. That it was looked at is logged.
    pub async fn versions(
        &self,
        caller: &Caller,
        (conversation, seq): At,
    ) -> Result<Versions, Nay> {
        if !caller.roles.has(Role::Auditor) {
            return Err(Refusal::Forbidden.into());
        }
        let range = Range {
            conversation,
            from: seq,
            to: seq,
        };
        let store = &self.0.store;
        let mut found = store.ranges(&[range]).await.map_err(store_failed)?;
        if found.is_empty() {
            return Err(Refusal::MessageUnknown.into());
        }
        let amended = store.amendments(&[range]).await.map_err(store_failed)?;
        found.extend(amended.into_iter().map(|amendment| amendment.by));
        tracing::info!(target: "audit", auditor = %caller.person, %conversation, seq, "versions of a message were read");
        Ok(Versions {
            items: found.iter().map(wire).collect(),
        })
    }
}
