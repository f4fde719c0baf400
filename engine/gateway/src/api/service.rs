//! Customer service: lanes, the list of customers, one of them, the queue, the board, and the reasons of decisions.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use webim_model::{AssignmentId, ConversationId, PersonId};
use webim_router::{Language, ServedAsk};
use webim_wire::Problem;
use webim_wire::service::rest::{
    Agents, Board, Canned, CannedList, CustomerCard, Lanes, PutCanned, PutCustomer, ServedDetail,
    ServedPage, SidePage, WaitingList, Why,
};

use super::Answer;
use crate::AppState;
use crate::extract::{Body, Id, Query, Signed};
use crate::failure::{Failure, prefers_chinese};

fn language(headers: &HeaderMap) -> Language {
    if prefers_chinese(headers) {
        Language::Chinese
    } else {
        Language::English
    }
}

/// My lanes, as a customer.
///
/// The newest contact first.
#[utoipa::path(
    get, path = "/api/v1/service/lanes", tag = "service",
    responses((status = 200, body = Lanes)),
)]
pub(crate) async fn lanes(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Answer<Lanes>, Failure> {
    Ok(Answer(state.router.lanes(&signed.caller).await?))
}

/// Which of my customers.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ServedQuery {
    /// `next` of the page before.
    after: Option<String>,
    /// Lines; 50 if absent, at most 200.
    limit: Option<u64>,
    /// True: those, too, with whom there was no contact for long.
    #[serde(default)]
    hidden: bool,
    /// True: those, too, whom others serve.
    #[serde(default)]
    all: bool,
    /// Part of the customer's name.
    #[serde(default)]
    q: String,
}

/// My customers, as an agent.
///
/// Everybody I ever served and who was not given to another, the newest contact first.
#[utoipa::path(
    get, path = "/api/v1/service/customers", tag = "service", params(ServedQuery),
    responses(
        (status = 200, body = ServedPage),
        (status = 403, description = "`forbidden`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn served(
    State(state): State<AppState>,
    signed: Signed,
    Query(query): Query<ServedQuery>,
) -> Result<Answer<ServedPage>, Failure> {
    let ask = ServedAsk {
        after: query.after,
        limit: super::page(query.limit)?,
        hidden: query.hidden,
        everybodys: query.all,
        name: query.q,
    };
    Ok(Answer(state.router.served(&signed.caller, ask).await?))
}

/// All about one service conversation beside its messages.
#[utoipa::path(
    get, path = "/api/v1/service/conversations/{id}", tag = "service",
    params(("id" = Uuid, Path, description = "The conversation")),
    responses(
        (status = 200, body = ServedDetail),
        (status = 404, description = "`conversation_unknown`", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn detail(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<ConversationId>,
    headers: HeaderMap,
) -> Result<Answer<ServedDetail>, Failure> {
    let language = language(&headers);
    let detail = state.router.served_detail(&signed.caller, id, language);
    Ok(Answer(detail.await?))
}

/// Which part of a side stream.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SideQuery {
    /// Before this number; the newest if absent.
    before: Option<u64>,
    /// Entries; 50 if absent, at most 200.
    limit: Option<u64>,
}

/// What stands beside a service conversation.
///
/// Notes, whispers, transfers and receipts, oldest first; the customer never sees them.
#[utoipa::path(
    get, path = "/api/v1/service/conversations/{id}/side", tag = "service",
    params(("id" = Uuid, Path, description = "The conversation"), SideQuery),
    responses((status = 200, body = SidePage)),
)]
pub(crate) async fn side(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<ConversationId>,
    Query(query): Query<SideQuery>,
) -> Result<Answer<SidePage>, Failure> {
    let limit = super::page(query.limit)?;
    let side = state
        .router
        .side_stream(&signed.caller, id, query.before, limit);
    Ok(Answer(side.await?))
}

/// Who waits, in order.
#[utoipa::path(
    get, path = "/api/v1/service/queue", tag = "service",
    responses((status = 200, body = WaitingList)),
)]
pub(crate) async fn queue(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Answer<WaitingList>, Failure> {
    Ok(Answer(state.router.waiting(&signed.caller).await?))
}

/// The board.
///
/// For supervisors: channels, agents, who waits and who is served.
#[utoipa::path(
    get, path = "/api/v1/service/board", tag = "service",
    responses(
        (status = 200, body = Board),
        (status = 403, description = "`forbidden`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn board(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Answer<Board>, Failure> {
    Ok(Answer(state.router.board(&signed.caller).await?))
}

/// All agents.
///
/// With what they take and whether they take it now. For those who serve customers, and for administrators.
#[utoipa::path(
    get, path = "/api/v1/agents", tag = "service",
    responses((status = 200, body = Agents)),
)]
pub(crate) async fn agents(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Answer<Agents>, Failure> {
    Ok(Answer(state.router.agents(&signed.caller).await?))
}

/// Why somebody was given a customer.
///
/// In a sentence, and with all that the decision was made from.
#[utoipa::path(
    get, path = "/api/v1/assignments/{id}/why", tag = "service",
    params(("id" = Uuid, Path, description = "The assignment")),
    responses(
        (status = 200, body = Why),
        (status = 404, description = "`assignment_unknown`", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn why(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<AssignmentId>,
    headers: HeaderMap,
) -> Result<Answer<Why>, Failure> {
    let language = language(&headers);
    Ok(Answer(
        state.router.why(&signed.caller, id, language).await?,
    ))
}

/// What is known of a customer.
#[utoipa::path(
    get, path = "/api/v1/customers/{id}", tag = "service",
    params(("id" = Uuid, Path, description = "The customer")),
    responses(
        (status = 200, body = CustomerCard),
        (status = 404, description = "`customer_unknown`", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn customer(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<PersonId>,
) -> Result<Answer<CustomerCard>, Failure> {
    Ok(Answer(
        state.router.customer_card(&signed.caller, id).await?,
    ))
}

/// Change what is known of a customer.
///
/// What is left out stays. A blocked customer's messages are refused.
#[utoipa::path(
    put, path = "/api/v1/customers/{id}", tag = "service",
    params(("id" = Uuid, Path, description = "The customer")),
    request_body = PutCustomer,
    responses(
        (status = 200, body = CustomerCard),
        (status = 404, description = "`customer_unknown`", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn put_customer(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<PersonId>,
    Body(put): Body<PutCustomer>,
) -> Result<Answer<CustomerCard>, Failure> {
    let card = state.router.put_customer(&signed.caller, id, put);
    Ok(Answer(card.await?))
}

/// Replies at hand.
///
/// Everybody's and my own, by shortcut.
#[utoipa::path(
    get, path = "/api/v1/canned", tag = "service",
    responses((status = 200, body = CannedList)),
)]
pub(crate) async fn canned(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Answer<CannedList>, Failure> {
    Ok(Answer(state.router.canned(&signed.caller).await?))
}

/// Keep a reply at hand.
#[utoipa::path(
    post, path = "/api/v1/canned", tag = "service", request_body = PutCanned,
    responses((status = 200, body = Canned)),
)]
pub(crate) async fn make_canned(
    State(state): State<AppState>,
    signed: Signed,
    Body(put): Body<PutCanned>,
) -> Result<Answer<Canned>, Failure> {
    let canned = state.router.put_canned(&signed.caller, None, put);
    Ok(Answer(canned.await?))
}

/// Change a reply at hand.
#[utoipa::path(
    put, path = "/api/v1/canned/{id}", tag = "service",
    params(("id" = Uuid, Path, description = "The reply")),
    request_body = PutCanned,
    responses(
        (status = 200, body = Canned),
        (status = 404, description = "`canned_unknown`", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn put_canned(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<Uuid>,
    Body(put): Body<PutCanned>,
) -> Result<Answer<Canned>, Failure> {
    let canned = state.router.put_canned(&signed.caller, Some(id), put);
    Ok(Answer(canned.await?))
}

/// Take a reply away.
#[utoipa::path(
    delete, path = "/api/v1/canned/{id}", tag = "service",
    params(("id" = Uuid, Path, description = "The reply")),
    responses((status = 204, description = "Gone")),
)]
pub(crate) async fn delete_canned(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id<Uuid>,
) -> Result<StatusCode, Failure> {
    state.router.delete_canned(&signed.caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
