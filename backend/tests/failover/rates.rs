use duplex_simulator::FaultKind;
use rstest::rstest;
use serde_json::json;

use crate::stage::{Stage, person};
use crate::support::Database;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_throttle_lowers_the_rate_and_says_why(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let first = stage.send(&person(1), json!({ "type": "text", "body": "Hello" })).await;
    stage.in_state(&first, "read").await;
    stage.fails("direct", FaultKind::Throttle { code: Some(130_429) }).await;
    stage.send(&person(2), json!({ "type": "text", "body": "Hello" })).await;
    let told = stage.told("channel.rate_changed").await;
    assert_eq!(told["channel_id"], stage.direct.as_str());
    assert_eq!(told["data"]["failure"]["provider_code"], "130429", "{told:#}");
    let lowered = |limits: &serde_json::Value| {
        let all = limits["data"].as_array().unwrap();
        all.iter().any(|one| one["channel_id"] == stage.direct.as_str() && one["rate"]["lowered_at"].is_string())
    };
    let limits = stage.app.until(&stage.program, "/api/v1/channel-limits", lowered).await;
    let mine =
        limits["data"].as_array().unwrap().iter().find(|one| one["channel_id"] == stage.direct.as_str()).unwrap();
    assert_eq!(mine["ceiling"], json!({ "messages_per_second": 1000, "source": "provider" }), "{mine:#}");
    assert_eq!(mine["rate"]["messages_per_second"], 450.0);
    assert_eq!(mine["rate"]["failure"]["code"], "throttled_sender");
    assert_eq!(mine["circuit"]["state"], "closed");
    stage.app.stop().await;
}
