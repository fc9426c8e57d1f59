//! A message of every kind, within what both providers carry of it, and what a phone must show. A kind without a sample does
//! not compile.

use duplex::domain::content::Kind;
use duplex::domain::provider::ProviderKind;
use serde_json::{Value, json};

use crate::stage::{ADA, Stage};

pub struct Sample {
    pub to: &'static str,
    pub content: Value,
    /// What the phone shows at least, in the simulator's words.
    pub shown: Value,
}

/// Addresses can be asked for in India only.
const IN_INDIA: &str = "+919900000000";

/// `target` is a message of the conversation: the API's id of it, and the provider's.
pub async fn of(kind: Kind, stage: &Stage, target: (&str, &str)) -> Sample {
    let (content, shown) = match kind {
        Kind::Text => {
            let text = "Your parcel is on its way: https://acme.example/t/9";
            (json!({"body": text}), json!({"kind": "text", "text": text}))
        }
        Kind::Image => medium("image", json!({"link": "https://acme.example/a.jpg", "caption": "Front view"})),
        Kind::Video => medium("video", json!({"link": "https://acme.example/v.mp4", "caption": "Demo"})),
        Kind::Audio => medium("audio", json!({"link": "https://acme.example/a.mp3"})),
        Kind::Document => medium("document", json!({"link": "https://acme.example/inv-77.pdf"})),
        Kind::Sticker => medium("sticker", json!({"link": "https://acme.example/s.webp"})),
        Kind::Location => {
            let place =
                json!({"latitude": 51.5034, "longitude": -0.1276, "name": "Acme shop", "address": "1 Example Street"});
            (place, json!({"kind": "location", "latitude": 51.5034, "longitude": -0.1276, "name": "Acme shop"}))
        }
        Kind::Contacts => contacts(stage.provider),
        Kind::Reaction => (
            json!({"message_id": target.0, "emoji": "👍"}),
            json!({"kind": "reaction", "message_id": target.1, "emoji": "👍"}),
        ),
        Kind::ReplyButtons => (
            json!({"body": "Keep Friday 10:00?", "buttons": [{"id": "keep", "title": "Keep"}, {"id": "move", "title": "Move"}]}),
            json!({"kind": "buttons", "body": "Keep Friday 10:00?", "buttons": [
                {"type": "reply", "id": "keep", "text": "Keep"}, {"type": "reply", "id": "move", "text": "Move"}]}),
        ),
        Kind::List => {
            let rows = json!([{"id": "slot:1", "title": "10:00", "description": "Dr Lovelace"}, {"id": "slot:2", "title": "11:30"}]);
            (
                json!({"body": "Choose a slot", "button": "Slots", "sections": [{"rows": rows}]}),
                json!({"kind": "list", "body": "Choose a slot", "button": "Slots", "sections": [{"rows": rows}]}),
            )
        }
        Kind::CtaUrl => (
            json!({"body": "Track your parcel", "button": "Track", "url": "https://acme.example/t/9"}),
            json!({"kind": "cta_url", "body": "Track your parcel",
                "buttons": [{"type": "url", "text": "Track", "url": "https://acme.example/t/9"}]}),
        ),
        Kind::Flow => (
            json!({"body": "Book a visit", "button": "Book now", "flow_id": "800000000000001", "flow_token": "gw-flow-77"}),
            json!({"kind": "flow", "body": "Book a visit",
                "buttons": [{"type": "flow", "text": "Book now", "flow_id": "800000000000001", "flow_token": "gw-flow-77"}]}),
        ),
        Kind::LocationRequest => (
            json!({"body": "Where shall we meet?"}),
            json!({"kind": "location_request", "body": "Where shall we meet?"}),
        ),
        Kind::AddressRequest => (
            json!({"body": "Where shall we deliver?", "country": "IN", "values": {"name": "Ada"}}),
            json!({"kind": "address", "body": "Where shall we deliver?", "parameters": {"country": "IN", "values": {"name": "Ada"}}}),
        ),
        Kind::Product => (
            json!({"body": "As you asked", "catalog_id": "900000000000001", "product_id": "sku-1"}),
            json!({"kind": "product", "body": "As you asked", "catalog_id": "900000000000001", "product_retailer_id": "sku-1"}),
        ),
        Kind::ProductList => (
            json!({"header": "Teas", "body": "Our picks", "catalog_id": "900000000000001",
                "sections": [{"title": "Green", "product_ids": ["sku-1", "sku-2"]}]}),
            json!({"kind": "product_list", "header": {"type": "text", "text": "Teas"}, "catalog_id": "900000000000001",
                "sections": [{"title": "Green", "product_retailer_ids": ["sku-1", "sku-2"]}]}),
        ),
        Kind::Catalog => (
            json!({"body": "Browse everything", "thumbnail_product_id": "sku-1"}),
            json!({"kind": "catalog", "body": "Browse everything", "thumbnail_product_retailer_id": "sku-1"}),
        ),
        Kind::Carousel => carousel(),
        Kind::Template => template(stage).await,
        Kind::OneTimeCode => one_time_code(stage).await,
    };
    let mut content = content;
    content["type"] = json!(kind);
    let to = if kind == Kind::AddressRequest { IN_INDIA } else { ADA };
    Sample { to, content, shown }
}

fn medium(kind: &str, content: Value) -> (Value, Value) {
    let mut shown = json!({"kind": kind, "url": content["link"]});
    if let Some(caption) = content.get("caption") {
        shown["caption"] = caption.clone();
    }
    (content, shown)
}

fn contacts(provider: ProviderKind) -> (Value, Value) {
    let cards = json!([{"name": {"formatted_name": "Ada Byron", "first_name": "Ada", "last_name": "Byron"},
        "phones": [{"phone": "+447700900456", "type": "Mobile", "wa_id": "447700900456"}],
        "org": {"company": "Acme"}}]);
    let shown = match provider {
        ProviderKind::Direct => json!({"kind": "contacts", "contacts": cards}),
        // A vCard that the gateway makes.
        ProviderKind::Twilio => json!({"kind": "document"}),
    };
    (json!({"contacts": cards}), shown)
}

fn carousel() -> (Value, Value) {
    let card = |title: &str, picture: &str| json!({"type": "url", "header": {"type": "image", "link": picture}, "body": title, "button": "Buy", "url": "https://acme.example/1"});
    let shown = |title: &str, picture: &str| {
        json!({"header": {"type": "image", "url": picture}, "body": title,
            "buttons": [{"type": "url", "text": "Buy", "url": "https://acme.example/1"}]})
    };
    let (first, second) = ("https://acme.example/1.jpg", "https://acme.example/2.jpg");
    (
        json!({"body": "New in", "cards": [card("Sencha", first), card("Assam", second)]}),
        json!({"kind": "carousel", "body": "New in", "cards": [shown("Sencha", first), shown("Assam", second)]}),
    )
}

async fn template(stage: &Stage) -> (Value, Value) {
    let mut content = json!({"name": "order_shipped", "language": "en_GB", "body": [{"text": "Ada"}, {"text": "77"}],
        "buttons": [{"index": 0, "type": "url", "text": "t/9"}]});
    match stage.provider {
        ProviderKind::Direct => {
            content["header"] = json!({"type": "document", "link": "https://acme.example/inv-77.pdf"})
        }
        ProviderKind::Twilio => content["twilio"] = json!({"content_sid": stage.content_sid("order_shipped").await}),
    }
    let shown = json!({"kind": "template", "language": "en_GB", "body": "Hello Ada, order 77 has left our warehouse."});
    (content, shown)
}

async fn one_time_code(stage: &Stage) -> (Value, Value) {
    let mut content = json!({"name": "login_code", "language": "en_US", "code": "493817"});
    if stage.provider == ProviderKind::Twilio {
        content["twilio"] = json!({"content_sid": stage.content_sid("login_code").await});
    }
    (content, json!({"kind": "template", "category": "authentication", "body": "*493817* is your verification code."}))
}
