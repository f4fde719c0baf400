//! Files: taken in piece by piece, looked at, kept; and given to those who may read a message that shows them.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;
use webim_media::{Download, Key, PictureLimits, Policy, StoreError as MediaError};
use webim_model::{FileId, PersonId, Refusal};
use webim_store::{FileRow, Store};

use crate::incoming::Incoming;
use crate::journey::store_failed;
use crate::{Caller, Nay, Router};

/// Uploads of one person at the same time; beyond: `busy`.
const PER_PERSON: u32 = 4;
/// Pictures that are written anew at the same time, each on a thread of its own.
const PICTURES: usize = 2;

/// What an operator can set about files.
#[derive(Clone, Debug)]
pub struct FileRules {
    /// Kinds and sizes.
    pub policy: Policy,
    /// What a picture may cost.
    pub picture: PictureLimits,
    /// Bytes that one person may keep.
    pub per_person: u64,
    /// Milliseconds after which a file that no message shows is removed.
    pub unused: i64,
}

impl Default for FileRules {
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            picture: PictureLimits::default(),
            per_person: 10 * 1024 * 1024 * 1024,
            unused: 24 * 60 * 60 * 1_000,
        }
    }
}

/// Where files are kept and what they may be; cheap to clone.
#[derive(Clone)]
pub struct Files(Arc<Shelf>);

pub(crate) struct Shelf {
    pub media: webim_media::Store,
    pub rules: FileRules,
    pub pictures: Semaphore,
    under_way: Mutex<HashMap<PersonId, u32>>,
}

impl Files {
    /// Files under `rules`, kept in `media`.
    pub fn new(media: webim_media::Store, rules: FileRules) -> Self {
        Self(Arc::new(Shelf {
            media,
            rules,
            pictures: Semaphore::new(PICTURES),
            under_way: Mutex::default(),
        }))
    }

    pub(crate) fn shelf(&self) -> &Shelf {
        &self.0
    }

    /// Bytes that a person may still keep.
    pub(crate) async fn left(&self, store: &Store, person: PersonId) -> Result<u64, Nay> {
        let used = store.file_bytes_of(person).await.map_err(store_failed)?;
        Ok(self.0.rules.per_person.saturating_sub(used))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PersonId, u32>> {
        self.0
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn turn(&self, person: PersonId) -> Result<Turn, Nay> {
        let mut under_way = self.lock();
        let count = under_way.entry(person).or_default();
        if *count >= PER_PERSON {
            let detail = format!("at most {PER_PERSON} uploads at the same time");
            return Err(Nay::because(Refusal::Busy, detail));
        }
        *count += 1;
        drop(under_way);
        Ok(Turn {
            files: self.clone(),
            person,
        })
    }
}

/// One of the uploads that a person may have under way.
pub(crate) struct Turn {
    pub files: Files,
    pub person: PersonId,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut under_way = self.files.lock();
        if let Some(count) = under_way.get_mut(&self.person) {
            *count -= 1;
            if *count == 0 {
                under_way.remove(&self.person);
            }
        }
    }
}

impl Router {
    fn files(&self) -> Result<&Files, Nay> {
        let off = || Nay::because(Refusal::Forbidden, "files are switched off");
        self.0.files.as_ref().ok_or_else(off)
    }

    /// Begins to take in a file of the caller's, named `name` by them.
    pub async fn begin_upload(&self, caller: &Caller, name: &str) -> Result<Incoming, Nay> {
        self.0.pace.check(caller.person)?;
        let files = self.files()?;
        let turn = files.turn(caller.person)?;
        let left = files.left(&self.0.store, caller.person).await?;
        Incoming::begin(turn, &self.0.store, &self.0.journey.sources, name, left)
    }

    /// What is known of a file that the caller may have.
    pub async fn file(&self, caller: &Caller, file: FileId) -> Result<FileRow, Nay> {
        self.file_of(caller.person, file).await
    }

    /// The same for who shows a link that was made for `person`: they may still have it, and still come in.
    pub async fn file_by_link(&self, person: PersonId, file: FileId) -> Result<FileRow, Nay> {
        let found = self.0.store.person(person).await.map_err(store_failed)?;
        if !found.is_some_and(|person| person.active) {
            return Err(Refusal::FileUnknown.into());
        }
        self.file_of(person, file).await
    }

    async fn file_of(&self, person: PersonId, file: FileId) -> Result<FileRow, Nay> {
        self.files()?;
        let found = self.0.store.files_for(person, &[file]).await;
        let found = found.map_err(store_failed)?.pop();
        found.ok_or_else(|| Refusal::FileUnknown.into())
    }

    /// The bytes of a file that [`Router::file`] gave, or of its small picture.
    pub async fn file_bytes(
        &self,
        file: &FileRow,
        thumbnail: bool,
        range: Option<Range<u64>>,
    ) -> Result<Download, Nay> {
        let key = if thumbnail {
            Key::thumbnail(file.id.0)
        } else {
            Key::whole(file.id.0)
        };
        let media = &self.files()?.shelf().media;
        media.get(key, range).await.map_err(|error| match error {
            // It was removed between the two questions.
            MediaError::Missing => Refusal::FileUnknown.into(),
            error => media_failed(&error),
        })
    }

    /// Removes files that no message shows; call it every hour or so.
    pub async fn sweep_files(&self) {
        if let Some(files) = &self.0.files
            && let Err(error) =
                crate::sweep::sweep(files, &self.0.store, self.0.journey.sources.now()).await
        {
            tracing::warn!(%error, "files that nobody shows could not be removed");
        }
    }
}

/// What a person is told when the place of the files fails; the cause is logged here, once.
pub(crate) fn media_failed(error: &MediaError) -> Nay {
    match error {
        MediaError::Busy => Refusal::Busy.into(),
        MediaError::TooLarge { limit } => {
            Nay::because(Refusal::FileTooLarge, format!("at most {limit} bytes"))
        }
        error => {
            tracing::error!(cause = ?error, "a file could not be stored or read");
            Refusal::StoreUnavailable.into()
        }
    }
}
