//! What the caller shows of themselves.

use axum::extract::State;
use axum::http::StatusCode;
use webim_wire::layim::Sign;
use webim_wire::rest;

use crate::AppState;
use crate::extract::{Body, Signed};
use crate::failure::Failure;

/// What I want to show to others.
#[utoipa::path(
    put, path = "/api/v1/me/status", tag = "session",
    request_body = rest::PutStatus,
    responses((status = 204, description = "Done")),
)]
pub(crate) async fn status(
    State(state): State<AppState>,
    signed: Signed,
    Body(body): Body<rest::PutStatus>,
) -> Result<StatusCode, Failure> {
    state
        .router
        .set_status(&signed.caller, body.status.into())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The line I write about myself.
///
/// At most 100 characters on one line; empty takes it away. Everybody is told that the directory has changed.
#[utoipa::path(
    put, path = "/api/v1/me/sign", tag = "session",
    request_body = Sign,
    responses((status = 204, description = "Done")),
)]
pub(crate) async fn sign(
    State(state): State<AppState>,
    signed: Signed,
    Body(body): Body<Sign>,
) -> Result<StatusCode, Failure> {
    state.router.set_sign(&signed.caller, &body.sign).await?;
    Ok(StatusCode::NO_CONTENT)
}
