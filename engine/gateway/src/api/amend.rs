//! What is done to messages that are there already, who has read them, and drafts.

use axum::extract::State;
use axum::http::StatusCode;
use webim_wire::amend::{
    Drafts, PostForward, PutDraft, PutMessage, PutReaction, Readers, Versions,
};
use webim_wire::server::Stored;

use super::Answer;
use crate::AppState;
use crate::extract::{Body, Key, Place, Signed};
use crate::failure::Failure;

/// Edit what I said.
///
/// Within the time that `welcome` names. The edit is an entry of its own with a number of its own.
#[utoipa::path(
    put, path = "/api/v1/conversations/{id}/messages/{seq}", tag = "conversations",
    params(
        ("id" = Uuid, Path, description = "The conversation"),
        ("seq" = u64, Path, description = "The message's number"),
        ("Idempotency-Key" = Uuid, Header, description = "The edit's `client_id`"),
    ),
    request_body = PutMessage,
    responses((status = 200, body = Stored)),
)]
pub(crate) async fn edit(
    State(state): State<AppState>,
    signed: Signed,
    Place(at): Place,
    Key(key): Key,
    Body(body): Body<PutMessage>,
) -> Result<Answer<Stored>, Failure> {
    let stored = state.router.edit(&signed.caller, key, at, body).await?;
    Ok(Answer(stored))
}

/// Recall what I said.
///
/// Within the time that `welcome` names. Readers no longer get what it said; auditors do.
#[utoipa::path(
    delete, path = "/api/v1/conversations/{id}/messages/{seq}", tag = "conversations",
    params(
        ("id" = Uuid, Path, description = "The conversation"),
        ("seq" = u64, Path, description = "The message's number"),
        ("Idempotency-Key" = Uuid, Header, description = "The recall's `client_id`"),
    ),
    responses((status = 200, body = Stored)),
)]
pub(crate) async fn recall(
    State(state): State<AppState>,
    signed: Signed,
    Place(at): Place,
    Key(key): Key,
) -> Result<Answer<Stored>, Failure> {
    Ok(Answer(state.router.recall(&signed.caller, key, at).await?))
}

/// Put my sign beside a message, or take it away.
#[utoipa::path(
    put, path = "/api/v1/conversations/{id}/messages/{seq}/reactions", tag = "conversations",
    params(
        ("id" = Uuid, Path, description = "The conversation"),
        ("seq" = u64, Path, description = "The message's number"),
        ("Idempotency-Key" = Uuid, Header, description = "The reaction's `client_id`"),
    ),
    request_body = PutReaction,
    responses((status = 200, body = Stored)),
)]
pub(crate) async fn react(
    State(state): State<AppState>,
    signed: Signed,
    Place(at): Place,
    Key(key): Key,
    Body(body): Body<PutReaction>,
) -> Result<Answer<Stored>, Failure> {
    let stored = state.router.react(&signed.caller, key, at, body).await?;
    Ok(Answer(stored))
}

/// Say elsewhere what was said there, as it reads now.
#[utoipa::path(
    post, path = "/api/v1/conversations/{id}/messages/{seq}/forward", tag = "conversations",
    params(
        ("id" = Uuid, Path, description = "The conversation"),
        ("seq" = u64, Path, description = "The message's number"),
        ("Idempotency-Key" = Uuid, Header, description = "The new message's `client_id`"),
    ),
    request_body = PostForward,
    responses((status = 200, body = Stored)),
)]
pub(crate) async fn forward(
    State(state): State<AppState>,
    signed: Signed,
    Place(at): Place,
    Key(key): Key,
    Body(body): Body<PostForward>,
) -> Result<Answer<Stored>, Failure> {
    let to = body.to;
    let stored = state.router.forward(&signed.caller, key, at, to).await?;
    Ok(Answer(stored))
}

/// Who has read it.
#[utoipa::path(
    get, path = "/api/v1/conversations/{id}/messages/{seq}/readers", tag = "conversations",
    params(
        ("id" = Uuid, Path, description = "The conversation"),
        ("seq" = u64, Path, description = "The message's number"),
    ),
    responses((status = 200, body = Readers)),
)]
pub(crate) async fn readers(
    State(state): State<AppState>,
    signed: Signed,
    Place(at): Place,
) -> Result<Answer<Readers>, Failure> {
    Ok(Answer(state.router.readers(&signed.caller, at).await?))
}

/// What it said at first and all that changed it.
///
/// For auditors, of any conversation. That they looked is logged.
#[utoipa::path(
    get, path = "/api/v1/conversations/{id}/messages/{seq}/versions", tag = "conversations",
    params(
        ("id" = Uuid, Path, description = "The conversation"),
        ("seq" = u64, Path, description = "The message's number"),
    ),
    responses((status = 200, body = Versions)),
)]
pub(crate) async fn versions(
    State(state): State<AppState>,
    signed: Signed,
    Place(at): Place,
) -> Result<Answer<Versions>, Failure> {
    Ok(Answer(state.router.versions(&signed.caller, at).await?))
}

/// What I began to write.
#[utoipa::path(
    get, path = "/api/v1/drafts", tag = "conversations",
    responses((status = 200, body = Drafts)),
)]
pub(crate) async fn drafts(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Answer<Drafts>, Failure> {
    Ok(Answer(state.router.drafts(&signed.caller).await?))
}

/// Keep what I began to write; an empty text forgets it.
///
/// The newest hundred are kept.
#[utoipa::path(
    put, path = "/api/v1/drafts", tag = "conversations",
    request_body = PutDraft,
    responses((status = 204, description = "Kept")),
)]
pub(crate) async fn keep_draft(
    State(state): State<AppState>,
    signed: Signed,
    Body(body): Body<PutDraft>,
) -> Result<StatusCode, Failure> {
    state.router.keep_draft(&signed.caller, body).await?;
    Ok(StatusCode::NO_CONTENT)
}
