//! `Idempotency-Key`: over REST, the name of a message that makes it once.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use uuid::Uuid;
use webim_model::{ClientId, Refusal};

use crate::failure::Failure;

/// The key of a write.
pub(crate) struct Key(pub ClientId);

impl<S: Sync> FromRequestParts<S> for Key {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let value = parts.headers.get("idempotency-key");
        let key = value.and_then(|value| value.to_str().ok()?.parse::<Uuid>().ok());
        key.map(|key| Self(ClientId(key)))
            .ok_or(Refusal::IdempotencyKey.into())
    }
}
