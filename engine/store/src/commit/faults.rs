//! Where a test may let the database fail.

use std::time::Duration;

use crate::StoreError;

/// A point in the storing of one batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// Before the transaction begins.
    Begin,
    /// Before the rows are written.
    Write,
    /// At COMMIT: nothing is committed, and the answer is lost.
    Commit,
    /// After COMMIT: everything is committed, and the answer is lost.
    Committed,
    /// Before it is looked up what became of a batch whose answer was lost.
    Look,
}

/// Decides which points fail; asked again at each one.
pub trait Faults: Send + Sync {
    /// An error takes the place of what the database says.
    fn at(&self, point: Point) -> Result<(), StoreError>;

    /// For how long the outcome of a lost COMMIT is looked for.
    fn patience(&self) -> Duration {
        PATIENCE
    }
}

/// For how long the outcome of a lost COMMIT is looked for.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
