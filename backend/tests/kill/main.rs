//! The gateway is killed at each point between accepting a message and knowing what became of it. After a restart
//! nothing is lost and nothing is doubled; the simulator, which stays alive, says what it got.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

mod circuits;
mod nodes;
mod relay;
mod stage;
#[path = "../support/mod.rs"]
mod support;
mod webhooks;

use reqwest::Method;
use rstest::rstest;
use serde_json::json;
use stage::{Provider, Stage};
use support::Database;
use support::api::Caller;

/// The person whose message is cut short, and one whose message is sent afterwards.
const FIRST: &str = "+447700900123";
const SECOND: &str = "+447700900124";

/// What a restart finds after the gateway died at a point.
struct Expected {
    /// Whether the provider has got the message in the end.
    sent: bool,
    /// Whether it stays unknown as long as no webhook comes.
    unknown_without_webhooks: bool,
}

const UNHARMED: Expected = Expected { sent: true, unknown_without_webhooks: false };

#[rstest]
#[case::before_the_enqueue_commit("before_enqueue_commit", UNHARMED)]
#[case::after_the_enqueue_commit("after_enqueue_commit", UNHARMED)]
#[case::claimed("claimed", UNHARMED)]
#[case::attempt_durable("attempt_durable", Expected { sent: false, unknown_without_webhooks: true })]
#[case::sent_and_unanswered("sent_unanswered", Expected { sent: true, unknown_without_webhooks: true })]
#[case::answered_and_unsettled("answered_unsettled", Expected { sent: true, unknown_without_webhooks: true })]
#[tokio::test]
async fn killed(
    #[case] point: &str,
    #[case] expected: Expected,
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values(Provider::Twilio, Provider::Direct)] provider: Provider,
) {
    let mut stage = Stage::set(database, provider).await;

    // It dies of the first message.
    let (mut gateway, caller) = stage.start(Some(point)).await;
    let caller = stage.set_up(&caller).await;
    let answered = send(&caller, FIRST).await;
    let death = gateway.died().await;
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&death), Some(9), "{}", gateway.printed());
    stage.an_hour_passes();

    // It comes back; whoever got no answer asks again, with the same key.
    let (gateway, caller) = stage.start(None).await;
    let first = match answered {
        Some(id) => id,
        None => send(&caller, FIRST).await.expect("it answers"),
    };

    // While the providers' webhooks don't get through, nobody guesses.
    let without = if expected.unknown_without_webhooks { "unknown" } else { "accepted" };
    stage.message_in(&caller, &first, &[without]).await;

    // With them, whatever was really sent is settled. The second message shows that the queue goes on, and that by the
    // time it is read there was every opportunity to send the first one again.
    stage.open_webhooks(&caller).await;
    let second = send(&caller, SECOND).await.expect("it answers");
    stage.message_in(&caller, &second, &["read"]).await;
    stage.message_in(&caller, &first, &[if expected.sent { "read" } else { "unknown" }]).await;

    let ledger = stage.admin().detailed_summary().await.expect("the ledger");
    assert_eq!(ledger.repeated, Default::default(), "an attempt was sent twice");
    let by_recipient = ledger.by_recipient.expect("the details");
    let got = |person: &str| by_recipient.get(person).map_or(0, |count| count.accepted);
    assert_eq!((got(FIRST), got(SECOND)), (u32::from(expected.sent), 1), "how often the provider got each");

    assert!(gateway.stop().await.success());
    stage.strike().await;
}

#[rstest]
#[case::preparing("attempt_durable", true)]
#[case::prepared("prepared", false)]
#[tokio::test]
async fn killed_with_a_medium_on_the_way(
    #[case] point: &str,
    #[case] sent: bool,
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let mut stage = Stage::set(database, Provider::Direct).await;
    let (mut gateway, caller) = stage.start(Some(point)).await;
    let caller = stage.set_up(&caller).await;
    let medium = support::files::upload(&caller, "a.jpg", "image/jpeg", &support::files::jpeg("a mug")).await;
    let message = json!({ "to": FIRST, "content": { "type": "image", "media_id": medium["id"] } });
    let first = caller.post("/api/v1/messages", message).await.expect(202)["id"].as_str().expect("an id").to_owned();
    gateway.died().await;
    stage.an_hour_passes();

    let (gateway, caller) = stage.start(None).await;
    let state = if sent { "accepted" } else { "unknown" };
    stage.message_in(&caller, &first, &[state]).await;
    let ledger = stage.admin().detailed_summary().await.expect("the ledger");
    assert_eq!(ledger.repeated, Default::default(), "an attempt was sent twice");
    assert_eq!(ledger.totals.accepted, u64::from(sent));
    assert!(gateway.stop().await.success());
    stage.strike().await;
}

/// Sends a text and gives its id, or nothing when the gateway dies instead of answering.
async fn send(gateway: &Caller, to: &str) -> Option<String> {
    let body = json!({ "to": to, "content": { "type": "text", "body": "Your parcel is on its way" } });
    let request = gateway.request(Method::POST, "/api/v1/messages").header("Idempotency-Key", to).json(&body);
    let answer = request.send().await.ok()?;
    assert_eq!(answer.status(), 202);
    let message: serde_json::Value = answer.json().await.ok()?;
    Some(message["id"].as_str().expect("an id").to_owned())
}
