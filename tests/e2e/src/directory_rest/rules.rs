//! What the operator's rules make of the directory's changes, and signatures.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use webim_support::{Setup, TestServer};
use webim_wire::client::Target;

use super::{PEOPLE, UNITS, heard, put, unit};

#[tokio::test]
async fn who_joins_reads_everything_where_the_operator_says_so() -> Result<()> {
    let setup = Setup::sqlite()?.with("chat.joiners_see", "everything");
    let server = setup.start().await?;
    let admin = server.sign_in("zhaomin").await?;
    let (lina, john) = (server.sign_in("lina").await?, server.sign_in("john").await?);
    let mut at_lina = lina.connect().await?;
    let said = at_lina
        .tell(lina.unit("研发部").await?, "before john")
        .await?;
    put(
        &admin,
        &format!("{PEOPLE}/john"),
        json!({"name": "John", "units": ["rd", "sales"]}),
    )
    .await?;
    let seen = john.history(said.conversation).await?;
    assert_eq!(seen.len(), 1);
    let path = format!("/api/v1/conversations/{}", said.conversation);
    let entry: Value = john.read(&path).await?;
    assert_eq!(entry["unread"], 0, "what was said before is not news");
    Ok(())
}

#[tokio::test]
async fn a_unit_holds_those_below_where_the_operator_says_so() -> Result<()> {
    let mut server = TestServer::start().await?;
    let john = server.sign_in("john").await?;
    assert_eq!(unit(&john, "华远科技").await?.conversation, None);
    server.settings.set("chat.units_hold", "subtree");
    server.restart().await?;
    let (lina, admin) = (
        server.sign_in("lina").await?,
        server.sign_in("zhaomin").await?,
    );
    let top = unit(&john, "华远科技").await?;
    assert!(top.conversation.is_some());
    let (mut at_john, mut at_lina) = (john.connect().await?, lina.connect().await?);
    let said = at_john.tell(Target::Unit(top.id), "全公司").await?;
    assert_eq!(at_lina.message().await?.message, said.message);
    let panel: Value = lina.read("/layim/init").await?;
    assert_eq!(
        panel["data"]["group"].as_array().context("groups")?.len(),
        2
    );
    let members: Value = lina.read(&format!("/layim/members?id={}", top.id)).await?;
    assert_eq!(members["data"]["members"], 6, "all but the expert outside");
    // Who comes into a unit below comes into it, and who leaves the last one leaves it.
    put(
        &admin,
        &format!("{PEOPLE}/expert"),
        json!({"name": "External", "units": ["rd"]}),
    )
    .await?;
    let expert = server.sign_in("expert").await?;
    assert!(unit(&expert, "华远科技").await?.conversation.is_some());
    put(
        &admin,
        &format!("{PEOPLE}/expert"),
        json!({"name": "External", "units": []}),
    )
    .await?;
    assert_eq!(unit(&expert, "华远科技").await?.conversation, None);
    let path = format!("/api/v1/conversations/{}", said.conversation);
    assert_eq!(expert.get(&path).await?.code()?, "conversation_unknown");
    put(
        &admin,
        &format!("{UNITS}/sales"),
        json!({"name": "Sales", "parent": null}),
    )
    .await?;
    assert_eq!(john.get(&path).await?.code()?, "conversation_unknown");
    server.settings.set("chat.units_hold", "direct");
    server.restart().await?;
    assert_eq!(lina.get(&path).await?.code()?, "conversation_unknown");
    assert!(
        admin.get(&path).await?.status == 200,
        "she is directly in it"
    );
    Ok(())
}

#[tokio::test]
async fn a_signature_is_seen_without_a_reload() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, john) = (server.sign_in("lina").await?, server.sign_in("john").await?);
    let mut at_john = john.connect().await?;
    let before = at_john.welcome()?.directory;
    let path = "/api/v1/me/sign";
    lina.put(path, &json!({"sign": "  在路上  "}))
        .await?
        .done()?;
    heard(&mut at_john, before + 1).await?;
    let shown: Value = john.read(&format!("/api/v1/people/{}", lina.id)).await?;
    assert_eq!(shown["sign"], "在路上");
    let long = lina.put(path, &json!({"sign": "长".repeat(101)})).await?;
    assert_eq!(long.code()?, "text_too_long");
    lina.put(path, &json!({"sign": ""})).await?.done()?;
    Ok(())
}
