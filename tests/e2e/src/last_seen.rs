//! When people were last here: shown by those who allow it, and never of those who hide.

use anyhow::Result;
use serde_json::{Value, json};
use webim_support::{TestPerson, TestServer, until};
use webim_wire::accounts::{PersonDetail, PersonSettings};

async fn seen(by: &TestPerson, person: &TestPerson) -> Result<Option<i64>> {
    let path = format!("/api/v1/people/{}", person.id);
    Ok(by.read::<PersonDetail>(&path).await?.last_seen)
}

async fn show(person: &TestPerson, show_last_seen: bool) -> Result<()> {
    let settings = PersonSettings { show_last_seen };
    person.put("/api/v1/me/settings", &settings).await?.done()?;
    assert_eq!(
        person.read::<PersonSettings>("/api/v1/me/settings").await?,
        settings
    );
    Ok(())
}

async fn status(person: &TestPerson, status: &str) -> Result<()> {
    let body = json!({"status": status});
    person.put("/api/v1/me/status", &body).await?.done()
}

#[tokio::test]
async fn who_allows_it_is_seen_to_have_been_here() -> Result<()> {
    let mut server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let settings: PersonSettings = zhang.read("/api/v1/me/settings").await?;
    assert!(
        !settings.show_last_seen,
        "nobody is seen who has not said so"
    );
    drop(zhang.connect().await?);
    assert_eq!(seen(&lina, &zhang).await?, None);

    show(&zhang, true).await?;
    let from = seen(&lina, &zhang).await?;
    assert!(from.is_some());
    let socket = zhang.connect().await?;
    assert_eq!(seen(&lina, &zhang).await?, None, "they are here");
    drop(socket);
    let left = until("it to be written down", async || {
        Ok(seen(&lina, &zhang).await?.filter(|seen| Some(*seen) > from))
    })
    .await?;
    let person: Value = lina.read(&format!("/api/v1/people/{}", zhang.id)).await?;
    assert_eq!(
        (&person["name"], &person["last_seen"]),
        (&json!("张伟"), &json!(left))
    );

    status(&zhang, "hide").await?;
    assert_eq!(seen(&lina, &zhang).await?, None);
    // A stop in good order writes down who was here then, but not who was hiding.
    let _hidden = zhang.connect().await?;
    let (mut watcher, _) = (lina.connect().await?, show(&lina, true).await?);
    let before = seen(&zhang, &lina).await?;
    assert_eq!(before, None, "she is here");
    server.stop().await?;
    watcher.ended().await?;
    server.run().await?;
    assert!(seen(&zhang, &lina).await?.is_some());
    status(&zhang, "online").await?;
    assert_eq!(seen(&lina, &zhang).await?, Some(left));

    show(&zhang, false).await?;
    assert_eq!(seen(&lina, &zhang).await?, None);
    Ok(())
}
