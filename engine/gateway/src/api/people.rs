//! What administrators change of people: who is active, what they may do, a new password for
//! one who forgot theirs, and the end of an account.

use axum::extract::State;
use axum::http::StatusCode;
use webim_model::{PersonId, Roles};
use webim_wire::{Problem, accounts};

use crate::AppState;
use crate::extract::{Body, DirectoryWrite, Id, Scoped, Signed};
use crate::failure::Failure;

/// Deactivate somebody, or let them in again.
///
/// For administrators, and for programs with `directory:write`. Who is deactivated is out at once: their sessions end,
/// their sockets are closed with `deactivated`, they leave their units and can be written to no more; what they said
/// stays. Who comes back is the same person as before, and in no unit until the directory says so.
#[utoipa::path(
    put, path = "/api/v1/people/{id}/active", tag = "accounts",
    params(("id" = Uuid, Path, description = "The person")),
    request_body = accounts::PutActive,
    security(("cookie" = []), ("bearer" = []), ("token" = ["directory:write"])),
    responses(
        (status = 204, description = "Done"),
        (status = 403, description = "`forbidden`, `scope_missing`", body = Problem,
            content_type = "application/problem+json"),
        (status = 409, description = "`last_admin`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn active(
    State(state): State<AppState>,
    Scoped { who, .. }: Scoped<DirectoryWrite>,
    Id(id): Id<PersonId>,
    Body(body): Body<accounts::PutActive>,
) -> Result<StatusCode, Failure> {
    state.accounts.set_active(who.by(), id, body.active).await?;
    changed(&state).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Give somebody roles.
///
/// For administrators; these roles and no other.
#[utoipa::path(
    put, path = "/api/v1/people/{id}/roles", tag = "accounts",
    params(("id" = Uuid, Path, description = "The person")),
    request_body = accounts::PutRoles,
    responses(
        (status = 204, description = "Done"),
        (status = 403, description = "`forbidden`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`last_admin`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn roles(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<PersonId>,
    Body(body): Body<accounts::PutRoles>,
) -> Result<StatusCode, Failure> {
    let roles: Roles = body.roles.into_iter().map(Into::into).collect();
    state.accounts.set_roles(&signed.session, id, roles).await?;
    changed(&state).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Set somebody's password.
///
/// For administrators, to help who forgot theirs; ends all sessions of theirs. One's own is changed with the old one.
#[utoipa::path(
    put, path = "/api/v1/people/{id}/password", tag = "accounts",
    params(("id" = Uuid, Path, description = "The person")),
    request_body = accounts::NewPassword,
    responses(
        (status = 204, description = "Done"),
        (status = 403, description = "`forbidden`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`password_weak`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn password(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<PersonId>,
    Body(body): Body<accounts::NewPassword>,
) -> Result<StatusCode, Failure> {
    let accounts = &state.accounts;
    accounts
        .reset_password(&signed.session, id, &body.new)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Erase somebody's account.
///
/// For administrators, once the person was deactivated; there is no way back. Name, login, password, picture, sign,
/// roles, devices, settings and drafts go, and the login can be used anew. What they said stays, under a neutral name:
/// `webim erase --person` takes that away.
#[utoipa::path(
    delete, path = "/api/v1/people/{id}", tag = "accounts",
    params(("id" = Uuid, Path, description = "The person")),
    responses(
        (status = 204, description = "Done"),
        (status = 403, description = "`forbidden`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`person_unknown`: nobody, or erased before", body = Problem,
            content_type = "application/problem+json"),
        (status = 409, description = "`person_active`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn erase(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<PersonId>,
) -> Result<StatusCode, Failure> {
    state.accounts.erase(&signed.session, id).await?;
    changed(&state).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows the change now rather than in two seconds. Whoever an import has deactivated meanwhile is put out here, since
/// this is the one that sees the version move.
pub(super) async fn changed(state: &AppState) {
    match state.router.renew_directory().await {
        // The cause is logged where it is met.
        Ok(true) => drop(
            state
                .accounts
                .end_deactivated(&state.router.connected())
                .await,
        ),
        Ok(false) => {}
        Err(nay) => tracing::warn!(code = nay.refusal.code(), "the directory was not renewed"),
    }
}
