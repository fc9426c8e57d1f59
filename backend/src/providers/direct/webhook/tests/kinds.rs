//! Every kind of direct.md §3.6, as it comes and as it is read.

use serde_json::{Value, json};

use super::inbound;
use crate::domain::contact::Identity;
use crate::domain::inbound::MessageContext;
use crate::domain::media::InboundMediaSource;
use crate::providers::webhook::InboundEvent;

/// One message each, in the order of the reference.
pub(super) const FIXTURES: &[&str] = &[
    r#"{"from":"447700900123","id":"wamid.IN01","timestamp":"1795342799","type":"text","text":{"body":"Is it ready?"},"context":{"from":"447700900001","id":"wamid.GWEXAMPLE0001"}}"#,
    r#"{"from":"447700900123","id":"wamid.IN02","timestamp":"1795342799","type":"image","image":{"caption":"Like this","mime_type":"image/jpeg","sha256":"n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=","id":"700000000000009","url":"https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=700000000000009&source=webhook&ext=1763000300&hash=EXAMPLE"}}"#,
    r#"{"from":"447700900123","id":"wamid.IN03","timestamp":"1795342799","type":"audio","audio":{"mime_type":"audio/ogg; codecs=opus","sha256":"n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=","id":"700000000000010","voice":true}}"#,
    r#"{"from":"447700900123","id":"wamid.IN04","timestamp":"1795342799","type":"video","video":{"mime_type":"video/mp4","sha256":"n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=","id":"700000000000011","caption":"Clip"}}"#,
    r#"{"from":"447700900123","id":"wamid.IN05","timestamp":"1795342799","type":"document","document":{"filename":"cv.pdf","mime_type":"application/pdf","sha256":"n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=","id":"700000000000012"}}"#,
    r#"{"from":"447700900123","id":"wamid.IN06","timestamp":"1795342799","type":"sticker","sticker":{"mime_type":"image/webp","sha256":"n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=","id":"700000000000013","animated":false}}"#,
    r#"{"from":"447700900123","id":"wamid.IN07","timestamp":"1795342799","type":"location","location":{"latitude":51.5034,"longitude":-0.1276,"name":"Acme shop","address":"1 Example Street","url":"https://acme.example"}}"#,
    r#"{"from":"447700900123","id":"wamid.IN08","timestamp":"1795342799","type":"contacts","contacts":[{"name":{"formatted_name":"Bob","first_name":"Bob"},"phones":[{"phone":"+44 7700 900456","wa_id":"447700900456","type":"CELL"}]}]}"#,
    r#"{"from":"447700900123","id":"wamid.IN09","timestamp":"1795342799","type":"button","context":{"from":"447700900001","id":"wamid.GWEXAMPLE0001"},"button":{"payload":"order:77:help","text":"I need help"}}"#,
    r#"{"from":"447700900123","id":"wamid.IN10","timestamp":"1795342799","type":"interactive","context":{"from":"447700900001","id":"wamid.GWEXAMPLE0003"},"interactive":{"type":"button_reply","button_reply":{"id":"appt:77:keep","title":"Keep"}}}"#,
    r#"{"from":"447700900123","id":"wamid.IN11","timestamp":"1795342799","type":"interactive","context":{"from":"447700900001","id":"wamid.GWEXAMPLE0004"},"interactive":{"type":"list_reply","list_reply":{"id":"slot:1","title":"10:00","description":"Dr Lovelace"}}}"#,
    r#"{"from":"447700900123","id":"wamid.IN12","timestamp":"1795342799","type":"interactive","context":{"from":"447700900001","id":"wamid.GWEXAMPLE0005"},"interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"flow_token\":\"gw-flow-77\",\"slot\":\"10:00\"}"}}}"#,
    r#"{"from":"447700900123","id":"wamid.IN13","timestamp":"1795342799","type":"reaction","reaction":{"message_id":"wamid.GWEXAMPLE0001","emoji":"🙏"}}"#,
    r#"{"from":"447700900123","id":"wamid.IN14","timestamp":"1795342799","type":"order","order":{"catalog_id":"900000000000001","text":"","product_items":[{"product_retailer_id":"sku-1","quantity":2,"item_price":4.5,"currency":"GBP"}]}}"#,
    r#"{"from":"447700900123","id":"wamid.IN15","timestamp":"1795342799","type":"unsupported","unsupported":{"type":"poll_creation"},"errors":[{"code":131051,"title":"Message type unknown","message":"Message type unknown","error_data":{"details":"Message type is currently not supported."}}]}"#,
    r#"{"from":"447700900123","id":"wamid.IN16","timestamp":"1795342799","type":"system","system":{"type":"user_changed_number","body":"User Ada changed from 447700900123 to 447700900999","wa_id":"447700900999","user_id":"GB.99998888777766665555","previous_user_id":"GB.11112222333344445555"}}"#,
    r#"{"from":"447700900123","id":"wamid.IN17","timestamp":"1795342799","type":"text","text":{"body":"I saw your ad"},"referral":{"source_url":"https://fb.me/EXAMPLE","source_id":"120000000000001","source_type":"ad","headline":"Spring teas","body":"Fresh in","media_type":"image","image_url":"https://scontent.example/1.jpg","ctwa_clid":"AbC123","welcome_message":{"text":"Hi! How can we help?"}}}"#,
];

fn read(id: &str) -> InboundEvent {
    let wanted = format!("\"id\":\"wamid.{id}\"");
    let fixture = FIXTURES.iter().find(|fixture| fixture.contains(&wanted)).expect("a fixture");
    inbound(serde_json::from_str(fixture).unwrap())
}

#[track_caller]
fn reads_as(id: &str, expected: Value) -> InboundEvent {
    let event = read(id);
    assert_eq!(serde_json::to_value(&event.content).unwrap(), expected, "{id}");
    event
}

#[test]
fn text_and_its_quotation() {
    let event = reads_as("IN01", json!({"type": "text", "body": "Is it ready?"}));
    assert_eq!(event.reply_to.as_deref(), Some("wamid.GWEXAMPLE0001"));
    assert_eq!(event.context, MessageContext::default());
}

#[test]
fn media_carry_where_their_bytes_are() {
    let hash: [u8; 32] =
        hex::decode("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08").unwrap().try_into().unwrap();
    let event = reads_as("IN02", json!({"type": "image", "mime_type": "image/jpeg", "caption": "Like this"}));
    let url = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=700000000000009&source=webhook&ext=1763000300&hash=EXAMPLE";
    let expected = InboundMediaSource {
        provider_media_id: Some("700000000000009".into()),
        url: Some(url.into()),
        sha256: Some(hash),
    };
    assert_eq!(event.media, Some(expected));

    let voice = json!({"type": "audio", "mime_type": "audio/ogg; codecs=opus", "voice": true});
    let id_of = |event: InboundEvent| event.media.and_then(|media| media.provider_media_id).unwrap();
    assert_eq!(id_of(reads_as("IN03", voice)), "700000000000010");
    let clip = json!({"type": "video", "mime_type": "video/mp4", "caption": "Clip"});
    assert_eq!(id_of(reads_as("IN04", clip)), "700000000000011");
    reads_as("IN05", json!({"type": "document", "mime_type": "application/pdf", "filename": "cv.pdf"}));
    reads_as("IN06", json!({"type": "sticker", "mime_type": "image/webp"}));
}

#[test]
fn places_and_cards() {
    reads_as(
        "IN07",
        json!({"type": "location", "latitude": 51.5034, "longitude": -0.1276, "name": "Acme shop",
            "address": "1 Example Street", "url": "https://acme.example"}),
    );
    reads_as(
        "IN08",
        json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "Bob", "first_name": "Bob"},
            "phones": [{"phone": "+44 7700 900456", "wa_id": "447700900456", "type": "CELL"}]}]}),
    );
}

#[test]
fn taps_and_forms() {
    let event = reads_as(
        "IN09",
        json!({"type": "button_reply", "id": "order:77:help", "title": "I need help", "template": true}),
    );
    assert_eq!(event.reply_to.as_deref(), Some("wamid.GWEXAMPLE0001"));
    reads_as("IN10", json!({"type": "button_reply", "id": "appt:77:keep", "title": "Keep"}));
    reads_as("IN11", json!({"type": "list_reply", "id": "slot:1", "title": "10:00", "description": "Dr Lovelace"}));
    reads_as(
        "IN12",
        json!({"type": "flow_reply", "body": "Sent", "flow_token": "gw-flow-77",
            "response": {"flow_token": "gw-flow-77", "slot": "10:00"}}),
    );
    let mut address: Value = serde_json::from_str(FIXTURES[11]).unwrap();
    address["interactive"]["nfm_reply"]["name"] = "address_message".into();
    address["interactive"]["nfm_reply"]["response_json"] = "no json".into();
    let read = serde_json::to_value(inbound(address).content).unwrap();
    assert_eq!(read, json!({"type": "address_reply", "body": "Sent", "response": "no json"}));
    let unknown = json!({"from": "447700900123", "id": "wamid.X", "type": "interactive",
        "interactive": {"type": "call_permission_reply", "call_permission_reply": {"response": "accept"}}});
    assert_eq!(inbound(unknown).content.kind(), "call_permission_reply");
}

#[test]
fn reactions_orders_and_what_can_not_be_shown() {
    reads_as("IN13", json!({"type": "reaction", "provider_message_id": "wamid.GWEXAMPLE0001", "emoji": "🙏"}));
    let removed = json!({"from": "447700900123", "id": "wamid.X", "type": "reaction", "reaction": {"message_id": "wamid.1", "emoji": ""}});
    let read = serde_json::to_value(inbound(removed).content).unwrap();
    assert_eq!(read, json!({"type": "reaction", "provider_message_id": "wamid.1"}));
    reads_as(
        "IN14",
        json!({"type": "order", "catalog_id": "900000000000001",
            "items": [{"product_id": "sku-1", "quantity": 2, "price_micros": 4_500_000, "currency": "GBP"}]}),
    );
    reads_as(
        "IN15",
        json!({"type": "unsupported", "kind": "poll_creation", "reason": "Message type is currently not supported."}),
    );
    let welcome = json!({"from": "447700900123", "id": "wamid.X", "type": "request_welcome"});
    assert_eq!(serde_json::to_value(inbound(welcome).content).unwrap(), json!({"type": "request_welcome"}));
}

#[test]
fn a_changed_number_names_the_person_as_before_and_as_now() {
    let event = reads_as(
        "IN16",
        json!({"type": "system", "event": "user_changed_number", "body": "User Ada changed from 447700900123 to 447700900999",
            "phone": "+447700900999", "bsuid": "GB.99998888777766665555"}),
    );
    let names: Vec<String> = event.person.identities().into_iter().map(|Identity { value, .. }| value).collect();
    assert_eq!(names, ["+447700900123", "GB.11112222333344445555"]);
    let other = json!({"from": "447700900123", "id": "wamid.X", "type": "system", "system": {"type": "moved_house"}});
    assert_eq!(serde_json::to_value(inbound(other).content).unwrap()["event"], "other");
}

#[test]
fn a_click_on_an_ad_stands_beside_the_message() {
    let event = reads_as("IN17", json!({"type": "text", "body": "I saw your ad"}));
    let referral = json!({"source_type": "ad", "source_id": "120000000000001", "source_url": "https://fb.me/EXAMPLE",
        "headline": "Spring teas", "body": "Fresh in", "ctwa_clid": "AbC123", "media_type": "image",
        "media_url": "https://scontent.example/1.jpg"});
    assert_eq!(serde_json::to_value(event.context.referral).unwrap(), referral);
}

#[test]
fn what_is_handed_on_or_asked_about_is_told() {
    let context = |context: Value| {
        inbound(json!({"from": "447700900123", "id": "wamid.X", "type": "text", "text": {"body": "Hi"}, "context": context})).context
    };
    assert!(context(json!({"forwarded": true})).forwarded);
    assert!(context(json!({"frequently_forwarded": true})).frequently_forwarded);
    let product = json!({"from": "447700900001", "id": "wamid.1", "referred_product": {"catalog_id": "9", "product_retailer_id": "sku-1"}});
    let asked = context(product).product.unwrap();
    assert_eq!((asked.catalog_id.as_str(), asked.product_id.as_str()), ("9", "sku-1"));
}

#[test]
fn a_person_without_a_number_and_their_user_name() {
    let contacts = json!([{"profile": {"name": "Ada", "username": "ada.byron"}, "user_id": "GB.1111", "parent_user_id": "GB.ENT.9"}]);
    let message = json!({"from_user_id": "GB.1111", "id": "wamid.X", "type": "text", "text": {"body": "Hi"}});
    let value = json!({"metadata": super::metadata(), "contacts": contacts, "messages": [message]});
    let crate::providers::ProviderEvent::Inbound(event) = super::events(value).remove(0) else { panic!("no message") };
    assert_eq!((event.person.phone, event.person.username.as_deref()), (None, Some("ada.byron")));
    let names: Vec<&str> = event.person.further.iter().map(|name| name.value.as_str()).collect();
    assert_eq!((event.person.bsuid.unwrap().as_str(), names), ("GB.1111", vec!["GB.ENT.9"]));
}
