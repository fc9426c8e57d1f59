//! Webhooks as Meta signs them (direct.md §3.2).

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The `X-Hub-Signature-256` of a body.
pub fn hub_signature(app_secret: &str, body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(app_secret.as_bytes()).unwrap().chain_update(body).finalize();
    format!("sha256={}", hex::encode(mac.into_bytes()))
}
