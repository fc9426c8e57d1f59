//! `X-Twilio-Signature` (twilio.md §4.1, §4.2).

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use url::form_urlencoded;

use crate::providers::account::TwilioCredentials;
use crate::providers::webhook::{BadSignature, RawWebhook, Verified};

/// The name that marks a body which is signed by its hash in the URL.
const BODY_HASH: &str = "bodySHA256";

/// Checks the signature with each valid auth token, over the URL with and without its port: Twilio is inconsistent there.
///
/// # Errors
/// See [`BadSignature`].
pub fn verify(credentials: &TwilioCredentials, raw: &RawWebhook) -> Result<Verified, BadSignature> {
    let header = raw.signature.as_deref().filter(|text| !text.is_empty()).ok_or(BadSignature::Missing)?;
    let given = STANDARD.decode(header).map_err(|_| BadSignature::Malformed)?;
    if given.len() != 20 {
        return Err(BadSignature::Malformed);
    }
    let url = raw.url.split('#').next().unwrap_or_default();
    let parameters = match body_hash(url) {
        // Never falls back to the form rule, or a forged body could choose the weaker check.
        Some(hash) if hash_matches(&hash, &raw.body) => String::new(),
        Some(_) => return Err(BadSignature::Mismatch),
        None => sorted_parameters(&raw.body),
    };
    let signed: Vec<String> = forms(url).into_iter().map(|url| url + &parameters).collect();

    let holds = |token: &SecretString| signed.iter().any(|text| matches(token, text, &given));
    if holds(&credentials.auth_token) {
        return Ok(Verified { by_secondary: false });
    }
    match &credentials.auth_token_secondary {
        Some(second) if holds(second) => Ok(Verified { by_secondary: true }),
        _ => Err(BadSignature::Mismatch),
    }
}

fn matches(token: &SecretString, text: &str, given: &[u8]) -> bool {
    let key = token.expose_secret().as_bytes();
    // Anybody could sign with an empty key.
    if key.is_empty() {
        return false;
    }
    Hmac::<Sha1>::new_from_slice(key).is_ok_and(|mac| mac.chain_update(text).verify_slice(given).is_ok())
}

fn body_hash(url: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == BODY_HASH).map(|(_, value)| value.into_owned())
}

fn hash_matches(hash: &str, body: &[u8]) -> bool {
    hex::encode(Sha256::digest(body)).as_bytes().ct_eq(hash.as_bytes()).into()
}

/// Each distinct name with each of its distinct values, both in ascending byte order, with nothing between.
fn sorted_parameters(body: &[u8]) -> String {
    let mut sorted: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(body) {
        sorted.entry(name).or_default().insert(value);
    }
    let mut text = String::with_capacity(body.len());
    for (name, values) in &sorted {
        for value in values {
            text.push_str(name);
            text.push_str(value);
        }
    }
    text
}

/// The URL as received, then with its port taken away or its scheme's port added. Nothing else is touched: re-encoding
/// would change what was signed.
fn forms(url: &str) -> Vec<String> {
    let mut forms = vec![url.to_owned()];
    let Some((scheme, rest)) = url.split_once("://") else { return forms };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let port = authority.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    match port {
        Some((host, _)) => forms.push(format!("{scheme}://{host}{tail}")),
        None => {
            let port = if scheme == "http" { 80 } else { 443 };
            forms.push(format!("{scheme}://{authority}:{port}{tail}"));
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_come_and_go_without_touching_the_rest() {
        assert_eq!(forms("https://a.example/x?y=%7E")[1], "https://a.example:443/x?y=%7E");
        assert_eq!(forms("https://a.example:8443/x")[1], "https://a.example/x");
        assert_eq!(forms("http://a.example?x=1:2")[1], "http://a.example:80?x=1:2");
        assert_eq!(forms("http://[::1]/x")[1], "http://[::1]:80/x");
        assert_eq!(forms("nonsense"), ["nonsense"]);
    }

    #[test]
    fn an_empty_token_signs_nothing() {
        let mac = Hmac::<Sha1>::new_from_slice(b"").unwrap().chain_update("https://a.example/").finalize().into_bytes();
        assert!(!matches(&"".into(), "https://a.example/", &mac));
    }
}
