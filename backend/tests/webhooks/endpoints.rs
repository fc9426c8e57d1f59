//! Who may set endpoints, where they may be, and whose they are.

use rstest::rstest;
use serde_json::json;

use crate::stage::{ENDPOINTS, Receiver, Stage};
use crate::support::Database;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn endpoints_are_public_and_few(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database, &[]).await;
    for url in [
        "http://shop.example/hook",
        "https://127.0.0.1/hook",
        "https://[::1]/hook",
        "https://10.0.0.1/hook",
        "https://user:secret@shop.example/hook",
        "https://shop.example/hook#part",
        "shop.example",
        "",
    ] {
        let refused = stage.program().post(ENDPOINTS, json!({ "url": url })).await;
        assert_eq!(refused.complaints(), [("url".to_owned(), "invalid_value".to_owned())], "{url}");
        refused.problem(422, "validation_failed");
    }
    let url = "https://shop.example/hook";
    for (form, complaint) in [
        (json!({ "url": url, "event_types": ["message.read", "pigeon.landed"] }), ("event_types[1]", "invalid_value")),
        (json!({ "url": url, "description": "x".repeat(201) }), ("description", "too_long")),
        (json!({ "description": "nowhere" }), ("url", "required")),
        (json!({ "url": url, "secret": "mine" }), ("secret", "unknown_field")),
    ] {
        let refused = stage.program().post(ENDPOINTS, form).await;
        assert_eq!(refused.complaints(), [(complaint.0.to_owned(), complaint.1.to_owned())]);
    }
    let mut last = json!(null);
    for n in 0..20 {
        let form = json!({ "url": url, "description": format!("shop {n}"), "event_types": ["message.read", "channel.held", "message.read"] });
        last = stage.program().post(ENDPOINTS, form).await.expect(201);
    }
    assert_eq!(last["event_types"], json!(["message.read", "channel.held"]));
    stage.program().post(ENDPOINTS, json!({ "url": url })).await.problem(409, "conflict");
    let path = format!("{ENDPOINTS}/{}", last["id"].as_str().unwrap());
    stage.program().delete(&path).await.expect(204);
    stage.program().get(&path).await.problem(404, "not_found");
    stage.program().post(ENDPOINTS, json!({ "url": url })).await.expect(201);
    let list = stage.program().get(&format!("{ENDPOINTS}?limit=15")).await.expect(200);
    assert!(list["next_cursor"].is_string() && list["data"].as_array().unwrap().len() == 15);
    let changed = &list["data"][3];
    let path = format!("{ENDPOINTS}/{}", changed["id"].as_str().unwrap());
    let change = json!({ "url": "https://other.example/", "event_types": [], "state": "disabled" });
    let changed = stage.program().patch(&path, change).await.expect(200);
    assert_eq!((&changed["url"], &changed["event_types"]), (&json!("https://other.example/"), &json!([])));
    assert_eq!((&changed["state"], &changed["disabled_reason"]), (&json!("disabled"), &json!("by_hand")));
    assert_eq!(changed["description"], list["data"][3]["description"]);
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn another_workspace_sees_nothing(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let receiver = Receiver::start().await;
    let stage = Stage::set(database, &[&receiver]).await;
    let endpoint = stage.endpoint(&receiver, &["message.queued"]).await;
    stage.message().await;
    let log = stage.ended(&endpoint, 1, "delivered").await;
    let delivery = format!("/api/v1/webhook-deliveries/{}", log[0]["id"].as_str().unwrap());

    let other = stage.app.key_in(&stage.app.live, &["webhooks:read", "webhooks:write"]).await;
    assert_eq!(other.get(ENDPOINTS).await.expect(200)["data"], json!([]));
    for path in [endpoint.path.clone(), format!("{}/deliveries", endpoint.path), delivery.clone()] {
        other.get(&path).await.problem(404, "not_found");
    }
    other.patch(&endpoint.path, json!({ "state": "disabled" })).await.problem(404, "not_found");
    other.delete(&endpoint.path).await.problem(404, "not_found");
    for action in ["rotate-secret", "test"] {
        other.post(&format!("{}/{action}", endpoint.path), json!({})).await.problem(404, "not_found");
    }
    other.post(&format!("{}/replay", endpoint.path), json!({ "after": 0 })).await.problem(404, "not_found");
    other.post(&format!("{delivery}/replay"), json!({})).await.problem(404, "not_found");
    assert_eq!(receiver.requests().await.len(), 1);

    let reader = stage.app.key(&["webhooks:read"]).await;
    reader.get(&endpoint.path).await.expect(200);
    reader.get(&delivery).await.expect(200);
    reader.post(ENDPOINTS, json!({ "url": receiver.url() })).await.problem(403, "forbidden");
    reader.post(&format!("{delivery}/replay"), json!({})).await.problem(403, "forbidden");
    reader.post(&format!("{}/test", endpoint.path), json!({})).await.problem(403, "forbidden");
    let stranger = stage.app.key(&["events:read"]).await;
    stranger.get(ENDPOINTS).await.problem(403, "forbidden");
    stage.strike().await;
}
