//! Passwords: argon2id on blocking threads, only so many at once.

use std::sync::{Arc, LazyLock};

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use tokio::sync::Semaphore;
use webim_model::Sources;

/// The longest password in bytes; longer ones are refused before they cost anything.
pub(crate) const LONGEST: usize = 1_024;
/// The shortest password in characters that may be set.
pub(crate) const SHORTEST: usize = 8;
/// How many may wait for a thread; more are told that the server is busy.
const WAITING: usize = 2_048;

/// Why a password was not hashed or compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than 8 characters.
    #[error("a password needs at least {SHORTEST} characters")]
    TooShort,
    /// More than 1,024 bytes.
    #[error("a password may have at most {LONGEST} bytes")]
    TooLong,
    /// Too many wait already.
    #[error("too many passwords are being checked")]
    Busy,
    /// The hash is not one that this version reads, or hashing failed.
    #[error("the password's hash cannot be computed or read")]
    Broken,
}

/// Hashes and compares passwords: argon2id, 19 MiB, two passes, one lane (OWASP's parameters). Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    sources: Sources,
    threads: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Passwords {
    /// With at most `at_once` of them worked on at the same time, each of which takes 19 MiB.
    pub fn new(sources: Sources, at_once: usize) -> Self {
        Self {
            sources,
            threads: Arc::new(Semaphore::new(at_once.max(1))),
            waiting: Arc::new(Semaphore::new(WAITING)),
        }
    }

    /// The hash to store, as a PHC string with its own salt and parameters.
    pub async fn hash(&self, password: &str) -> Result<String, PasswordError> {
        if password.chars().count() < SHORTEST {
            return Err(PasswordError::TooShort);
        }
        if password.len() > LONGEST {
            return Err(PasswordError::TooLong);
        }
        let (password, salt) = (password.to_owned(), self.sources.bytes::<16>());
        self.run(move || digest(&password, &salt)).await?
    }

    /// Whether `password` is the one behind `hash`. Without a hash it takes the same time and says no, so that an
    /// unknown login cannot be told from a wrong password. `proceed` is asked once more when a thread is free.
    pub(crate) async fn matches(
        &self,
        password: &str,
        hash: Option<String>,
        proceed: impl FnOnce() -> bool + Send + 'static,
    ) -> Result<Option<bool>, PasswordError> {
        if password.len() > LONGEST {
            return Ok(Some(false));
        }
        let password = password.to_owned();
        self.run(move || {
            if !proceed() {
                return Ok(None);
            }
            let known = hash.is_some();
            let hash = hash.as_deref().unwrap_or(&NOBODY);
            let parsed = PasswordHash::new(hash).map_err(|_| PasswordError::Broken)?;
            let same = argon2()
                .verify_password(password.as_bytes(), &parsed)
                .is_ok();
            Ok(Some(same && known))
        })
        .await?
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let waiting = self.waiting.clone().try_acquire_owned();
        let waiting = waiting.map_err(|_| PasswordError::Busy)?;
        let thread = self.threads.clone().acquire_owned().await;
        let thread = thread.expect("the semaphore is never closed");
        // The permits go with the work: a caller that goes away does not make room for another 19 MiB.
        let task = tokio::task::spawn_blocking(move || {
            let _permits = (waiting, thread);
            work()
        });
        task.await.map_err(|_| PasswordError::Broken)
    }
}

/// The hash that unknown logins are compared with; no password leads to it, since the answer is no in any case.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    digest("nobody has this password", b"webim: no such login").expect("the parameters are valid")
});

fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1_024, 2, 1, None).expect("the parameters are within bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn digest(password: &str, salt: &[u8]) -> Result<String, PasswordError> {
    let hash = argon2().hash_password_with_salt(password.as_bytes(), salt);
    let hash: PasswordHash = hash.map_err(|_| PasswordError::Broken)?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passwords() -> Passwords {
        Passwords::new(Sources::system(), 2)
    }

    async fn matches(password: &str, hash: Option<&str>) -> Option<bool> {
        let hash = hash.map(str::to_owned);
        passwords().matches(password, hash, || true).await.unwrap()
    }

    #[tokio::test]
    async fn the_right_password_and_no_other() {
        let hash = passwords().hash("correct horse").await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        assert_eq!(matches("correct horse", Some(&hash)).await, Some(true));
        assert_eq!(matches("correct horsf", Some(&hash)).await, Some(false));
        assert_eq!(matches("", Some(&hash)).await, Some(false));
    }

    #[tokio::test]
    async fn nobody_never_matches() {
        assert_eq!(matches("nobody has this password", None).await, Some(false));
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(matches(&long, None).await, Some(false));
    }

    #[tokio::test]
    async fn weak_and_huge_passwords_are_not_set() {
        let passwords = passwords();
        assert_eq!(passwords.hash("short").await, Err(PasswordError::TooShort));
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(passwords.hash(&long).await, Err(PasswordError::TooLong));
        assert!(passwords.hash("八个汉字也是口令").await.is_ok());
    }

    #[tokio::test]
    async fn a_broken_hash_is_an_error_and_not_a_no() {
        let passwords = passwords();
        let answer = passwords.matches("x", Some("$argon2id$broken".into()), || true);
        assert_eq!(answer.await, Err(PasswordError::Broken));
    }
}
