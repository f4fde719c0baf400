//! API tokens: which programs administrators have let in, and for what.

use axum::extract::State;
use axum::http::StatusCode;
use webim_accounts::NewApiToken;
use webim_model::{ApiTokenId, Millis, Scopes};
use webim_wire::{Problem, accounts};

use super::Answer;
use crate::AppState;
use crate::extract::{Body, Id, Signed};
use crate::failure::Failure;

/// All API tokens.
///
/// For administrators. The tokens themselves are shown once, when they are made.
#[utoipa::path(
    get, path = "/api/v1/tokens", tag = "accounts",
    responses(
        (status = 200, body = accounts::ApiTokens),
        (status = 403, description = "`forbidden`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Answer<accounts::ApiTokens>, Failure> {
    let rows = state.accounts.api_tokens(&signed.session).await?;
    let items = rows.into_iter().map(shape).collect();
    Ok(Answer(accounts::ApiTokens { items }))
}

/// Make an API token.
///
/// For administrators. A program gives it as `Authorization: Bearer wt_...`; it acts as itself, not as whoever made it.
#[utoipa::path(
    post, path = "/api/v1/tokens", tag = "accounts",
    request_body = accounts::PostApiToken,
    responses(
        (status = 200, body = accounts::MadeApiToken),
        (status = 403, description = "`forbidden`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn make(
    State(state): State<AppState>,
    signed: Signed,
    Body(body): Body<accounts::PostApiToken>,
) -> Result<Answer<accounts::MadeApiToken>, Failure> {
    let scopes: Scopes = body.scopes.into_iter().map(Into::into).collect();
    let new = NewApiToken {
        name: body.name,
        scopes,
        expires: body.expires_at.map(Millis),
    };
    let (row, token) = state.accounts.make_api_token(&signed.session, new).await?;
    Ok(Answer(accounts::MadeApiToken {
        made: shape(row),
        token: token.reveal().to_owned(),
    }))
}

/// Revoke an API token.
///
/// For administrators. It is worth nothing from now on.
#[utoipa::path(
    delete, path = "/api/v1/tokens/{id}", tag = "accounts",
    params(("id" = Uuid, Path, description = "The API token")),
    responses(
        (status = 204, description = "Revoked"),
        (status = 403, description = "`forbidden`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`token_unknown`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn revoke(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<ApiTokenId>,
) -> Result<StatusCode, Failure> {
    state.accounts.revoke_api_token(&signed.session, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn shape(row: webim_accounts::ApiTokenRow) -> accounts::ApiToken {
    accounts::ApiToken {
        id: row.id.0,
        name: row.name,
        scopes: row.scopes.iter().map(Into::into).collect(),
        created_by: row.created_by.0,
        created_at: row.created.0,
        expires_at: row.expires.map(|expires| expires.0),
        used_at: row.used.map(|used| used.0),
    }
}
