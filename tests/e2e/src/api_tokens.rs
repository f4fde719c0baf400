//! Programs and their tokens: what each address takes, and until when a token is worth something.

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Value, json};
use webim_support::{Answer, Rest, TestPerson, TestServer, id, until};
use webim_wire::accounts::{ApiTokens, MadeApiToken};
use webim_wire::rest::{People, Units};

const SCOPES: [&str; 3] = ["messages:push", "directory:read", "directory:write"];

async fn make(admin: &TestPerson, scopes: &[&str]) -> Result<MadeApiToken> {
    let body = json!({"name": "工资系统", "scopes": scopes});
    admin.post("/api/v1/tokens", &body).await?.ok()
}

/// Whether it was refused for want of a scope, in whatever shape the address speaks.
fn scope_missing(answer: &Answer) -> bool {
    answer.text.contains("This API token may not do this.")
}

/// The scopes that an address says it takes; none at all if anybody may come.
fn taken(operation: &Value) -> Option<Vec<&str>> {
    let security = operation["security"].as_array();
    let proofs = security.into_iter().flatten();
    let scopes = proofs.clone().filter_map(|proof| proof["token"].as_array());
    let public = proofs.clone().any(|proof| proof == &json!({}));
    let scopes = scopes.flatten().filter_map(Value::as_str).collect();
    (!public).then_some(scopes)
}

/// With an id, whatever is asked for: who calls is looked at first.
fn filled(path: &str) -> String {
    let parts = path.split('{').map(|part| match part.split_once('}') {
        Some((_, rest)) => format!("{}{rest}", id()),
        None => part.to_owned(),
    });
    parts.collect()
}

/// Method, path and scopes of all that is not for anybody.
fn operations(document: &Value) -> Result<Vec<(Method, String, Vec<&str>)>> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().context("paths")? {
        let path = filled(&path.replace("{file}", "{id}.svg"));
        for (method, operation) in item.as_object().context("an item")? {
            let method: Method = method.to_uppercase().parse()?;
            all.extend(taken(operation).map(|scopes| (method, path.clone(), scopes)));
        }
    }
    Ok(all)
}

#[tokio::test]
async fn each_address_takes_the_scopes_that_it_names_and_no_others() -> Result<()> {
    let server = TestServer::start().await?;
    let admin = server.sign_in("zhaomin").await?;
    let mut programs: Vec<(&str, Rest)> = Vec::new();
    for scope in SCOPES {
        let made = make(&admin, &[scope]).await?;
        programs.push((scope, server.holder_of(&made.token)?));
    }
    let document: Value = server.stranger()?.read("/openapi.json").await?;
    let operations = operations(&document)?;
    let named: usize = operations.iter().map(|(_, _, scopes)| scopes.len()).sum();
    let mut wrong = Vec::new();
    for (method, path, scopes) in &operations {
        for (scope, program) in &programs {
            let request = program.request(method.clone(), path);
            let answer = program.ask(request).await?;
            if scope_missing(&answer) == scopes.contains(scope) {
                let text = answer.text;
                wrong.push(format!("{method} {path} with {scope}: {text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(named >= 4, "{named}");
    Ok(())
}

#[tokio::test]
async fn a_program_reads_and_changes_the_directory() -> Result<()> {
    let server = TestServer::start().await?;
    let (admin, lina) = (
        server.sign_in("zhaomin").await?,
        server.sign_in("lina").await?,
    );
    let made = make(&admin, &["directory:read", "directory:write"]).await?;
    assert!(made.token.starts_with("wt_"));
    let program = server.holder_of(&made.token)?;
    let units: Units = program.read("/api/v1/units").await?;
    assert_eq!(units.items.len(), 3);
    assert!(
        units.items.iter().all(|unit| unit.conversation.is_none()),
        "it is in none"
    );
    let people: People = program.read("/api/v1/people?limit=500").await?;
    assert_eq!(people.items.len(), 7);
    let path = format!("/api/v1/people/{}", lina.id);
    let person: Value = program.read(&path).await?;
    assert_eq!(person["name"], "李娜");
    let path = format!("{path}/active");
    program
        .put(&path, &json!({"active": false}))
        .await?
        .done()?;
    assert_eq!(
        lina.get("/api/v1/session").await?.code()?,
        "not_authenticated"
    );
    // It may not take the last admin away, nor make one, whatever its scopes.
    let path = format!("/api/v1/people/{}/active", admin.id);
    let last = program.put(&path, &json!({"active": false})).await?;
    assert_eq!(last.code()?, "last_admin");
    let path = format!("/api/v1/people/{}/roles", lina.id);
    let refused = program
        .put(&path, &json!({"roles": ["admin"]}))
        .await?
        .problem()?;
    assert_eq!((refused.status, &*refused.code), (403, "scope_missing"));
    assert_eq!(
        refused.detail.as_deref(),
        Some("this address takes no API token")
    );
    Ok(())
}

#[tokio::test]
async fn a_token_is_shown_once_and_worth_nothing_afterwards() -> Result<()> {
    let server = TestServer::start().await?;
    let admin = server.sign_in("zhaomin").await?;
    let made = make(&admin, &["directory:read"]).await?;
    let (token, program) = (&made.token, server.holder_of(&made.token)?);
    let listed = admin.get("/api/v1/tokens").await?;
    assert!(!listed.text.contains(&token[3..]));
    let listed: ApiTokens = listed.ok()?;
    assert_eq!(listed.items, std::slice::from_ref(&made.made));
    assert_eq!((made.made.created_by, made.made.used_at), (admin.id, None));
    assert_eq!(program.get("/api/v1/units").await?.status, 200);
    until("its use to be written down", async || {
        let listed: ApiTokens = admin.read("/api/v1/tokens").await?;
        Ok(listed.items[0].used_at)
    })
    .await?;
    let path = format!("/api/v1/people/{}/active", id());
    let too_little = program.put(&path, &json!({"active": true})).await?;
    let problem = too_little.problem()?;
    assert_eq!((problem.status, &*problem.code), (403, "scope_missing"));
    let needs = "the token needs the scope directory:write";
    assert_eq!(problem.detail.as_deref(), Some(needs));

    // Revoked, expired, changed by a letter, or in the cookie: nobody.
    let expired = make(&admin, &["directory:read"]).await?;
    let sql = format!(
        "UPDATE api_tokens SET expires_at = 1 WHERE id = X'{}'",
        expired.made.id.simple()
    );
    server.database.say(&sql).await?;
    let late = server
        .holder_of(&expired.token)?
        .get("/api/v1/units")
        .await?
        .problem()?;
    assert_eq!((late.status, &*late.code), (401, "not_authenticated"));
    let path = format!("/api/v1/tokens/{}", made.made.id);
    admin.delete(&path).await?.done()?;
    assert_eq!(admin.delete(&path).await?.code()?, "token_unknown");
    let mut other = token.clone();
    let last = if other.ends_with('A') { 'B' } else { 'A' };
    other.pop();
    other.push(last);
    for token in [token, &other, "wt_", "wt_x"] {
        let answer = server.holder_of(token)?.get("/api/v1/units").await?;
        assert_eq!(answer.code()?, "not_authenticated", "{token}");
    }
    let stranger = server.stranger()?;
    let valid = make(&admin, &["directory:read"]).await?.token;
    let cookie = stranger.request(Method::GET, "/api/v1/units");
    let cookie = cookie.header("cookie", format!("webim_session={valid}"));
    assert_eq!(stranger.ask(cookie).await?.code()?, "not_authenticated");
    assert!(!server.log()?.contains("wt_"), "secrets in the log");
    Ok(())
}

#[tokio::test]
async fn what_no_token_is_made_of() -> Result<()> {
    let server = TestServer::start().await?;
    let admin = server.sign_in("zhaomin").await?;
    for body in [
        json!({"name": "x", "scopes": []}),
        json!({"name": "x", "scopes": ["everything"]}),
        json!({"name": "", "scopes": ["directory:read"]}),
        json!({"name": "a\nb", "scopes": ["directory:read"]}),
        json!({"name": "x".repeat(101), "scopes": ["directory:read"]}),
        json!({"name": "x", "scopes": ["directory:read"], "expires_at": 1}),
        json!({"name": "x", "scopes": ["directory:read"], "expires": 1}),
        json!({"scopes": ["directory:read"]}),
    ] {
        let refused = admin.post("/api/v1/tokens", &body).await?;
        assert_eq!(refused.code()?, "bad_field", "{body}");
    }
    assert!(
        admin
            .read::<ApiTokens>("/api/v1/tokens")
            .await?
            .items
            .is_empty()
    );
    Ok(())
}
