//! Bodies within the stated limit: JSON, the fields of a form, or either.

use std::time::Duration;

use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, Uri};
use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt;
use serde::de::DeserializeOwned;
use tokio::time::timeout;
use webim_model::Refusal;

use crate::AppState;
use crate::failure::Failure;

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes of a form, at most.
const FORM: usize = 16 * 1024;
/// How many times the limit is still read, and thrown away, so that the sender comes to read the refusal.
const OVERRUN: usize = 1_024;

/// A JSON body.
pub(crate) struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Failure> {
        if !is_json(request.headers()) {
            return Err(Refusal::MediaType.into());
        }
        let limit = state.router.config().limits.frame_bytes;
        let patience = timeout(PATIENCE, read(request, limit));
        let bytes = patience.await.map_err(|_| slow())??;
        Ok(Self(webim_wire::parse_body(&bytes)?))
    }
}

/// The fields of an HTML form.
pub(crate) struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Form<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &AppState) -> Result<Self, Failure> {
        let patience = timeout(PATIENCE, read(request, FORM));
        let bytes = patience.await.map_err(|_| slow())??;
        // A form's fields are written as those of an address are.
        let uri = std::str::from_utf8(&bytes).ok();
        let uri = uri.and_then(|fields| format!("/?{fields}").parse::<Uri>().ok());
        let uri =
            uri.ok_or_else(|| Failure::because(Refusal::BadField, "the form is malformed"))?;
        super::query::fields(&uri).map(Self)
    }
}

/// A JSON body or an HTML form, as its media type says: pages written for LayIM send forms.
pub(crate) struct Either<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Either<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Failure> {
        if is(request.headers(), "application/x-www-form-urlencoded") {
            return Form::from_request(request, state)
                .await
                .map(|Form(fields)| Self(fields));
        }
        Body::from_request(request, state)
            .await
            .map(|Body(fields)| Self(fields))
    }
}

fn slow() -> Failure {
    Failure::because(
        Refusal::BadJson,
        "the body did not arrive within 30 seconds",
    )
}

fn is_json(headers: &HeaderMap) -> bool {
    is(headers, "application/json")
}

fn is(headers: &HeaderMap, wanted: &str) -> bool {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media = value
        .and_then(|value| value.split(';').next())
        .map(str::trim);
    media.is_some_and(|media| media.eq_ignore_ascii_case(wanted))
}

async fn read(request: Request, limit: usize) -> Result<Bytes, Failure> {
    let stated = request.headers().get(CONTENT_LENGTH);
    let stated = stated.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let mut kept = BytesMut::with_capacity(stated.unwrap_or(0).min(limit));
    let mut seen = 0_usize;
    let mut chunks = request.into_body().into_data_stream();
    let broken = |_| Failure::because(Refusal::BadJson, "the body was cut off");
    while let Some(chunk) = chunks.try_next().await.map_err(broken)? {
        seen = seen.saturating_add(chunk.len());
        if seen <= limit {
            kept.extend_from_slice(&chunk);
        } else if seen > limit.saturating_mul(OVERRUN) {
            break;
        }
    }
    if seen > limit {
        let detail = format!("a body may have at most {limit} bytes");
        return Err(Failure::because(Refusal::FrameTooLarge, detail));
    }
    Ok(kept.freeze())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_is_taken() {
        let json = |value: &str| {
            is_json(
                &[(CONTENT_TYPE, value.parse().unwrap())]
                    .into_iter()
                    .collect(),
            )
        };
        assert!(json("application/json"));
        assert!(json("Application/JSON; charset=utf-8"));
        assert!(!json("text/plain"));
        assert!(!json("application/x-www-form-urlencoded"));
        assert!(!json("application/jsonp"));
        assert!(!is_json(&HeaderMap::new()));
    }

    #[tokio::test]
    async fn what_is_too_long_is_refused_whether_it_says_so_or_not() {
        let body = |bytes: usize| Request::new(axum::body::Body::from(vec![b' '; bytes]));
        assert_eq!(read(body(100), 100).await.unwrap().len(), 100);
        let refused = read(body(101), 100).await.unwrap_err();
        assert_eq!(refused.0.refusal, Refusal::FrameTooLarge);
        let refused = read(body(1_000_000), 100).await.unwrap_err();
        assert_eq!(refused.0.refusal, Refusal::FrameTooLarge);
    }
}
