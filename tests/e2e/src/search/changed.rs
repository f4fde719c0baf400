//! What was edited is found by its new words, and what was recalled or erased by none, by whoever asks.

use anyhow::Result;
use reqwest::Method;
use serde_json::json;
use webim_support::{TestPerson, TestServer, id, until};
use webim_wire::server::Stored;

use super::{found, search};

async fn count(person: &TestPerson, text: &str) -> Result<usize> {
    let results = search(person, text, &[("in", "messages")]).await?;
    Ok(results.messages.len())
}

async fn change(person: &TestPerson, method: Method, at: &Stored) -> Result<()> {
    let path = format!(
        "/api/v1/conversations/{}/messages/{}",
        at.conversation, at.seq
    );
    let edits = method == Method::PUT;
    let mut request = person.request(method, &path);
    request = request.header("idempotency-key", id().to_string());
    if edits {
        request = request.json(&json!({"text": "the excursion 郊游"}));
    }
    person.ask(request).await?.ok::<Stored>().map(drop)
}

#[tokio::test]
async fn what_is_said_now_is_found_and_what_was_said_is_not() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let (mut at_lina, mut at_zhang) = (lina.connect().await?, zhang.connect().await?);
    let edited = at_lina.tell(zhang.as_target(), "budget 预算 one").await?;
    let recalled = at_lina.tell(zhang.as_target(), "budget 预算 two").await?;
    at_zhang.tell(lina.as_target(), "budget 预算 three").await?;
    for reader in [&lina, &zhang] {
        found(reader, "budget", 3).await?;
        found(reader, "预算", 3).await?;
    }
    change(&lina, Method::PUT, &edited).await?;
    change(&lina, Method::DELETE, &recalled).await?;
    // At once, before the index knows of it.
    for reader in [&lina, &zhang] {
        assert_eq!(
            (count(reader, "one").await?, count(reader, "two").await?),
            (0, 0)
        );
        assert_eq!(count(reader, "预算").await?, 1);
    }
    // And by the new words, once it does.
    for reader in [&lina, &zhang] {
        for words in ["excursion", "郊游"] {
            let hits = found(reader, words, 1).await?.messages;
            assert_eq!((hits.len(), hits[0].item.seq), (1, edited.seq), "{words}");
        }
        assert_eq!(
            (count(reader, "one").await?, count(reader, "two").await?),
            (0, 0)
        );
    }
    server.webim(&["erase", "--person", "lina"]).await?.ok()?;
    until("what was erased to be gone", async || {
        Ok((count(&zhang, "excursion").await? == 0).then_some(()))
    })
    .await?;
    for reader in [&lina, &zhang] {
        assert_eq!(count(reader, "郊游").await?, 0);
        assert_eq!(count(reader, "budget").await?, 1, "what the other said");
    }
    Ok(())
}
