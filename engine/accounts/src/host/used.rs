//! Which tokens have signed somebody in, so that none does it twice.
//!
//! Kept in memory for as long as the tokens live, which is minutes: a restart forgets them.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use webim_model::Millis;

/// Most tokens that are remembered; where so many are alive, another one is [`Taken::Full`].
const MOST: usize = 100_000;

/// How taking a token for the one time went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It was not taken before.
    Now,
    /// It was.
    Before,
    /// Nobody can say, since no more are remembered; it is not taken.
    Full,
}

/// The tokens that have signed somebody in and are still alive.
pub(crate) struct Used {
    until: Mutex<HashMap<[u8; 32], Millis>>,
    most: usize,
}

impl Default for Used {
    fn default() -> Self {
        Self::of(MOST)
    }
}

impl Used {
    fn of(most: usize) -> Self {
        Self {
            until: Mutex::default(),
            most,
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Millis>> {
        self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes this token, which is refused for its age at `until`.
    pub fn take(&self, once: [u8; 32], until: Millis, now: Millis) -> Taken {
        let mut all = self.lock();
        if all.get(&once).is_some_and(|until| *until > now) {
            return Taken::Before;
        }
        if all.len() >= self.most {
            all.retain(|_, until| *until > now);
            if all.len() >= self.most {
                return Taken::Full;
            }
        }
        all.insert(once, until);
        Taken::Now
    }

    /// Gives a token back that signed nobody in after all.
    pub fn give_back(&self, once: [u8; 32]) {
        self.lock().remove(&once);
    }

    /// Forgets those that are refused for their age by now.
    pub fn sweep(&self, now: Millis) {
        let mut all = self.lock();
        all.retain(|_, until| *until > now);
        all.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_taken_once_in_its_life() {
        let used = Used::of(2);
        let take =
            |token: u8, until: i64, now: i64| used.take([token; 32], Millis(until), Millis(now));
        assert_eq!(take(1, 100, 0), Taken::Now);
        assert_eq!(take(1, 100, 99), Taken::Before);
        assert_eq!(take(2, 200, 99), Taken::Now);
        assert_eq!(take(3, 200, 99), Taken::Full);
        assert_eq!(
            take(2, 200, 99),
            Taken::Before,
            "what is remembered stays so"
        );
        assert_eq!(
            take(3, 200, 100),
            Taken::Now,
            "the first one has had its time"
        );
        used.give_back([3; 32]);
        assert_eq!(take(3, 300, 100), Taken::Now);
        used.sweep(Millis(200));
        assert_eq!(used.lock().len(), 1);
    }
}
