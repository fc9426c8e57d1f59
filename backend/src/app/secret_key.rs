//! The master key: given, or kept in the data folder beside an SQLite database.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use super::StartError;
use crate::config::Config;
use crate::storage::DatabaseUrl;
use crate::vault::MasterKey;

const FILE: &str = "secret.key";
/// A new key before everything is sealed with it.
const NEXT_FILE: &str = "secret.key.next";

/// Makes the data folder, for the owner of the process only.
pub(super) fn make_folder(path: &Path) -> Result<(), StartError> {
    let failed = |source| StartError::DataFolder { path: path.to_owned(), source };
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed)
}

/// The key as given, or the one in the data folder; with SQLite one is made when there is none.
pub(super) fn find_or_make(config: &Config) -> Result<MasterKey, StartError> {
    if let Some(given) = &config.secrets.secret_key {
        return Ok(MasterKey::parse(given)?);
    }
    if !kept_in_folder(config) {
        return Err(StartError::NoKey);
    }
    let path = config.data_file(FILE);
    match read(&path)? {
        Some(key) => Ok(key),
        None => {
            let key = MasterKey::generate();
            write_new(&path, &key)?;
            tracing::info!(path = %path.display(), "made the master key; keep a copy of it apart from the database");
            Ok(key)
        }
    }
}

/// Whether the key is this program's to keep.
pub(super) fn kept_in_folder(config: &Config) -> bool {
    config.secrets.secret_key.is_none() && matches!(config.database(), DatabaseUrl::Sqlite(_))
}

/// Puts a new key beside the old one, before anything is sealed with it: a crash must not lose it.
pub(super) fn write_next(config: &Config, key: &MasterKey) -> Result<(), StartError> {
    let path = config.data_file(NEXT_FILE);
    // One from an exchange that did not happen: nothing is sealed with it.
    remove(&path)?;
    write_new(&path, key)
}

/// After an exchange that ended between the database and the folder, the next key is the one in use: it takes its place.
pub(super) fn finish_exchange(config: &Config, fingerprint: &[u8]) -> Result<Option<MasterKey>, StartError> {
    if !kept_in_folder(config) {
        return Ok(None);
    }
    let next = config.data_file(NEXT_FILE);
    let Some(key) = read(&next)?.filter(|key| key.fingerprint() == fingerprint) else { return Ok(None) };
    let path = config.data_file(FILE);
    fs::rename(&next, &path).map_err(|source| StartError::DataFolder { path, source })?;
    Ok(Some(key))
}

fn read(path: &Path) -> Result<Option<MasterKey>, StartError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(MasterKey::parse(&SecretString::from(text))?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(StartError::DataFolder { path: path.to_owned(), source }),
    }
}

fn remove(path: &Path) -> Result<(), StartError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != ErrorKind::NotFound => {
            Err(StartError::DataFolder { path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}

fn write_new(path: &PathBuf, key: &MasterKey) -> Result<(), StartError> {
    let failed = |source| StartError::DataFolder { path: path.clone(), source };
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    writeln!(file, "{}", key.to_text().expose_secret()).map_err(failed)?;
    file.sync_all().map_err(failed)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn config(folder: &Path, more: &[&str]) -> Config {
        let folder = folder.to_string_lossy();
        let mut args = vec!["--data-dir", &folder];
        args.extend(more);
        Config::from_args(args).unwrap()
    }

    #[test]
    fn a_key_is_made_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path(), &[]);
        let first = find_or_make(&config).unwrap().fingerprint();
        assert_eq!(find_or_make(&config).unwrap().fingerprint(), first);
        let mode = fs::metadata(config.data_file(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn postgres_needs_a_key() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path(), &["--database-url", "postgres://localhost/x"]);
        assert!(matches!(find_or_make(&config), Err(StartError::NoKey)));
    }

    #[test]
    fn an_exchange_that_stopped_half_way_is_finished() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path(), &[]);
        find_or_make(&config).unwrap();
        let next = MasterKey::generate();
        write_next(&config, &next).unwrap();
        assert!(finish_exchange(&config, &[0; 32]).unwrap().is_none());
        assert!(finish_exchange(&config, &next.fingerprint()).unwrap().is_some());
        assert_eq!(find_or_make(&config).unwrap().fingerprint(), next.fingerprint());
    }
}
