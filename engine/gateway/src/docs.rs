//! `/openapi.json`: what is not said beside the handlers. The frames of the socket are among its schemas, so that
//! clients in other languages generate all their types from one document.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use webim_model::{Bye, Refusal};
use webim_wire::search::SearchIn;
use webim_wire::{ClientFrame, Problem, server};

use crate::AppState;

/// Everything about the interface that stands at no single handler.
#[derive(OpenApi)]
#[openapi(
    info(title = "webim", description = "Chat of an organisation and its customers. Errors are RFC 9457 problem \
        details with a stable `code`. Times are milliseconds since 1970, UTC."),
    components(schemas(ClientFrame, server::ServerFrame, Problem, SearchIn)),
    modifiers(&Codes, &Proofs),
    security(("cookie" = []), ("bearer" = [])),
    tags(
        (name = "session", description = "Who one is"),
        (name = "accounts", description = "Passwords, devices, API tokens, and what administrators change of people"),
        (name = "directory", description = "Units and people"),
        (name = "conversations", description = "Conversations and messages"),
        (name = "service", description = "Customers, agents, and who answers whom"),
        (name = "search", description = "Finding what was said"),
        (name = "files", description = "What people show each other"),
        (name = "socket", description = "What happens, as it happens"),
        (name = "layim", description = "The same in LayIM's shapes. A refusal has HTTP status 200 and `code` not 0"),
        (name = "pages", description = "What browsers load"),
        (name = "health", description = "For those who watch the server"),
    ),
)]
pub(crate) struct Api;

struct Codes;

impl Modify for Codes {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let schemas = &mut openapi.components.get_or_insert_default().schemas;
        schemas.insert("RefusalCode".into(), refusals().into());
        schemas.insert("ByeWord".into(), byes().into());
    }
}

fn refusals() -> Schema {
    let mut text = "Why something was not done: `code` of a problem and of `nack`.\n\n\
        | code | HTTP status | again later? | |\n|---|---|---|---|\n"
        .to_owned();
    for refusal in Refusal::ALL {
        let (code, status, english) = (refusal.code(), refusal.status(), refusal.english());
        let retry = if refusal.retry() { "yes" } else { "no" };
        writeln!(text, "| `{code}` | {status} | {retry} | {english} |")
            .expect("a string takes text");
    }
    words(Refusal::ALL.iter().map(|refusal| refusal.code()), text)
}

fn byes() -> Schema {
    let mut text = "Why the server closes a socket: `word` of `bye`.\n\n\
        | word | close code | come back? | |\n|---|---|---|---|\n"
        .to_owned();
    for bye in Bye::ALL {
        let (word, code, english) = (bye.word(), bye.code(), bye.english());
        let back = if bye.reconnect() { "yes" } else { "no" };
        writeln!(text, "| `{word}` | {code} | {back} | {english} |").expect("a string takes text");
    }
    words(Bye::ALL.iter().map(|bye| bye.word()), text)
}

fn words(values: impl Iterator<Item = &'static str>, text: String) -> Schema {
    let object = ObjectBuilder::new().schema_type(Type::String);
    Schema::Object(
        object
            .enum_values(Some(values))
            .description(Some(text))
            .build(),
    )
}

struct Proofs;

impl Modify for Proofs {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let cookie = ApiKeyValue::with_description(
            "webim_session",
            "Set by signing in. What changes something needs an `Origin` of ours with it.",
        );
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "An API token (`wt_...`) that an administrator made for a program; it needs one of the scopes named.",
            ))
            .build();
        components.add_security_scheme("token", SecurityScheme::Http(token));
    }
}

/// This interface.
#[utoipa::path(
    get, path = "/openapi.json", tag = "health", security(()),
    responses((status = 200, description = "OpenAPI", body = Object)),
)]
pub(crate) async fn document(State(state): State<AppState>) -> impl IntoResponse {
    let text = state.document.get_or_init(|| {
        let text = crate::openapi()
            .to_json()
            .expect("the description has string keys only");
        text.into()
    });
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, text.clone())
}
