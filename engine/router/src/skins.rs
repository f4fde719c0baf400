//! The background that somebody chooses for their chats.

use webim_model::{FileId, Refusal};
use webim_store::SkinRow;
use webim_wire::layim::Skin;

use crate::journey::store_failed;
use crate::{Caller, Nay, Router};

/// Characters of a name, and of an address.
const NAME: usize = 100;
const SRC: usize = 500;
/// Where files have their addresses.
const FILES: &str = "/files/";

impl Router {
    /// What the caller has chosen; none before they chose anything.
    pub async fn skin(&self, caller: &Caller) -> Result<Option<Skin>, Nay> {
        let row = self.0.store.skin(caller.person).await;
        let row = row.map_err(store_failed)?;
        Ok(row.map(|SkinRow { name, src, .. }| Skin {
            filename: name,
            src,
        }))
    }

    /// Keeps what the caller has chosen, and says how. A file must be a picture that they may have.
    pub async fn set_skin(&self, caller: &Caller, skin: Skin) -> Result<Skin, Nay> {
        self.0.pace.check(caller.person)?;
        let Skin { filename, mut src } = skin;
        // Drawn by the page: its name says which.
        if src.starts_with("data:") && !filename.is_empty() {
            src.clear();
        }
        if filename.chars().count() > NAME || src.chars().count() > SRC {
            return Err(Refusal::TextTooLong.into());
        }
        let is_odd = |char: char| char.is_control() || char.is_whitespace();
        let is_address = src.is_empty() || src.starts_with("https://") || is_path(&src);
        if filename.chars().any(char::is_control) || src.chars().any(is_odd) || !is_address {
            return Err(Nay::because(
                Refusal::BadField,
                "src: not an address of a picture",
            ));
        }
        let row = SkinRow {
            file: self.picture(caller, &src).await?,
            name: filename,
            src,
        };
        let set = self.0.store.set_skin(caller.person, &row).await;
        set.map_err(store_failed)?;
        Ok(Skin {
            filename: row.name,
            src: row.src,
        })
    }

    /// The file that `src` names, if it is one of ours.
    async fn picture(&self, caller: &Caller, src: &str) -> Result<Option<FileId>, Nay> {
        let Some(id) = src.strip_prefix(FILES) else {
            return Ok(None);
        };
        let id = id.split(['?', '#']).next().unwrap_or_default();
        let id = id.parse().map_err(|_| Refusal::FileUnknown)?;
        let id = FileId(id);
        let found = self.0.store.files_for(caller.person, &[id]).await;
        let found = found.map_err(store_failed)?;
        let file = found.first().ok_or(Refusal::FileUnknown)?;
        if !file.media_type.starts_with("image/") {
            return Err(Refusal::FileKind.into());
        }
        Ok(Some(id))
    }
}

/// An address of this site's; `//` would be another one's.
fn is_path(src: &str) -> bool {
    src.starts_with('/') && !src.starts_with("//") && !src.contains('\\')
}
