//! The session cookie: out of sight of scripts, not sent along from other sites, over TLS only where there is TLS.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

const NAME: &str = "webim_session";

/// The token in the cookie, if there is one.
pub(crate) fn token(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(COOKIE).into_iter();
    let pairs = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == NAME).then_some(value))
        .filter(|value| !value.is_empty())
}

/// `Set-Cookie` for `token`, kept for `seconds`.
pub(crate) fn set(token: &str, seconds: i64, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    let seconds = seconds.max(0);
    let text = format!("{NAME}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::try_from(text).expect("tokens are printable ASCII")
}

/// `Set-Cookie` that makes the browser forget it.
pub(crate) fn forget(secure: bool) -> HeaderValue {
    set("", 0, secure)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        let lines = lines.iter().map(|line| (COOKIE, line.parse().unwrap()));
        lines.collect()
    }

    #[test]
    fn the_token_is_found_among_others() {
        let found = |lines: &[&str]| token(&headers(lines)).map(str::to_owned);
        assert_eq!(found(&["webim_session=abc"]).as_deref(), Some("abc"));
        assert_eq!(
            found(&["a=b; webim_session=abc;c=d"]).as_deref(),
            Some("abc")
        );
        assert_eq!(found(&["a=b", "webim_session=abc"]).as_deref(), Some("abc"));
        assert_eq!(found(&["webim_session=a=b"]).as_deref(), Some("a=b"));
        assert_eq!(found(&["xwebim_session=abc; webim_sessionx=abc"]), None);
        assert_eq!(found(&["webim_session="]), None);
        assert_eq!(found(&["webim_session"]), None);
        assert_eq!(found(&[]), None);
    }

    #[test]
    fn the_flags() {
        assert_eq!(
            set("wim_x", 60, true),
            "webim_session=wim_x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            forget(false),
            "webim_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
        );
    }
}
