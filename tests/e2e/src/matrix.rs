//! Guarantee 9: who may do what to what. The expectations are the table in `matrix.txt`; the routes come from the
//! server's own description and the ops from the wire, and each must have its rows there.

mod accounts;
mod amend;
mod desk;
mod directory;
mod judge;

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail, ensure};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use uuid::Uuid;
use webim_support::{Office, PASSWORD, Rest, TestServer, TestSocket, id};
use webim_wire::client::ClientFrame;

use crate::files::{PNG, form, upload};
use judge::judged;

const TABLE: &str = include_str!("matrix.txt");
const ROLES: [&str; 6] = [
    "anonymous",
    "expired",
    "stranger",
    "member",
    "admin",
    "deactivated",
];
const OBJECTS: [&str; 3] = ["own", "foreign", "unknown"];

/// A line of the table.
struct Row {
    operation: &'static str,
    object: &'static str,
    cells: Vec<&'static str>,
}

impl Row {
    /// The operation without its target.
    fn base(&self) -> &'static str {
        self.operation
            .split_once(':')
            .map_or(self.operation, |(base, _)| base)
    }

    fn target(&self) -> &'static str {
        self.operation
            .split_once(':')
            .map_or("", |(_, target)| target)
    }
}

fn table() -> Vec<Row> {
    let lines = TABLE
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let rows = lines.map(|line| {
        let mut columns: Vec<&'static str> = line
            .split("  ")
            .map(str::trim)
            .filter(|cell| !cell.is_empty())
            .collect();
        let cells = columns.split_off(2);
        assert_eq!(cells.len(), ROLES.len(), "{line}");
        Row {
            operation: columns[0],
            object: columns[1],
            cells,
        }
    });
    rows.collect()
}

/// What an operation is done to, by the noun that it needs.
#[derive(Clone, Copy)]
struct Object {
    conversation: Uuid,
    unit: Uuid,
    person: Uuid,
    /// Shown in the conversation.
    file: Uuid,
    /// The person's.
    session: Uuid,
    /// A program's, which belongs to nobody.
    token: Uuid,
}

/// Everything the rows are tried with.
struct Fixture {
    server: TestServer,
    own: Object,
    foreign: Object,
    callers: Vec<Rest>,
    logins: Vec<&'static str>,
    asset: String,
    /// What stands behind the address of the member's file in a link to it.
    link: String,
}

impl Fixture {
    async fn new() -> Result<Self> {
        let office = Office::default().with("leaver", "离职", &["rd"]);
        let mut setup = webim_support::Setup::sqlite()?;
        setup.office = office.clone();
        let server = setup.start().await?;
        let (own, foreign) = objects(&server).await?;
        let logins = vec!["nobody", "zhangwei", "expert", "lina", "zhaomin", "leaver"];
        let mut callers = vec![server.stranger()?];
        for login in &logins[1..] {
            callers.push(server.holder_of(&server.sign_in(login).await?.token)?);
        }
        server.database.say("UPDATE sessions SET expires_at = 1 WHERE person_id IN (SELECT id FROM people WHERE login = 'zhangwei')").await?;
        let gone = office.without("leaver");
        server
            .import(&gone, &["--deactivate-missing"])
            .await?
            .ok()?;
        let page = server.stranger()?.get("/").await?.text;
        let asset = page
            .split('"')
            .find(|word| word.starts_with("/assets/"))
            .context("the page loads something")?;
        let asset = asset.to_owned();
        let link = link(&server, own.file).await?;
        Ok(Self {
            server,
            own,
            foreign,
            callers,
            logins,
            asset,
            link,
        })
    }

    fn object(&self, name: &str) -> Object {
        match name {
            "own" => self.own,
            "foreign" => self.foreign,
            _ => Object {
                conversation: id(),
                unit: id(),
                person: id(),
                file: id(),
                session: id(),
                token: id(),
            },
        }
    }

    /// The outcome of a row for one role.
    async fn outcome(&self, row: &Row, role: usize) -> Result<String> {
        let object = self.object(row.object);
        if let Some((method, path)) = row.base().split_once(' ') {
            // Whoever signs out does it under a session of their own.
            let fresh = method == "DELETE" && row.cells[role] == "ok";
            let rest = if fresh {
                &self.server.sign_in(self.logins[role]).await?
            } else {
                &self.callers[role]
            };
            let method: Method = method.parse()?;
            let request = self.request(rest, method, path, row.target(), object, role)?;
            return judged(path, rest.ask(request).await?);
        }
        let handshake = self.callers[role].ask(upgrade(&self.callers[role])).await?;
        if handshake.status != 101 {
            return handshake.code();
        }
        let token = self.server.sign_in(self.logins[role]).await?;
        op(token.connect().await?, row, object).await
    }

    #[expect(
        clippy::too_many_arguments,
        clippy::needless_pass_by_value,
        reason = "one cell of the matrix: each is one of its coordinates"
    )]
    fn request(
        &self,
        rest: &Rest,
        method: Method,
        path: &str,
        target: &str,
        object: Object,
        role: usize,
    ) -> Result<RequestBuilder> {
        let filled = accounts::address(path, &method, &object)
            .replace("/assets/{path}", &self.asset)
            .replace("/c/{channel}", "/c/shop")
            .replace("/people/{id}", &format!("/people/{}", object.person))
            .replace(
                "/conversations/{id}",
                &format!("/conversations/{}", object.conversation),
            )
            // What one role recalls, the others of the table still want to edit.
            .replace("{seq}", if method == "DELETE" { "2" } else { "1" })
            .replace("/files/{id}", &format!("/files/{}", object.file))
            .replace("{code}", directory::NAME)
            .replace("{login}", directory::NAME)
            .replace("{file}", &format!("{}.svg", object.person));
        ensure!(!filled.contains('{'), "no object is known for {path}");
        let filled = match (path, target) {
            ("/api/v1/people", "unit") => format!("{filled}?unit={}", object.unit),
            ("/api/v1/search", "within") => {
                format!("{filled}?q=matrix&conversation={}", object.conversation)
            }
            ("/api/v1/search", _) => format!("{filled}?q=matrix"),
            ("/files/{id}", "link") => format!("{filled}?{}", self.link),
            ("/layim/members", _) => format!("{filled}?id={}", object.unit),
            ("/layim/chatlog", of) => filled + &amend::chat(of, object.person, object.unit),
            _ => filled,
        };
        if path == "/ws" {
            return Ok(upgrade(rest));
        }
        let request = rest.request(method.clone(), &filled);
        Ok(match (method.as_str(), path) {
            ("DELETE", "/api/v1/conversations/{id}/messages/{seq}") => keyed(request),
            ("GET" | "DELETE", _) | (_, "/api/v1/tickets") => request,
            (_, "/api/v1/session") => {
                request.json(&json!({"login": self.logins[role], "password": PASSWORD}))
            }
            (_, "/api/v1/uploads" | "/layim/upload/file") => form(request, "a.txt", b"words"),
            (_, "/layim/upload/image") => form(request, "a.png", PNG),
            // From no page: the origin is looked at before anything else.
            (_, "/setup") => request.body("token=x"),
            (_, "/api/v1/me/status") => request.json(&json!({"status": "online"})),
            (_, "/api/v1/conversations/{id}/read") => request.json(&json!({"seq": 1})),
            (_, "/api/v1/messages") => {
                let body = json!({"to": to(target, object)?, "body": {"text": "matrix"}});
                keyed(request).json(&body)
            }
            (_, path) if path == "/api/v1/drafts" || path.contains("/messages/{seq}") => {
                let own = json!({"conversation": self.own.conversation});
                let to = to(target, object).unwrap_or(own);
                keyed(request).json(&amend::body(&method, path, &to)?)
            }
            (_, path) if directory::body(path).is_some() => request.json(&directory::body(path)),
            _ => request.json(&accounts::body(path)?),
        })
    }
}

async fn link(server: &TestServer, file: Uuid) -> Result<String> {
    let lina = server.sign_in("lina").await?;
    let path = format!("/api/v1/files/{file}/link");
    let made: webim_wire::rest::Link = lina.post(&path, &json!({})).await?.ok()?;
    let (_, query) = made.url.split_once('?').context("a signature")?;
    Ok(query.to_owned())
}

fn keyed(request: RequestBuilder) -> RequestBuilder {
    request.header("idempotency-key", id().to_string())
}

/// The member's things and those of two others.
async fn objects(server: &TestServer) -> Result<(Object, Object)> {
    let mut found = Vec::new();
    for (one, other, unit) in [("lina", "liuyang", "研发部"), ("john", "wangfang", "Sales")] {
        let (one, other) = (server.sign_in(one).await?, server.sign_in(other).await?);
        let file = upload(&one, "plan.txt", b"words").await?;
        let mut socket = one.connect().await?;
        let said = format!("file({})[plan]", file.url);
        let conversation = socket.tell(other.as_target(), &said).await?.conversation;
        socket.tell(other.as_target(), "a second one").await?;
        let webim_wire::client::Target::Unit(unit) = one.unit(unit).await? else {
            bail!("a unit is a unit");
        };
        found.push(Object {
            conversation,
            unit,
            person: one.id,
            file: file.id,
            session: accounts::session(&one).await?,
            token: accounts::token(server).await?,
        });
    }
    Ok((found[0], found[1]))
}

fn to(target: &str, object: Object) -> Result<Value> {
    Ok(match target {
        "conversation" => json!({"conversation": object.conversation}),
        "person" => json!({"person": object.person}),
        "unit" => json!({"unit": object.unit}),
        _ => bail!("no such target: {target}"),
    })
}

fn upgrade(rest: &Rest) -> RequestBuilder {
    rest.request(Method::GET, "/ws")
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
}

/// Says one op on a socket that was just welcomed.
async fn op(mut socket: TestSocket, row: &Row, object: Object) -> Result<String> {
    let client_id = id();
    let mut frame = json!({"op": row.base(), "client_id": client_id});
    match row.base() {
        // The socket could not be here without it.
        "hello" => return Ok("ok".to_owned()),
        // It has no answer: the next one shows that it was taken.
        "pong" => {
            socket.say_text(r#"{"op":"pong"}"#).await?;
            frame["op"] = json!("status");
            frame["status"] = json!("online");
        }
        "status" => frame["status"] = json!("busy"),
        "watch" => frame["people"] = json!([object.person]),
        "read" => {
            frame["conversation"] = json!(object.conversation);
            frame["seq"] = json!(1);
        }
        "typing" => frame["conversation"] = json!(object.conversation),
        "edit" | "recall" | "react" | "forward" => {
            amend::fill(&mut frame, row.base(), object.conversation);
        }
        "send" => {
            frame["to"] = to(row.target(), object)?;
            frame["body"] = json!({"text": "matrix"});
        }
        other => bail!("it is not known how to say {other}"),
    }
    socket.say_text(&frame.to_string()).await?;
    let answer = socket.answer(client_id).await?;
    Ok(answer.map_or_else(|nack| nack.code, |_| "ok".to_owned()))
}

/// Every operation there is: from the description and from the wire.
async fn operations(server: &TestServer) -> Result<BTreeSet<String>> {
    let document: Value = server.stranger()?.read("/openapi.json").await?;
    let mut all: BTreeSet<String> = ClientFrame::OPS.iter().map(|op| (*op).to_owned()).collect();
    for (path, item) in document["paths"].as_object().context("paths")? {
        let methods = item.as_object().context("an item")?.keys();
        let methods =
            methods.filter(|key| ["get", "put", "post", "delete", "patch"].contains(&key.as_str()));
        all.extend(methods.map(|method| format!("{} {path}", method.to_uppercase())));
    }
    Ok(all)
}

fn objects_are_complete(rows: &[Row]) -> Result<()> {
    for row in rows {
        let named: BTreeSet<_> = rows
            .iter()
            .filter(|other| other.operation == row.operation)
            .map(|row| row.object)
            .collect();
        let complete = named == OBJECTS.into() || named == ["-"].into();
        ensure!(complete, "{} has rows for {named:?}", row.operation);
    }
    Ok(())
}

#[tokio::test]
async fn who_may_do_what_to_what() -> Result<()> {
    let (rows, fixture) = (table(), Fixture::new().await?);
    let mut known = desk::operations();
    known.extend(rows.iter().map(|row| row.base().to_owned()));
    let all = operations(&fixture.server).await?;
    assert_eq!(known, all, "each operation and each row has the other");
    objects_are_complete(&rows)?;
    let lina = fixture.server.sign_in("lina").await?;
    let john = fixture.server.sign_in("john").await?;
    let before = john.history(fixture.foreign.conversation).await?;
    let mut wrong = Vec::new();
    for row in &rows {
        for (role, expected) in row.cells.iter().enumerate() {
            let outcome = fixture.outcome(row, role).await;
            let outcome = outcome
                .with_context(|| format!("{} {} as {}", row.operation, row.object, ROLES[role]))?;
            if outcome != *expected {
                wrong.push(format!(
                    "{} {} as {}: {outcome}, not {expected}",
                    row.operation, row.object, ROLES[role]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // What was refused was not done: the others' conversation is as it was, the member's holds what was allowed.
    assert_eq!(john.history(fixture.foreign.conversation).await?, before);
    let allowed = |row: &&Row| {
        let said = row.target() == "conversation" && !row.base().ends_with("drafts");
        (said || amend::stores(row.base())) && row.object == "own" && row.cells[3] == "ok"
    };
    let said = rows.iter().filter(allowed).count();
    assert_eq!(
        lina.history(fixture.own.conversation).await?.len(),
        2 + said
    );
    Ok(())
}
