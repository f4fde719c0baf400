//! Units and people.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use webim_model::PersonId;
use webim_wire::rest;

use super::{Answer, page};
use crate::AppState;
use crate::extract::{Id, Query, Signed};
use crate::failure::Failure;

/// All units.
///
/// Parents come before children, in the organisation's order.
#[utoipa::path(
    get, path = "/api/v1/units", tag = "directory",
    responses((status = 200, body = rest::Units)),
)]
pub(crate) async fn units(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Answer<rest::Units>, Failure> {
    Ok(Answer(state.router.units(&signed.caller).await?))
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
    responses((status = 200, body = rest::People)),
)]
pub(crate) async fn people(
    State(state): State<AppState>,
    signed: Signed,
    Query(query): Query<PeopleQuery>,
) -> Result<Answer<rest::People>, Failure> {
    let limit = page(query.limit)?;
    let (unit, after) = (query.unit.map(Into::into), query.after.map(Into::into));
    let people = state
        .router
        .people(&signed.caller, unit, after, limit)
        .await?;
    Ok(Answer(people))
}

/// One person.
#[utoipa::path(
    get, path = "/api/v1/people/{id}", tag = "directory",
    params(("id" = Uuid, Path, description = "The person")),
    responses((status = 200, body = rest::PersonItem)),
)]
pub(crate) async fn person(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<PersonId>,
) -> Result<Answer<rest::PersonItem>, Failure> {
    Ok(Answer(state.router.person(&signed.caller, id).await?))
}
