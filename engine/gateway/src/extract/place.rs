//! A message's place inside a path: its conversation and its number.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use uuid::Uuid;
use webim_model::{ConversationId, Refusal};

use crate::failure::Failure;

/// What `/conversations/{id}/messages/{seq}` names.
pub(crate) struct Place(pub (ConversationId, u64));

impl<S: Send + Sync> FromRequestParts<S> for Place {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let wrong = |detail: String| Failure::because(Refusal::BadField, detail);
        let params = RawPathParams::from_request_parts(parts, state).await;
        let params = params.map_err(|error| wrong(error.body_text()))?;
        let (mut conversation, mut seq) = (None, None);
        for (name, text) in &params {
            match name {
                "id" => conversation = text.parse::<Uuid>().ok(),
                "seq" => seq = text.parse::<u64>().ok().filter(|seq| *seq > 0),
                _ => {}
            }
        }
        let conversation = conversation.ok_or_else(|| wrong("id is not a UUID".into()))?;
        let seq = seq.ok_or_else(|| wrong("seq is not a number from 1".into()))?;
        Ok(Self((conversation.into(), seq)))
    }
}
