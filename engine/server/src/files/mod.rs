//! Where files are kept: a folder, or a bucket by URL.

mod bucket;

use std::path::PathBuf;
use std::sync::Arc;

use object_store::path::Path;
use object_store::prefix::PrefixStore;
use webim_media::{Store, StoreError, StoreLimits};
use webim_router::Files;

use crate::config::FilesSection;
use crate::exit::{Exit, Failure};
use bucket::Bucket;

/// The place that the settings name, if files are switched on; what a process that died left half written there is
/// removed. A bucket that does not answer is said in the log and asked again later: people can chat without files.
pub(crate) async fn open(section: &FilesSection) -> Result<Option<Files>, Failure> {
    if !section.enabled {
        return Ok(None);
    }
    let media = match store(section)? {
        Some(media) => {
            match media.end_halves(None).await {
                Ok(0) => {}
                Ok(halves) => tracing::info!(halves, "half uploads were ended"),
                Err(error) => {
                    tracing::error!(cause = ?error, "the store of the files does not answer");
                }
            }
            media
        }
        None => folder(section).await?,
    };
    Ok(Some(Files::new(media, section.rules())))
}

/// The bucket that the settings name; none where files lie in a folder.
pub fn store(section: &FilesSection) -> Result<Option<Store>, Failure> {
    let Some((name, prefix)) = section.bucket() else {
        return Ok(None);
    };
    let bucket = Bucket::open(section, name, prefix).map_err(|error| {
        let message = format!(
            "{} cannot be used for files (files.store): {error}",
            section.store
        );
        Failure::new(Exit::Config, message)
    })?;
    let objects = PrefixStore::new(bucket.objects(), Path::from(prefix));
    let media = Store::new(Arc::new(objects), StoreLimits::s3());
    Ok(Some(media.with_halves(Arc::new(bucket))))
}

async fn folder(section: &FilesSection) -> Result<Store, Failure> {
    let folder = PathBuf::from(&section.folder);
    let opened = tokio::task::spawn_blocking(move || {
        let media = Store::folder(&folder, StoreLimits::default())?;
        let halves = media.remove_halves()?;
        if halves > 0 {
            tracing::info!(halves, "half uploads were removed");
        }
        Ok::<_, StoreError>(media)
    });
    let media = opened.await.map_err(anyhow::Error::from)?;
    media.map_err(|error| {
        tracing::error!(cause = ?error, "the folder of the files");
        let message = format!(
            "{} cannot be used for files (files.folder): {error}",
            section.folder
        );
        Failure::new(Exit::Failed, message)
    })
}
