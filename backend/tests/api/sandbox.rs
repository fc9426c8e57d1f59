//! The sandbox: channels from the first moment, and the virtual customer behind them.

use duplex::domain::access::Workspace;
use duplex::domain::ids::{UserId, WorkspaceId};
use duplex::domain::provider::{Environment, ProviderKind};
use duplex::domain::scope::Role;
use duplex::storage::{system, workspaces};
use rstest::rstest;
use serde_json::{Value, json};

use super::stage::{Stage, direct, path_of, twilio};
use crate::support::api::Caller;
use crate::support::{Database, watch};

async fn received(caller: &Caller, text: &str) -> Value {
    watch::until(&format!("{text:?} to arrive"), async || {
        let feed = caller.get("/api/v1/events?limit=1000").await.expect(200);
        let entries = feed["data"].as_array().unwrap().clone();
        entries
            .into_iter()
            .find(|event| event["type"] == "message.received" && event["data"]["content"]["body"] == text)
    })
    .await
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_new_sandbox_can_talk_both_ways(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &str,
) {
    let stage = Stage::set(database).await;
    let channel = stage.channel(provider).await;
    assert_eq!(channel["is_default"], true);
    let reply = json!({ "provider": provider, "text": "Hi" });
    let written = stage.sandbox.post("/api/v1/sandbox/replies", reply).await.expect(201);
    assert_eq!(written["delivered"], true, "{written:#}");
    let event = received(&stage.sandbox, "Hi").await;
    assert_eq!(event["channel_id"], channel["id"]);

    let message =
        json!({ "to": "+447700900123", "channel_id": channel["id"], "content": { "type": "text", "body": "Hello" } });
    stage.sandbox.post("/api/v1/messages", message).await.expect(202);
    let bubbles = watch::until("the phone to show both", async || {
        let path = format!("/api/v1/sandbox/conversations?channel_id={}", channel["id"].as_str().unwrap());
        let shown = stage.sandbox.get(&path).await.expect(200);
        let bubbles = shown["data"][0]["messages"].as_array().cloned().unwrap_or_default();
        (bubbles.len() == 2).then_some(bubbles)
    })
    .await;
    assert_eq!((&bubbles[0]["text"], &bubbles[1]["text"]), (&json!("Hi"), &json!("Hello")));
    let ledger = stage.sandbox.get("/api/v1/sandbox/ledger").await.expect(200);
    let lines = ledger["data"].as_array().unwrap();
    let line = lines.iter().find(|line| line["channel_id"] == channel["id"]).unwrap();
    assert_eq!((line["accepted"].as_u64(), line["inbound"].as_u64()), (Some(1), Some(1)));

    let raw = stage.sandbox.get("/api/v1/webhook-events").await.expect(200);
    let id = raw["data"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    let detail = stage.sandbox.get(&format!("/api/v1/webhook-events/{id}")).await.expect(200);
    assert!(detail["body"].as_str().unwrap().contains("Hi"), "{detail:#}");
    stage.live.get(&format!("/api/v1/webhook-events/{id}")).await.problem(404, "not_found");
    assert_eq!(stage.live.get("/api/v1/webhook-events").await.expect(200)["data"], json!([]));
    stage.strike().await;
}

/// Whose conversations a page shows, and the cursor of the next page.
fn page_of(list: &Value) -> (Vec<(String, String)>, Option<String>) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let shown = list["data"].as_array().unwrap().iter();
    let shown = shown.map(|one| (text(&one["channel_id"]), text(&one["customer"]))).collect();
    (shown, list.get("next_cursor").map(text))
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn conversations_come_in_pages_the_most_recent_first(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let sandbox = &stage.sandbox;
    let (twilio, direct) = (stage.channel("twilio").await, stage.channel("direct").await);
    let id = |channel: &Value| channel["id"].as_str().unwrap().to_owned();
    let mut wrote = Vec::new();
    let customers = ["+447700900401", "+447700900402", "+447700900403", "+447700900401"];
    for (customer, channel) in customers.into_iter().zip([&twilio, &direct, &twilio, &direct]) {
        let note = json!({ "channel_id": channel["id"], "from": customer, "text": "Hi" });
        sandbox.post("/api/v1/sandbox/replies", note).await.expect(201);
        wrote.insert(0, (id(channel), customer.to_owned()));
    }
    let path = "/api/v1/sandbox/conversations";
    let all = sandbox.get(path).await.expect(200);
    assert_eq!(page_of(&all), (wrote.clone(), None));
    assert_eq!(all["data"][0]["has_earlier"], false);
    assert!(all["data"][0].get("position").is_none());

    let first = page_of(&sandbox.get(&format!("{path}?limit=3")).await.expect(200));
    assert_eq!(first.0, wrote[..3]);
    let cursor = first.1.expect("there is one more");
    let note = json!({ "channel_id": direct["id"], "from": "+447700900404", "text": "Hi" });
    sandbox.post("/api/v1/sandbox/replies", note).await.expect(201);
    let rest = page_of(&sandbox.get(&format!("{path}?limit=3&cursor={cursor}")).await.expect(200));
    assert_eq!(rest, (wrote[3..].to_vec(), None), "what came since does not move the page");

    let of_one = page_of(&sandbox.get(&format!("{path}?customer=%2B447700900401")).await.expect(200));
    assert_eq!(of_one, (vec![wrote[0].clone(), wrote[3].clone()], None));
    let exactly = format!("{path}?customer=%2B44%207700%20900401&channel_id={}&limit=1", id(&twilio));
    assert_eq!(page_of(&sandbox.get(&exactly).await.expect(200)), (vec![wrote[3].clone()], None));
    let nobody = sandbox.get(&format!("{path}?customer=%2B447700900999")).await.expect(200);
    assert_eq!(page_of(&nobody), (vec![], None));

    for (query, parameter) in
        [("limit=0", "limit"), ("limit=101", "limit"), ("customer=Ada", "customer"), ("cursor=1", "cursor")]
    {
        let answer = sandbox.get(&format!("{path}?{query}")).await;
        assert_eq!(answer.complaints(), [(parameter.to_owned(), "invalid_value".to_owned())], "{query}");
        answer.problem(400, "invalid_parameter");
    }
    sandbox.get(&format!("{path}?limit=100")).await.expect(200);
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_counts_what_the_phones_show(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &str,
) {
    let stage = Stage::set(database).await;
    let channel = stage.channel(provider).await;
    // Read, failed late, refused at once, never delivered.
    for to in ["+447700900123", "+447700900124", "+15005550001", "+15005550004", "+15005550007"] {
        let message =
            json!({ "to": to, "channel_id": channel["id"], "content": { "type": "text", "body": "On its way" } });
        stage.sandbox.post("/api/v1/messages", message).await.expect(202);
    }
    stage.sandbox.post("/api/v1/sandbox/replies", json!({ "provider": provider, "text": "Hi" })).await.expect(201);
    let settled = json!({
        "channel_id": channel["id"], "accepted": 4, "sent": 1, "delivered": 0, "read": 2, "failed": 1, "inbound": 1,
    });
    let others = watch::until("every message to be as far as it gets", async || {
        let ledger = stage.sandbox.get("/api/v1/sandbox/ledger").await.expect(200);
        let (own, others): (Vec<Value>, Vec<Value>) =
            ledger["data"].as_array().unwrap().iter().cloned().partition(|line| line["channel_id"] == channel["id"]);
        (own == [settled.clone()]).then_some(others)
    })
    .await;
    assert_eq!(others.len(), 1);
    assert_eq!((&others[0]["accepted"], &others[0]["inbound"]), (&json!(0), &json!(0)));
    let shown = stage.sandbox.get("/api/v1/sandbox/conversations").await.expect(200);
    let bubbles = shown["data"].as_array().unwrap().iter().map(|one| one["messages"].as_array().unwrap().len());
    assert_eq!(bubbles.sum::<usize>(), 5);
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_message_refused_for_dead_credentials_goes_out_after_one_test_of_the_channel(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &str,
) {
    let stage = Stage::set(database).await;
    let channel = stage.channel(provider).await;
    let message =
        json!({ "to": "+15005550008", "channel_id": channel["id"], "content": { "type": "text", "body": "Hello" } });
    let sent = stage.sandbox.post("/api/v1/messages", message).await.expect(202);
    watch::until("the channel to be held", async || {
        (stage.sandbox.get(&path_of(&channel)).await.expect(200)["state"] == "held").then_some(())
    })
    .await;
    let check = format!("{}/check", path_of(&channel));
    assert_eq!(stage.sandbox.post(&check, json!({})).await.expect(200)["report"]["healthy"], true);
    let story = format!("/api/v1/messages/{}", sent["id"].as_str().unwrap());
    watch::until("the message to be read", async || {
        (stage.sandbox.get(&story).await.expect(200)["state"] == "read").then_some(())
    })
    .await;
    assert_eq!(stage.sandbox.get(&path_of(&channel)).await.expect(200)["state"], "active");
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_workspace_has_no_simulator() {
    let stage = Stage::set(Database::Sqlite).await;
    let live = &stage.live;
    for path in ["conversations", "magic-numbers", "faults", "ledger"] {
        live.get(&format!("/api/v1/sandbox/{path}")).await.problem(409, "not_sandbox");
    }
    live.post("/api/v1/sandbox/replies", json!({ "text": "Hi" })).await.problem(409, "not_sandbox");
    live.post("/api/v1/sandbox/windows", json!({ "open": true })).await.problem(409, "not_sandbox");
    live.put("/api/v1/sandbox/faults", json!({ "faults": [] })).await.problem(409, "not_sandbox");
    live.delete("/api/v1/sandbox/faults").await.problem(409, "not_sandbox");
    stage.strike().await;
}

/// A second sandbox workspace of the same owner, with its channels.
async fn second_sandbox(stage: &Stage) -> (Caller, WorkspaceId) {
    let context = &stage.app.app().context;
    let now = stage.now();
    let workspace = Workspace {
        id: WorkspaceId::new(),
        name: "Second".to_owned(),
        environment: Environment::Sandbox,
        whatsapp_provider: ProviderKind::Twilio,
        created_at: now,
        updated_at: now,
    };
    let id = workspace.id;
    let first: WorkspaceId = stage.app.sandbox.parse().unwrap();
    context
        .db
        .write(move |conn| {
            workspaces::insert(conn, &workspace)?;
            let owner: UserId = workspaces::members(conn, first)?[0].0;
            workspaces::add_member(conn, id, owner, Role::Owner, now)
        })
        .await
        .unwrap();
    context.auth.forget_sessions();
    let sandbox = context.sandbox.clone().expect("the sandbox is on");
    sandbox.provision(id).await.unwrap();
    sandbox.provision(id).await.unwrap();
    (stage.sandbox.in_workspace(&id.to_string()), id)
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn workspaces_share_the_simulator_but_not_its_senders(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let (other, other_id) = second_sandbox(&stage).await;
    let first = &stage.sandbox;
    let channels = other.get("/api/v1/channels").await.expect(200);
    assert_eq!(channels["data"].as_array().map(Vec::len), Some(2), "provisioning twice makes two channels, not four");
    let sandboxes = stage
        .app
        .app()
        .context
        .db
        .read(|conn| system::channels::workspaces_in(conn, Environment::Sandbox))
        .await
        .unwrap();
    assert_eq!(sandboxes, [stage.app.sandbox.parse().unwrap(), other_id]);

    let foreign = stage.channel("twilio").await;
    let reply = json!({ "channel_id": foreign["id"], "text": "Hi" });
    other.post("/api/v1/sandbox/replies", reply.clone()).await.problem(404, "not_found");
    first.post("/api/v1/sandbox/replies", reply).await.expect(201);
    assert_eq!(other.get("/api/v1/sandbox/conversations").await.expect(200)["data"], json!([]));
    let path = format!("/api/v1/sandbox/conversations?channel_id={}", foreign["id"].as_str().unwrap());
    assert_eq!(other.get(&path).await.expect(200)["data"], json!([]));
    let window = json!({ "channel_id": foreign["id"], "open": false });
    other.post("/api/v1/sandbox/windows", window).await.problem(404, "not_found");

    // A channel that only names the other's account does not reach it.
    let borrowed = json!({
        "provider": "twilio", "name": "Borrowed", "account_sid": foreign["account_sid"],
        "auth_token": "5f1d7a84db34e9b2c6a0f3e85e9d1c47", "sender_number": "+15551230000",
    });
    let borrowed = other.post("/api/v1/channels", borrowed).await.expect(201);
    let reply = json!({ "channel_id": borrowed["id"], "text": "Hi" });
    other.post("/api/v1/sandbox/replies", reply).await.problem(409, "conflict");

    let fault = json!({ "faults": [{ "kind": "latency", "ms": 1, "times": 3 }] });
    first.put("/api/v1/sandbox/faults", fault).await.expect(200);
    assert_eq!(other.get("/api/v1/sandbox/faults").await.expect(200)["data"], json!([]));
    assert_eq!(other.delete("/api/v1/sandbox/faults").await.status, 204);
    let kept = first.get("/api/v1/sandbox/faults").await.expect(200);
    assert_eq!(kept["data"].as_array().map(Vec::len), Some(2), "one for each channel: {kept:#}");
    assert!(!kept.to_string().contains("\"account\""));
    let foreign_fault = json!({ "faults": [{ "channel_id": foreign["id"], "kind": "bad_token" }] });
    other.put("/api/v1/sandbox/faults", foreign_fault).await.problem(404, "not_found");
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_and_windows_reach_the_wire() {
    let stage = Stage::set(Database::Sqlite).await;
    let channel = stage.channel("direct").await;
    let fault = json!({ "faults": [{ "channel_id": channel["id"], "kind": "bad_token" }] });
    stage.sandbox.put("/api/v1/sandbox/faults", fault).await.expect(200);
    let path = format!("/api/v1/channels/{}/check", channel["id"].as_str().unwrap());
    assert_eq!(stage.sandbox.post(&path, json!({})).await.expect(200)["report"]["healthy"], false);
    assert_eq!(stage.sandbox.delete("/api/v1/sandbox/faults").await.status, 204);
    assert_eq!(stage.sandbox.post(&path, json!({})).await.expect(200)["report"]["healthy"], true);

    stage.sandbox.post("/api/v1/sandbox/replies", json!({ "provider": "direct", "text": "Hi" })).await.expect(201);
    let window = json!({ "provider": "direct", "open": false });
    assert_eq!(stage.sandbox.post("/api/v1/sandbox/windows", window).await.status, 204);
    let shown = stage.sandbox.get("/api/v1/sandbox/conversations").await.expect(200);
    assert_eq!(shown["data"][0]["window_open"], false);
    let magic = stage.sandbox.get("/api/v1/sandbox/magic-numbers").await.expect(200);
    assert!(magic["data"].as_array().unwrap().iter().any(|row| row["number"] == "+15005550005"));

    let unknown = stage.sandbox.put("/api/v1/sandbox/faults", json!({ "faults": [{ "kind": "earthquake" }] })).await;
    unknown.problem(422, "validation_failed");
    stage.sandbox.post("/api/v1/sandbox/replies", json!({ "text": "" })).await.problem(422, "validation_failed");
    stage.strike().await;
}

#[rstest]
#[case::twilio(twilio(7), json!({ "provider": "twilio", "auth_token": "0123456789abcdef0123456789abcdef" }), "auth_token")]
#[case::direct(direct(7), json!({ "provider": "direct", "whatsapp_access_token": "EAAGothertokenothertokenothertoken" }), "whatsapp_access_token")]
#[tokio::test(flavor = "multi_thread")]
async fn a_channel_made_by_hand_works_at_once_and_other_credentials_do_not(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[case] form: Value,
    #[case] wrong: Value,
    #[case] field: &str,
) {
    let stage = Stage::set(database).await;
    let channel = stage.sandbox.post("/api/v1/channels", form).await.expect(201);
    let check = format!("{}/check", path_of(&channel));
    let report = stage.sandbox.post(&check, json!({})).await.expect(200)["report"].clone();
    assert_eq!(report["healthy"], true, "{report:#}");

    let note = json!({ "channel_id": channel["id"], "text": "Is anybody there?" });
    stage.sandbox.post("/api/v1/sandbox/replies", note).await.expect(201);
    assert_eq!(received(&stage.sandbox, "Is anybody there?").await["channel_id"], channel["id"]);

    stage.sandbox.patch(&path_of(&channel), wrong).await.expect(200);
    let report = stage.sandbox.post(&check, json!({})).await.expect(200)["report"].clone();
    let failed = report["checks"].as_array().unwrap().iter().find(|check| check["result"] == "fail").cloned();
    assert_eq!(failed.unwrap_or_default()["field"], field, "{report:#}");
    stage.strike().await;
}
