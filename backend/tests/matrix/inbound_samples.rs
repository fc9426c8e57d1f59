//! What a person sends, of every kind. A kind without a sample does not compile.

use duplex::domain::content::Kind;
use duplex::domain::inbound::kind::InboundKind;
use duplex::domain::provider::ProviderKind;
use duplex_simulator::{InboundContent, InboundFile};
use serde_json::{Value, json};

/// The customer does it, and this is what the API must show of it at least.
pub struct InboundSample {
    pub content: InboundContent,
    pub shown: Value,
    /// The message that has to be on the phone first: its button is pressed.
    pub answers: Option<Kind>,
}

/// `target` is the provider's id of a message of the conversation.
pub fn of(kind: InboundKind, provider: ProviderKind, target: &str) -> InboundSample {
    let direct = provider == ProviderKind::Direct;
    match kind {
        InboundKind::Text => {
            sample(InboundContent::Text { text: "Is it ready?".into() }, json!({"body": "Is it ready?"}))
        }
        InboundKind::Image => medium(InboundContent::Image, "image/jpeg", true),
        InboundKind::Video => medium(InboundContent::Video, "video/mp4", true),
        InboundKind::Audio => {
            let mime_type = if direct { "audio/ogg; codecs=opus" } else { "audio/ogg" };
            let content = InboundContent::Audio(InboundFile { voice: true, ..InboundFile::default() });
            sample(content, json!({"mime_type": mime_type}))
        }
        InboundKind::Document => {
            let content =
                InboundContent::Document(InboundFile { filename: Some("cv.pdf".into()), ..InboundFile::default() });
            let named = json!({"mime_type": "application/pdf", "filename": "cv.pdf"});
            sample(content, if direct { named } else { json!({"mime_type": "application/pdf"}) })
        }
        InboundKind::Sticker => medium(InboundContent::Sticker, "image/webp", false),
        InboundKind::Location => sample(
            InboundContent::Location {
                latitude: 51.5034,
                longitude: -0.1276,
                name: Some("Acme shop".into()),
                address: Some("1 Example Street".into()),
                url: None,
            },
            json!({"latitude": 51.5034, "longitude": -0.1276, "name": "Acme shop", "address": "1 Example Street"}),
        ),
        InboundKind::Contacts => contacts(direct),
        InboundKind::Reaction => sample(
            InboundContent::Reaction { message_id: target.to_owned(), emoji: Some("🙏".into()) },
            json!({"provider_message_id": target, "emoji": "🙏"}),
        ),
        InboundKind::ButtonReply => answer(
            Kind::ReplyButtons,
            InboundContent::ButtonReply { id: "keep".into() },
            json!({"id": "keep", "title": "Keep"}),
        ),
        InboundKind::ListReply => answer(
            Kind::List,
            InboundContent::ListReply { id: "slot:1".into() },
            json!({"id": "slot:1", "title": "10:00", "description": "Dr Lovelace"}),
        ),
        InboundKind::FlowReply => answer(
            Kind::Flow,
            InboundContent::FlowReply { response_json: json!({"slot": "10:00"}), body: None },
            json!({"flow_token": "gw-flow-77", "response": {"slot": "10:00", "flow_token": "gw-flow-77"}}),
        ),
        InboundKind::AddressReply => answer(
            Kind::AddressRequest,
            InboundContent::FlowReply { response_json: json!({"values": {"city": "Pune"}}), body: None },
            json!({"response": {"values": {"city": "Pune"}}}),
        ),
        InboundKind::Order => sample(
            InboundContent::Order {
                catalog_id: "900000000000001".into(),
                text: "Please wrap it".into(),
                product_items: vec![
                    json!({"product_retailer_id": "sku-1", "quantity": 2, "item_price": 4.5, "currency": "GBP"}),
                ],
            },
            json!({"catalog_id": "900000000000001", "text": "Please wrap it",
                "items": [{"product_id": "sku-1", "quantity": 2, "price_micros": 4_500_000, "currency": "GBP"}]}),
        ),
        InboundKind::System => sample(InboundContent::IdentityChange {}, json!({"event": "customer_identity_changed"})),
        InboundKind::RequestWelcome => sample(InboundContent::RequestWelcome {}, json!({})),
        InboundKind::Unsupported => {
            let named = json!({"kind": "poll_creation"});
            sample(
                InboundContent::Unsupported { r#type: "poll_creation".into() },
                if direct { named } else { json!({}) },
            )
        }
        InboundKind::Other => sample(
            InboundContent::Unknown { r#type: "hologram".into(), value: json!({"Depth": "3"}) },
            json!({"kind": "hologram"}),
        ),
    }
}

fn sample(content: InboundContent, shown: Value) -> InboundSample {
    InboundSample { content, shown, answers: None }
}

fn answer(to: Kind, content: InboundContent, shown: Value) -> InboundSample {
    InboundSample { content, shown, answers: Some(to) }
}

/// The simulator has a small file of each kind.
fn medium(make: fn(InboundFile) -> InboundContent, mime_type: &str, captioned: bool) -> InboundSample {
    let caption = captioned.then(|| "Like this".to_owned());
    let mut shown = json!({"mime_type": mime_type});
    if let Some(caption) = &caption {
        shown["caption"] = json!(caption);
    }
    sample(make(InboundFile { caption, ..InboundFile::default() }), shown)
}

fn contacts(direct: bool) -> InboundSample {
    let cards = vec![
        json!({"name": {"formatted_name": "Ada Byron", "first_name": "Ada"}, "phones": [{"phone": "+447700900456"}]}),
    ];
    let as_cards = json!({"contacts": cards});
    let shown = if direct { as_cards } else { json!({"mime_type": "text/vcard"}) };
    sample(InboundContent::Contacts { contacts: cards }, shown)
}
