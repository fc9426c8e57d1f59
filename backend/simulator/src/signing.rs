//! Signatures and proofs of both providers, computed from their descriptions.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// Value of `X-Hub-Signature-256`: `sha256=` and the lower-case hex HMAC-SHA256 of the raw body (direct.md §3.2).
pub(crate) fn hub_signature(app_secret: &str, body: &[u8]) -> String {
    format!("sha256={}", hmac_sha256_hex(app_secret.as_bytes(), body))
}

/// Whether `proof` is the `appsecret_proof` of this token: HMAC-SHA256 keyed with the app secret (direct.md §1.2).
pub(crate) fn proof_matches(app_secret: &str, access_token: &str, proof: &str) -> bool {
    same(&hmac_sha256_hex(app_secret.as_bytes(), access_token.as_bytes()), proof)
}

/// Value of `X-Twilio-Signature` for a form post (twilio.md §4.1). `url` is the URL as requested, without fragment.
pub(crate) fn twilio_signature(auth_token: &str, url: &str, params: &[(String, String)]) -> String {
    let mut sorted: Vec<(&str, &str)> = params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    sorted.sort_unstable();
    sorted.dedup();
    let mut mac = hmac_sha1(auth_token.as_bytes());
    mac.update(url.as_bytes());
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Serialises as Meta does: ASCII only, everything else as lower-case `\u` escapes, so that the signed bytes are ASCII (direct.md §3.2).
pub(crate) fn ascii_json(value: &serde_json::Value) -> String {
    let text = value.to_string();
    if text.is_ascii() {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 32);
    let mut units = [0_u16; 2];
    for c in text.chars() {
        // Non-ASCII characters occur inside JSON strings only, so escaping them one by one keeps the meaning.
        if c.is_ascii() {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

/// Compares secrets without telling by the time taken how much of them agrees.
pub(crate) fn same(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

fn hmac_sha256_hex(key: &[u8], message: &[u8]) -> String {
    match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mut mac) => {
            mac.update(message);
            hex::encode(mac.finalize().into_bytes())
        }
        // HMAC takes keys of any length.
        Err(_) => String::new(),
    }
}

fn hmac_sha1(key: &[u8]) -> Hmac<Sha1> {
    // HMAC takes keys of any length; the fallback only satisfies the signature of `new_from_slice`.
    Hmac::<Sha1>::new_from_slice(key).unwrap_or_else(|_| Hmac::<Sha1>::new(&Default::default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIRECT_SECRET: &str = "gateway-test-secret";
    const TWILIO_TOKEN: &str = "5f1d7a84db34e9b2c6a0f3e85e9d1c47";
    const INBOUND_URL: &str = "https://gw.example.com/hooks/twilio/inbound";

    fn inbound_params(more: &[(&str, &str)]) -> Vec<(String, String)> {
        [
            ("SmsMessageSid", "SM00000000000000000000000000000001"),
            ("NumMedia", "0"),
            ("ProfileName", "Ada"),
            ("MessageType", "text"),
            ("SmsSid", "SM00000000000000000000000000000001"),
            ("WaId", "15551230001"),
            ("SmsStatus", "received"),
            ("Body", "Is my order ready?"),
            ("To", "whatsapp:+15559870000"),
            ("NumSegments", "1"),
            ("ReferralNumMedia", "0"),
            ("MessageSid", "SM00000000000000000000000000000001"),
            ("AccountSid", "AC0123456789abcdef0123456789abcdef"),
            ("ChannelMetadata", r#"{"type":"whatsapp","data":{"context":{"ProfileName":"Ada","WaId":"15551230001"}}}"#),
            ("From", "whatsapp:+15551230001"),
            ("ApiVersion", "2010-04-01"),
        ]
        .iter()
        .chain(more)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
    }

    #[test]
    fn hub_signature_matches_the_reference_vector() {
        let body = concat!(
            r#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"x","value":{"t":"Gr\u00fc\u00dfe \/ "#,
            r#"\ud83d\ude00"}}]}]}"#
        );
        assert_eq!(
            hub_signature(DIRECT_SECRET, body.as_bytes()),
            "sha256=f368c0c87d806d532dfb9d576ccffaa833bd8f53c8cf1084a7b36fdf55c32adf"
        );
    }

    #[test]
    fn proof_matches_the_reference_vector() {
        let proof = "c903198a0aefb39f95752f7ab2fa64c725ada58efc936bddfa87df237f7f69dc";
        assert!(proof_matches(DIRECT_SECRET, "EAAGtesttoken", proof));
        assert!(!proof_matches(DIRECT_SECRET, "EAAGother", proof));
    }

    #[test]
    fn bodies_are_ascii_with_lower_case_escapes() {
        let body = ascii_json(&serde_json::json!({ "t": "Grüße 😀 \"x\"" }));
        assert_eq!(body, r#"{"t":"Gr\u00fc\u00dfe \ud83d\ude00 \"x\""}"#);
        let read: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
        assert_eq!(read, serde_json::json!({ "t": "Grüße 😀 \"x\"" }));
    }

    #[test]
    fn twilio_signatures_match_the_reference_vectors() {
        assert_eq!(twilio_signature(TWILIO_TOKEN, INBOUND_URL, &[]), "jyAck8/dBGMcV5FvO9XfG0Kg3Wg=");
        assert_eq!(twilio_signature(TWILIO_TOKEN, INBOUND_URL, &inbound_params(&[])), "bsyNbgzOxKSGzznWxfzUKp/V6do=");
        let url = "https://gw.example.com/hooks/twilio/inbound?tenant=acme%20ltd&line=42&q=a%2Bb";
        assert_eq!(twilio_signature(TWILIO_TOKEN, url, &inbound_params(&[])), "pd6rmi+YIHDpwy+9LWGxsZizst0=");
        let repeated = inbound_params(&[("Tag", "zebra"), ("Tag", "apple"), ("Tag", "zebra")]);
        assert_eq!(twilio_signature(TWILIO_TOKEN, INBOUND_URL, &repeated), "30vD5wDn/Mpy272pDV27bcytYiY=");
        let blanks = inbound_params(&[("Tag", "é"), ("Tag", ""), ("Tag", "b")]);
        assert_eq!(twilio_signature(TWILIO_TOKEN, INBOUND_URL, &blanks), "pOyI/67S5bZKLZF3oHk2z6Ofs0g=");
        // JSON is signed by its hash in the URL: here that of `{}`.
        let hash = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        let url = format!("https://gw.example.com/hooks/twilio/events?bodySHA256={hash}");
        assert_eq!(twilio_signature(TWILIO_TOKEN, &url, &[]), "qBWOb0kte59dc6vgA+u8052rNMs=");
    }
}
