//! Durable after-hooks: told from the outbox, at least once.

use webim_model::Message;

use crate::Router;

impl Router {
    /// Whether any hook in service is told from the outbox.
    pub fn wants_outbox(&self) -> bool {
        self.0.chain.wants_outbox()
    }

    /// Tells every durable hook of a stored message, in order, and does what they want done. False if one of them did
    /// not answer: then tell all of them again later; what was done already is not done twice.
    pub async fn tell_durable(&self, message: &Message, depth: u8) -> bool {
        let chain = &self.0.chain;
        for installed in chain.hooks().iter() {
            let told = installed.settings.after && installed.settings.durable;
            if told && !chain.tell(installed, message, depth, self).await {
                return false;
            }
        }
        true
    }
}
