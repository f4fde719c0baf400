//! When people were last here: shown by those who allow it, and never of those who hide.

use anyhow::Result;
use serde_json::{Value, json};
use webim_model::Status;
use webim_support::{RouterSetup, TestPerson, TestServer, until};
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
    let mut watcher = lina.connect().await?;
    show(&lina, true).await?;
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

/// With the clock in the test's hands, as a process that dies would leave it.
#[tokio::test]
async fn little_is_lost_and_nothing_of_those_who_hide() -> Result<()> {
    let router = RouterSetup::default().start().await?;
    let (zhang, john) = (router.caller("zhangwei")?, router.caller("john")?);
    for caller in [&zhang, &john] {
        let set = router.router.set_show_last_seen(caller, true).await;
        assert_eq!(set, Ok(()));
    }
    let stored = async |caller: &webim_router::Caller| {
        let seen = router.store.last_seen(caller.person).await?;
        anyhow::Ok(seen.map(|seen| seen.0))
    };
    let began = stored(&zhang).await?;
    let (desk, other) = (
        router.connect("zhangwei").await?,
        router.connect("john").await?,
    );
    let hidden = router.router.set_status(&john, Status::Hide).await;
    assert_eq!(hidden, Ok(()));
    router.clock.advance(60_000);
    router.router.note_seen().await;
    let noted = stored(&zhang).await?;
    assert_eq!(noted, began.map(|began| began + 60_000));
    router.clock.advance(1_000);
    drop((desk, other));
    router.router.flush_seen().await;
    assert_eq!(stored(&zhang).await?, noted.map(|noted| noted + 1_000));
    router.clock.advance(1_000);
    router.router.flush_seen().await;
    router.router.note_seen().await;
    assert_eq!(
        stored(&zhang).await?,
        noted.map(|noted| noted + 1_000),
        "written once"
    );
    let shown = router.router.set_status(&john, Status::Online).await;
    assert_eq!(shown, Ok(()));
    assert_eq!(stored(&john).await?, began, "nothing since before they hid");
    router.stop().await
}
