//! Files: uploaded, shown in a message, fetched whole and in parts by those who may, and by nobody else.

use anyhow::{Context, Result, ensure};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use uuid::Uuid;
use webim_support::{Answer, Office, Rest, Setup, TestServer, id};
use webim_wire::rest::Upload;

/// One red pixel.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc\xf8\xcf\xc0\0\0\x03\x01\x01\0\xc9\xfe\x92\xef\0\0\0\0IEND\xaeB`\x82";

/// A form with one file in it, as browsers write it.
pub fn form(request: RequestBuilder, name: &str, bytes: &[u8]) -> RequestBuilder {
    let mut body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: text/html\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    request
        .header("content-type", "multipart/form-data; boundary=edge")
        .body(body)
}

async fn send(rest: &Rest, path: &str, name: &str, bytes: &[u8]) -> Result<Answer> {
    rest.ask(form(rest.request(Method::POST, path), name, bytes))
        .await
}

/// Uploads a file.
pub async fn upload(rest: &Rest, name: &str, bytes: &[u8]) -> Result<Upload> {
    send(rest, "/api/v1/uploads", name, bytes).await?.ok()
}

async fn fetch(rest: &Rest, path: &str, header: Option<(&str, &str)>) -> Result<reqwest::Response> {
    let mut request = rest.request(Method::GET, path);
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    Ok(request.send().await?)
}

fn header<'a>(response: &'a reqwest::Response, name: &str) -> &'a str {
    let value = response.headers().get(name);
    value.and_then(|value| value.to_str().ok()).unwrap_or("")
}

#[tokio::test]
async fn a_picture_reaches_those_who_may_read_the_message() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang, john) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
        server.sign_in("john").await?,
    );
    let picture = upload(&lina, "../../假期 <1>.png", PNG).await?;
    assert_eq!(
        (&*picture.kind, &*picture.media_type),
        ("picture", "image/png")
    );
    assert_eq!((picture.width, picture.height), (Some(1), Some(1)));
    assert!(
        !picture.name.contains('/') && picture.name.ends_with("png"),
        "{}",
        picture.name
    );
    assert_eq!(zhang.get(&picture.url).await?.code()?, "file_unknown");
    let text = format!("img[{}]", picture.url);
    let mut at_zhang = zhang.connect().await?;
    lina.connect().await?.tell(zhang.as_target(), &text).await?;
    at_zhang.message().await?;
    let got = fetch(&zhang, &picture.url, None).await?;
    assert_eq!(got.status(), 200);
    assert_eq!(header(&got, "content-type"), "image/png");
    assert_eq!(header(&got, "x-content-type-options"), "nosniff");
    assert_eq!(header(&got, "cache-control"), "private, no-cache");
    assert!(header(&got, "content-security-policy").contains("sandbox"));
    assert!(header(&got, "content-disposition").starts_with("inline"));
    let etag = header(&got, "etag").to_owned();
    assert_eq!(got.bytes().await?.len() as u64, picture.bytes);
    let same = fetch(&zhang, &picture.url, Some(("if-none-match", &etag))).await?;
    assert_eq!(same.status(), 304);
    let small = picture.thumbnail.context("a small one")?;
    assert_eq!(fetch(&zhang, &small, None).await?.status(), 200);
    for rest in [&*john, &server.stranger()?] {
        let answer = rest.get(&picture.url).await?;
        ensure!([401, 404].contains(&answer.status), "{}", answer.status);
    }
    // Naming another's file gives it to nobody, not even to oneself.
    john.connect().await?.tell(zhang.as_target(), &text).await?;
    assert_eq!(john.get(&picture.url).await?.code()?, "file_unknown");
    assert_eq!(
        john.get(&format!("/files/{}", id())).await?.code()?,
        "file_unknown"
    );
    Ok(())
}

#[tokio::test]
async fn a_file_comes_whole_and_in_parts() -> Result<()> {
    let server = TestServer::start().await?;
    let lina = server.sign_in("lina").await?;
    // More than is read, stored or sent at a time, and told apart everywhere.
    let bytes: Vec<u8> = (0..3_000_000_u32)
        .map(|n| ((n / 3) ^ (n >> 11)).to_le_bytes()[0])
        .collect();
    let file = upload(&lina, "数据.bin", &bytes).await?;
    assert_eq!(file.bytes, 3_000_000);
    let whole = fetch(&lina, &file.url, None).await?;
    assert_eq!(header(&whole, "accept-ranges"), "bytes");
    assert!(header(&whole, "content-disposition").starts_with("attachment"));
    let etag = header(&whole, "etag").to_owned();
    assert!(whole.bytes().await? == bytes, "the same bytes");
    for (range, expected) in [
        ("bytes=0-0", 0..1),
        ("bytes=1000000-2000000", 1_000_000..2_000_001),
        ("bytes=2999999-", 2_999_999..3_000_000),
        ("bytes=-5", 2_999_995..3_000_000),
    ] {
        let part = fetch(&lina, &file.url, Some(("range", range))).await?;
        assert_eq!(part.status(), 206, "{range}");
        let stated = format!("bytes {}-{}/3000000", expected.start, expected.end - 1);
        assert_eq!(header(&part, "content-range"), stated);
        assert!(part.bytes().await? == bytes[expected], "{range}");
    }
    let beyond = fetch(&lina, &file.url, Some(("range", "bytes=3000000-"))).await?;
    assert_eq!(beyond.status(), 416);
    assert_eq!(header(&beyond, "content-range"), "bytes */3000000");
    let several = fetch(&lina, &file.url, Some(("range", "bytes=0-1,5-6"))).await?;
    assert_eq!(several.status(), 200, "several ranges are not understood");
    let stale = lina
        .request(Method::GET, &file.url)
        .header("range", "bytes=0-4")
        .header("if-range", "\"other\"");
    assert_eq!(stale.send().await?.status(), 200);
    let fresh = lina
        .request(Method::GET, &file.url)
        .header("range", "bytes=0-4")
        .header("if-range", etag);
    assert_eq!(fresh.send().await?.status(), 206);
    let head = lina.request(Method::HEAD, &file.url).send().await?;
    assert_eq!(header(&head, "content-length"), "3000000");
    Ok(())
}

#[tokio::test]
async fn who_is_removed_loses_the_file() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let file = upload(&lina, "plan.txt", "计划".as_bytes()).await?;
    let unit = lina.unit("研发部").await?;
    let text = format!("file({})[plan.txt]", file.url);
    lina.connect().await?.tell(unit, &text).await?;
    assert_eq!(zhang.get(&file.url).await?.status, 200);
    server
        .import(&Office::default().moved("zhangwei", &["sales"]), &[])
        .await?
        .ok()?;
    assert_eq!(zhang.get(&file.url).await?.code()?, "file_unknown");
    assert_eq!(lina.get(&file.url).await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn what_is_not_what_it_says_is_not_shown() -> Result<()> {
    let server = TestServer::start().await?;
    let lina = server.sign_in("lina").await?;
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let html = b"<!DOCTYPE html><script>alert(1)</script>";
    for (name, bytes) in [
        ("a.png", svg.as_slice()),
        ("b.png", html),
        ("c.jpg", &PNG[..20]),
    ] {
        let refused: Value = send(&lina, "/layim/upload/image", name, bytes)
            .await?
            .ok()?;
        assert_eq!(refused["code"], 422, "{refused}");
        let kept = upload(&lina, name, bytes).await?;
        let got = fetch(&lina, &kept.url, None).await?;
        assert_eq!(
            header(&got, "content-type"),
            "application/octet-stream",
            "{name}"
        );
        assert!(
            header(&got, "content-disposition").starts_with("attachment"),
            "{name}"
        );
    }
    let shown: Value = send(&lina, "/layim/upload/image", "x.exe", PNG)
        .await?
        .ok()?;
    let src = shown["data"]["src"].as_str().context("src")?;
    assert_eq!(
        (&shown["code"], src.contains(char::is_whitespace)),
        (&0.into(), false)
    );
    let shown: Value = send(&lina, "/layim/upload/file", "说明.txt", b"words")
        .await?
        .ok()?;
    assert_eq!(shown["data"]["name"], "说明.txt");
    Ok(())
}

#[tokio::test]
async fn uploads_that_are_refused() -> Result<()> {
    let server = Setup::sqlite()?
        .with("files.picture_mib", 1)
        .with("files.file_mib", 1)
        .with("files.person_mib", 2)
        .start()
        .await?;
    let lina = server.sign_in("lina").await?;
    let path = "/api/v1/uploads";
    let large = vec![b'x'; 1_100_000];
    for (bytes, status, code) in [
        (&b""[..], 400, "file_missing"),
        (
            b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0",
            415,
            "file_kind",
        ),
        (&large, 413, "file_too_large"),
    ] {
        let answer = send(&lina, path, "a", bytes).await?;
        assert_eq!((answer.status, &*answer.code()?), (status, code));
    }
    let no_form = lina
        .request(Method::POST, path)
        .json(&serde_json::json!({}));
    assert_eq!(lina.ask(no_form).await?.code()?, "media_type");
    let no_file = lina
        .request(Method::POST, path)
        .header("content-type", "multipart/form-data; boundary=edge")
        .body("--edge\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nx\r\n--edge--\r\n");
    assert_eq!(lina.ask(no_file).await?.code()?, "file_missing");
    let cut_off = lina
        .request(Method::POST, path)
        .header("content-type", "multipart/form-data; boundary=edge")
        .body(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhalf",
        );
    assert_eq!(lina.ask(cut_off).await?.code()?, "bad_field");
    for name in [
        "\\u0000",
        "..",
        "CON",
        "a\u{202e}gpj.exe",
        &"x".repeat(4_000),
        "",
    ] {
        let kept = upload(&lina, name, b"some words").await?;
        assert!(!kept.name.is_empty() && kept.name.len() <= 240, "{name}");
        assert!(!kept.name.contains(['/', '\u{202e}', '\0']), "{name}");
    }
    for _ in 0..2 {
        upload(&lina, "big", &large[..1_000_000]).await?;
    }
    let full = send(&lina, path, "big", &large[..1_000_000]).await?;
    assert!(["file_quota", "file_too_large"].contains(&&*full.code()?));
    let nobody = send(&server.stranger()?, path, "a", b"x").await?;
    assert_eq!(nobody.code()?, "not_authenticated");
    // Nothing of what was refused is left in the folder.
    let kept = walk(&server.folder().join("files"))?;
    assert_eq!(kept, 6 + 2);
    Ok(())
}

#[tokio::test]
async fn files_can_be_switched_off() -> Result<()> {
    let server = Setup::sqlite()?
        .with("files.enabled", false)
        .start()
        .await?;
    let lina = server.sign_in("lina").await?;
    let answer = send(&lina, "/api/v1/uploads", "a", b"x").await?;
    assert_eq!(answer.code()?, "forbidden");
    let answer = lina.get(&format!("/files/{}", Uuid::nil())).await?;
    assert_eq!(answer.code()?, "forbidden");
    assert!(!server.folder().join("files").exists());
    Ok(())
}

/// How many files there are below a folder.
fn walk(folder: &std::path::Path) -> Result<usize> {
    let mut count = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        count += if entry.file_type()?.is_dir() {
            walk(&entry.path())?
        } else {
            1
        };
    }
    Ok(count)
}
