//! The REST interface: one module a noun.

pub(crate) mod account;
pub(crate) mod amend;
pub(crate) mod channels;
pub(crate) mod conversations;
pub(crate) mod devices;
pub(crate) mod directory;
pub(crate) mod directory_rest;
pub(crate) mod files;
pub(crate) mod layim;
pub(crate) mod layim_log;
pub(crate) mod links;
pub(crate) mod me;
pub(crate) mod messages;
pub(crate) mod people;
pub(crate) mod search;
pub(crate) mod service;
pub(crate) mod session;
pub(crate) mod tokens;
pub(crate) mod uploads;

use axum::Json;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use webim_model::Refusal;

use crate::failure::Failure;

/// An answer that is for this caller alone, and only now.
pub(crate) struct Answer<T>(pub T);

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.0).into_response();
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// Entries of a page where the caller does not say.
const PAGE: u64 = 50;

/// How many entries a page is to have; the router keeps it within the stated limit.
fn page(asked: Option<u64>) -> Result<u64, Failure> {
    match asked {
        Some(0) => Err(Failure::because(
            Refusal::BadField,
            "limit must be at least 1",
        )),
        asked => Ok(asked.unwrap_or(PAGE)),
    }
}
