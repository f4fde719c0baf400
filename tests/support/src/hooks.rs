//! Hooks whose every answer the test gives.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{mpsc, oneshot};
use webim_hooks::{Draft, Effect, Fail, HookError, MessageHook, Settings, Verdict};
use webim_model::Message;

/// Settings of a before-hook that fails open, with a deadline that no test meets by accident.
pub fn before(name: &str) -> Settings {
    Settings {
        name: name.to_owned(),
        order: 0,
        fail: Fail::Open,
        deadline: Duration::from_mins(1),
        before: true,
        after: false,
        durable: false,
    }
}

/// Settings of an after-hook that hears of messages from the queue in memory.
pub fn after(name: &str) -> Settings {
    Settings {
        before: false,
        after: true,
        ..before(name)
    }
}

enum Answer {
    Given(Result<Verdict, HookError>),
    Panic,
}

/// A question that a hook was asked and has not answered. One that is dropped is never answered.
pub struct Asked {
    /// About what.
    pub draft: Draft,
    answer: oneshot::Sender<Answer>,
}

impl Asked {
    /// Answers it.
    pub fn answer(self, verdict: Verdict) {
        // Whoever asked may have given up.
        drop(self.answer.send(Answer::Given(Ok(verdict))));
    }

    /// Fails.
    pub fn fail(self) {
        drop(
            self.answer
                .send(Answer::Given(Err(HookError("as the test wants".into())))),
        );
    }

    /// Panics.
    pub fn panic(self) {
        drop(self.answer.send(Answer::Panic));
    }
}

/// A hook that asks the test.
pub struct Puppet(mpsc::Sender<Asked>);

impl Puppet {
    /// The hook, and what it is asked.
    pub fn with_strings() -> (Arc<dyn MessageHook>, mpsc::Receiver<Asked>) {
        let (sender, asked) = mpsc::channel(256);
        (Arc::new(Self(sender)), asked)
    }
}

#[async_trait]
impl MessageHook for Puppet {
    async fn message_will_be_posted(&self, draft: &Draft) -> Result<Verdict, HookError> {
        let (answer, given) = oneshot::channel();
        let asked = Asked {
            draft: draft.clone(),
            answer,
        };
        if self.0.send(asked).await.is_err() {
            return Ok(Verdict::Allow);
        }
        match given.await {
            Ok(Answer::Given(answer)) => answer,
            Ok(Answer::Panic) => panic!("as the test wants"),
            Err(_) => std::future::pending().await,
        }
    }
}

/// A hook that never answers the first question, and allows everything after that at once: however slow the machine
/// is, only the first meets its deadline.
#[derive(Default)]
pub struct Late(AtomicBool);

#[async_trait]
impl MessageHook for Late {
    async fn message_will_be_posted(&self, _: &Draft) -> Result<Verdict, HookError> {
        if self.0.swap(true, Ordering::SeqCst) {
            return Ok(Verdict::Allow);
        }
        std::future::pending().await
    }
}

type Judge = dyn Fn(&Draft) -> Result<Verdict, HookError> + Send + Sync;
type React = dyn Fn(&Message, u8) -> Result<Vec<Effect>, HookError> + Send + Sync;

/// A hook that is a function.
pub struct Rule {
    judge: Box<Judge>,
    react: Box<React>,
}

impl Rule {
    /// Asked before a message is stored.
    pub fn judges(
        judge: impl Fn(&Draft) -> Result<Verdict, HookError> + Send + Sync + 'static,
    ) -> Arc<dyn MessageHook> {
        Arc::new(Self {
            judge: Box::new(judge),
            react: Box::new(|_, _| Ok(Vec::new())),
        })
    }

    /// Told after a message was stored.
    pub fn reacts(
        react: impl Fn(&Message, u8) -> Result<Vec<Effect>, HookError> + Send + Sync + 'static,
    ) -> Arc<dyn MessageHook> {
        Arc::new(Self {
            judge: Box::new(|_| Ok(Verdict::Allow)),
            react: Box::new(react),
        })
    }
}

#[async_trait]
impl MessageHook for Rule {
    async fn message_will_be_posted(&self, draft: &Draft) -> Result<Verdict, HookError> {
        (self.judge)(draft)
    }

    async fn message_has_been_posted(
        &self,
        message: &Message,
        depth: u8,
    ) -> Result<Vec<Effect>, HookError> {
        (self.react)(message, depth)
    }
}
