//! The part of an address behind the question mark.

use axum::extract::FromRequestParts;
use axum::extract::Query as Parsed;
use axum::http::Uri;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use webim_model::Refusal;

use crate::failure::Failure;

/// Parameters; types refuse unknown ones, so that a misspelt one is not silently ignored.
pub(crate) struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        fields(&parts.uri).map(Self)
    }
}

/// The parameters of an address.
pub(crate) fn fields<T: DeserializeOwned>(uri: &Uri) -> Result<T, Failure> {
    match Parsed::try_from_uri(uri) {
        Ok(Parsed(query)) => Ok(query),
        Err(error) => {
            let text = error.body_text();
            let detail = text.strip_prefix("Failed to deserialize query string: ");
            Err(Failure::because(Refusal::BadField, detail.unwrap_or(&text)))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use uuid::Uuid;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only parsing is tested")]
    struct Page {
        after: Option<Uuid>,
        limit: Option<u64>,
    }

    async fn detail(uri: &str) -> Option<String> {
        let (mut parts, ()) = axum::http::Request::get(uri).body(()).unwrap().into_parts();
        let parsed = Query::<Page>::from_request_parts(&mut parts, &()).await;
        parsed.err().and_then(|failure| failure.0.detail)
    }

    #[tokio::test]
    async fn wrong_parameters_are_named() {
        assert_eq!(detail("/x").await, None);
        assert_eq!(detail("/x?limit=5").await, None);
        for (uri, name) in [
            ("/x?limit=many", "limit"),
            ("/x?limit=-1", "limit"),
            ("/x?after=me", "after"),
            ("/x?befor=1", "befor"),
            ("/x?limit=1&limit=2", "limit"),
        ] {
            let detail = detail(uri).await.unwrap();
            assert!(detail.contains(name), "{uri}: {detail}");
        }
    }
}
