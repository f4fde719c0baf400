//! The router itself: what it is made of, how it starts and how it stops.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;
use webim_hooks::{AfterTask, Chain, MessageHook, Offered, Settings};
use webim_hub::{Broker, Hub, LocalBroker, Presence, QueueLimits};
use webim_model::{Bye, ConversationId, PersonId, PersonKind, SessionId, Sources, Status};
use webim_store::{CommitterConfig, CommitterTask, Store, StoreError};

use crate::directory::Directories;
use crate::files::Files;
use crate::journey::Journey;
use crate::live::Live;
use crate::mailbox::Mailboxes;
use crate::marks::{MarkWriter, Marks};
use crate::pace::Pace;
use crate::recent::Recent;
use crate::rooms::Rooms;
use crate::search::{Searching, noted};
use crate::seen::Departed;
use crate::service::{Desk, Starting, Telling};
use crate::settle::{Fanout, Settle, Ticket};
use crate::{Caller, RouterConfig};

/// What a router is made from.
pub struct Parts {
    /// Where everything is kept.
    pub store: Store,
    /// Time and randomness.
    pub sources: Sources,
    /// What the operator set.
    pub config: RouterConfig,
    /// How messages are committed.
    pub committer: CommitterConfig,
    /// How much may wait for one connection.
    pub queues: QueueLimits,
    /// Hooks written in Rust, in service from the start.
    pub hooks: Vec<(Settings, Arc<dyn MessageHook>)>,
    /// Where files are kept; none where they are switched off.
    pub files: Option<Files>,
}

/// Takes commands and answers queries; cheap to clone.
#[derive(Clone)]
pub struct Router(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub config: Arc<RouterConfig>,
    pub epoch: Uuid,
    pub store: Store,
    pub hub: Arc<Hub>,
    pub broker: Arc<dyn Broker>,
    pub presence: Presence,
    pub departed: Departed,
    pub pace: Pace,
    pub rooms: Arc<Rooms>,
    pub directories: Directories,
    pub journey: Journey,
    pub marks: Arc<Marks>,
    pub writer: MarkWriter,
    pub chain: Arc<Chain>,
    pub files: Option<Files>,
    pub search: Searching,
    pub desk: Arc<Desk>,
    pub side: Arc<Telling>,
}

/// The router's tasks; whoever starts it stops it.
pub struct Running {
    router: Router,
    commands: TaskTracker,
    commits: TaskTracker,
    readers: TaskTracker,
    stop_commits: CancellationToken,
    stop_readers: CancellationToken,
}

impl Router {
    /// Starts the router on a migrated store.
    pub async fn start(parts: Parts) -> Result<(Self, Running), StoreError> {
        let Parts {
            store,
            sources,
            config,
            committer,
            queues,
            hooks,
            files,
        } = parts;
        let config = Arc::new(config);
        let chain = installed(&sources, hooks);
        let (offered, after) = Offered::new(chain.clone());
        let hub = Arc::new(Hub::new(queues, config.limits.connections_per_person));
        let broker: Arc<dyn Broker> = Arc::new(LocalBroker(hub.clone()));
        let rooms = Arc::new(Rooms::new(store.clone()));
        let (recent, marks) = (Arc::new(Recent::default()), Arc::new(Marks::default()));
        let (settle, batches) = Settle::new(recent.clone(), marks.clone());
        let (committer, shards, stored) = noted(&store, committer, settle, config.search);
        let service = Starting::new((&store, &sources), &hub, (&rooms, &broker));
        let commands = TaskTracker::new();
        let journey = Journey {
            config: config.clone(),
            sources: sources.clone(),
            store: store.clone(),
            rooms: rooms.clone(),
            recent,
            chain: chain.clone(),
            mailboxes: Arc::new(Mailboxes::new(config.parallel_hooks)),
            committer,
            tasks: commands.clone(),
            desk: service.desk.clone(),
        };
        let writer = MarkWriter::new(&marks, &store, &rooms, &broker);
        let router = Self(Arc::new(Inner {
            pace: Pace::new(&config.limits, sources.clock.clone()),
            directories: Directories::new(store.clone()),
            writer,
            presence: Presence::default(),
            departed: Departed::default(),
            config,
            epoch: store.epoch().await?,
            store,
            hub,
            broker: broker.clone(),
            rooms: rooms.clone(),
            journey,
            marks,
            chain: chain.clone(),
            files,
            search: Searching::new(stored),
            desk: service.desk.clone(),
            side: service.telling.clone(),
        }));
        let fanout = Fanout {
            batches,
            rooms,
            broker,
            chain,
            offered,
            desk: service.desk.clone(),
        };
        let running = Running::spawn(&router, commands, shards, fanout, after);
        service.spawn(&router.0.journey, &running.readers, &running.stop_readers);
        // Known from the start, so that whatever changes later is noticed.
        router.0.directories.get().await?;
        Ok((router, running))
    }

    /// Registers a connection.
    pub(crate) fn connect(&self, caller: &Caller, status: Status) -> Result<Live, Bye> {
        let (outlet, inlet, first) = self.0.hub.connect(caller.person, caller.session)?;
        let live = Live::new(self.0.clone(), caller.clone(), outlet, inlet);
        if first {
            self.0.presence.show(caller.person, status);
            let customer = caller.kind == PersonKind::Customer;
            self.0.desk.moved(caller.person, customer);
        }
        Ok(live)
    }

    /// What the operator set.
    pub fn config(&self) -> &RouterConfig {
        &self.0.config
    }

    /// Conversations in which something was stored since this was last asked.
    pub fn take_stored(&self) -> Vec<ConversationId> {
        self.0.search.stored.take()
    }

    /// The hooks in service, for those who install others.
    pub fn chain(&self) -> &Arc<Chain> {
        &self.0.chain
    }

    /// Ends the sockets that were opened under a session that is over.
    pub fn end_session(&self, person: PersonId, session: SessionId) {
        self.0.hub.end_session(person, session, Bye::SessionEnded);
    }

    /// Ends the sockets of a person who was deactivated.
    pub fn end_person(&self, person: PersonId) {
        self.0.hub.end_person(person, Bye::Deactivated);
    }

    /// Tells every socket that the server goes away.
    pub fn end_all(&self) {
        self.0.hub.end_all(Bye::GoingAway);
    }

    /// Who has a socket open.
    pub fn connected(&self) -> Vec<PersonId> {
        self.0.hub.people()
    }

    /// How many sockets are open.
    pub fn connections(&self) -> usize {
        self.0.hub.len()
    }
}

fn installed(sources: &Sources, hooks: Vec<(Settings, Arc<dyn MessageHook>)>) -> Arc<Chain> {
    let chain = Arc::new(Chain::new(sources.clock.clone()));
    chain.install(hooks);
    chain
}

impl Running {
    fn spawn(
        router: &Router,
        commands: TaskTracker,
        shards: Vec<CommitterTask<Ticket>>,
        fanout: Fanout,
        after: AfterTask,
    ) -> Self {
        let (commits, readers) = (TaskTracker::new(), TaskTracker::new());
        let (stop_commits, stop_readers) = (CancellationToken::new(), CancellationToken::new());
        for shard in shards {
            commits.spawn(shard.run(stop_commits.clone()));
        }
        commits.spawn(fanout.run());
        let (services, stop) = (Arc::new(router.clone()), stop_readers.clone());
        // It holds a router and the router holds its queue: only a token ends the two.
        readers.spawn(async move { stop.run_until_cancelled(after.run(services)).await });
        Self {
            router: router.clone(),
            commands,
            commits,
            readers,
            stop_commits,
            stop_readers,
        }
    }

    /// Stops in the order of a message's journey, so that what was taken is answered: commands in hooks, the commits,
    /// the fan-out, the read marks. Call it when no more frames come in.
    pub async fn stop(self) {
        self.commands.close();
        self.commands.wait().await;
        self.stop_commits.cancel();
        self.commits.close();
        self.commits.wait().await;
        self.stop_readers.cancel();
        self.readers.close();
        self.readers.wait().await;
        self.router.flush_marks().await;
        self.router.flush_seen().await;
    }
}
