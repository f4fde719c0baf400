//! `Idempotency-Key`: over REST, the name of a message that makes it once.

use axum::extract::FromRequestParts;
use axum::http::HeaderValue;
use axum::http::request::Parts;
use uuid::Uuid;
use webim_model::{ClientId, Refusal};

use crate::failure::Failure;

/// The key of a write.
pub(crate) struct Key(pub ClientId);

impl<S: Sync> FromRequestParts<S> for Key {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        key(parts.headers.get("idempotency-key"))
            .map(Self)
            .map_err(Into::into)
    }
}

/// The key that a header holds.
pub(crate) fn key(value: Option<&HeaderValue>) -> Result<ClientId, Refusal> {
    let key = value.and_then(|value| value.to_str().ok()?.parse::<Uuid>().ok());
    key.map(ClientId).ok_or(Refusal::IdempotencyKey)
}
