//! Who is deactivated.

use super::*;

#[tokio::test]
async fn who_is_deactivated_is_out_at_once() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let (mut at_lina, mut at_zhang) = (lina.connect().await?, zhang.connect().await?);
    let conversation = at_zhang
        .tell(lina.as_target(), "before")
        .await?
        .conversation;
    let gone = Office::default().without("zhangwei");
    server
        .import(&gone, &["--deactivate-missing"])
        .await?
        .ok()?;
    let closed = at_zhang.ended().await?;
    let bye = closed.bye.context("bye")?;
    assert_eq!(
        (bye.code, &*bye.word, bye.reconnect),
        (4008, "deactivated", false)
    );
    assert_eq!(
        zhang.get("/api/v1/session").await?.code()?,
        "not_authenticated"
    );
    assert_eq!(handshake(&zhang.door()).await?, 401);
    assert_eq!(
        sign_in(&server.stranger()?, "zhangwei", PASSWORD)
            .await?
            .code()?,
        "login_failed"
    );
    // He can be written to no more, and what he said stays.
    at_lina
        .take("directory", |frame| {
            matches!(frame, ServerFrame::Directory(_)).then_some(())
        })
        .await?;
    let client_id = at_lina.send(zhang.as_target(), "are you there?").await?;
    assert_eq!(at_lina.refusal(client_id).await?.code, "person_unknown");
    assert_eq!(lina.history(conversation).await?.len(), 1);
    let people: Value = lina.read("/api/v1/people").await?;
    let listed = people["items"]
        .as_array()
        .context("items")?
        .iter()
        .any(|person| person["id"] == json!(zhang.id));
    assert!(!listed);
    // Who comes back is the same person as before.
    server.import(&Office::default(), &[]).await?.ok()?;
    let back = server.sign_in("zhangwei").await?;
    assert_eq!(
        (back.id, back.history(conversation).await?.len()),
        (zhang.id, 1)
    );
    assert_ne!(back.id, id());
    Ok(())
}
