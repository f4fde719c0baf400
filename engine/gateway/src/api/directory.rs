//! Units and people.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use webim_model::PersonId;
use webim_wire::{accounts, rest};

use super::{Answer, page};
use crate::AppState;
use crate::extract::{DirectoryRead, Id, Query, Scoped};
use crate::failure::Failure;

/// All units.
///
/// Parents come before children, in the organisation's order.
#[utoipa::path(
    get, path = "/api/v1/units", tag = "directory",
    security(("cookie" = []), ("bearer" = []), ("token" = ["directory:read"])),
    responses((status = 200, body = rest::Units)),
)]
pub(crate) async fn units(
    State(state): State<AppState>,
    Scoped { who, .. }: Scoped<DirectoryRead>,
) -> Result<Answer<rest::Units>, Failure> {
    Ok(Answer(state.router.units(&who.reader()).await?))
}

/// Which people are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PeopleQuery {
    /// Only those directly in this unit.
    unit: Option<Uuid>,
    /// `next` of the page before.
    after: Option<Uuid>,
    /// Entries of the page; 50 if absent, and more than 500 counts as 500.
    limit: Option<u64>,
}

/// A page of people.
///
/// All active members, or those of one unit.
#[utoipa::path(
    get, path = "/api/v1/people", tag = "directory", params(PeopleQuery),
    security(("cookie" = []), ("bearer" = []), ("token" = ["directory:read"])),
    responses((status = 200, body = rest::People)),
)]
pub(crate) async fn people(
    State(state): State<AppState>,
    Scoped { who, .. }: Scoped<DirectoryRead>,
    Query(query): Query<PeopleQuery>,
) -> Result<Answer<rest::People>, Failure> {
    let limit = page(query.limit)?;
    let (unit, after) = (query.unit.map(Into::into), query.after.map(Into::into));
    let people = state
        .router
        .people(&who.reader(), unit, after, limit)
        .await?;
    Ok(Answer(people))
}

/// One person.
#[utoipa::path(
    get, path = "/api/v1/people/{id}", tag = "directory",
    params(("id" = Uuid, Path, description = "The person")),
    security(("cookie" = []), ("bearer" = []), ("token" = ["directory:read"])),
    responses((status = 200, body = accounts::PersonDetail)),
)]
pub(crate) async fn person(
    State(state): State<AppState>,
    Scoped { who, .. }: Scoped<DirectoryRead>,
    Id(id): Id<PersonId>,
) -> Result<Answer<accounts::PersonDetail>, Failure> {
    let person = state.router.person(&who.reader(), id).await?;
    let last_seen = state.router.last_seen(id).await?;
    Ok(Answer(accounts::PersonDetail {
        person,
        last_seen: last_seen.map(|seen| seen.0),
    }))
}
