//! Removing what nobody can reach: files that no message shows, and bytes without a row.

use futures_util::TryStreamExt;
use webim_media::{Key, Listed};
use webim_model::{FileId, Millis};
use webim_store::{Store, StoreError};

use crate::files::Files;

/// Files looked at in one go.
const AT_ONCE: usize = 256;

/// Why sweeping ended early; the rest is found the next time.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SweepError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The place of the files.
    #[error(transparent)]
    Media(#[from] webim_media::StoreError),
}

/// Removes what is older than the rules say and that no message shows.
pub(crate) async fn sweep(files: &Files, store: &Store, now: Millis) -> Result<(), SweepError> {
    let before = now.plus(-files.shelf().rules.unused);
    loop {
        let unused = store.unused_files(before, AT_ONCE as u64).await?;
        // The row goes first: bytes without a row are found again, a row without bytes would be an error to somebody.
        let forgotten = store.forget_files(&unused).await?;
        for file in &forgotten {
            remove(files, *file).await?;
        }
        if forgotten.is_empty() {
            break;
        }
    }
    let halves = files.shelf().media.end_halves(Some(before)).await?;
    if halves > 0 {
        tracing::info!(halves, "half uploads were ended");
    }
    strays(files, store, before).await
}

/// Bytes that an upload left whose row was never written.
async fn strays(files: &Files, store: &Store, before: Millis) -> Result<(), SweepError> {
    let mut listed = files.shelf().media.list();
    let mut old: Vec<FileId> = Vec::with_capacity(AT_ONCE);
    loop {
        let next: Option<Listed> = listed.try_next().await?;
        let ended = next.is_none();
        old.extend(
            next.filter(|one| one.written < before)
                .map(|one| FileId(one.key.id)),
        );
        if old.len() >= AT_ONCE || ended {
            let known = store.known_files(&old).await?;
            old.retain(|file| !known.contains(file));
            for file in old.drain(..) {
                remove(files, file).await?;
            }
        }
        if ended {
            return Ok(());
        }
    }
}

async fn remove(files: &Files, file: FileId) -> Result<(), SweepError> {
    for key in [Key::whole(file.0), Key::thumbnail(file.0)] {
        files.shelf().media.delete(key).await?;
    }
    Ok(())
}
