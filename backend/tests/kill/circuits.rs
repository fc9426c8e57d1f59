//! A restart knows which messages failed, and must not forget that others went through between them.

use duplex_simulator::{Fault, FaultKind};
use rstest::rstest;
use serde_json::json;

use super::stage::{Provider, Stage};
use super::support::Database;
use super::support::api::Caller;

/// Sends the message to a person of this number and waits until it is in this state.
async fn ends(stage: &Stage, caller: &Caller, number: u32, state: &str) {
    let to = format!("+4479460958{number:02}");
    let message = json!({ "to": to, "content": { "type": "text", "body": "Your parcel is on its way" } });
    let message = caller.post("/api/v1/messages", message).await.expect(202);
    stage.message_in(caller, message["id"].as_str().expect("an id"), &[state]).await;
}

async fn fails(stage: &Stage, caller: &Caller, number: u32) {
    stage.admin().set_faults(&[Fault::times(FaultKind::Http5xx { status: None }, 1)]).await.expect("a fault");
    ends(stage, caller, number, "unknown").await;
}

#[rstest]
#[tokio::test]
async fn failures_among_successes_open_no_circuit_after_a_restart(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let mut stage = Stage::set(database, Provider::Direct).await;
    let (gateway, caller) = stage.start(None).await;
    let caller = stage.set_up(&caller).await;
    for number in 0..5 {
        fails(&stage, &caller, number).await;
        ends(&stage, &caller, 10 + number, "accepted").await;
    }
    assert!(gateway.stop().await.success());

    let (gateway, caller) = stage.start(None).await;
    fails(&stage, &caller, 20).await;
    ends(&stage, &caller, 21, "accepted").await;
    assert!(gateway.stop().await.success());
    stage.strike().await;
}
