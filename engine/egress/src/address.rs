//! Which IP addresses are the internet's, and which are somebody's inside.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address is, as far as calling it is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Anybody's on the internet.
    Public,
    /// Loopback, private, shared (CGNAT), unique local, and what is reserved or kept for documentation.
    Inside,
    /// Link-local, among them the metadata services of clouds, which hand out credentials.
    Link,
    /// Never one host: unspecified, multicast, broadcast.
    Nobody,
}

/// Where `address` is. An IPv4 address inside an IPv6 one (mapped, compatible, NAT64) counts as itself.
pub(crate) fn place(address: IpAddr) -> Place {
    match address.to_canonical() {
        IpAddr::V4(address) => v4(address),
        IpAddr::V6(address) => v6(address),
    }
}

/// What is somebody's own, or nobody's: "this network", private, shared, loopback, protocol assignments, documentation,
/// old relays, benchmarks, reserved.
const INSIDE_V4: [([u8; 4], u32); 14] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([240, 0, 0, 0], 4),
    ([255, 255, 255, 255], 32),
];

/// Among global unicast: Teredo, documentation, 6to4, documentation again. Tunnels lead to an IPv4 address of the
/// sender's choice.
const INSIDE_V6: [(u128, u32); 4] = [
    (0x2001_0000 << 96, 32),
    (0x2001_0db8 << 96, 32),
    (0x2002 << 112, 16),
    (0x3fff << 112, 20),
];

fn v4(address: Ipv4Addr) -> Place {
    let bits = address.to_bits();
    let within = |(network, length): &([u8; 4], u32)| {
        (bits ^ u32::from_be_bytes(*network)).leading_zeros() >= *length
    };
    if address.is_unspecified() || address.is_multicast() || address.is_broadcast() {
        Place::Nobody
    } else if address.is_link_local() {
        Place::Link
    } else if INSIDE_V4.iter().any(within) {
        Place::Inside
    } else {
        Place::Public
    }
}

fn v6(address: Ipv6Addr) -> Place {
    let bits = address.to_bits();
    let within = |(network, length): &(u128, u32)| (bits ^ network).leading_zeros() >= *length;
    if address.is_unspecified() || address.is_multicast() {
        return Place::Nobody;
    }
    if address.is_loopback() {
        return Place::Inside;
    }
    // IPv4-compatible and NAT64: the last four bytes are whom it reaches.
    if within(&(0, 96)) || within(&(0x0064_ff9b << 96, 96)) {
        let [.., a, b, c, d] = address.octets();
        return v4(Ipv4Addr::new(a, b, c, d));
    }
    if address.is_unicast_link_local() {
        return Place::Link;
    }
    // Global unicast; all else is unique local, site-local or not given to anybody.
    if within(&(0x2000 << 112, 3)) && !INSIDE_V6.iter().any(within) {
        Place::Public
    } else {
        Place::Inside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        for (expected, addresses) in [
            (
                Place::Public,
                "1.1.1.1 8.8.8.8 100.63.0.1 100.128.0.1 172.15.0.1 172.32.0.1 192.0.1.1 2606:4700::1 \
                 2a00:1450::1 64:ff9b::808:808 ::ffff:8.8.8.8",
            ),
            (
                Place::Inside,
                "127.0.0.1 127.255.255.254 10.0.0.1 100.64.0.1 100.127.255.255 172.16.0.1 172.31.255.255 \
                 192.168.1.1 192.0.0.1 192.0.2.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 240.0.0.1 \
                 0.1.2.3 ::1 fc00::1 fd12:3456::1 fec0::1 2001:db8::1 2001::1 2002:7f00:1::1 100::1 3fff::1 \
                 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::a00:1 64:ff9b:1::a00:1 4000::1",
            ),
            (
                Place::Link,
                "169.254.169.254 169.254.0.1 fe80::1 febf::1 ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe",
            ),
            (
                Place::Nobody,
                "0.0.0.0 :: 224.0.0.1 239.255.255.255 255.255.255.255 ff02::1 ::ffff:0.0.0.0",
            ),
        ] {
            for address in addresses.split_whitespace() {
                assert_eq!(place(address.parse().unwrap()), expected, "{address}");
            }
        }
    }
}
