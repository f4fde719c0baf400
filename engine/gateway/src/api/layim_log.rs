//! LayIM's own pages beside its panel: the log of a chat, the message box, one's signature and background.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use webim_router::Chat;
use webim_wire::layim::{Envelope, LogLine, MessageBox, Sign, Skin};

use super::{Answer, page};
use crate::AppState;
use crate::extract::{Either, Query, Signed};
use crate::failure::Failure;

/// Whose log is asked for. Such pages add parameters of their own, which are let through.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LogQuery {
    /// LayIM's id of the chat: of the person, of the group, else of the conversation.
    id: Uuid,
    /// `friend`, `group`, or anything else for the conversation itself.
    r#type: String,
    /// `seq` of the oldest line at hand, for the page before it.
    before: Option<u64>,
    /// Lines of a page; 50 if absent.
    limit: Option<u64>,
}

/// The log of a chat of mine, oldest first, as LayIM's page of it expects it.
#[utoipa::path(
    get, path = "/layim/chatlog", tag = "layim", params(LogQuery),
    responses((status = 200, body = Envelope<Vec<LogLine>>)),
)]
pub(crate) async fn chatlog(
    State(state): State<AppState>,
    signed: Signed,
    Query(query): Query<LogQuery>,
) -> Result<Answer<Envelope<Vec<LogLine>>>, Failure> {
    let chat = match query.r#type.as_str() {
        "friend" => Chat::Friend(query.id.into()),
        "group" => Chat::Group(query.id.into()),
        _ => Chat::Conversation(query.id.into()),
    };
    let limit = page(query.limit)?;
    let lines = state
        .router
        .layim_log(&signed.caller, chat, query.before, limit)
        .await?;
    Ok(Answer(Envelope::ok(lines)))
}

/// Which page is asked for. Such pages add parameters of their own, which are let through.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct BoxQuery {
    /// Counted from 1; absent: the first.
    page: Option<u64>,
}

/// My message box, newest first. Nobody asks to be a friend here, so what it holds are notices of the system's.
#[utoipa::path(
    get, path = "/layim/msgbox", tag = "layim", params(BoxQuery),
    responses((status = 200, body = MessageBox)),
)]
pub(crate) async fn msgbox(
    State(state): State<AppState>,
    signed: Signed,
    Query(query): Query<BoxQuery>,
) -> Result<Answer<MessageBox>, Failure> {
    let page = query.page.unwrap_or(1);
    Ok(Answer(
        state.router.layim_msgbox(&signed.caller, page).await?,
    ))
}

/// The line I write about myself. Everybody is told that the directory has changed.
#[utoipa::path(
    put, path = "/layim/sign", tag = "layim",
    request_body(content((Sign = "application/json"), (Sign = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = Envelope<Sign>)),
)]
pub(crate) async fn sign(
    State(state): State<AppState>,
    signed: Signed,
    Either(body): Either<Sign>,
) -> Result<Answer<Envelope<Sign>>, Failure> {
    state.router.set_sign(&signed.caller, &body.sign).await?;
    Ok(Answer(Envelope::ok(body)))
}

/// The same, by the method that pages written for LayIM use.
#[utoipa::path(
    post, path = "/layim/sign", tag = "layim",
    request_body(content((Sign = "application/json"), (Sign = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = Envelope<Sign>)),
)]
pub(crate) async fn post_sign(
    state: State<AppState>,
    signed: Signed,
    body: Either<Sign>,
) -> Result<Answer<Envelope<Sign>>, Failure> {
    sign(state, signed, body).await
}

/// The background of my chats; `data` is null before I have chosen one.
#[utoipa::path(
    get, path = "/layim/skin", tag = "layim",
    responses((status = 200, body = Envelope<Skin>)),
)]
pub(crate) async fn skin(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Answer<Envelope<Skin>>, Failure> {
    let skin = state.router.skin(&signed.caller).await?;
    Ok(Answer(Envelope {
        data: skin,
        ..Envelope::ok(Skin::default())
    }))
}

/// Choose the background of my chats.
///
/// A picture of my own is uploaded first (`/layim/upload/image`); its file is kept while it is my background.
#[utoipa::path(
    post, path = "/layim/skin", tag = "layim",
    request_body(content((Skin = "application/json"), (Skin = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = Envelope<Skin>)),
)]
pub(crate) async fn put_skin(
    State(state): State<AppState>,
    signed: Signed,
    Either(body): Either<Skin>,
) -> Result<Answer<Envelope<Skin>>, Failure> {
    let kept = state.router.set_skin(&signed.caller, body).await?;
    Ok(Answer(Envelope::ok(kept)))
}
