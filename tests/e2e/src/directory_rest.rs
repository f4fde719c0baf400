//! The directory over REST: by administrators and programs, by the rules of an import; and what people notice of it.

mod rules;

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Value, json};
use webim_support::{Answer, Rest, TestPerson, TestServer, TestSocket};
use webim_wire::accounts::MadeApiToken;
use webim_wire::client::Target;
use webim_wire::directory::{Changed, WholeDirectory};
use webim_wire::rest::Units;
use webim_wire::server::ServerFrame;

const UNITS: &str = "/api/v1/directory/units";
const PEOPLE: &str = "/api/v1/directory/people";

async fn program(server: &TestServer, scopes: &[&str]) -> Result<Rest> {
    let admin = server.sign_in("zhaomin").await?;
    let body = json!({"name": "人事系统", "scopes": scopes});
    let made: MadeApiToken = admin.post("/api/v1/tokens", &body).await?.ok()?;
    server.holder_of(&made.token)
}

async fn put(rest: &Rest, path: &str, body: Value) -> Result<Changed> {
    rest.put(path, &body).await?.ok()
}

async fn matching(rest: &Rest, path: &str, version: &str, body: Value) -> Result<Answer> {
    let request = rest.request(Method::PUT, path).header("if-match", version);
    rest.ask(request.json(&body)).await
}

async fn heard(socket: &mut TestSocket, version: u64) -> Result<()> {
    let pick = |frame: &ServerFrame| match frame {
        ServerFrame::Directory(directory) if directory.version >= version => Some(()),
        _ => None,
    };
    socket.take("the directory's version", pick).await
}

async fn unit(person: &TestPerson, name: &str) -> Result<webim_wire::rest::Unit> {
    let units: Units = person.read("/api/v1/units").await?;
    let mut units = units.items.into_iter();
    units.find(|unit| unit.name == name).context("the unit")
}

#[tokio::test]
async fn who_changes_department_changes_groups() -> Result<()> {
    let server = TestServer::start().await?;
    let program = program(&server, &["directory:write"]).await?;
    let (zhang, john) = (
        server.sign_in("zhangwei").await?,
        server.sign_in("john").await?,
    );
    let (research, sales) = (unit(&zhang, "研发部").await?, unit(&john, "Sales").await?);
    let (mut at_zhang, mut at_john) = (zhang.connect().await?, john.connect().await?);
    let old = at_zhang
        .tell(Target::Unit(research.id), "in research")
        .await?;
    let before = at_john.tell(Target::Unit(sales.id), "in sales").await?;
    let done = put(
        &program,
        &format!("{PEOPLE}/zhangwei"),
        json!({"name": "张伟", "units": ["sales"]}),
    )
    .await?;
    assert_eq!(done.id, zhang.id);
    // The page is told and asks anew.
    heard(&mut at_zhang, done.version).await?;
    let now = unit(&zhang, "Sales").await?;
    assert!(now.conversation.is_some());
    assert_eq!(unit(&zhang, "研发部").await?.conversation, None);
    let sent = at_zhang
        .send(Target::Unit(research.id), "still here?")
        .await?;
    assert_eq!(at_zhang.refusal(sent).await?.code, "unit_unknown");
    let path = format!("/api/v1/conversations/{}/messages", old.conversation);
    assert_eq!(zhang.get(&path).await?.code()?, "conversation_unknown");
    // From joining on, by default.
    let after = at_john.tell(Target::Unit(sales.id), "welcome").await?;
    assert_eq!(at_zhang.message().await?.message, after.message);
    let seen = zhang.history(before.conversation).await?;
    assert_eq!(
        seen.iter().map(|message| message.seq).collect::<Vec<_>>(),
        [after.seq]
    );
    // The same again changes nothing and tells nobody.
    let again = put(
        &program,
        &format!("{PEOPLE}/zhangwei"),
        json!({"name": "张伟", "units": ["sales"]}),
    )
    .await?;
    assert_eq!(again.version, done.version);
    Ok(())
}

#[tokio::test]
async fn units_and_people_come_and_go() -> Result<()> {
    let server = TestServer::start().await?;
    let program = program(&server, &["directory:read", "directory:write"]).await?;
    let made = put(
        &program,
        &format!("{UNITS}/qa"),
        json!({"name": "质检部", "parent": "rd", "position": 3}),
    )
    .await?;
    put(
        &program,
        &format!("{PEOPLE}/Newcomer"),
        json!({"name": "新人", "units": ["qa"], "password": "correct horse"}),
    )
    .await?;
    let new = server.sign_in("newcomer").await?;
    assert_eq!(unit(&new, "质检部").await?.id, made.id);
    let listed = program.get("/api/v1/directory").await?;
    let tag = listed.header("etag").to_owned();
    let all: WholeDirectory = listed.ok()?;
    assert_eq!(tag, format!("\"{}\"", all.version));
    let qa = all
        .units
        .iter()
        .find(|unit| unit.code == "qa")
        .context("qa")?;
    assert_eq!(
        (qa.parent.as_deref(), qa.position, qa.active),
        (Some("rd"), 3, true)
    );
    let person = all.people.iter().find(|person| person.login == "newcomer");
    assert_eq!(person.context("newcomer")?.units, ["qa"]);
    // What is not said stays; null is said.
    put(&program, &format!("{UNITS}/qa"), json!({"name": "质量部"})).await?;
    put(
        &program,
        &format!("{UNITS}/qa"),
        json!({"name": "质量部", "parent": null}),
    )
    .await?;
    let all: WholeDirectory = program.read("/api/v1/directory").await?;
    let qa = all
        .units
        .iter()
        .find(|unit| unit.code == "qa")
        .context("qa")?;
    assert_eq!((qa.parent.as_deref(), qa.position), (None, 3));
    let gone: Changed = program.delete(&format!("{UNITS}/qa")).await?.ok()?;
    assert_eq!(gone.id, made.id);
    assert!(unit(&new, "质量部").await.is_err());
    let back = put(&program, &format!("{UNITS}/qa"), json!({"name": "质量部"})).await?;
    assert_eq!(back.id, made.id);
    Ok(())
}

#[tokio::test]
async fn who_goes_is_out_and_comes_back_the_same() -> Result<()> {
    let server = TestServer::start().await?;
    let program = program(&server, &["directory:write"]).await?;
    let (john, new) = (server.sign_in("john").await?, server.sign_in("lina").await?);
    let (mut at_john, path) = (john.connect().await?, format!("{PEOPLE}/lina"));
    let mut at_new = new.connect().await?;
    let gone: Changed = program.delete(&path).await?.ok()?;
    assert_eq!(gone.id, new.id);
    at_new.ended().await?;
    let out = new.get("/api/v1/session").await?;
    assert_eq!(out.code()?, "not_authenticated");
    let twice: Changed = program.delete(&path).await?.ok()?;
    assert_eq!(twice, gone);
    let sent = at_john.send(Target::Person(new.id), "hello").await?;
    assert_eq!(at_john.refusal(sent).await?.code, "person_unknown");
    let back = put(&program, &path, json!({"name": "新人"})).await?;
    assert_eq!(back.id, new.id);
    let to = Target::Person(new.id);
    assert_eq!(at_john.tell(to, "hello").await?.seq, 1);
    Ok(())
}

#[tokio::test]
async fn only_what_was_seen_is_changed() -> Result<()> {
    let server = TestServer::start().await?;
    let admin = server.sign_in("zhaomin").await?;
    let first = put(&admin, &format!("{UNITS}/a"), json!({"name": "A"})).await?;
    let seen = format!("\"{}\"", first.version);
    let (path, body) = (format!("{UNITS}/b"), json!({"name": "B"}));
    let second: Changed = matching(&admin, &path, &seen, body.clone()).await?.ok()?;
    assert_eq!(second.version, first.version + 1);
    let late = matching(&admin, &format!("{UNITS}/a"), &seen, json!({"name": "A2"}))
        .await?
        .problem()?;
    assert_eq!((late.status, &*late.code), (412, "directory_changed"));
    let request = admin
        .request(Method::DELETE, &path)
        .header("if-match", &seen);
    assert_eq!(admin.ask(request).await?.code()?, "directory_changed");
    let wrong = matching(&admin, &path, "yesterday", body.clone()).await?;
    assert_eq!(wrong.code()?, "bad_field");
    matching(&admin, &path, "*", body).await?.ok::<Changed>()?;
    // Whoever does not say what they have seen is put behind the others.
    let puts = (0..20).map(|number| {
        let (admin, path) = (&admin, format!("{UNITS}/n{number}"));
        async move { put(admin, &path, json!({"name": "N"})).await }
    });
    let mut versions = Vec::new();
    for done in futures_util::future::join_all(puts).await {
        versions.extend(done.map(|done| done.version));
    }
    versions.sort_unstable();
    versions.dedup();
    let all: WholeDirectory = admin.read("/api/v1/directory").await?;
    let made = all.units.iter().filter(|unit| unit.name == "N").count();
    assert_eq!(
        made,
        versions.len(),
        "each that was done is there, and no other"
    );
    Ok(())
}

/// Changes that are refused, and as what.
fn not_taken() -> Vec<(&'static str, Value, &'static str)> {
    let long = "长".repeat(101);
    vec![
        (
            "units/rd",
            json!({"name": "R", "parent": "rd"}),
            "directory_invalid",
        ),
        (
            "units/hq",
            json!({"name": "H", "parent": "rd"}),
            "directory_invalid",
        ),
        (
            "units/x",
            json!({"name": "X", "parent": "nowhere"}),
            "directory_invalid",
        ),
        ("units/x", json!({"name": ""}), "directory_invalid"),
        ("units/x", json!({"name": long}), "directory_invalid"),
        ("units/a%20b", json!({"name": "X"}), "directory_invalid"),
        (
            "units/x",
            json!({"name": "X", "colour": "red"}),
            "bad_field",
        ),
        ("units/x", json!({}), "bad_field"),
        (
            "people/lina",
            json!({"name": "李娜", "units": ["nowhere"]}),
            "directory_invalid",
        ),
        (
            "people/new",
            json!({"name": "N", "password": "short"}),
            "directory_invalid",
        ),
        (
            "people/new",
            json!({"name": "N", "avatar": "javascript:alert(1)"}),
            "directory_invalid",
        ),
        (
            "people/new",
            json!({"name": "N", "roles": ["king"]}),
            "bad_field",
        ),
        (
            "people/zhaomin",
            json!({"name": "赵敏", "roles": []}),
            "last_admin",
        ),
    ]
}

#[tokio::test]
async fn what_the_directory_does_not_take() -> Result<()> {
    let server = TestServer::start().await?;
    let admin = server.sign_in("zhaomin").await?;
    let before: WholeDirectory = admin.read("/api/v1/directory").await?;
    for (path, body, code) in not_taken() {
        let path = format!("/api/v1/directory/{path}");
        assert_eq!(
            admin.put(&path, &body).await?.code()?,
            code,
            "{path} {body}"
        );
    }
    for (path, code) in [
        ("units/hq", "directory_invalid"),
        ("units/nowhere", "unit_unknown"),
        ("people/nobody", "person_unknown"),
        ("people/zhaomin", "last_admin"),
    ] {
        let path = format!("/api/v1/directory/{path}");
        assert_eq!(admin.delete(&path).await?.code()?, code, "{path}");
    }
    let after: WholeDirectory = admin.read("/api/v1/directory").await?;
    assert_eq!(after, before);
    Ok(())
}

#[tokio::test]
async fn a_program_raises_nobody_and_reads_only_what_it_may() -> Result<()> {
    let server = TestServer::start().await?;
    let writer = program(&server, &["directory:write"]).await?;
    let raise = writer
        .put(
            &format!("{PEOPLE}/lina"),
            &json!({"name": "李娜", "roles": ["admin"]}),
        )
        .await?;
    assert_eq!(raise.code()?, "forbidden");
    assert_eq!(
        writer.get("/api/v1/directory").await?.code()?,
        "scope_missing"
    );
    let reader = program(&server, &["directory:read"]).await?;
    let refused = reader
        .put(&format!("{UNITS}/x"), &json!({"name": "X"}))
        .await?;
    assert_eq!(refused.code()?, "scope_missing");
    Ok(())
}
