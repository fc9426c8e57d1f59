//! `openapi/openapi.json` is what the program serves, and complete enough to be read without the source.

use std::process::Command;

use serde_json::Value;

use super::sources::top;

/// Response fields whose names sound like secrets and that are none, or are shown once by design.
const NO_SECRETS: &[(&str, &str)] = &[
    ("CreatedApiKey.secret", "the new key, shown this one time"),
    ("SavedAlertEndpoint.secret", "the new secret, shown this one time"),
    ("CreatedWebhookEndpoint.secret", "the new secret, shown this one time"),
    ("WebhookEndpointView.secret_ends_with", "its last four characters, to tell which one is in use"),
    ("WebhookEndpointView.previous_secret_until", "until when the one before holds, not what it is"),
    ("List_WebhookEndpointView.secret_ends_with", "the same"),
    ("List_WebhookEndpointView.previous_secret_until", "the same"),
    ("ChannelFactsView.token_expires_at", "when the access token ends, not what it is"),
    ("FlowLimits.max_token_chars", "how long a flow's mark may be"),
    ("SupportedApp.signature_hash", "public in the app's own package; names the app that a code is filled into"),
    ("WebhookSetup.verify_token", "to be copied into Meta's console; only for those who may change channels"),
    ("ButtonAction.flow_token", "the caller's own mark of a flow, which comes back in the answer"),
    ("FlowContent.flow_token", "the same"),
    ("FlowReply.flow_token", "the same"),
    ("PhoneButton.flow_token", "the same"),
];

/// Parts of names that only secrets have.
const SECRET_WORDS: &[&str] = &["secret", "token", "password", "hash", "credential", "private"];

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn committed() -> Value {
    let path = top().join("openapi/openapi.json");
    let text = std::fs::read_to_string(&path).expect("openapi/openapi.json is there; make openapi writes it");
    serde_json::from_str(&text).expect("openapi/openapi.json is JSON")
}

/// Every operation as ("GET /api/v1/…", its description).
fn operations(api: &Value) -> Vec<(String, &Value)> {
    let paths = api["paths"].as_object().expect("paths");
    let found: Vec<_> = paths
        .iter()
        .flat_map(|(path, item)| {
            METHODS.iter().filter_map(move |method| {
                item.get(method).map(|operation| (format!("{} {path}", method.to_uppercase()), operation))
            })
        })
        .collect();
    assert!(!found.is_empty(), "the API has operations");
    found
}

fn resolve<'a>(api: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => {
            api.pointer(reference.trim_start_matches('#')).unwrap_or_else(|| panic!("{reference} is defined"))
        }
        None => schema,
    }
}

#[test]
fn the_committed_description_is_current() {
    let made = Command::new(env!("CARGO_BIN_EXE_duplex")).arg("openapi").output().expect("duplex openapi runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let made: Value = serde_json::from_slice(&made.stdout).expect("duplex openapi prints JSON");
    assert!(made == committed(), "openapi/openapi.json is out of date: make openapi");
}

fn has_example(place: &Value) -> bool {
    ["example", "examples", "default", "enum", "const"].iter().any(|word| place.get(word).is_some())
}

/// A schema from which an example can be put together: it has one, or its parts do.
fn is_exemplified(api: &Value, schema: &Value) -> bool {
    let schema = resolve(api, schema);
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema["properties"].as_object();
    let needed = || required.iter().all(|name| is_exemplified(api, &schema["properties"][name]));
    let optional = || properties.is_some_and(|all| all.values().any(|property| is_exemplified(api, property)));
    let variants = schema["oneOf"].as_array();
    has_example(schema)
        || (properties.is_some() && if required.is_empty() { optional() } else { needed() })
        || (schema["items"].is_object() && is_exemplified(api, &schema["items"]))
        || variants.is_some_and(|all| all.iter().any(|variant| is_exemplified(api, variant)))
}

#[test]
fn every_operation_is_described() {
    let api = committed();
    let mut wrong = Vec::new();
    for (name, operation) in operations(&api) {
        for field in ["operationId", "summary"] {
            if operation[field].as_str().is_none_or(|text| text.trim().is_empty()) {
                wrong.push(format!("{name}: no {field}"));
            }
        }
        if operation["tags"].as_array().is_none_or(Vec::is_empty) {
            wrong.push(format!("{name}: no tags"));
        }
        let responses = operation["responses"].as_object().cloned().unwrap_or_default();
        if !responses.keys().any(|status| status.starts_with('4') || status.starts_with('5')) {
            wrong.push(format!("{name}: no error response"));
        }
        for (kind, body) in resolve(&api, &operation["requestBody"])["content"].as_object().into_iter().flatten() {
            if !has_example(body) && !is_exemplified(&api, &body["schema"]) {
                wrong.push(format!("{name}: no example of its {kind} body"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn operation_ids_are_unique() {
    let api = committed();
    let mut ids: Vec<_> = operations(&api).iter().map(|(_, operation)| operation["operationId"].to_string()).collect();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

/// The view of a secret that tells only whether it is set and how it ends.
const MASKED: &str = "#/components/schemas/SecretView";

fn is_masked(property: &Value) -> bool {
    property["$ref"] == MASKED
        || ["allOf", "oneOf"].iter().any(|part| property[part].as_array().is_some_and(|all| all.iter().any(is_masked)))
}

/// Collects "Schema.field" for everything a schema can show, through references.
fn fields(api: &Value, schema: &Value, owner: &str, seen: &mut Vec<String>, found: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        if seen.iter().any(|known| known == reference) {
            return;
        }
        seen.push(reference.to_owned());
        let name = reference.rsplit('/').next().unwrap_or_default();
        return fields(api, resolve(api, schema), name, seen, found);
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if !is_masked(property) {
            found.push(format!("{owner}.{name}"));
        }
        fields(api, property, owner, seen, found);
    }
    for part in ["allOf", "anyOf", "oneOf"] {
        for schema in schema[part].as_array().into_iter().flatten() {
            fields(api, schema, owner, seen, found);
        }
    }
    for part in ["items", "additionalProperties"] {
        if schema[part].is_object() {
            fields(api, &schema[part], owner, seen, found);
        }
    }
}

#[test]
fn no_response_shows_a_secret() {
    let api = committed();
    let mut shown = Vec::new();
    for (name, operation) in operations(&api) {
        for response in operation["responses"].as_object().into_iter().flat_map(|responses| responses.values()) {
            for body in resolve(&api, response)["content"].as_object().into_iter().flat_map(|content| content.values())
            {
                fields(&api, &body["schema"], &name, &mut Vec::new(), &mut shown);
            }
        }
    }
    shown.sort();
    shown.dedup();
    assert!(shown.len() > 20, "the responses were read");
    let secrets: Vec<_> = shown
        .iter()
        .filter(|field| {
            let name = field.rsplit('.').next().unwrap_or_default().to_lowercase();
            SECRET_WORDS.iter().any(|word| name.contains(word)) && !NO_SECRETS.iter().any(|(known, _)| known == field)
        })
        .collect();
    assert!(secrets.is_empty(), "these look like secrets: {secrets:?}");
}
