//! The frames and problems as they stand on the wire: other people's clients read exactly this.

use anyhow::{Context, Result};
use futures_util::{SinkExt, StreamExt};
use insta::assert_json_snapshot;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message as Raw;
use webim_support::{TestServer, id, soon};

/// A socket that shows what stands on the wire.
struct Plain(tokio_tungstenite::WebSocketStream<tokio::net::TcpStream>);

impl Plain {
    async fn say(&mut self, frame: Value) -> Result<()> {
        Ok(self.0.send(Raw::text(frame.to_string())).await?)
    }

    /// The next frame with this op.
    async fn hear(&mut self, op: &str) -> Result<Value> {
        loop {
            let heard = soon(op, self.0.next()).await?.context("the end")??;
            let frame: Value = serde_json::from_str(heard.to_text()?)?;
            if frame["op"] == op {
                return Ok(frame);
            }
        }
    }
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one list, to be read from top to bottom"
)]
async fn what_stands_on_the_wire() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let mut at_zhang = Plain(zhang.door().open().await?);
    at_zhang
        .say(json!({"op": "hello", "device": "test"}))
        .await?;
    assert_json_snapshot!(at_zhang.hear("welcome").await?, {".me.id" => "[id]", ".me.avatar" => "[avatar]", ".epoch" => "[id]"}, @r#"
    {
      "directory": 1,
      "edit_seconds": 900,
      "epoch": "[id]",
      "heartbeat": 45,
      "me": {
        "avatar": "[avatar]",
        "id": "[id]",
        "kind": "member",
        "name": "张伟",
        "sign": ""
      },
      "missed": [],
      "op": "welcome",
      "recall_seconds": 120,
      "recovered": [],
      "status": "online",
      "text_chars": 5000
    }
    "#);
    let mut at_lina = Plain(lina.door().open().await?);
    at_lina
        .say(json!({"op": "hello", "device": "test"}))
        .await?;
    let send = json!({"op": "send", "client_id": id(), "to": {"person": zhang.id}, "body": {"text": "你好 face[微笑]"}});
    at_lina.say(send).await?;
    let ids = |value: insta::internals::Content, _: insta::internals::ContentPath<'_>| {
        assert!(
            value.as_str().is_some_and(|text| text.len() == 36),
            "{value:?}"
        );
        "[id]"
    };
    let ack = at_lina.hear("ack").await?;
    assert_json_snapshot!(ack, {
        ".client_id" => insta::dynamic_redaction(ids), ".conversation" => insta::dynamic_redaction(ids),
        ".message" => insta::dynamic_redaction(ids), ".time" => "[time]",
    }, @r#"
    {
      "client_id": "[id]",
      "conversation": "[id]",
      "message": "[id]",
      "op": "ack",
      "seq": 1,
      "time": "[time]"
    }
    "#);
    let message = at_zhang.hear("message").await?;
    assert_json_snapshot!(message, {
        ".client_id" => insta::dynamic_redaction(ids), ".conversation" => insta::dynamic_redaction(ids),
        ".message" => insta::dynamic_redaction(ids), ".sender" => insta::dynamic_redaction(ids), ".time" => "[time]",
    }, @r#"
    {
      "body": {
        "text": "你好 face[微笑]"
      },
      "client_id": "[id]",
      "conversation": "[id]",
      "kind": "text",
      "message": "[id]",
      "op": "message",
      "sender": "[id]",
      "seq": 1,
      "time": "[time]"
    }
    "#);
    let conversation = ack["conversation"].clone();
    at_zhang
        .say(json!({"op": "read", "client_id": id(), "conversation": conversation, "seq": 1}))
        .await?;
    assert_json_snapshot!(at_lina.hear("read").await?, {".conversation" => "[id]", ".person" => "[id]"}, @r#"
    {
      "conversation": "[id]",
      "op": "read",
      "person": "[id]",
      "seq": 1
    }
    "#);
    assert_json_snapshot!(at_zhang.hear("unread").await?, {".conversation" => "[id]"}, @r#"
    {
      "conversation": "[id]",
      "op": "unread",
      "read_seq": 1,
      "unread": 0
    }
    "#);
    at_lina
        .say(json!({"op": "send", "client_id": id(), "to": {"unit": id()}, "body": {"text": "x"}}))
        .await?;
    assert_json_snapshot!(at_lina.hear("nack").await?, {".client_id" => insta::dynamic_redaction(ids)}, @r#"
    {
      "client_id": "[id]",
      "code": "unit_unknown",
      "op": "nack",
      "reason": "There is no such department for you.",
      "retry": false
    }
    "#);
    at_lina.say(json!({"op": "fly"})).await?;
    assert_json_snapshot!(at_lina.hear("nack").await?, @r#"
    {
      "client_id": null,
      "code": "unknown_op",
      "detail": "op is none of hello, send, read, typing, status, watch, pong, edit, recall, react, forward, service.open, service.close, service.leave_queue, service.keep_place, service.person, service.take, service.answer, service.transfer, service.cancel, service.state, service.note, service.whisper, service.join, service.watch, service.draft",
      "op": "nack",
      "reason": "There is no such operation.",
      "retry": false
    }
    "#);
    let resume = json!({"epoch": id(), "positions": {conversation.as_str().context("an id")?: [1, message["message"]]}});
    let mut again = Plain(zhang.door().open().await?);
    again
        .say(json!({"op": "hello", "device": "test", "resume": resume}))
        .await?;
    let welcome = again.hear("welcome").await?;
    assert_json_snapshot!(welcome["recovered"], {"[].conversation" => "[id]"}, @r#"
    [
      {
        "conversation": "[id]",
        "last_seq": 1,
        "more": false,
        "read_seq": 1,
        "recovered": false,
        "unread": 0
      }
    ]
    "#);
    lina.delete("/api/v1/session").await?.done()?;
    assert_json_snapshot!(at_lina.hear("bye").await?, @r#"
    {
      "code": 4003,
      "op": "bye",
      "reason": "The session has ended; sign in again.",
      "reconnect": false,
      "word": "session_ended"
    }
    "#);
    Ok(())
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one list, to be read from top to bottom"
)]
async fn what_stands_in_answers() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    lina.connect().await?.tell(zhang.as_target(), "hi").await?;
    let session: Value = lina.read("/api/v1/session").await?;
    assert_json_snapshot!(session, {".person.id" => "[id]", ".person.avatar" => "[avatar]", ".expires_at" => "[time]"}, @r#"
    {
      "expires_at": "[time]",
      "person": {
        "avatar": "[avatar]",
        "id": "[id]",
        "kind": "member",
        "name": "李娜",
        "sign": ""
      },
      "roles": [],
      "status": "online"
    }
    "#);
    let list: Value = zhang.read("/api/v1/conversations?limit=1").await?;
    assert_json_snapshot!(list, {
        ".items[].id" => "[id]", ".items[].person.id" => "[id]", ".items[].person.avatar" => "[avatar]",
        ".items[].last.conversation" => "[id]", ".items[].last.message" => "[id]", ".items[].last.sender" => "[id]",
        ".items[].last.client_id" => "[id]", ".items[].last.time" => "[time]", ".next" => "[cursor]",
        // Her own message is marked as read within a second.
        ".items[].peer_read_seq" => "[0 or 1]",
    }, @r#"
    {
      "items": [
        {
          "id": "[id]",
          "kind": "direct",
          "last": {
            "body": {
              "text": "hi"
            },
            "client_id": "[id]",
            "conversation": "[id]",
            "kind": "text",
            "message": "[id]",
            "sender": "[id]",
            "seq": 1,
            "time": "[time]"
          },
          "last_seq": 1,
          "peer_read_seq": "[0 or 1]",
          "person": {
            "avatar": "[avatar]",
            "id": "[id]",
            "kind": "member",
            "name": "李娜",
            "sign": ""
          },
          "read_seq": 0,
          "title": "李娜",
          "unit": null,
          "unread": 1
        }
      ],
      "next": "[cursor]"
    }
    "#);
    let given = |value: insta::internals::Content, _: insta::internals::ContentPath<'_>| {
        if value.is_nil() { "[none]" } else { "[id]" }
    };
    let units: Value = lina.read("/api/v1/units").await?;
    assert_json_snapshot!(units["items"], {
        "[].id" => "[id]",
        "[].parent" => insta::dynamic_redaction(given),
        "[].conversation" => insta::dynamic_redaction(given),
    }, @r#"
    [
      {
        "conversation": "[none]",
        "id": "[id]",
        "name": "华远科技",
        "parent": "[none]",
        "people": 1
      },
      {
        "conversation": "[id]",
        "id": "[id]",
        "name": "研发部",
        "parent": "[id]",
        "people": 3
      },
      {
        "conversation": "[none]",
        "id": "[id]",
        "name": "Sales",
        "parent": "[id]",
        "people": 2
      }
    ]
    "#);
    let problem: Value = serde_json::from_str(&lina.get("/api/v1/people?limit=0").await?.text)?;
    assert_json_snapshot!(problem, @r#"
    {
      "code": "bad_field",
      "detail": "limit must be at least 1",
      "status": 400,
      "title": "A field is missing, unknown or of the wrong type.",
      "type": "/problems/bad_field"
    }
    "#);
    let problem: Value =
        serde_json::from_str(&server.stranger()?.get("/api/v1/units").await?.text)?;
    assert_json_snapshot!(problem, @r#"
    {
      "code": "not_authenticated",
      "status": 401,
      "title": "Please sign in.",
      "type": "/problems/not_authenticated"
    }
    "#);
    let refused: Value = server.stranger()?.read("/layim/init").await?;
    assert_json_snapshot!(refused, @r#"
    {
      "code": 401,
      "data": null,
      "msg": "Please sign in."
    }
    "#);
    Ok(())
}
