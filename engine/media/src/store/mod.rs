//! Where bytes are kept: a folder, or whatever else `object_store` reaches.

mod download;
mod halves;
mod key;
mod upload;

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::stream::{BoxStream, StreamExt};
use object_store::local::LocalFileSystem;
use object_store::{GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt};
use webim_model::Millis;

pub use self::download::Download;
pub use self::halves::{Half, Halves};
pub use self::key::{Digest, Key, Part};
pub use self::upload::{Stored, Upload};

/// What uploads may hold at once: `uploads` times `part_bytes` bytes of memory at most, and as much again on its way
/// to the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreLimits {
    /// Uploads that are begun and not ended; another one is [`StoreError::Busy`].
    pub uploads: usize,
    /// Bytes that are collected before they are written. S3 wants 5 MiB at least, a folder does with less. At
    /// least 1.
    pub part_bytes: usize,
}

impl Default for StoreLimits {
    /// For a folder: 64 uploads of 512 KiB.
    fn default() -> Self {
        Self {
            uploads: 64,
            part_bytes: 512 * 1024,
        }
    }
}

impl StoreLimits {
    /// For S3: 32 uploads of 5 MiB.
    pub fn s3() -> Self {
        Self {
            uploads: 32,
            part_bytes: 5 * 1024 * 1024,
        }
    }
}

/// Why bytes were not kept or found.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing is kept under this key.
    #[error("there is no such file")]
    Missing,
    /// The upload went beyond its limit; nothing of it is kept.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// Most bytes.
        limit: u64,
    },
    /// As many uploads as may be are under way.
    #[error("too many uploads at once")]
    Busy,
    /// The upload has failed before or was ended.
    #[error("the upload is over")]
    Over,
    /// The store itself: full, unreachable, not allowed. The cause may name places on the machine: for the log, not
    /// for people.
    #[error("the store of files failed")]
    Store(#[from] object_store::Error),
    /// Reading from the folder failed, or the file became shorter meanwhile; as above.
    #[error("reading a file failed")]
    Io(#[from] io::Error),
}

/// One file as it lies in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: Key,
    /// In bytes.
    pub size: u64,
    /// When it was written, by the store's clock.
    pub written: Millis,
}

/// Keeps files by keys made from ids. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    limits: StoreLimits,
    under_way: Arc<AtomicUsize>,
    folder: Option<Arc<Path>>,
    halves: Option<Arc<dyn Halves>>,
}

impl Store {
    /// A store in `objects`.
    pub fn new(objects: Arc<dyn ObjectStore>, limits: StoreLimits) -> Self {
        Self {
            objects,
            limits,
            under_way: Arc::default(),
            folder: None,
            halves: None,
        }
    }

    /// The same, of a store that can say which uploads were begun there.
    #[must_use]
    pub fn with_halves(self, halves: Arc<dyn Halves>) -> Self {
        Self {
            halves: Some(halves),
            ..self
        }
    }

    /// A store in a folder of this machine, which is made if it is not there. A file is on the disk (fsync) when its
    /// upload has finished. Blocks; to be called before serving.
    pub fn folder(path: &Path, limits: StoreLimits) -> Result<Self, StoreError> {
        std::fs::create_dir_all(path)?;
        let objects = LocalFileSystem::new_with_prefix(path)?.with_fsync(true);
        Ok(Self {
            folder: Some(path.into()),
            ..Self::new(Arc::new(objects), limits)
        })
    }

    /// Removes what uploads left in the folder when the process died under them, and says how many there were. Only
    /// before serving, and only where no other process writes here: it cannot tell a dead upload from a living one.
    /// Blocks. For a store that is not a folder there is [`Store::end_halves`].
    pub fn remove_halves(&self) -> io::Result<usize> {
        let Some(folder) = &self.folder else {
            return Ok(0);
        };
        let mut removed = 0;
        for shelf in subfolders(folder)? {
            for entry in std::fs::read_dir(shelf)? {
                let entry = entry?;
                let name = entry.file_name();
                // `object_store` writes to `{name}#{number}` and renames.
                let half = name.to_str().and_then(|name| name.split_once('#'));
                if half.is_some_and(|(key, _)| Key::parse(key).is_some()) {
                    std::fs::remove_file(entry.path())?;
                    removed += 1;
                }
            }
        }
        Ok(removed)
    }

    /// Ends the uploads of files that were begun before that moment (all, if there is none: only before serving, and
    /// only where no other process writes here) and says how many there were. None in a folder.
    pub async fn end_halves(&self, before: Option<Millis>) -> Result<usize, StoreError> {
        let Some(halves) = &self.halves else {
            return Ok(0);
        };
        let mut ended = 0;
        for half in halves.list().await? {
            let ours = Key::of_path(&half.path).is_some();
            if ours && before.is_none_or(|before| half.begun < before) {
                match halves.end(&half).await {
                    Ok(()) => ended += 1,
                    // It ended by itself meanwhile.
                    Err(object_store::Error::NotFound { .. }) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(ended)
    }

    /// Begins to keep a file of at most `limit` bytes under `key`; what was there is replaced when it finishes.
    pub fn put(&self, key: Key, limit: u64) -> Result<Upload, StoreError> {
        let turn = Turn::take(&self.under_way, self.limits.uploads).ok_or(StoreError::Busy)?;
        let objects = self.objects.clone();
        Ok(
            Upload::new(objects, key, self.limits.part_bytes.max(1), limit, turn)
                .remote(self.halves.is_some()),
        )
    }

    /// Uploads under way.
    pub fn uploads(&self) -> usize {
        self.under_way.load(Ordering::SeqCst)
    }

    /// The bytes of `range` (all of them if there is none) as a stream that holds 256 KiB at a time. A range that
    /// begins beyond the end is the store's error: see [`crate::range()`], which knows the size.
    pub async fn get(&self, key: Key, range: Option<Range<u64>>) -> Result<Download, StoreError> {
        if range.as_ref().is_some_and(Range::is_empty) {
            return Ok(Download::empty(self.size(key).await?));
        }
        let options = GetOptions {
            range: range.map(GetRange::Bounded),
            ..GetOptions::default()
        };
        match self.objects.get_opts(&key.path(), options).await {
            Ok(result) => Ok(Download::new(result)),
            Err(error) => Err(missing(error)),
        }
    }

    /// How many bytes are kept under `key`.
    pub async fn size(&self, key: Key) -> Result<u64, StoreError> {
        let meta = self.objects.head(&key.path()).await.map_err(missing)?;
        Ok(meta.size)
    }

    /// Removes what is kept under `key`, and says whether there was something (S3 always says so).
    pub async fn delete(&self, key: Key) -> Result<bool, StoreError> {
        match self.objects.delete(&key.path()).await {
            Ok(()) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Everything that is kept, in no order, so that what no row points to can be found and removed. What is not
    /// ours is left out. Compare `written` with a term of a day or more: a file is there before its row is.
    pub fn list(&self) -> BoxStream<'static, Result<Listed, StoreError>> {
        let ours = |found| async move {
            match found {
                Ok(meta) => listed(&meta).map(Ok),
                Err(error) => Some(Err(StoreError::from(error))),
            }
        };
        self.objects.list(None).filter_map(ours).boxed()
    }
}

fn listed(meta: &ObjectMeta) -> Option<Listed> {
    Some(Listed {
        key: Key::of_path(&meta.location)?,
        size: meta.size,
        written: Millis(meta.last_modified.timestamp_millis()),
    })
}

fn missing(error: object_store::Error) -> StoreError {
    match error {
        object_store::Error::NotFound { .. } => StoreError::Missing,
        error => error.into(),
    }
}

fn subfolders(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// One of the uploads that may be under way.
struct Turn(Arc<AtomicUsize>);

impl Turn {
    fn take(count: &Arc<AtomicUsize>, most: usize) -> Option<Self> {
        let more = |now| (now < most).then_some(now + 1);
        count
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, more)
            .ok()?;
        Some(Self(count.clone()))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
