use duplex_simulator::FaultKind;
use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{ALONE, SHIPPED, Stage, kinds, person, template};
use crate::support::Database;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn while_a_provider_fails_what_is_ready_goes_by_the_other_and_traffic_returns(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    stage.failover("automatic").await;
    let lost = stage.open_circuit().await;

    let ready = stage.send(&person(10), template(SHIPPED)).await;
    let not_ready = stage.send(&person(11), template(ALONE)).await;
    let reply = stage.send(&person(12), json!({ "type": "text", "body": "Hello" })).await;
    let own = json!({ "to": person(13), "content": template(SHIPPED), "fallback": { "mode": "off" } });
    let own = stage.post(own).await.expect(202)["id"].as_str().unwrap().to_owned();

    let story = stage.in_state(&ready, "read").await;
    assert_eq!(story["channel_id"], stage.twilio.as_str(), "{story:#}");
    let moved = story["timeline"].as_array().unwrap().iter().find(|event| event["type"] == "message.moved").unwrap();
    assert_eq!(moved["data"]["from_channel_id"], stage.direct.as_str());
    assert_eq!(moved["data"]["by"], "failure");
    assert_eq!(moved["data"]["failure"]["code"], "provider_error", "why it moved: {moved:#}");

    // The others wait, and say what keeps them.
    let told = |id: String| {
        move |feed: &Value| {
            let all = feed["data"].as_array().unwrap();
            all.iter().any(|event| {
                event["message_id"] == id.as_str() && event["data"]["failure"]["code"] == "backup_not_ready"
            })
        }
    };
    for id in [&not_ready, &reply] {
        stage.app.until(&stage.program, "/api/v1/events?type=message.held&limit=1000", told(id.clone())).await;
        let story = stage.show(id).await;
        assert_eq!(story["hold_reason"], "circuit_open");
        assert_eq!(story["failure"]["code"], "backup_not_ready", "{story:#}");
    }
    assert_eq!(stage.show(&own).await["failure"], Value::Null, "it does not want to");

    // Afterwards traffic returns by itself.
    stage.works_again().await;
    stage.cooled_down().await;
    for id in [&not_ready, &reply, &own] {
        let story = stage.in_state(id, "read").await;
        assert_eq!(story["channel_id"], stage.direct.as_str());
        assert_eq!(story["failure"], Value::Null, "{story:#}");
    }
    stage.told("channel.circuit_closed").await;
    let later = stage.send(&person(14), template(SHIPPED)).await;
    assert_eq!(stage.in_state(&later, "read").await["channel_id"], stage.direct.as_str());

    for (n, id) in lost.iter().enumerate() {
        assert_eq!(stage.show(id).await["state"], "unknown", "what may have arrived stays where it is");
        assert_eq!(stage.copies(&person(n)).await, 0);
    }
    for n in 10..15 {
        assert_eq!(stage.copies(&person(n)).await, 1);
    }
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_of_the_providers_making_moves_by_itself_and_fails_when_the_other_is_not_ready(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    stage.failover("automatic").await;
    // The template is paused there: the other provider's is another one.
    stage.fails("direct", FaultKind::LateRefusal { code: 132_015 }).await;
    let ready = stage.send(&person(1), template(SHIPPED)).await;
    let story = stage.in_state(&ready, "read").await;
    assert_eq!(story["channel_id"], stage.twilio.as_str());
    assert_eq!(story["tries"].as_array().unwrap().len(), 2);
    let not_ready = stage.send(&person(2), template(ALONE)).await;
    let story = stage.in_state(&not_ready, "failed").await;
    assert_eq!(story["failure"]["code"], "template_paused", "{story:#}");
    assert!(story["failure"]["detail"].as_str().unwrap().contains("could not go by the other provider"), "{story:#}");
    // What lies with the person stays what it is.
    stage.fails("direct", FaultKind::LateRefusal { code: 131_050 }).await;
    let stopped = stage.send(&person(3), template(SHIPPED)).await;
    let story = stage.in_state(&stopped, "failed").await;
    assert_eq!(
        (&story["channel_id"], &story["failure"]["code"]),
        (&json!(stage.direct), &json!("recipient_opted_out"))
    );
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn by_hand_one_and_all_of_a_reason_go_by_the_other(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    stage.fails("direct", FaultKind::LateRefusal { code: 132_015 }).await;
    let mut ids = Vec::new();
    for n in 0..4 {
        ids.push(stage.send(&person(n), template(if n == 3 { ALONE } else { SHIPPED })).await);
    }
    for id in &ids {
        assert_eq!(stage.in_state(id, "failed").await["channel_id"], stage.direct.as_str(), "nothing moves by itself");
    }
    stage.fails("direct", FaultKind::LostAnswer).await;
    let lost = stage.send(&person(9), template(SHIPPED)).await;

    let one = format!("/api/v1/messages/{}/fail-over", ids[0]);
    let shown = stage.program.post(&one, json!({})).await.expect(200);
    assert_eq!(shown["channel_id"], stage.twilio.as_str(), "{shown:#}");
    stage.in_state(&ids[0], "read").await;
    let again = stage.program.post(&one, json!({})).await;
    assert_eq!((again.status, &again.json["code"]), (409, &json!("failover_not_ready")), "{:#}", again.json);

    let all = json!({ "failure_code": "template_paused" });
    let result = stage.program.post("/api/v1/messages/fail-over", all).await.expect(200);
    assert_eq!(result["moved"], 2, "{result:#}");
    assert_eq!(result["stayed"][0]["code"], "template_not_ready");
    assert_eq!(result["stayed"][0]["message_ids"], json!([ids[3]]));
    for id in &ids[..3] {
        let story = stage.in_state(id, "read").await;
        let moved =
            story["timeline"].as_array().unwrap().iter().find(|event| event["type"] == "message.moved").unwrap();
        assert_eq!(
            (&moved["data"]["by"], &moved["data"]["failure"]["code"]),
            (&json!("person"), &json!("template_paused"))
        );
    }
    assert_eq!(stage.show(&ids[3]).await["state"], "failed");
    for n in 0..3 {
        // The first was refused late, so each provider took one; the person got one.
        let ledger = stage.simulator.detailed_summary().await.unwrap();
        assert_eq!(ledger.by_recipient.unwrap()[&person(n)].delivered, 1);
    }

    // Whatever happens to the one whose answer was lost, it is not moved.
    let path = format!("/api/v1/messages/{lost}/fail-over");
    let refused = stage.program.post(&path, json!({})).await;
    assert_eq!(refused.status, 409, "{:#}", refused.json);
    assert!(!kinds(&stage.show(&lost).await).contains(&"message.moved"));

    for (body, field) in [
        (json!({}), "message_ids"),
        (json!({ "state": "read", "failure_code": "template_paused" }), "state"),
        (json!({ "message_ids": vec![&ids[0]; 1_001] }), "message_ids"),
    ] {
        let refused = stage.program.post("/api/v1/messages/fail-over", body).await;
        assert_eq!((refused.status, refused.complaints()[0].0.as_str()), (422, field));
    }
    // What WhatsApp holds back for the person's sake, another number must not bring.
    stage.fails("direct", FaultKind::LateRefusal { code: 131_049 }).await;
    let spared = stage.send(&person(8), template(SHIPPED)).await;
    stage.in_state(&spared, "failed").await;
    let refused = stage.program.post(&format!("/api/v1/messages/{spared}/fail-over"), json!({})).await;
    assert_eq!(refused.complaints(), [("message_id".to_owned(), "unwanted".to_owned())], "{:#}", refused.json);
    stage.failover("off").await;
    let refused = stage.program.post(&format!("/api/v1/messages/{}/fail-over", ids[3]), json!({})).await;
    assert_eq!(refused.complaints(), [("message_id".to_owned(), "mode_off".to_owned())], "{:#}", refused.json);
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_messages_own_fallback_names_another_template() {
    let stage = Stage::set(Database::Sqlite).await;
    stage.fails("direct", FaultKind::LateRefusal { code: 132_015 }).await;
    let message = json!({
        "to": person(1), "content": template(ALONE), "fallback": { "mode": "automatic", "template": SHIPPED },
    });
    let id = stage.post(message).await.expect(202)["id"].as_str().unwrap().to_owned();
    let story = stage.in_state(&id, "read").await;
    assert_eq!((&story["channel_id"], &story["content"]["name"]), (&json!(stage.twilio), &json!(SHIPPED)), "{story:#}");
    assert_eq!(story["terms"]["moved_from"], stage.direct.as_str());
    stage.app.stop().await;
}
