//! Signing in and out, who one is, and tickets for sockets without a cookie.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use webim_accounts::{Denial, SignedIn};
use webim_model::Refusal;
use webim_router::Caller;
use webim_wire::{Problem, rest};

use super::Answer;
use crate::extract::{Address, Body, Signed, caller};
use crate::failure::Failure;
use crate::{AppState, cookie, figures};

/// Sign in.
///
/// With `login` and `password`, or with a `token` that a host system signed for its user. Sets the cookie
/// `webim_session`, or with `bearer: true` answers with a token of ours instead. An unknown login, a wrong password and
/// a deactivated account look the same.
#[utoipa::path(
    post, path = "/api/v1/session", tag = "session", security(()),
    request_body = rest::SignIn,
    responses(
        (status = 200, body = rest::Session),
        (status = 401, description = "`login_failed`, `host_token_invalid`, `host_token_used`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`login_throttled`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`host_keys_unavailable`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn sign_in(
    State(state): State<AppState>,
    headers: HeaderMap,
    Address(from): Address,
    Body(body): Body<rest::SignIn>,
) -> Result<Response, Failure> {
    state.origins.check_if_named(&headers)?;
    let device = body.device.as_deref().unwrap_or_default();
    let signing = match (&body.login, &body.password, &body.token) {
        (Some(login), Some(password), None) => {
            let signing = state.accounts.sign_in(login, password, device, from);
            signing.await.map_err(Denial::from)
        }
        (None, None, Some(token)) => state.accounts.sign_in_by_host(token, device, from).await,
        (_, _, Some(_)) => return Err(field("token: it comes without login and password")),
        (None, ..) => return Err(field("login: missing")),
        (_, None, _) => return Err(field("password: missing")),
    };
    figures::sign_in(signing.as_ref().err().map(|denial| denial.refusal));
    let (session, token) = signing?;
    let token = token.reveal();
    let given = body.bearer.then(|| token.to_owned());
    let answer = Answer(describe(&state, &caller(&session), &session, given).await?);
    if body.bearer {
        return Ok(answer.into_response());
    }
    Ok((keep(&state, token, &session), answer).into_response())
}

/// Who am I?
///
/// Also keeps the cookie alive in the browser, as using it does on the server.
#[utoipa::path(
    get, path = "/api/v1/session", tag = "session",
    responses((status = 200, body = rest::Session)),
)]
pub(crate) async fn who_am_i(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Response, Failure> {
    let Signed {
        caller,
        session,
        token,
        cookie,
    } = signed;
    let answer = Answer(describe(&state, &caller, &session, None).await?);
    match token.filter(|_| cookie) {
        Some(token) => Ok((keep(&state, &token, &session), answer).into_response()),
        None => Ok(answer.into_response()),
    }
}

/// Sign out.
///
/// The token and its tickets are worth nothing from now on, and its sockets are closed with `session_ended`.
#[utoipa::path(
    delete, path = "/api/v1/session", tag = "session",
    responses((status = 204, description = "Signed out")),
)]
pub(crate) async fn sign_out(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Response, Failure> {
    state.accounts.sign_out(&signed.session).await?;
    let forget = AppendHeaders([(SET_COOKIE, cookie::forget(state.secure))]);
    Ok((StatusCode::NO_CONTENT, forget).into_response())
}

/// A ticket for one socket.
///
/// For clients that can neither send the cookie nor a header with the handshake: `/ws?ticket=`. It works once.
#[utoipa::path(
    post, path = "/api/v1/tickets", tag = "session",
    responses((status = 200, body = rest::Ticket)),
)]
pub(crate) async fn ticket(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Answer<rest::Ticket>, Failure> {
    let ticket = state.accounts.ticket(&signed.session)?;
    let left = ticket.expires.since(state.sources.now()) / 1_000;
    Ok(Answer(rest::Ticket {
        ticket: ticket.secret.reveal().to_owned(),
        expires_in: u32::try_from(left).unwrap_or(0),
    }))
}

fn keep(
    state: &AppState,
    token: &str,
    session: &SignedIn,
) -> AppendHeaders<[(axum::http::HeaderName, axum::http::HeaderValue); 1]> {
    let seconds = session.expires.since(state.sources.now()) / 1_000;
    AppendHeaders([(SET_COOKIE, cookie::set(token, seconds, state.secure))])
}

async fn describe(
    state: &AppState,
    caller: &Caller,
    session: &SignedIn,
    token: Option<String>,
) -> Result<rest::Session, Failure> {
    let person = state.router.me(caller).await?;
    Ok(rest::Session {
        person: (&person).into(),
        roles: session.roles.iter().map(Into::into).collect(),
        status: person.status.into(),
        expires_at: session.expires.0,
        token,
    })
}

fn field(detail: &str) -> Failure {
    Failure::because(Refusal::BadField, detail)
}
