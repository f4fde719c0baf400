//! The file of the master keys. Everything here blocks; it is done before serving.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use webim_model::Sources;

use super::{KeyError, KeyId, MasterKey, MasterKeys};

/// What stands above the keys.
const ABOVE: &str = "# The master keys of webim, the newest last. Whoever has this file reads what is sealed in the database; whoever\n\
    # loses it never does again. Keep a copy, and not beside that of the database. `webim keys rotate` adds a key.\n";

impl MasterKeys {
    /// The keys in `file`, which only its owner may read; none if it is not there.
    pub fn read(file: &Path) -> Result<Option<Self>, KeyError> {
        let failed = |error: std::io::Error| failed(file, &error);
        let mut opened = match File::open(file) {
            Ok(opened) => opened,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let mode = mode(&opened.metadata().map_err(failed)?);
        if mode & 0o077 != 0 {
            return Err(KeyError::Mode {
                file: file.to_owned(),
                mode,
            });
        }
        let mut text = String::new();
        opened.read_to_string(&mut text).map_err(failed)?;
        Self::parse(&text).map(Some)
    }

    /// The keys in `file`; where it is not there, it is made with one new key.
    pub fn read_or_make(file: &Path, sources: &Sources) -> Result<Self, KeyError> {
        if let Some(keys) = Self::read(file)? {
            return Ok(keys);
        }
        let fresh = Self::fresh(sources);
        match write_new(file, &fresh.text()) {
            Ok(()) => Ok(fresh),
            // Somebody was faster: theirs are the keys.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Self::read(file)?.ok_or_else(|| failed(file, &error))
            }
            Err(error) => Err(failed(file, &error)),
        }
    }

    /// Adds a new key to those in `file` (made if it is not there) and says what it is called. It counts from the
    /// server's next start.
    pub fn rotate(file: &Path, sources: &Sources) -> Result<KeyId, KeyError> {
        let mut keys = match Self::read(file)? {
            Some(keys) => keys.0.to_vec(),
            None => return Ok(Self::read_or_make(file, sources)?.newest().id),
        };
        let fresh = MasterKey::fresh(sources);
        let id = fresh.id;
        keys.push(fresh);
        let keys = Self::of(keys)?;
        // Whole or not at all: half a file of keys would be the end of all that is sealed.
        let mut beside = file.as_os_str().to_owned();
        beside.push(format!(".{id}"));
        let beside = PathBuf::from(beside);
        let written = write_new(&beside, &keys.text()).and_then(|()| fs::rename(&beside, file));
        written.map_err(|error| failed(file, &error))?;
        Ok(id)
    }

    fn text(&self) -> String {
        let lines = self.0.iter().map(MasterKey::line);
        lines.fold(ABOVE.to_owned(), |text, line| text + &line)
    }
}

fn failed(file: &Path, error: &std::io::Error) -> KeyError {
    KeyError::File {
        file: file.to_owned(),
        why: error.kind(),
    }
}

/// Writes a file that was not there, for its owner alone, to the disk.
fn write_new(file: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(unix)]
fn mode(metadata: &fs::Metadata) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777
}

/// Elsewhere whoever runs the server sees to it.
#[cfg(not(unix))]
fn mode(_: &fs::Metadata) -> u32 {
    0o600
}
