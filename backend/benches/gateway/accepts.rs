//! Durable accepts: how many messages a second callers can hand over, each answered only after its commit.

use std::time::Instant;

use diesel::Connection;
use diesel::QueryDsl;
use diesel::RunQueryDsl;
use duplex::domain::class::MessageClass;
use duplex::domain::content::Content;
use duplex::domain::content::plain::TextContent;
use duplex::domain::ids::{ChannelId, ContactId, MessageId, WorkspaceId};
use duplex::domain::message::Direction;
use duplex::domain::state::MessageState;
use duplex::domain::time::Ts;
use duplex::storage::conn::Conn;
use duplex::storage::messages::{self, NewMessage};
use duplex::storage::schema;
use duplex::storage::types::Json;
use serde_json::json;

use super::figures::{CALLERS, Figure, ms};
use super::load::{self, Rate, Request};
use super::stage::{Stage, person};
use super::support::Database;

const WARM_UP: usize = 1_000;
const MESSAGES: usize = 100_000;

pub async fn measure(database: Database) -> Figure {
    let mut stage = Stage::set(database).await;
    let address = stage.start(true).await;
    let bearer = format!("Bearer {}", stage.key);
    let request = move |number: usize| {
        let body = json!({
            "to": person(number % 10_000),
            "content": { "type": "text", "body": format!("Your parcel {number} is on its way") },
        });
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        Request::post(address, "/api/v1/messages", &headers, body.to_string().into_bytes())
    };
    load::run(address, CALLERS, WARM_UP, request.clone()).await;
    let load = load::run(address, CALLERS, MESSAGES, request).await;
    stage.stop().await;
    let notes = vec![format!("99 of 100 answered within {}", ms(load.p99))];
    Figure { measured: load.rate, bare: bare(&mut stage.bare_connection()), notes }
}

/// The same message rows by one connection without HTTP, as many to a commit as there are callers.
fn bare(conn: &mut Conn) -> Rate {
    let (workspace_id, channel_id, contact_id): (WorkspaceId, ChannelId, ContactId) = schema::messages::table
        .select((schema::messages::workspace_id, schema::messages::channel_id, schema::messages::contact_id))
        .first(conn)
        .expect("a message was accepted");
    let now = Ts::from(chrono::Utc::now());
    let content = Content::Text(TextContent { body: "Your parcel 10000 is on its way".into(), preview_url: false });
    let begun = Instant::now();
    for _ in 0..MESSAGES / CALLERS {
        let rows: Vec<NewMessage> = (0..CALLERS)
            .map(|number| NewMessage {
                id: MessageId::new(),
                workspace_id,
                channel_id,
                contact_id,
                direction: Direction::Outbound,
                kind: "text".into(),
                recipient: person(number),
                content: Json::of(&content).expect("JSON"),
                state: MessageState::Queued,
                run_at: now,
                attempt: 0,
                tries: 0,
                provider_message_id: None,
                reply_to: None,
                reply_to_id: None,
                context: None,
                client_reference: None,
                expires_at: None,
                created_at: now,
                updated_at: now,
                class: Some(MessageClass::Reply),
                terms: None,
            })
            .collect();
        conn.transaction(|conn| messages::insert(conn, &rows)).expect("the rows are stored");
    }
    Rate { done: MESSAGES / CALLERS * CALLERS, took: begun.elapsed() }
}
