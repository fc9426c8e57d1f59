//! Twilio's messages: media, contents, places, schedules, and what can be done to them afterwards.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, dead_code)]

mod support;

use duplex_simulator::{Pace, Status};
use serde_json::json;
use support::files::Files;
use support::http;
use support::twilio::Stage;

const PDF: &[u8] = include_bytes!("../samples/document.pdf");
const PHOTO: &[u8] = include_bytes!("../samples/photo.jpg");
const CARD: &[u8] = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\nTEL:+447700900456\r\nEND:VCARD\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn media_on_this_machine_are_fetched_and_those_elsewhere_trusted() {
    let mut stage = Stage::start().await;
    let large = [PHOTO, &vec![0; 5 << 20]].concat();
    let files = Files::start(&[
        ("/a.jpg", "image/jpeg", PHOTO),
        ("/b.pdf", "application/pdf", PDF),
        ("/c.vcf", "text/vcard", CARD),
        ("/large.jpg", "image/jpeg", &large),
        ("/odd.heic", "image/heic", PHOTO),
        ("/lie.png", "image/png", PHOTO),
        ("/empty.jpg", "image/jpeg", b""),
    ])
    .await;
    let link = |name: &str| format!("{}/{name}", files.url);
    let sid = stage.send_read(&[("MediaUrl", &link("a.jpg")), ("Body", "Front view")]).await;
    assert!(sid.starts_with("MM"));
    let shown = stage.newest().await;
    assert_eq!((&shown["kind"], &shown["caption"]), (&json!("image"), &json!("Front view")));
    let bytes = http().get(shown["url"].as_str().unwrap()).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(bytes, PHOTO);
    stage.send_read(&[("MediaUrl", &link("b.pdf")), ("Body", "no caption at Twilio")]).await;
    let shown = stage.newest().await;
    assert_eq!(
        (&shown["kind"], &shown["filename"], shown.get("caption")),
        (&json!("document"), &json!("named.bin"), None)
    );
    stage.send_read(&[("MediaUrl", &link("c.vcf"))]).await;
    assert_eq!(stage.newest().await["contacts"][0]["name"]["formatted_name"], "Ada");
    stage.send_read(&[("MediaUrl", "https://acme.example/v/demo.mp4"), ("Body", "Demo")]).await;
    let shown = stage.newest().await;
    assert_eq!((&shown["kind"], &shown["url"]), (&json!("video"), &json!("https://acme.example/v/demo.mp4")));

    let failing = [
        ("gone.jpg", "63019"),
        ("empty.jpg", "63019"),
        ("large.jpg", "63034"),
        ("odd.heic", "63021"),
        ("lie.png", "63021"),
    ];
    for (name, code) in failing {
        assert_eq!(stage.send_failing(&[("MediaUrl", &link(name))]).await, code, "{name}");
    }
    assert_eq!(stage.send_failing(&[("MediaUrl", &link("a.jpg")), ("MediaUrl", &link("b.pdf"))]).await, "63006");

    let (_, list) = stage.get(&stage.path(&format!("/Messages/{sid}/Media.json"))).await;
    let medium = &list["media_list"][0];
    assert_eq!((&medium["parent_sid"], &medium["content_type"]), (&json!(sid), &json!("image/jpeg")));
    let address = stage.path(&format!("/Messages/{sid}/Media/{}", medium["sid"].as_str().unwrap()));
    let url = format!("{}{address}", stage.simulator.base_url());
    assert_eq!(http().get(&url).send().await.unwrap().status(), 401);
    let quiet = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let answer =
        quiet.get(&url).basic_auth(&stage.account.account_sid, Some(&stage.account.auth_token)).send().await.unwrap();
    assert_eq!(answer.status(), 307);
    let target = answer.headers()["location"].to_str().unwrap();
    assert_eq!(quiet.get(target).send().await.unwrap().bytes().await.unwrap(), PHOTO, "without credentials");
    assert_eq!(stage.get(&format!("{address}.json")).await.1["sid"], medium["sid"]);
    assert_eq!(stage.delete(&format!("{address}.json")).await, 204);
    assert_eq!(stage.get(&address).await.0, 404);
    assert_eq!(stage.get(&stage.path(&format!("/Messages/{sid}.json"))).await.1["num_media"], "0");
    files.stop().await;
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_and_the_options_are_checked() {
    let mut stage = Stage::start().await;
    stage.send_read(&[("Body", "Head office"), ("PersistentAction", "geo:-23.5613,-46.6565|Av. Paulista 1578")]).await;
    assert_eq!(
        stage.newest().await,
        json!({ "kind": "location", "latitude": -23.5613, "longitude": -46.6565, "name": "Head office", "address": "Av. Paulista 1578" })
    );
    let soon = (chrono::Utc::now() + chrono::Duration::minutes(5)).to_rfc3339();
    let service = stage.account.messaging_service_sid.clone();
    let cases: [(&[(&str, &str)], u64); 12] = [
        (&[("PersistentAction", "geo:91,0|x")], 20_422),
        (&[("PersistentAction", "home")], 20_422),
        (&[("ValidityPeriod", "36001")], 21_624),
        (&[("MessageIntent", "gossip")], 20_422),
        (&[("ContentRetention", "discard")], 30_029),
        (&[("AddressRetention", "obfuscate")], 30_030),
        (&[("MessagingServiceSid", "MG1")], 21_705),
        (&[("ScheduleType", "fixed")], 35_111),
        (&[("ScheduleType", "someday"), ("SendAt", &soon)], 35_126),
        (&[("ScheduleType", "fixed"), ("SendAt", &soon)], 35_118),
        (&[("ScheduleType", "fixed"), ("SendAt", &soon), ("MessagingServiceSid", &service)], 35_114),
        (&[("MediaUrl", "ftp://acme.example/a.jpg")], 21_620),
    ];
    for (form, code) in cases {
        let form = [form, &[("Body", "x")]].concat();
        let (status, answer) = stage.send(&form).await;
        assert_eq!((status, answer["code"].as_u64()), (400, Some(code)), "{form:?} → {answer}");
    }
    let eleven = vec![("MediaUrl", "https://acme.example/a.jpg"); 11];
    assert_eq!(stage.send(&eleven).await.1["code"], 21_623);
    stage.admin.set_pace(&Pace { sent_ms: 2_000, ..Pace::IMMEDIATE }).await.unwrap();
    assert_eq!(stage.send_failing(&[("Body", "x"), ("ValidityPeriod", "1")]).await, "30036");
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_message_can_be_taken_back() {
    let mut stage = Stage::start().await;
    let at = (chrono::Utc::now() + chrono::Duration::hours(1)).to_rfc3339();
    let service = stage.account.messaging_service_sid.clone();
    let form = [("Body", "x"), ("ScheduleType", "fixed"), ("SendAt", &*at), ("MessagingServiceSid", &*service)];
    let (status, message) = stage.send(&form).await;
    assert_eq!((status, &message["status"]), (201, &json!("scheduled")));
    let path = stage.path(&format!("/Messages/{}.json", message["sid"].as_str().unwrap()));
    assert_eq!(stage.delete(&path).await, 400);
    let (status, canceled) = stage.post_form(&path, &[("Status", "canceled")]).await;
    assert_eq!((status, &canceled["status"]), (200, &json!("canceled")));
    assert_eq!(stage.receiver.next().await.field("MessageStatus").as_deref(), Some("canceled"));
    assert_eq!(stage.post_form(&path, &[("Status", "canceled")]).await.1["code"], 30_409);
    assert_eq!(stage.phone().await.messages[0].status, Status::Canceled);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_redacted_and_deleted_at_twilio_but_not_on_the_phone() {
    let mut stage = Stage::start().await;
    let sid = stage.send_read(&[("Body", "Secret")]).await;
    let path = stage.path(&format!("/Messages/{sid}.json"));
    assert_eq!(stage.post_form(&path, &[("Body", "other")]).await.1["code"], 30_400);
    assert_eq!(stage.post_form(&path, &[("Body", ""), ("Status", "canceled")]).await.1["code"], 30_400);
    assert_eq!(stage.post_form(&path, &[("Body", "")]).await.1["body"], "");
    assert_eq!(stage.get(&path).await.1["body"], "");
    let feedback = stage.path(&format!("/Messages/{sid}/Feedback.json"));
    assert_eq!(stage.post_form(&feedback, &[("Outcome", "confirmed")]).await.1["outcome"], "confirmed");
    assert_eq!(stage.delete(&path).await, 204);
    assert_eq!(stage.get(&path).await.0, 404);
    let (_, listed) = stage.get(&stage.path("/Messages.json")).await;
    assert_eq!(listed["messages"], json!([]));
    assert_eq!(stage.phone().await.messages[0].text, "Secret");
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unapproved_contents_follow_the_rules_of_conversations() {
    let mut stage = Stage::start().await;
    let replies = json!([{ "type": "QUICK_REPLY", "title": "{{2}}", "id": "{{3}}" }, { "type": "QUICK_REPLY", "title": "No", "id": "n" }]);
    let quick = stage
        .content(
            json!({ "twilio/quick-reply": { "body": "{{1}}", "actions": replies } }),
            json!({ "1": "Deliver?", "2": "Yes", "3": "y" }),
        )
        .await;
    let variables = r#"{"1":"Deliver {{2}} today?","3":"order:77"}"#;
    stage.send_read(&[("ContentSid", &quick), ("ContentVariables", variables)]).await;
    assert_eq!(
        stage.newest().await,
        json!({ "kind": "buttons", "body": "Deliver {{2}} today?", "buttons": [
            { "type": "reply", "text": "Yes", "id": "order:77" }, { "type": "reply", "text": "No", "id": "n" }] }),
        "left out variables take the samples, and values are not read again"
    );
    let long = [("ContentSid", &*quick), ("ContentVariables", r#"{"2":"A label that is too long"}"#)];
    assert_eq!(stage.send_failing(&long).await, "63021");
    assert_eq!(
        stage.send_failing(&[("ContentSid", &quick), ("MediaUrl", "https://acme.example/a.jpg")]).await,
        "63030"
    );

    let list = json!({ "twilio/list-picker": { "body": "Pick a slot", "button": "Slots", "items": [
        { "id": "s1", "item": "09:00", "description": "Morning" }, { "id": "s2", "item": "15:00" }] } });
    let list = stage.content(list, json!({})).await;
    stage.send_read(&[("ContentSid", &list)]).await;
    let rows = json!([{ "rows": [{ "id": "s1", "title": "09:00", "description": "Morning" }, { "id": "s2", "title": "15:00" }] }]);
    assert_eq!(stage.newest().await["sections"], rows);

    let four = json!({ "twilio/quick-reply": { "body": "x", "actions": vec![json!({ "title": "x", "id": "x" }); 4] } });
    let four = stage.content(four, json!({})).await;
    let card = stage.content(json!({ "whatsapp/card": { "body": "x", "footer": "y" } }), json!({})).await;
    let blank = stage.content(json!({ "twilio/text": { "body": "Hi {{1}} there" } }), json!({})).await;
    for (sid, code) in [(&four, "63021"), (&card, "63021"), (&blank, "63028")] {
        assert_eq!(stage.send_failing(&[("ContentSid", sid)]).await, code);
    }
    let rich = json!({ "twilio/text": { "body": "plain" }, "whatsapp/card": { "body": "card", "footer": "y" } });
    let rich = stage.content(rich, json!({})).await;
    stage.send_read(&[("ContentSid", &rich)]).await;
    assert_eq!(
        stage.newest().await,
        json!({ "kind": "text", "text": "plain" }),
        "the richest that a conversation takes"
    );
    stage.stop().await;

    let mut strict = Stage::strict().await;
    let list =
        json!({ "twilio/list-picker": { "body": "x", "button": "b", "items": [{ "id": "s1", "item": "09:00" }] } });
    let list = strict.content(list, json!({})).await;
    assert_eq!(strict.send_failing(&[("ContentSid", &list)]).await, "63016");
    strict.stop().await;
}
