//! Media in what people send (direct.md §2.6, §3.6).

use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

use crate::domain::inbound::InboundMedia;
use crate::domain::media::InboundMediaSource;

use super::members::{is_true, owned, text};

/// What the message shows of a medium, and where its bytes are.
pub(super) fn read(object: &Value) -> (InboundMedia, Option<InboundMediaSource>) {
    let mime_type = owned(object, "mime_type").unwrap_or_else(|| "application/octet-stream".to_owned());
    let filename = owned(object, "filename");
    let medium = InboundMedia {
        media_id: None,
        mime_type,
        caption: owned(object, "caption"),
        filename,
        voice: is_true(object, "voice"),
        animated: is_true(object, "animated"),
    };
    let reference = InboundMediaSource {
        provider_media_id: owned(object, "id"),
        url: owned(object, "url"),
        sha256: text(object, "sha256").and_then(sha256),
    };
    let found = reference.provider_media_id.is_some() || reference.url.is_some();
    (medium, found.then_some(reference))
}

/// Webhooks give it in base64, answers in hex; which stands where is not settled, so both are read (direct.md §7).
fn sha256(text: &str) -> Option<[u8; 32]> {
    let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let bytes = match text.len() {
        64 => hex::decode(text).ok(),
        _ => GeneralPurpose::new(&ALPHABET, lenient).decode(text).ok(),
    };
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_read_in_either_form() {
        let hex = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        let expected: [u8; 32] = hex::decode(hex).unwrap().try_into().unwrap();
        for text in [
            hex,
            &hex.to_uppercase(),
            "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
            "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg",
        ] {
            assert_eq!(sha256(text), Some(expected), "{text}");
        }
        for text in ["", "n4bQ", "zz86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"] {
            assert_eq!(sha256(text), None, "{text}");
        }
    }
}
