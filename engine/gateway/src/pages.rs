//! Pages and what they load, as the web crate embeds them.

use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, REFERRER_POLICY, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use webim_model::Refusal;
use webim_web::Asset;

use crate::AppState;
use crate::failure::Failure;
use crate::licensed::Licensed;

/// Only our own files run; `layer` writes style attributes; pictures and sounds in messages may come from elsewhere.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; \
    img-src 'self' data: blob: https:; font-src 'self'; connect-src 'self'; media-src 'self' blob: https:; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The same for a page with a licensed LayIM, which needs eval.
const CSP_EVAL: &str = "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self'; \
    style-src-attr 'unsafe-inline'; img-src 'self' data: blob: https:; font-src 'self'; connect-src 'self'; \
    media-src 'self' blob: https:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The page: sign-in and staff chat.
#[utoipa::path(
    get, path = "/", tag = "pages", security(()),
    responses((status = 200, description = "The page", body = String, content_type = "text/html")),
)]
pub(crate) async fn home(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    page(state.config.layim.as_ref(), &headers)
}

/// The desk: agents, experts and supervisors.
#[utoipa::path(
    get, path = "/desk", tag = "pages", security(()),
    responses((status = 200, description = "The page", body = String, content_type = "text/html")),
)]
pub(crate) async fn desk(headers: HeaderMap) -> Result<Response, Failure> {
    let page = webim_web::asset("desk.html").ok_or(Refusal::NotFound)?;
    let mut response = serve(&page, &headers);
    guard(&mut response, HeaderValue::from_static(CSP));
    Ok(response)
}

/// A customer's page, alone or in the frame of the widget.
///
/// Only pages of the channel's allowed origins may show it in a frame.
#[utoipa::path(
    get, path = "/c/{channel}", tag = "pages", security(()),
    params(("channel" = String, Path, description = "The channel's key")),
    responses((status = 200, description = "The page", body = String, content_type = "text/html")),
)]
pub(crate) async fn customer(
    State(state): State<AppState>,
    Path(channel): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    // One that does not exist has a page, too, which says so.
    let origins = state.router.widget_origins(&channel).unwrap_or_default();
    let page = webim_web::asset("customer.html").ok_or(Refusal::NotFound)?;
    let mut response = serve(&page, &headers);
    let policy = framed(&origins);
    guard(
        &mut response,
        HeaderValue::from_str(&policy).map_err(|_| Refusal::Internal)?,
    );
    Ok(response)
}

/// The policy of a page that `origins` may show in a frame.
fn framed(origins: &[String]) -> String {
    // What could end the directive, or name anything but an origin, is left out.
    let is_origin = |origin: &&String| {
        (origin.starts_with("https://") || origin.starts_with("http://"))
            && origin
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b":/.-_[]".contains(&byte))
    };
    let named: Vec<&str> = origins
        .iter()
        .filter(is_origin)
        .map(String::as_str)
        .collect();
    let ancestors = format!("frame-ancestors 'self' {}", named.join(" "));
    CSP.replace("frame-ancestors 'none'", ancestors.trim_end())
}

/// The script that other sites load: a button, and behind it the customer's page in a frame.
#[utoipa::path(
    get, path = "/widget.js", tag = "pages", security(()),
    responses((status = 200, description = "The script", body = String, content_type = "text/javascript")),
)]
pub(crate) async fn widget(headers: HeaderMap) -> Result<Response, Failure> {
    let script = webim_web::asset("widget.js").ok_or(Refusal::NotFound)?;
    let mut response = serve(&script, &headers);
    // A site that asks for isolation may load it.
    response.headers_mut().insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    Ok(response)
}

fn page(licensed: Option<&Licensed>, headers: &HeaderMap) -> Result<Response, Failure> {
    let page = webim_web::asset("/").ok_or(Refusal::NotFound)?;
    let mut response = match licensed {
        None => serve(&page, headers),
        Some(licensed) => {
            let html = licensed.page(&String::from_utf8_lossy(page.bytes));
            let common = [(CONTENT_TYPE, page.mime), (CACHE_CONTROL, "no-cache")];
            (common, html).into_response()
        }
    };
    // A template of LayIM's own is a function made of text.
    let policy = if licensed.is_some() { CSP_EVAL } else { CSP };
    guard(&mut response, HeaderValue::from_static(policy));
    Ok(response)
}

/// What browsers are told of each page.
fn guard(response: &mut Response, policy: HeaderValue) {
    let out = response.headers_mut();
    out.insert(CONTENT_SECURITY_POLICY, policy);
    let mut set = |name: HeaderName, value: &'static str| {
        out.insert(name, HeaderValue::from_static(value));
    };
    set(REFERRER_POLICY, "same-origin");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(self), payment=()",
    );
    set(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
}

/// A file of the page's.
#[utoipa::path(
    get, path = "/assets/{*path}", tag = "pages", security(()),
    params(("path" = String, Path, description = "Its name")),
    responses((status = 200, description = "The file"), (status = 304, description = "The one you have is the same")),
)]
pub(crate) async fn asset(
    State(state): State<AppState>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let licensed = state.config.layim.as_ref();
    match licensed.and_then(|licensed| licensed.serve(&path, &headers)) {
        Some(response) => Ok(response),
        None => ours(&path, &headers),
    }
}

fn ours(path: &str, headers: &HeaderMap) -> Result<Response, Failure> {
    let asset = webim_web::asset(&format!("assets/{path}")).ok_or(Refusal::NotFound)?;
    Ok(serve(&asset, headers))
}

fn serve(asset: &Asset, headers: &HeaderMap) -> Response {
    // What has no stamp in its name is asked for each time and mostly answered with 304.
    let cache = if asset.immutable {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let common = [
        (ETAG, asset.etag),
        (CACHE_CONTROL, cache),
        (VARY, "accept-encoding"),
    ];
    if matches(headers, asset.etag) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let offers = headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    let (bytes, encoding) = asset.encoded(offers.unwrap_or_default());
    let mut response = (common, [(CONTENT_TYPE, asset.mime)], bytes).into_response();
    if let Some(encoding) = encoding {
        response
            .headers_mut()
            .insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Whether the caller has what `etag` names already; weak and strong tags count as the same.
pub(crate) fn matches(headers: &HeaderMap, etag: &str) -> bool {
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let lines = headers.get_all(IF_NONE_MATCH).into_iter();
    let mut tags = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','));
    tags.any(|tag| tag.trim() == "*" || strong(tag) == strong(etag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_guarded_and_asked_for_each_time() {
        let response = page(None, &HeaderMap::new()).unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()[CACHE_CONTROL], "no-cache");
        assert_eq!(response.headers()[CONTENT_SECURITY_POLICY], CSP);
        let etag = response.headers()[ETAG].clone();
        let again = page(None, &[(IF_NONE_MATCH, etag)].into_iter().collect()).unwrap();
        assert_eq!(again.status(), 304);
    }

    #[test]
    fn only_origins_get_into_the_policy_of_a_frame() {
        let named = |origins: &[&str]| {
            let origins: Vec<_> = origins.iter().map(|origin| (*origin).to_owned()).collect();
            let policy = framed(&origins);
            let (_, ancestors) = policy.split_once("frame-ancestors ").unwrap();
            ancestors.to_owned()
        };
        assert_eq!(named(&[]), "'self'");
        let shops = ["https://shop.example.com", "http://localhost:8081"];
        assert_eq!(
            named(&shops),
            "'self' https://shop.example.com http://localhost:8081"
        );
        for evil in [
            "*",
            "https://a.example; script-src *",
            "https://a.example *",
            "javascript:x",
            "https://a\nb",
        ] {
            assert_eq!(named(&[evil]), "'self'", "{evil}");
        }
    }

    #[test]
    fn files_that_are_not_there() {
        for path in ["nothing.js", "../index.html", "..%2findex.html", ""] {
            let refused = ours(path, &HeaderMap::new()).unwrap_err();
            assert_eq!(refused.0.refusal, Refusal::NotFound, "{path}");
        }
    }

    #[test]
    fn tags() {
        let has = |line: &str, etag: &str| {
            matches(
                &[(IF_NONE_MATCH, line.parse().unwrap())]
                    .into_iter()
                    .collect(),
                etag,
            )
        };
        assert!(
            has("W/\"a\"", "W/\"a\"") && has("\"a\"", "W/\"a\"") && has("\"b\", \"a\"", "\"a\"")
        );
        assert!(has("*", "\"a\"") && !has("\"b\"", "\"a\"") && !has("", "\"a\""));
    }
}
