//! The REST interface as programs use it: paging that neither repeats nor leaves out, refusals in one form, and a
//! description that is complete.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use webim_model::{Bye, Refusal};
use webim_support::{Office, Rest, Setup, TestPerson, TestServer, id};
use webim_wire::rest::{Conversations, History, People};

/// All pages of a list, `limit` at a time.
async fn pages<T: DeserializeOwned>(
    rest: &Rest,
    path: &str,
    limit: usize,
    split: fn(T) -> (Vec<Value>, Option<String>),
) -> Result<Vec<Value>> {
    let (mut all, mut after) = (Vec::new(), String::new());
    let glue = if path.contains('?') { '&' } else { '?' };
    loop {
        let page: T = rest
            .read(&format!("{path}{glue}limit={limit}{after}"))
            .await?;
        let (items, next) = split(page);
        assert!(
            items.len() == limit || next.is_none() && items.len() <= limit,
            "{path}: {} items",
            items.len()
        );
        all.extend(items);
        match next {
            None => return Ok(all),
            Some(next) => after = format!("&after={next}"),
        }
    }
}

fn people(page: People) -> (Vec<Value>, Option<String>) {
    (
        page.items.iter().map(|item| json!(item.card.id)).collect(),
        page.next,
    )
}

fn conversations(page: Conversations) -> (Vec<Value>, Option<String>) {
    (
        page.items.iter().map(|item| json!(item.id)).collect(),
        page.next,
    )
}

async fn crowded() -> Result<(TestServer, TestPerson)> {
    let mut setup = Setup::sqlite()?;
    for n in 0..25 {
        setup.office = setup
            .office
            .with(&format!("p{n}"), &format!("Person {n}"), &["rd"]);
    }
    // Nobody of them signs in.
    setup
        .office
        .people
        .iter_mut()
        .filter(|person| person.name.starts_with("Person"))
        .for_each(|person| person.password = false);
    let server = setup.start().await?;
    let lina = server.sign_in("lina").await?;
    Ok((server, lina))
}

#[tokio::test]
async fn pages_neither_repeat_nor_leave_out() -> Result<()> {
    let (server, lina) = crowded().await?;
    let whole = pages(&lina, "/api/v1/people", 100, people).await?;
    assert_eq!(whole.len(), Office::default().people.len() + 25);
    let mut socket = lina.connect().await?;
    let mut written = Vec::new();
    for person in whole.iter().filter(|id| **id != json!(lina.id)) {
        let person: uuid::Uuid = serde_json::from_value(person.clone())?;
        written.push(
            socket
                .tell(webim_wire::client::Target::Person(person), "hi")
                .await?
                .conversation,
        );
    }
    let unit = lina
        .conversations()
        .await?
        .items
        .into_iter()
        .find(|one| one.unit.is_some())
        .context("a unit")?;
    for limit in [1, 7, 10, 28, 29, 100] {
        assert_eq!(pages(&lina, "/api/v1/people", limit, people).await?, whole);
        let list = pages(&lina, "/api/v1/conversations", limit, conversations).await?;
        let unique: BTreeSet<String> = list.iter().map(ToString::to_string).collect();
        assert_eq!(
            (list.len(), unique.len()),
            (written.len() + 1, written.len() + 1),
            "limit {limit}"
        );
        let members = pages(
            &lina,
            &format!("/api/v1/conversations/{}/members", unit.id),
            limit,
            people,
        )
        .await?;
        assert_eq!(members.len(), 28);
        assert!(members.iter().all(|member| whole.contains(member)));
    }
    // Newest first; a new message brings its conversation to the top.
    let last = written.last().context("one")?;
    assert_eq!(lina.conversations().await?.items[0].id, *last);
    socket
        .tell(
            webim_wire::client::Target::Conversation(written[0]),
            "again",
        )
        .await?;
    assert_eq!(lina.conversations().await?.items[0].id, written[0]);
    drop(server);
    Ok(())
}

#[tokio::test]
async fn history_goes_both_ways() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let (conversation, last) =
        crate::resume::pour(&mut lina.connect().await?, zhang.as_target(), 25).await?;
    let path = format!("/api/v1/conversations/{conversation}/messages");
    let numbers = async |query: &str| -> Result<(Vec<u64>, bool)> {
        let page: History = zhang.read(&format!("{path}?{query}")).await?;
        Ok((
            page.items.iter().map(|message| message.seq).collect(),
            page.more,
        ))
    };
    let cases = [
        ("", 1..26, false),
        ("limit=10", 16..26, true),
        ("limit=25", 1..26, false),
        ("limit=10&before=16", 6..16, true),
        ("limit=10&before=11", 1..11, false),
        ("limit=10&before=6", 1..6, false),
        ("limit=10&before=1", 0..0, false),
        ("limit=10&before=1000", 16..26, true),
        ("limit=10&after=0", 1..11, true),
        ("limit=10&after=15", 16..26, false),
        ("limit=10&after=16", 17..26, false),
        ("limit=10&after=25", 0..0, false),
        ("limit=10&after=1000", 0..0, false),
    ];
    for (query, range, more) in cases {
        assert_eq!(numbers(query).await?, (range.collect(), more), "{query}");
    }
    assert_eq!(last, 25);
    Ok(())
}

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "one list, to be read from top to bottom"
)]
async fn every_refusal_is_a_problem_with_a_code() -> Result<()> {
    let server = TestServer::start().await?;
    let (lina, someone) = (server.sign_in("lina").await?, id());
    let gets = [
        ("/api/v1/nothing", 404, "not_found"),
        ("/nothing", 404, "not_found"),
        ("/api/v1/people/x", 400, "bad_field"),
        ("/api/v1/people?limit=0", 400, "bad_field"),
        ("/api/v1/people?limit=-1", 400, "bad_field"),
        ("/api/v1/people?limit=ten", 400, "bad_field"),
        ("/api/v1/people?limt=1", 400, "bad_field"),
        ("/api/v1/people?after=x", 400, "bad_field"),
        ("/api/v1/conversations?after=x", 400, "bad_field"),
        ("/api/v1/conversations?after=1.x", 400, "bad_field"),
        ("/api/v1/conversations/x/messages", 400, "bad_field"),
        (
            &format!("/api/v1/conversations/{someone}/messages?before=1&after=1"),
            400,
            "bad_field",
        ),
        (
            &format!("/api/v1/conversations/{someone}/messages?before=-1"),
            400,
            "bad_field",
        ),
        ("/assets/nothing.js", 404, "not_found"),
        ("/assets/../Cargo.toml", 404, "not_found"),
        ("/assets/%2e%2e/Cargo.toml", 404, "not_found"),
        ("/ws", 400, "bad_field"),
    ];
    for (path, status, code) in gets {
        let problem = lina.get(path).await?.problem().context(path.to_owned())?;
        assert_eq!((problem.status, &*problem.code), (status, code), "{path}");
    }
    for (method, path) in [
        (Method::PUT, "/api/v1/units"),
        (Method::DELETE, "/api/v1/messages"),
        (Method::POST, "/healthz"),
    ] {
        let answer = lina.ask(lina.request(method, path)).await?;
        assert_eq!(answer.code()?, "method_not_allowed", "{path}");
    }
    let post = |kind: Option<&str>, body: Vec<u8>| {
        let request = lina
            .request(Method::POST, "/api/v1/messages")
            .header("idempotency-key", id().to_string());
        let request = kind.into_iter().fold(request, |request, kind| {
            request.header("content-type", kind)
        });
        lina.ask(request.body(body))
    };
    let json = Some("application/json");
    let to = |text: &str| {
        format!(r#"{{"to":{{"person":"{someone}"}},"body":{{"text":"{text}"}}}}"#).into_bytes()
    };
    let bodies = [
        (None, to("hi"), 415, "media_type"),
        (Some("text/plain"), to("hi"), 415, "media_type"),
        (json, b"{".to_vec(), 400, "bad_json"),
        (json, Vec::new(), 400, "bad_json"),
        (json, b"[]".to_vec(), 400, "bad_field"),
        (json, b"{\"to\":\xff}".to_vec(), 400, "bad_json"),
        (json, to("\\ud800"), 400, "bad_json"),
        (json, to("a\\u0000"), 400, "text_invalid"),
        (json, to(&"字".repeat(5_001)), 400, "text_too_long"),
        (json, to(&"\u{301}".repeat(100_000)), 413, "frame_too_large"),
        (
            json,
            to(&"x".repeat(10 * 1024 * 1024)),
            413,
            "frame_too_large",
        ),
        (json, to("hi"), 404, "person_unknown"),
    ];
    for (kind, body, status, code) in bodies {
        let shown = String::from_utf8_lossy(&body[..body.len().min(100)]).into_owned();
        let problem = post(kind, body).await?.problem().context(shown.clone())?;
        assert_eq!((problem.status, &*problem.code), (status, code), "{shown}");
    }
    let request = lina
        .request(Method::GET, "/api/v1/nothing")
        .header("accept-language", "zh-CN,zh;q=0.9,en;q=0.8");
    assert_eq!(
        lina.ask(request).await?.problem()?.title,
        Refusal::NotFound.chinese()
    );
    assert_eq!(
        lina.conversations()
            .await?
            .items
            .iter()
            .filter(|one| one.person.is_some())
            .count(),
        0
    );
    Ok(())
}

#[tokio::test]
async fn the_description_is_complete() -> Result<()> {
    let server = TestServer::start().await?;
    let document: Value = server.stranger()?.read("/openapi.json").await?;
    assert!(
        document["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.1"))
    );
    let schemas = document["components"]["schemas"]
        .as_object()
        .context("schemas")?;
    let words = |name: &str| -> Result<BTreeSet<String>> {
        let words = schemas[name]["enum"].as_array().context("an enum")?;
        Ok(words
            .iter()
            .filter_map(|word| word.as_str().map(str::to_owned))
            .collect())
    };
    assert_eq!(
        words("RefusalCode")?,
        Refusal::ALL
            .iter()
            .map(|refusal| refusal.code().to_owned())
            .collect()
    );
    assert_eq!(
        words("ByeWord")?,
        Bye::ALL.iter().map(|bye| bye.word().to_owned()).collect()
    );
    for (path, item) in document["paths"].as_object().context("paths")? {
        for (method, operation) in item.as_object().context("an item")? {
            let says = |key: &str| operation[key].as_str().is_some_and(|text| !text.is_empty());
            assert!(
                says("summary") && says("operationId"),
                "{method} {path} says nothing of itself"
            );
            let answers = operation["responses"].as_object().context("responses")?;
            assert!(!answers.is_empty(), "{method} {path} has no answer");
            let holes = path.matches('{').count();
            let given = operation["parameters"].as_array().map_or(0, |all| {
                all.iter().filter(|one| one["in"] == "path").count()
            });
            assert_eq!(holes, given, "{method} {path}");
        }
    }
    let text = document.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap_or_default();
        assert!(schemas.contains_key(name), "{name} is named and not there");
    }
    Ok(())
}

#[tokio::test]
async fn health_and_figures() -> Result<()> {
    let setup = Setup::sqlite()?
        .with("metrics.enabled", true)
        .with("metrics.listen", "127.0.0.1:0");
    let server = setup.start().await?;
    let address = server.figures()?;
    let (lina, zhang) = (
        server.sign_in("lina").await?,
        server.sign_in("zhangwei").await?,
    );
    let stranger = server.stranger()?;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(stranger.get(path).await?.status, 200);
    }
    assert_eq!(
        stranger.get("/metrics").await?.status,
        404,
        "figures have their own listener"
    );
    let body = json!({"login": "lina", "password": "wrong password"});
    stranger.post("/api/v1/session", &body).await?.problem()?;
    let mut socket = lina.connect().await?;
    socket
        .tell(zhang.as_target(), "a secret that no figure shows")
        .await?;
    let text = reqwest::get(format!("http://{address}/metrics"))
        .await?
        .text()
        .await?;
    for expected in [
        "webim_sockets 1",
        "webim_sign_ins_total{outcome=\"ok\"} 2",
        "webim_sign_ins_total{outcome=\"login_failed\"} 1",
    ] {
        assert!(text.lines().any(|line| line == expected), "{text}");
    }
    assert!(text.contains("# TYPE "));
    let names: BTreeSet<&str> = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .filter_map(|line| line.split(['{', ' ']).next())
        .collect();
    assert!(
        names.iter().all(|name| name.starts_with("webim_")),
        "{names:?}"
    );
    for secret in ["a secret", &lina.token, &lina.id.to_string(), "lina"] {
        assert!(!text.contains(secret), "{secret} is in the figures");
    }
    assert!(!server.log()?.contains("a secret"));
    Ok(())
}
