//! `If-Match`: the directory's version that a change is made from, and the keys inside a path.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;
use webim_model::Refusal;

use crate::failure::Failure;

/// The version that the caller has seen, if they say so.
pub(crate) struct Seen(pub Option<u64>);

impl<S: Sync> FromRequestParts<S> for Seen {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let Some(value) = parts.headers.get(IF_MATCH) else {
            return Ok(Self(None));
        };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(Self(None));
        }
        let number = text.trim_matches('"').parse::<u64>();
        number.map(|seen| Self(Some(seen))).map_err(|_| {
            Failure::because(
                Refusal::BadField,
                "If-Match is not a version of the directory",
            )
        })
    }
}

/// The organisation's own key in a path such as `/directory/units/{code}`.
pub(crate) struct Name(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let params = RawPathParams::from_request_parts(parts, state).await;
        let params =
            params.map_err(|error| Failure::because(Refusal::BadField, error.body_text()))?;
        let (_, text) = params.iter().next().unwrap_or_default();
        Ok(Self(text.to_owned()))
    }
}
