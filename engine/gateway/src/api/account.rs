//! What somebody changes about their own account.

use axum::extract::State;
use axum::http::StatusCode;
use webim_wire::{Problem, accounts};

use super::Answer;
use crate::AppState;
use crate::extract::{Address, Body, Signed};
use crate::failure::Failure;

/// Change my password.
///
/// Ends all my other sessions; this one stays. The detail of `password_weak` begins with the rule that is not kept:
/// `min_length`, `max_length`, `login`, `name`, `common` or `same`.
#[utoipa::path(
    put, path = "/api/v1/me/password", tag = "accounts",
    request_body = accounts::PutPassword,
    responses(
        (status = 204, description = "Changed"),
        (status = 403, description = "`password_wrong`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`password_weak`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`login_throttled`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn password(
    State(state): State<AppState>,
    signed: Signed,
    Address(from): Address,
    Body(body): Body<accounts::PutPassword>,
) -> Result<StatusCode, Failure> {
    let accounts = &state.accounts;
    accounts
        .change_password(&signed.session, &body.old, &body.new, from)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What I have set for myself.
#[utoipa::path(
    get, path = "/api/v1/me/settings", tag = "accounts",
    responses((status = 200, body = accounts::PersonSettings)),
)]
pub(crate) async fn settings(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Answer<accounts::PersonSettings>, Failure> {
    let show_last_seen = state.router.shows_last_seen(&signed.caller).await?;
    Ok(Answer(accounts::PersonSettings { show_last_seen }))
}

/// Set something for myself.
#[utoipa::path(
    put, path = "/api/v1/me/settings", tag = "accounts",
    request_body = accounts::PersonSettings,
    responses((status = 204, description = "Done")),
)]
pub(crate) async fn put_settings(
    State(state): State<AppState>,
    signed: Signed,
    Body(body): Body<accounts::PersonSettings>,
) -> Result<StatusCode, Failure> {
    state
        .router
        .set_show_last_seen(&signed.caller, body.show_last_seen)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
