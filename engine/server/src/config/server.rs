//! `[server]`: where it listens and what it is called from outside.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Finding;

/// Where the server listens and what it is called from outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// IP address and port for pages, API and sockets. Put a proxy that speaks TLS in front of it before people sign
    /// in over a network. Port 0 takes any free one and says which.
    pub listen: SocketAddr,
    /// The address people use, such as `https://chat.example.com`; with https the session cookie is sent over TLS
    /// only. Empty: `http://` and the listening address.
    pub public_url: String,
    /// Other sites whose pages may use the API with a session cookie, such as `https://intranet.example.com`. Pages of
    /// `public_url` and of the host that a request names always may.
    pub allowed_origins: Vec<String>,
    /// Proxies whose `X-Forwarded-For` is believed: IP addresses or networks such as `10.0.0.0/8`.
    pub trusted_proxies: Vec<String>,
    /// Seconds that stopping may take: for the farewell to every page, and to store what was taken. What is not done
    /// by then is cut off.
    #[schemars(range(min = 2, max = 600))]
    pub stop_seconds: u32,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            public_url: String::new(),
            allowed_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            stop_seconds: 9,
        }
    }
}

impl Server {
    /// The networks of the trusted proxies.
    pub fn proxies(&self) -> Vec<Network> {
        let networks = self.trusted_proxies.iter();
        networks.filter_map(|text| Network::parse(text)).collect()
    }

    pub(super) fn validate(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if !self.public_url.is_empty() && !is_origin(&self.public_url) {
            let message = "must be empty or like \"https://chat.example.com\", without a path";
            findings.push(Finding::new("server.public_url", message));
        }
        for (n, origin) in self.allowed_origins.iter().enumerate() {
            if !is_origin(origin) {
                let path = format!("server.allowed_origins[{n}]");
                let message = format!("\"{origin}\" is not like \"https://intranet.example.com\"");
                findings.push(Finding::new(path, message));
            }
        }
        for (n, proxy) in self.trusted_proxies.iter().enumerate() {
            if Network::parse(proxy).is_none() {
                let path = format!("server.trusted_proxies[{n}]");
                let message = format!("\"{proxy}\" is neither an IP address nor a network");
                findings.push(Finding::new(path, message));
            }
        }
        findings
    }
}

/// Whether the text is a scheme and a host, with a port or without, and nothing else.
fn is_origin(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|host| {
        let wrong =
            |char: char| char.is_whitespace() || matches!(char, '/' | '?' | '#' | '@' | '*');
        !host.is_empty() && !host.contains(wrong)
    })
}

/// An IP network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// From `10.0.0.0/8` or a single address.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(longest);
        (bits <= longest).then_some(Self { address, bits })
    }

    /// Whether `other` is in it.
    pub fn contains(&self, other: IpAddr) -> bool {
        match (self.address, other.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => same(
                u128::from(own.to_bits()) << 96,
                u128::from(other.to_bits()) << 96,
                self.bits,
            ),
            (IpAddr::V6(own), IpAddr::V6(other)) => same(own.to_bits(), other.to_bits(), self.bits),
            _ => false,
        }
    }
}

fn same(one: u128, other: u128, bits: u8) -> bool {
    (one ^ other).leading_zeros() >= u32::from(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks() {
        let net = Network::parse("10.1.0.0/16").unwrap();
        assert!(net.contains("10.1.255.3".parse().unwrap()));
        assert!(net.contains("::ffff:10.1.2.3".parse().unwrap()));
        assert!(!net.contains("10.2.0.1".parse().unwrap()));
        let one = Network::parse("::1").unwrap();
        assert!(one.contains("::1".parse().unwrap()) && !one.contains("::2".parse().unwrap()));
        assert!(
            Network::parse("0.0.0.0/0")
                .unwrap()
                .contains("8.8.8.8".parse().unwrap())
        );
        for wrong in ["", "10.0.0.0/33", "10.0.0.0/x", "host"] {
            assert_eq!(Network::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn origins() {
        for good in [
            "https://a.example",
            "http://localhost:8080",
            "http://[::1]:80",
        ] {
            assert!(is_origin(good), "{good}");
        }
        for wrong in [
            "a.example",
            "https://a.example/",
            "https://",
            "ws://a",
            "https://*.a",
        ] {
            assert!(!is_origin(wrong), "{wrong}");
        }
    }
}
