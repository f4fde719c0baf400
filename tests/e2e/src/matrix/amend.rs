//! What the rows about messages that are there already, and about LayIM's log of them, are asked with.

use anyhow::{Result, bail};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

/// The body of a request.
pub fn body(method: &Method, path: &str, to: &Value) -> Result<Value> {
    Ok(match path {
        "/api/v1/drafts" => json!({"to": to, "text": "matrix"}),
        "/api/v1/conversations/{id}/messages/{seq}" => json!({"text": "matrix"}),
        "/api/v1/conversations/{id}/messages/{seq}/reactions" => json!({"emoji": "👍", "on": true}),
        "/api/v1/conversations/{id}/messages/{seq}/forward" => json!({"to": to}),
        _ => bail!("no body is known for {method} {path}"),
    })
}

/// Whose log LayIM's page asks for.
pub fn chat(of: &str, person: Uuid, unit: Uuid) -> String {
    match of {
        "person" => format!("?type=friend&id={person}"),
        _ => format!("?type=group&id={unit}"),
    }
}

/// The fields of an op.
pub fn fill(frame: &mut Value, op: &str, conversation: Uuid) {
    frame["conversation"] = json!(conversation);
    frame["seq"] = json!(1);
    match op {
        "edit" => frame["text"] = json!("matrix"),
        "forward" => frame["to"] = json!({"conversation": conversation}),
        "react" => (frame["emoji"], frame["on"]) = (json!("🎉"), json!(true)),
        _ => {}
    }
}

/// Whether an operation stores an entry in the conversation that it is done in.
pub fn stores(operation: &str) -> bool {
    let rest = operation.contains("/messages/{seq}") && !operation.starts_with("GET");
    rest || ["edit", "recall", "react", "forward"].contains(&operation)
}
