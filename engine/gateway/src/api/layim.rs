//! What pages written for LayIM ask for, in LayIM's own shapes. A refusal is `{code, msg, data: null}` with HTTP
//! status 200 and the status of the refusal as `code`, since such pages show `msg` and know nothing else.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use webim_wire::layim::{Envelope, Init, Members};

use super::Answer;
use crate::AppState;
use crate::extract::{Query, Signed};
use crate::failure::Failure;

/// What a LayIM panel starts with.
#[utoipa::path(
    get, path = "/layim/init", tag = "layim",
    responses((status = 200, body = Envelope<Init>)),
)]
pub(crate) async fn init(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Answer<Envelope<Init>>, Failure> {
    let init = state.router.layim_init(&signed.caller).await?;
    Ok(Answer(Envelope::ok(init)))
}

/// Whose members are asked for. Such pages add parameters of their own, which are let through.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MembersQuery {
    /// LayIM's group, which is a unit.
    id: Uuid,
}

/// The people of a unit of mine.
#[utoipa::path(
    get, path = "/layim/members", tag = "layim", params(MembersQuery),
    responses((status = 200, body = Envelope<Members>)),
)]
pub(crate) async fn members(
    State(state): State<AppState>,
    signed: Signed,
    Query(query): Query<MembersQuery>,
) -> Result<Answer<Envelope<Members>>, Failure> {
    let members = state
        .router
        .layim_members(&signed.caller, query.id.into())
        .await?;
    Ok(Answer(Envelope::ok(members)))
}
