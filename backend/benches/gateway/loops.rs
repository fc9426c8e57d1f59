//! The whole loop: accepted, sent to the provider, and three receipts applied, each of them a webhook of its own.

use std::net::SocketAddr;
use std::time::Instant;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::figures::{CALLERS, Figure, ms};
use super::load::{self, Rate, Request};
use super::memory::Watch;
use super::progress::{Progress, spread};
use super::stage::{Stage, person};
use super::support::Database;

/// A minute's worth, at the rate that is asked for.
const MESSAGES: usize = 150_000;
/// Of the rate over time.
const PART: usize = 15_000;
/// Messages that may be on their way: the rate of the loop is measured, not how fast a queue can grow.
const AHEAD: usize = 4_000;
const BARE: usize = 10_000;

pub async fn measure(database: Database) -> Figure {
    let mut stage = Stage::set(database).await;
    let bare = bare(&stage).await;
    stage.answer_late().await;
    let address = stage.start(false).await;
    let memory = Watch::of(stage.process_id());
    let progress = Progress::of(&stage, MESSAGES, PART);
    let begun = Instant::now();
    let pace = progress.not_further_than(AHEAD);
    let load = load::run_behind(address, CALLERS, MESSAGES, message(&stage, address), pace).await;
    let parts = progress.end().await;
    let measured = Rate { done: MESSAGES, took: begun.elapsed() };
    let resident = memory.end().await;
    stage.stop().await;
    let (least, most) = spread(&parts);
    let notes = vec![
        format!("{:.0} s; {least:.0} to {most:.0} a second in parts of {PART}", measured.took.as_secs_f64()),
        format!("99 of 100 accepted within {}", ms(load.p99)),
        resident.to_string(),
    ];
    Figure { measured, bare, notes }
}

/// The request that hands over a message: each to another person, by each channel in turn.
pub fn message(stage: &Stage, address: SocketAddr) -> impl Fn(usize) -> Request + Send + Sync + 'static {
    let bearer = format!("Bearer {}", stage.key);
    let channels: Vec<String> = (0..stage.channels.len()).map(|number| stage.channel_of(number).to_owned()).collect();
    move |number| {
        let body = json!({
            "to": person(number),
            "channel_id": channels[number % channels.len()],
            "content": { "type": "text", "body": format!("Your parcel {number} is on its way") },
        });
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        Request::post(address, "/api/v1/messages", &headers, body.to_string().into_bytes())
    }
}

/// The requests that sending is made of, without anything before or after: what the simulator can take.
pub async fn bare(stage: &Stage) -> Rate {
    let admin = stage.simulator.admin().expect("an admin client");
    let direct = admin.create_direct(&Default::default()).await.expect("an account without a callback");
    let twilio = admin.create_twilio(&Default::default()).await.expect("an account without a callback");
    let address: SocketAddr =
        stage.simulator.base_url().trim_start_matches("http://").parse().expect("the simulator's address");
    let graph = format!("/v25.0/{}/messages", direct.phone_number_id);
    let create = format!("/2010-04-01/Accounts/{}/Messages.json", twilio.account_sid);
    let bearer = format!("Bearer {}", direct.access_token);
    let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{}:{}", twilio.account_sid, twilio.auth_token)));
    let make = move |number: usize| {
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
    };
    load::run(address, CALLERS, BARE, make).await.rate
}
