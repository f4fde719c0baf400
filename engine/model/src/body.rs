//! What a message says: parsed once at the door, so that nothing inside has to check it again.

use std::sync::Arc;

use crate::{Limits, Refusal};

/// The kinds of message, which is what `kind` says on the wire and in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// Plain text, with LayIM's micro-markup inside.
    Text,
    /// A line of the system's own.
    System,
}

impl MessageKind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Text, Self::System];

    /// The word in tables and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::System => "system",
        }
    }

    /// The kind with this name, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether others see it as unread until they have read it.
    pub fn counts(self) -> bool {
        matches!(self, Self::Text)
    }
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Plain text.
    Text {
        /// As typed; shown as text, never run.
        text: Arc<str>,
    },
    /// A line of the system's own.
    System {
        /// Already in the organisation's language.
        text: Arc<str>,
    },
}

/// Why a text is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyError {
    /// Nothing but white space.
    Empty,
    /// More than [`Limits::text_chars`] characters (combining marks count one each) or four bytes for each.
    TooLong,
    /// It holds U+0000, which not every database can keep.
    Nul,
}

impl From<BodyError> for Refusal {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::Empty => Self::TextEmpty,
            BodyError::TooLong => Self::TextTooLong,
            BodyError::Nul => Self::TextInvalid,
        }
    }
}

impl Body {
    /// A text within `limits`, or why it is refused.
    pub fn text(text: &str, limits: &Limits) -> Result<Self, BodyError> {
        // Bytes first: counting the characters of a text that is far too long would be work for nothing.
        if text.len() > limits.text_chars.saturating_mul(4)
            || text.chars().count() > limits.text_chars
        {
            return Err(BodyError::TooLong);
        }
        if text.contains('\0') {
            return Err(BodyError::Nul);
        }
        if text.chars().all(char::is_whitespace) {
            return Err(BodyError::Empty);
        }
        Ok(Self::Text { text: text.into() })
    }

    /// Which kind it is.
    pub fn kind(&self) -> MessageKind {
        match self {
            Self::Text { .. } => MessageKind::Text,
            Self::System { .. } => MessageKind::System,
        }
    }
}
