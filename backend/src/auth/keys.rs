//! API keys: making, checking without a database read on the hot path, and remembering when each was used.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use moka::sync::Cache;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use super::{AuthError, Authenticator};
use crate::domain::access::ApiKey;
use crate::domain::ids::{ApiKeyId, UserId, WorkspaceId};
use crate::domain::provider::Environment;
use crate::domain::scope::Scope;
use crate::domain::time::Ts;
use crate::storage::system::credentials;
use crate::storage::{StorageResult, api_keys};

/// How every key begins, so that scanners for leaked secrets can know it.
pub const PREFIX: &str = "dpx_";
/// Characters of a key that are kept and shown.
const SHOWN: usize = PREFIX.len() + 8;
/// How long another node may still take a key that was revoked elsewhere. On the revoking node it ends at once.
const CACHED: Duration = Duration::from_secs(5);
/// Keys kept in memory.
const CACHE_SIZE: u64 = 10_000;
/// A use is written at most this often for each key.
const TOUCH_EVERY: Duration = Duration::from_secs(60);

/// What a good key allows.
#[derive(Clone, Debug)]
pub struct KeyGrant {
    pub id: ApiKeyId,
    pub workspace: WorkspaceId,
    pub environment: Environment,
    pub scopes: Arc<[Scope]>,
    expires_at: Option<Ts>,
    revoked: bool,
}

pub(super) struct Keys {
    known: Cache<[u8; 32], Arc<KeyGrant>>,
    uses: Mutex<Uses>,
}

#[derive(Default)]
struct Uses {
    /// When each key's use was last handed over for writing.
    written: HashMap<ApiKeyId, Ts>,
    waiting: HashMap<ApiKeyId, Ts>,
}

impl Keys {
    pub fn new() -> Self {
        Self { known: Cache::builder().max_capacity(CACHE_SIZE).time_to_live(CACHED).build(), uses: Mutex::default() }
    }

    fn used(&self, id: ApiKeyId, now: Ts) {
        let mut uses = self.uses.lock().unwrap_or_else(PoisonError::into_inner);
        if uses.written.get(&id).is_none_or(|&written| now.since(written) >= TOUCH_EVERY) {
            uses.waiting.insert(id, now);
        }
    }

    fn take_uses(&self) -> Vec<(ApiKeyId, Ts)> {
        let mut uses = self.uses.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken: Vec<_> = std::mem::take(&mut uses.waiting).into_iter().collect();
        uses.written.extend(taken.iter().copied());
        // In the order of their ids, so that two nodes never wait for each other crosswise.
        taken.sort_unstable();
        taken
    }
}

fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// A new key and its secret, which is shown once.
pub struct MadeKey {
    pub key: ApiKey,
    pub secret: SecretString,
    hash: [u8; 32],
}

impl MadeKey {
    /// Makes a key of 256 random bits.
    pub fn new(name: String, scopes: Vec<Scope>, expires_at: Option<Ts>, created_by: Option<UserId>, now: Ts) -> Self {
        let secret = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()));
        let key = ApiKey {
            id: ApiKeyId::new(),
            name,
            prefix: secret.chars().take(SHOWN).collect(),
            scopes,
            created_by,
            created_at: now,
            expires_at,
            revoked_at: None,
            last_used_at: None,
        };
        Self { key, hash: hash(&secret), secret: secret.into() }
    }

    /// Stores it, without its secret.
    ///
    /// # Errors
    /// The database's.
    pub fn store(&self, conn: &mut crate::storage::conn::Conn, workspace: WorkspaceId) -> StorageResult<()> {
        api_keys::insert(conn, workspace, &self.key, &self.hash)
    }
}

impl Authenticator {
    /// What the key in a request allows.
    ///
    /// # Errors
    /// It is unknown, revoked or expired.
    pub async fn api_key(&self, secret: &str) -> Result<Arc<KeyGrant>, AuthError> {
        if !secret.starts_with(PREFIX) {
            return Err(AuthError::Unknown);
        }
        let hash = hash(secret);
        let grant = match self.0.keys.known.get(&hash) {
            Some(grant) => grant,
            None => self.look_up(hash).await?,
        };
        let now = self.0.clock.now();
        if grant.revoked {
            return Err(AuthError::KeyEnded("revoked"));
        }
        if grant.expires_at.is_some_and(|at| at <= now) {
            return Err(AuthError::KeyEnded("valid until a time that has passed"));
        }
        self.0.keys.used(grant.id, now);
        Ok(grant)
    }

    async fn look_up(&self, hash: [u8; 32]) -> Result<Arc<KeyGrant>, AuthError> {
        let known = self.0.db.read(move |conn| credentials::key_by_hash(conn, &hash)).await?;
        let known = known.ok_or(AuthError::Unknown)?;
        let grant = Arc::new(KeyGrant {
            id: known.key.id,
            workspace: known.workspace,
            environment: known.environment,
            scopes: known.key.scopes.into(),
            expires_at: known.key.expires_at,
            revoked: known.key.revoked_at.is_some(),
        });
        self.0.keys.known.insert(hash, Arc::clone(&grant));
        Ok(grant)
    }

    /// Revokes a key: at once on this node, within seconds on others.
    ///
    /// # Errors
    /// There is no such key in this workspace.
    pub async fn revoke_key(&self, workspace: WorkspaceId, id: ApiKeyId) -> Result<ApiKey, AuthError> {
        let now = self.0.clock.now();
        let key = self.0.db.write(move |conn| api_keys::revoke(conn, workspace, id, now)).await?;
        // Revoking is rare, and reading all keys again is cheap.
        self.0.keys.known.invalidate_all();
        Ok(key)
    }

    /// Writes down when keys were last used; call it every few seconds and at the end. Gives how many were written.
    ///
    /// # Errors
    /// The database's; what was to be written is then lost, which costs a minute's accuracy.
    pub async fn write_key_uses(&self) -> Result<usize, AuthError> {
        let uses = self.0.keys.take_uses();
        let count = uses.len();
        if count > 0 {
            self.0.db.write_bulk(move |conn| credentials::touch_keys(conn, &uses)).await?;
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_shows_its_beginning_only() {
        use secrecy::ExposeSecret;
        let made = MadeKey::new("k".into(), vec![], None, None, Ts::from_secs(0));
        let secret = made.secret.expose_secret();
        assert_eq!(secret.len(), PREFIX.len() + 43);
        assert!(secret.starts_with(&made.key.prefix));
        assert_eq!(made.key.prefix.len(), SHOWN);
        assert!(!format!("{:?}", made.secret).contains(secret));
    }

    #[test]
    fn a_busy_key_is_written_once_a_minute() {
        let (keys, id, start) = (Keys::new(), ApiKeyId::new(), Ts::from_secs(1_000));
        keys.used(id, start);
        keys.used(id, start.plus(Duration::from_secs(1)));
        assert_eq!(keys.take_uses(), vec![(id, start.plus(Duration::from_secs(1)))]);
        keys.used(id, start.plus(Duration::from_secs(30)));
        assert_eq!(keys.take_uses(), vec![]);
        keys.used(id, start.plus(Duration::from_secs(70)));
        assert_eq!(keys.take_uses().len(), 1);
    }
}
