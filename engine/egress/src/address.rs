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

fn v4(address: Ipv4Addr) -> Place {
    match address.octets() {
        _ if address.is_unspecified() || address.is_multicast() || address.is_broadcast() => {
            Place::Nobody
        }
        [169, 254, ..] => Place::Link,
        // "This network", private, loopback, shared.
        [0 | 10 | 127, ..]
        | [100, 64..=127, ..]
        | [172, 16..=31, ..]
        // Protocol assignments, documentation, old 6to4 relays.
        | [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [192, 168, ..]
        // Benchmarks and documentation.
        | [198, 18..=19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _]
        // Reserved.
        | [240..=255, ..] => Place::Inside,
        _ => Place::Public,
    }
}

fn v6(address: Ipv6Addr) -> Place {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let last = || Ipv4Addr::from_bits((u32::from(g) << 16) | u32::from(h));
    match [a, b, c, d, e, f] {
        _ if address.is_unspecified() || address.is_multicast() => Place::Nobody,
        _ if address.is_loopback() => Place::Inside,
        // IPv4-compatible and NAT64: the last four bytes are whom it reaches.
        [0, 0, 0, 0, 0, 0] | [0x64, 0xff9b, 0, 0, 0, 0] => v4(last()),
        [0xfe80..=0xfebf, ..] => Place::Link,
        // Teredo, documentation, 6to4: tunnels to an IPv4 address of the sender's choice, or nothing.
        [0x2001, 0 | 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => Place::Inside,
        // Global unicast; everything else is unique local, site-local or not given to anybody.
        [0x2000..=0x3fff, ..] => Place::Public,
        _ => Place::Inside,
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
