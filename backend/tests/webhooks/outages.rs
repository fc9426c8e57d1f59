//! Receivers that are down, slow, gone, or stay away for good.

use std::collections::BTreeSet;
use std::time::Duration;

use duplex::domain::time::Ts;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::stage::{Receiver, Stage, header, signed_with};
use crate::support::{Database, watch};

const HOUR: Duration = Duration::from_secs(3_600);

fn ts(value: &Value) -> Ts {
    Ts::parse(value.as_str().unwrap()).unwrap()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_was_down_gets_everything_once(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let receiver = Receiver::start().await;
    receiver.answers(ResponseTemplate::new(503).set_body_string("not now"));
    let stage = Stage::set(database, &[&receiver]).await;
    let endpoint = stage.endpoint(&receiver, &[]).await;
    let head = endpoint.after;
    let first = stage.message().await;
    stage.app.message_in(stage.program(), &first, "read").await;
    let down_since = stage.now();
    let log = stage.at_rest(&endpoint, head).await;
    assert!(!log.is_empty() && log.iter().all(|one| one["tries"] == 1), "{log:#?}");
    assert_eq!(stage.shown(&endpoint).await["failing_since"], json!(down_since));

    // The waits of the schedule, each between half a step and the whole.
    let followed = &log[0];
    for (failed, step) in [(1, 5), (2, 30), (3, 120), (4, 600), (5, 1_800), (6, 3_600)] {
        let rows = stage.at_rest(&endpoint, head).await;
        let row = rows.iter().find(|one| one["id"] == followed["id"]).unwrap();
        assert_eq!((&row["tries"], &row["last_status"]), (&json!(failed), &json!(503)));
        let (wait, step) = (ts(&row["next_try_at"]).since(stage.now()), Duration::from_secs(step));
        assert!(wait >= step / 2 && wait <= step, "wait {failed} was {wait:?}");
        stage.pass(step);
    }
    let second = stage.message().await;
    stage.app.message_in(stage.program(), &second, "read").await;
    stage.at_rest(&endpoint, head).await;

    let down = receiver.requests().await;
    receiver.answers(ResponseTemplate::new(204));
    stage.pass(8 * HOUR);
    let events = stage.events(head).await;
    let log = stage.ended(&endpoint, events.len(), "delivered").await;
    let places = |rows: &[Value], field: &str| rows.iter().map(|row| row[field].as_i64().unwrap()).collect::<Vec<_>>();
    assert_eq!(places(&log, "event_seq"), places(&events, "seq"), "every event of the outage, once, in order");
    let requests = receiver.requests().await;
    let taken = &requests[down.len()..];
    let ids: BTreeSet<&str> = taken.iter().map(|request| header(request, "webhook-id")).collect();
    assert_eq!((ids.len(), taken.len()), (events.len(), events.len()), "each webhook-id is taken once");
    assert!(down.iter().chain(taken).all(|request| signed_with(request, &endpoint.secret)));

    let detail = stage.delivery(followed).await;
    let tries = detail["log"].as_array().unwrap();
    let of_followed = requests.iter().filter(|one| header(one, "webhook-id") == detail["header_webhook_id"]);
    assert_eq!(tries.len(), of_followed.count(), "the log has every try");
    let (last, failures) = tries.split_last().unwrap();
    assert!(failures.len() >= 6 && failures.iter().all(|one| one["status"] == 503 && one["answer"] == "not now"));
    assert_eq!((&last["status"], &last["error"]), (&json!(204), &Value::Null));
    assert!(tries.is_sorted_by_key(|one| ts(&one["at"])));
    assert!(stage.shown(&endpoint).await["failing_since"].is_null());
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_takes_is_given_up_and_the_endpoint_disabled(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let receiver = Receiver::start().await;
    receiver.answers(ResponseTemplate::new(429).insert_header("retry-after", "1800"));
    let stage = Stage::set(database, &[&receiver]).await;
    let endpoint = stage.endpoint(&receiver, &["message.queued"]).await;
    stage.message().await;
    let log = stage.log_until(&endpoint, "the first try", |log| log.len() == 1 && log[0]["tries"] == 1).await;
    assert!(ts(&log[0]["next_try_at"]).since(stage.now()) == HOUR / 2, "the endpoint is not asked sooner than it said");
    for tries in 2..=12 {
        stage.pass(8 * HOUR);
        stage.log_until(&endpoint, "the next try", |log| log[0]["tries"] == tries).await;
        if tries == 9 {
            break;
        }
    }
    let log = stage.log(&endpoint).await;
    assert_eq!((&log[0]["state"], stage.open_alerts().await), (&json!("pending"), Vec::new()));

    // Three days after the first failure the next one is the last.
    stage.pass(8 * HOUR);
    watch::until("the endpoint to be disabled", async || {
        (stage.shown(&endpoint).await["state"] == "disabled").then_some(())
    })
    .await;
    assert_eq!(stage.shown(&endpoint).await["disabled_reason"], "failing");
    assert_eq!(stage.open_alerts().await, ["webhook_endpoint_disabled"]);
    stage.message().await;
    stage.pass(8 * HOUR);
    let sent = receiver.requests().await.len();

    receiver.answers(ResponseTemplate::new(204));
    let active = stage.program().patch(&endpoint.path, json!({ "state": "active" })).await.expect(200);
    assert_eq!((&active["state"], &active["disabled_reason"]), (&json!("active"), &Value::Null));
    stage.ended(&endpoint, 2, "delivered").await;
    assert_eq!(stage.open_alerts().await, Vec::<String>::new());
    assert_eq!(receiver.requests().await.len(), sent + 2, "what was missed, and nothing while it was disabled");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn one_try_more_than_a_day_allows_is_not_made(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let receiver = Receiver::start().await;
    let stage = Stage::set(database, &[&receiver]).await;
    let endpoint = stage.endpoint(&receiver, &["message.queued"]).await;
    stage.message().await;
    stage.ended(&endpoint, 1, "delivered").await;
    receiver.answers(ResponseTemplate::new(500));
    let begun = stage.now();
    stage.message().await;
    let mut tries = 0;
    let last = loop {
        tries += 1;
        let log = stage.log_until(&endpoint, "the next try", |log| log.len() == 2 && log[1]["tries"] == tries).await;
        let Some(next) = log[1]["next_try_at"].as_str() else { break log[1].clone() };
        stage.pass(Ts::parse(next).unwrap().since(stage.now()));
    };
    assert_eq!((&last["state"], tries), (&json!("failed"), 12));
    let lasted = stage.now().since(begun);
    assert!(lasted > 15 * HOUR && lasted < 34 * HOUR, "{lasted:?}");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_gone_is_told_no_more(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let receiver = Receiver::start().await;
    receiver.answers(ResponseTemplate::new(410));
    let stage = Stage::set(database, &[&receiver]).await;
    let endpoint = stage.endpoint(&receiver, &["message.queued"]).await;
    stage.message().await;
    stage.ended(&endpoint, 1, "failed").await;
    let shown = stage.shown(&endpoint).await;
    assert_eq!((&shown["state"], &shown["disabled_reason"]), (&json!("disabled"), &json!("gone")));
    let alerts = stage.program().get("/api/v1/alerts?state=open").await.expect(200);
    assert_eq!(alerts["data"][0]["kind"], "webhook_endpoint_disabled");
    assert!(!alerts["data"][0]["detail"].as_str().unwrap().contains("/hook"), "an address may hold a secret");
    stage.program().delete(&endpoint.path).await.expect(204);
    assert_eq!(stage.open_alerts().await, Vec::<String>::new());
    assert_eq!(receiver.requests().await.len(), 1);
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn one_that_hangs_holds_up_nobody_else(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let (slow, quick) = (Receiver::start().await, Receiver::start().await);
    slow.answers(ResponseTemplate::new(204).set_delay(HOUR));
    let stage = Stage::set(database, &[&slow, &quick]).await;
    let (hanging, other) =
        (stage.endpoint(&slow, &["message.queued"]).await, stage.endpoint(&quick, &["message.queued"]).await);
    for _ in 0..12 {
        stage.message().await;
    }
    stage.ended(&other, 12, "delivered").await;
    let log = stage.log(&hanging).await;
    let sending = log.iter().filter(|one| one["state"] == "sending").count();
    assert!(sending <= 8 && log.iter().all(|one| one["state"] != "delivered"), "{sending}");
    // What is under way when the program stops is not waited for.
    stage.strike().await;
}
