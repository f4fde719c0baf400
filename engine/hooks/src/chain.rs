//! The chain of installed hooks, and how one call to one of them is made.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

use arc_swap::ArcSwap;
use webim_model::{Body, Clock, Refusal};

use crate::{Breaker, Draft, HookError, MessageHook, Verdict};

/// What happens when a hook does not answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fail {
    /// As if it had allowed.
    #[default]
    Open,
    /// The command is refused as `hook_failed`.
    Closed,
}

/// How a hook wants to be called.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Its name, for receipts, logs and the admin.
    pub name: String,
    /// Lower ones first; equal ones by name.
    pub order: i32,
    /// What happens when it does not answer.
    pub fail: Fail,
    /// How long one call may take.
    pub deadline: Duration,
    /// Whether it is asked before messages are stored.
    pub before: bool,
    /// Whether it is told after messages were stored.
    pub after: bool,
    /// Whether what it is told after comes from the outbox (at least once, in order per conversation).
    pub durable: bool,
}

/// A hook in service.
pub struct Installed {
    /// How it wants to be called.
    pub settings: Settings,
    /// What is called.
    pub hook: Arc<dyn MessageHook>,
    /// Whether it is called now.
    pub breaker: Breaker,
    /// Calls that failed or came too late.
    pub failures: AtomicU64,
    /// Events dropped because its queue was full.
    pub dropped: AtomicU64,
}

/// A hook said no, or one that must answer did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// `hook_refused` or `hook_failed`.
    pub refusal: Refusal,
    /// The hook's reason, or which hook did not answer.
    pub detail: String,
}

/// All hooks in service, in order; replaced as a whole.
pub struct Chain {
    hooks: ArcSwap<Vec<Arc<Installed>>>,
    clock: Arc<dyn Clock>,
}

impl Chain {
    /// An empty chain.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            hooks: ArcSwap::default(),
            clock,
        }
    }

    /// Puts these hooks into service instead of those before; calls under way end as they began.
    pub fn install(&self, hooks: Vec<(Settings, Arc<dyn MessageHook>)>) {
        let mut hooks: Vec<_> = hooks
            .into_iter()
            .map(|(settings, hook)| {
                Arc::new(Installed {
                    settings,
                    hook,
                    breaker: Breaker::default(),
                    failures: AtomicU64::new(0),
                    dropped: AtomicU64::new(0),
                })
            })
            .collect();
        hooks.sort_by(|a, b| {
            (a.settings.order, &a.settings.name).cmp(&(b.settings.order, &b.settings.name))
        });
        self.hooks.store(Arc::new(hooks));
    }

    /// The hooks in service, in order.
    pub fn hooks(&self) -> Arc<Vec<Arc<Installed>>> {
        self.hooks.load_full()
    }

    /// Whether any hook is asked before messages are stored.
    pub fn asks_before(&self) -> bool {
        self.hooks.load().iter().any(|hook| hook.settings.before)
    }

    /// Whether any hook wants messages from the outbox.
    pub fn wants_outbox(&self) -> bool {
        self.hooks
            .load()
            .iter()
            .any(|hook| hook.settings.after && hook.settings.durable)
    }

    /// Asks every before-hook in order, each about what the one before made of it. `Ok(None)`: unchanged.
    pub async fn will_be_posted(&self, mut draft: Draft) -> Result<Option<Body>, Refused> {
        let hooks = self.hooks();
        let mut changed = false;
        for installed in hooks.iter().filter(|hook| hook.settings.before) {
            match self
                .call(installed, installed.hook.message_will_be_posted(&draft))
                .await
            {
                Some(Verdict::Change(body)) => {
                    draft.body = body;
                    changed = true;
                }
                Some(Verdict::Refuse(detail)) => {
                    return Err(Refused {
                        refusal: Refusal::HookRefused,
                        detail,
                    });
                }
                None if installed.settings.fail == Fail::Closed => {
                    let detail = format!("the rule {} did not answer", installed.settings.name);
                    return Err(Refused {
                        refusal: Refusal::HookFailed,
                        detail,
                    });
                }
                Some(Verdict::Allow) | None => {}
            }
        }
        Ok(changed.then_some(draft.body))
    }

    /// One call under the hook's deadline and breaker; `None` if it did not answer.
    pub async fn call<T>(
        &self,
        installed: &Installed,
        answer: impl Future<Output = Result<T, HookError>>,
    ) -> Option<T> {
        if !installed.breaker.admits(self.clock.now()) {
            return None;
        }
        let mut recorded = Record {
            breaker: &installed.breaker,
            clock: &*self.clock,
            success: false,
        };
        let answer = tokio::time::timeout(installed.settings.deadline, unpanicked(answer));
        let reason = match answer.await {
            Ok(Ok(answer)) => {
                recorded.success = true;
                return Some(answer);
            }
            Ok(Err(error)) => error.0,
            Err(_) => "it took longer than its deadline".to_owned(),
        };
        installed.failures.fetch_add(1, Ordering::Relaxed);
        tracing::warn!(hook = %installed.settings.name, %reason, "a hook did not answer");
        None
    }
}

/// The same answer, or a failure where the hook panics: its caller has others to serve.
async fn unpanicked<T>(answer: impl Future<Output = Result<T, HookError>>) -> Result<T, HookError> {
    let mut answer = pin!(answer);
    poll_fn(|cx| {
        // A hook's future is not looked at again after it has panicked.
        catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(cx)))
            .unwrap_or_else(|_| Poll::Ready(Err(HookError("it panicked".to_owned()))))
    })
    .await
}

/// Tells the breaker how a call ended, also when the caller goes away in the middle of it: a trial that is never
/// recorded would keep the breaker open for good.
struct Record<'a> {
    breaker: &'a Breaker,
    clock: &'a dyn Clock,
    success: bool,
}

impl Drop for Record<'_> {
    fn drop(&mut self) {
        self.breaker.record(self.clock.now(), self.success);
    }
}
