//! Uploads that were begun and never ended, in a store that is not a folder.

use futures_util::future::BoxFuture;
use object_store::path::Path;
use webim_model::Millis;

/// An upload that was begun and has not ended; it costs what came so far until it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Half {
    /// Where it would lie.
    pub path: Path,
    /// What the store calls the upload.
    pub id: String,
    /// When it began, by the store's clock.
    pub begun: Millis,
}

/// What `object_store` cannot ask of a store: which uploads are begun, whoever began them.
pub trait Halves: Send + Sync + 'static {
    /// Those that are begun and have not ended.
    fn list(&self) -> BoxFuture<'_, Result<Vec<Half>, object_store::Error>>;

    /// Ends one of them with nothing kept.
    fn end<'a>(&'a self, half: &'a Half) -> BoxFuture<'a, Result<(), object_store::Error>>;
}
