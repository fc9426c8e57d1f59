//! Webhooks in: signature checked, journal committed, then 200. What they say is processed meanwhile.

use std::time::Instant;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use diesel::Connection;
use duplex::domain::ids::{ChannelId, JournalId};
use duplex::domain::provider::ProviderKind;
use duplex::domain::state::JournalOrigin;
use duplex::domain::time::Ts;
use duplex::storage::conn::Conn;
use duplex::storage::journal::{self, NewEntry};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::Sha256;
use url::form_urlencoded;

use super::figures::{CALLERS, Figure, ms};
use super::load::{self, Rate, Request};
use super::stage::{Stage, person};
use super::support::Database;

const WARM_UP: usize = 1_000;
const WEBHOOKS: usize = 100_000;

pub async fn measure(database: Database) -> Figure {
    let mut stage = Stage::set(database).await;
    let address = stage.start(true).await;
    let sender = Sender::of(&stage);
    load::run(address, CALLERS, WARM_UP, {
        let sender = sender.clone();
        move |number| sender.webhook(address, number)
    })
    .await;
    let load = load::run(address, CALLERS, WEBHOOKS, {
        let sender = sender.clone();
        move |number| sender.webhook(address, WARM_UP + number)
    })
    .await;
    stage.stop().await;
    let notes = vec![format!("99 of 100 answered within {}", ms(load.p99))];
    Figure { measured: load.rate, bare: bare(&mut stage.bare_connection(), &sender), notes }
}

/// Both providers, one webhook from each in turn: a person writes.
#[derive(Clone)]
struct Sender {
    direct: Account,
    twilio: Account,
    waba_id: String,
}

#[derive(Clone)]
struct Account {
    id: String,
    secret: String,
    number: String,
    callback: String,
}

impl Account {
    fn path(&self) -> &str {
        let host = self.callback.find("://").map_or(0, |at| at + 3);
        self.callback[host..].find('/').map_or("/", |at| &self.callback[host + at..])
    }
}

impl Sender {
    fn of(stage: &Stage) -> Self {
        let callback = |channel: &Value| {
            channel["webhook"]["callback_url"].as_str().expect("a channel says where its webhooks go").to_owned()
        };
        let (direct, twilio) = (callback(&stage.channels[0]), callback(&stage.channels[1]));
        Self {
            direct: Account {
                id: stage.direct[0].phone_number_id.clone(),
                secret: stage.direct[0].app_secret.clone(),
                number: stage.direct[0].display_phone_number.clone(),
                callback: direct,
            },
            twilio: Account {
                id: stage.twilio[0].account_sid.clone(),
                secret: stage.twilio[0].auth_token.clone(),
                number: stage.twilio[0].sender_number.clone(),
                callback: twilio,
            },
            waba_id: stage.direct[0].waba_id.clone(),
        }
    }

    fn webhook(&self, address: std::net::SocketAddr, number: usize) -> Request {
        if number.is_multiple_of(2) {
            self.direct_webhook(address, number)
        } else {
            self.twilio_webhook(address, number)
        }
    }

    fn direct_body(&self, number: usize) -> Vec<u8> {
        let from = person(number % 10_000).trim_start_matches('+').to_owned();
        json!({
            "object": "whatsapp_business_account",
            "entry": [{ "id": self.waba_id, "changes": [{ "field": "messages", "value": {
                "messaging_product": "whatsapp",
                "metadata": {
                    "display_phone_number": self.direct.number.trim_start_matches('+'),
                    "phone_number_id": self.direct.id,
                },
                "contacts": [{ "profile": { "name": "Somebody" }, "wa_id": from }],
                "messages": [{
                    "from": from, "id": format!("wamid.bench{number:012}"), "timestamp": "1790000000",
                    "type": "text", "text": { "body": "Where is my parcel?" },
                }],
            } }] }],
        })
        .to_string()
        .into_bytes()
    }

    fn direct_webhook(&self, address: std::net::SocketAddr, number: usize) -> Request {
        let body = self.direct_body(number);
        let mut mac = Hmac::<Sha256>::new_from_slice(self.direct.secret.as_bytes()).expect("any length is a key");
        mac.update(&body);
        let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
        let headers = [("Content-Type", "application/json"), ("X-Hub-Signature-256", signature.as_str())];
        Request::post(address, self.direct.path(), &headers, body)
    }

    fn twilio_fields(&self, number: usize) -> Vec<(&'static str, String)> {
        let sid = format!("SM{number:032x}");
        let mut fields = vec![
            ("AccountSid", self.twilio.id.clone()),
            ("ApiVersion", "2010-04-01".to_owned()),
            ("Body", "Where is my parcel?".to_owned()),
            ("From", format!("whatsapp:{}", person(number % 10_000))),
            ("MessageSid", sid.clone()),
            ("MessageType", "text".to_owned()),
            ("NumMedia", "0".to_owned()),
            ("NumSegments", "1".to_owned()),
            ("ProfileName", "Somebody".to_owned()),
            ("SmsMessageSid", sid.clone()),
            ("SmsSid", sid),
            ("SmsStatus", "received".to_owned()),
            ("To", self.twilio.number.clone()),
            ("WaId", person(number % 10_000).trim_start_matches('+').to_owned()),
        ];
        fields.sort();
        fields
    }

    fn twilio_webhook(&self, address: std::net::SocketAddr, number: usize) -> Request {
        let fields = self.twilio_fields(number);
        let mut mac = Hmac::<Sha1>::new_from_slice(self.twilio.secret.as_bytes()).expect("any length is a key");
        mac.update(self.twilio.callback.as_bytes());
        for (name, value) in &fields {
            mac.update(name.as_bytes());
            mac.update(value.as_bytes());
        }
        let signature = BASE64_STANDARD.encode(mac.finalize().into_bytes());
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish().into_bytes();
        let headers =
            [("Content-Type", "application/x-www-form-urlencoded"), ("X-Twilio-Signature", signature.as_str())];
        Request::post(address, self.twilio.path(), &headers, body)
    }
}

/// The same journal rows by one connection without HTTP, as many to a commit as there are callers.
fn bare(conn: &mut Conn, sender: &Sender) -> Rate {
    let begun = Instant::now();
    for batch in 0..WEBHOOKS / CALLERS {
        let rows: Vec<NewEntry> = (0..CALLERS)
            .map(|number| NewEntry {
                id: JournalId::new(),
                provider: ProviderKind::Direct,
                channels: vec![ChannelId::new()],
                url: sender.direct.callback.clone(),
                body: sender.direct_body(batch * CALLERS + number),
                at: Ts::from(chrono::Utc::now()),
                origin: JournalOrigin::Webhook,
            })
            .collect();
        conn.transaction(|conn| journal::insert(conn, &rows)).expect("the rows are stored");
    }
    Rate { done: WEBHOOKS / CALLERS * CALLERS, took: begun.elapsed() }
}
