//! Slowing down those who guess passwords: failures are counted for each login and for each address.
//!
//! Only failures count, so that a whole company behind one address can sign in at nine o'clock.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use moka::sync::Cache;
use sha2::{Digest, Sha256};
use webim_model::{Clock, Millis};

/// How many logins or addresses are remembered as blocked; beyond, those unused for longest are forgotten.
const REMEMBERED: u64 = 100_000;

/// The server's clock in governor's words, so that a test can move it.
#[derive(Clone)]
pub(crate) struct Ticks(pub Arc<dyn Clock>);

impl GovernorClock for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.now().0).unwrap_or(0))
    }
}

type Limiter<K> = RateLimiter<K, DefaultKeyedStateStore<K>, Ticks, StateInformationMiddleware>;

/// One kind of key: a bucket of failures each, and until when a key with an empty bucket is blocked.
struct Failures<K: Hash + Eq + Clone + Send + Sync + 'static> {
    buckets: Limiter<K>,
    blocked: Cache<K, Millis>,
    clock: Arc<dyn Clock>,
    /// How long one failure takes to be forgiven, in milliseconds.
    forgiven: i64,
}

impl<K: Hash + Eq + Clone + Send + Sync + 'static> Failures<K> {
    fn new(clock: Arc<dyn Clock>, per_minute: u32) -> Self {
        let allowed = NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_minute(allowed);
        Self {
            buckets: RateLimiter::new(
                quota,
                DefaultKeyedStateStore::default(),
                Ticks(clock.clone()),
            ),
            blocked: Cache::new(REMEMBERED),
            clock,
            forgiven: i64::from(60_000 / allowed.get()).max(1),
        }
    }

    fn allowed(&self, key: &K) -> bool {
        let now = self.clock.now();
        self.blocked.get(key).is_none_or(|until| until <= now)
    }

    fn failed(&self, key: &K) {
        let empty = match self.buckets.check_key(key) {
            Ok(state) => state.remaining_burst_capacity() == 0,
            Err(_) => true,
        };
        if empty {
            let until = self.clock.now().plus(self.forgiven);
            self.blocked.insert(key.clone(), until);
        }
        // Normally the sweep does this; a flood of keys must not wait for it.
        if self.buckets.len() as u64 > REMEMBERED {
            self.buckets.retain_recent();
        }
    }

    fn sweep(&self) {
        self.buckets.retain_recent();
        self.buckets.shrink_to_fit();
    }
}

/// The failures of all logins and addresses; cheap to clone.
#[derive(Clone)]
pub(crate) struct Throttle {
    logins: Arc<Failures<[u8; 16]>>,
    addresses: Arc<Failures<IpAddr>>,
}

impl Throttle {
    /// Allows this many failures a minute; 0 counts as 1.
    pub fn new(clock: &Arc<dyn Clock>, per_login: u32, per_address: u32) -> Self {
        Self {
            logins: Arc::new(Failures::new(clock.clone(), per_login)),
            addresses: Arc::new(Failures::new(clock.clone(), per_address)),
        }
    }

    /// Whether an attempt may be made at all.
    pub fn allowed(&self, login: &str, from: IpAddr) -> bool {
        self.logins.allowed(&key(login)) && self.addresses.allowed(&network(from))
    }

    /// Counts a failed attempt.
    pub fn failed(&self, login: &str, from: IpAddr) {
        self.logins.failed(&key(login));
        self.addresses.failed(&network(from));
    }

    /// Whether this address may try anything: for proofs that name no login before they are checked.
    pub fn allowed_from(&self, from: IpAddr) -> bool {
        self.addresses.allowed(&network(from))
    }

    /// Counts a failed attempt for its address alone.
    pub fn failed_from(&self, from: IpAddr) {
        self.addresses.failed(&network(from));
    }

    /// Forgets what no longer matters.
    pub fn sweep(&self) {
        self.logins.sweep();
        self.addresses.sweep();
    }
}

/// Logins are whatever a stranger types: a digest has a bounded size.
fn key(login: &str) -> [u8; 16] {
    let digest: [u8; 32] = Sha256::digest(login.as_bytes()).into();
    let (half, _) = digest.split_at(16);
    half.try_into().expect("half of 32 bytes are 16")
}

/// One household or server usually has a whole /64 of IPv6 addresses: they count as one.
fn network(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V6(address) => {
            let mut octets = address.octets();
            octets[8..].fill(0);
            IpAddr::from(octets)
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    struct Hand(AtomicI64);

    impl Clock for Hand {
        fn now(&self) -> Millis {
            Millis(self.0.load(Ordering::SeqCst))
        }
    }

    fn throttle() -> (Arc<Hand>, Throttle) {
        let hand = Arc::new(Hand(AtomicI64::new(1_800_000_000_000)));
        let clock: Arc<dyn Clock> = hand.clone();
        (hand, Throttle::new(&clock, 5, 20))
    }

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 7));
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 8));

    #[test]
    fn a_login_is_blocked_after_its_failures_and_free_again_later() {
        let (hand, throttle) = throttle();
        for _ in 0..5 {
            assert!(throttle.allowed("lina", HERE));
            throttle.failed("lina", HERE);
        }
        assert!(!throttle.allowed("lina", HERE));
        assert!(!throttle.allowed("lina", THERE), "from anywhere");
        assert!(throttle.allowed("zhangwei", HERE), "others are not touched");
        hand.0.fetch_add(11_999, Ordering::SeqCst);
        assert!(!throttle.allowed("lina", HERE));
        hand.0.fetch_add(1, Ordering::SeqCst);
        assert!(
            throttle.allowed("lina", HERE),
            "one failure is forgiven after 12 s"
        );
        throttle.failed("lina", HERE);
        assert!(!throttle.allowed("lina", HERE), "and only one");
        hand.0.fetch_add(60_000, Ordering::SeqCst);
        for _ in 0..5 {
            assert!(throttle.allowed("lina", HERE));
            throttle.failed("lina", HERE);
        }
        assert!(!throttle.allowed("lina", HERE));
    }

    #[test]
    fn an_address_is_blocked_whatever_logins_it_tries() {
        let (_, throttle) = throttle();
        for n in 0..20 {
            throttle.failed(&format!("guess{n}"), HERE);
        }
        assert!(!throttle.allowed("lina", HERE));
        assert!(throttle.allowed("lina", THERE));
    }

    #[test]
    fn proofs_without_a_login_count_for_their_address_alone() {
        let (_, throttle) = throttle();
        for _ in 0..20 {
            assert!(throttle.allowed_from(HERE));
            throttle.failed_from(HERE);
        }
        assert!(!throttle.allowed_from(HERE) && throttle.allowed_from(THERE));
        assert!(!throttle.allowed("lina", HERE) && throttle.allowed("lina", THERE));
    }

    #[test]
    fn neighbours_in_one_v6_network_count_as_one() {
        let (_, throttle) = throttle();
        for n in 1..=20 {
            let from = format!("2001:db8:1:2::{n:x}").parse().unwrap();
            throttle.failed(&format!("guess{n}"), from);
        }
        assert!(!throttle.allowed("lina", "2001:db8:1:2:ffff::1".parse().unwrap()));
        assert!(throttle.allowed("lina", "2001:db8:1:3::1".parse().unwrap()));
    }

    #[test]
    fn sweeping_keeps_what_is_blocked() {
        let (_, throttle) = throttle();
        for _ in 0..5 {
            throttle.failed("lina", HERE);
        }
        throttle.sweep();
        assert!(!throttle.allowed("lina", HERE));
    }
}
