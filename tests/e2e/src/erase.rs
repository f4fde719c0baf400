//! Erasure by an operator, beside the running server.

use anyhow::Result;
use serde_json::Value;
use webim_support::TestServer;
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

#[tokio::test]
async fn what_cannot_be_erased_is_said() -> Result<()> {
    let server = TestServer::start().await?;
    for (args, code) in [
        (&["erase"] as &[&str], 2),
        (&["erase", "--person", "lina", "--older-than", "3"], 2),
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
