//! What must not be done in customer service: each with a clear answer, and one holder all the same.

use anyhow::Result;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{at_desk, channel, opened, shop};

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a line for each wrong move")]
async fn wrong_moves_are_refused_by_name() -> Result<()> {
    let server = shop(json!({})).await?;
    let (amy, mut at_amy) = at_desk(&server, "amy").await?;
    let (_, mut at_bo) = at_desk(&server, "bo").await?;
    let (_, mut at_customer, id) = opened(&server, "shop", "小明").await?;
    let held = at_customer.holder(id, "agent").await?;
    let amy_holds = held.agent.as_ref().is_some_and(|face| face.id == amy.id);
    let (holder, other) = if amy_holds {
        (&mut at_amy, &mut at_bo)
    } else {
        (&mut at_bo, &mut at_amy)
    };
    let me = held.agent.as_ref().map(|face| face.id);

    let lease = held.lease;
    let transfer = |to: Value, lease: u64| json!({"conversation": id, "lease": lease, "to": to});
    let here = json!({"conversation": id});
    let text = json!({"conversation": id, "text": "x"});
    for (op, fields, code) in [
        (
            "transfer",
            transfer(json!({"agent": me}), lease),
            "transfer_self",
        ),
        (
            "transfer",
            transfer(json!({"agent": Uuid::nil()}), lease),
            "agent_unknown",
        ),
        (
            "transfer",
            transfer(json!({"queue": true}), lease + 9),
            "lease_stale",
        ),
        (
            "answer",
            json!({"offer": Uuid::nil(), "accept": true}),
            "offer_unknown",
        ),
    ] {
        assert_eq!(holder.refused(op, fields).await?, code, "{op}");
    }
    for (op, fields, code) in [
        (
            "transfer",
            transfer(json!({"queue": true}), lease),
            "not_holder",
        ),
        ("take", here.clone(), "lease_stale"),
        ("whisper", text.clone(), "forbidden"),
    ] {
        assert_eq!(other.refused(op, fields).await?, code, "{op}");
    }
    for (op, fields, code) in [
        ("take", here.clone(), "forbidden"),
        ("note", text, "forbidden"),
        ("watch", json!({"conversations": [id]}), "forbidden"),
        ("leave_queue", here, "not_waiting"),
    ] {
        assert_eq!(at_customer.refused(op, fields).await?, code, "{op}");
    }
    // Who must not answer, and who must answer under a lease.
    let stranger = other.answers(id, Some(lease), "我来").await?;
    assert_eq!(stranger, Err("conversation_unknown".into()));
    let unleased = holder.answers(id, None, "没有租约").await?;
    assert_eq!(unleased, Err("lease_required".into()));
    // After all that, the same agent holds it under the same lease.
    let answer = holder.answers(id, Some(lease), "您好").await?;
    answer.map(drop).map_err(anyhow::Error::msg)
}

#[tokio::test]
async fn strangers_see_nothing_of_a_customer() -> Result<()> {
    let server = shop(json!({})).await?;
    let (_, _at_amy) = at_desk(&server, "amy").await?;
    let (_, _socket, id) = opened(&server, "shop", "小明").await?;
    let (other, mut at_other, _) = opened(&server, "shop", "另一位").await?;
    let lina = server.sign_in("lina").await?;
    for path in [
        format!("/api/v1/conversations/{id}/messages"),
        format!("/api/v1/service/conversations/{id}"),
        format!("/api/v1/service/conversations/{id}/side"),
        "/api/v1/service/board".to_owned(),
        "/api/v1/service/queue".to_owned(),
        "/api/v1/agents".to_owned(),
    ] {
        for answer in [other.get(&path).await?, lina.get(&path).await?] {
            let code = answer.code()?;
            assert!(
                matches!(&*code, "forbidden" | "conversation_unknown"),
                "{path}: {code}"
            );
        }
    }
    let close = json!({"conversation": id});
    assert_eq!(
        at_other.refused("close", close).await?,
        "conversation_unknown"
    );
    Ok(())
}

#[tokio::test]
async fn who_may_come() -> Result<()> {
    let server = shop(json!({})).await?;
    let stranger = server.stranger()?;
    let come = async |body: Value| {
        stranger
            .post("/api/v1/channels/shop/visitors", &body)
            .await?
            .code()
    };
    assert_eq!(
        come(json!({"identity": "a.b.c"})).await?,
        "identity_invalid"
    );
    let answer = stranger
        .post("/api/v1/channels/nowhere/visitors", &json!({}))
        .await?;
    assert_eq!(answer.code()?, "channel_unknown");
    let elsewhere = stranger
        .request(reqwest::Method::POST, "/api/v1/channels/shop/visitors")
        .header("origin", "https://elsewhere.example.com")
        .json(&json!({}));
    assert_eq!(stranger.ask(elsewhere).await?.code()?, "origin_not_allowed");
    channel(&server, "shop", json!({"name": "Shop", "active": false})).await?;
    let answer = stranger
        .post("/api/v1/channels/shop/visitors", &json!({}))
        .await?;
    assert_eq!(answer.code()?, "channel_closed");
    let inner = json!({"name": "Help", "audience": "members"});
    channel(&server, "help", inner).await?;
    let answer = stranger
        .post("/api/v1/channels/help/visitors", &json!({}))
        .await?;
    assert_eq!(answer.code()?, "channel_closed");
    let (amy, _at_amy) = at_desk(&server, "amy").await?;
    let mut at_lina = server.sign_in("lina").await?.connect().await?;
    let done = at_lina.moves("open", json!({"channel": "help"})).await?;
    let id = done.conversation.unwrap_or_default();
    at_lina.held_by(id, amy.id).await?;
    Ok(())
}
