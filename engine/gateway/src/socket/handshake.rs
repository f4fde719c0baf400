//! The WebSocket handshake. Our own, not axum's: this way the connection's own socket is known, which is written to
//! directly and read to its end before it is closed.

use axum::http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use webim_model::Refusal;
use webim_wire::SUBPROTOCOL;

use crate::failure::Failure;

/// The answer that opens the socket, or why there is none.
pub(super) fn answer(headers: &HeaderMap) -> Result<Response, Failure> {
    let wrong = |detail: &str| Failure::because(Refusal::BadField, detail);
    let asks = lists(headers, &CONNECTION, "upgrade") && lists(headers, &UPGRADE, "websocket");
    if !asks || !lists(headers, &SEC_WEBSOCKET_VERSION, "13") {
        return Err(wrong(
            "this address wants a WebSocket handshake, version 13",
        ));
    }
    let key = headers
        .get(SEC_WEBSOCKET_KEY)
        .ok_or_else(|| wrong("Sec-WebSocket-Key is missing"))?;
    let accept = HeaderValue::try_from(derive_accept_key(key.as_bytes())).expect("base64 is ASCII");
    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    let out = response.headers_mut();
    // A client that names no protocol is taken at its word; one that names only others would not understand us.
    if headers.contains_key(SEC_WEBSOCKET_PROTOCOL) {
        if !lists(headers, &SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL) {
            return Err(wrong("Sec-WebSocket-Protocol does not offer webim.v1"));
        }
        out.insert(
            SEC_WEBSOCKET_PROTOCOL,
            HeaderValue::from_static(SUBPROTOCOL),
        );
    }
    out.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    out.insert(UPGRADE, HeaderValue::from_static("websocket"));
    out.insert(SEC_WEBSOCKET_ACCEPT, accept);
    Ok(response)
}

/// Whether `word` is in the comma-separated list that the header holds.
fn lists(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    let lines = headers
        .get_all(name)
        .into_iter()
        .filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(','))
        .any(|entry| entry.trim().eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(change: Option<(HeaderName, &str)>) -> HeaderMap {
        let all = [
            (CONNECTION, "keep-alive, Upgrade"),
            (UPGRADE, "websocket"),
            (SEC_WEBSOCKET_VERSION, "13"),
            (SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        let mut headers: HeaderMap = all
            .into_iter()
            .map(|(name, value)| (name, value.parse().unwrap()))
            .collect();
        if let Some((name, value)) = change {
            headers.insert(name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn the_example_of_the_rfc() {
        let response = answer(&headers(None)).unwrap();
        assert_eq!(response.status(), 101);
        assert_eq!(
            response.headers()[SEC_WEBSOCKET_ACCEPT],
            "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        );
        assert!(!response.headers().contains_key(SEC_WEBSOCKET_PROTOCOL));
    }

    #[test]
    fn the_subprotocol_is_chosen() {
        let response = answer(&headers(Some((SEC_WEBSOCKET_PROTOCOL, "soap, webim.v1")))).unwrap();
        assert_eq!(response.headers()[SEC_WEBSOCKET_PROTOCOL], "webim.v1");
    }

    #[test]
    fn what_is_no_handshake_is_refused() {
        for change in [
            (CONNECTION, "close"),
            (UPGRADE, "h2c"),
            (SEC_WEBSOCKET_VERSION, "8"),
            (SEC_WEBSOCKET_PROTOCOL, "webim.v2"),
        ] {
            assert!(
                answer(&headers(Some(change.clone()))).is_err(),
                "{change:?}"
            );
        }
        assert!(answer(&HeaderMap::new()).is_err());
    }
}
