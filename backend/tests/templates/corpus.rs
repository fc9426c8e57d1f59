//! Each definition of `corpus/` in both providers' forms and back: nothing is lost but what its file names.

use std::collections::BTreeSet;
use std::path::PathBuf;

use duplex::domain::provider::ProviderKind;
use duplex::domain::template_definition::{TemplateCategory, TemplateDefinition};
use duplex::providers::direct::templates::import::import as import_direct;
use duplex::providers::templates::{Imported, Lost, SampleAddresses, compile, rules};
use duplex::providers::twilio::templates::import::import as import_twilio;
use serde::Deserialize;
use serde_json::Value;

/// Fewest definitions that cover every component.
const FEWEST: usize = 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    definition: TemplateDefinition,
    direct: Expected,
    twilio: Expected,
}

/// What a provider makes of a definition.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// The Content's type, at Twilio.
    #[serde(rename = "type")]
    kind: Option<String>,
    lost: Vec<ExpectedLoss>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
struct ExpectedLoss {
    feature: String,
    #[serde(rename = "where")]
    place: String,
    blocks: bool,
}

fn corpus() -> Vec<(String, Case)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/templates/corpus");
    let mut cases: Vec<(String, Case)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let case = serde_json::from_str(&std::fs::read_to_string(&path).unwrap());
            (name.clone(), case.unwrap_or_else(|error| panic!("{name}: {error}")))
        })
        .collect();
    cases.sort_by(|one, other| one.0.cmp(&other.0));
    cases
}

fn sorted(lost: &[Lost]) -> Vec<ExpectedLoss> {
    let read = |lost: &Lost| {
        assert!(lost.why.ends_with('.') && lost.why.len() > 20, "a loss is explained: {lost:?}");
        ExpectedLoss { feature: lost.feature.to_string(), place: lost.place.clone(), blocks: lost.blocks }
    };
    let mut shown: Vec<ExpectedLoss> = lost.iter().map(read).collect();
    shown.sort();
    shown
}

fn expected(of: &Expected) -> Vec<ExpectedLoss> {
    let mut lost = of.lost.clone();
    lost.sort();
    lost
}

fn imported(provider: ProviderKind, request: &Value, category: TemplateCategory) -> Imported {
    let read = match provider {
        ProviderKind::Direct => import_direct(request),
        ProviderKind::Twilio => import_twilio(request, request["friendly_name"].as_str().unwrap(), category),
    };
    read.unwrap_or_else(|unreadable| panic!("{unreadable:?}: {request:#}"))
}

/// There and back: the provider's form is the same again, and the definition too where nothing was lost.
fn there_and_back(name: &str, provider: ProviderKind, case: &Case, wanted: &Expected) {
    let none = SampleAddresses::new();
    let first = compile(provider, &case.definition, &none);
    assert_eq!(sorted(&first.lost), expected(wanted), "{name} at {provider}");
    if let Some(kind) = &wanted.kind {
        let types: Vec<&String> = first.request["types"].as_object().unwrap().keys().collect();
        assert_eq!(types, [kind], "{name}");
    }
    if !first.is_whole() {
        return;
    }
    let back = imported(provider, &first.request, case.definition.category);
    assert_eq!(back.lost, [], "{name} at {provider}: what the gateway wrote holds nothing unknown");
    assert_eq!(back.slots, first.slots, "{name} at {provider}");
    let second = compile(provider, &back.definition, &none);
    assert_eq!(second.request, first.request, "{name} at {provider}");
    if first.lost.iter().all(|lost| lost.feature == duplex::providers::templates::LostFeature::MediaHost) {
        assert_eq!(back.definition, case.definition, "{name} at {provider}");
    }
}

#[test]
fn the_corpus_goes_there_and_back() {
    let cases = corpus();
    assert!(cases.len() >= FEWEST, "{} definitions", cases.len());
    for (name, case) in &cases {
        assert_eq!(&case.definition.name, name);
        assert_eq!(rules::violations(&case.definition), [], "{name}");
        there_and_back(name, ProviderKind::Direct, case, &case.direct);
        there_and_back(name, ProviderKind::Twilio, case, &case.twilio);
        let written = serde_json::to_value(&case.definition).unwrap();
        assert_eq!(serde_json::from_value::<TemplateDefinition>(written).unwrap(), case.definition, "{name}");
    }
}

#[test]
fn the_corpus_has_every_component() {
    let mut seen = BTreeSet::new();
    for (_, case) in corpus() {
        let definition = &case.definition;
        seen.insert(definition.category.to_string());
        seen.insert(definition.parameter_format.to_string());
        seen.extend(definition.header.iter().map(|header| format!("header {}", header.kind())));
        seen.extend(definition.buttons.iter().map(|button| format!("button {}", button.kind())));
        seen.extend(definition.otp().map(|(_, otp)| format!("otp {}", otp.otp_type)));
        for (part, given) in [
            ("footer", definition.footer.is_some()),
            ("offer", definition.limited_time_offer.is_some()),
            ("cards", !definition.cards.is_empty()),
            ("authentication", definition.authentication.is_some()),
            ("ttl", definition.message_send_ttl_seconds.is_some()),
        ] {
            if given {
                seen.insert(part.to_owned());
            }
        }
        seen.extend(definition.cards.iter().map(|card| format!("card {}", card.header.kind())));
    }
    let wanted = [
        "marketing",
        "utility",
        "authentication",
        "positional",
        "named",
        "header text",
        "header image",
        "header video",
        "header document",
        "header location",
        "header product",
        "button quick_reply",
        "button url",
        "button phone_number",
        "button copy_code",
        "button flow",
        "button catalog",
        "button mpm",
        "button spm",
        "button otp",
        "button voice_call",
        "button request_contact_info",
        "otp copy_code",
        "otp one_tap",
        "otp zero_tap",
        "footer",
        "offer",
        "cards",
        "ttl",
        "card image",
        "card video",
        "card product",
    ];
    let missing: Vec<&&str> = wanted.iter().filter(|part| !seen.contains(**part)).collect();
    assert!(missing.is_empty(), "no definition of the corpus has: {missing:?}");
}

/// The examples of direct.md §2.8 are what is written.
#[test]
fn the_wire_is_as_the_reference_shows_it() {
    let of = |name: &str, provider| {
        let (_, case) = corpus().into_iter().find(|(known, _)| known == name).unwrap();
        compile(provider, &case.definition, &SampleAddresses::new()).request
    };
    let login = serde_json::json!({
        "name": "login_one_tap", "language": "en_US", "category": "AUTHENTICATION", "components": [
            { "type": "BODY", "add_security_recommendation": true },
            { "type": "FOOTER", "code_expiration_minutes": 10 },
            { "type": "BUTTONS", "buttons": [{ "type": "OTP", "otp_type": "ONE_TAP", "text": "Copy code", "autofill_text": "Autofill",
                "supported_apps": [{ "package_name": "example.acme.app", "signature_hash": "K8a/AINcGX7" }] }] },
        ],
    });
    assert_eq!(of("login_one_tap", ProviderKind::Direct), login);
    let offer = serde_json::json!({
        "name": "offer_with_coupon", "language": "en_GB", "category": "MARKETING", "parameter_format": "POSITIONAL", "components": [
            { "type": "LIMITED_TIME_OFFER", "limited_time_offer": { "text": "Ends soon", "has_expiration": true } },
            { "type": "BODY", "text": "Hi {{1}}, a quarter off all teas.", "example": { "body_text": [["Ada"]] } },
            { "type": "BUTTONS", "buttons": [
                { "type": "COPY_CODE", "example": "SPRING25" },
                { "type": "URL", "text": "Track", "url": "https://acme.example/{{1}}", "example": ["https://acme.example/t/9"] },
            ] },
        ],
    });
    assert_eq!(of("offer_with_coupon", ProviderKind::Direct), offer);
    let named = serde_json::json!([
        { "type": "HEADER", "format": "TEXT", "text": "Visit in {{city}}",
            "example": { "header_text_named_params": [{ "param_name": "city", "example": "London" }] } },
        { "type": "BODY", "text": "Dear {{first_name}}, see you {{when}} at our office.", "example": { "body_text_named_params": [
            { "param_name": "first_name", "example": "Ada" }, { "param_name": "when", "example": "Friday 10:00" },
        ] } },
    ]);
    assert_eq!(of("header_text_named", ProviderKind::Direct)["components"], named);
    let card = serde_json::json!({
        "friendly_name": "url_before_replies", "language": "en_GB",
        "variables": { "1": "Ada", "2": "77", "3": "t/9", "4": "I need help" },
        "types": { "whatsapp/card": {
            "body": "Hello {{1}}, order {{2}} has left our warehouse.",
            "actions": [
                { "type": "URL", "title": "Track", "url": "https://acme.example/{{3}}" },
                { "type": "QUICK_REPLY", "title": "I need help", "id": "{{4}}" },
            ],
        } },
    });
    assert_eq!(of("url_before_replies", ProviderKind::Twilio), card);
}

/// What Meta shows afterwards is not what was submitted: the one-time code's button comes back as an address.
#[test]
fn a_one_time_code_is_known_again() {
    let shown = serde_json::json!({
        "id": "1", "name": "login_code", "language": "en-US", "category": "AUTHENTICATION", "components": [
            { "type": "BODY", "text": "*{{1}}* is your verification code.", "add_security_recommendation": true },
            { "type": "FOOTER", "text": "This code expires in 10 minutes.", "code_expiration_minutes": 10 },
            { "type": "BUTTONS", "buttons": [{ "type": "URL", "text": "Copy code",
                "url": "https://www.whatsapp.com/otp/code/?otp_type=ONE_TAP&cta_display_name=Autofill&package_name=example.acme.app&signature_hash=K8a%2FAINcGX7&code=otp{{1}}" }] },
        ],
    });
    let mut back = import_direct(&shown).unwrap().definition;
    back.name = "login_one_tap".to_owned();
    let (_, case) = corpus().into_iter().find(|(name, _)| name == "login_one_tap").unwrap();
    assert_eq!(back, case.definition);
}

/// A part that this version does not know is named, and what stands beside it is read all the same.
#[test]
fn unknown_parts_are_named() {
    let shown = serde_json::json!({
        "id": "1", "name": "call_me", "language": "en", "category": "UTILITY", "components": [
            { "type": "BODY", "text": "May we call you?" },
            { "type": "CALL_PERMISSION_REQUEST" },
            { "type": "BUTTONS", "buttons": [{ "type": "TELEPATHY", "text": "Think" }, { "type": "QUICK_REPLY", "text": "No" }] },
        ],
    });
    let back = import_direct(&shown).unwrap();
    let lost: Vec<(&str, bool)> = back.lost.iter().map(|lost| (lost.place.as_str(), lost.blocks)).collect();
    assert_eq!(lost, [("components", true), ("buttons[0]", true)]);
    assert_eq!((back.definition.body.unwrap().text.as_str(), back.definition.buttons.len()), ("May we call you?", 1));

    let content = serde_json::json!({ "language": "en", "types": { "twilio/pay": {} } });
    let refused = import_twilio(&content, "pay_me", TemplateCategory::Utility).unwrap_err();
    assert!(refused.why.contains("twilio/pay"), "{}", refused.why);
}

/// Twilio's numbers run over the whole Content, in whatever order its author gave them.
#[test]
fn foreign_numbers_are_mapped() {
    let content = serde_json::json!({
        "language": "en", "variables": { "1": "t/9", "2": "77", "3": "Ada" },
        "types": { "whatsapp/card": {
            "header_text": "Order {{2}}", "body": "Hello {{3}}, order {{2}} is on its way.",
            "actions": [{ "type": "URL", "title": "Track", "url": "https://acme.example/{{1}}" }, { "type": "QUICK_REPLY", "title": "Help", "id": "help" }],
        }, "twilio/text": { "body": "x" } },
    });
    let back = import_twilio(&content, "order_shipped", TemplateCategory::Utility).unwrap();
    assert_eq!(back.definition.body.unwrap().text, "Hello {{1}}, order {{2}} is on its way.");
    let slots: Vec<(&str, String, &str)> =
        back.slots.iter().map(|slot| (slot.number.as_str(), slot.place.field(), slot.sample.as_str())).collect();
    let wanted = [
        ("2", "content.header", "77"),
        ("3", "content.body[0]", "Ada"),
        ("2", "content.body[1]", "77"),
        ("1", "content.buttons", "t/9"),
    ];
    assert_eq!(slots, wanted.map(|(number, field, sample)| (number, field.to_owned(), sample)));
    assert_eq!(back.lost[0].feature.as_str(), "further_types");
}
