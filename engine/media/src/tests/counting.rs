//! A folder that counts what is on its way to it, and can be full.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use futures_util::FutureExt;
use futures_util::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Location;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result, UploadPart,
};

/// What was counted.
#[derive(Debug, Default)]
pub(super) struct Peak {
    now: AtomicUsize,
    most: AtomicUsize,
    parts: AtomicUsize,
}

impl Peak {
    /// Most bytes of parts that were begun and not ended.
    pub fn bytes(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }

    /// Parts in all.
    pub fn parts(&self) -> usize {
        self.parts.load(Ordering::SeqCst)
    }
}

#[derive(Debug)]
pub(super) struct Counting {
    folder: LocalFileSystem,
    peak: Arc<Peak>,
    full_after: usize,
}

impl Counting {
    pub fn new(folder: &Path, peak: Arc<Peak>) -> Self {
        Self::failing(folder, peak, usize::MAX)
    }

    /// Full with its `parts`th part.
    pub fn failing(folder: &Path, peak: Arc<Peak>, parts: usize) -> Self {
        Self {
            folder: LocalFileSystem::new_with_prefix(folder).unwrap(),
            peak,
            full_after: parts,
        }
    }
}

impl fmt::Display for Counting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("counting")
    }
}

#[async_trait]
impl ObjectStore for Counting {
    async fn put_opts(
        &self,
        at: &Location,
        payload: PutPayload,
        options: PutOptions,
    ) -> Result<PutResult> {
        self.folder.put_opts(at, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        at: &Location,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        Ok(Box::new(Parts {
            inner: self.folder.put_multipart_opts(at, options).await?,
            peak: self.peak.clone(),
            full_after: self.full_after,
        }))
    }

    async fn get_opts(&self, at: &Location, options: GetOptions) -> Result<GetResult> {
        self.folder.get_opts(at, options).await
    }

    fn delete_stream(
        &self,
        at: BoxStream<'static, Result<Location>>,
    ) -> BoxStream<'static, Result<Location>> {
        self.folder.delete_stream(at)
    }

    fn list(&self, prefix: Option<&Location>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.folder.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Location>) -> Result<ListResult> {
        self.folder.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Location, to: &Location, options: CopyOptions) -> Result<()> {
        self.folder.copy_opts(from, to, options).await
    }
}

#[derive(Debug)]
struct Parts {
    inner: Box<dyn MultipartUpload>,
    peak: Arc<Peak>,
    full_after: usize,
}

#[async_trait]
impl MultipartUpload for Parts {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        let peak = self.peak.clone();
        let bytes = data.content_length();
        let now = peak.now.fetch_add(bytes, Ordering::SeqCst) + bytes;
        peak.most.fetch_max(now, Ordering::SeqCst);
        let full = peak.parts.fetch_add(1, Ordering::SeqCst) + 1 >= self.full_after;
        let part = self.inner.put_part(data);
        async move {
            part.await?;
            peak.now.fetch_sub(bytes, Ordering::SeqCst);
            if full {
                return Err(Error::Generic {
                    store: "counting",
                    source: "full".into(),
                });
            }
            Ok(())
        }
        .boxed()
    }

    async fn complete(&mut self) -> Result<PutResult> {
        self.inner.complete().await
    }

    async fn abort(&mut self) -> Result<()> {
        self.inner.abort().await
    }
}
