//! Saying something over REST.

use axum::extract::State;
use webim_wire::server::Stored;
use webim_wire::{Problem, rest};

use super::Answer;
use crate::AppState;
use crate::extract::{Body, Key, Signed};
use crate::failure::Failure;

/// Say something.
///
/// Answered once the message is stored. The header `Idempotency-Key` makes it once: the same again gets the same
/// answer and stores nothing.
#[utoipa::path(
    post, path = "/api/v1/messages", tag = "conversations",
    params(("Idempotency-Key" = uuid::Uuid, Header, description = "The message's `client_id`")),
    request_body = rest::Post,
    responses(
        (status = 200, body = Stored),
        (status = 409, description = "`client_id_reused`, `lease_required`, `lease_stale`", body = Problem,
            content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`store_unavailable`, `outcome_unknown`, `busy`: send the same again", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn post(
    State(state): State<AppState>,
    signed: Signed,
    Key(key): Key,
    Body(body): Body<rest::Post>,
) -> Result<Answer<Stored>, Failure> {
    Ok(Answer(state.router.post(&signed.caller, key, body).await?))
}
