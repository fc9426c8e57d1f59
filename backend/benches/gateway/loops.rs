//! The whole loop: accepted, sent to the provider, and three receipts applied, each of them a webhook of its own.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::figures::{CALLERS, Figure};
use super::load::{self, Rate, Request};
use super::stage::{Stage, person};
use super::support::Database;
use super::support::api::Caller;

const MESSAGES: usize = 6_000;
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);
const PAGE: usize = 1_000;

pub async fn measure(database: Database) -> Figure {
    let mut stage = Stage::set(database).await;
    let bare = bare(&stage).await;
    let address = stage.start(false).await;
    let bearer = format!("Bearer {}", stage.key);
    let begun = Instant::now();
    let watching = tokio::spawn(all_read(stage.caller()));
    load::run(address, CALLERS, MESSAGES, move |number| {
        let body = json!({
            "to": person(number),
            "provider": if number.is_multiple_of(2) { "direct" } else { "twilio" },
            "content": { "type": "text", "body": format!("Your parcel {number} is on its way") },
        });
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        Request::post(address, "/api/v1/messages", &headers, body.to_string().into_bytes())
    })
    .await;
    watching.await.expect("all messages are read");
    let measured = Rate { done: MESSAGES, took: begun.elapsed() };
    stage.stop().await;
    Figure { measured, bare }
}

/// Reads the feed until every message has been read.
async fn all_read(gateway: Caller) {
    let (mut after, mut read) = (None, 0);
    while read < MESSAGES {
        let place = after.map_or(String::new(), |after: i64| format!("&after={after}"));
        let page = gateway.get(&format!("/api/v1/events?limit={PAGE}{place}")).await.expect(200);
        let events = page["data"].as_array().expect("a page of events");
        read += events.iter().filter(|event| event["type"] == "message.read").count();
        let bad = ["message.failed", "message.unknown", "message.expired", "message.held"];
        if let Some(event) = events.iter().find(|event| bad.iter().any(|kind| event["type"] == *kind)) {
            panic!("nothing should go wrong here: {event:#}");
        }
        after = page["next_after"].as_i64();
        if events.len() < PAGE {
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }
}

/// The requests that sending is made of, without anything before or after: what the simulator can take.
async fn bare(stage: &Stage) -> Rate {
    let admin = stage.simulator.admin().expect("an admin client");
    let direct = admin.create_direct(&Default::default()).await.expect("an account without a callback");
    let twilio = admin.create_twilio(&Default::default()).await.expect("an account without a callback");
    let address: SocketAddr =
        stage.simulator.base_url().trim_start_matches("http://").parse().expect("the simulator's address");
    let graph = format!("/v25.0/{}/messages", direct.phone_number_id);
    let create = format!("/2010-04-01/Accounts/{}/Messages.json", twilio.account_sid);
    let bearer = format!("Bearer {}", direct.access_token);
    let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{}:{}", twilio.account_sid, twilio.auth_token)));
    load::run(address, CALLERS, MESSAGES, move |number| {
        let text = format!("Your parcel {number} is on its way");
        if number.is_multiple_of(2) {
            let body: Value = json!({
                "messaging_product": "whatsapp", "recipient_type": "individual", "to": person(number),
                "type": "text", "text": { "body": text, "preview_url": false },
            });
            let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
            Request::post(address, &graph, &headers, body.to_string().into_bytes())
        } else {
            let to = format!("whatsapp:{}", person(number));
            let fields = [("From", twilio.sender_number.as_str()), ("To", to.as_str()), ("Body", text.as_str())];
            let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
            let headers = [("Authorization", basic.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
            Request::post(address, &create, &headers, body.into_bytes())
        }
    })
    .await
}
