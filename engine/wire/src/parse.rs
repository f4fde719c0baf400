//! From bytes to frames: what is wrong is said with a code, the field's path and, where it could be read, the
//! `client_id`.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use uuid::Uuid;
use webim_model::Refusal;

use crate::client::ClientFrame;
use crate::parse::tagged::WithoutOp;

mod tagged;

/// A frame or body that could not be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", refusal.code())]
pub struct FrameError {
    /// The stable reason.
    pub refusal: Refusal,
    /// What exactly, for the developer of the client; names fields and positions, repeats no values.
    pub detail: String,
    /// The id the client gave, if it could be read.
    pub client_id: Option<Uuid>,
}

/// The two fields that every frame has; read first, so that an unknown operation is told from a wrong one.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow)]
    op: Option<std::borrow::Cow<'a, str>>,
    client_id: Option<Uuid>,
}

/// A frame from the client.
pub fn parse_client(text: &str) -> Result<ClientFrame, FrameError> {
    let head: Head<'_> = serde_json::from_str(text).map_err(|error| {
        let path = path::<Head<'_>, _>(&mut serde_json::Deserializer::from_str(text));
        field_error(&error, path, text.as_bytes())
    })?;
    let Some(op) = head.op.as_deref() else {
        return Err(FrameError {
            refusal: Refusal::UnknownOp,
            detail: "the frame has no op".into(),
            client_id: head.client_id,
        });
    };
    let id = head.client_id;
    match op {
        "send" => frame(text, id).map(ClientFrame::Send),
        "read" => frame(text, id).map(ClientFrame::Read),
        "pong" => frame(text, id).map(ClientFrame::Pong),
        "typing" => frame(text, id).map(ClientFrame::Typing),
        "hello" => frame(text, id).map(ClientFrame::Hello),
        "status" => frame(text, id).map(ClientFrame::Status),
        "watch" => frame(text, id).map(ClientFrame::Watch),
        "edit" => frame(text, id).map(ClientFrame::Edit),
        "recall" => frame(text, id).map(ClientFrame::Recall),
        "react" => frame(text, id).map(ClientFrame::React),
        "forward" => frame(text, id).map(ClientFrame::Forward),
        "service.open" => frame(text, id).map(ClientFrame::ServiceOpen),
        "service.close" => frame(text, id).map(ClientFrame::ServiceClose),
        "service.leave_queue" => frame(text, id).map(ClientFrame::ServiceLeaveQueue),
        "service.keep_place" => frame(text, id).map(ClientFrame::ServiceKeepPlace),
        "service.person" => frame(text, id).map(ClientFrame::ServicePerson),
        "service.take" => frame(text, id).map(ClientFrame::ServiceTake),
        "service.answer" => frame(text, id).map(ClientFrame::ServiceAnswer),
        "service.transfer" => frame(text, id).map(ClientFrame::ServiceTransfer),
        "service.cancel" => frame(text, id).map(ClientFrame::ServiceCancel),
        "service.state" => frame(text, id).map(ClientFrame::ServiceState),
        "service.note" => frame(text, id).map(ClientFrame::ServiceNote),
        "service.whisper" => frame(text, id).map(ClientFrame::ServiceWhisper),
        "service.join" => frame(text, id).map(ClientFrame::ServiceJoin),
        "service.watch" => frame(text, id).map(ClientFrame::ServiceWatch),
        "service.draft" => frame(text, id).map(ClientFrame::ServiceDraft),
        _ => Err(FrameError {
            refusal: Refusal::UnknownOp,
            detail: format!("op is none of {}", ClientFrame::OPS.join(", ")),
            client_id: id,
        }),
    }
}

/// A REST body.
pub fn parse_body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, FrameError> {
    serde_json::from_slice(bytes).map_err(|error| {
        let mut json = serde_json::Deserializer::from_slice(bytes);
        let path = path::<T, _>(&mut json);
        field_error(&error, path, bytes)
    })
}

fn frame<T: DeserializeOwned>(text: &str, client_id: Option<Uuid>) -> Result<T, FrameError> {
    let mut json = serde_json::Deserializer::from_str(text);
    T::deserialize(WithoutOp(&mut json))
        .and_then(|frame| json.end().map(|()| frame))
        .map_err(|error| {
            let mut json = serde_json::Deserializer::from_str(text);
            let path = path::<T, _>(WithoutOp(&mut json));
            FrameError {
                client_id,
                ..field_error(&error, path, text.as_bytes())
            }
        })
}

/// Where it goes wrong, by the names of the fields. Found by a second attempt, so that only what is wrong pays for it.
fn path<'de, T: Deserialize<'de>, D: Deserializer<'de>>(json: D) -> Option<String> {
    let error = serde_path_to_error::deserialize::<D, T>(json).err()?;
    let path = error.path().to_string();
    (path != "." && !path.starts_with('?')).then_some(path)
}

fn field_error(error: &serde_json::Error, path: Option<String>, bytes: &[u8]) -> FrameError {
    // An object where one name is wanted, such as two targets, is an error of the syntax to the parser, too.
    let json = error.is_data() || serde_json::from_slice::<serde_json::Value>(bytes).is_ok();
    let (refusal, detail) = match path {
        _ if !json => (Refusal::BadJson, error.to_string()),
        Some(path) => (Refusal::BadField, format!("{path}: {error}")),
        None => (Refusal::BadField, error.to_string()),
    };
    FrameError {
        refusal,
        detail,
        client_id: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_frames_are_told_apart() {
        let id = "0190a0c0-0000-7000-8000-000000000001";
        let code = |text: &str| {
            parse_client(text).map_err(|error| (error.refusal.code(), error.client_id.is_some()))
        };
        assert_eq!(code("{"), Err(("bad_json", false)));
        assert_eq!(code("[]").map_err(|e| e.0), Err("bad_field"));
        assert_eq!(
            code(&format!(r#"{{"client_id":"{id}"}}"#)),
            Err(("unknown_op", true))
        );
        assert_eq!(
            code(&format!(r#"{{"op":"fly","client_id":"{id}"}}"#)),
            Err(("unknown_op", true))
        );
        assert_eq!(
            code(&format!(r#"{{"op":"read","client_id":"{id}"}}"#)),
            Err(("bad_field", true))
        );
        let read = format!(r#"{{"op":"read","client_id":"{id}","conversation":"{id}","seq":1"#);
        assert_eq!(
            code(&format!("{read},\"sender\":\"{id}\"}}")),
            Err(("bad_field", true))
        );
        assert_eq!(
            code(&format!("{read}}} x")).map_err(|e| e.0),
            Err("bad_json")
        );
        assert!(code(&format!("{read}}}")).is_ok());
        let send = |body: &str| {
            code(&format!(
                r#"{{"op":"send","client_id":"{id}","to":{{"person":"{id}"}},"body":{body}}}"#
            ))
        };
        assert!(send(r#"{"text":"hi"}"#).is_ok());
        assert_eq!(send(r#"{"text":1}"#), Err(("bad_field", true)));
        for to in [
            "{}".to_owned(),
            format!(r#"{{"person":"{id}","unit":"{id}"}}"#),
        ] {
            let frame = format!(r#"{{"op":"send","client_id":"{id}","to":{to},"body":{{}}}}"#);
            assert_eq!(code(&frame), Err(("bad_field", true)));
        }
        assert_eq!(
            send(r#"{"text":"\ud800"}"#).map_err(|e| e.0),
            Err("bad_json")
        );
    }

    #[test]
    fn the_path_of_a_wrong_field_is_named() {
        let id = "0190a0c0-0000-7000-8000-000000000001";
        let detail = |rest: &str| {
            let text = format!(r#"{{"op":"send","client_id":"{id}",{rest}}}"#);
            parse_client(&text).map_err(|error| error.detail).err()
        };
        let to = format!(r#""to":{{"person":"{id}"}}"#);
        for (rest, named) in [
            (format!(r#"{to},"body":{{"text":1}}"#), "body.text: "),
            (
                r#""to":{"person":"me"},"body":{"text":"x"}"#.to_owned(),
                "to.person: ",
            ),
            (r#""to":{"nobody":1},"body":{"text":"x"}"#.to_owned(), "to"),
            (to.clone(), "body"),
            (
                format!(r#"{to},"body":{{"text":"x"}},"sender":"{id}""#),
                "sender",
            ),
        ] {
            let detail = detail(&rest).unwrap_or_default();
            assert!(detail.contains(named), "{rest}: {detail}");
        }
        let detail = parse_client(r#"{"op":"pong","client_id":5}"#).map_err(|e| e.detail);
        assert!(detail.is_err_and(|detail| detail.starts_with("client_id: ")));
        let detail = parse_body::<crate::rest::PutRead>(br#"{"seq":-1}"#).map_err(|e| e.detail);
        assert!(detail.is_err_and(|detail| detail.starts_with("seq: ")));
    }
}
