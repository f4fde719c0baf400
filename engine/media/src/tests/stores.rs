//! Files in and out of a folder.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{StreamExt, TryStreamExt};
use object_store::memory::InMemory;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use uuid::Uuid;

use super::counting::{Counting, Peak};
use crate::{Digest, HEAD, Key, Kind, Part, Store, StoreError, StoreLimits};

const PART: usize = 1_000;
const LIMITS: StoreLimits = StoreLimits {
    uploads: 3,
    part_bytes: PART,
};

fn folder() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::folder(folder.path(), LIMITS).unwrap();
    (folder, store)
}

fn key(number: u128) -> Key {
    Key::whole(Uuid::from_u128(number))
}

/// `size` bytes that are not all the same.
fn some(size: usize) -> Vec<u8> {
    (0..=250).cycle().take(size).collect()
}

/// Every file below `folder`, whatever its name.
fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            if entry.path().is_dir() {
                files(&entry.path())
            } else {
                1
            }
        })
        .sum()
}

async fn put(store: &Store, key: Key, bytes: &[u8], piece: usize) -> crate::Stored {
    let mut upload = store.put(key, u64::MAX).unwrap();
    for piece in bytes.chunks(piece) {
        upload.write(Bytes::copy_from_slice(piece)).await.unwrap();
    }
    upload.finish().await.unwrap()
}

async fn get(store: &Store, key: Key, range: Option<std::ops::Range<u64>>) -> Vec<u8> {
    let download = store.get(key, range).await.unwrap();
    download.bytes(u64::MAX).await.unwrap()
}

#[tokio::test]
async fn what_goes_in_comes_out() {
    let (_folder, at_home) = folder();
    let elsewhere = Store::new(Arc::new(InMemory::new()), LIMITS);
    for store in [at_home, elsewhere] {
        for (number, size) in [0, 1, PART - 1, PART, PART + 1, 10 * PART, 300_000]
            .into_iter()
            .enumerate()
        {
            let bytes = some(size);
            let key = key(number as u128);
            let stored = put(&store, key, &bytes, 777).await;
            assert_eq!(stored.size, size as u64);
            assert_eq!(stored.digest, Digest(Sha256::digest(&bytes).into()));
            assert_eq!(store.size(key).await.unwrap(), size as u64);
            assert!(get(&store, key, None).await == bytes);
        }
        assert_eq!(store.uploads(), 0);
    }
}

#[tokio::test]
async fn ranges_come_as_asked() {
    let (_folder, store) = folder();
    let bytes = some(700_000);
    put(&store, key(1), &bytes, 50_000).await;
    for (start, end) in [
        (0, 1),
        (0, 700_000),
        (5, 10),
        (262_143, 262_145),
        (699_999, 700_000),
        (4, 4),
    ] {
        let download = store.get(key(1), Some(start..end)).await.unwrap();
        assert_eq!(download.size(), 700_000);
        let pieces: Vec<Bytes> = download.into_stream().try_collect().await.unwrap();
        assert!(pieces.iter().all(|piece| piece.len() <= 256 * 1024));
        let range = usize::try_from(start).unwrap()..usize::try_from(end).unwrap();
        assert!(pieces.concat() == bytes[range], "{start}..{end}");
    }
    assert!(matches!(
        store.get(key(2), None).await,
        Err(StoreError::Missing)
    ));
    assert!(matches!(
        store.get(key(2), Some(0..0)).await,
        Err(StoreError::Missing)
    ));
    let download = store.get(key(1), None).await.unwrap();
    assert!(matches!(
        download.bytes(699_999).await,
        Err(StoreError::TooLarge { limit: 699_999 })
    ));
}

#[tokio::test]
async fn the_limit_is_kept_while_bytes_come() {
    let (folder, store) = folder();
    let mut upload = store.put(key(1), 5_000).unwrap();
    upload.write(some(4_999).into()).await.unwrap();
    let refused = upload.write(some(2).into()).await;
    assert!(matches!(
        refused,
        Err(StoreError::TooLarge { limit: 5_000 })
    ));
    assert!(matches!(
        upload.write(Bytes::new()).await,
        Err(StoreError::Over)
    ));
    assert!(matches!(upload.finish().await, Err(StoreError::Over)));
    assert_eq!(files(folder.path()), 0);

    let mut upload = store.put(key(1), 5_000).unwrap();
    upload.set_limit(9_000);
    upload.set_limit(10);
    assert!(matches!(
        upload.write(some(11).into()).await,
        Err(StoreError::TooLarge { limit: 10 })
    ));
}

#[tokio::test]
async fn an_abort_leaves_nothing_behind() {
    let (folder, store) = folder();
    for size in [0, 10, 5_500] {
        let mut upload = store.put(key(1), u64::MAX).unwrap();
        upload.write(some(size).into()).await.unwrap();
        assert!(
            matches!(store.size(key(1)).await, Err(StoreError::Missing)),
            "it cannot be seen yet"
        );
        upload.abort().await.unwrap();
        assert_eq!(files(folder.path()), 0);
    }
    assert_eq!(store.uploads(), 0);
}

#[test]
fn one_that_is_dropped_leaves_nothing_behind() {
    let (folder, store) = folder();
    // One thread for what blocks does it in the order in which it was asked.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .max_blocking_threads(1)
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut upload = store.put(key(1), u64::MAX).unwrap();
        upload.write(some(5_500).into()).await.unwrap();
        assert_eq!(files(folder.path()), 1);
        drop(upload);
        tokio::task::spawn_blocking(|| ()).await.unwrap();
        assert_eq!(files(folder.path()), 0);
    });
}

#[tokio::test]
async fn halves_of_a_dead_process_are_removed() {
    let (folder, store) = folder();
    put(&store, key(1), b"whole", 10).await;
    let shelf = folder.path().join("01");
    std::fs::write(shelf.join(format!("{}#1", key(1).id)), b"half").unwrap();
    std::fs::write(shelf.join(format!("{}.t#12", key(1).id)), b"half").unwrap();
    std::fs::write(shelf.join("else#1"), b"not ours").unwrap();
    assert_eq!(store.remove_halves().unwrap(), 2);
    assert_eq!(files(folder.path()), 2);
    assert!(get(&store, key(1), None).await == b"whole");
    let elsewhere = Store::new(Arc::new(InMemory::new()), LIMITS);
    assert_eq!(elsewhere.remove_halves().unwrap(), 0);
}

#[tokio::test]
async fn uploads_are_counted_and_bounded() {
    let (_folder, store) = folder();
    let begun: Vec<_> = (0..3)
        .map(|number| store.put(key(number), 10).unwrap())
        .collect();
    assert!(matches!(store.put(key(4), 10), Err(StoreError::Busy)));
    drop(begun);
    assert_eq!(store.uploads(), 0);
    assert!(store.put(key(4), 10).is_ok());
}

#[tokio::test]
async fn a_file_is_known_by_its_first_bytes() {
    let (_folder, store) = folder();
    let mut upload = store.put(key(1), u64::MAX).unwrap();
    upload
        .write(Bytes::from_static(b"%PDF-1.7\n"))
        .await
        .unwrap();
    assert_eq!(upload.sniffed(), None);
    upload.write(vec![b' '; HEAD].into()).await.unwrap();
    assert_eq!(upload.sniffed().unwrap().kind, Kind::Document);
    assert_eq!(upload.size(), 9 + HEAD as u64);
    assert_eq!(
        upload.finish().await.unwrap().sniffed.mime,
        "application/pdf"
    );
}

#[tokio::test]
async fn everything_is_listed_and_can_be_removed() {
    let (folder, store) = folder();
    put(&store, key(0x1ff), b"12345", 10).await;
    let thumbnail = Key::thumbnail(Uuid::from_u128(0x1ff));
    put(&store, thumbnail, b"123", 10).await;
    std::fs::write(folder.path().join("ff").join("readme"), b"not ours").unwrap();
    std::fs::write(folder.path().join(key(7).to_string()), b"on no shelf").unwrap();
    let mut listed: Vec<_> = store
        .list()
        .map(|found| found.map(|file| (file.key, file.size)))
        .try_collect()
        .await
        .unwrap();
    listed.sort();
    assert_eq!(listed, [(key(0x1ff), 5), (thumbnail, 3)]);
    assert_eq!(thumbnail.part, Part::Thumbnail);
    for (key, _) in listed {
        assert!(store.delete(key).await.unwrap());
        assert!(!store.delete(key).await.unwrap());
    }
    assert!(store.list().next().await.is_none());
}

#[tokio::test]
async fn a_file_that_is_replaced_is_never_seen_half() {
    let (_folder, store) = folder();
    put(&store, key(1), b"old", 10).await;
    let mut upload = store.put(key(1), u64::MAX).unwrap();
    upload.write(some(5_000).into()).await.unwrap();
    assert!(get(&store, key(1), None).await == b"old");
    upload.finish().await.unwrap();
    assert_eq!(store.size(key(1)).await.unwrap(), 5_000);
}

#[tokio::test]
async fn a_long_file_needs_little_memory() {
    const PIECE: usize = 64 * 1024;
    let folder = tempfile::tempdir().unwrap();
    let peak = Arc::new(Peak::default());
    let counting = Arc::new(Counting::new(folder.path(), peak.clone()));
    let limits = StoreLimits::default();
    let store = Store::new(counting, limits);
    let mut upload = store.put(key(1), u64::MAX).unwrap();
    let piece = Bytes::from(some(PIECE));
    for _ in 0..512 {
        upload.write(piece.clone()).await.unwrap();
    }
    assert_eq!(upload.finish().await.unwrap().size, 32 << 20);
    assert!(
        peak.bytes() <= limits.part_bytes,
        "{} bytes were on their way",
        peak.bytes()
    );
    assert!(peak.parts() >= 64);

    let mut stream = store.get(key(1), None).await.unwrap().into_stream();
    let mut all = 0;
    while let Some(piece) = stream.try_next().await.unwrap() {
        assert!(piece.len() <= 256 * 1024);
        all += piece.len();
    }
    assert_eq!(all, 32 << 20);
}

#[tokio::test]
async fn a_store_that_fails_keeps_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let peak = Arc::new(Peak::default());
    let store = Store::new(
        Arc::new(Counting::failing(folder.path(), peak.clone(), 3)),
        LIMITS,
    );
    let mut upload = store.put(key(1), u64::MAX).unwrap();
    let failed = upload.write(some(10 * PART).into()).await;
    assert!(matches!(failed, Err(StoreError::Store(_))));
    assert!(matches!(upload.finish().await, Err(StoreError::Over)));
    assert_eq!(peak.parts(), 3);
    assert_eq!(files(folder.path()), 0);
}

#[test]
fn keys_are_made_of_ids() {
    let id = Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_00ab);
    assert_eq!(
        Key::whole(id).to_string(),
        "01980000-0000-7000-8000-0000000000ab"
    );
    assert_eq!(
        Key::thumbnail(id).to_string(),
        "01980000-0000-7000-8000-0000000000ab.t"
    );
    assert_eq!(
        Digest([0xab; 32]).etag(),
        format!("\"{}\"", "ab".repeat(32))
    );
}
