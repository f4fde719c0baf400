//! A file on its way in.

use bytes::Bytes;
use webim_media::{
    Denied, Encoded, Key, Kind, PictureError, Prepared, Sniffed, Stored, Upload, honest, prepare,
};
use webim_model::{FileId, Refusal, Sources};
use webim_store::{FileRow, Store};

use crate::Nay;
use crate::files::{Files, Turn, media_failed};
use crate::journey::store_failed;

/// A file that is being taken in; dropped before its end, it leaves nothing behind.
pub struct Incoming {
    turn: Turn,
    store: Store,
    sources: Sources,
    id: FileId,
    name: String,
    /// Bytes that the person may still keep.
    left: u64,
    upload: Upload,
    /// Whether the limit of its kind is known and set.
    limited: bool,
}

impl Incoming {
    pub(crate) fn begin(
        turn: Turn,
        store: &Store,
        sources: &Sources,
        name: &str,
        left: u64,
    ) -> Result<Self, Nay> {
        let id = FileId(sources.uuid());
        let shelf = turn.files.shelf();
        if left == 0 {
            return Err(Refusal::FileQuota.into());
        }
        let most = shelf.rules.policy.most().min(left);
        let upload = shelf.media.put(Key::whole(id.0), most);
        Ok(Self {
            upload: upload.map_err(|error| media_failed(&error))?,
            store: store.clone(),
            sources: sources.clone(),
            id,
            name: name.to_owned(),
            left,
            limited: false,
            turn,
        })
    }

    /// Takes the next bytes. After an error nothing is kept.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), Nay> {
        self.upload
            .write(bytes)
            .await
            .map_err(|error| media_failed(&error))?;
        if !self.limited
            && let Some(sniffed) = self.upload.sniffed()
        {
            let policy = &self.turn.files.shelf().rules.policy;
            let limit = policy.begin(sniffed.kind, self.left).map_err(denied)?;
            self.upload.set_limit(limit);
            self.limited = true;
        }
        Ok(())
    }

    /// Keeps what came. A picture is written anew first; where `picture` wants one, nothing else is taken.
    pub async fn finish(self, picture: bool) -> Result<FileRow, Nay> {
        let Self {
            turn,
            store,
            sources,
            id,
            name,
            upload,
            ..
        } = self;
        let stored = upload.finish().await;
        let stored = stored.map_err(|error| media_failed(&error))?;
        let mut row = FileRow {
            id,
            owner: turn.person,
            name: honest(&name, &stored.sniffed),
            kind: stored.sniffed.kind.name().into(),
            media_type: stored.sniffed.content_type().into(),
            bytes: stored.size,
            digest: stored.digest.0,
            width: 0,
            height: 0,
            thumbnail: false,
            created: sources.now(),
        };
        let files = &turn.files;
        let kept = async {
            // Asked again: others of the same person's may have ended since this one began.
            let left = files.left(&store, turn.person).await?;
            look(files, &stored, left, picture, &mut row).await?;
            store.insert_file(&row).await.map_err(store_failed)
        };
        if let Err(nay) = kept.await {
            remove(files, id).await;
            return Err(nay);
        }
        Ok(row)
    }
}

async fn look(
    files: &Files,
    stored: &Stored,
    left: u64,
    picture: bool,
    row: &mut FileRow,
) -> Result<(), Nay> {
    let Sniffed { kind, .. } = stored.sniffed;
    let rules = &files.shelf().rules;
    rules
        .policy
        .admit(kind, stored.size, left)
        .map_err(denied)?;
    if kind != Kind::Picture {
        return if picture {
            Err(Refusal::FileBroken.into())
        } else {
            Ok(())
        };
    }
    match renew(files, row.id, stored.size).await? {
        Ok(prepared) => {
            let whole = put(files, Key::whole(row.id.0), &prepared.picture).await?;
            put(files, Key::thumbnail(row.id.0), &prepared.thumbnail).await?;
            row.media_type = prepared.picture.mime.into();
            (row.width, row.height) = (prepared.picture.width, prepared.picture.height);
            (row.bytes, row.digest) = (whole.size, whole.digest.0);
            row.thumbnail = true;
            Ok(())
        }
        Err(PictureError::TooLarge) if picture => Err(Nay::because(
            Refusal::FileTooLarge,
            "the picture has too many pixels",
        )),
        Err(_) if picture => Err(Refusal::FileBroken.into()),
        // It begins like a picture and cannot be read as one: kept as it is, and never shown.
        Err(_) => {
            row.kind = Kind::Other.name().into();
            row.media_type = "application/octet-stream".into();
            Ok(())
        }
    }
}

/// The picture written anew, on one of few threads.
async fn renew(
    files: &Files,
    id: FileId,
    size: u64,
) -> Result<Result<Prepared, PictureError>, Nay> {
    let shelf = files.shelf();
    let limits = shelf.rules.picture;
    if size > limits.bytes as u64 {
        return Ok(Err(PictureError::TooLarge));
    }
    let permit = shelf.pictures.acquire().await;
    let _permit = permit.map_err(|_| Nay::internal())?;
    let failed = |error| media_failed(&error);
    let download = shelf.media.get(Key::whole(id.0), None).await;
    let bytes = download
        .map_err(failed)?
        .bytes(size)
        .await
        .map_err(failed)?;
    let renewed = tokio::task::spawn_blocking(move || prepare(&bytes, &limits)).await;
    renewed.map_err(|_| Nay::internal())
}

async fn put(files: &Files, key: Key, encoded: &Encoded) -> Result<Stored, Nay> {
    let failed = |error| media_failed(&error);
    let size = encoded.bytes.len() as u64;
    let mut upload = files.shelf().media.put(key, size).map_err(failed)?;
    let bytes = Bytes::copy_from_slice(&encoded.bytes);
    upload.write(bytes).await.map_err(failed)?;
    upload.finish().await.map_err(failed)
}

/// Both parts; what cannot be removed now is found by the sweeper.
async fn remove(files: &Files, id: FileId) {
    for key in [Key::whole(id.0), Key::thumbnail(id.0)] {
        if let Err(error) = files.shelf().media.delete(key).await {
            tracing::warn!(cause = ?error, "a file that was refused is left for the sweeper");
        }
    }
}

fn denied(denied: Denied) -> Nay {
    let refusal = match denied {
        Denied::Empty => Refusal::FileMissing,
        Denied::Kind(_) => Refusal::FileKind,
        Denied::TooLarge { .. } => Refusal::FileTooLarge,
        Denied::NothingLeft { .. } => Refusal::FileQuota,
    };
    Nay::because(refusal, denied.to_string())
}
