//! Small files that are read at the start and replaced as a whole at every change.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::SimulatorError;

/// Reads a file; one that does not exist is as good as an empty value.
pub(crate) fn read<T: DeserializeOwned + Default>(path: &Path) -> Result<T, SimulatorError> {
    match std::fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|source| SimulatorError::Damaged {
            path: path.to_owned(),
            offset: source.column() as u64,
            source,
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(T::default()),
        Err(source) => Err(SimulatorError::DataDir { path: path.to_owned(), source }),
    }
}

/// Replaces a file; a crash leaves either the old or the new one.
pub(crate) fn write<T: Serialize>(path: &Path, value: &T) -> io::Result<()> {
    let temporary = path.with_extension("json.new");
    let mut file = private(OpenOptions::new().create(true).write(true).truncate(true)).open(&temporary)?;
    file.write_all(&serde_json::to_vec(value)?)?;
    file.sync_all()?;
    std::fs::rename(temporary, path)
}

/// Files of the simulator hold secrets and messages: only their owner may read them.
pub(crate) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

type Things<T> = BTreeMap<String, Vec<Arc<T>>>;

/// Things that accounts created, by account, kept in a file if there is one.
#[derive(Debug)]
pub(crate) struct Shelf<T> {
    things: Mutex<Things<T>>,
    path: Option<PathBuf>,
}

impl<T: Serialize + DeserializeOwned> Shelf<T> {
    pub(crate) fn open(path: Option<PathBuf>) -> Result<Self, SimulatorError> {
        let things = path.as_deref().map(read).transpose()?.unwrap_or_default();
        Ok(Self { things: Mutex::new(things), path })
    }

    pub(crate) fn of(&self, owner: &str) -> Vec<Arc<T>> {
        self.things().get(owner).cloned().unwrap_or_default()
    }

    /// Everything, with its owner.
    pub(crate) fn all(&self) -> Vec<(String, Arc<T>)> {
        let things = self.things();
        things.iter().flat_map(|(owner, own)| own.iter().map(|thing| (owner.clone(), Arc::clone(thing)))).collect()
    }

    pub(crate) fn find(&self, owner: &str, fits: impl Fn(&T) -> bool) -> Option<Arc<T>> {
        self.things().get(owner)?.iter().find(|thing| fits(thing)).cloned()
    }

    pub(crate) fn add(&self, owner: &str, thing: T) -> Arc<T> {
        let thing = Arc::new(thing);
        let mut things = self.things();
        things.entry(owner.to_owned()).or_default().push(Arc::clone(&thing));
        self.save(&things);
        thing
    }

    /// Puts `new` in the place of the first that fits; false when none does.
    pub(crate) fn replace(&self, owner: &str, new: T, fits: impl Fn(&T) -> bool) -> bool {
        let mut things = self.things();
        let Some(slot) = things.get_mut(owner).and_then(|own| own.iter_mut().find(|thing| fits(thing))) else {
            return false;
        };
        *slot = Arc::new(new);
        self.save(&things);
        true
    }

    /// Removes what fits and tells how many.
    pub(crate) fn remove(&self, owner: &str, fits: impl Fn(&T) -> bool) -> usize {
        let mut things = self.things();
        let Some(own) = things.get_mut(owner) else { return 0 };
        let before = own.len();
        own.retain(|thing| !fits(thing));
        let removed = before - own.len();
        if removed > 0 {
            self.save(&things);
        }
        removed
    }

    fn things(&self) -> MutexGuard<'_, Things<T>> {
        self.things.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn save(&self, things: &Things<T>) {
        let Some(path) = &self.path else { return };
        if let Err(error) = write(path, things) {
            tracing::error!(%error, path = %path.display(), "simulator: a file could not be written");
        }
    }
}
