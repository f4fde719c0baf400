//! One encoded event, shared by all who receive it.

use bytes::Bytes;
use webim_model::ConversationId;

/// An encoded event; cloning shares the bytes.
#[derive(Clone, Debug)]
pub struct Frame {
    bytes: Bytes,
    at: Option<(ConversationId, u64)>,
}

impl Frame {
    /// A frame that stands at no place in a conversation.
    pub fn new(text: String) -> Self {
        Self {
            bytes: text.into(),
            at: None,
        }
    }

    /// A message's frame; the place lets a connection that has just resumed drop what its welcome already brought.
    pub fn message(text: String, conversation: ConversationId, seq: u64) -> Self {
        Self {
            bytes: text.into(),
            at: Some((conversation, seq)),
        }
    }

    /// The bytes; always valid UTF-8, since they were made from a string.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Conversation and number, if it is a message.
    pub fn at(&self) -> Option<(ConversationId, u64)> {
        self.at
    }
}
