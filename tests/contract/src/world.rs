//! People who talk, and a committer whose answers a case can wait for.

use std::sync::{Arc, Mutex};

use tokio_util::sync::CancellationToken;
use webim_model::Sources;
use webim_model::{
    About, Body, ClientId, ConversationId, Limits, MessageId, PersonId, Roles, UnitId,
};
use webim_store::commit::Faults;
use webim_store::{
    CommitterConfig, DirectoryPlan, NewMessage, NewPerson, Outcome, PersonRecord, Settled, Sink,
    Store, UnitRecord,
};

/// A store with people in it.
pub struct World {
    /// The store.
    pub store: Store,
    /// Its sources.
    pub sources: Sources,
}

impl World {
    /// A new world in `store`.
    pub fn new(store: Store, sources: Sources) -> Self {
        Self { store, sources }
    }

    /// A new id of any kind.
    pub fn id<T: From<uuid::Uuid>>(&self) -> T {
        self.sources.uuid().into()
    }

    /// So many people, in no unit.
    pub async fn people(&self, count: usize) -> Vec<PersonId> {
        let people: Vec<_> = (0..count).map(|_| self.new_person()).collect();
        let ids = people.iter().map(|person| person.record.id).collect();
        let mut plan = self.plan().await;
        plan.people_insert = people;
        self.store.apply_directory(&plan).await.expect("new people");
        ids
    }

    /// Somebody who is not in the database yet.
    pub fn new_person(&self) -> NewPerson {
        let id: PersonId = self.id();
        NewPerson {
            record: PersonRecord {
                id,
                login: format!("login-{id}"),
                name: format!("张伟 {id}"),
                avatar: String::new(),
                roles: Roles::default(),
                active: true,
            },
            password_hash: None,
        }
    }

    /// A unit with these people and its conversation.
    pub async fn unit(&self, people: &[PersonId]) -> (UnitId, ConversationId) {
        let unit = self.new_unit(None);
        let id = unit.id;
        let mut plan = self.plan().await;
        plan.units_insert = vec![unit];
        plan.memberships_add = people.iter().map(|person| (id, *person)).collect();
        self.store.apply_directory(&plan).await.expect("a new unit");
        let conversation = self.store.unit_conversation(id).await.expect("a unit");
        (id, conversation.expect("each unit has a conversation"))
    }

    /// A unit that is not in the database yet.
    pub fn new_unit(&self, parent: Option<UnitId>) -> UnitRecord {
        let id: UnitId = self.id();
        UnitRecord {
            id,
            code: format!("code-{id}"),
            parent,
            name: format!("部门 {id}"),
            position: 0,
            active: true,
        }
    }

    /// An empty plan that fits the present directory.
    pub async fn plan(&self) -> DirectoryPlan {
        DirectoryPlan {
            version: self.store.directory_version().await.expect("a version"),
            ..DirectoryPlan::default()
        }
    }

    /// A text, authorised under version 1 of the membership.
    pub fn text(&self, conversation: ConversationId, sender: PersonId, text: &str) -> NewMessage {
        let body = Body::text(text, &Limits::default()).expect("a text within the limits");
        let mut fingerprint = [0; 16];
        for (at, byte) in text.bytes().enumerate() {
            fingerprint[at % 16] ^=
                byte.wrapping_add(u8::try_from(at % 251).expect("less than 251"));
        }
        NewMessage {
            conversation,
            sender: Some(sender),
            client_id: Some(ClientId(self.sources.uuid())),
            id: MessageId(self.sources.uuid()),
            body,
            about: About::default(),
            fingerprint: Some(fingerprint),
            time: self.sources.now(),
            member_version: 1,
            lease: None,
            outbox: Vec::new(),
            files: Vec::new(),
        }
    }

    /// A line of the system's own.
    pub fn line(&self, conversation: ConversationId, text: &str) -> NewMessage {
        NewMessage {
            conversation,
            sender: None,
            client_id: None,
            id: MessageId(self.sources.uuid()),
            body: Body::System { text: text.into() },
            about: About::default(),
            fingerprint: None,
            time: self.sources.now(),
            member_version: 1,
            lease: None,
            outbox: Vec::new(),
            files: Vec::new(),
        }
    }

    /// Commits `messages` as one batch and says what became of each.
    pub async fn commit(&self, messages: Vec<NewMessage>) -> Vec<Outcome> {
        self.commit_with(messages, None).await
    }

    /// The same, with a database that fails.
    pub async fn commit_with(
        &self,
        messages: Vec<NewMessage>,
        faults: Option<Arc<dyn Faults>>,
    ) -> Vec<Outcome> {
        let config = CommitterConfig {
            queue: messages.len(),
            batch: 256,
            shards: 1,
        };
        let heard = Arc::new(Heard::default());
        let (committer, tasks) = self.store.committer_with(config, heard.clone(), faults);
        for message in messages {
            committer
                .submit(message, ())
                .await
                .expect("there is room for all");
        }
        // Told to stop before it starts: it settles what waits, as one batch, and returns.
        let stop = CancellationToken::new();
        stop.cancel();
        for task in tasks {
            task.run(stop.clone()).await;
        }
        heard.outcomes()
    }

    /// Commits a text and returns its number.
    pub async fn say(&self, conversation: ConversationId, sender: PersonId, text: &str) -> u64 {
        let (version, _) = self.store.members(conversation).await.expect("members");
        let mut message = self.text(conversation, sender, text);
        message.member_version = version;
        match self.commit(vec![message]).await.remove(0) {
            Outcome::Stored { message, .. } => message.seq,
            other => panic!("not stored: {other:?}"),
        }
    }
}

/// Keeps what a committer says.
#[derive(Default)]
pub struct Heard {
    outcomes: Mutex<Vec<Outcome>>,
}

impl Heard {
    /// All so far, in order.
    pub fn outcomes(&self) -> Vec<Outcome> {
        self.outcomes
            .lock()
            .expect("no case panics in here")
            .clone()
    }
}

#[async_trait::async_trait]
impl<T: Send + 'static> Sink<T> for Heard {
    async fn settled(&self, batch: Vec<Settled<T>>) {
        self.outcomes
            .lock()
            .expect("no case panics in here")
            .extend(batch.into_iter().map(|settled| settled.outcome));
    }
}
