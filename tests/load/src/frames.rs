//! Reading the server's frames cheaply: one pass, only the fields that a client of this tool looks at.

use std::borrow::Cow;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;
use webim_wire::server::{ServerFrame, Welcome};

/// A frame from the server.
#[derive(Debug)]
pub enum Incoming<'a> {
    /// A message of mine is stored.
    Ack {
        client_id: Uuid,
        conversation: Uuid,
        seq: u64,
        message: Uuid,
    },
    /// A frame of mine was refused.
    Nack {
        client_id: Option<Uuid>,
        code: &'a str,
    },
    /// Somebody, perhaps I on another device, said something.
    Message {
        conversation: Uuid,
        seq: u64,
        message: Uuid,
        sender: Option<Uuid>,
        text: Cow<'a, str>,
    },
    /// The server closes this connection.
    Bye { word: &'a str },
    /// The answer to hello.
    Welcome(Box<Welcome>),
    /// Anything else.
    Other,
}

#[derive(Deserialize)]
struct Raw<'a> {
    op: &'a str,
    client_id: Option<Uuid>,
    conversation: Option<Uuid>,
    seq: Option<u64>,
    message: Option<Uuid>,
    sender: Option<Uuid>,
    word: Option<&'a str>,
    #[serde(borrow)]
    code: Option<&'a RawValue>,
    #[serde(borrow)]
    body: Option<Body<'a>>,
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
}

/// Reads a frame.
pub fn read(text: &str) -> Result<Incoming<'_>> {
    if text.starts_with(r#"{"op":"welcome""#) {
        return match serde_json::from_str(text)? {
            ServerFrame::Welcome(welcome) => Ok(Incoming::Welcome(welcome)),
            _ => Ok(Incoming::Other),
        };
    }
    let raw: Raw<'_> = serde_json::from_str(text).with_context(|| text.to_owned())?;
    Ok(match raw.op {
        "ack" if raw.seq.is_some() => Incoming::Ack {
            client_id: raw.client_id.context("ack without client_id")?,
            conversation: raw.conversation.context("ack without conversation")?,
            seq: raw.seq.context("ack without seq")?,
            message: raw.message.context("ack without message")?,
        },
        "nack" => Incoming::Nack {
            client_id: raw.client_id,
            code: raw.code.map_or("", |code| code.get().trim_matches('"')),
        },
        "message" => Incoming::Message {
            conversation: raw.conversation.context("message without conversation")?,
            seq: raw.seq.context("message without seq")?,
            message: raw.message.context("message without its id")?,
            sender: raw.sender,
            text: raw.body.map(|body| body.text).unwrap_or_default(),
        },
        "bye" => Incoming::Bye {
            word: raw.word.unwrap_or_default(),
        },
        _ => Incoming::Other,
    })
}

#[cfg(test)]
mod tests {
    use webim_model::{Bye, Refusal};
    use webim_wire::payload::{Payload, Text};
    use webim_wire::server::{Ack, Message, Nack, Ping, Stored};

    use super::*;

    #[test]
    fn what_the_server_writes_is_understood() {
        let id = Uuid::from_u128(7);
        let stored = Stored {
            conversation: id,
            message: id,
            seq: 3,
            time: 1,
        };
        let ack = ServerFrame::Ack(Ack {
            client_id: id,
            stored: Some(stored),
            service: None,
        })
        .encode();
        assert!(matches!(read(&ack).unwrap(), Incoming::Ack { seq: 3, .. }));
        let read_ack = ServerFrame::Ack(Ack {
            client_id: id,
            stored: None,
            service: None,
        })
        .encode();
        assert!(matches!(read(&read_ack).unwrap(), Incoming::Other));
        let nack = ServerFrame::Nack(Nack::new(None, Refusal::Busy, None)).encode();
        assert!(matches!(
            read(&nack).unwrap(),
            Incoming::Nack { code: "busy", .. }
        ));
        let bye = ServerFrame::Bye(Bye::Flood.into()).encode();
        assert!(matches!(
            read(&bye).unwrap(),
            Incoming::Bye { word: "flood" }
        ));
        assert!(matches!(
            read(&ServerFrame::Ping(Ping {}).encode()).unwrap(),
            Incoming::Other
        ));
        let message = ServerFrame::Message(Message {
            conversation: id,
            seq: 4,
            message: id,
            sender: None,
            client_id: None,
            payload: Payload::Text(Text {
                text: "a \"b\"".into(),
            }),
            time: 1,
            refers: None,
            quote: None,
            mention: None,
            forwarded: None,
            edited: None,
            reactions: Vec::new(),
        })
        .encode();
        let Incoming::Message { seq: 4, text, .. } = read(&message).unwrap() else {
            panic!("{message}");
        };
        assert_eq!(text, "a \"b\"");
    }
}
