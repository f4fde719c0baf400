//! A file on its way in.

use std::sync::Arc;

use bytes::Bytes;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload};
use sha2::{Digest as _, Sha256};

use super::{Digest, Key, StoreError, Turn};
use crate::{HEAD, Sniffed, sniff};

/// What was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// In bytes.
    pub size: u64,
    /// Of its bytes.
    pub digest: Digest,
    /// What its first bytes say it is.
    pub sniffed: Sniffed,
}

/// A file that is being stored: [`Upload::write`] as its bytes come, then [`Upload::finish`]. It cannot be seen under
/// its key before that.
///
/// At most one part of [`super::StoreLimits::part_bytes`] is held, and one is on its way. After any error nothing is
/// kept. One that is dropped leaves nothing either; what could not be cleaned up then, or was under way when the process
/// ended, is found by [`super::Store::remove_halves`] and [`super::Store::end_halves`]. [`Upload::abort`] also says
/// whether cleaning up worked.
pub struct Upload {
    objects: Arc<dyn ObjectStore>,
    key: Key,
    part_bytes: usize,
    limit: u64,
    parts: Option<Box<dyn MultipartUpload>>,
    buffer: Vec<u8>,
    head: Vec<u8>,
    hash: Sha256,
    size: u64,
    over: bool,
    /// Whether parts that are dropped stay where they are.
    remote: bool,
    _turn: Turn,
}

impl Upload {
    pub(super) fn new(
        objects: Arc<dyn ObjectStore>,
        key: Key,
        part_bytes: usize,
        limit: u64,
        turn: Turn,
    ) -> Self {
        Self {
            objects,
            key,
            part_bytes,
            limit,
            parts: None,
            buffer: Vec::new(),
            head: Vec::new(),
            hash: Sha256::new(),
            size: 0,
            over: false,
            remote: false,
            _turn: turn,
        }
    }

    /// The same in a store where parts that are dropped stay where they are.
    pub(super) fn remote(mut self, remote: bool) -> Self {
        self.remote = remote;
        self
    }

    /// The bytes so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What the bytes so far say; final as soon as [`HEAD`] of them are there. `None` before, as more may tell more.
    pub fn sniffed(&self) -> Option<Sniffed> {
        (self.head.len() >= HEAD).then(|| sniff(&self.head))
    }

    /// Lowers the limit, once more is known about the file.
    pub fn set_limit(&mut self, limit: u64) {
        self.limit = self.limit.min(limit);
    }

    /// Takes the next bytes, and waits where the store does. Beyond the limit, and after any failure of the store,
    /// the upload is aborted.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), StoreError> {
        if self.over {
            return Err(StoreError::Over);
        }
        // A caller that is cancelled while this waits must not go on behind a hole.
        self.over = true;
        let size = self.size.saturating_add(bytes.len() as u64);
        if size > self.limit {
            let limit = self.limit;
            self.clean().await?;
            return Err(StoreError::TooLarge { limit });
        }
        self.size = size;
        self.hash.update(&bytes);
        let wanted = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..wanted]);
        if let Err(error) = self.collect(&bytes).await {
            // The first failure says more than that of cleaning up after it.
            let _ = self.clean().await;
            return Err(error);
        }
        self.over = false;
        Ok(())
    }

    /// Copies into the buffer: `bytes` may be a sliver of a large block that it would keep alive.
    async fn collect(&mut self, mut bytes: &[u8]) -> Result<(), StoreError> {
        while !bytes.is_empty() {
            if self.buffer.len() == self.part_bytes {
                self.flush().await?;
            }
            let room = self.part_bytes - self.buffer.len();
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.buffer.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), StoreError> {
        if self.parts.is_none() {
            self.parts = Some(self.objects.put_multipart(&self.key.path()).await?);
        }
        if let Some(parts) = &mut self.parts {
            let part = std::mem::take(&mut self.buffer);
            parts.put_part(PutPayload::from(part)).await?;
        }
        Ok(())
    }

    /// Keeps the file. From here on it is found under its key.
    pub async fn finish(mut self) -> Result<Stored, StoreError> {
        if self.over {
            return Err(StoreError::Over);
        }
        self.over = true;
        if let Err(error) = self.complete().await {
            let _ = self.clean().await;
            return Err(error);
        }
        Ok(Stored {
            size: self.size,
            digest: Digest(self.hash.clone().finalize().into()),
            sniffed: sniff(&self.head),
        })
    }

    async fn complete(&mut self) -> Result<(), StoreError> {
        if self.parts.is_none() {
            let all = std::mem::take(&mut self.buffer);
            self.objects
                .put(&self.key.path(), PutPayload::from(all))
                .await?;
            return Ok(());
        }
        if !self.buffer.is_empty() {
            self.flush().await?;
        }
        if let Some(parts) = &mut self.parts {
            parts.complete().await?;
        }
        self.parts = None;
        Ok(())
    }

    /// Ends it with nothing kept. An error means that halves may be left in the store.
    pub async fn abort(mut self) -> Result<(), StoreError> {
        self.clean().await
    }

    /// Where dropping the parts does not end them, they are ended behind the caller's back, who is gone: in one call,
    /// which the store's own limits bound.
    fn leave(&mut self) {
        if let Some(mut parts) = self.parts.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(async move { parts.abort().await });
        }
    }

    async fn clean(&mut self) -> Result<(), StoreError> {
        self.over = true;
        self.buffer = Vec::new();
        match self.parts.take() {
            Some(mut parts) => Ok(parts.abort().await?),
            None => Ok(()),
        }
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        // A folder's parts remove themselves, at once.
        if self.remote {
            self.leave();
        }
    }
}
