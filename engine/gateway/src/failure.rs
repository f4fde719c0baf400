//! Refusals on their way out: a handler returns [`Failure`]; the outermost layer, which knows the request, gives it a
//! body in the caller's language and in the shape that the address speaks.

use axum::http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use webim_accounts::Denial;
use webim_model::Refusal;
use webim_router::Nay;
use webim_wire::{FrameError, Problem};

/// What a handler returns instead of its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure(pub Nay);

impl Failure {
    /// `refusal` with `detail`.
    pub fn because(refusal: Refusal, detail: impl Into<String>) -> Self {
        Self(Nay::because(refusal, detail))
    }
}

impl From<Nay> for Failure {
    fn from(nay: Nay) -> Self {
        Self(nay)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self(refusal.into())
    }
}

impl From<Denial> for Failure {
    fn from(denial: Denial) -> Self {
        match denial.detail {
            Some(detail) => Self::because(denial.refusal, detail),
            None => denial.refusal.into(),
        }
    }
}

impl From<FrameError> for Failure {
    fn from(error: FrameError) -> Self {
        Self::because(error.refusal, error.detail)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = status(self.0.refusal).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

fn status(refusal: Refusal) -> StatusCode {
    StatusCode::from_u16(refusal.status()).expect("the table holds valid statuses")
}

/// Gives a refusal its body: problem details, or LayIM's envelope for pages written for LayIM, which show `msg` only
/// where the HTTP status is 200.
pub(crate) fn write(failure: Failure, mut response: Response, asked: Asked) -> Response {
    let Failure(nay) = failure;
    let problem = Problem {
        retry_after: nay.retry_after,
        ..Problem::new(nay.refusal, nay.detail, asked.chinese)
    };
    let (kind, body) = if asked.layim {
        *response.status_mut() = StatusCode::OK;
        ("application/json", envelope(&problem))
    } else {
        let body = serde_json::to_vec(&problem).expect("a problem is always JSON");
        ("application/problem+json", body)
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if nay.refusal == Refusal::NotAuthenticated {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(millis) = nay.retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(millis.div_ceil(1_000)));
    }
    let (mut head, _) = response.into_parts();
    head.headers.remove(axum::http::header::CONTENT_LENGTH);
    Response::from_parts(head, body.into())
}

fn envelope(problem: &Problem) -> Vec<u8> {
    let msg = match &problem.detail {
        Some(detail) => format!("{} ({detail})", problem.title),
        None => problem.title.clone(),
    };
    let envelope = webim_wire::layim::Envelope::<()> {
        code: i32::from(problem.status),
        msg,
        data: None,
    };
    serde_json::to_vec(&envelope).expect("an envelope is always JSON")
}

/// What of the request decides how a refusal is put.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    /// In Chinese rather than in English.
    pub chinese: bool,
    /// In LayIM's shape.
    pub layim: bool,
}

/// Whether `Accept-Language` prefers Chinese to English.
pub(crate) fn prefers_chinese(headers: &HeaderMap) -> bool {
    let text = headers
        .get(ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let weight = |wanted: &str| {
        let ranges = text.unwrap_or_default().split(',').enumerate();
        let found = ranges.filter_map(|(place, range)| {
            let (tag, q) = range.split_once(';').unwrap_or((range, "q=1"));
            let primary = tag.trim().split('-').next().unwrap_or_default();
            let q: f32 = q.trim().strip_prefix("q=")?.trim().parse().ok()?;
            // Where two weigh the same, the one named first is meant.
            primary
                .eq_ignore_ascii_case(wanted)
                .then_some((q, usize::MAX - place))
        });
        found
            .filter(|(q, _)| *q > 0.0)
            .max_by(|one, other| one.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal))
    };
    match (weight("zh"), weight("en")) {
        (Some(chinese), Some(english)) => chinese > english,
        (chinese, _) => chinese.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language() {
        let chinese = |text: &str| {
            prefers_chinese(
                &[(ACCEPT_LANGUAGE, text.parse().unwrap())]
                    .into_iter()
                    .collect(),
            )
        };
        for text in [
            "zh",
            "zh-CN,zh;q=0.9,en;q=0.8",
            "en;q=0.5, zh-TW;q=0.7",
            "ZH",
            "fr, zh;q=0.1",
            "zh,en",
        ] {
            assert!(chinese(text), "{text}");
        }
        for text in [
            "en",
            "en-US,en;q=0.9,zh;q=0.8",
            "fr",
            "*",
            "",
            "zh;q=0",
            "zh;q=x",
            "en,zh",
            ";;,,",
        ] {
            assert!(!chinese(text), "{text}");
        }
        assert!(!prefers_chinese(&HeaderMap::new()));
    }

    #[tokio::test]
    async fn a_refusal_becomes_a_problem() {
        let nay = Nay {
            refusal: Refusal::RateLimited,
            detail: None,
            retry_after: Some(1_200),
        };
        let asked = Asked {
            chinese: true,
            layim: false,
        };
        let response = write(Failure(nay.clone()), Failure(nay).into_response(), asked);
        assert_eq!(response.status(), 429);
        assert_eq!(response.headers()[RETRY_AFTER], "2");
        assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
        let body = axum::body::to_bytes(response.into_body(), 10_000)
            .await
            .unwrap();
        insta::assert_snapshot!(
            std::str::from_utf8(&body).unwrap(),
            @r#"{"type":"/problems/rate_limited","title":"操作过快，请稍候。","status":429,"code":"rate_limited","retry_after":1200}"#
        );
    }

    #[tokio::test]
    async fn layim_pages_get_their_own_shape() {
        let failure = Failure::because(Refusal::BadField, "id is not a UUID");
        let asked = Asked {
            chinese: false,
            layim: true,
        };
        let response = write(failure.clone(), failure.into_response(), asked);
        assert_eq!(response.status(), 200);
        let body = axum::body::to_bytes(response.into_body(), 10_000)
            .await
            .unwrap();
        insta::assert_snapshot!(
            std::str::from_utf8(&body).unwrap(),
            @r#"{"code":400,"msg":"A field is missing, unknown or of the wrong type. (id is not a UUID)","data":null}"#
        );
    }
}
