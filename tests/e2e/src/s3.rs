//! Files in a bucket instead of a folder: the same to everybody, and nothing left of what was not ended.

use anyhow::{Context, Result};
use futures_util::StreamExt as _;
use reqwest::{Body, Method};
use webim_support::{Office, Rest, RouterSetup, Settings, Setup, TestBucket, until};
use webim_wire::client::Target;

use crate::files::{PNG, form, upload};

const HOUR: i64 = 60 * 60 * 1_000;

fn setup(bucket: &TestBucket) -> Result<Setup> {
    let mut setup = Setup::sqlite()?;
    bucket.settings(&mut setup.settings);
    Ok(setup)
}

async fn part(rest: &Rest, url: &str, range: &str) -> Result<(u16, Vec<u8>)> {
    let request = rest.request(Method::GET, url).header("range", range);
    let answer = request.send().await?;
    Ok((answer.status().as_u16(), answer.bytes().await?.to_vec()))
}

#[tokio::test]
async fn files_lie_in_the_bucket_and_come_back_whole_and_in_parts() -> Result<()> {
    let Some(bucket) = TestBucket::new().await? else {
        return Ok(());
    };
    let server = setup(&bucket)?.start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    // Three parts of an upload, told apart everywhere.
    let bytes: Vec<u8> = (0..11_000_000_u32)
        .map(|n| ((n / 3) ^ (n >> 11)).to_le_bytes()[0])
        .collect();
    let file = upload(&lina, "数据.bin", &bytes).await?;
    let whole = lina.request(Method::GET, &file.url).send().await?;
    assert!(whole.bytes().await? == bytes, "the same bytes");
    for (range, expected) in [
        ("bytes=0-0", 0..1),
        ("bytes=5242879-5242881", 5_242_879..5_242_882),
        ("bytes=-5", 10_999_995..11_000_000),
    ] {
        let (status, found) = part(&lina, &file.url, range).await?;
        assert_eq!(status, 206, "{range}");
        assert!(found == bytes[expected], "{range}");
    }
    let picture = upload(&lina, "a.png", PNG).await?;
    let small = picture.thumbnail.clone().context("a small one")?;
    assert_eq!(lina.get(&small).await?.status, 200);
    let keys = bucket.keys().await?;
    assert_eq!(keys.len(), 3, "{keys:?}");
    assert!(
        keys.iter().all(|key| key.starts_with("some/where/")),
        "{keys:?}"
    );
    assert!(bucket.halves().await?.is_empty());
    assert!(
        !server.folder().join("files").exists(),
        "nothing lies in a folder"
    );
    // Who may have it is asked as ever.
    assert_eq!(zhang.get(&picture.url).await?.code()?, "file_unknown");
    let unit = lina.unit("研发部").await?;
    let text = format!("img[{}]", picture.url);
    lina.connect().await?.tell(unit, &text).await?;
    assert_eq!(zhang.get(&picture.url).await?.status, 200);
    let moved = Office::default().moved("zhangwei", &["sales"]);
    server.import(&moved, &[]).await?.ok()?;
    assert_eq!(zhang.get(&picture.url).await?.code()?, "file_unknown");
    Ok(())
}

/// An upload of which so much is sent, and the end never.
fn endless(rest: &Rest, bytes: usize) -> reqwest::RequestBuilder {
    let begun = form(rest.request(Method::POST, "/api/v1/uploads"), "a.bin", &[]);
    let head =
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n";
    let first = [head.as_bytes(), &vec![7; bytes]].concat();
    let sent = futures_util::stream::iter([Ok::<_, std::io::Error>(first)]);
    begun.body(Body::wrap_stream(
        sent.chain(futures_util::stream::pending()),
    ))
}

#[tokio::test]
async fn an_upload_that_never_ends_leaves_nothing() -> Result<()> {
    let Some(bucket) = TestBucket::new().await? else {
        return Ok(());
    };
    let mut server = setup(&bucket)?.start().await?;
    let lina = server.sign_in("lina").await?;
    // Whoever goes away in the middle.
    let going = tokio::spawn(endless(&lina, 6_000_000).send());
    until("a half upload", async || {
        Ok((bucket.halves().await?.len() == 1).then_some(()))
    })
    .await?;
    going.abort();
    until("its end", async || {
        Ok(bucket.halves().await?.is_empty().then_some(()))
    })
    .await?;
    // A server that dies in the middle; another one's half in the same bucket is not ours to end.
    let other = format!("{}/{}/elsewhere/a?uploads", bucket.endpoint, bucket.name);
    reqwest::Client::new()
        .post(other)
        .send()
        .await?
        .error_for_status()?;
    let dying = tokio::spawn(endless(&lina, 6_000_000).send());
    until("a half upload", async || {
        Ok((bucket.halves().await?.len() == 2).then_some(()))
    })
    .await?;
    server.kill9().await?;
    assert!(dying.await?.is_err());
    assert_eq!(bucket.halves().await?.len(), 2);
    server.run().await?;
    assert_eq!(bucket.halves().await?, ["elsewhere/a"]);
    assert!(bucket.keys().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn the_sweeper_works_in_a_bucket_too() -> Result<()> {
    let Some(bucket) = TestBucket::new().await? else {
        return Ok(());
    };
    let mut settings = Settings::empty();
    bucket.settings(&mut settings);
    let config = webim::config::read(&settings.text())?;
    let media = webim::files::store(&config.files);
    let media = media
        .map_err(|failure| anyhow::anyhow!("{failure}"))?
        .context("a bucket")?;
    let setup = RouterSetup {
        media: Some(media.clone()),
        ..RouterSetup::default()
    };
    let router = setup.start().await?;
    let mut lina = router.connect("lina").await?;
    let (shown, unused) = (
        crate::sweep::upload(&router, "lina").await?,
        crate::sweep::upload(&router, "lina").await?,
    );
    let to = Target::Person(router.person("zhangwei")?.0);
    lina.tell(to, &format!("file(/files/{shown})[a.txt]"))
        .await?;
    let half = webim_model::FileId(webim_support::id()).to_string();
    let path = format!("some/where/{}/{half}", &half[half.len() - 2..]);
    let url = format!("{}/{}/{path}?uploads", bucket.endpoint, bucket.name);
    reqwest::Client::new()
        .post(url)
        .send()
        .await?
        .error_for_status()?;
    assert_eq!(
        (bucket.keys().await?.len(), bucket.halves().await?),
        (2, vec![path])
    );
    router.clock.advance(24 * HOUR + 1);
    router.router.sweep_files().await;
    let keys = bucket.keys().await?;
    assert!(
        keys.len() == 1 && keys[0].ends_with(&shown.to_string()),
        "{keys:?} {unused}"
    );
    assert!(bucket.halves().await?.is_empty());
    Ok(())
}
