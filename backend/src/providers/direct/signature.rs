//! `X-Hub-Signature-256` (direct.md §3.2) and `appsecret_proof` (§1.2).

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use crate::providers::account::DirectCredentials;
use crate::providers::webhook::{BadSignature, Verified};

/// Checks the header over the raw bytes with each valid app secret. The old SHA-1 header is no signature here.
///
/// # Errors
/// See [`BadSignature`].
pub fn verify(credentials: &DirectCredentials, header: Option<&str>, body: &[u8]) -> Result<Verified, BadSignature> {
    let header = header.map(str::trim).filter(|text| !text.is_empty()).ok_or(BadSignature::Missing)?;
    let hex_digest = header.strip_prefix("sha256=").ok_or(BadSignature::Malformed)?;
    let mut given = [0; 32];
    hex::decode_to_slice(hex_digest, &mut given).map_err(|_| BadSignature::Malformed)?;

    let holds = |secret: &SecretString| mac(secret, body).is_some_and(|mac| mac.verify_slice(&given).is_ok());
    if holds(&credentials.app_secret) {
        return Ok(Verified { by_secondary: false });
    }
    match &credentials.app_secret_secondary {
        Some(second) if holds(second) => Ok(Verified { by_secondary: true }),
        _ => Err(BadSignature::Mismatch),
    }
}

/// Proves to Meta that the caller knows the app secret besides the token: lower-case hex.
pub fn app_secret_proof(app_secret: &SecretString, token: &SecretString) -> Option<String> {
    mac(app_secret, token.expose_secret().as_bytes()).map(|mac| hex::encode(mac.finalize().into_bytes()))
}

/// `None` for an empty secret: anybody could sign with it.
fn mac(secret: &SecretString, message: &[u8]) -> Option<Hmac<Sha256>> {
    let key = secret.expose_secret().as_bytes();
    if key.is_empty() {
        return None;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(message);
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::super::tests::credentials;
    use super::*;

    const BODY: &str = r#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"x","value":{"t":"Gr\u00fc\u00dfe \/ \ud83d\ude00"}}]}]}"#;
    const SIGNATURE: &str = "sha256=f368c0c87d806d532dfb9d576ccffaa833bd8f53c8cf1084a7b36fdf55c32adf";

    fn check(header: Option<&str>, body: &str) -> Result<Verified, BadSignature> {
        let mut known = credentials();
        known.app_secret = "gateway-test-secret".into();
        verify(&known, header, body.as_bytes())
    }

    #[test]
    fn the_published_vectors_hold() {
        assert_eq!(check(Some(SIGNATURE), BODY), Ok(Verified { by_secondary: false }));
        let proof = app_secret_proof(&"gateway-test-secret".into(), &"EAAGtesttoken".into());
        assert_eq!(proof.as_deref(), Some("c903198a0aefb39f95752f7ab2fa64c725ada58efc936bddfa87df237f7f69dc"));
    }

    #[test]
    fn either_secret_holds_during_rotation() {
        let mut known = credentials();
        known.app_secret_secondary = Some("gateway-test-secret".into());
        assert_eq!(verify(&known, Some(SIGNATURE), BODY.as_bytes()), Ok(Verified { by_secondary: true }));
    }

    #[test]
    fn anything_else_is_refused() {
        assert_eq!(check(None, BODY), Err(BadSignature::Missing));
        assert_eq!(check(Some(""), BODY), Err(BadSignature::Missing));
        assert_eq!(check(Some("sha1=0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c"), BODY), Err(BadSignature::Malformed));
        assert_eq!(check(Some(&SIGNATURE[..60]), BODY), Err(BadSignature::Malformed));
        assert_eq!(check(Some(&SIGNATURE.replace("sha256=", "sha256=zz")), BODY), Err(BadSignature::Malformed));
        assert_eq!(check(Some(SIGNATURE), &BODY.replace("fc", "fd")), Err(BadSignature::Mismatch));
        assert_eq!(verify(&credentials(), Some(SIGNATURE), BODY.as_bytes()), Err(BadSignature::Mismatch));
    }

    #[test]
    fn an_empty_secret_signs_nothing() {
        let mut known = credentials();
        known.app_secret = "".into();
        known.app_secret_secondary = Some("".into());
        let forged = Hmac::<Sha256>::new_from_slice(b"").unwrap().chain_update(BODY).finalize().into_bytes();
        let header = format!("sha256={}", hex::encode(forged));
        assert_eq!(verify(&known, Some(&header), BODY.as_bytes()), Err(BadSignature::Mismatch));
    }
}
