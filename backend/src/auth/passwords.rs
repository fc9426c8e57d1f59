//! Passwords: their rules and their hashes.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use super::AuthError;
use crate::error::FieldError;

/// Hashes at the same time: each takes 19 MiB and tens of milliseconds of a processor.
const CONCURRENT: usize = 2;

/// Fewest and most characters of a password.
pub const SHORTEST: usize = 12;
pub const LONGEST: usize = 200;

/// Hashes and checks passwords with argon2id, a few at a time.
pub struct Passwords {
    slots: Semaphore,
    /// Checked when there is no such user, so that the time taken does not tell.
    decoy: tokio::sync::OnceCell<String>,
}

impl Passwords {
    pub fn new() -> Self {
        Self { slots: Semaphore::new(CONCURRENT), decoy: tokio::sync::OnceCell::new() }
    }

    /// The PHC text of a password.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub async fn hash(&self, password: SecretString) -> Result<String, AuthError> {
        self.in_slot(move || {
            Argon2::default()
                .hash_password(password.expose_secret().as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|error| AuthError::Internal(error.to_string()))
        })
        .await?
    }

    /// Whether the password is the one; takes as long without a hash.
    ///
    /// # Errors
    /// The stored hash can't be read.
    pub async fn matches(&self, password: SecretString, hash: Option<String>) -> Result<bool, AuthError> {
        let known = hash.is_some();
        let hash = match hash {
            Some(hash) => hash,
            None => self.decoy.get_or_try_init(|| self.hash("nobody's password".to_owned().into())).await?.clone(),
        };
        let right = self
            .in_slot(move || {
                let parsed = PasswordHash::new(&hash).map_err(|error| AuthError::Internal(error.to_string()))?;
                Ok::<_, AuthError>(
                    Argon2::default().verify_password(password.expose_secret().as_bytes(), &parsed).is_ok(),
                )
            })
            .await??;
        Ok(known && right)
    }

    async fn in_slot<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, AuthError> {
        let _slot = self.slots.acquire().await.map_err(|error| AuthError::Internal(error.to_string()))?;
        tokio::task::spawn_blocking(work).await.map_err(|error| AuthError::Internal(error.to_string()))
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

/// What is wrong with a new password.
pub fn weakness(password: &SecretString, email: &str) -> Option<FieldError> {
    let text = password.expose_secret();
    let length = text.chars().count();
    let name = email.split('@').next().unwrap_or(email);
    let (code, message) = if length < SHORTEST {
        ("too_short", format!("at least {SHORTEST} characters"))
    } else if length > LONGEST {
        ("too_long", format!("at most {LONGEST} characters"))
    } else if text.trim().eq_ignore_ascii_case(email) || text.trim().eq_ignore_ascii_case(name) {
        ("too_weak", "must not be the e-mail address".to_owned())
    } else if text.chars().collect::<std::collections::HashSet<_>>().len() < 4 {
        ("too_weak", "at least 4 different characters".to_owned())
    } else {
        return None;
    };
    Some(FieldError::new("password", code, message))
}

/// An e-mail address in the form in which it is stored; `None` when it can't be one.
pub fn normal_email(text: &str) -> Option<String> {
    let email = text.trim().to_lowercase();
    let (name, host) = email.rsplit_once('@')?;
    let plain = !email.chars().any(|c| c.is_whitespace() || c.is_control());
    (plain && !name.is_empty() && !host.is_empty() && email.len() <= 254).then_some(email)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_matches() {
        let passwords = Passwords::new();
        let hash = passwords.hash("correct horse battery".to_owned().into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(passwords.matches("correct horse battery".to_owned().into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.matches("correct horse".to_owned().into(), Some(hash)).await.unwrap());
        assert!(!passwords.matches("nobody's password".to_owned().into(), None).await.unwrap());
    }

    #[test]
    fn weak_passwords_are_named() {
        let code = |password: &str| weakness(&password.to_owned().into(), "owner@example.com").map(|error| error.code);
        assert_eq!(code("short").as_deref(), Some("too_short"));
        assert_eq!(code("Owner@Example.com").as_deref(), Some("too_weak"));
        assert_eq!(code("aaaaaaaaaaaaaaaa").as_deref(), Some("too_weak"));
        assert_eq!(code("correct horse battery"), None);
    }

    #[test]
    fn addresses_are_folded() {
        assert_eq!(normal_email(" Owner@Example.COM ").as_deref(), Some("owner@example.com"));
        assert_eq!(normal_email("owner"), None);
        assert_eq!(normal_email("a b@example.com"), None);
    }
}
