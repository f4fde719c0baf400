//! Signing in with a host system's word.

use std::net::IpAddr;

use webim_model::Refusal;

use super::{Accounts, normal_login};
use crate::host::{Taken, Vouched, Wrong};
use crate::{Denial, SignedIn, Token, host};

impl Accounts {
    /// Signs in the person whom a host system's token names, once for each token. Refused with `host_token_invalid`,
    /// and what is wrong; with `host_token_used`; with `login_throttled` after too many tokens from one address that
    /// did not hold; with `host_keys_unavailable` where the host's keys are not known and cannot be fetched; with
    /// `busy` where no more tokens can be remembered; or with `login_failed` where the token holds but nobody active
    /// has that login.
    pub async fn sign_in_by_host(
        &self,
        token: &str,
        device: &str,
        from: IpAddr,
    ) -> Result<(SignedIn, Token), Denial> {
        let this = &self.0;
        if !this.throttle.allowed_from(from) {
            return Err(Refusal::LoginThrottled.into());
        }
        let now = this.sources.now();
        let vouched = match host::vouch(&this.config.hosts, token, now).await {
            Ok(vouched) => vouched,
            Err(Wrong::Token(detail)) => {
                this.throttle.failed_from(from);
                tracing::info!(detail, "a host system's token was refused");
                return Err(Denial::because(Refusal::HostTokenInvalid, detail));
            }
            Err(Wrong::Keys(_)) => return Err(Refusal::HostKeysUnavailable.into()),
        };
        match this.spent.take(vouched.once, vouched.until, now) {
            Taken::Now => {}
            // Not counted as a failure: it was the host's once, and a page that is loaded again says it again.
            Taken::Before => return Err(Refusal::HostTokenUsed.into()),
            Taken::Full => return Err(Refusal::Busy.into()),
        }
        let signed = self.sign_in_vouched(&vouched, device).await;
        if signed.is_err() {
            this.spent.give_back(vouched.once);
        }
        signed
    }

    async fn sign_in_vouched(
        &self,
        vouched: &Vouched<'_>,
        device: &str,
    ) -> Result<(SignedIn, Token), Denial> {
        let (login, host) = (normal_login(&vouched.login), vouched.host);
        match self.0.store.person_by_login(&login).await? {
            Some((person, _)) if person.active => {
                tracing::info!(person = %person.id, host, "a host system signs in");
                Ok(self.open(&person, device).await?)
            }
            _ => {
                tracing::info!(host, "a host system vouches for nobody whom we know");
                Err(Refusal::LoginFailed.into())
            }
        }
    }
}
