//! One's own devices: which sessions are open under one's name, and ending them.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use webim_model::SessionId;
use webim_wire::{Problem, accounts};

use super::Answer;
use crate::extract::{Id, Query, Signed};
use crate::failure::Failure;
use crate::{AppState, cookie};

/// My sessions.
///
/// The one used last comes first.
#[utoipa::path(
    get, path = "/api/v1/me/sessions", tag = "accounts",
    responses((status = 200, body = accounts::Devices)),
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Answer<accounts::Devices>, Failure> {
    let rows = state.accounts.sessions(&signed.session).await?;
    let online = state.router.sessions_of(signed.caller.person);
    let items = rows.into_iter().map(|row| accounts::Device {
        id: row.id.0,
        device: row.device,
        created_at: row.created.0,
        seen_at: row.seen.0,
        expires_at: row.expires.0,
        online: online.contains(&row.id),
        current: row.id == signed.session.session,
    });
    Ok(Answer(accounts::Devices {
        items: items.collect(),
    }))
}

/// End one of my sessions.
///
/// Its sockets are closed with `session_ended` at once.
#[utoipa::path(
    delete, path = "/api/v1/me/sessions/{id}", tag = "accounts",
    params(("id" = Uuid, Path, description = "The session")),
    responses(
        (status = 204, description = "Ended"),
        (status = 404, description = "`session_unknown`: also where it is somebody else's", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn end(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<SessionId>,
) -> Result<Response, Failure> {
    state.accounts.end_session(&signed.session, id).await?;
    Ok(ended(&state, id == signed.session.session))
}

/// What stays when all sessions are ended.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct KeepQuery {
    /// `current`: the session that asks stays.
    #[param(inline)]
    keep: Option<Keep>,
}

/// A word, so that nothing misspelt ends more than was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Keep {
    /// The session that asks.
    Current,
}

/// Sign out everywhere.
///
/// Ends all my sessions, with `keep=current` all others. Their sockets are closed with `session_ended` at once.
#[utoipa::path(
    delete, path = "/api/v1/me/sessions", tag = "accounts", params(KeepQuery),
    responses((status = 204, description = "Ended")),
)]
pub(crate) async fn end_all(
    State(state): State<AppState>,
    signed: Signed,
    Query(query): Query<KeepQuery>,
) -> Result<Response, Failure> {
    let keep = query.keep.map(|Keep::Current| signed.session.session);
    state
        .accounts
        .end_sessions(signed.caller.person, keep)
        .await?;
    Ok(ended(&state, keep.is_none()))
}

/// The answer; a browser whose own session is over forgets its cookie.
fn ended(state: &AppState, own: bool) -> Response {
    if !own {
        return StatusCode::NO_CONTENT.into_response();
    }
    let forget = AppendHeaders([(SET_COOKIE, cookie::forget(state.secure))]);
    (StatusCode::NO_CONTENT, forget).into_response()
}
