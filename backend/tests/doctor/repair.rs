//! What the gateway sets at the provider when it is asked to.

use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{Stage, is_quiet};
use crate::support::Database;
use duplex_simulator::{AccountView, NewDirectAccount};

fn steps(outcome: &Value) -> Vec<&str> {
    outcome["repair"]["mended"].as_array().unwrap().iter().map(|done| done["step"].as_str().unwrap()).collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn meta_is_set_right_and_told_what_was_there(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let repair = async |path: &str| stage.program().post(&format!("{path}/repair"), json!({})).await.expect(200);

    // Nothing set at all.
    let (patient, made) = stage.direct(json!({})).await;
    let hook = stage.app.app().url(&format!("/hooks/direct/{}", made.app_id));
    stage.seed(&patient, json!({ "callback_url": "", "subscribed": false, "fields": [] })).await;
    let outcome = repair(&patient.path).await;
    assert_eq!(steps(&outcome), ["app_callback", "app_fields", "app_subscribed"], "{outcome:#}");
    assert_eq!(outcome["repair"]["mended"][0]["after"], hook);
    is_quiet("repaired", &outcome["report"]);
    assert_eq!(steps(&repair(&patient.path).await), Vec::<&str>::new(), "a second time there is nothing to do");

    // The app's callback is somebody else's: it stays, and the account gets one of its own.
    let (patient, made) = stage.direct(json!({})).await;
    stage.seed(&patient, json!({ "callback_url": "https://other.example/hook" })).await;
    let outcome = repair(&patient.path).await;
    assert_eq!(steps(&outcome), ["account_callback"], "{outcome:#}");
    is_quiet("beside somebody else's", &outcome["report"]);
    let accounts = stage.simulator.accounts().await.unwrap();
    let own = accounts.iter().find_map(|account| match account {
        AccountView::Direct(direct) if direct.phone_number_id == made.phone_number_id => Some(direct.clone()),
        _ => None,
    });
    assert_eq!(own.unwrap().callback_url.as_deref(), Some("https://other.example/hook"), "it is left alone");
    assert!(stage.kinds().await.contains(&"channel.updated".to_owned()));

    // Ids that lead nowhere: nothing is changed, and it says why.
    stage.retype(&patient, "direct", "whatsapp_business_phone_id", "299999999999999").await;
    let outcome = repair(&patient.path).await;
    assert_eq!(steps(&outcome), Vec::<&str>::new());
    assert!(outcome["repair"]["stopped"].is_string(), "{outcome:#}");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn twilio_gets_retries_and_a_second_address(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let (patient, made) = stage.twilio(json!({})).await;
    let service = json!({ "provider": "twilio", "messaging_service_sid": made.messaging_service_sid });
    stage.program().patch(&patient.path, service).await.expect(200);
    let own = json!({ "use_inbound_webhook_on_number": false, "service_inbound_request_url": "https://user:s3cret@other.example/in?key=s3cret" });
    stage.seed(&patient, own).await;
    assert!(!stage.check(&patient).await.to_string().contains("s3cret"));
    let outcome = stage.program().post(&format!("{}/repair", patient.path), json!({})).await.expect(200);
    let feed = stage.program().get("/api/v1/events?type=channel.updated&limit=200").await.expect(200);
    assert!(!feed.to_string().contains("s3cret"), "{feed:#}");
    assert_eq!(steps(&outcome), ["sender_webhook", "sender_status_callback", "service_inbound"], "{outcome:#}");
    let hook = stage.app.app().url(&format!("/hooks/twilio/{}", patient.id));
    let mended = &outcome["repair"]["mended"];
    assert_eq!(mended[0]["before"], hook);
    assert_eq!(mended[0]["after"], format!("{hook}#rc=3&rp=5xx,ct,rt"));
    assert_eq!(mended[2]["before"], "https://other.example/in");
    is_quiet("repaired", &outcome["report"]);

    // What comes in now is taken.
    stage.write(&patient, "Hello").await;
    let inbox = "/api/v1/messages?direction=inbound";
    let list = stage.app.until(stage.program(), inbox, |list| list["data"][0].is_object()).await;
    assert_eq!(list["data"][0]["channel_id"], patient.id);
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_channel_connects_itself_when_it_is_told_to() {
    let stage = Stage::set(Database::Sqlite).await;
    let made = stage.simulator.create_direct(&NewDirectAccount::default()).await.unwrap();
    let form = json!({
        "provider": "direct", "name": "Meta", "whatsapp_business_phone_id": made.phone_number_id,
        "waba_id": made.waba_id, "whatsapp_app_id": made.app_id, "app_secret": made.app_secret,
        "whatsapp_access_token": made.access_token, "verify_token": made.verify_token, "auto_connect": true,
    });
    let channel = stage.program().post("/api/v1/channels", form).await.expect(201);
    is_quiet("connected", &channel["check"]);
    assert_eq!(channel["facts"]["sender_status"], "CONNECTED");
    stage.strike().await;
}
