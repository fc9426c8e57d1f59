//! Every kind of message of the direct provider, in order and not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, dead_code)]

mod support;

use duplex_simulator::{DEFAULT_CUSTOMER, Inbound};
use serde_json::{Value, json};
use support::graph::Graph;

const PHOTO: &[u8] = include_bytes!("../samples/photo.jpg");

fn interactive(kind: &str, action: Value) -> Value {
    json!({ "type": kind, "body": { "text": "Choose" }, "action": action })
}

fn with(mut content: Value, more: Value) -> Value {
    content.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    content
}

fn url_card(index: usize, photo: &str) -> Value {
    json!({ "card_index": index, "type": "cta_url", "header": { "type": "image", "image": { "id": photo } },
        "body": { "text": "Sencha" }, "action": { "name": "cta_url",
        "parameters": { "display_text": "Buy", "url": "https://acme.example/1" } } })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_in_order_is_accepted() {
    let graph = Graph::start().await;
    let photo = graph.uploaded("image/jpeg", "photo.jpg", PHOTO).await;
    let reply = |id: &str, title: &str| json!({ "type": "reply", "reply": { "id": id, "title": title } });
    let quick = |id: &str| json!({ "type": "quick_reply", "quick_reply": { "id": id, "title": id } });
    let reply_card =
        |index: usize| with(url_card(index, &photo), json!({ "action": { "buttons": [quick("yes"), quick("no")] } }));
    let product_card = |index: usize| json!({ "card_index": index, "type": "product", "action": { "product_retailer_id": "sku-1", "catalog_id": "9" } });
    for (kind, content) in [
        ("text", json!({ "body": "See https://acme.example", "preview_url": true })),
        ("location", json!({ "latitude": 51.5034, "longitude": -0.1276, "name": "Acme shop" })),
        (
            "contacts",
            json!([{ "name": { "formatted_name": "Ada Byron", "first_name": "Ada" }, "birthday": "1990-12-10" }]),
        ),
        ("interactive", interactive("button", json!({ "buttons": [reply("a", "Keep"), reply("b", "Move")] }))),
        (
            "interactive",
            interactive(
                "list",
                json!({ "button": "Slots", "sections": [{ "rows": [{ "id": "1", "title": "10:00" }] }] }),
            ),
        ),
        (
            "interactive",
            interactive(
                "cta_url",
                json!({ "name": "cta_url", "parameters": { "display_text": "Track", "url": "https://acme.example/t/9" } }),
            ),
        ),
        (
            "interactive",
            interactive(
                "flow",
                json!({ "name": "flow", "parameters": { "flow_message_version": "3", "flow_id": "8", "flow_cta": "Book", "flow_action": "navigate", "flow_action_payload": { "screen": "FIRST" } } }),
            ),
        ),
        ("interactive", interactive("location_request_message", json!({ "name": "send_location" }))),
        ("interactive", interactive("product", json!({ "catalog_id": "9", "product_retailer_id": "sku-1" }))),
        (
            "interactive",
            with(
                interactive(
                    "product_list",
                    json!({ "catalog_id": "9", "sections": [{ "title": "Green", "product_items": [{ "product_retailer_id": "sku-1" }] }] }),
                ),
                json!({ "header": { "type": "text", "text": "Teas" } }),
            ),
        ),
        ("interactive", interactive("catalog_message", json!({ "name": "catalog_message" }))),
        ("interactive", interactive("carousel", json!({ "cards": [url_card(0, &photo), url_card(1, &photo)] }))),
        ("interactive", interactive("carousel", json!({ "cards": [reply_card(0), reply_card(1)] }))),
        ("interactive", interactive("carousel", json!({ "cards": [product_card(0), product_card(1)] }))),
        (
            "interactive",
            with(
                interactive("button", json!({ "buttons": [reply("a", "Keep")] })),
                json!({ "header": { "type": "image", "image": { "id": photo } }, "footer": { "text": "Acme" } }),
            ),
        ),
    ] {
        let answer = graph.send(kind, content.clone()).await;
        assert_eq!(answer.status, 200, "{content}: {}", answer.body);
    }
    let address =
        interactive("address_message", json!({ "name": "address_message", "parameters": { "country": "IN" } }));
    graph.send_to("+919900000000", "interactive", address.clone()).await.ok();
    assert_eq!(graph.send("interactive", address).await.refusal().1, 131_009);
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_in_order_is_refused() {
    let graph = Graph::start().await;
    let photo = graph.uploaded("image/jpeg", "photo.jpg", PHOTO).await;
    let rows = |count: usize| (0..count).map(|i| json!({ "id": i.to_string(), "title": "x" })).collect::<Vec<_>>();
    let list = |rows: Vec<Value>| json!({ "button": "Slots", "sections": [{ "rows": rows }] });
    let header = json!({ "header": { "type": "text", "text": "x" } });
    let mut other = url_card(1, &photo);
    other["action"] = json!({ "buttons": [{ "type": "quick_reply", "quick_reply": { "id": "a", "title": "a" } }] });
    for (kind, content, code) in [
        ("text", json!({ "body": "x".repeat(4_097) }), 100),
        ("text", json!({ "body": "" }), 131_008),
        ("location", json!({ "latitude": 91, "longitude": 0 }), 131_009),
        ("contacts", json!([]), 131_008),
        ("contacts", json!([{ "name": { "formatted_name": "Ada" } }]), 131_008),
        (
            "contacts",
            json!([{ "name": { "formatted_name": "Ada", "first_name": "Ada" }, "birthday": "10.12.1990" }]),
            131_009,
        ),
        ("interactive", interactive("button", json!({ "buttons": [] })), 131_009),
        (
            "interactive",
            interactive(
                "button",
                json!({ "buttons": [{ "type": "reply", "reply": { "id": "a", "title": "x".repeat(21) } }] }),
            ),
            100,
        ),
        ("interactive", interactive("list", list(rows(11))), 131_009),
        ("interactive", interactive("list", list(Vec::new())), 131_008),
        (
            "interactive",
            with(
                interactive("list", list(rows(1))),
                json!({ "header": { "type": "image", "image": { "id": photo } } }),
            ),
            131_009,
        ),
        (
            "interactive",
            interactive(
                "flow",
                json!({ "name": "flow", "parameters": { "flow_message_version": "3", "flow_cta": "Book" } }),
            ),
            131_009,
        ),
        (
            "interactive",
            with(interactive("location_request_message", json!({ "name": "send_location" })), header.clone()),
            131_009,
        ),
        (
            "interactive",
            with(interactive("product", json!({ "catalog_id": "9", "product_retailer_id": "1" })), header),
            131_009,
        ),
        ("interactive", interactive("product_list", json!({ "catalog_id": "9", "sections": [] })), 131_008),
        ("interactive", interactive("carousel", json!({ "cards": [url_card(0, &photo)] })), 131_009),
        ("interactive", interactive("carousel", json!({ "cards": [url_card(0, &photo), other] })), 131_009),
        ("interactive", interactive("poll", json!({})), 131_009),
        ("hologram", json!({}), 131_051),
    ] {
        let answer = graph.send(kind, content.clone()).await;
        assert_eq!(answer.refusal().1, code, "{content}: {}", answer.body);
    }
    let frame = json!({ "messaging_product": "whatsapp", "to": DEFAULT_CUSTOMER, "type": "text", "text": { "body": "x" }, "category": "utility" });
    assert_eq!(graph.post(&format!("{}/messages", graph.number()), &frame).await.refusal().1, 100);
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reactions_end_at_sent_and_fail_on_a_bad_target() {
    let mut graph = Graph::start().await;
    let text = graph.send("text", json!({ "body": "Hello" })).await.ok()["messages"][0]["id"].clone();
    graph.receiver.statuses(3).await;
    let reaction = graph.send("reaction", json!({ "message_id": text, "emoji": "👍🏽" })).await.ok();
    let sent = graph.receiver.statuses(1).await.remove(0);
    assert_eq!((&sent["status"], &sent["id"]), (&json!("sent"), &reaction["messages"][0]["id"]));
    graph.send("reaction", json!({ "message_id": text, "emoji": "" })).await.ok();
    graph.receiver.statuses(1).await;

    for target in [json!("wamid.unknown"), reaction["messages"][0]["id"].clone()] {
        graph.send("reaction", json!({ "message_id": target, "emoji": "👍" })).await.ok();
        assert_eq!(graph.late_code().await, 131_009);
    }
    assert_eq!(graph.send("reaction", json!({ "message_id": text, "emoji": "nice" })).await.refusal().1, 131_009);
    let frame = json!({ "messaging_product": "whatsapp", "to": DEFAULT_CUSTOMER, "type": "reaction",
        "reaction": { "message_id": text, "emoji": "👍" }, "context": { "message_id": text } });
    assert_eq!(graph.post(&format!("{}/messages", graph.number()), &frame).await.refusal().1, 100);
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_messages_of_customers_of_this_number_are_marked_as_read() {
    let graph = Graph::start().await;
    let other = graph.admin.create_direct(&Default::default()).await.unwrap();
    let hello = |sender: &str| Inbound { sender: sender.to_owned(), text: "Hi".to_owned(), ..Inbound::default() };
    let own = graph.admin.inbound(&hello(graph.number())).await.unwrap().message_id;
    let foreign = graph.admin.inbound(&hello(&other.phone_number_id)).await.unwrap().message_id;
    let path = format!("{}/messages", graph.number());
    let mark = |id: &str| json!({ "messaging_product": "whatsapp", "status": "read", "message_id": id, "typing_indicator": { "type": "text" } });
    assert_eq!(graph.post(&path, &mark(&own)).await.ok(), json!({ "success": true }));
    assert_eq!(graph.post(&path, &mark(&foreign)).await.refusal().1, 131_009);
    assert_eq!(graph.post(&path, &mark("wamid.unknown")).await.refusal().1, 131_009);
    let mut typing = mark(&own);
    typing["typing_indicator"] = json!({ "type": "audio" });
    assert_eq!(graph.post(&path, &typing).await.refusal().1, 131_009);
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blocked_people_get_nothing_and_only_recent_writers_can_be_blocked() {
    let mut graph = Graph::start().await;
    let path = format!("{}/block_users", graph.number());
    let body = |users: &[&str]| json!({ "messaging_product": "whatsapp", "block_users": users.iter().map(|user| json!({ "user": user })).collect::<Vec<_>>() });
    let partly = graph.post(&path, &body(&[DEFAULT_CUSTOMER, "+447700900456"])).await;
    assert_eq!(partly.refusal(), (400, 139_100, 0));
    assert_eq!(
        partly.body["block_users"]["added_users"],
        json!([{ "input": DEFAULT_CUSTOMER, "wa_id": "447700900123" }])
    );
    assert_eq!(partly.body["block_users"]["failed_users"][0]["errors"][0]["code"], 131_047);
    assert_eq!(graph.get(&path).await.ok()["data"][0]["wa_id"], "447700900123");
    graph.send("text", json!({ "body": "x" })).await.ok();
    assert_eq!(graph.late_code().await, 130_403);

    let delete = graph.request(reqwest::Method::DELETE, &path).json(&body(&[DEFAULT_CUSTOMER]));
    let removed = support::graph::answer(delete).await.ok();
    assert_eq!(removed["block_users"]["removed_users"][0]["wa_id"], "447700900123");
    assert_eq!(graph.get(&path).await.ok()["data"], json!([]));
    graph.send("text", json!({ "body": "x" })).await.ok();
    assert_eq!(graph.receiver.statuses(3).await.len(), 3);
    assert_eq!(graph.post(&path, &body(&[])).await.refusal().1, 100);
    graph.simulator.stop().await;
}
