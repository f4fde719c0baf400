//! The outermost layer of every request: counts it, gives refusals their body, and keeps a bug in one handler from
//! breaking the connection.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::header::X_CONTENT_TYPE_OPTIONS;
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use webim_model::Refusal;

use crate::failure::{Asked, Failure, prefers_chinese, write};
use crate::figures;

pub(crate) async fn finish(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let method = request.method().clone();
    let asked = Asked {
        chinese: prefers_chinese(request.headers()),
        layim: route.starts_with("/layim/"),
    };
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let mut response = answered.unwrap_or_else(|_| {
        tracing::error!(%method, route, "a handler panicked");
        Failure::from(Refusal::Internal).into_response()
    });
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        response = write(failure, response, asked);
    }
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let status = response.status().as_u16();
    figures::http(known(&method), route, status, began.elapsed());
    tracing::debug!(%method, route, status, "answered");
    response
}

/// A stranger may name a method anything; a figure's labels are few.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}
