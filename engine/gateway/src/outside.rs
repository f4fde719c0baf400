//! Everything in a request's head that a stranger writes and this crate reads, as functions of bytes: for tests that
//! try whatever bytes there are. None of them may panic.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, COOKIE, HOST, IF_NONE_MATCH, ORIGIN};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};
use webim_model::{ClientId, Refusal};
use webim_wire::rest;

use crate::extract::{Bearer, bearer, fields, key, origin};
use crate::origin::Origins;
use crate::{cookie, failure, pages};

/// `Idempotency-Key`.
pub fn idempotency_key(value: &[u8]) -> Result<ClientId, Refusal> {
    key(HeaderValue::from_bytes(value).ok().as_ref())
}

/// The token in `Authorization`; none if the header is not about us. Refused with `not_authenticated`.
pub fn authorization(value: &[u8]) -> Result<Option<String>, Refusal> {
    match bearer(&only(AUTHORIZATION, value)) {
        Bearer::Token(token) => Ok(Some(token.to_owned())),
        Bearer::Malformed => Err(Refusal::NotAuthenticated),
        Bearer::Absent => Ok(None),
    }
}

/// The session's token in `Cookie`.
pub fn session_cookie(value: &[u8]) -> Option<String> {
    cookie::token(&only(COOKIE, value)).map(str::to_owned)
}

/// From where a request comes of which only trusted proxies tell.
pub fn forwarded_for(value: &[u8]) -> IpAddr {
    let headers = only(HeaderName::from_static("x-forwarded-for"), value);
    origin(IpAddr::V4(Ipv4Addr::LOCALHOST), &headers, &|_| true)
}

/// Whether a page of this origin may use the host with a cookie.
pub fn origin_allowed(own: &[u8], host: &[u8]) -> bool {
    let mut headers = only(ORIGIN, own);
    headers.extend(only(HOST, host));
    Origins::new("https://chat.example.com", &[])
        .check(&headers)
        .is_ok()
}

/// Whether `Accept-Language` asks for Chinese, and `If-None-Match` names `"a"`.
pub fn preferences(value: &[u8]) -> (bool, bool) {
    let chinese = failure::prefers_chinese(&only(ACCEPT_LANGUAGE, value));
    (
        chinese,
        pages::matches(&only(IF_NONE_MATCH, value), "\"a\""),
    )
}

/// The fields of the set-up form, or of an address's query. Refused with `bad_field`.
pub fn form(fields_of: &str) -> Result<rest::SetUp, Refusal> {
    let uri: Result<Uri, _> = format!("/?{fields_of}").parse();
    let uri = uri.map_err(|_| Refusal::BadField)?;
    fields(&uri).map_err(|failure| failure.0.refusal)
}

/// A request's only header; none where the bytes cannot be one.
fn only(name: HeaderName, value: &[u8]) -> HeaderMap {
    let value = HeaderValue::from_bytes(value).ok();
    value.map(|value| (name, value)).into_iter().collect()
}
