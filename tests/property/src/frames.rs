//! The wire: nothing that a client sends makes the parser fail in another way than with a code, and what is sent is
//! what is read.

use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;
use webim_wire::client::{
    ClientFrame, Edit, Forward, Hello, Pong, React, Read, Recall, Resume, Send, SetStatus,
    StatusName, Target, Typing, Watch,
};
use webim_wire::server::{Ack, Message, Nack, ServerFrame, Stored};
use webim_wire::{parse_client, payload};

use crate::seeded;
use crate::words::text;

const CODES: [&str; 3] = ["bad_json", "unknown_op", "bad_field"];

fn id() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_u128)
}

fn send() -> impl Strategy<Value = Send> {
    let to = prop_oneof![
        id().prop_map(Target::Conversation),
        id().prop_map(Target::Person),
        id().prop_map(Target::Unit),
    ];
    (id(), to, text(40), any::<Option<u64>>(), any::<bool>()).prop_map(
        |(client_id, to, text, lease, retry)| Send {
            lease,
            retry,
            ..Send::text(client_id, to, text)
        },
    )
}

fn hello() -> impl Strategy<Value = Hello> {
    let positions = proptest::collection::hash_map(id(), (any::<u64>(), id()), 0..4);
    let resume = (id(), positions).prop_map(|(epoch, positions)| Resume { epoch, positions });
    (text(20), proptest::option::of(resume)).prop_map(|(device, resume)| Hello { device, resume })
}

fn frame() -> impl Strategy<Value = ClientFrame> {
    let status = prop::sample::select(vec![
        StatusName::Online,
        StatusName::Hide,
        StatusName::Busy,
        StatusName::Away,
    ]);
    prop_oneof![
        hello().prop_map(ClientFrame::Hello),
        send().prop_map(ClientFrame::Send),
        (id(), id(), any::<u64>()).prop_map(|(client_id, conversation, seq)| {
            ClientFrame::Read(Read {
                client_id,
                conversation,
                seq,
            })
        }),
        (id(), id()).prop_map(|(client_id, conversation)| {
            ClientFrame::Typing(Typing {
                client_id,
                conversation,
            })
        }),
        (id(), status).prop_map(|(client_id, status)| {
            ClientFrame::Status(SetStatus { client_id, status })
        }),
        (id(), proptest::collection::vec(id(), 0..5))
            .prop_map(|(client_id, people)| { ClientFrame::Watch(Watch { client_id, people }) }),
        amending(),
        Just(ClientFrame::Pong(Pong {})),
    ]
}

fn amending() -> impl Strategy<Value = ClientFrame> {
    let at = (id(), id(), any::<u64>());
    (at, text(20), any::<bool>(), 0..4).prop_map(
        |((client_id, conversation, seq), text, on, which)| match which {
            0 => ClientFrame::Edit(Edit {
                client_id,
                conversation,
                seq,
                text,
                mention: None,
            }),
            1 => ClientFrame::Recall(Recall {
                client_id,
                conversation,
                seq,
            }),
            2 => ClientFrame::React(React {
                client_id,
                conversation,
                seq,
                emoji: text,
                on,
            }),
            _ => {
                let to = Target::Conversation(conversation);
                ClientFrame::Forward(Forward {
                    client_id,
                    to,
                    conversation,
                    seq,
                })
            }
        },
    )
}

/// JSON of any shape, with the words of our frames in it more often than chance would bring.
fn json() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "op",
        "send",
        "client_id",
        "to",
        "body",
        "text",
        "person",
        "x",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
        id().prop_map(|id| json!(id)),
        text(10).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 6, move |inner| {
        let field = (word.clone(), inner.clone());
        prop_oneof![
            proptest::collection::vec(inner, 0..4).prop_map(Value::from),
            proptest::collection::vec(field, 0..6).prop_map(|fields| {
                Value::Object(
                    fields
                        .into_iter()
                        .map(|(key, value)| (key.to_owned(), value))
                        .collect(),
                )
            }),
        ]
    })
}

fn message() -> impl Strategy<Value = Message> {
    let text = (text(40), any::<bool>()).prop_map(|(text, system)| {
        let text = payload::Text { text: text.into() };
        if system {
            payload::Payload::System(text)
        } else {
            payload::Payload::Text(text)
        }
    });
    let ids = (
        id(),
        id(),
        proptest::option::of(id()),
        proptest::option::of(id()),
    );
    let beside = any::<(Option<u64>, Option<i64>)>();
    (ids, any::<u64>(), text, any::<i64>(), beside).prop_map(|(ids, seq, payload, time, beside)| {
        Message {
            conversation: ids.0,
            seq,
            message: ids.1,
            sender: ids.2,
            client_id: ids.3,
            payload,
            time,
            refers: beside.0,
            quote: None,
            mention: None,
            forwarded: None,
            edited: beside.1,
            reactions: Vec::new(),
        }
    })
}

proptest! {
    #![proptest_config(seeded(1_000))]

    #[test]
    fn any_text_is_answered_with_a_code(text in text(200)) {
        if let Err(error) = parse_client(&text) {
            prop_assert!(CODES.contains(&error.refusal.code()));
            prop_assert!(!error.detail.is_empty());
        }
    }

    #[test]
    fn any_bytes_as_a_rest_body_are_answered_with_a_code(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Err(error) = webim_wire::parse_body::<webim_wire::rest::Post>(&bytes) {
            prop_assert!(CODES.contains(&error.refusal.code()));
        }
    }

    #[test]
    fn any_json_is_answered_with_a_code(value in json()) {
        match parse_client(&value.to_string()) {
            Ok(frame) => prop_assert!(value["op"].as_str().is_some(), "{:?}", frame),
            Err(error) => prop_assert!(CODES.contains(&error.refusal.code())),
        }
    }

    #[test]
    fn a_frame_is_read_as_it_was_written(frame in frame()) {
        let text = serde_json::to_string(&frame).expect("frames are JSON");
        prop_assert!(text.starts_with(r#"{"op":""#), "{}", text);
        prop_assert_eq!(parse_client(&text), Ok(frame));
    }

    /// A frame cut off anywhere is not another frame.
    #[test]
    fn a_cut_frame_is_refused(frame in frame(), at in any::<prop::sample::Index>()) {
        let text = serde_json::to_string(&frame).expect("frames are JSON");
        let mut end = at.index(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let error = parse_client(&text[..end]).expect_err("it has no end");
        prop_assert_eq!(error.refusal.code(), "bad_json");
    }

    /// A client that thinks it said something is not silently misunderstood: least of all about who it is.
    #[test]
    fn an_unknown_field_is_refused_with_the_client_id(
        frame in frame(),
        name in prop::sample::select(vec!["sender", "from", "Text", "seq2", ""]),
        value in json(),
    ) {
        let mut object = serde_json::to_value(&frame).expect("frames are JSON");
        object[name] = value;
        let error = parse_client(&object.to_string()).expect_err("the field is unknown");
        prop_assert_eq!(error.refusal.code(), "bad_field");
        prop_assert_eq!(error.client_id, frame.client_id());
    }

    /// Without any one of its required fields a frame is refused.
    #[test]
    fn a_missing_field_is_refused(frame in frame(), which in any::<prop::sample::Index>()) {
        let Value::Object(mut object) = serde_json::to_value(&frame).expect("frames are JSON") else {
            return Err(TestCaseError::fail("a frame is an object"));
        };
        let optional = ["resume", "lease", "retry", "kind"];
        let required: Vec<String> = object.keys().filter(|key| !optional.contains(&&***key)).cloned().collect();
        let gone = &required[which.index(required.len())];
        object.remove(gone);
        let error = parse_client(&Value::Object(object).to_string()).expect_err("a field is missing");
        let expected = if gone == "op" { "unknown_op" } else { "bad_field" };
        prop_assert_eq!(error.refusal.code(), expected);
    }

    #[test]
    fn what_the_server_says_is_what_the_client_reads(
        message in message(),
        ids in (id(), id(), id()),
        numbers in (any::<u64>(), any::<i64>()),
        reason in text(20),
    ) {
        let stored = Stored { conversation: ids.0, message: ids.1, seq: numbers.0, time: numbers.1 };
        let frames = [
            ServerFrame::Message(message),
            ServerFrame::Ack(Ack { client_id: ids.2, stored: Some(stored), service: None }),
            ServerFrame::Ack(Ack { client_id: ids.2, stored: None, service: None }),
            ServerFrame::Nack(Nack {
                client_id: None,
                code: "busy".into(),
                reason: reason.clone(),
                detail: Some(reason),
                retry: true,
                retry_after: Some(numbers.0),
            }),
        ];
        for frame in frames {
            let text = frame.encode();
            prop_assert!(text.starts_with(r#"{"op":""#), "{}", text);
            prop_assert!(!text.contains('\n'));
            prop_assert_eq!(serde_json::from_str::<ServerFrame>(&text).expect("it is a frame"), frame);
        }
    }
}
