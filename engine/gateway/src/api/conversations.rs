//! The caller's conversations: the list, one of them, its history, its people, its read mark.

use std::time::Instant;

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use webim_model::{ConversationId, Refusal};
use webim_router::Window;
use webim_wire::rest;

use super::{Answer, page};
use crate::AppState;
use crate::extract::{Body, Id, Query, Signed};
use crate::failure::Failure;

/// Which conversations are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// `next` of the page before.
    after: Option<String>,
    /// Entries of the page; 50 if absent, and more than 200 counts as 200.
    limit: Option<u64>,
}

/// A page of my conversations.
///
/// Newest first: those with a message, and the ones of my units.
#[utoipa::path(
    get, path = "/api/v1/conversations", tag = "conversations", params(ListQuery),
    responses((status = 200, body = rest::Conversations)),
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    signed: Signed,
    Query(query): Query<ListQuery>,
) -> Result<Answer<rest::Conversations>, Failure> {
    let limit = page(query.limit)?;
    let after = query.after.as_deref();
    let list = state
        .router
        .conversations(&signed.caller, after, limit)
        .await?;
    Ok(Answer(list))
}

/// One conversation of mine.
#[utoipa::path(
    get, path = "/api/v1/conversations/{id}", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses((status = 200, body = rest::Conversation)),
)]
pub(crate) async fn one(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<ConversationId>,
) -> Result<Answer<rest::Conversation>, Failure> {
    Ok(Answer(state.router.conversation(&signed.caller, id).await?))
}

/// Which part of the history is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HistoryQuery {
    /// The messages just before this number; not together with `after`.
    before: Option<u64>,
    /// The messages just after this number. With neither: the newest.
    after: Option<u64>,
    /// Messages of the page; 50 if absent, and more than the limit `page` (100 by default) counts as that.
    limit: Option<u64>,
}

impl HistoryQuery {
    fn window(&self) -> Result<Window, Failure> {
        match (self.before, self.after) {
            (None, None) => Ok(Window::Newest),
            (Some(seq), None) => Ok(Window::Before(seq)),
            (None, Some(seq)) => Ok(Window::After(seq)),
            (Some(_), Some(_)) => {
                let detail = "before and after cannot both be given";
                Err(Failure::because(Refusal::BadField, detail))
            }
        }
    }
}

/// A page of a conversation's history.
///
/// Oldest first, by `seq`. The header `server-timing` says how many milliseconds the server took.
#[utoipa::path(
    get, path = "/api/v1/conversations/{id}/messages", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation"), HistoryQuery),
    responses((status = 200, body = rest::History)),
)]
pub(crate) async fn history(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<ConversationId>,
    Query(query): Query<HistoryQuery>,
) -> Result<Response, Failure> {
    let began = Instant::now();
    let limit = page(query.limit)?;
    let window = query.window()?;
    let history = state
        .router
        .history(&signed.caller, id, window, limit)
        .await?;
    let mut response = Answer(history).into_response();
    let took = format!("app;dur={:.3}", began.elapsed().as_secs_f64() * 1_000.0);
    let took = HeaderValue::try_from(took).expect("digits are ASCII");
    response
        .headers_mut()
        .insert(HeaderName::from_static("server-timing"), took);
    Ok(response)
}

/// Which members are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MembersQuery {
    /// `next` of the page before.
    after: Option<Uuid>,
    /// Entries of the page; 50 if absent, and more than 500 counts as 500.
    limit: Option<u64>,
}

/// A page of a conversation's people.
#[utoipa::path(
    get, path = "/api/v1/conversations/{id}/members", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation"), MembersQuery),
    responses((status = 200, body = rest::People)),
)]
pub(crate) async fn members(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<ConversationId>,
    Query(query): Query<MembersQuery>,
) -> Result<Answer<rest::People>, Failure> {
    let limit = page(query.limit)?;
    let after = query.after.map(Into::into);
    let members = state
        .router
        .members(&signed.caller, id, after, limit)
        .await?;
    Ok(Answer(members))
}

/// I have read up to here.
///
/// Marks only grow; an older number changes nothing, and one beyond the end means the end.
#[utoipa::path(
    put, path = "/api/v1/conversations/{id}/read", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation")),
    request_body = rest::PutRead,
    responses((status = 204, description = "Noted")),
)]
pub(crate) async fn read(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<ConversationId>,
    Body(body): Body<rest::PutRead>,
) -> Result<StatusCode, Failure> {
    state.router.read(&signed.caller, id, body.seq).await?;
    Ok(StatusCode::NO_CONTENT)
}
