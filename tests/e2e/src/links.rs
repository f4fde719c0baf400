//! Links to files: good without a session for a while, for what was signed, as long as their maker may have the file.

use anyhow::{Context, Result};
use serde_json::json;
use webim_support::{Office, Setup, TestPerson, TestServer};
use webim_wire::rest::Link;

use crate::files::{PNG, upload};

async fn link(person: &TestPerson, file: &str, body: &serde_json::Value) -> Result<Link> {
    person
        .post(&format!("/api/v1{file}/link"), body)
        .await?
        .ok()
}

/// The code with which a stranger is refused; `ok` if they are not.
async fn outcome(server: &TestServer, url: &str) -> Result<String> {
    let answer = server.stranger()?.get(url).await?;
    if answer.status == 200 {
        return Ok("ok".to_owned());
    }
    answer.code()
}

#[tokio::test]
async fn a_link_gives_the_file_without_a_session_until_it_is_altered() -> Result<()> {
    let server = TestServer::start().await?;
    let lina = server.sign_in("lina").await?;
    let (file, other) = (
        upload(&lina, "a.png", PNG).await?,
        upload(&lina, "b.txt", b"words").await?,
    );
    let whole = link(&lina, &file.url, &json!({})).await?;
    let small = link(&lina, &file.url, &json!({"small": true, "seconds": 60})).await?;
    assert!(small.url.contains("size=small&") && small.until < whole.until);
    for url in [&whole.url, &small.url] {
        assert_eq!(outcome(&server, url).await?, "ok", "{url}");
    }
    let stranger = server.stranger()?;
    let part = stranger
        .request(reqwest::Method::GET, &whole.url)
        .header("range", "bytes=0-3");
    assert_eq!(stranger.ask(part).await?.status, 206);
    let (_, signed) = whole.url.split_once('?').context("signed")?;
    let (until, signature) = signed.split_once("&sig=").context("a signature")?;
    let second: i64 = until.trim_start_matches("until=").parse()?;
    for (url, code) in [
        (format!("{}?{signed}", other.url), "link_invalid"),
        (format!("{}?size=small&{signed}", file.url), "link_invalid"),
        (small.url.replace("size=small&", ""), "link_invalid"),
        (
            format!("{}?until={}&sig={signature}", file.url, second + 1),
            "link_invalid",
        ),
        (
            format!("{}?{until}&sig={}", file.url, signature.to_lowercase()),
            "link_invalid",
        ),
        (format!("{}?{until}&sig=", file.url), "link_invalid"),
        (format!("{}?{until}", file.url), "bad_field"),
        (format!("{}?sig={signature}", file.url), "bad_field"),
        (
            format!("{}?until=soon&sig={signature}", file.url),
            "bad_field",
        ),
    ] {
        assert_eq!(outcome(&server, &url).await?, code, "{url}");
    }
    // A session beside it makes nothing of it good.
    let altered = format!("{}?size=small&{signed}", file.url);
    assert_eq!(lina.get(&altered).await?.code()?, "link_invalid");
    Ok(())
}

#[tokio::test]
async fn a_link_ends_and_goes_on_over_a_restart_until_then() -> Result<()> {
    let mut server = Setup::sqlite()?
        .with("files.link_seconds", 100)
        .start()
        .await?;
    let lina = server.sign_in("lina").await?;
    let file = upload(&lina, "a.txt", b"words").await?;
    let path = format!("/api/v1{}/link", file.url);
    for seconds in [0, 101] {
        let answer = lina.post(&path, &json!({"seconds": seconds})).await?;
        assert_eq!(answer.code()?, "bad_field", "{seconds}");
    }
    let long = link(&lina, &file.url, &json!({})).await?;
    let short = link(&lina, &file.url, &json!({"seconds": 1})).await?;
    server.restart().await?;
    assert_eq!(outcome(&server, &long.url).await?, "ok");
    // With a newer key, too.
    server
        .webim(&["keys", "rotate", "--config", "webim.toml"])
        .await?
        .ok()?;
    server.restart().await?;
    assert_eq!(outcome(&server, &long.url).await?, "ok");
    let ended = webim_support::until("the end of a second", async || {
        let code = outcome(&server, &short.url).await?;
        Ok((code != "ok").then_some(code))
    });
    assert_eq!(ended.await?, "link_expired");
    Ok(())
}

#[tokio::test]
async fn who_is_removed_takes_their_links_with_them() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let file = upload(&lina, "plan.txt", "计划".as_bytes()).await?;
    let not_yet = zhang
        .post(&format!("/api/v1{}/link", file.url), &json!({}))
        .await?;
    assert_eq!(not_yet.code()?, "file_unknown");
    let text = format!("file({})[plan.txt]", file.url);
    let unit = lina.unit("研发部").await?;
    lina.connect().await?.tell(unit, &text).await?;
    let (theirs, hers) = (
        link(&zhang, &file.url, &json!({})).await?,
        link(&lina, &file.url, &json!({})).await?,
    );
    assert_eq!(outcome(&server, &theirs.url).await?, "ok");
    let moved = Office::default().moved("zhangwei", &["sales"]);
    server.import(&moved, &[]).await?.ok()?;
    assert_eq!(outcome(&server, &theirs.url).await?, "file_unknown");
    assert_eq!(outcome(&server, &hers.url).await?, "ok");
    // Whoever may not come in any more has nothing by a link either, not even what is their own.
    let gone = moved.without("lina");
    server
        .import(&gone, &["--deactivate-missing"])
        .await?
        .ok()?;
    assert_eq!(outcome(&server, &hers.url).await?, "file_unknown");
    Ok(())
}
