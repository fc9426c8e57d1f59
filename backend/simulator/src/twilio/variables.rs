//! Variables of contents: `{{1}}` to `{{100}}`, one row of numbers over all parts (twilio.md §2.4, §8.4).

use serde_json::{Map, Value};

/// The variables of a text, in the order in which they stand, repeated ones too.
pub(super) fn names(text: &str) -> Vec<&str> {
    let pieces = text.split("{{").skip(1).filter_map(|piece| piece.split_once("}}"));
    pieces.map(|(name, _)| name.trim()).collect()
}

/// The variables in all texts of a definition.
pub(super) fn names_within(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => names(text).into_iter().map(str::to_owned).collect(),
        Value::Array(items) => items.iter().flat_map(names_within).collect(),
        Value::Object(members) => members.values().flat_map(names_within).collect(),
        _ => Vec::new(),
    }
}

/// A definition with values in the place of its variables.
pub(super) fn filled(value: &Value, values: &Map<String, Value>) -> Value {
    match value {
        Value::String(text) => Value::String(filled_text(text, values)),
        Value::Array(items) => items.iter().map(|item| filled(item, values)).collect(),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, member)| (name.clone(), filled(member, values))).collect())
        }
        other => other.clone(),
    }
}

/// One pass, so that a value that looks like a variable stays as it is.
fn filled_text(text: &str, values: &Map<String, Value>) -> String {
    let mut pieces = text.split("{{");
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let known = piece.split_once("}}").and_then(|(name, rest)| Some((values.get(name.trim())?.as_str()?, rest)));
        match known {
            Some((value, rest)) => filled.extend([value, rest]),
            None => filled.extend(["{{", piece]),
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_take_the_place_of_variables_everywhere_and_once() {
        let definition = json!({ "body": "Hi {{1}}, {{2}} and {{9}}", "actions": [{ "title": "{{ 2 }}" }] });
        let Value::Object(values) = json!({ "1": "{{2}}", "2": "Ada" }) else { return };
        let expected = json!({ "body": "Hi {{2}}, Ada and {{9}}", "actions": [{ "title": "Ada" }] });
        assert_eq!(filled(&definition, &values), expected);
        assert_eq!(names_within(&definition), ["2", "1", "2", "9"]);
    }
}
