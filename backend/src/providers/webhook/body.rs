//! Reading the JSON that providers send. People type what they like, and one bad character in one message must not cost the
//! hundreds of others that came in the same body.

use serde_json::{Map, Value};

use super::ParseError;

/// What stands in place of what can't be kept.
const REPLACEMENT: &str = "\u{fffd}";

/// Reads JSON, with its bad characters mended: halves of surrogate pairs and bytes that are no UTF-8 become U+FFFD, numbers
/// that no type holds become null, and U+0000, which PostgreSQL keeps in no text, is left out.
///
/// # Errors
/// It is no JSON even so.
pub fn read_json(body: &[u8]) -> Result<Value, ParseError> {
    let read = serde_json::from_slice(body).or_else(|_| serde_json::from_str(&mended(&String::from_utf8_lossy(body))));
    let value = read.map_err(|error: serde_json::Error| ParseError::Format(error.to_string()))?;
    // It can only come as an escape: JSON has no bare control characters.
    Ok(if body.windows(NUL.len()).any(|window| window == NUL) { without_nul(value) } else { value })
}

const NUL: &[u8] = b"\\u0000";

/// The text without U+0000.
pub fn text_without_nul(text: &str) -> String {
    text.replace('\0', "")
}

fn without_nul(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(text_without_nul(&text)),
        Value::Array(items) => items.into_iter().map(without_nul).collect(),
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, value)| (text_without_nul(&name), without_nul(value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        other => other,
    }
}

fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut quoted = false;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '"' => {
                quoted = !quoted;
                out.push('"');
                1
            }
            '\\' if quoted => escape(rest, &mut out),
            '-' | '0'..='9' if !quoted => number(rest, &mut out),
            other => {
                out.push(other);
                other.len_utf8()
            }
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    out
}

/// Copies the escape that the text begins with, a surrogate pair as a whole. Returns how many bytes it had.
fn escape(text: &str, out: &mut String) -> usize {
    const HIGH: std::ops::RangeInclusive<u16> = 0xd800..=0xdbff;
    const LOW: std::ops::RangeInclusive<u16> = 0xdc00..=0xdfff;
    let length = match unit(text) {
        Some(code) if HIGH.contains(&code) => match text.get(UNIT..).and_then(unit) {
            Some(second) if LOW.contains(&second) => 2 * UNIT,
            _ => 0,
        },
        Some(code) if LOW.contains(&code) => 0,
        Some(_) => UNIT,
        None => 1 + text.chars().nth(1).map_or(0, char::len_utf8),
    };
    if length == 0 {
        out.push_str(REPLACEMENT);
        return UNIT;
    }
    out.push_str(text.get(..length).unwrap_or_default());
    length
}

/// Bytes of an escape such as `\u00e9`.
const UNIT: usize = 6;

/// The UTF-16 unit of the escape that the text begins with.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

/// Copies the number that the text begins with, if a type holds it. Returns how many bytes it had.
fn number(text: &str, out: &mut String) -> usize {
    let length = text.find(|c: char| !matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E')).unwrap_or(text.len());
    let digits = text.get(..length).unwrap_or_default();
    let overflows = digits.parse().is_ok_and(|value: f64| value.is_infinite());
    out.push_str(if overflows { "null" } else { digits });
    length
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Value {
        read_json(text.as_bytes()).unwrap()
    }

    #[test]
    fn halves_of_pairs_are_replaced_and_whole_ones_stay() {
        assert_eq!(
            read(r#"["a\ud83d", "\udc4d b", "\ud83d\ud83d\udc4d"]"#),
            json!(["a\u{fffd}", "\u{fffd} b", "\u{fffd}👍"])
        );
        assert_eq!(read(r#"["\ud83d", "\\ud83d", "\"\u00e9\n"]"#), json!(["\u{fffd}", "\\ud83d", "\"é\n"]));
        assert_eq!(read_json(b"[\"\xff\"]").unwrap(), json!(["\u{fffd}"]));
    }

    #[test]
    fn numbers_without_a_type_are_nothing() {
        assert_eq!(
            read(r#"{"a":1e999,"b":-1e999,"c":-1.5e3,"d":"1e999"}"#),
            json!({"a":null,"b":null,"c":-1500.0,"d":"1e999"})
        );
    }

    #[test]
    fn no_text_keeps_a_zero() {
        assert_eq!(read(r#"{"a\u0000":["b\u0000c","\ud83d\u0000"]}"#), json!({"a":["bc","\u{fffd}"]}));
        assert_eq!(read(r#"["\\u0000"]"#), json!(["\\u0000"]));
    }

    #[test]
    fn what_is_no_json_stays_none() {
        for text in ["", "{", r#"{"a":"\"#, r#"{"a":"\u12"}"#, "[1e999", "[\"\\"] {
            assert!(read_json(text.as_bytes()).is_err(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn sound_json_is_read_as_it_is(texts in proptest::collection::vec("[^\\x00]{0,12}", 0..4), numbers in proptest::collection::vec(proptest::num::i64::ANY, 0..4)) {
            let value = json!({ "texts": texts, "numbers": numbers });
            proptest::prop_assert_eq!(&read_json(value.to_string().as_bytes()).unwrap(), &value);
            let mended: Value = serde_json::from_str(&mended(&value.to_string())).unwrap();
            proptest::prop_assert_eq!(&mended, &value);
        }
    }
}
