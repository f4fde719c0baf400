//! What may be called, and how much.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::Url;

use crate::address::{Place, place};
use crate::{EgressError, Network};

/// What one caller may call. By default nothing.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// The hosts that may be called; no others are.
    pub hosts: Vec<HostRule>,
    /// Whether plain http may be called too.
    pub http: bool,
    /// What the operator allows inside.
    pub inside: Vec<Inside>,
    /// How much.
    pub limits: Limits,
}

/// How much one caller may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Redirects that are followed.
    pub redirects: usize,
    /// Bytes of a request's body.
    pub request_bytes: usize,
    /// Bytes of an answer's body; reading ends there.
    pub response_bytes: usize,
    /// Bytes of the headers, of the request as of each answer.
    pub header_bytes: usize,
    /// From the call to the last byte of the answer, redirects and all.
    pub deadline: Duration,
    /// Calls under way at the same time; another one is [`EgressError::Busy`].
    pub at_once: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            redirects: 3,
            request_bytes: 256 * 1_024,
            response_bytes: 1_024 * 1_024,
            header_bytes: 16 * 1_024,
            deadline: Duration::from_secs(10),
            at_once: 16,
        }
    }
}

/// A rule that cannot be one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither a host nor like \"*.example.org\"")]
pub struct RuleError(pub String);

/// A host on the list: an exact name or address, or all names below one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostRule {
    name: String,
    below: bool,
}

impl HostRule {
    /// From `example.org`, `*.example.org` (names below it, not itself), `192.0.2.1` or `[2001:db8::1]`.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let wrong = || RuleError(text.to_owned());
        let (below, rest) = match text.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let name = normal(rest).ok_or_else(wrong)?;
        // All of a top-level domain is nobody's own, and addresses have nothing below them.
        if below && (!name.contains('.') || literal(&name).is_some()) {
            return Err(wrong());
        }
        Ok(Self { name, below })
    }

    fn covers(&self, host: &str) -> bool {
        if !self.below {
            return host == self.name;
        }
        let rest = host.strip_suffix(&self.name);
        rest.is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
    }
}

/// What the operator allows inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inside {
    /// Whatever this host's name resolves to, but for link-local addresses, where clouds hand out credentials.
    Host(HostRule),
    /// These addresses, link-local ones too.
    Network(Network),
}

impl Inside {
    /// From a network like `10.0.0.0/8`, an address, or a host.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        match Network::parse(text.trim_matches(['[', ']'])) {
            Some(network) => Ok(Self::Network(network)),
            None => HostRule::parse(text).map(Self::Host),
        }
    }
}

impl Rules {
    /// Whether this address may be called at all; where a name leads is asked when it is looked up.
    pub(crate) fn check(&self, url: &Url) -> Result<(), EgressError> {
        match url.scheme() {
            "https" => {}
            "http" if self.http => {}
            _ => return Err(EgressError::Scheme),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EgressError::Url);
        }
        let host = host(url).ok_or(EgressError::Url)?;
        if !self.hosts.iter().any(|rule| rule.covers(host)) {
            return Err(EgressError::Host);
        }
        match literal(host) {
            Some(address) if !self.reaches(host, address) => Err(EgressError::Address),
            _ => Ok(()),
        }
    }

    /// Whether `address`, which `host` resolves to, may be connected to.
    pub(crate) fn reaches(&self, host: &str, address: IpAddr) -> bool {
        let place = place(address);
        let named = |inside: &Inside| match inside {
            Inside::Network(network) => network.contains(address),
            Inside::Host(rule) => place == Place::Inside && rule.covers(trimmed(host)),
        };
        match place {
            Place::Public => true,
            Place::Nobody => false,
            Place::Inside | Place::Link => self.inside.iter().any(named),
        }
    }
}

/// A host as addresses are compared: lower case, punycode, without the dot at the end that means the same.
fn normal(text: &str) -> Option<String> {
    if text.is_empty() || text.contains(['/', '\\', '?', '#', '@', '*', ' ', '%']) {
        return None;
    }
    let url = Url::parse(&format!("https://{text}/")).ok()?;
    // A port stands behind the last bracket, or behind a colon where there is none.
    let after = text.rsplit(']').next().unwrap_or(text);
    let plain = !after.contains(':') && url.port().is_none();
    plain.then(|| host(&url).map(str::to_owned)).flatten()
}

fn host(url: &Url) -> Option<&str> {
    url.host_str().map(trimmed).filter(|host| !host.is_empty())
}

fn trimmed(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

fn literal(host: &str) -> Option<IpAddr> {
    host.trim_matches(['[', ']']).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(hosts: &[&str], inside: &[&str]) -> Rules {
        Rules {
            hosts: hosts
                .iter()
                .map(|host| HostRule::parse(host).unwrap())
                .collect(),
            inside: inside
                .iter()
                .map(|text| Inside::parse(text).unwrap())
                .collect(),
            ..Rules::default()
        }
    }

    #[test]
    fn hosts_are_exact_or_below_a_name() {
        let rules = rules(
            &["Example.org", "*.例子.cn", "8.8.8.8", "[2606:4700::1]"],
            &[],
        );
        for (url, expected) in [
            ("https://example.org/x", Ok(())),
            ("https://EXAMPLE.org.:8443/", Ok(())),
            ("https://a.例子.cn/", Ok(())),
            ("https://a.b.xn--fsqu00a.cn/", Ok(())),
            ("https://8.8.8.8/", Ok(())),
            ("https://[2606:4700::1]/", Ok(())),
            ("https://www.example.org/", Err(EgressError::Host)),
            ("https://example.org.evil.com/", Err(EgressError::Host)),
            ("https://evilexample.org/", Err(EgressError::Host)),
            ("https://例子.cn/", Err(EgressError::Host)),
            ("https://evil例子.cn/", Err(EgressError::Host)),
            ("https://9.9.9.9/", Err(EgressError::Host)),
            ("http://example.org/", Err(EgressError::Scheme)),
            ("file:///etc/passwd", Err(EgressError::Scheme)),
            ("https://name:pass@example.org/", Err(EgressError::Url)),
            ("https://example.org@evil.com/", Err(EgressError::Url)),
        ] {
            let url_parsed = Url::parse(url).unwrap();
            assert_eq!(rules.check(&url_parsed), expected, "{url}");
        }
        for wrong in [
            "",
            "*",
            "*.",
            "*.org",
            "a/b",
            "a:80",
            "[::1]:80",
            "a@b",
            "a.*.b",
            "*.1.2.3.4",
            " ",
        ] {
            assert!(HostRule::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_address_in_any_spelling_is_that_address() {
        let inner = [
            "127.0.0.1",
            "10.0.0.1",
            "[::ffff:7f00:1]",
            "[::1]",
            "169.254.169.254",
            "0.0.0.0",
        ];
        let rules = rules(&inner, &[]);
        for url in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://10.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://169.254.169.254/latest/meta-data",
            "https://0/",
        ] {
            let checked = rules.check(&Url::parse(url).unwrap());
            assert_eq!(checked, Err(EgressError::Address), "{url}");
        }
    }

    #[test]
    fn the_operator_names_what_is_allowed_inside() {
        let rules = rules(
            &["*.corp.example"],
            &["wiki.corp.example", "10.1.0.0/16", "fd00::/8"],
        );
        let reaches = |host: &str, address: &str| rules.reaches(host, address.parse().unwrap());
        assert!(reaches("wiki.corp.example", "192.168.1.1"));
        assert!(reaches("wiki.corp.example.", "127.0.0.1"));
        assert!(
            !reaches("wiki.corp.example", "169.254.169.254"),
            "by its network only"
        );
        assert!(!reaches("wiki.corp.example", "0.0.0.0"));
        assert!(!reaches("other.corp.example", "192.168.1.1"));
        assert!(reaches("other.corp.example", "10.1.2.3"));
        assert!(reaches("other.corp.example", "::ffff:10.1.2.3"));
        assert!(reaches("other.corp.example", "fd00::1"));
        assert!(!reaches("other.corp.example", "10.2.0.1"));
        assert!(reaches("other.corp.example", "8.8.8.8"));
    }
}
