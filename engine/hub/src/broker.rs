//! How publications travel to the processes that hold the readers: within this one today, over NATS later.

use std::sync::Arc;

use webim_model::{ConnectionId, PersonId};

use crate::{Frame, Hub};

/// An encoded event and whom it is for.
#[derive(Clone, Debug)]
pub struct Publication {
    /// Whose connections get it.
    pub to: Arc<[PersonId]>,
    /// The connection that caused it and has its own answer.
    pub except: Option<ConnectionId>,
    /// The event.
    pub frame: Frame,
}

/// Carries publications. Between processes they may arrive swapped or not at all; readers close gaps from the store.
pub trait Broker: Send + Sync {
    /// Hands `publication` on; never waits.
    fn publish(&self, publication: &Publication);
}

/// The broker of a single process: straight into its hub, in order.
pub struct LocalBroker(pub Arc<Hub>);

impl Broker for LocalBroker {
    fn publish(&self, publication: &Publication) {
        for person in publication.to.iter() {
            self.0
                .deliver(*person, publication.except, &publication.frame);
        }
    }
}
