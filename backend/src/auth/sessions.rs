//! Sessions of the console: a short access token, and a refresh token that changes with each use.
//!
//! A refresh token that comes a second time was stolen or belongs to a second tab. Within half a minute it gets the same
//! successor as the first time; after that the session ends.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use moka::sync::Cache;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{AuthError, Authenticator, access_token};
use crate::domain::access::{Membership, User};
use crate::domain::ids::{SessionId, UserId, WorkspaceId};
use crate::domain::time::Ts;
use crate::storage::conn::Conn;
use crate::storage::sessions::{self, SessionRecord};
use crate::storage::{StorageError, StorageResult, users, workspaces};
use crate::vault::Place;

/// A session that nobody uses for this long is over.
pub const IDLE: Duration = Duration::from_secs(14 * 86_400);
/// However much it is used, a session ends this long after the sign-in.
const LONGEST: Duration = Duration::from_secs(90 * 86_400);
/// How long the last refresh token still gets the same successor.
const SECOND_TAB: Duration = Duration::from_secs(30);
/// How long another node may still take a session that was ended elsewhere.
const CACHED: Duration = Duration::from_secs(5);
const CACHE_SIZE: u64 = 10_000;
/// Longest user agent kept, in characters.
const USER_AGENT: usize = 200;

/// How long an access token is good.
pub const ACCESS: Duration = access_token::LIFETIME;

/// Where the successor of a refresh token is sealed.
pub const SUCCESSOR: &str = "sessions.successor";

/// What a signed-in browser holds.
pub struct Tokens {
    pub access: SecretString,
    pub access_ends: Ts,
    pub refresh: SecretString,
    pub refresh_ends: Ts,
    pub session: SessionId,
}

/// A user behind a valid access token.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub session: SessionId,
    pub access_ends: Ts,
    pub who: Arc<Known>,
}

/// A user and the workspaces, as read a moment ago.
#[derive(Clone, Debug)]
pub struct Known {
    pub user: User,
    pub memberships: Vec<Membership>,
    expires_at: Ts,
}

impl SignedIn {
    pub fn user(&self) -> UserId {
        self.who.user.id
    }

    pub fn membership(&self, workspace: WorkspaceId) -> Option<&Membership> {
        self.who.memberships.iter().find(|membership| membership.workspace.id == workspace)
    }
}

pub(super) struct SessionCache(Cache<SessionId, Arc<Known>>);

impl SessionCache {
    pub fn new() -> Self {
        Self(Cache::builder().max_capacity(CACHE_SIZE).time_to_live(CACHED).build())
    }
}

/// A refresh token is `<session id>.<256 bits>`: the id finds the row, the rest proves it.
fn new_refresh(session: SessionId) -> SecretString {
    format!("{}.{}", session.0.simple(), URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())).into()
}

fn session_of(refresh: &SecretString) -> Result<SessionId, AuthError> {
    let (id, _) = refresh.expose_secret().split_once('.').ok_or(AuthError::Unknown)?;
    id.parse().map_err(|_| AuthError::Unknown)
}

fn hash(refresh: &SecretString) -> [u8; 32] {
    Sha256::digest(refresh.expose_secret().as_bytes()).into()
}

fn same(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

impl Authenticator {
    /// Signs a user in with a password.
    ///
    /// # Errors
    /// [`AuthError::WrongCredentials`], whichever of the two is wrong.
    pub async fn sign_in(
        &self,
        email: &str,
        password: SecretString,
        user_agent: Option<&str>,
    ) -> Result<Tokens, AuthError> {
        let email = super::passwords::normal_email(email).ok_or(AuthError::WrongCredentials)?;
        let found = self.0.db.read(move |conn| users::by_email(conn, &email)).await?;
        let (user, hash) = found.map(|found| (found.user.id, found.password_hash)).unzip();
        let right = self.0.passwords.matches(password, hash).await?;
        let user = user.filter(|_| right).ok_or(AuthError::WrongCredentials)?;
        self.open_session(user, user_agent).await
    }

    /// Opens a session for a user who has proved who they are.
    ///
    /// # Errors
    /// The database's.
    pub async fn open_session(&self, user: UserId, user_agent: Option<&str>) -> Result<Tokens, AuthError> {
        let now = self.0.clock.now();
        let id = SessionId::new();
        let refresh = new_refresh(id);
        let record = SessionRecord {
            id,
            user_id: user,
            refresh_hash: hash(&refresh).to_vec(),
            previous_hash: None,
            rotated_at: now,
            successor: None,
            user_agent: user_agent.map(|text| text.chars().filter(|c| !c.is_control()).take(USER_AGENT).collect()),
            created_at: now,
            expires_at: now.plus(IDLE),
            revoked_at: None,
        };
        let refresh_ends = record.expires_at;
        self.0.db.write(move |conn| sessions::insert(conn, &record)).await?;
        self.tokens(user, id, refresh, refresh_ends, now)
    }

    /// Changes a refresh token for a new one and a new access token.
    ///
    /// # Errors
    /// [`AuthError::SessionOver`] when it is over, also because the token was used before; [`AuthError::Unknown`].
    pub async fn refresh(&self, shown: SecretString) -> Result<Tokens, AuthError> {
        let id = session_of(&shown)?;
        let now = self.0.clock.now();
        let inner = Arc::clone(&self.0);
        let rotation = self
            .0
            .db
            .write(move |conn| {
                let session = sessions::lock(conn, id)?;
                rotate(conn, &inner.vault, &session, &shown, now)
            })
            .await;
        match rotation {
            Ok(Rotation::Done { user, refresh, ends }) => self.tokens(user, id, refresh, ends, now),
            Ok(Rotation::Over) => Err(AuthError::SessionOver),
            Ok(Rotation::Reused) => {
                self.0.sessions.0.invalidate(&id);
                tracing::warn!(session = %id, "a refresh token came again; its session was ended");
                Err(AuthError::SessionOver)
            }
            Ok(Rotation::Unknown) | Err(StorageError::NotFound) => Err(AuthError::Unknown),
            Err(error) => Err(error.into()),
        }
    }

    fn tokens(
        &self,
        user: UserId,
        session: SessionId,
        refresh: SecretString,
        refresh_ends: Ts,
        now: Ts,
    ) -> Result<Tokens, AuthError> {
        let (access, access_ends) = self.0.tokens.issue(user, session, now)?;
        Ok(Tokens { access: access.into(), access_ends, refresh, refresh_ends, session })
    }

    /// The user behind an access token.
    ///
    /// # Errors
    /// The token ran out or is forged, or the session was ended.
    pub async fn session(&self, access: &str) -> Result<SignedIn, AuthError> {
        let now = self.0.clock.now();
        let (user, session, access_ends) = self.0.tokens.check(access, now)?;
        let who = match self.0.sessions.0.get(&session) {
            Some(who) => who,
            None => {
                let who = Arc::new(self.0.db.read(move |conn| known(conn, user, session)).await.map_err(over)?);
                self.0.sessions.0.insert(session, Arc::clone(&who));
                who
            }
        };
        if who.expires_at <= now { Err(AuthError::SessionOver) } else { Ok(SignedIn { session, access_ends, who }) }
    }

    /// Ends a session: at once on this node, within seconds on others.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_out(&self, session: SessionId) -> Result<(), AuthError> {
        let now = self.0.clock.now();
        self.0.db.write(move |conn| sessions::revoke(conn, session, now)).await?;
        self.0.sessions.0.invalidate(&session);
        Ok(())
    }

    /// Ends the session of a refresh token, whether or not the token is still good. Unknown ones are none of ours.
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_out_by_refresh(&self, shown: &SecretString) -> Result<(), AuthError> {
        let Ok(id) = session_of(shown) else { return Ok(()) };
        let hash = hash(shown);
        let session = match self.0.db.read(move |conn| sessions::get(conn, id)).await {
            Err(StorageError::NotFound) => return Ok(()),
            found => found?,
        };
        let ours = same(&session.refresh_hash, &hash) || session.previous_hash.is_some_and(|was| same(&was, &hash));
        if ours { self.sign_out(id).await } else { Ok(()) }
    }

    /// Forgets what is kept in memory of a user's sessions, after a change of workspaces or their names.
    pub fn forget_sessions(&self) {
        self.0.sessions.0.invalidate_all();
    }
}

enum Rotation {
    Done {
        user: UserId,
        refresh: SecretString,
        ends: Ts,
    },
    Over,
    /// An old token came again: the session is ended.
    Reused,
    Unknown,
}

fn rotate(
    conn: &mut Conn,
    vault: &crate::vault::Vault,
    session: &SessionRecord,
    shown: &SecretString,
    now: Ts,
) -> StorageResult<Rotation> {
    let shown_hash = hash(shown);
    let place = Place::global(session.id, SUCCESSOR);
    if session.revoked_at.is_some() || session.expires_at <= now {
        return Ok(Rotation::Over);
    }
    if same(&session.refresh_hash, &shown_hash) {
        let refresh = new_refresh(session.id);
        let ends = now.plus(IDLE).min(session.created_at.plus(LONGEST));
        let sealed = vault.seal_text(place, &refresh).map_err(|error| StorageError::Other(error.to_string()))?;
        sessions::rotate(conn, session.id, &shown_hash, &hash(&refresh), &sealed, now, ends)?;
        return Ok(Rotation::Done { user: session.user_id, refresh, ends });
    }
    if !session.previous_hash.as_ref().is_some_and(|previous| same(previous, &shown_hash)) {
        // An older token than the last: only a copy can come this late. A forged one can't be told from it, but who
        // forges must know the session's id, which only its tokens carry.
        sessions::revoke(conn, session.id, now)?;
        return Ok(Rotation::Reused);
    }
    let successor = session.successor.as_ref().filter(|_| now.since(session.rotated_at) <= SECOND_TAB);
    match successor.map(|sealed| vault.open_text(place, sealed)) {
        Some(Ok(refresh)) => Ok(Rotation::Done { user: session.user_id, refresh, ends: session.expires_at }),
        Some(Err(_)) => Ok(Rotation::Unknown),
        None => {
            sessions::revoke(conn, session.id, now)?;
            Ok(Rotation::Reused)
        }
    }
}

fn known(conn: &mut Conn, user: UserId, session: SessionId) -> StorageResult<Known> {
    let record = sessions::get(conn, session)?;
    if record.revoked_at.is_some() || record.user_id != user {
        return Err(StorageError::NotFound);
    }
    Ok(Known {
        user: users::get(conn, user)?,
        memberships: workspaces::of_user(conn, user)?,
        expires_at: record.expires_at,
    })
}

fn over(error: StorageError) -> AuthError {
    match error {
        StorageError::NotFound => AuthError::SessionOver,
        other => other.into(),
    }
}
