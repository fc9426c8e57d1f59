//! The first start: a one-time code makes the owner and two workspaces.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::passwords::{normal_email, weakness};
use super::{AuthError, Authenticator};
use crate::domain::access::{User, Workspace};
use crate::domain::ids::{UserId, WorkspaceId};
use crate::domain::provider::{Environment, ProviderKind};
use crate::domain::scope::Role;
use crate::domain::time::Ts;
use crate::error::FieldError;
use crate::storage::conn::Conn;
use crate::storage::{StorageError, StorageResult, installation, users, workspaces};

/// Longest name of a person or a workspace, in characters.
pub const LONGEST_NAME: usize = 80;

/// Who becomes the owner, and of what.
pub struct Owner {
    pub code: SecretString,
    pub email: String,
    pub name: String,
    pub password: SecretString,
    /// Name of both workspaces.
    pub workspace: String,
}

/// What setup made.
pub struct Installed {
    pub user: User,
    pub workspaces: Vec<Workspace>,
}

fn hash(code: &SecretString) -> [u8; 32] {
    Sha256::digest(code.expose_secret().trim().as_bytes()).into()
}

/// A name without blanks around it and control characters in it, or what is wrong with it.
///
/// # Errors
/// It is empty or too long.
pub fn normal_name(field: &str, text: &str) -> Result<String, FieldError> {
    let name: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    if name.is_empty() {
        return Err(FieldError::new(field, "required", "must not be empty"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(FieldError::new(field, "too_long", format!("at most {LONGEST_NAME} characters")));
    }
    Ok(name)
}

/// A workspace and its owner's membership.
///
/// # Errors
/// The database's.
pub fn make_workspace(
    conn: &mut Conn,
    name: &str,
    environment: Environment,
    owners: &[UserId],
    now: Ts,
) -> StorageResult<Workspace> {
    let workspace = Workspace {
        id: WorkspaceId::new(),
        name: name.to_owned(),
        environment,
        whatsapp_provider: ProviderKind::default(),
        created_at: now,
        updated_at: now,
    };
    workspaces::insert(conn, &workspace)?;
    for &owner in owners {
        workspaces::add_member(conn, workspace.id, owner, Role::Owner, now)?;
    }
    Ok(workspace)
}

impl Authenticator {
    /// Whether setup is done.
    ///
    /// # Errors
    /// The database's.
    pub async fn is_set_up(&self) -> Result<bool, AuthError> {
        Ok(self.0.db.read(|conn| Ok(installation::get(conn)?.setup_done_at.is_some())).await?)
    }

    /// Puts a new setup code in place and gives it for printing; `None` when setup is done.
    ///
    /// # Errors
    /// The database's.
    pub async fn new_setup_code(&self, given: Option<SecretString>) -> Result<Option<SecretString>, AuthError> {
        if self.is_set_up().await? {
            return Ok(None);
        }
        let code = given.unwrap_or_else(|| URL_SAFE_NO_PAD.encode(rand::random::<[u8; 15]>()).into());
        let hash = hash(&code);
        self.0.db.write(move |conn| installation::set_setup_code(conn, &hash)).await?;
        Ok(Some(code))
    }

    /// Makes the owner, a sandbox and a live workspace, and uses the code up.
    ///
    /// # Errors
    /// The code is wrong, setup is done, or fields are not valid.
    pub async fn set_up(&self, owner: Owner) -> Result<Installed, AuthError> {
        let code_hash = hash(&owner.code);
        let state = self.0.db.read(installation::get).await?;
        if state.setup_done_at.is_some() {
            return Err(AuthError::SetupDone);
        }
        if !state.setup_code_hash.is_some_and(|right| bool::from(right.ct_eq(&code_hash))) {
            return Err(AuthError::SetupCodeWrong);
        }
        let now = self.0.clock.now();
        let (user, workspace) = checked(&owner, now)?;
        let password_hash = self.0.passwords.hash(owner.password).await?;
        let made = self.0.db.write(move |conn| {
            installation::finish_setup(conn, &code_hash, now)?;
            users::insert(conn, &user, &password_hash)?;
            let workspaces = [Environment::Sandbox, Environment::Live]
                .into_iter()
                .map(|environment| make_workspace(conn, &workspace, environment, &[user.id], now))
                .collect::<StorageResult<_>>()?;
            Ok(Installed { user, workspaces })
        });
        made.await.map_err(|error| match error {
            StorageError::Conflict(_) => AuthError::SetupDone,
            other => other.into(),
        })
    }
}

fn checked(owner: &Owner, now: Ts) -> Result<(User, String), AuthError> {
    let mut errors = Vec::new();
    let email = normal_email(&owner.email);
    if email.is_none() {
        errors.push(FieldError::new("email", "invalid_value", "an e-mail address, such as owner@example.com"));
    }
    errors.extend(weakness(&owner.password, &owner.email));
    let name = normal_name("name", &owner.name).map_err(|error| errors.push(error));
    let workspace = normal_name("workspace", &owner.workspace).map_err(|error| errors.push(error));
    match (email, name, workspace) {
        (Some(email), Ok(name), Ok(workspace)) if errors.is_empty() => {
            Ok((User { id: UserId::new(), email, name, created_at: now }, workspace))
        }
        _ => Err(AuthError::Fields(errors)),
    }
}
