//! Connections that are kept: each belongs to a [`Links`] and to nobody else while it is used.
//!
//! The pool underneath asks a connection whether it is alive each time that it is given back, which doubles the cost
//! of a short statement. So each connection is taken out of its pool once and held until it fails. SeaORM hands out a
//! connection for good only as a transaction; that one is ended at once by its own text, and from then on `BEGIN` and
//! `COMMIT` are said here.

use std::sync::Mutex;
use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbErr,
    QueryResult, Statement, TransactionTrait, Value,
};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::classify;
use crate::{Backend, StoreError};

/// How long a database in another process may take for one statement before the connection is given up.
const PATIENCE: Duration = Duration::from_secs(15);

/// An open connection, and the pool of one that it came from.
struct Wire {
    held: DatabaseTransaction,
    pool: DatabaseConnection,
}

/// Connections of one kind.
pub(crate) struct Links {
    backend: Backend,
    options: ConnectOptions,
    /// Said once on each new connection.
    greeting: &'static [&'static str],
    idle: Mutex<Vec<Wire>>,
    permits: Semaphore,
}

impl Links {
    /// At most `count` connections; none is opened yet.
    pub(crate) fn new(
        backend: Backend,
        options: ConnectOptions,
        greeting: &'static [&'static str],
        count: usize,
    ) -> Self {
        Self {
            backend,
            options,
            greeting,
            idle: Mutex::new(Vec::with_capacity(count)),
            permits: Semaphore::new(count),
        }
    }

    /// So many connections more.
    pub(crate) fn grow(&self, count: usize) {
        self.permits.add_permits(count);
    }

    /// A connection, waiting for its turn while all are in use.
    pub(crate) async fn link(&self) -> Result<Link<'_>, StoreError> {
        let permit = self
            .permits
            .acquire()
            .await
            .map_err(|_| StoreError::Unavailable("closed".into()))?;
        // The one used last: its caches are warm.
        let idle = self.lock().pop();
        let kept = idle.is_some();
        let wire = match idle {
            Some(wire) => wire,
            // Boxed: it is rare and deep, and would make every caller's future as large.
            None => Box::pin(self.open()).await?,
        };
        Ok(Link {
            links: self,
            wire: Some(wire),
            sound: true,
            kept,
            _permit: permit,
        })
    }

    /// Forgets those that are idle: what cut one off has most likely cut off all.
    fn forget(&self) {
        drop(std::mem::take(&mut *self.lock()));
    }

    /// Gives out no more, and closes what is idle.
    pub(crate) async fn close(&self) {
        self.permits.close();
        let idle = std::mem::take(&mut *self.lock());
        for Wire { held, pool } in idle {
            drop(held);
            // There is nobody left to tell, and nothing was promised.
            let _ = pool.close().await;
        }
    }

    async fn open(&self) -> Result<Wire, StoreError> {
        let opened = async {
            let pool = Database::connect(self.options.clone()).await?;
            let held = pool.begin().await?;
            held.execute_unprepared("COMMIT").await?;
            for sql in self.greeting {
                held.execute_unprepared(sql).await?;
            }
            Ok(Wire { held, pool })
        };
        // Boxed: opening is rare, and its many steps would make every future that may open one large.
        within(self.backend, Box::pin(opened)).await
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Wire>> {
        self.idle
            .lock()
            .expect("nothing panics while it holds this")
    }
}

/// A connection in use; it goes back when dropped, unless it was dropped in the middle of something.
pub(crate) struct Link<'a> {
    links: &'a Links,
    wire: Option<Wire>,
    sound: bool,
    /// It was opened for somebody before, and may have been cut off since.
    kept: bool,
    _permit: SemaphorePermit<'a>,
}

impl Drop for Link<'_> {
    fn drop(&mut self) {
        if let Some(wire) = self.wire.take()
            && self.sound
            && !self.links.permits.is_closed()
        {
            self.links.lock().push(wire);
        }
    }
}

impl Link<'_> {
    pub(crate) fn backend(&self) -> Backend {
        self.links.backend
    }

    /// Whether it was opened for somebody before: what fails on it may go well on a new one.
    pub(crate) fn kept(&self) -> bool {
        self.kept
    }

    /// Rows of `sql`, which is written with `?`. Asked once more on a new connection where the one that was kept turns
    /// out to be cut off.
    pub(crate) async fn query(
        &mut self,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<Vec<QueryResult>, StoreError> {
        let statement = self.backend().statement(sql, values);
        // In a transaction there is nothing to repeat: what went before is gone with the connection.
        if !self.kept || !self.sound || self.backend() == Backend::Sqlite {
            return self.query_ready(statement).await;
        }
        match self.query_ready(statement.clone()).await {
            Err(StoreError::Unavailable(_)) => {
                self.wire = None;
                self.wire = Some(Box::pin(self.links.open()).await?);
                (self.kept, self.sound) = (false, true);
                self.query_ready(statement).await
            }
            done => done,
        }
    }

    /// Rows of a statement that is in this database's own spelling.
    pub(crate) async fn query_ready(
        &mut self,
        statement: Statement,
    ) -> Result<Vec<QueryResult>, StoreError> {
        self.run(async |wire| wire.query_all_raw(statement).await)
            .await
    }

    /// Runs `sql`, which is written with `?`, and says how many rows it changed.
    pub(crate) async fn execute(
        &mut self,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        self.execute_ready(self.backend().statement(sql, values))
            .await
    }

    /// Runs a statement that is in this database's own spelling, and says how many rows it changed.
    pub(crate) async fn execute_ready(&mut self, statement: Statement) -> Result<u64, StoreError> {
        self.run(async |wire| wire.execute_raw(statement).await)
            .await
            .map(|done| done.rows_affected())
    }

    /// Begins a transaction: READ COMMITTED, on SQLite the only one that writes. [`Link::commit`] or
    /// [`Link::rollback`] must follow; a link that is dropped before is closed, which rolls back.
    pub(crate) async fn begin(&mut self) -> Result<(), StoreError> {
        self.say(match self.backend() {
            Backend::Sqlite => "BEGIN IMMEDIATE",
            Backend::Postgres | Backend::MariaDb => "BEGIN",
        })
        .await?;
        self.sound = false;
        Ok(())
    }

    /// Begins a transaction with a statement that does so itself, and returns the rows of what follows in it.
    pub(crate) async fn begin_with(
        &mut self,
        statement: Statement,
    ) -> Result<Vec<QueryResult>, StoreError> {
        let rows = self.query_ready(statement).await;
        self.sound = false;
        rows
    }

    /// Ends a transaction with a statement that commits last. After an error, [`Link::rollback`].
    pub(crate) async fn commit_with(&mut self, statement: Statement) -> Result<(), StoreError> {
        self.sound = true;
        let done = self.execute_ready(statement).await;
        self.sound &= done.is_ok();
        done.map(drop)
    }

    /// Commits. After an error it is not known whether that happened.
    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        let done = self.say("COMMIT").await;
        self.sound &= done.is_ok();
        done
    }

    /// Rolls back.
    pub(crate) async fn rollback(mut self) {
        // If it fails, the connection is closed, which rolls back too; the caller has an error of its own to tell.
        self.sound = self.say("ROLLBACK").await.is_ok();
    }

    /// A statement without values that leaves no transaction open.
    async fn say(&mut self, sql: &'static str) -> Result<(), StoreError> {
        self.sound = true;
        if self.backend() == Backend::Sqlite {
            // Only what is executed with values, be they none, stays prepared.
            let statement = self.backend().statement(sql, Vec::new());
            self.execute_ready(statement).await.map(drop)
        } else {
            self.run(async |wire| wire.execute_unprepared(sql).await)
                .await
                .map(drop)
        }
    }

    async fn run<T>(
        &mut self,
        work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T, DbErr>,
    ) -> Result<T, StoreError> {
        let wire = self
            .wire
            .as_ref()
            .ok_or_else(|| StoreError::Unavailable("cut off".into()))?;
        // A caller that goes away in the middle leaves an answer behind that the next one would take for its own.
        let sound = std::mem::replace(&mut self.sound, false);
        let done = within(self.links.backend, work(&wire.held)).await;
        if matches!(done, Err(StoreError::Unavailable(_))) {
            self.links.forget();
            return done;
        }
        self.sound = sound;
        done
    }
}

async fn within<T>(
    backend: Backend,
    work: impl Future<Output = Result<T, DbErr>>,
) -> Result<T, StoreError> {
    let done = if backend == Backend::Sqlite {
        // It has its own time-out for locks, and nothing else to wait for.
        work.await
    } else {
        tokio::time::timeout(PATIENCE, work)
            .await
            .map_err(|_| StoreError::Unavailable("no answer in time".into()))?
    };
    done.map_err(|error| classify(&error))
}
