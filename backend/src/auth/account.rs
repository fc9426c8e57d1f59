//! What users change about themselves: their name and their password.

use secrecy::SecretString;

use super::passwords::weakness;
use super::sessions::SignedIn;
use super::setup::normal_name;
use super::{AuthError, Authenticator};
use crate::domain::access::User;
use crate::domain::ids::UserId;
use crate::error::FieldError;
use crate::storage::{StorageError, sessions, users};

fn wrong_password() -> AuthError {
    AuthError::Fields(vec![FieldError::new("current_password", "wrong", "is not your password")])
}

impl Authenticator {
    /// Gives a user another name.
    ///
    /// # Errors
    /// The name is empty or too long, or the database's.
    pub async fn rename_user(&self, user: UserId, name: &str) -> Result<User, AuthError> {
        let name = normal_name("name", name).map_err(|error| AuthError::Fields(vec![error]))?;
        let renamed = self.0.db.write(move |conn| {
            users::set_name(conn, user, &name)?;
            users::get(conn, user)
        });
        let user = renamed.await?;
        self.forget_sessions();
        Ok(user)
    }

    /// Changes the password of a signed-in user who knows it, and ends the user's other sessions.
    ///
    /// # Errors
    /// The current password is wrong, the new one is weak, or the database's.
    pub async fn change_password(
        &self,
        session: &SignedIn,
        current: SecretString,
        new: SecretString,
    ) -> Result<(), AuthError> {
        let (user, this) = (session.user(), session.session);
        if let Some(error) = weakness(&new, &session.who.user.email) {
            return Err(AuthError::Fields(vec![FieldError { field: "new_password".to_owned(), ..error }]));
        }
        let known = self.0.db.read(move |conn| users::password_hash(conn, user)).await?;
        if !self.0.passwords.matches(current, Some(known.clone())).await? {
            return Err(wrong_password());
        }
        let (hash, now) = (self.0.passwords.hash(new).await?, self.0.clock.now());
        let changed = self.0.db.write(move |conn| {
            users::replace_password(conn, user, &known, &hash, now)?;
            sessions::revoke_others(conn, user, this, now)
        });
        match changed.await {
            // Somebody else changed it since it was compared: what was shown is no longer the password.
            Err(StorageError::NotFound) => return Err(wrong_password()),
            ended => tracing::info!(user = %user, sessions_ended = ended?, "a password was changed"),
        }
        self.forget_sessions();
        Ok(())
    }
}
