//! Saying something over REST: as somebody who is signed in, or as a program.

use axum::extract::{FromRequest, Request, State};
use webim_model::PersonId;
use webim_router::Program;
use webim_wire::push::{PostMessage, Posted, Push};
use webim_wire::{Problem, rest};

use super::Answer;
use crate::AppState;
use crate::extract::{Body, Key, MessagesPush, Scoped, Who};
use crate::failure::Failure;

/// Say something.
///
/// Answered once the message is stored. The header `Idempotency-Key` makes it once: the same again gets the same
/// answer and stores nothing.
///
/// A program with an API token says texts and cards under its own name: to one person or to everyone as a notice, to a
/// unit in its conversation. What it says to everyone who is online is answered with how many have it.
#[utoipa::path(
    post, path = "/api/v1/messages", tag = "conversations",
    params(("Idempotency-Key" = uuid::Uuid, Header, description = "The message's `client_id`")),
    request_body = PostMessage,
    security(("cookie" = []), ("bearer" = []), ("token" = ["messages:push"])),
    responses(
        (status = 200, body = Posted),
        (status = 403, description = "`forbidden`, `scope_missing`", body = Problem,
            content_type = "application/problem+json"),
        (status = 409, description = "`client_id_reused`, `lease_required`, `lease_stale`", body = Problem,
            content_type = "application/problem+json"),
        (status = 429, description = "`rate_limited`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`store_unavailable`, `outcome_unknown`, `busy`: send the same again", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn post(
    State(state): State<AppState>,
    Scoped { who, .. }: Scoped<MessagesPush>,
    Key(key): Key,
    request: Request,
) -> Result<Answer<Posted>, Failure> {
    let posted = match who {
        Who::Person(signed) => {
            let Body(post) = Body::<rest::Post>::from_request(request, &state).await?;
            Posted::Stored(state.router.post(&signed.caller, key, post).await?)
        }
        Who::Client(client) => {
            let Body(push) = Body::<Push>::from_request(request, &state).await?;
            let program = Program {
                id: PersonId(client.id.0),
                name: client.name,
            };
            state.router.push(&program, key, push).await?
        }
    };
    Ok(Answer(posted))
}
