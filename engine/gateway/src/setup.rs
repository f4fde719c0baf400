//! The page behind the set-up link: it makes the first administrator, once.
//!
//! A plain form without scripts, in the language of the browser. Programs, which do not ask for HTML, get problem
//! details like everywhere else.

mod page;

use axum::extract::State;
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use webim_accounts::{FirstAdmin, SetupError};
use webim_model::Refusal;
use webim_wire::{Problem, rest};

use self::page::{Field, Page, Typed};
use crate::AppState;
use crate::extract::{Form, Query};
use crate::failure::{Failure, prefers_chinese};

/// Nothing runs and nothing is loaded but our own style sheet; the form goes nowhere else.
const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";

/// What the link holds.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LinkQuery {
    /// The link's token.
    token: Option<String>,
}

/// The set-up page.
///
/// Behind the one-time link that the server prints while nobody administers it.
#[utoipa::path(
    get, path = "/setup", tag = "pages", params(LinkQuery), security(()),
    responses(
        (status = 200, description = "The form", body = String, content_type = "text/html"),
        (status = 404, description = "`setup_link_unknown`", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "`setup_done`, `setup_link_expired`", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn show(
    State(state): State<AppState>,
    headers: HeaderMap,
    Query(query): Query<LinkQuery>,
) -> Response {
    let asked = Asked::of(&headers);
    let token = query.token.unwrap_or_default();
    match state.accounts.check_setup(&token).await {
        Ok(()) => {
            let typed = Typed {
                token: &token,
                ..Typed::default()
            };
            html(StatusCode::OK, asked.page.form(&typed, None))
        }
        Err(refusal) => asked.refused(refusal),
    }
}

/// Make the first administrator.
///
/// Only from the page itself: the `Origin` must be ours. The link is dead afterwards.
#[utoipa::path(
    post, path = "/setup", tag = "pages", security(()),
    request_body(content = rest::SetUp, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "Done", body = String, content_type = "text/html"),
        (status = 400, description = "`bad_field`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`origin_not_allowed`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`setup_link_unknown`", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "`setup_done`, `setup_link_expired`", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn create(
    State(state): State<AppState>,
    headers: HeaderMap,
    form: Result<Form<rest::SetUp>, Failure>,
) -> Response {
    let asked = Asked::of(&headers);
    if let Err(refusal) = state.origins.check(&headers) {
        return asked.refused(refusal);
    }
    let form = match form {
        Ok(Form(form)) => form,
        Err(failure) => return failure.into_response(),
    };
    let first = FirstAdmin {
        login: &form.login,
        name: &form.name,
        password: &form.password,
    };
    let done = if form.password == form.repeat {
        state.accounts.set_up(&form.token, first).await.map(drop)
    } else {
        // The link is looked at first, as it is where the two are the same.
        let checked = state.accounts.check_setup(&form.token).await;
        return match checked {
            Ok(()) => asked.wrong(&form, Field::Repeat, "repeat: the passwords differ"),
            Err(refusal) => asked.refused(refusal),
        };
    };
    match done {
        Ok(()) => {
            // Otherwise they could sign in and would not be found for two seconds.
            if let Err(nay) = state.router.renew_directory().await {
                tracing::warn!(code = nay.refusal.code(), "the directory was not renewed");
            }
            html(StatusCode::OK, asked.page.done())
        }
        Err(SetupError::Refused(refusal)) => asked.refused(refusal),
        Err(error) => asked.wrong(&form, field(error), &error.to_string()),
    }
}

fn field(error: SetupError) -> Field {
    match error {
        SetupError::Name => Field::Name,
        SetupError::PasswordTooShort => Field::PasswordTooShort,
        SetupError::PasswordTooLong => Field::PasswordTooLong,
        SetupError::Login | SetupError::Refused(_) => Field::Login,
    }
}

/// What of the request decides how it is answered.
struct Asked {
    page: Page,
    /// By a browser that shows the answer, and not by a program.
    html: bool,
}

impl Asked {
    fn of(headers: &HeaderMap) -> Self {
        let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
        Self {
            page: Page::new(prefers_chinese(headers)),
            html: accept.is_some_and(|accept| accept.contains("text/html")),
        }
    }

    fn refused(&self, refusal: Refusal) -> Response {
        if !self.html {
            return Failure::from(refusal).into_response();
        }
        let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
        html(status, self.page.refused(refusal))
    }

    fn wrong(&self, form: &rest::SetUp, field: Field, detail: &str) -> Response {
        if !self.html {
            return Failure::because(Refusal::BadField, detail).into_response();
        }
        // Never the password: it is typed again.
        let typed = Typed {
            token: &form.token,
            login: &form.login,
            name: &form.name,
        };
        html(StatusCode::BAD_REQUEST, self.page.form(&typed, Some(field)))
    }
}

fn html(status: StatusCode, text: String) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, CSP),
        (CACHE_CONTROL, "no-store"),
        // Stricter, and browsers would send `Origin: null` with the form.
        (REFERRER_POLICY, "same-origin"),
        (VARY, "accept, accept-language"),
    ];
    let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
    (status, headers, text).into_response()
}
