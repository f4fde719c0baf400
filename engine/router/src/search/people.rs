//! People by name, pinyin and login, as the directory has them now.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use tokio::sync::Mutex;
use webim_text::{Entry, PeopleIndex};

use crate::Nay;
use crate::directory::Directory;

/// The index of one version of the directory.
struct Made {
    version: u64,
    index: PeopleIndex,
}

/// The index that is in memory now; made when it is first asked for.
#[derive(Default)]
pub(crate) struct PeopleByName {
    now: ArcSwapOption<Made>,
    /// One makes it, the others wait.
    making: Mutex<()>,
}

/// An index that stays as it is.
pub(crate) struct Names(Arc<Made>);

impl std::ops::Deref for Names {
    type Target = PeopleIndex;

    fn deref(&self) -> &PeopleIndex {
        &self.0.index
    }
}

impl PeopleByName {
    /// The index of `directory`.
    pub async fn of(&self, directory: &Arc<Directory>) -> Result<Names, Nay> {
        if let Some(made) = self.made(directory) {
            return Ok(made);
        }
        let _making = self.making.lock().await;
        if let Some(made) = self.made(directory) {
            return Ok(made);
        }
        let from = directory.clone();
        let made = tokio::task::spawn_blocking(move || Made {
            version: from.version,
            index: PeopleIndex::new(from.people.iter().map(|(person, _)| Entry {
                id: person.id,
                name: &person.name,
                login: person.login.as_deref().unwrap_or_default(),
            })),
        });
        let made = Arc::new(made.await.map_err(|_| Nay::internal())?);
        self.now.store(Some(made.clone()));
        Ok(Names(made))
    }

    fn made(&self, directory: &Directory) -> Option<Names> {
        let made = self.now.load_full()?;
        (made.version == directory.version).then_some(Names(made))
    }
}
