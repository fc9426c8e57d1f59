//! A marketing template that both providers have approved.

use duplex_simulator::{AccountPatch, AccountView};
use serde_json::{Value, json};

use crate::stage::Stage;

const NAME: &str = "spring_sale";

/// A message of the class marketing.
pub fn offer(to: &str) -> Value {
    json!({ "to": to, "content": { "type": "template", "name": NAME, "language": "en_GB" } })
}

/// Has it approved at both providers.
pub async fn approve(stage: &Stage) {
    approve_as_time_passes(stage, || ()).await;
}

/// The same where the clock stands still: Twilio is asked for its decision after a while.
pub async fn approve_as_time_passes(stage: &Stage, pass: impl FnOnce()) {
    for account in stage.simulator.accounts().await.unwrap() {
        let id = match account {
            AccountView::Direct(one) => one.phone_number_id,
            AccountView::Twilio(one) => one.account_sid,
        };
        let patch = AccountPatch { template_review_ms: Some(0), ..AccountPatch::default() };
        stage.simulator.patch_account(&id, &patch).await.unwrap();
    }
    let keeper = stage.app.key(&["templates:read", "templates:write", "channels:read"]).await;
    let definition = json!({ "name": NAME, "language": "en_GB", "category": "marketing",
        "body": { "text": "Spring teas are in." } });
    let made = keeper.post("/api/v1/templates", definition).await.expect(201);
    let path = format!("/api/v1/templates/{}", made["id"].as_str().unwrap());
    let channels = keeper.get("/api/v1/channels").await.expect(200);
    for channel in channels["data"].as_array().unwrap() {
        let to = json!({ "channel_id": channel["id"] });
        keeper.post(&format!("{path}/submissions"), to).await.expect(200);
    }
    pass();
    let approved = |shown: &Value| {
        let all = shown["registrations"].as_array().unwrap();
        all.len() == 2 && all.iter().all(|one| one["status"] == "approved")
    };
    stage.app.until(&keeper, &path, approved).await;
}
