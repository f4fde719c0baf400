//! The one id inside a path.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use uuid::Uuid;
use webim_model::Refusal;

use crate::failure::Failure;

/// The id that a path such as `/people/{id}` names.
pub(crate) struct Id<T>(pub T);

impl<T: From<Uuid>, S: Send + Sync> FromRequestParts<S> for Id<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let params = RawPathParams::from_request_parts(parts, state).await;
        let params =
            params.map_err(|error| Failure::because(Refusal::BadField, error.body_text()))?;
        let (name, text) = params.iter().next().unwrap_or_default();
        // Pictures have an ending.
        let text = text.strip_suffix(".svg").unwrap_or(text);
        match text.parse::<Uuid>() {
            Ok(id) => Ok(Self(id.into())),
            Err(_) => Err(Failure::because(
                Refusal::BadField,
                format!("{name} is not a UUID"),
            )),
        }
    }
}
