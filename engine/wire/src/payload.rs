//! What a message says, as it stands in the table and on the wire: `kind` and `body`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use webim_model::{Body, MessageKind};

/// Kind and body of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Payload {
    /// Plain text with LayIM's micro-markup, shown without running.
    Text(Text),
    /// A line of the system's own.
    System(Text),
}

/// A body that is one text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Text {
    #[schema(value_type = String)]
    pub text: std::sync::Arc<str>,
}

impl From<&Body> for Payload {
    fn from(body: &Body) -> Self {
        match body {
            Body::Text { text } => Self::Text(Text { text: text.clone() }),
            Body::System { text } => Self::System(Text { text: text.clone() }),
        }
    }
}

impl From<Payload> for Body {
    fn from(payload: Payload) -> Self {
        match payload {
            Payload::Text(Text { text }) => Self::Text { text },
            Payload::System(Text { text }) => Self::System { text },
        }
    }
}

/// The body column: JSON of the body alone; the kind is a column of its own.
pub fn store(body: &Body) -> String {
    let (Body::Text { text } | Body::System { text }) = body;
    serde_json::to_string(&Text { text: text.clone() }).expect("a text is always JSON")
}

/// A body from its two columns; `None` if they are not ones this version knows.
pub fn load(kind: &str, body: &str) -> Option<Body> {
    let kind = MessageKind::parse(kind)?;
    let Text { text } = serde_json::from_str(body).ok()?;
    Some(match kind {
        MessageKind::Text => Body::Text { text },
        MessageKind::System => Body::System { text },
    })
}
