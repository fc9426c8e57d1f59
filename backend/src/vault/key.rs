//! The master key: its text forms, what is derived from it, and the fingerprint by which the database knows it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::Sha256;

/// What a derived key is for. The text goes into the derivation: never change one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Values in the database.
    Sealing,
    /// Signatures of sessions' access tokens.
    AccessTokens,
    /// Signatures of links to media.
    MediaLinks,
    /// The fingerprint that stands in the database.
    Fingerprint,
}

impl Purpose {
    const fn info(self) -> &'static [u8] {
        match self {
            Self::Sealing => b"duplex/v1/sealing",
            Self::AccessTokens => b"duplex/v1/access-tokens",
            Self::MediaLinks => b"duplex/v1/media-links",
            Self::Fingerprint => b"duplex/v1/fingerprint",
        }
    }
}

/// 32 bytes that identify a master key without revealing it.
pub type Fingerprint = [u8; 32];

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a key is 32 bytes, as 64 hexadecimal digits or in base64")]
pub struct BadKey;

/// The one secret from which all keys come: 32 random bytes.
pub struct MasterKey(SecretBox<[u8; 32]>);

impl MasterKey {
    pub fn generate() -> Self {
        Self(SecretBox::new(Box::new(rand::random())))
    }

    /// Reads 64 hexadecimal digits, or base64 in either alphabet with or without padding.
    ///
    /// # Errors
    /// It is neither, or not 32 bytes.
    pub fn parse(text: &SecretString) -> Result<Self, BadKey> {
        let text = text.expose_secret().trim();
        let bytes = hex::decode(text)
            .ok()
            .or_else(|| [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD].iter().find_map(|e| e.decode(text).ok()))
            .ok_or(BadKey)?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| BadKey)?;
        Ok(Self(SecretBox::new(Box::new(bytes))))
    }

    /// In base64, for the file in the data folder.
    pub fn to_text(&self) -> SecretString {
        STANDARD.encode(self.0.expose_secret()).into()
    }

    /// A key for one purpose (HKDF-SHA256).
    pub fn derive(&self, purpose: Purpose) -> [u8; 32] {
        let mut out = [0; 32];
        let expanded = Hkdf::<Sha256>::new(None, self.0.expose_secret()).expand(purpose.info(), &mut out);
        debug_assert!(expanded.is_ok(), "32 bytes are within what HKDF-SHA256 gives");
        out
    }

    pub fn fingerprint(&self) -> Fingerprint {
        self.derive(Purpose::Fingerprint)
    }

    /// The short id that stands in each sealed value.
    pub(super) fn id(&self) -> [u8; 4] {
        let [a, b, c, d, ..] = self.fingerprint();
        [a, b, c, d]
    }
}

impl Clone for MasterKey {
    fn clone(&self) -> Self {
        Self(SecretBox::new(Box::new(*self.0.expose_secret())))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_hex_and_base64() {
        let hex = MasterKey::parse(&"ab".repeat(32).into()).unwrap();
        let base64 = MasterKey::parse(&hex.to_text()).unwrap();
        assert_eq!(hex.fingerprint(), base64.fingerprint());
    }

    #[test]
    fn refuses_what_is_too_short() {
        assert!(MasterKey::parse(&"abcd".to_owned().into()).is_err());
        assert!(MasterKey::parse(&"ab".repeat(31).into()).is_err());
    }

    #[test]
    fn each_purpose_has_its_own_key() {
        let key = MasterKey::generate();
        assert_ne!(key.derive(Purpose::Sealing), key.derive(Purpose::AccessTokens));
        assert_ne!(key.derive(Purpose::Sealing), key.fingerprint());
    }
}
