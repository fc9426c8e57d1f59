//! Twilio's contents: stored, searched, reviewed, and the events about their approval.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, dead_code)]

mod support;

use std::collections::BTreeMap;

use base64::Engine as _;
use duplex_simulator::{AccountPatch, ContentChange, TemplateVerdict};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Digest as _;
use support::Hook;
use support::twilio::Stage;

const EVENT: &str = "com.twilio.messaging.template.approval.updated";

fn card() -> Value {
    json!({ "whatsapp/card": { "body": "Hi {{1}}, order {{2}} left our warehouse just now.", "footer": "Reply STOP to opt out", "header_text": "Shipping update",
        "actions": [{ "type": "URL", "title": "Track", "url": "https://shop.example.com/t/{{3}}" }, { "type": "QUICK_REPLY", "title": "Call me", "id": "call_me" }] } })
}

fn samples() -> Value {
    json!({ "1": "Ada", "2": "A-1042", "3": "A-1042" })
}

#[tokio::test(flavor = "multi_thread")]
async fn contents_are_made_changed_searched_and_deleted() {
    let stage = Stage::start().await;
    let body = |types: Value| json!({ "friendly_name": "order_note", "language": "en", "variables": samples(), "types": types });
    let refused = [
        (json!({ "language": "en", "types": {} }), 92_001),
        (json!({ "types": card() }), 92_003),
        (json!({ "language": "?", "types": card() }), 92_004),
        (json!({ "language": "en", "types": card(), "variables": { "1": 1 } }), 20_422),
        (json!({ "language": "en", "types": card(), "colour": "red" }), 20_422),
        (body(json!({ "twilio/text": { "body": "x", "footer": "y" } })), 20_422),
    ];
    for (body, code) in refused {
        let (status, answer) = stage.post_json("/v1/Content", &body).await;
        assert_eq!((status, answer["code"].as_u64()), (400, Some(code)), "{body} → {answer}");
    }
    let many: serde_json::Map<String, Value> = (1..=101).map(|n| (n.to_string(), json!("x"))).collect();
    let many = json!({ "language": "en", "types": card(), "variables": many });
    assert_eq!(stage.post_json("/v1/Content", &many).await.1["code"], 92_002);

    let (status, made) = stage.post_json("/v1/Content", &body(card())).await;
    assert_eq!((status, &made["types"]), (201, &card()));
    let path = format!("/v1/Content/{}", made["sid"].as_str().unwrap());
    let changed = json!({ "types": { "twilio/text": { "body": "Hi {{1}}" } } });
    let (status, changed) = stage.put_json(&path, &changed).await;
    assert_eq!(
        (status, &changed["friendly_name"], &changed["types"]["twilio/text"]["body"]),
        (200, &json!("order_note"), &json!("Hi {{1}}"))
    );

    let names = |answer: &Value| -> Vec<String> {
        answer["contents"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["friendly_name"].as_str().unwrap().to_owned())
            .collect()
    };
    let (_, found) = stage.get("/v2/Content?ContentName=%5Eorder_&SortByContentName=desc").await;
    assert_eq!(names(&found), ["order_shipped", "order_note"]);
    let (_, found) = stage
        .get("/v2/ContentAndApprovals?ChannelEligibility=whatsapp:approved&Language%5B%5D=en_US&SortByContentName=asc")
        .await;
    assert_eq!(names(&found), ["hello_world", "login_code"]);
    assert_eq!(found["contents"][1]["approval_requests"]["category"], "AUTHENTICATION");
    let (_, found) = stage.get("/v2/Content?ContentType=twilio/text&Content=spring").await;
    assert_eq!(names(&found), ["spring_offer"]);
    assert_eq!(stage.get("/v2/Content?ContentName=%28").await.0, 400);
    let (_, first) = stage.get("/v1/Content?PageSize=3").await;
    let next = first["meta"]["next_page_url"].as_str().unwrap().strip_prefix("https://content.twilio.com").unwrap();
    assert_eq!(names(&stage.get(next).await.1), ["spring_offer", "order_note"]);
    assert_eq!(stage.delete(&path).await, 204);
    assert_eq!(stage.get(&path).await.0, 404);
    stage.stop().await;
}

async fn submit(stage: &Stage, sid: &str, name: &str, category: &str) -> (u16, Value) {
    let path = format!("/v1/Content/{sid}/ApprovalRequests/whatsapp");
    stage.post_json(&path, &json!({ "name": name, "category": category })).await
}

/// Makes a sink at the receiver, proves it and subscribes it.
async fn subscribe(stage: &mut Stage) {
    let configuration =
        json!({ "destination": format!("{}/events", stage.receiver.url), "method": "POST", "batch_events": false })
            .to_string();
    let form = [("Description", "gw"), ("SinkType", "webhook"), ("SinkConfiguration", &*configuration)];
    let (status, sink) = stage.post_form("/v1/Sinks", &form).await;
    assert_eq!((status, &sink["status"]), (201, &json!("initialized")));
    let sid = sink["sid"].as_str().unwrap();
    let test = stage.receiver.next().await.json();
    let id = test[0]["id"].as_str().unwrap();
    assert_eq!(stage.post_form(&format!("/v1/Sinks/{sid}/Validate"), &[("TestId", "wrong")]).await.0, 400);
    assert_eq!(stage.post_form(&format!("/v1/Sinks/{sid}/Validate"), &[("TestId", id)]).await.1["result"], "valid");
    assert_eq!(stage.get(&format!("/v1/Sinks/{sid}")).await.1["status"], "active");
    let types = json!({ "type": EVENT }).to_string();
    let form = [("Description", "templates"), ("SinkSid", sid), ("Types", &*types)];
    assert_eq!(stage.post_form("/v1/Subscriptions", &form).await.0, 201);
    assert_eq!(stage.delete(&format!("/v1/Sinks/{sid}")).await, 409);
}

fn is_signed(hook: &Hook, auth_token: &str) -> bool {
    let hash = hook.url.split_once("bodySHA256=").map(|(_, hash)| hash);
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(auth_token.as_bytes()).unwrap();
    mac.update(hook.url.as_bytes());
    let signature = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
    hash == Some(hex::encode(sha2::Sha256::digest(&hook.body)).as_str()) && hook.signature == signature
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_takes_its_time_and_is_told_to_the_sink() {
    let mut stage = Stage::strict().await;
    subscribe(&mut stage).await;
    let verdict = |approved: bool, category: Option<&str>| TemplateVerdict {
        approved,
        reason: (!approved).then(|| "TAG_CONTENT_MISMATCH".to_owned()),
        explanation: (!approved).then(|| "Looks like marketing.".to_owned()),
        recommendation: None,
        category: category.map(str::to_owned),
    };
    let verdicts = BTreeMap::from([
        ("order_refused".to_owned(), verdict(false, None)),
        ("order_offer".to_owned(), verdict(true, Some("MARKETING"))),
    ]);
    let patch =
        AccountPatch { template_review_ms: Some(50), template_verdicts: Some(verdicts), ..AccountPatch::default() };
    stage.patch_account(patch).await;

    let sid = stage.content(card(), samples()).await;
    assert_eq!(submit(&stage, &sid, "Order", "UTILITY").await.0, 400);
    assert_eq!(submit(&stage, &sid, "order", "GOSSIP").await.0, 400);
    let (status, answer) = submit(&stage, &sid, "order_sent", "UTILITY").await;
    assert_eq!(
        (status, &answer["status"], &answer["content_type"]),
        (201, &json!("received"), &json!("whatsapp/card"))
    );
    assert_eq!(submit(&stage, &sid, "order_sent", "UTILITY").await.1["code"], 92_009);
    assert_eq!(stage.put_json(&format!("/v1/Content/{sid}"), &json!({ "types": card() })).await.0, 400);
    let hook = stage.receiver.next().await;
    assert!(is_signed(&hook, &stage.account.auth_token), "{hook:?}");
    let event = hook.json()[0].clone();
    assert_eq!((&event["type"], &event["data"]["type"]), (&json!(EVENT), &json!("status_update")));
    let template = &event["data"]["template"];
    assert_eq!((&template["previousValue"], &template["currentValue"]), (&json!("pending"), &json!("approved")));
    let external = format!("order_sent_{}", sid.to_lowercase());
    assert_eq!(template["externalTemplateName"], external.as_str());
    let (_, shown) = stage.get(&format!("/v1/Content/{sid}/ApprovalRequests")).await;
    assert_eq!(
        (&shown["whatsapp"]["status"], &shown["whatsapp"]["rejection_reason"]),
        (&json!("approved"), &json!(""))
    );
    stage.send_read(&[("ContentSid", &sid), ("ContentVariables", r#"{"1":"Bob"}"#)]).await;
    assert_eq!(
        stage.newest().await,
        json!({ "kind": "template", "name": external, "language": "en", "category": "utility", "header": { "type": "text", "text": "Shipping update" },
            "body": "Hi Bob, order A-1042 left our warehouse just now.", "footer": "Reply STOP to opt out", "buttons": [
                { "type": "url", "text": "Track", "url": "https://shop.example.com/t/A-1042" },
                { "type": "quick_reply", "text": "Call me", "payload": "call_me" }] })
    );
    assert_eq!(stage.send_failing(&[("ContentSid", &sid), ("ContentVariables", r#"{"1":"a\nb"}"#)]).await, "63013");

    let refused = stage.content(card(), samples()).await;
    submit(&stage, &refused, "order_refused", "UTILITY").await;
    assert_eq!(stage.receiver.next().await.json()[0]["data"]["template"]["currentValue"], "rejected");
    let (_, shown) = stage.get(&format!("/v1/Content/{refused}/ApprovalRequests")).await;
    assert_eq!(shown["whatsapp"]["rejection_reason"], "TAG_CONTENT_MISMATCH. Looks like marketing.");
    assert_eq!(stage.send_failing(&[("ContentSid", &refused)]).await, "63040");

    let offer = stage.content(card(), samples()).await;
    submit(&stage, &offer, "order_offer", "UTILITY").await;
    let mut told: Vec<(String, String)> = Vec::new();
    for _ in 0..2 {
        let data = stage.receiver.next().await.json()[0]["data"].clone();
        told.push((
            data["type"].as_str().unwrap().to_owned(),
            data["template"]["currentValue"].as_str().unwrap().to_owned(),
        ));
    }
    told.sort();
    assert_eq!(
        told,
        [("category_update".to_owned(), "MARKETING".to_owned()), ("status_update".to_owned(), "approved".to_owned())]
    );

    let pause = ContentChange { status: Some("paused".to_owned()), ..ContentChange::default() };
    stage.admin.change_content(&stage.account.account_sid, &sid, &pause).await.unwrap();
    assert_eq!(stage.receiver.next().await.json()[0]["data"]["template"]["currentValue"], "paused");
    assert_eq!(stage.send_failing(&[("ContentSid", &sid)]).await, "63041");
    let disable = ContentChange { status: Some("disabled".to_owned()), ..ContentChange::default() };
    stage.admin.change_content(&stage.account.account_sid, &sid, &disable).await.unwrap();
    stage.receiver.next().await;
    assert_eq!(stage.send_failing(&[("ContentSid", &sid)]).await, "63042");
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flaw_in_a_content_ends_in_a_rejection() {
    let mut stage = Stage::start().await;
    subscribe(&mut stage).await;
    stage.patch_account(AccountPatch { template_review_ms: Some(1), ..AccountPatch::default() }).await;
    let text = |body: &str| json!({ "twilio/text": { "body": body } });
    let flaws = [
        (text("{{1}} is here now for you today"), json!({ "1": "x" }), "start or end"),
        (text("Here is {{1}} {{2}} for you today and more"), json!({ "1": "x", "2": "y" }), "side by side"),
        (text("Hi {{1}} there"), json!({ "1": "x" }), "too many variables"),
        (text("Hello {{2}} we wrote to you"), json!({ "2": "x" }), "without gaps"),
        (text("Hello {{1}} we wrote to you"), json!({}), "no sample"),
    ];
    for (number, (types, variables, why)) in flaws.into_iter().enumerate() {
        let sid = stage.content(types, variables).await;
        submit(&stage, &sid, &format!("flaw_{number}"), "UTILITY").await;
        assert_eq!(stage.receiver.next().await.json()[0]["data"]["template"]["currentValue"], "rejected");
        let (_, shown) = stage.get(&format!("/v1/Content/{sid}/ApprovalRequests")).await;
        let reason = shown["whatsapp"]["rejection_reason"].as_str().unwrap();
        assert!(reason.contains(why), "{reason}");
    }
    let place = json!({ "twilio/location": { "latitude": 51.5, "longitude": -0.1 } });
    let place = stage.content(place, json!({})).await;
    assert_eq!(submit(&stage, &place, "place", "UTILITY").await.1["code"], 20_422);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn carousels_codes_and_media_arrive_as_templates() {
    let mut stage = Stage::strict().await;
    subscribe(&mut stage).await;
    stage.patch_account(AccountPatch { template_review_ms: Some(1), ..AccountPatch::default() }).await;
    let slide = |name: &str| json!({ "media": format!("https://cdn.example.com/{name}.jpg"), "body": name, "actions": [{ "type": "QUICK_REPLY", "title": "I want it", "id": name }] });
    let carousel = json!({ "twilio/carousel": { "body": "New in store", "cards": [slide("mug"), slide("cap")] } });
    let code = json!({ "whatsapp/authentication": { "add_security_recommendation": true, "code_expiration_minutes": 10, "actions": [{ "type": "COPY_CODE", "copy_code_text": "Copy code" }] } });
    let media =
        json!({ "twilio/media": { "body": "Your ticket is attached", "media": ["https://cdn.example.com/{{1}}"] } });
    for (name, types, variables, category) in [
        ("slides", carousel, json!({}), "MARKETING"),
        ("code", code, json!({ "1": "493817" }), "AUTHENTICATION"),
        ("ticket", media, json!({ "1": "t.pdf" }), "UTILITY"),
    ] {
        let sid = stage.content(types, variables).await;
        submit(&stage, &sid, name, category).await;
        assert_eq!(stage.receiver.next().await.json()[0]["data"]["template"]["currentValue"], "approved");
        stage.send_read(&[("ContentSid", &sid)]).await;
    }
    let thread = stage.phone().await.messages;
    let shown: Vec<Value> = thread.iter().map(|message| serde_json::to_value(&message.content).unwrap()).collect();
    assert_eq!(shown[0]["cards"][1]["header"], json!({ "type": "image", "url": "https://cdn.example.com/cap.jpg" }));
    assert_eq!(
        shown[0]["cards"][1]["buttons"][0],
        json!({ "type": "quick_reply", "text": "I want it", "payload": "cap" })
    );
    assert_eq!(shown[1]["body"], "493817 is your verification code. For your security, do not share this code.");
    assert_eq!(shown[1]["buttons"][0], json!({ "type": "copy_code", "text": "Copy code", "code": "493817" }));
    assert_eq!(shown[2]["header"], json!({ "type": "document", "url": "https://cdn.example.com/t.pdf" }));
    stage.stop().await;
}
