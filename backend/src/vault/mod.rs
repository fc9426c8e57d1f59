//! Sealing of secrets for the database, and keys derived from the one master key.
//!
//! A sealed value is bound to its place: copied to another row, column or workspace it no longer opens. Several master
//! keys may be open at a time, so that a key can be exchanged row by row.

mod key;

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::domain::ids::WorkspaceId;
pub use key::{BadKey, Fingerprint, MasterKey, Purpose};

/// First byte of a sealed value: XChaCha20-Poly1305 with a key derived by HKDF-SHA256.
const VERSION: u8 = 1;
const KEY_ID: usize = 4;
const NONCE: usize = 24;
/// Length of what stands before the ciphertext.
const HEAD: usize = 1 + KEY_ID + NONCE;

/// Where a sealed value lives. What was sealed for one place opens only there.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The nil id for what belongs to no workspace (a user's session).
    pub workspace: WorkspaceId,
    /// The row: a channel, a session.
    pub owner: Uuid,
    /// `table.column`.
    pub column: &'static str,
}

impl Place {
    pub fn of(workspace: WorkspaceId, owner: impl Into<Uuid>, column: &'static str) -> Self {
        Self { workspace, owner: owner.into(), column }
    }

    /// For rows that belong to no workspace.
    pub fn global(owner: impl Into<Uuid>, column: &'static str) -> Self {
        Self::of(WorkspaceId(Uuid::nil()), owner, column)
    }

    fn associated_data(&self, key_id: [u8; KEY_ID]) -> Vec<u8> {
        let mut data = Vec::with_capacity(1 + KEY_ID + 32 + self.column.len());
        data.push(VERSION);
        data.extend_from_slice(&key_id);
        data.extend_from_slice(self.workspace.0.as_bytes());
        data.extend_from_slice(self.owner.as_bytes());
        data.extend_from_slice(self.column.as_bytes());
        data
    }
}

/// Why a value doesn't open. Never says anything about the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    #[error("not a sealed value, or sealed by a newer version of duplex")]
    Shape,
    #[error("sealed with a key that is not at hand")]
    UnknownKey,
    #[error("sealed for another place, or changed since")]
    Forged,
    #[error("the sealed value is not text")]
    NotText,
    #[error("the value could not be sealed")]
    Seal,
}

struct Lock {
    id: [u8; KEY_ID],
    cipher: XChaCha20Poly1305,
}

impl Lock {
    fn of(key: &MasterKey) -> Self {
        Self { id: key.id(), cipher: XChaCha20Poly1305::new((&key.derive(Purpose::Sealing)).into()) }
    }
}

/// Seals with the current key; opens with it and with any earlier one given.
pub struct Vault {
    current: Lock,
    earlier: Vec<Lock>,
    master: MasterKey,
}

impl Vault {
    pub fn new(current: MasterKey) -> Self {
        Self::with_earlier(current, &[])
    }

    /// A vault that can also open what earlier keys have sealed.
    pub fn with_earlier(current: MasterKey, earlier: &[MasterKey]) -> Self {
        Self { current: Lock::of(&current), earlier: earlier.iter().map(Lock::of).collect(), master: current }
    }

    /// # Errors
    /// Only when the value is longer than the cipher allows (256 GiB).
    pub fn seal(&self, place: Place, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        let nonce: [u8; NONCE] = rand::random();
        let lock = &self.current;
        let payload = Payload { msg: plain, aad: &place.associated_data(lock.id) };
        let ciphertext = lock.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| VaultError::Seal)?;
        let mut sealed = Vec::with_capacity(HEAD + ciphertext.len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&lock.id);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        Ok(sealed)
    }

    /// # Errors
    /// The value was not sealed for this place with a key at hand.
    pub fn open(&self, place: Place, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (head, ciphertext) = sealed.split_at_checked(HEAD).ok_or(VaultError::Shape)?;
        let (version, head) = head.split_first().ok_or(VaultError::Shape)?;
        let (id, nonce) = head.split_at_checked(KEY_ID).ok_or(VaultError::Shape)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| VaultError::Shape)?;
        if *version != VERSION {
            return Err(VaultError::Shape);
        }
        let lock = std::iter::once(&self.current)
            .chain(&self.earlier)
            .find(|lock| lock.id.as_slice() == id)
            .ok_or(VaultError::UnknownKey)?;
        let payload = Payload { msg: ciphertext, aad: &place.associated_data(lock.id) };
        lock.cipher.decrypt(&XNonce::from(nonce), payload).map_err(|_| VaultError::Forged)
    }

    /// Seals a text.
    ///
    /// # Errors
    /// As [`Vault::seal`].
    pub fn seal_text(&self, place: Place, plain: &SecretString) -> Result<Vec<u8>, VaultError> {
        self.seal(place, plain.expose_secret().as_bytes())
    }

    /// Opens a text.
    ///
    /// # Errors
    /// As [`Vault::open`], or the bytes are not UTF-8.
    pub fn open_text(&self, place: Place, sealed: &[u8]) -> Result<SecretString, VaultError> {
        String::from_utf8(self.open(place, sealed)?).map(SecretString::from).map_err(|_| VaultError::NotText)
    }

    /// Seals again with the current key; `None` when it is sealed with it already.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn reseal(&self, place: Place, sealed: &[u8]) -> Result<Option<Vec<u8>>, VaultError> {
        if sealed.get(1..=KEY_ID) == Some(self.current.id.as_slice()) {
            return Ok(None);
        }
        let plain = self.open(place, sealed)?;
        self.seal(place, &plain).map(Some)
    }

    /// A key for one purpose; learning it tells nothing about the others.
    pub fn derive(&self, purpose: Purpose) -> [u8; 32] {
        self.master.derive(purpose)
    }

    /// What the database keeps to notice a wrong key at the start.
    pub fn fingerprint(&self) -> Fingerprint {
        self.master.fingerprint()
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("earlier_keys", &self.earlier.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ChannelId;

    fn place(column: &'static str) -> Place {
        Place::of(WorkspaceId::new(), ChannelId::new(), column)
    }

    #[test]
    fn opens_only_in_its_place() {
        let vault = Vault::new(MasterKey::generate());
        let here = place("channels.auth_token");
        let sealed = vault.seal(here, b"secret").unwrap();
        assert_eq!(vault.open(here, &sealed).unwrap(), b"secret");
        for elsewhere in [
            Place { workspace: WorkspaceId::new(), ..here },
            Place { owner: Uuid::now_v7(), ..here },
            Place { column: "channels.app_secret", ..here },
        ] {
            assert_eq!(vault.open(elsewhere, &sealed), Err(VaultError::Forged));
        }
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let vault = Vault::new(MasterKey::generate());
        let here = place("channels.auth_token");
        let sealed = vault.seal(here, b"secret").unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(vault.open(here, &changed).is_err(), "byte {at}");
            assert!(vault.open(here, &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_new_key_opens_what_the_old_one_sealed_and_reseals_it() {
        let here = place("channels.auth_token");
        let (old, new) = (MasterKey::generate(), MasterKey::generate());
        let sealed = Vault::new(old.clone()).seal(here, b"secret").unwrap();
        assert_eq!(Vault::new(new.clone()).open(here, &sealed), Err(VaultError::UnknownKey));

        let both = Vault::with_earlier(new.clone(), &[old]);
        let resealed = both.reseal(here, &sealed).unwrap().unwrap();
        assert_eq!(Vault::new(new).open(here, &resealed).unwrap(), b"secret");
        assert_eq!(both.reseal(here, &resealed), Ok(None));
    }
}
