//! Every kind on the wire, held against the examples of direct.md §2.3 to §2.5.

use serde_json::{Value, json};

use super::super::tests::{credentials, outbound};
use super::*;
use crate::domain::ids::{MediaId, MessageId};
use crate::providers::MediaAddress;

const PICTURE: &str = "0199f2a0-0000-7000-8000-0000000000aa";

/// The picture that every test may name is at Meta under an id.
fn message(content: Value) -> Outbound {
    let mut message = outbound("+447700900123", content);
    let picture: MediaId = PICTURE.parse().unwrap();
    message.prepared.media.insert(picture, MediaAddress::Id("700000000000001".into()));
    message
}

fn written(message: &Outbound) -> Result<Value, Unwritable> {
    let request = send(&"https://graph.facebook.com".parse().unwrap(), &credentials(), message)?;
    let mut body: Value = serde_json::from_slice(&request.body).unwrap();
    let frame = body.as_object_mut().unwrap();
    for (member, value) in
        [("messaging_product", "whatsapp"), ("recipient_type", "individual"), ("to", "+447700900123")]
    {
        assert_eq!(frame.remove(member).unwrap(), value);
    }
    assert_eq!(frame.remove("biz_opaque_callback_data").unwrap(), message.attempt.to_string());
    Ok(body)
}

/// What goes on the wire for a content, without the frame.
fn wire(content: Value) -> Value {
    written(&message(content)).unwrap()
}

fn interactive(wire: Value) -> Value {
    json!({"type": "interactive", "interactive": wire})
}

#[test]
fn media_by_upload_and_by_address() {
    for (ours, theirs) in [
        (
            json!({"type": "image", "media_id": PICTURE, "caption": "Front view"}),
            json!({"type": "image", "image": {"id": "700000000000001", "caption": "Front view"}}),
        ),
        (
            json!({"type": "video", "link": "https://acme.example/v/demo.mp4", "caption": "Demo"}),
            json!({"type": "video", "video": {"link": "https://acme.example/v/demo.mp4", "caption": "Demo"}}),
        ),
        (
            json!({"type": "document", "link": "https://acme.example/d/inv-77.pdf", "filename": "invoice-77.pdf", "caption": "Invoice 77"}),
            json!({"type": "document", "document": {"link": "https://acme.example/d/inv-77.pdf", "filename": "invoice-77.pdf", "caption": "Invoice 77"}}),
        ),
        (
            json!({"type": "audio", "media_id": PICTURE, "voice": true}),
            json!({"type": "audio", "audio": {"id": "700000000000001", "voice": true}}),
        ),
        (
            json!({"type": "audio", "link": "https://acme.example/a.mp3"}),
            json!({"type": "audio", "audio": {"link": "https://acme.example/a.mp3"}}),
        ),
        (
            json!({"type": "sticker", "media_id": PICTURE}),
            json!({"type": "sticker", "sticker": {"id": "700000000000001"}}),
        ),
    ] {
        assert_eq!(wire(ours), theirs);
    }
}

#[test]
fn a_medium_that_stands_behind_a_link_of_ours() {
    let mut message = message(json!({"type": "image", "media_id": PICTURE}));
    let link = MediaAddress::Link("https://gateway.example/m/1/2/3".parse().unwrap());
    message.prepared.media.insert(PICTURE.parse().unwrap(), link);
    let theirs = json!({"type": "image", "image": {"link": "https://gateway.example/m/1/2/3"}});
    assert_eq!(written(&message).unwrap(), theirs);
    message.prepared.media.clear();
    assert!(matches!(written(&message), Err(Unwritable::Medium)));
}

#[test]
fn places_and_people() {
    let place =
        json!({"latitude": 51.5034, "longitude": -0.1276, "name": "Acme shop", "address": "1 Example Street, London"});
    let mut ours = place.clone();
    ours["type"] = json!("location");
    assert_eq!(wire(ours), json!({"type": "location", "location": place}));
    let cards = json!([{
        "name": {"formatted_name": "Ada Byron", "first_name": "Ada", "last_name": "Byron"},
        "phones": [{"phone": "+447700900456", "type": "Mobile", "wa_id": "447700900456"}],
        "emails": [{"email": "ada@acme.example", "type": "Work"}],
        "org": {"company": "Acme", "title": "Support"},
        "addresses": [{"street": "1 Example Street", "city": "London", "zip": "E1 1AA", "country_code": "GB", "type": "Office"}],
        "urls": [{"url": "https://acme.example", "type": "Company"}],
        "birthday": "1990-12-10"}]);
    assert_eq!(wire(json!({"type": "contacts", "contacts": cards})), json!({"type": "contacts", "contacts": cards}));
}

#[test]
fn reactions_and_quotes_name_the_message() {
    let target = MessageId::new();
    let mut reaction = message(json!({"type": "reaction", "message_id": target, "emoji": "👍"}));
    assert!(matches!(written(&reaction), Err(Unwritable::Target)));
    reaction.reply_to = Some("wamid.HBEXAMPLEIN01".into());
    assert_eq!(
        written(&reaction).unwrap(),
        json!({"type": "reaction", "reaction": {"message_id": "wamid.HBEXAMPLEIN01", "emoji": "👍"}})
    );
    let mut quoting = message(json!({"type": "image", "media_id": PICTURE}));
    quoting.reply_to = Some("wamid.GWEXAMPLE0000".into());
    assert_eq!(
        written(&quoting).unwrap(),
        json!({"type": "image", "context": {"message_id": "wamid.GWEXAMPLE0000"}, "image": {"id": "700000000000001"}})
    );
}

#[test]
fn buttons_lists_and_addresses() {
    let buttons = wire(json!({"type": "reply_buttons", "header": {"type": "image", "media_id": PICTURE},
        "body": "Keep Friday 10:00?", "footer": "Acme Dental",
        "buttons": [{"id": "appt:77:keep", "title": "Keep"}, {"id": "appt:77:move", "title": "Move"}]}));
    assert_eq!(
        buttons,
        interactive(json!({"type": "button", "header": {"type": "image", "image": {"id": "700000000000001"}},
            "body": {"text": "Keep Friday 10:00?"}, "footer": {"text": "Acme Dental"}, "action": {"buttons": [
                {"type": "reply", "reply": {"id": "appt:77:keep", "title": "Keep"}},
                {"type": "reply", "reply": {"id": "appt:77:move", "title": "Move"}}]}}))
    );
    let list = wire(
        json!({"type": "list", "body": "Choose a slot", "button": "Slots", "sections": [{"title": "Friday", "rows": [
        {"id": "slot:1", "title": "10:00", "description": "Dr Lovelace"}, {"id": "slot:2", "title": "11:30"}]}]}),
    );
    assert_eq!(
        list,
        interactive(
            json!({"type": "list", "body": {"text": "Choose a slot"}, "action": {"button": "Slots", "sections": [
            {"title": "Friday", "rows": [{"id": "slot:1", "title": "10:00", "description": "Dr Lovelace"}, {"id": "slot:2", "title": "11:30"}]}]}})
        )
    );
    let headed = wire(json!({"type": "list", "header": "Visits", "body": "b", "footer": "f", "button": "B",
        "sections": [{"rows": [{"id": "1", "title": "t"}]}]}));
    assert_eq!(headed["interactive"]["header"], json!({"type": "text", "text": "Visits"}));
    assert_eq!(headed["interactive"]["action"]["sections"], json!([{"rows": [{"id": "1", "title": "t"}]}]));
    let button = wire(
        json!({"type": "cta_url", "header": {"type": "document", "link": "https://acme.example/d.pdf", "filename": "d.pdf"},
        "body": "Track your parcel", "button": "Track", "url": "https://acme.example/t/9"}),
    );
    assert_eq!(
        button,
        interactive(json!({"type": "cta_url",
            "header": {"type": "document", "document": {"link": "https://acme.example/d.pdf", "filename": "d.pdf"}},
            "body": {"text": "Track your parcel"},
            "action": {"name": "cta_url", "parameters": {"display_text": "Track", "url": "https://acme.example/t/9"}}}))
    );
}

#[test]
fn flows() {
    let with_data = wire(
        json!({"type": "flow", "header": {"type": "text", "text": "Visits"}, "body": "Book a visit", "button": "Book now",
        "flow_id": "800000000000001", "flow_token": "gw-flow-77", "screen": "FIRST", "data": {"branch": "london"}}),
    );
    assert_eq!(
        with_data,
        interactive(
            json!({"type": "flow", "header": {"type": "text", "text": "Visits"}, "body": {"text": "Book a visit"},
            "action": {"name": "flow", "parameters": {"flow_message_version": "3",
            "flow_id": "800000000000001", "flow_token": "gw-flow-77", "flow_cta": "Book now", "flow_action": "navigate",
            "flow_action_payload": {"screen": "FIRST", "data": {"branch": "london"}}}}})
        )
    );
    let draft = wire(
        json!({"type": "flow", "body": "b", "button": "Go", "flow_name": "visits", "action": "data_exchange", "draft": true}),
    );
    assert_eq!(
        draft["interactive"]["action"]["parameters"],
        json!({"flow_message_version": "3", "flow_name": "visits", "mode": "draft", "flow_cta": "Go", "flow_action": "data_exchange"})
    );
}

#[test]
fn questions_for_places() {
    assert_eq!(
        wire(json!({"type": "location_request", "body": "Where shall we meet you?"})),
        interactive(
            json!({"type": "location_request_message", "body": {"text": "Where shall we meet you?"}, "action": {"name": "send_location"}})
        )
    );
    let values = json!({"name": "Ada", "phone_number": "+919900000000"});
    assert_eq!(
        wire(json!({"type": "address_request", "body": "Where shall we deliver?", "country": "IN", "values": values})),
        interactive(json!({"type": "address_message", "body": {"text": "Where shall we deliver?"},
            "action": {"name": "address_message", "parameters": {"country": "IN", "values": values}}}))
    );
}

#[test]
fn products() {
    assert_eq!(
        wire(
            json!({"type": "product", "body": "As you asked", "catalog_id": "900000000000001", "product_id": "sku-1"})
        ),
        interactive(json!({"type": "product", "body": {"text": "As you asked"},
            "action": {"catalog_id": "900000000000001", "product_retailer_id": "sku-1"}}))
    );
    assert_eq!(
        wire(json!({"type": "product", "catalog_id": "1", "product_id": "sku-1"})),
        interactive(json!({"type": "product", "action": {"catalog_id": "1", "product_retailer_id": "sku-1"}}))
    );
    assert_eq!(
        wire(json!({"type": "product_list", "header": "Teas", "body": "Our picks", "catalog_id": "900000000000001",
            "sections": [{"title": "Green", "product_ids": ["sku-1", "sku-2"]}]})),
        interactive(
            json!({"type": "product_list", "header": {"type": "text", "text": "Teas"}, "body": {"text": "Our picks"},
            "action": {"catalog_id": "900000000000001", "sections": [{"title": "Green",
                "product_items": [{"product_retailer_id": "sku-1"}, {"product_retailer_id": "sku-2"}]}]}})
        )
    );
    assert_eq!(
        wire(json!({"type": "catalog", "body": "Browse everything", "thumbnail_product_id": "sku-1"})),
        interactive(json!({"type": "catalog_message", "body": {"text": "Browse everything"},
            "action": {"name": "catalog_message", "parameters": {"thumbnail_product_retailer_id": "sku-1"}}}))
    );
    assert_eq!(
        wire(json!({"type": "catalog", "body": "Browse", "footer": "f"})),
        interactive(
            json!({"type": "catalog_message", "body": {"text": "Browse"}, "footer": {"text": "f"}, "action": {"name": "catalog_message"}})
        )
    );
}

#[test]
fn cards_to_swipe_through() {
    let card = |n: usize, title: &str| {
        json!({"type": "url", "header": {"type": "image", "link": format!("https://acme.example/{n}.jpg")}, "body": title,
            "button": "Buy", "url": format!("https://acme.example/{n}")})
    };
    let theirs = |n: usize, title: &str| {
        json!({"card_index": n - 1, "type": "cta_url", "header": {"type": "image", "image": {"link": format!("https://acme.example/{n}.jpg")}},
            "body": {"text": title}, "action": {"name": "cta_url", "parameters": {"display_text": "Buy", "url": format!("https://acme.example/{n}")}}})
    };
    assert_eq!(
        wire(json!({"type": "carousel", "body": "New in", "cards": [card(1, "Sencha"), card(2, "Assam")]})),
        interactive(json!({"type": "carousel", "body": {"text": "New in"},
            "action": {"cards": [theirs(1, "Sencha"), theirs(2, "Assam")]}}))
    );
    let replies = wire(json!({"type": "carousel", "body": "New in", "cards": [
        {"type": "reply_buttons", "header": {"type": "video", "media_id": PICTURE}, "buttons": [{"id": "a", "title": "A"}]}]}));
    assert_eq!(
        replies["interactive"]["action"]["cards"],
        json!([{"card_index": 0, "type": "cta_url", "header": {"type": "video", "video": {"id": "700000000000001"}},
            "action": {"buttons": [{"type": "quick_reply", "quick_reply": {"id": "a", "title": "A"}}]}}])
    );
    let products = wire(
        json!({"type": "carousel", "body": "b", "cards": [{"type": "product", "catalog_id": "9", "product_id": "sku-1"}]}),
    );
    assert_eq!(
        products["interactive"]["action"]["cards"],
        json!([{"card_index": 0, "type": "product", "action": {"product_retailer_id": "sku-1", "catalog_id": "9"}}])
    );
}

#[test]
fn templates_with_an_offer_and_with_cards() {
    let offer = wire(json!({"type": "template", "name": "spring_offer", "language": "en_GB",
        "header": {"type": "image", "media_id": PICTURE}, "body": [{"text": "Ada"}], "offer_expires_at": "2026-11-30T00:00:00Z",
        "buttons": [{"index": 0, "type": "copy_code", "code": "SPRING25"}, {"index": 1, "type": "url", "text": "spring?c=ada"}]}));
    assert_eq!(
        offer["template"]["components"],
        json!([
            {"type": "header", "parameters": [{"type": "image", "image": {"id": "700000000000001"}}]},
            {"type": "body", "parameters": [{"type": "text", "text": "Ada"}]},
            {"type": "limited_time_offer", "parameters": [{"type": "limited_time_offer", "limited_time_offer": {"expiration_time_ms": 1_795_996_800_000_i64}}]},
            {"type": "button", "sub_type": "copy_code", "index": "0", "parameters": [{"type": "coupon_code", "coupon_code": "SPRING25"}]},
            {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "spring?c=ada"}]}])
    );
    let card = |suffix: &str| json!({"header": {"type": "image", "media_id": PICTURE}, "buttons": [{"index": 0, "type": "url", "text": suffix}]});
    let theirs = |n: usize, suffix: &str| {
        json!({"card_index": n, "components": [
            {"type": "header", "parameters": [{"type": "image", "image": {"id": "700000000000001"}}]},
            {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": suffix}]}]})
    };
    assert_eq!(
        wire(
            json!({"type": "template", "name": "new_teas", "language": "en", "body": [{"text": "Ada"}], "cards": [card("sencha"), card("assam")]})
        ),
        json!({"type": "template", "template": {"name": "new_teas", "language": {"code": "en"}, "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "Ada"}]},
            {"type": "carousel", "cards": [theirs(0, "sencha"), theirs(1, "assam")]}]}})
    );
}

#[test]
fn template_headers_and_buttons_of_every_kind() {
    let header = |header: Value| {
        let all = wire(json!({"type": "template", "name": "t", "language": "en", "header": header}));
        all["template"]["components"][0]["parameters"][0].clone()
    };
    let place = json!({"latitude": 51.5034, "longitude": -0.1276, "name": "Acme shop", "address": "1 Example Street"});
    let mut ours = place.clone();
    ours["type"] = json!("location");
    assert_eq!(header(ours), json!({"type": "location", "location": place}));
    assert_eq!(
        header(json!({"type": "product", "catalog_id": "9", "product_id": "sku-1"})),
        json!({"type": "product", "product": {"catalog_id": "9", "product_retailer_id": "sku-1"}})
    );
    assert_eq!(
        header(json!({"type": "video", "link": "https://acme.example/v.mp4"})),
        json!({"type": "video", "video": {"link": "https://acme.example/v.mp4"}})
    );
    let button = |button: Value| {
        let all = wire(json!({"type": "template", "name": "t", "language": "en", "buttons": [button]}));
        all["template"]["components"][0].clone()
    };
    let component = |sub_type: &str, parameter: Value| json!({"type": "button", "sub_type": sub_type, "index": "2", "parameters": [parameter]});
    assert_eq!(
        button(json!({"index": 2, "type": "flow", "flow_token": "t", "data": {"a": 1}})),
        component("flow", json!({"type": "action", "action": {"flow_token": "t", "flow_action_data": {"a": 1}}}))
    );
    assert_eq!(
        button(json!({"index": 2, "type": "catalog", "thumbnail_product_id": "sku-1"})),
        component("catalog", json!({"type": "action", "action": {"thumbnail_product_retailer_id": "sku-1"}}))
    );
    assert_eq!(
        button(
            json!({"index": 2, "type": "products", "thumbnail_product_id": "sku-1", "sections": [{"title": "Green", "product_ids": ["sku-1"]}]})
        ),
        component(
            "mpm",
            json!({"type": "action", "action": {"thumbnail_product_retailer_id": "sku-1",
                "sections": [{"title": "Green", "product_items": [{"product_retailer_id": "sku-1"}]}]}})
        )
    );
}

#[test]
fn a_one_time_code_goes_in_twice() {
    assert_eq!(
        wire(json!({"type": "one_time_code", "name": "login_code", "language": "en_US", "code": "493817"})),
        json!({"type": "template", "template": {"name": "login_code", "language": {"code": "en_US"}, "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "493817"}]},
            {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "493817"}]}]}})
    );
}
