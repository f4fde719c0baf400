//! Erasure by an operator, beside the running server.

use anyhow::Result;
use serde_json::{Value, json};
use webim_support::{TestPerson, TestServer};
use webim_wire::payload::Payload;

use crate::chat::text;
use crate::files::{PNG, upload};

#[tokio::test]
async fn what_a_person_said_goes_and_the_rest_stays() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let (mut at_lina, mut at_zhang) = (lina.connect().await?, zhang.connect().await?);
    let picture = upload(&lina, "a.png", PNG).await?;
    let said = at_lina
        .tell(zhang.as_target(), &format!("geheim img[{}]", picture.url))
        .await?;
    at_zhang.tell(lina.as_target(), "gut").await?;
    assert_eq!(zhang.get(&picture.url).await?.status, 200);

    let erase = async |more: &[&str]| {
        let mut args = vec!["erase", "--person", "lina", "--json"];
        args.extend(more);
        server.webim(&args).await
    };
    let dry: Value = serde_json::from_str(&erase(&["--dry-run"]).await?.ok()?)?;
    assert_eq!(
        (&dry["erased"], &dry["messages"], &dry["files"]),
        (&false.into(), &1.into(), &1.into())
    );
    assert!(text(&zhang.history(said.conversation).await?[0]).contains("geheim"));
    let done: Value = serde_json::from_str(&erase(&[]).await?.ok()?)?;
    assert_eq!(
        (&done["erased"], &done["messages"], &done["conversations"]),
        (&true.into(), &1.into(), &1.into())
    );
    let page = zhang.history(said.conversation).await?;
    assert!(matches!(page[0].payload, Payload::Erased(_)));
    assert_eq!(text(&page[1]), "gut");
    assert_eq!(zhang.get(&picture.url).await?.code()?, "file_unknown");
    let verified: Value = serde_json::from_str(&server.webim(&["verify", "--json"]).await?.ok()?)?;
    assert_eq!(
        (&verified["erased"], &verified["faults"]),
        (&1.into(), &Value::Array(Vec::new()))
    );
    // It goes on.
    assert_eq!(at_lina.tell(zhang.as_target(), "neu").await?.seq, 3);
    Ok(())
}

async fn put_out(by: &TestPerson, person: &TestPerson) -> Result<()> {
    let path = format!("/api/v1/people/{}/active", person.id);
    by.put(&path, &json!({"active": false})).await?.done()
}

/// What somebody's list of conversations shows.
async fn listed(person: &TestPerson) -> Result<String> {
    let list: Value = person.read("/api/v1/conversations").await?;
    Ok(list.to_string())
}

#[tokio::test]
async fn an_account_goes_with_the_words() -> Result<()> {
    let server = TestServer::start().await?;
    let (admin, lina) = (
        server.sign_in("zhaomin").await?,
        server.sign_in("lina").await?,
    );
    let zhang = server.sign_in("zhangwei").await?;
    let said = lina
        .connect()
        .await?
        .tell(zhang.as_target(), "geheim")
        .await?;
    let erase = async |more: &[&str]| {
        let mut args = vec!["erase", "--person", "lina", "--account", "--json"];
        args.extend(more);
        server.webim(&args).await
    };
    let active = erase(&[]).await?;
    assert_eq!(active.code, 1, "{active:?}");
    assert_eq!(text(&zhang.history(said.conversation).await?[0]), "geheim");
    put_out(&admin, &lina).await?;
    let dry: Value = serde_json::from_str(&erase(&["--dry-run"]).await?.ok()?)?;
    assert_eq!(
        (
            &dry["erased"],
            &dry["messages"],
            &dry["account"]["sessions"]
        ),
        (&false.into(), &1.into(), &0.into())
    );
    assert_eq!(text(&zhang.history(said.conversation).await?[0]), "geheim");
    let done: Value = serde_json::from_str(&erase(&[]).await?.ok()?)?;
    assert!(done["account"].is_object());
    let page = zhang.history(said.conversation).await?;
    assert!(matches!(page[0].payload, Payload::Erased(_)));
    assert!(listed(&zhang).await?.contains("已注销 / deleted person"));
    assert_eq!(erase(&[]).await?.code, 1, "nobody signs in so");
    let verified: Value = serde_json::from_str(&server.webim(&["verify", "--json"]).await?.ok()?)?;
    assert_eq!(verified["faults"], Value::Array(Vec::new()));
    Ok(())
}

#[tokio::test]
async fn an_admin_erases_an_account_and_the_words_stay() -> Result<()> {
    let server = TestServer::start().await?;
    let (admin, lina) = (
        server.sign_in("zhaomin").await?,
        server.sign_in("lina").await?,
    );
    let zhang = server.sign_in("zhangwei").await?;
    let said = lina
        .connect()
        .await?
        .tell(zhang.as_target(), "bleibt")
        .await?;
    let path = format!("/api/v1/people/{}", lina.id);
    let active = admin.delete(&path).await?.problem()?;
    assert_eq!((active.status, &*active.code), (409, "person_active"));
    put_out(&admin, &lina).await?;
    admin.delete(&path).await?.done()?;
    assert_eq!(admin.delete(&path).await?.code()?, "person_unknown");
    let back = admin
        .put(&format!("{path}/active"), &json!({"active": true}))
        .await?;
    assert_eq!(back.code()?, "person_unknown", "there is no way back");
    assert!(listed(&zhang).await?.contains("已注销 / deleted person"));
    assert_eq!(text(&zhang.history(said.conversation).await?[0]), "bleibt");

    // Another person of the same login is somebody else.
    let (login, password) = ("/api/v1/directory/people/lina", "a new horse");
    let new = json!({"name": "李娜", "units": [], "password": password});
    assert_eq!(admin.put(login, &new).await?.status, 200);
    let signed: Value = server
        .stranger()?
        .post(
            "/api/v1/session",
            &json!({"login": "lina", "password": password}),
        )
        .await?
        .ok()?;
    assert_ne!(signed["person"]["id"], json!(lina.id));
    // Their words can go later, by the id.
    let id = lina.id.to_string();
    server.webim(&["erase", "--person", &id]).await?.ok()?;
    let page = zhang.history(said.conversation).await?;
    assert!(matches!(page[0].payload, Payload::Erased(_)));
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_erased_is_said() -> Result<()> {
    let server = TestServer::start().await?;
    for (args, code) in [
        (&["erase"] as &[&str], 2),
        (&["erase", "--person", "lina", "--older-than", "3"], 2),
        (&["erase", "--older-than", "3", "--account"], 2),
        (
            &["erase", "--person", "lina", "--account", "--kind", "unit"],
            2,
        ),
        (&["erase", "--older-than", "0"], 2),
        (&["erase", "--older-than", "3", "--kind", "group"], 2),
        (&["erase", "--person", "nobody-here"], 1),
    ] {
        let ended = server.webim(args).await?;
        assert_eq!(ended.code, code, "{args:?}: {ended:?}");
    }
    let nothing: Value = serde_json::from_str(
        &server
            .webim(&["erase", "--older-than", "1", "--json"])
            .await?
            .ok()?,
    )?;
    assert_eq!(nothing["messages"], 0);
    Ok(())
}
