//! Checks, holds, and their ends.

use std::time::Duration;

use duplex::domain::failure::{Failure, FailureCode};
use rstest::rstest;
use serde_json::{Value, json};

use super::stage::{Stage, path_of};
use crate::support::Database;

fn check<'a>(outcome: &'a Value, name: &str) -> &'a Value {
    let checks = outcome["report"]["checks"].as_array().expect("checks");
    checks.iter().find(|check| check["name"] == name).unwrap_or_else(|| panic!("{name} in {outcome:#}"))
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_check_finds_the_wrong_field(
    #[values(("twilio", "api_key_secret"), ("direct", "whatsapp_access_token"))] wrong: (&str, &str),
) {
    let (provider, field) = wrong;
    let stage = Stage::set(Database::Sqlite).await;
    let channel = stage.channel(provider).await;
    let path = path_of(&channel);
    let good = stage.sandbox.post(&format!("{path}/check"), json!({})).await.expect(200);
    assert_eq!(good["report"]["healthy"], true, "{good:#}");

    let secret = "EAAGwrongwrongwrongwrongwrongwrongw";
    stage.sandbox.patch(&path, json!({ "provider": provider, field: secret })).await.expect(200);
    let bad = stage.sandbox.post(&format!("{path}/check"), json!({})).await.expect(200);
    assert_eq!(bad["report"]["healthy"], false, "{bad:#}");
    let credentials = check(&bad, "credentials");
    assert_eq!((credentials["result"].as_str(), credentials["field"].as_str()), (Some("fail"), Some(field)), "{bad:#}");
    assert!(credentials["cure"].is_string(), "{bad:#}");
    assert!(!bad.to_string().contains(secret));
    assert_eq!(stage.sandbox.get(&path).await.expect(200)["check"], bad["report"], "the report is kept");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_person_holds_and_resumes(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let path = path_of(&stage.channel("twilio").await);
    let act = async |action: &str| stage.sandbox.post(&format!("{path}/{action}"), json!({})).await;
    act("resume").await.problem(409, "conflict");
    let held = act("hold").await.expect(200);
    assert_eq!(held["state"], "held");
    assert!(held["held"]["since"].is_string() && held["held"]["failure"].is_null());
    act("hold").await.problem(409, "conflict");

    // Neither a green check nor a probe ends what a person wants.
    assert_eq!(act("check").await.expect(200)["resumed"], false);
    stage.pass(Duration::from_secs(120));
    stage.app.app().context.channels.probe_held().await.unwrap();
    assert_eq!(stage.sandbox.get(&path).await.expect(200)["state"], "held");

    // What is queued meanwhile keeps the channel.
    let message = json!({ "to": "+447700900123", "content": { "type": "text", "body": "waits" } });
    stage.sandbox.post("/api/v1/messages", message).await.expect(202);
    let refused = stage.sandbox.delete(&path).await.problem(409, "conflict");
    assert!(refused["detail"].as_str().unwrap().contains("cancel"), "{refused:#}");
    let moved = json!({ "provider": "twilio", "sender_number": "+15551239999" });
    stage.sandbox.patch(&path, moved).await.problem(409, "conflict");

    assert_eq!(act("resume").await.expect(200)["state"], "active");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_failure_holds_until_a_check_is_green(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values(true, false)] by_probe: bool,
) {
    let stage = Stage::set(database).await;
    let channel = stage.channel("direct").await;
    let path = path_of(&channel);
    let channels = &stage.app.app().context.channels;
    let (workspace, id) = (stage.app.sandbox.parse().unwrap(), channel["id"].as_str().unwrap().parse().unwrap());
    let failure = Failure {
        code: FailureCode::CredentialsInvalid,
        provider_code: Some("190".to_owned()),
        detail: "The access token is dead.".to_owned(),
    };
    assert!(channels.hold_for(workspace, id, failure.clone()).await.unwrap());
    assert!(!channels.hold_for(workspace, id, failure).await.unwrap(), "it was held already");
    let held = stage.sandbox.get(&path).await.expect(200);
    assert_eq!(held["held"]["failure"]["code"], "credentials_invalid");

    if by_probe {
        stage.pass(Duration::from_secs(61));
        assert_eq!(channels.probe_held().await.unwrap(), 1);
    } else {
        let outcome = stage.sandbox.post(&format!("{path}/check"), json!({})).await.expect(200);
        assert_eq!(outcome["resumed"], true, "{outcome:#}");
    }
    let resumed = stage.sandbox.get(&path).await.expect(200);
    assert_eq!(resumed["state"], "active");
    assert!(resumed["held"].is_null());
    let feed = stage.sandbox.get("/api/v1/events").await.expect(200);
    // Whatever else goes on, such as the first look at templates, this is told in this order and once.
    let story = ["channel.held", "alert.raised", "channel.resumed", "alert.cleared"];
    let kinds: Vec<_> = feed["data"].as_array().unwrap().iter().filter_map(|event| event["type"].as_str()).collect();
    let told: Vec<_> = kinds.iter().copied().filter(|kind| story.contains(kind)).collect();
    assert_eq!(told, story, "{kinds:?}");
    stage.strike().await;
}
