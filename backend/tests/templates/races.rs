//! Lists that are read while something else happens to the templates.

use std::sync::Arc;
use std::time::Duration;

use duplex::clock::{Clock as _, ManualClock, SystemClock};
use duplex::domain::time::Ts;
use duplex::providers::templates::ListedTemplates;
use duplex::storage::events;
use duplex::storage::system::templates::DueAccount;
use duplex::templates::apply::{self, Listing};
use duplex_simulator::AccountPatch;
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::stage::{Stage, newest, order};
use crate::support::api::Caller;
use crate::support::app::TestApp;
use crate::support::signed::hub_signature;
use crate::support::{Database, watch};

/// What the channel of Meta shows now, and since when it was asked.
async fn list(stage: &Stage) -> (DueAccount, ListedTemplates, Ts) {
    let context = &stage.app.app().context;
    let asked_at = context.clock.now();
    let channel = context.channels.registry().by_id(stage.direct.parse().unwrap()).await.unwrap();
    let listed = channel.service.list_templates().await.unwrap();
    let account = channel.address.account.clone();
    (
        DueAccount { workspace: channel.workspace, provider: channel.provider, account, channel: channel.id },
        listed,
        asked_at,
    )
}

/// Applies a list as the comparison does.
async fn apply(stage: &Stage, (of, listed, asked_at): (DueAccount, ListedTemplates, Ts)) {
    let context = &stage.app.app().context;
    let now = context.clock.now();
    let listing = Listing { of, templates: listed.templates, complete: listed.complete, asked_at };
    let compared = context.db.read(move |conn| apply::compare(conn, listing)).await.unwrap();
    for part in compared.parts {
        let of = compared.of.clone();
        let written = context.db.write(move |conn| {
            let applied = apply::apply_part(conn, &of, asked_at, part, now)?;
            events::append(conn, applied.news)
        });
        written.await.unwrap();
    }
}

async fn shown(stage: &Stage, id: &str) -> Value {
    stage.program.get(&format!("/api/v1/templates/{id}")).await.expect(200)
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_older_list_overwrites_no_submission(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let id = stage.approved(order("parcel_raced"), &["direct"]).await;
    let before = list(&stage).await;
    let slow = AccountPatch { template_review_ms: Some(3_600_000), ..AccountPatch::default() };
    stage.simulator.patch_account(&stage.account("direct").await, &slow).await.unwrap();
    let mut changed = order("parcel_raced");
    changed["footer"] = json!("Acme Coffee");
    stage.program.put(&format!("/api/v1/templates/{id}"), changed).await.expect(200);
    stage.submit(&id, "direct").await.expect(200);

    apply(&stage, before).await;
    let one = newest(&shown(&stage, &id).await, "direct");
    assert_eq!((&one["status"], &one["current"]), (&json!("pending"), &json!(true)), "{one:#}");
    // A list that was asked for after it counts.
    stage.program.post("/api/v1/templates/syncs", json!({ "channel_id": stage.direct })).await.expect(200);
    assert_eq!(newest(&shown(&stage, &id).await, "direct")["status"], "pending");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_an_incomplete_list_lacks_is_not_gone(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let id = stage.approved(order("parcel_stays"), &["direct"]).await;
    let (of, mut listed, asked_at) = list(&stage).await;
    assert!(listed.complete);
    listed.templates.clear();
    listed.complete = false;
    apply(&stage, (of.clone(), listed.clone(), asked_at)).await;
    assert_eq!(newest(&shown(&stage, &id).await, "direct")["status"], "approved");
    listed.complete = true;
    apply(&stage, (of, listed, asked_at)).await;
    assert_eq!(newest(&shown(&stage, &id).await, "direct")["status"], "deleted");
    stage.app.stop().await;
}

/// A live channel of Meta's, which is a server of the test's own; the program that made it; and its clock.
struct AtMeta {
    app: TestApp,
    server: MockServer,
    clock: Arc<ManualClock>,
    program: Caller,
    channel: Value,
}

const SECRET: &str = "0123456789abcdef0123456789abcdef";
/// 22 November 2026, in seconds.
const NOON: i64 = 1_795_348_800;
const TEMPLATES: &str = "/v25.0/300000000000001/message_templates";

impl AtMeta {
    async fn set(database: Database) -> Self {
        let (server, clock) = (MockServer::start().await, ManualClock::at(SystemClock.now()));
        let app = TestApp::start_with(database, &["--direct-graph-url", &server.uri()], clock.clone()).await;
        let scopes =
            ["messages:write", "channels:write", "templates:read", "templates:write", "events:read", "channels:read"];
        let program = app.key_in(&app.live, &scopes).await;
        let channel = json!({
            "provider": "direct", "name": "Orders", "whatsapp_business_phone_id": "200000000000001",
            "waba_id": "300000000000001", "whatsapp_app_id": "100000000000001",
            "app_secret": SECRET, "whatsapp_access_token": "EAAGtesttokentesttokentesttoken",
        });
        let channel = program.post("/api/v1/channels", channel).await.expect(201)["id"].clone();
        // A new account is looked at by itself: it must not come into what follows.
        watch::until("the look at a new account", async || {
            let syncs = program.get("/api/v1/templates/syncs").await.expect(200);
            syncs["data"][0]["attempted_at"].is_string().then_some(())
        })
        .await;
        Self { app, server, clock, program, channel }
    }

    async fn answers(&self, verb: &str, body: Value, after: Duration) {
        let answer = ResponseTemplate::new(200).set_body_json(body).set_delay(after);
        Mock::given(method(verb)).and(path(TEMPLATES)).respond_with(answer).mount(&self.server).await;
    }

    /// Meta's webhook about one change of the account, at a time in seconds.
    async fn hears(&self, time: i64, field: &str, value: Value) {
        let change = json!({ "field": field, "value": value });
        let body = json!({ "object": "whatsapp_business_account",
            "entry": [{ "id": "300000000000001", "time": time, "changes": [change] }] });
        let body = body.to_string();
        let signature = hub_signature(SECRET, &body);
        let request = self.app.nobody.request(Method::POST, "/hooks/direct/100000000000001");
        let request = request.header("X-Hub-Signature-256", signature).header("Content-Type", "application/json");
        self.app.nobody.send(request.body(body)).await.expect(200);
    }

    async fn asked(&self, verb: &str) -> usize {
        let asked = self.server.received_requests().await.unwrap();
        asked.iter().filter(|one| one.method.as_str() == verb && one.url.path() == TEMPLATES).count()
    }
}

/// The list shows a template before the answer to its submission has come.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_submission_goes_on_with_what_a_list_has_made_of_it(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = AtMeta::set(database).await;
    let listed = json!({ "data": [{ "id": "400000000000001", "name": "parcel_early", "language": "en_GB",
        "status": "APPROVED", "category": "MARKETING", "parameter_format": "POSITIONAL",
        "components": [{ "type": "BODY", "text": "Your order has left our warehouse." }] }] });
    let answer = json!({ "id": "400000000000001", "status": "PENDING", "category": "UTILITY" });
    // Long enough for a list to be read in between.
    stage.answers("POST", answer, Duration::from_secs(3)).await;
    let definition = json!({ "name": "parcel_early", "language": "en_GB", "category": "utility",
        "body": { "text": "Your order has left our warehouse." } });
    let id = stage.program.post("/api/v1/templates", definition).await.expect(201)["id"].as_str().unwrap().to_owned();
    let submissions = format!("/api/v1/templates/{id}/submissions");
    let submission = stage.program.post(&submissions, json!({ "channel_id": stage.channel }));
    let meanwhile = async {
        watch::until("the submission to be under way", async || (stage.asked("POST").await > 0).then_some(())).await;
        stage.clock.advance(Duration::from_millis(1));
        stage.answers("GET", listed, Duration::ZERO).await;
        let synced = stage.program.post("/api/v1/templates/syncs", json!({})).await.expect(200);
        assert_eq!(synced["data"][0]["counts"]["imported"], 1, "{synced:#}");
    };
    let (submitted, ()) = tokio::join!(submission, meanwhile);
    let shown = submitted.expect(200);
    let all = shown["registrations"].as_array().unwrap();
    assert_eq!(all.len(), 1, "{shown:#}");
    assert_eq!((&all[0]["status"], &all[0]["provider_ref"]), (&json!("approved"), &json!("400000000000001")));
    assert_eq!(all[0]["category"], "marketing", "{shown:#}");
    assert!(all[0]["submitted_at"].is_string(), "{shown:#}");
    let feed = stage.program.get("/api/v1/events?type=template.submitted").await.expect(200);
    assert_eq!(feed["data"].as_array().unwrap().len(), 1, "{feed:#}");
    stage.app.stop().await;
}

/// The verdict comes before it is written down what the submission was answered.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_waits_for_its_submission(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = AtMeta::set(database).await;
    stage.answers("GET", json!({ "data": [] }), Duration::ZERO).await;
    let verdict = json!({ "event": "REJECTED", "message_template_id": 400_000_000_000_002_u64,
        "message_template_name": "parcel_hasty", "message_template_language": "en_GB", "reason": "INVALID_FORMAT",
        "rejection_info": { "reason": "It says nothing.", "recommendation": "Say what left." } });
    stage.hears(NOON, "message_template_status_update", verdict).await;
    watch::until("the webhook to be told as it came", async || {
        let feed = stage.program.get("/api/v1/events?type=provider.notice").await.expect(200);
        (!feed["data"].as_array().unwrap().is_empty()).then_some(())
    })
    .await;

    let answer = json!({ "id": "400000000000002", "status": "PENDING", "category": "UTILITY" });
    // It is written down under the time at which it was answered, which may be that of the webhook.
    stage.answers("POST", answer, Duration::ZERO).await;
    let definition = json!({ "name": "parcel_hasty", "language": "en_GB", "category": "utility",
        "body": { "text": "It has left." } });
    let id = stage.program.post("/api/v1/templates", definition).await.expect(201)["id"].as_str().unwrap().to_owned();
    let submissions = format!("/api/v1/templates/{id}/submissions");
    let shown = stage.program.post(&submissions, json!({ "channel_id": stage.channel })).await.expect(200);
    assert_eq!(shown["registrations"][0]["status"], "pending", "{shown:#}");

    stage.clock.advance(Duration::from_secs(11));
    let path = format!("/api/v1/templates/{id}");
    let told = |shown: &Value| shown["registrations"][0]["status"] == "rejected";
    let shown = stage.app.until(&stage.program, &path, told).await;
    assert_eq!(shown["registrations"][0]["rejection_detail"], "It says nothing. Say what left.", "{shown:#}");
    let notices = stage.program.get("/api/v1/events?type=provider.notice").await.expect(200);
    assert_eq!(notices["data"].as_array().unwrap().len(), 1, "told once: {notices:#}");
    stage.app.stop().await;
}

/// Meta delivers for days what it takes for undelivered, in any order.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_that_was_overtaken_changes_nothing(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = AtMeta::set(database).await;
    let listed = json!({ "id": "400000000000003", "name": "parcel_judged", "language": "en_GB", "status": "PENDING",
        "category": "UTILITY", "components": [{ "type": "BODY", "text": "It has left." }] });
    stage.answers("GET", json!({ "data": [listed] }), Duration::ZERO).await;
    stage.clock.advance(Duration::from_secs(1));
    stage.program.post("/api/v1/templates/syncs", json!({})).await.expect(200);
    let news = |event: &str| {
        json!({ "event": event, "message_template_id": 400_000_000_000_003_u64, "message_template_name": "parcel_judged",
            "message_template_language": "en_GB", "reason": "NONE" })
    };
    let status = "message_template_status_update";
    for (after, event) in [(0, "APPROVED"), (120, "PAUSED"), (240, "APPROVED")] {
        stage.hears(NOON + after, status, news(event)).await;
    }
    stage.hears(NOON + 120, status, news("PAUSED")).await;
    stage.hears(NOON + 60, status, news("DISABLED")).await;
    let quality = json!({ "previous_quality_score": "UNKNOWN", "new_quality_score": "GREEN",
        "message_template_id": 400_000_000_000_003_u64, "message_template_name": "parcel_judged",
        "message_template_language": "en_GB" });
    stage.hears(NOON + 300, "message_template_quality_update", quality).await;

    let path = "/api/v1/templates?name=parcel_judged";
    let judged = |list: &Value| list["data"][0]["registrations"][0]["quality"] == "green";
    let list = stage.app.until(&stage.program, path, judged).await;
    assert_eq!(list["data"][0]["registrations"][0]["status"], "approved", "{list:#}");
    let feed = stage.program.get("/api/v1/events?type=template.status_changed").await.expect(200);
    let told: Vec<&Value> = feed["data"].as_array().unwrap().iter().map(|one| &one["data"]["after"]).collect();
    assert_eq!(told, ["approved", "paused", "approved"], "{feed:#}");
    stage.app.stop().await;
}

/// One look at the account serves all messages that ask for it at the same time.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_nobody_knows_has_the_list_read_once() {
    let stage = AtMeta::set(Database::Sqlite).await;
    stage.answers("GET", json!({ "data": [] }), Duration::from_millis(500)).await;
    stage.program.post("/api/v1/templates/syncs", json!({})).await.expect(200);
    stage.clock.advance(Duration::from_secs(61));
    let before = stage.asked("GET").await;
    let template = json!({ "type": "template", "name": "never_made", "language": "en_GB" });
    let message = json!({ "to": "+447700900123", "channel_id": stage.channel, "content": template });
    let sent = (0..8).map(|_| stage.program.post("/api/v1/messages", message.clone()));
    for answer in futures_util::future::join_all(sent).await {
        assert_eq!(answer.complaints(), [("content.name".to_owned(), "not_found".to_owned())]);
    }
    assert_eq!(stage.asked("GET").await - before, 1);
    stage.app.stop().await;
}
