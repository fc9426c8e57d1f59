//! Who is asking: users with sessions, programs with API keys.

mod access_token;
mod account;
mod error;
pub mod keys;
pub mod passwords;
pub mod sessions;
pub mod setup;

use std::sync::Arc;

use crate::clock::SharedClock;
use crate::storage::Db;
use crate::vault::{Purpose, Vault};
use access_token::AccessTokens;
pub use error::AuthError;
use keys::Keys;
use passwords::Passwords;
use sessions::SessionCache;

/// Checks credentials and makes them. Cheap to clone.
#[derive(Clone)]
pub struct Authenticator(Arc<Inner>);

struct Inner {
    db: Db,
    vault: Arc<Vault>,
    clock: SharedClock,
    passwords: Passwords,
    tokens: AccessTokens,
    sessions: SessionCache,
    keys: Keys,
}

impl Authenticator {
    pub fn new(db: Db, vault: Arc<Vault>, clock: SharedClock) -> Self {
        let tokens = AccessTokens::new(&vault.derive(Purpose::AccessTokens));
        Self(Arc::new(Inner {
            db,
            vault,
            clock,
            passwords: Passwords::new(),
            tokens,
            sessions: SessionCache::new(),
            keys: Keys::new(),
        }))
    }
}
