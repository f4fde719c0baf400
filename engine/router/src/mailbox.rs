//! The way through the before-hooks: one (sender, conversation) at a time in order of arrival, different ones in
//! parallel. Only used while such a hook is installed.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Semaphore, oneshot};
use webim_hooks::Draft;
use webim_model::{Body, ConversationId, PersonId, Refusal};

use crate::Nay;
use crate::journey::{Accepted, Journey};
use crate::recent::Place;
use crate::reply::Reply;
use crate::said::Said;

/// Commands that may wait for one (sender, conversation); beyond: `busy`.
const PER_BOX: usize = 64;

type Address = (PersonId, ConversationId);

/// Commands that wait for hooks. An address is here exactly while a task works for it.
pub(crate) struct Mailboxes {
    boxes: Mutex<HashMap<Address, VecDeque<Accepted<Said>>>>,
    /// How many hook chains run at a time.
    permits: Semaphore,
}

impl Mailboxes {
    pub fn new(parallel: usize) -> Self {
        Self {
            boxes: Mutex::default(),
            permits: Semaphore::new(parallel.max(1)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Address, VecDeque<Accepted<Said>>>> {
        self.boxes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self, address: Address) -> Option<Accepted<Said>> {
        let mut boxes = self.lock();
        let next = boxes.get_mut(&address).and_then(VecDeque::pop_front);
        if next.is_none() {
            boxes.remove(&address);
        }
        next
    }
}

impl Journey {
    /// Queues a command for the hooks. A repeat of one that is still under way waits behind it, finds it stored and
    /// gets its answer.
    pub(crate) fn through_hooks(&self, accepted: Accepted<Said>) {
        let address = (accepted.command.sender, accepted.room.id);
        let mut boxes = self.mailboxes.lock();
        if let Some(waiting) = boxes.get_mut(&address) {
            if waiting.len() < PER_BOX {
                waiting.push_back(accepted);
                return;
            }
            drop(boxes);
            accepted
                .reply
                .refused(accepted.command.client_id, Refusal::Busy.into());
            return;
        }
        boxes.insert(address, VecDeque::new());
        drop(boxes);
        let journey = self.clone();
        self.tasks
            .spawn(async move { journey.work(address, accepted).await });
    }

    async fn work(self, address: Address, first: Accepted<Said>) {
        let mut next = Some(first);
        while let Some(mut accepted) = next {
            // The reply is answered here, so that the next command is not asked about before this one is stored.
            let (sender, outcome) = oneshot::channel();
            let reply = std::mem::replace(&mut accepted.reply, Reply::Wait(sender));
            let client_id = accepted.command.client_id;
            let except = reply.connection();
            match self.ask(accepted, except, outcome).await {
                Ok(place) => reply.stored(client_id, place),
                Err(nay) => reply.refused(client_id, nay),
            }
            next = self.mailboxes.next(address);
        }
    }

    async fn ask(
        &self,
        asked: Accepted<Said>,
        except: Option<webim_model::ConnectionId>,
        outcome: oneshot::Receiver<Result<Place, Nay>>,
    ) -> Result<Place, Nay> {
        if let Some(place) = self.repeated(&asked, true).await? {
            return Ok(place);
        }
        let mut accepted = self.resolve(asked).await.map_err(|(_, nay)| nay)?;
        self.check(&mut accepted).await?;
        let draft = Draft {
            conversation: accepted.room.id,
            kind: accepted.room.kind,
            sender: accepted.command.sender,
            body: accepted.command.body.clone(),
            origin: accepted.command.origin.clone(),
            depth: accepted.command.depth,
        };
        let permit = self
            .mailboxes
            .permits
            .acquire()
            .await
            .map_err(|_| Nay::from(Refusal::Busy))?;
        let changed = self
            .chain
            .will_be_posted(draft)
            .await
            .map_err(|refused| Nay::because(refused.refusal, refused.detail))?;
        drop(permit);
        if let Some(body) = changed {
            accepted.command.body = put(&accepted.command.body, body);
        }
        accepted.except = except;
        self.commit(accepted).await;
        outcome
            .await
            .unwrap_or_else(|_| Err(Refusal::OutcomeUnknown.into()))
    }
}

/// What is stored where a hook wants `changed`: a text in place of an edit's is what the edit says.
fn put(asked: &Body, changed: Body) -> Body {
    match (asked, changed) {
        (Body::Edit { .. }, Body::Text { text }) => Body::Edit { text },
        // Only what says something can say something else.
        (asked, changed) if asked.kind().amends() || changed.kind().amends() => {
            if asked.kind() == changed.kind() {
                changed
            } else {
                asked.clone()
            }
        }
        (_, changed) => changed,
    }
}
