//! A file on its way out.

use std::fs::File;
use std::io::{self, SeekFrom};
use std::ops::Range;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, Stream, StreamExt, TryStreamExt};
use object_store::{GetResult, GetResultPayload};
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use super::StoreError;

/// Bytes read from a folder at a time.
const CHUNK: u64 = 256 * 1024;

/// The bytes of a file, or of a range of it.
pub struct Download {
    size: u64,
    range: Range<u64>,
    stream: BoxStream<'static, Result<Bytes, StoreError>>,
}

impl Download {
    pub(super) fn new(result: GetResult) -> Self {
        let range = result.range.clone();
        let size = result.meta.size;
        let stream = match result.payload {
            // `object_store` reads 8 KiB at a time, each on another thread.
            GetResultPayload::File(file, _) => read(file, range.clone()).boxed(),
            GetResultPayload::Stream(stream) => stream.map_err(StoreError::from).boxed(),
        };
        Self {
            size,
            range,
            stream,
        }
    }

    pub(super) fn empty(size: u64) -> Self {
        Self {
            size,
            range: 0..0,
            stream: stream::empty().boxed(),
        }
    }

    /// The size of the whole file, in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Which of its bytes these are.
    pub fn range(&self) -> Range<u64> {
        self.range.clone()
    }

    /// The bytes, in pieces of at most 256 KiB from a folder and as they come from elsewhere. An error ends it.
    pub fn into_stream(self) -> BoxStream<'static, Result<Bytes, StoreError>> {
        self.stream
    }

    /// All bytes at once, if there are at most `most`.
    pub async fn bytes(mut self, most: u64) -> Result<Vec<u8>, StoreError> {
        if self.range.end - self.range.start > most {
            return Err(StoreError::TooLarge { limit: most });
        }
        let mut all = Vec::new();
        while let Some(piece) = self.stream.try_next().await? {
            all.extend_from_slice(&piece);
        }
        Ok(all)
    }
}

fn read(file: File, range: Range<u64>) -> impl Stream<Item = Result<Bytes, StoreError>> {
    let file = tokio::fs::File::from_std(file);
    stream::try_unfold(
        (file, range, false),
        |(mut file, range, begun)| async move {
            let left = range.end.saturating_sub(range.start);
            if left == 0 {
                return Ok(None);
            }
            if !begun {
                file.seek(SeekFrom::Start(range.start)).await?;
            }
            let now = left.min(CHUNK);
            let mut piece = Vec::with_capacity(usize::try_from(now).unwrap_or(0));
            let read = (&mut file).take(now).read_to_end(&mut piece).await? as u64;
            if read == 0 {
                return Err(StoreError::Io(io::ErrorKind::UnexpectedEof.into()));
            }
            let next = (file, range.start + read..range.end, true);
            Ok(Some((Bytes::from(piece), next)))
        },
    )
}
