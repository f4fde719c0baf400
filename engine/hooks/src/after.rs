//! After-hooks that are not durable: told from a bounded queue, which drops and counts what does not fit.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::mpsc;
use uuid::Uuid;
use webim_model::{About, Message, Origin, SendCommand};

use crate::{Chain, Effect, Installed, Services};

/// Events that may wait for the after-hooks together.
const QUEUE: usize = 4_096;

/// Where the router offers what was stored.
#[derive(Clone)]
pub struct Offered(mpsc::Sender<(Message, u8)>);

/// The task that tells the hooks; owned and run by whoever starts the server.
pub struct AfterTask {
    chain: Arc<Chain>,
    queue: mpsc::Receiver<(Message, u8)>,
}

impl Offered {
    /// The queue and the task that empties it.
    pub fn new(chain: Arc<Chain>) -> (Self, AfterTask) {
        let (sender, queue) = mpsc::channel(QUEUE);
        (Self(sender), AfterTask { chain, queue })
    }

    /// Offers a stored message; when the queue is full, every hook that would have been told counts one dropped.
    pub fn offer(&self, chain: &Chain, message: &Message, depth: u8) {
        let hooks = chain.hooks();
        let told = || {
            hooks
                .iter()
                .filter(|hook| hook.settings.after && !hook.settings.durable)
        };
        if told().next().is_some() && self.0.try_send((message.clone(), depth)).is_err() {
            for hook in told() {
                hook.dropped.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

impl AfterTask {
    /// Tells the hooks until every [`Offered`] is gone; the owner may also drop it at any time.
    pub async fn run(mut self, services: Arc<dyn Services>) {
        while let Some((message, depth)) = self.queue.recv().await {
            for installed in self.chain.hooks().iter() {
                if installed.settings.after && !installed.settings.durable {
                    self.chain
                        .tell(installed, &message, depth, &*services)
                        .await;
                }
            }
        }
    }
}

impl Chain {
    /// Tells one hook of a stored message and does what it wants done. Says whether the hook answered. The commands
    /// are named after the message and the hook, so that telling it again repeats nothing.
    pub async fn tell(
        &self,
        installed: &Installed,
        message: &Message,
        depth: u8,
        services: &dyn Services,
    ) -> bool {
        let answer = installed.hook.message_has_been_posted(message, depth);
        let Some(effects) = self.call(installed, answer).await else {
            return false;
        };
        let name = &installed.settings.name;
        for (index, effect) in effects.into_iter().enumerate() {
            let Effect::Post { sender, to, body } = effect;
            let command = SendCommand {
                sender,
                client_id: Uuid::new_v5(&message.id.0, format!("{name}/{index}").as_bytes()).into(),
                to,
                body,
                about: About::default(),
                lease: None,
                retry: true,
                origin: Origin::Hook(name.clone()),
                depth: depth.saturating_add(1),
            };
            if let Err(refusal) = services.post(command).await {
                tracing::warn!(hook = %name, code = refusal.code(), "an effect was refused");
            }
        }
        true
    }
}
