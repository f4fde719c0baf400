//! Which pages may use the API with a cookie: a browser sends the cookie along from any site, so the `Origin` of
//! whatever changes something, and of every socket, must be one of ours.

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use webim_model::Refusal;

/// The origins that are allowed besides the host that a request names.
#[derive(Debug)]
pub(crate) struct Origins(Vec<String>);

impl Origins {
    pub fn new(public_url: &str, others: &[String]) -> Self {
        let all = others.iter().map(String::as_str).chain([public_url]);
        Self(all.filter(|text| !text.is_empty()).map(normal).collect())
    }

    /// For a request whose cookie says who it is: it must name an allowed origin.
    pub fn check(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        match headers.get(ORIGIN) {
            Some(origin) if self.allowed(origin.as_bytes(), headers) => Ok(()),
            _ => Err(Refusal::OriginNotAllowed),
        }
    }

    /// For a request that brings its own proof (a sign-in): a page elsewhere must not make it, a program that names no
    /// origin may.
    pub fn check_if_named(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        if headers.contains_key(ORIGIN) {
            self.check(headers)
        } else {
            Ok(())
        }
    }

    fn allowed(&self, origin: &[u8], headers: &HeaderMap) -> bool {
        let Ok(origin) = std::str::from_utf8(origin) else {
            return false;
        };
        let origin = normal(origin);
        let Some((scheme, host)) = origin.split_once("://") else {
            return false;
        };
        if !matches!(scheme, "http" | "https") {
            return self.0.contains(&origin);
        }
        // A proxy that speaks TLS hands on the host but speaks http to us, so only the hosts are compared. A page from
        // elsewhere can choose neither of the two headers.
        let asked = headers.get(HOST).and_then(|host| host.to_str().ok());
        let same = asked.is_some_and(|asked| {
            normal(&format!("{scheme}://{asked}")).split_once("://") == Some((scheme, host))
        });
        same || self.0.contains(&origin)
    }
}

/// Lower case, without a final slash and without the port that the scheme means anyway.
fn normal(origin: &str) -> String {
    let lower = origin.trim().trim_end_matches('/').to_ascii_lowercase();
    let port = if lower.starts_with("https://") {
        ":443"
    } else {
        ":80"
    };
    lower
        .strip_suffix(port)
        .map_or_else(|| lower.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(origin: Option<&str>, host: &str) -> bool {
        let others = [
            "https://Intranet.example.com".to_owned(),
            "app://webim".to_owned(),
        ];
        let origins = Origins::new("https://chat.example.com", &others);
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(ORIGIN, origin.parse().unwrap());
        }
        origins.check(&headers).is_ok()
    }

    #[test]
    fn our_own_pages_and_the_named_sites_may() {
        for (origin, host) in [
            ("http://127.0.0.1:8080", "127.0.0.1:8080"),
            ("http://localhost", "localhost:80"),
            ("https://inner.name", "inner.name"),
            ("https://inner.name", "INNER.name:443"),
            ("http://[::1]:8080", "[::1]:8080"),
            ("https://chat.example.com", "10.0.0.7:8080"),
            ("https://intranet.example.com", "10.0.0.7:8080"),
            ("https://intranet.example.com:443", "10.0.0.7:8080"),
            ("app://webim", "10.0.0.7:8080"),
        ] {
            assert!(check(Some(origin), host), "{origin} at {host}");
        }
    }

    #[test]
    fn nobody_else_may() {
        for origin in [
            "http://evil.example",
            "http://127.0.0.1:8081",
            "http://127.0.0.1",
            "http://127.0.0.1:8080.evil.example",
            "http://evil.example/127.0.0.1:8080",
            "http://chat.example.com",
            "https://chat.example.com.evil.example",
            "https://chat.example.com:8443",
            "file://127.0.0.1:8080",
            "null",
            "",
        ] {
            assert!(!check(Some(origin), "127.0.0.1:8080"), "{origin}");
        }
        assert!(!check(None, "127.0.0.1:8080"));
    }

    #[test]
    fn a_program_needs_no_origin_to_sign_in() {
        let origins = Origins::new("", &[]);
        let mut headers = HeaderMap::new();
        headers.insert(HOST, "a".parse().unwrap());
        assert!(origins.check_if_named(&headers).is_ok());
        headers.insert(ORIGIN, "http://b".parse().unwrap());
        assert_eq!(
            origins.check_if_named(&headers),
            Err(Refusal::OriginNotAllowed)
        );
    }
}
