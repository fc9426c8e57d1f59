//! The command line's tasks for an operator, on the database of an installation.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;

use super::{Foundation, StartError, secret_key};
use crate::auth::passwords::{Passwords, normal_email, weakness};
use crate::auth::sessions::SUCCESSOR;
use crate::auth::setup::{make_workspace, normal_name};
use crate::channels::SEALED;
use crate::clock::{SharedClock, SystemClock};
use crate::config::Config;
use crate::domain::access::Workspace;
use crate::domain::provider::Environment;
use crate::storage::conn::Conn;
use crate::storage::system::sealed;
use crate::storage::{DatabaseUrl, StorageError, StorageResult, backup, installation, sessions, users, workspaces};
use crate::vault::{MasterKey, Place, Vault};
use crate::webhooks::alert_endpoint::SECRET_PLACE;
use crate::webhooks::endpoints as webhooks;

/// Why a task was not done: one line each.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("{0}")]
    Storage(#[from] StorageError),
    #[error("no user has the address {0}")]
    NoSuchUser(String),
    #[error("{0}")]
    Invalid(String),
    #[error("{0}")]
    Auth(#[from] crate::auth::AuthError),
    #[error("give the new key: duplex keeps no key of its own here")]
    NoNewKey,
    #[error("PostgreSQL is backed up with its own tool: pg_dump --format=custom --file={} \"$DATABASE_URL\"", .0.display())]
    UsePgDump(PathBuf),
}

async fn open(config: &Config) -> Result<(Foundation, SharedClock), AdminError> {
    let clock: SharedClock = Arc::new(SystemClock);
    Ok((Foundation::lay(config, &clock).await?, clock))
}

/// Sets a user's password and ends all sessions. Without a password one is made and given back.
///
/// # Errors
/// No such user, a weak password, or the database's.
pub async fn reset_password(
    config: &Config,
    email: &str,
    given: Option<SecretString>,
) -> Result<Option<SecretString>, AdminError> {
    let (foundation, clock) = open(config).await?;
    let unknown = || AdminError::NoSuchUser(email.to_owned());
    let address = normal_email(email).ok_or_else(unknown)?;
    if let Some(error) = given.as_ref().and_then(|password| weakness(password, &address)) {
        return Err(AdminError::Invalid(format!("the password: {}", error.message)));
    }
    let made = given.is_none().then(|| SecretString::from(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 15]>())));
    let password = given.or_else(|| made.clone()).ok_or_else(unknown)?;
    let hash = Passwords::new().hash(password).await?;
    let now = clock.now();
    let found = foundation.db.write(move |conn| {
        let Some(found) = users::by_email(conn, &address)? else { return Ok(false) };
        users::set_password(conn, found.user.id, &hash, now)?;
        sessions::revoke_all(conn, found.user.id, now)?;
        Ok(true)
    });
    if found.await? { Ok(made) } else { Err(unknown()) }
}

/// All workspaces, oldest first.
///
/// # Errors
/// The database's.
pub async fn list_workspaces(config: &Config) -> Result<Vec<Workspace>, AdminError> {
    let (foundation, _) = open(config).await?;
    Ok(foundation.db.read(workspaces::all).await?)
}

/// Makes a workspace; all owners of the installation own it. A sandbox gets its channels at the next start, or within a
/// minute when the program runs.
///
/// # Errors
/// The name is not one, setup is not done, or the database's.
pub async fn create_workspace(config: &Config, name: &str, environment: Environment) -> Result<Workspace, AdminError> {
    let (foundation, clock) = open(config).await?;
    let name = normal_name("name", name).map_err(|error| AdminError::Invalid(format!("the name {}", error.message)))?;
    let now = clock.now();
    let made = foundation.db.write(move |conn| {
        let owners = workspaces::owners(conn)?;
        if owners.is_empty() {
            return Ok(None);
        }
        make_workspace(conn, &name, environment, &owners, now).map(Some)
    });
    made.await?.ok_or_else(|| AdminError::Invalid("set the installation up first: a workspace needs an owner".into()))
}

/// What an exchange of keys did.
pub struct Rekeyed {
    /// Values sealed anew.
    pub values: usize,
    /// Whether the new key is in the data folder; otherwise it must be given from now on.
    pub kept: bool,
}

/// Seals everything with a new key, in one transaction. No other process may run on the database meanwhile.
///
/// # Errors
/// The new key is missing where none can be made, a value doesn't open, or the database's.
pub async fn rekey(config: &Config, new_key: Option<MasterKey>) -> Result<Rekeyed, AdminError> {
    let (foundation, _) = open(config).await?;
    let old = secret_key::find_or_make(config)?;
    let kept = secret_key::kept_in_folder(config);
    let new_key = match new_key {
        Some(key) => key,
        None if kept => MasterKey::generate(),
        None => return Err(AdminError::NoNewKey),
    };
    if kept {
        secret_key::write_next(config, &new_key)?;
    }
    let fingerprint = new_key.fingerprint();
    let vault = Vault::with_earlier(new_key, &[old]);
    let values = foundation.db.write(move |conn| {
        let values = reseal(conn, &vault)?;
        installation::set_key_fingerprint(conn, &fingerprint)?;
        Ok(values)
    });
    let values = values.await?;
    if kept {
        secret_key::finish_exchange(config, &fingerprint)?;
    }
    Ok(Rekeyed { values, kept })
}

fn reseal(conn: &mut Conn, vault: &Vault) -> StorageResult<usize> {
    let again = |place: Place, sealed: &[u8]| {
        vault.reseal(place, sealed).map_err(|error| StorageError::Corrupt(format!("{}: {error}", place.column)))
    };
    let mut values = 0;
    for mut channel in sealed::channels(conn)? {
        for column in SEALED {
            let Some(sealed) = column.get(&channel.settings) else { continue };
            if let Some(fresh) = again(column.place(channel.workspace_id, channel.id), sealed)? {
                column.set(&mut channel.settings, Some(fresh));
                values += 1;
            }
        }
        sealed::set_channel_settings(conn, channel.id, &channel.settings)?;
    }
    for (workspace, sealed) in sealed::alert_endpoints(conn)? {
        if let Some(fresh) = again(Place::of(workspace, workspace, SECRET_PLACE), &sealed)? {
            sealed::set_alert_endpoint_secret(conn, workspace, &fresh)?;
            values += 1;
        }
    }
    for endpoint in sealed::webhook_endpoints(conn)? {
        let place = webhooks::place(endpoint.workspace_id, endpoint.id);
        let fresh = again(place, &endpoint.secret)?;
        let previous = endpoint.previous_secret.as_deref().map(|sealed| again(place, sealed)).transpose()?.flatten();
        values += usize::from(fresh.is_some()) + usize::from(previous.is_some());
        let previous = previous.or(endpoint.previous_secret);
        sealed::set_webhook_secrets(conn, endpoint.id, &fresh.unwrap_or(endpoint.secret), previous.as_deref())?;
    }
    for (session, sealed) in sessions::sealed(conn)? {
        if let Some(fresh) = again(Place::global(session, SUCCESSOR), &sealed)? {
            sessions::set_successor(conn, session, &fresh)?;
            values += 1;
        }
    }
    Ok(values)
}

/// Copies an SQLite database to a new file while the program may run. The master key is not in it.
///
/// # Errors
/// The database is PostgreSQL's, or the copy can't be written.
pub async fn back_up(config: &Config, to: &Path) -> Result<(), AdminError> {
    let DatabaseUrl::Sqlite(database) = config.database() else {
        return Err(AdminError::UsePgDump(to.to_owned()));
    };
    let to = to.to_owned();
    let copied = tokio::task::spawn_blocking(move || backup::copy_sqlite(&database, &to)).await;
    Ok(copied.map_err(|error| StorageError::Other(error.to_string()))??)
}

/// Brings the database to this version without starting anything else.
///
/// # Errors
/// As at the start.
pub async fn migrate(config: &Config) -> Result<(), AdminError> {
    open(config).await.map(|_| ())
}
