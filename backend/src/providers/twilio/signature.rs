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

use crate::domain::standing::WebhookRefusal;
use crate::providers::account::TwilioCredentials;
use crate::providers::webhook::{BadSignature, RawWebhook, Unverified, Verified};

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

/// Addresses tried at most when a refusal is explained.
const MOST_ADDRESSES: usize = 24;
/// Longest body for which that is done, in bytes.
const LONGEST_EXPLAINED: usize = 64 * 1024;

/// Why a webhook does not pass: looks whether it was signed for another address. What holds for another address is still
/// refused; it only tells which setting is wrong (twilio.md §4.3).
pub fn explain(credentials: &TwilioCredentials, raw: &RawWebhook, heard: &[String]) -> Unverified {
    let refusal = verify(credentials, raw).err().unwrap_or(BadSignature::Mismatch);
    if refusal == BadSignature::Mismatch && raw.body.len() <= LONGEST_EXPLAINED {
        for url in other_addresses(&raw.url, heard).into_iter().take(MOST_ADDRESSES) {
            let other = RawWebhook { url, ..raw.clone() };
            if verify(credentials, &other).is_ok() {
                let shown = other.url.split('?').next().map(str::to_owned);
                return Unverified { refusal: WebhookRefusal::HostRewritten, signed_url: shown };
            }
        }
    }
    Unverified::plain(refusal)
}

/// The same request under the other scheme, the hosts that it names, and with what proxies do to paths.
fn other_addresses(url: &str, heard: &[String]) -> Vec<String> {
    let Some((_, rest)) = url.split_once("://") else { return Vec::new() };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (own, target) = rest.split_at(end);
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    // Without a prefix that the proxy or the setting has put in front, and with the other end.
    let bare = path.find("/hooks/").and_then(|at| path.get(at..)).unwrap_or(path);
    let ended = path.strip_suffix('/').map_or_else(|| format!("{path}/"), str::to_owned);
    let mut addresses = Vec::new();
    for path in [path, bare, &ended] {
        for host in std::iter::once(own).chain(heard.iter().map(String::as_str)) {
            for scheme in ["https", "http"] {
                let query = query.map(|query| format!("?{query}")).unwrap_or_default();
                let address = format!("{scheme}://{host}{path}{query}");
                if address != url && !addresses.contains(&address) {
                    addresses.push(address);
                }
            }
        }
    }
    addresses
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
    fn a_refusal_is_explained_by_the_address_that_was_signed() {
        let mut known = super::super::tests::credentials();
        known.auth_token = "5f1d7a84db34e9b2c6a0f3e85e9d1c47".into();
        let sign = |url: &str| {
            let key = known.auth_token.expose_secret().as_bytes();
            let mac = Hmac::<Sha1>::new_from_slice(key).unwrap().chain_update(url).chain_update("Bodyhi").finalize();
            STANDARD.encode(mac.into_bytes())
        };
        let heard = ["outside.example".to_owned()];
        let received = |signed: &str| RawWebhook {
            url: "https://inside.example/base/hooks/twilio/1?x=%7E".to_owned(),
            signature: Some(sign(signed)),
            body: b"Body=hi".to_vec(),
        };
        for signed in [
            "https://outside.example/base/hooks/twilio/1?x=%7E",
            "http://outside.example/base/hooks/twilio/1?x=%7E",
            "http://inside.example/base/hooks/twilio/1?x=%7E",
            "https://outside.example/hooks/twilio/1?x=%7E",
            "https://inside.example/base/hooks/twilio/1/?x=%7E",
        ] {
            let told = explain(&known, &received(signed), &heard);
            let shown = signed.split('?').next().map(str::to_owned);
            assert_eq!(told, Unverified { refusal: WebhookRefusal::HostRewritten, signed_url: shown });
            assert_eq!(verify(&known, &received(signed)), Err(BadSignature::Mismatch), "it stays refused");
        }
        let other = explain(&known, &received("https://somewhere.example/hooks/twilio/1"), &heard);
        assert_eq!(other, Unverified { refusal: WebhookRefusal::WrongSecret, signed_url: None });
    }

    #[test]
    fn an_empty_token_signs_nothing() {
        let mac = Hmac::<Sha1>::new_from_slice(b"").unwrap().chain_update("https://a.example/").finalize().into_bytes();
        assert!(!matches(&"".into(), "https://a.example/", &mac));
    }
}
