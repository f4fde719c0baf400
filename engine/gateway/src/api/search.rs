//! Search.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use webim_router::SearchFor;
use webim_wire::search::{SearchIn, SearchResults};

use super::Answer;
use crate::AppState;
use crate::extract::{Query, Signed};
use crate::failure::Failure;

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchQuery {
    /// Words, at most 256 characters. All must be there; what stands in double quotes must stand there so.
    q: String,
    /// Only these; all if absent.
    r#in: Option<SearchIn>,
    /// Only in this conversation of mine.
    conversation: Option<Uuid>,
    /// `next` of the page before.
    after: Option<String>,
    /// Entries of each kind; 50 if absent or more.
    limit: Option<u64>,
}

/// Search what I may read.
///
/// Messages by their words, files by their names, people by name, login, pinyin and initials; the best first. A
/// message is found about a second after it was stored. Of messages and files the newest 400 that match are looked at.
#[utoipa::path(
    get, path = "/api/v1/search", tag = "search", params(SearchQuery),
    responses((status = 200, body = SearchResults)),
)]
pub(crate) async fn search(
    State(state): State<AppState>,
    signed: Signed,
    Query(query): Query<SearchQuery>,
) -> Result<Answer<SearchResults>, Failure> {
    let asked = SearchFor {
        text: &query.q,
        only: query.r#in,
        conversation: query.conversation.map(Into::into),
        after: query.after.as_deref(),
        limit: super::page(query.limit)?,
    };
    Ok(Answer(state.router.search(&signed.caller, &asked).await?))
}
