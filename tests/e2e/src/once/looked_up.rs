//! Once, for what has to be looked up before it is stored: what was stored is not refused because that is gone since.

use anyhow::Result;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;
use webim_support::{TestPerson, TestServer, TestSocket, id};
use webim_wire::client::{ClientFrame, Forward, Recall, Send, SendBody, SendKind, Target};
use webim_wire::server::Stored;

use super::code;
use crate::files::{PNG, upload};

fn forward(client_id: Uuid, from: &Stored, to: Target) -> ClientFrame {
    ClientFrame::Forward(Forward {
        client_id,
        to,
        conversation: from.conversation,
        seq: from.seq,
    })
}

fn sent(client_id: Uuid, to: Target, kind: SendKind, body: SendBody) -> ClientFrame {
    ClientFrame::Send(Send {
        kind,
        body,
        ..Send::text(client_id, to, "")
    })
}

async fn done(socket: &mut TestSocket, client_id: Uuid, frame: &ClientFrame) -> Result<Stored> {
    socket.say(frame).await?;
    socket.stored(client_id).await
}

async fn refused(socket: &mut TestSocket, client_id: Uuid, frame: &ClientFrame) -> Result<String> {
    socket.say(frame).await?;
    code(socket, client_id).await
}

async fn ask(
    person: &TestPerson,
    path: &str,
    key: Uuid,
    body: &Value,
) -> Result<webim_support::Answer> {
    let request = person.request(Method::POST, path);
    let request = request.header("idempotency-key", key.to_string());
    person.ask(request.json(body)).await
}

#[tokio::test]
async fn a_forward_is_found_though_its_source_was_recalled() -> Result<()> {
    let mut server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let to = Target::Unit(match lina.unit("研发部").await? {
        Target::Unit(unit) => unit,
        other => anyhow::bail!("{other:?}"),
    });
    let mut at_lina = lina.connect().await?;
    let source = at_lina.tell(zhang.as_target(), "gone soon").await?;
    let other = at_lina.tell(zhang.as_target(), "stays").await?;
    let (client_id, key) = (id(), id());
    let first = done(&mut at_lina, client_id, &forward(client_id, &source, to)).await?;
    let path = |at: &Stored| {
        let Stored {
            conversation, seq, ..
        } = at;
        format!("/api/v1/conversations/{conversation}/messages/{seq}/forward")
    };
    let body = json!({"to": to});
    let over_http: Stored = ask(&lina, &path(&source), key, &body).await?.ok()?;
    let recall = ClientFrame::Recall(Recall {
        client_id: id(),
        conversation: source.conversation,
        seq: source.seq,
    });
    at_lina.say(&recall).await?;
    at_lina
        .stored(recall.client_id().unwrap_or_default())
        .await?;
    for restarted in [false, true] {
        if restarted {
            server.restart().await?;
            at_lina = lina.connect().await?;
        }
        let again = done(&mut at_lina, client_id, &forward(client_id, &source, to)).await?;
        assert_eq!(again, first, "restarted: {restarted}");
        let again: Stored = ask(&lina, &path(&source), key, &body).await?.ok()?;
        assert_eq!(again, over_http, "restarted: {restarted}");
        let reused = refused(&mut at_lina, client_id, &forward(client_id, &other, to)).await?;
        assert_eq!(reused, "client_id_reused");
        let reused = ask(&lina, &path(&other), key, &body).await?.code()?;
        assert_eq!(reused, "client_id_reused");
        let new = id();
        let late = refused(&mut at_lina, new, &forward(new, &source, to)).await?;
        assert_eq!(
            late, "already_recalled",
            "what was never stored is still refused"
        );
    }
    assert_eq!(zhang.history(first.conversation).await?.len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_file_is_found_though_it_is_gone() -> Result<()> {
    let mut server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let (mut at_lina, to) = (lina.connect().await?, zhang.as_target());
    let (one, two) = (
        upload(&lina, "a.png", PNG).await?.id,
        upload(&lina, "b.png", PNG).await?.id,
    );
    let shows = |file| SendBody {
        file: Some(file),
        ..SendBody::default()
    };
    let card = |picture| SendBody {
        title: Some("会议".into()),
        picture: Some(picture),
        ..SendBody::default()
    };
    let (pictured, carded, key) = (id(), id(), id());
    let frames = |file| {
        [
            (pictured, sent(pictured, to, SendKind::Picture, shows(file))),
            (carded, sent(carded, to, SendKind::Card, card(file))),
        ]
    };
    let mut first = Vec::new();
    for (client_id, frame) in frames(one) {
        first.push(done(&mut at_lina, client_id, &frame).await?);
    }
    let post = |file: Uuid| json!({"to": to, "kind": "file", "body": {"file": file}});
    let over_http: Stored = ask(&lina, "/api/v1/messages", key, &post(one))
        .await?
        .ok()?;
    server.stop().await?;
    for table in ["file_uses", "files"] {
        server.database.say(&format!("DELETE FROM {table}")).await?;
    }
    server.run().await?;
    at_lina = lina.connect().await?;
    // From the index first, then from memory.
    for _ in 0..2 {
        for (at, (client_id, frame)) in frames(one).into_iter().enumerate() {
            assert_eq!(done(&mut at_lina, client_id, &frame).await?, first[at]);
        }
        let again: Stored = ask(&lina, "/api/v1/messages", key, &post(one))
            .await?
            .ok()?;
        assert_eq!(again, over_http);
    }
    for (client_id, frame) in frames(two) {
        let reused = refused(&mut at_lina, client_id, &frame).await?;
        assert_eq!(reused, "client_id_reused");
    }
    let reused = ask(&lina, "/api/v1/messages", key, &post(two)).await?;
    assert_eq!(reused.code()?, "client_id_reused");
    let new = id();
    let frame = sent(new, to, SendKind::Picture, shows(one));
    assert_eq!(refused(&mut at_lina, new, &frame).await?, "file_unknown");
    assert_eq!(zhang.history(first[0].conversation).await?.len(), 3);
    Ok(())
}
