//! Limits that only a program that runs wild meets: how fast one session reads, and how many connections there are.

use anyhow::Result;
use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite;
use webim_support::{Answer, Door, Rest, Setup, TestPerson, id, until};
use webim_wire::rest::Session;

/// Asks until it is told that it asks too fast.
async fn too_fast(person: &TestPerson, path: &str) -> Result<Answer> {
    until("to be too fast", async || {
        // Many at once, so that even a slow machine is faster than one a second.
        let asking = (0..8).map(|_| person.get(path));
        let answers = futures_util::future::try_join_all(asking).await?;
        Ok(answers.into_iter().find(|answer| answer.status != 200))
    })
    .await
}

#[tokio::test]
async fn one_session_that_reads_without_end() -> Result<()> {
    let server = Setup::sqlite()?
        .with("limits.requests_per_second", 1)
        .with("limits.request_burst", 5)
        .start()
        .await?;
    let (wild, calm) = (server.sign_in("lina").await?, server.sign_in("lina").await?);
    let zhang = server.sign_in("zhangwei").await?;
    let refused = too_fast(&wild, "/api/v1/units").await?;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "1"));
    let problem = refused.problem()?;
    assert_eq!(problem.code, "rate_limited");
    assert!(
        problem
            .retry_after
            .is_some_and(|wait| (1..=1_000).contains(&wait))
    );
    // Another session of the same person, and what writes, have limits of their own.
    calm.get("/api/v1/session").await?.ok::<Session>()?;
    for n in 0..10 {
        let body = json!({"to": {"person": zhang.id}, "body": {"text": format!("{n}")}});
        let request = wild.request(Method::POST, "/api/v1/messages");
        let request = request.header("idempotency-key", id().to_string());
        wild.ask(request.json(&body)).await?.ok::<Value>()?;
    }
    // LayIM's addresses read too, and say it in their own way.
    let code = until("to be too fast", async || {
        let asking = (0..8).map(|_| wild.read::<Value>("/layim/init"));
        let answers = futures_util::future::try_join_all(asking).await?;
        Ok(answers
            .into_iter()
            .map(|answer| answer["code"].clone())
            .find(|code| *code != 0))
    });
    assert_eq!(code.await?, 429);
    Ok(())
}

/// The status with which the server greets a new connection.
async fn greeted(stranger: &Rest) -> Option<u16> {
    // Beyond a few hundred it does not even say no.
    stranger
        .get("/healthz")
        .await
        .ok()
        .map(|answer| answer.status)
}

async fn handshake(door: &Door) -> Result<Result<webim_support::Wire, u16>> {
    match door.open().await {
        Ok(wire) => Ok(Ok(wire)),
        Err(error) => match error.downcast::<tungstenite::Error>()? {
            tungstenite::Error::Http(answer) => Ok(Err(answer.status().as_u16())),
            other => Err(other.into()),
        },
    }
}

#[tokio::test]
async fn as_many_connections_as_there_may_be() -> Result<()> {
    let server = Setup::sqlite()?
        .with("limits.connections", 8)
        .start()
        .await?;
    let (lina, stranger) = (server.sign_in("lina").await?, server.stranger()?);
    let mut open = Vec::new();
    let refused = until("a socket for which there is no room", async || {
        match handshake(&lina.door()).await? {
            Ok(wire) => open.push(wire),
            Err(status) => return Ok(Some(status)),
        }
        anyhow::ensure!(open.len() <= 8, "there is room for all");
        Ok(None)
    });
    assert_eq!(refused.await?, 503);
    let full = stranger.get("/api/v1/session").await?;
    assert_eq!(full.header("connection"), "close");
    let problem = full.problem()?;
    assert_eq!((problem.status, &*problem.code), (503, "server_full"));
    // Who is in stays in, and where somebody leaves there is room again.
    drop(open);
    until("room", async || {
        Ok((greeted(&stranger).await == Some(200)).then_some(()))
    })
    .await?;
    lina.get("/api/v1/session").await?.ok::<Session>()?;
    Ok(())
}
