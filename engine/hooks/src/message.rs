//! The hooks around a message.

use async_trait::async_trait;
use webim_model::{Body, ConversationId, ConversationKind, Message, Origin, PersonId, Target};

/// A message that is about to be stored.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Where it will stand.
    pub conversation: ConversationId,
    /// What that conversation is for.
    pub kind: ConversationKind,
    /// Who says it.
    pub sender: PersonId,
    /// What it says; as changed by the hooks before this one.
    pub body: Body,
    /// What caused it.
    pub origin: Origin,
    /// How many hooks stand between it and a person.
    pub depth: u8,
}

/// What a hook makes of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it is.
    Allow,
    /// With this body instead.
    Change(Body),
    /// Not at all; the sender is told this reason.
    Refuse(String),
}

/// What a hook wants done; the router does it, with the hook as origin and one level deeper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Say this.
    Post {
        /// As whom; the router checks that they may.
        sender: PersonId,
        /// Whom it is for.
        to: Target,
        /// What it says.
        body: Body,
    },
}

/// A hook could not do its work. The text is for the admin and holds no message text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct HookError(pub String);

/// A hook on messages. Both methods have answers that change nothing, so that one implements what it needs.
#[async_trait]
pub trait MessageHook: Send + Sync {
    /// Before a message is stored: one sender's messages to one conversation are asked about in order of arrival.
    /// Not asked again for a repeated `client_id`.
    async fn message_will_be_posted(&self, draft: &Draft) -> Result<Verdict, HookError> {
        let _ = draft;
        Ok(Verdict::Allow)
    }

    /// After a message was stored. `depth` is that of the message; effects are posted one deeper. With
    /// [`crate::Settings::durable`] it comes from the outbox, in order per conversation, at least once; otherwise
    /// from a bounded queue that counts what it drops.
    async fn message_has_been_posted(
        &self,
        message: &Message,
        depth: u8,
    ) -> Result<Vec<Effect>, HookError> {
        let _ = (message, depth);
        Ok(Vec::new())
    }
}
