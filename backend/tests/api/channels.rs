//! Making, changing and deleting channels.

use duplex::domain::ids::{ChannelId, WorkspaceId};
use duplex::storage::channels as stored;
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::stage::{Stage, direct, path_of, twilio};
use crate::support::Database;

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} in {value:#}"))
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_channel_is_made_changed_and_deleted(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values(twilio(1), direct(1))] form: Value,
) {
    let stage = Stage::set(database).await;
    let live = &stage.live;
    let made = live.post("/api/v1/channels", form.clone()).await.expect(201);
    assert_eq!(made["provider"], form["provider"]);
    assert_eq!((made["state"].as_str(), made["is_default"].as_bool()), (Some("active"), Some(true)));
    let callback = text(&made["webhook"], "callback_url");
    assert!(callback.contains(&format!("/hooks/{}/", text(&form, "provider"))), "{callback}");

    let path = path_of(&made);
    let change = json!({ "provider": form["provider"], "name": "  Renamed " });
    let changed = live.patch(&path, change).await.expect(200);
    assert_eq!(changed["name"], "Renamed");
    assert_eq!(live.get(&path).await.expect(200)["name"], "Renamed");
    assert_eq!(live.get("/api/v1/channels").await.expect(200)["data"].as_array().map(Vec::len), Some(1));

    assert_eq!(live.delete(&path).await.status, 204);
    live.get(&path).await.problem(404, "not_found");
    live.delete(&path).await.problem(404, "not_found");
    assert_eq!(live.get("/api/v1/channels").await.expect(200)["data"].as_array().map(Vec::len), Some(0));
    // The sender is free again.
    live.post("/api/v1/channels", form).await.expect(201);

    let feed = live.get("/api/v1/events").await.expect(200);
    let kinds: Vec<_> = feed["data"].as_array().unwrap().iter().map(|event| text(event, "type")).collect();
    assert_eq!(kinds, ["channel.created", "channel.updated", "channel.deleted", "channel.created"]);
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn secrets_go_in_and_never_come_out(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let live = &stage.live;
    let secrets_of = |form: &Value| -> Vec<String> {
        let names = ["auth_token", "app_secret", "whatsapp_access_token"];
        names.iter().filter_map(|name| form[name].as_str().map(str::to_owned)).collect()
    };
    let mut seen = String::new();
    let mut secrets = Vec::new();
    for form in [twilio(1), direct(1)] {
        secrets.extend(secrets_of(&form));
        let made = live.post("/api/v1/channels", form.clone()).await.expect(201);
        let path = path_of(&made);
        let rotated = match text(&form, "provider") {
            "twilio" => json!({ "provider": "twilio", "auth_token": "9b8a7c6d5e4f30211203f4e5d6c7b8a9",
                "auth_token_secondary": "5f1d7a84db34e9b2c6a0f3e85e9d0001" }),
            _ => json!({ "provider": "direct", "app_secret": "9b8a7c6d5e4f30211203f4e5d6c7b8a9" }),
        };
        secrets.extend(secrets_of(&rotated));
        let changed = live.patch(&path, rotated).await.expect(200);
        let field = if form["provider"] == "twilio" { "auth_token" } else { "app_secret" };
        assert_eq!((changed[field]["set"].as_bool(), changed[field]["ends_with"].as_str()), (Some(true), Some("b8a9")));
        assert!(changed[field]["set_at"].is_string());
        for answer in [made, changed, live.get(&path).await.expect(200)] {
            seen.push_str(&answer.to_string());
        }
        assert_sealed(&stage, &path, &secrets).await;
    }
    for path in ["/api/v1/channels", "/api/v1/events", "/api/v1/providers", "/api/v1/webhook-events"] {
        seen.push_str(&live.get(path).await.expect(200).to_string());
    }
    // A refusal doesn't repeat what it refuses.
    let mut bad = twilio(2);
    bad["auth_token"] = json!("a secret with blanks in it");
    secrets.push("a secret with blanks in it".to_owned());
    seen.push_str(&live.post("/api/v1/channels", bad).await.problem(422, "validation_failed").to_string());
    for secret in &secrets {
        assert!(!seen.contains(secret), "{secret} came out");
    }
    stage.strike().await;
}

/// What stands in the database holds none of the secrets.
async fn assert_sealed(stage: &Stage, path: &str, secrets: &[String]) {
    let id: ChannelId = path.rsplit('/').next().unwrap().parse().unwrap();
    let workspace: WorkspaceId = stage.app.live.parse().unwrap();
    let record = stage.app.app().context.db.read(move |conn| stored::get(conn, workspace, id)).await.unwrap();
    let settings = record.settings;
    let columns = [
        &settings.auth_token,
        &settings.auth_token_secondary,
        &settings.app_secret,
        &settings.whatsapp_access_token,
        &settings.verify_token,
    ];
    let sealed: Vec<&Vec<u8>> = columns.into_iter().flatten().collect();
    assert!(!sealed.is_empty());
    for secret in secrets {
        let plain = secret.as_bytes();
        assert!(sealed.iter().all(|bytes| !bytes.windows(plain.len()).any(|window| window == plain)), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_verify_token_is_shown_to_those_who_must_copy_it() {
    let stage = Stage::set(Database::Sqlite).await;
    let made = stage.live.post("/api/v1/channels", direct(1)).await.expect(201);
    assert_eq!(made["verify_token"]["set"], true, "made here");
    let shown = stage.live.get(&path_of(&made)).await.expect(200);
    let token = text(&shown["webhook"], "verify_token");
    assert_eq!(token.len(), 32);

    let key = json!({ "name": "reader", "scopes": ["channels:read"] });
    let key = stage.live.post("/api/v1/api-keys", key).await.expect(201);
    let reader = stage.live.with_key(text(&key, "secret"));
    let shown = reader.get(&path_of(&made)).await.expect(200);
    assert!(!shown.to_string().contains(token), "a reader has no use for it");
    reader.delete(&path_of(&made)).await.problem(403, "forbidden");
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_names_its_field() {
    let stage = Stage::set(Database::Sqlite).await;
    let live = &stage.live;
    let cases = [
        (twilio(1), "account_sid", json!("AC12"), "too_short"),
        (twilio(1), "sender_number", json!("01234"), "too_short"),
        (twilio(1), "api_key_sid", json!("SK0123456789abcdef0123456789abcdef"), "conflict"),
        (twilio(1), "name", json!(""), "required"),
        (twilio(1), "name", json!("x".repeat(81)), "too_long"),
        (twilio(1), "waba_id", json!("300000000000001"), "unknown_field"),
        (direct(1), "waba_id", json!("not digits at all"), "malformed"),
        (direct(1), "graph_version", json!("x25.0"), "malformed"),
    ];
    for (mut form, field, value, code) in cases {
        form[field] = value;
        let answer = live.post("/api/v1/channels", form).await;
        let complaints = answer.complaints();
        answer.problem(422, "validation_failed");
        let wanted = if field == "api_key_sid" { "api_key_secret" } else { field };
        assert_eq!(complaints.len(), 1, "{complaints:?}");
        assert!(complaints[0].0.ends_with(wanted), "{complaints:?} for {wanted}");
        assert_eq!(complaints[0].1, code, "{complaints:?}");
    }
    let mut without = direct(1);
    without.as_object_mut().unwrap().remove("app_secret");
    assert_eq!(live.post("/api/v1/channels", without).await.complaints()[0].0, "app_secret");

    let made = live.post("/api/v1/channels", twilio(1)).await.expect(201);
    let other = live.patch(&path_of(&made), json!({ "provider": "direct", "name": "X" })).await;
    assert_eq!(other.complaints(), [("provider".to_owned(), "invalid_value".to_owned())]);
    let half = json!({ "provider": "twilio", "api_key_sid": "SK0123456789abcdef0123456789abcdef" });
    let half = live.patch(&path_of(&made), half).await;
    assert_eq!(half.complaints(), [("api_key_secret".to_owned(), "conflict".to_owned())]);
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn each_provider_has_one_default(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let live = &stage.live;
    let first = live.post("/api/v1/channels", twilio(1)).await.expect(201);
    let second = live.post("/api/v1/channels", twilio(2)).await.expect(201);
    let other = live.post("/api/v1/channels", direct(1)).await.expect(201);
    let defaults = async || {
        let all = live.get("/api/v1/channels").await.expect(200);
        let of = |channel: &Value| {
            let all = all["data"].as_array().unwrap();
            all.iter().find(|found| found["id"] == channel["id"]).is_some_and(|found| found["is_default"] == true)
        };
        [of(&first), of(&second), of(&other)]
    };
    assert_eq!(defaults().await, [true, false, true]);

    live.patch(&path_of(&second), json!({ "provider": "twilio", "is_default": true })).await.expect(200);
    assert_eq!(defaults().await, [false, true, true]);
    let refused = live.patch(&path_of(&second), json!({ "provider": "twilio", "is_default": false })).await;
    assert_eq!(refused.complaints()[0].0, "is_default");

    assert_eq!(live.delete(&path_of(&second)).await.status, 204);
    assert_eq!(defaults().await, [true, false, true], "the oldest takes its place");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_sender_is_one_channel_of_the_installation(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    for (form, field) in [(twilio(1), "sender_number"), (direct(1), "whatsapp_business_phone_id")] {
        stage.live.post("/api/v1/channels", form.clone()).await.expect(201);
        for caller in [&stage.live, &stage.sandbox] {
            let answer = caller.post("/api/v1/channels", form.clone()).await;
            assert_eq!(answer.complaints(), [(field.to_owned(), "sender_taken".to_owned())]);
            answer.problem(409, "conflict");
        }
    }
    let third = stage.live.post("/api/v1/channels", twilio(3)).await.expect(201);
    let taken = json!({ "provider": "twilio", "account_sid": twilio(1)["account_sid"],
        "sender_number": twilio(1)["sender_number"] });
    stage.live.patch(&path_of(&third), taken).await.problem(409, "conflict");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_makes_one_channel(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let live = &stage.live;
    let send = async |form: Value| {
        let request = live.request(Method::POST, "/api/v1/channels").header("Idempotency-Key", "once").json(&form);
        live.send(request).await
    };
    let first = send(twilio(1)).await.expect(201);
    assert_eq!(send(twilio(1)).await.expect(201), first);
    send(twilio(2)).await.problem(422, "idempotency_key_reused");
    assert_eq!(live.get("/api/v1/channels").await.expect(200)["data"].as_array().map(Vec::len), Some(1));
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_pages() {
    let stage = Stage::set(Database::Sqlite).await;
    for n in 1..=3 {
        stage.live.post("/api/v1/channels", twilio(n)).await.expect(201);
    }
    let first = stage.live.get("/api/v1/channels?limit=2").await.expect(200);
    let names = |page: &Value| -> Vec<String> {
        page["data"].as_array().unwrap().iter().map(|channel| text(channel, "name").to_owned()).collect()
    };
    assert_eq!(names(&first), ["Twilio 3", "Twilio 2"]);
    let next = format!("/api/v1/channels?limit=2&cursor={}", text(&first, "next_cursor"));
    let second = stage.live.get(&next).await.expect(200);
    assert_eq!(names(&second), ["Twilio 1"]);
    assert!(second["next_cursor"].is_null());
    assert_eq!(names(&stage.live.get("/api/v1/channels?provider=direct").await.expect(200)), Vec::<String>::new());
    stage.live.get("/api/v1/channels?provider=pigeon").await.problem(400, "invalid_parameter");
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_workspaces_channels_are_not_there() {
    let stage = Stage::set(Database::Sqlite).await;
    let path = path_of(&stage.channel("twilio").await);
    let live = &stage.live;
    live.get(&path).await.problem(404, "not_found");
    live.patch(&path, json!({ "provider": "twilio", "name": "X" })).await.problem(404, "not_found");
    live.delete(&path).await.problem(404, "not_found");
    for action in ["check", "hold", "resume"] {
        live.post(&format!("{path}/{action}"), json!({})).await.problem(404, "not_found");
    }
    stage.strike().await;
}
