//! What the matrix needs to try who may change whose account.

use anyhow::{Context, Result, bail};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;
use webim_support::{PASSWORD, TestPerson, TestServer};
use webim_wire::accounts::{Devices, MadeApiToken};

use super::Object;

/// The path with the session or token of the object in it.
pub(super) fn address(path: &str, method: &Method, object: &Object) -> String {
    // What would end the sessions of all other rows is tried elsewhere.
    if (path, method) == ("/api/v1/me/sessions", &Method::DELETE) {
        return format!("{path}?keep=all");
    }
    path.replace(
        "/me/sessions/{id}",
        &format!("/me/sessions/{}", object.session),
    )
    .replace("/tokens/{id}", &format!("/tokens/{}", object.token))
}

/// A body that is in order, and changes nothing that another row needs.
pub(super) fn body(path: &str) -> Result<Value> {
    Ok(match path {
        "/layim/sign" => json!({"sign": "matrix"}),
        "/layim/skin" => json!({"filename": "3.jpg"}),
        "/api/v1/me/password" => json!({"old": PASSWORD, "new": "short"}),
        "/api/v1/me/settings" => json!({"show_last_seen": false}),
        "/api/v1/tokens" => json!({"name": "matrix", "scopes": ["directory:read"]}),
        "/api/v1/people/{id}/active" => json!({"active": true}),
        "/api/v1/people/{id}/roles" => json!({"roles": []}),
        "/api/v1/people/{id}/password" => json!({"new": "short"}),
        "/api/v1/files/{id}/link" => json!({}),
        _ => bail!("no body is known for {path}"),
    })
}

/// The session under which somebody asks.
pub(super) async fn session(person: &TestPerson) -> Result<Uuid> {
    let devices: Devices = person.read("/api/v1/me/sessions").await?;
    let current = devices.items.into_iter().find(|device| device.current);
    Ok(current.context("one asks")?.id)
}

/// A program's token.
pub(super) async fn token(server: &TestServer) -> Result<Uuid> {
    let admin = server.sign_in("zhaomin").await?;
    let made = admin
        .post("/api/v1/tokens", &body("/api/v1/tokens")?)
        .await?;
    Ok(made.ok::<MadeApiToken>()?.made.id)
}
