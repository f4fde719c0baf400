//! For those who watch the server: is it alive, and can it do its work?

use axum::extract::State;
use axum::http::StatusCode;
use webim_model::Refusal;
use webim_wire::Problem;

use crate::AppState;
use crate::failure::Failure;

/// Does the process live?
#[utoipa::path(
    get, path = "/healthz", tag = "health", security(()),
    responses((status = 200, description = "It does")),
)]
pub(crate) async fn alive() -> StatusCode {
    StatusCode::OK
}

/// Can messages be stored?
#[utoipa::path(
    get, path = "/readyz", tag = "health", security(()),
    responses(
        (status = 200, description = "They can"),
        (status = 503, description = "They cannot, or the server is stopping", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn ready(State(state): State<AppState>) -> Result<StatusCode, Failure> {
    if state.stop.is_cancelled() {
        return Err(Failure::because(Refusal::Busy, "the server is stopping"));
    }
    state.router.ready().await?;
    Ok(StatusCode::OK)
}
