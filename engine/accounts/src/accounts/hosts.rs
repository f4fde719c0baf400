//! Signing in with a host system's word.

use webim_model::Refusal;

use super::{Accounts, normal_login};
use crate::{Denial, SignedIn, Token, host};

impl Accounts {
    /// Signs in the person whom a host system's token names. Refused with `host_token_invalid`, and what is wrong, or
    /// with `login_failed` where the token holds but nobody active has that login.
    pub async fn sign_in_by_host(
        &self,
        token: &str,
        device: &str,
    ) -> Result<(SignedIn, Token), Denial> {
        let now = self.0.sources.now();
        let vouched = host::login(&self.0.config.hosts, token, now).await;
        let (login, host) = vouched.map_err(|detail| {
            tracing::info!(detail, "a host system's token was refused");
            Denial::because(Refusal::HostTokenInvalid, detail)
        })?;
        let found = self.0.store.person_by_login(&normal_login(&login)).await?;
        match found {
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
