//! From which address a request comes, as far as it can be known.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::AppState;

/// The other end of the connection, put into each request by the server loop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub SocketAddr);

/// The caller's address: the connection's, or what the proxies that we trust say it is.
pub(crate) struct Address(pub IpAddr);

impl FromRequestParts<AppState> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        // Without a server loop (a handler called by a test) there is no connection.
        let peer = parts.extensions.get::<Peer>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Peer(address)| {
            address.ip()
        });
        Ok(Self(origin(
            peer,
            &parts.headers,
            &*state.config.trusted_proxy,
        )))
    }
}

/// Each proxy appends the address that it was called from: from the right, the first that is not a trusted proxy's own.
pub(crate) fn origin(
    peer: IpAddr,
    headers: &HeaderMap,
    trusted: &dyn Fn(IpAddr) -> bool,
) -> IpAddr {
    let mut address = peer.to_canonical();
    let lines = headers.get_all("x-forwarded-for").into_iter().rev();
    let hops = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.rsplit(','));
    for hop in hops {
        if !trusted(address) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(hop) => address = hop.to_canonical(),
            Err(_) => break,
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let from = |peer: &str, lines: &[&str]| {
            let lines = lines
                .iter()
                .map(|line| ("x-forwarded-for".parse().unwrap(), line.parse().unwrap()));
            let headers: HeaderMap = lines.collect();
            let trusted = |address: IpAddr| address.to_string().starts_with("10.");
            origin(peer.parse().unwrap(), &headers, &trusted).to_string()
        };
        assert_eq!(from("192.0.2.1", &[]), "192.0.2.1");
        assert_eq!(from("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(from("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(from("::ffff:10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(
            from("10.0.0.1", &["203.0.113.9, 198.51.100.7, 10.0.0.2"]),
            "198.51.100.7"
        );
        assert_eq!(
            from("10.0.0.1", &["203.0.113.9, 198.51.100.7", "10.0.0.2"]),
            "198.51.100.7"
        );
        assert_eq!(from("10.0.0.1", &["nonsense"]), "10.0.0.1");
        assert_eq!(from("10.0.0.1", &[]), "10.0.0.1");
    }
}
