//! One-time codes beside a bulk run of the same sender: how long they wait in the queue for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diesel::sql_types::BigInt;
use diesel::{QueryableByName, RunQueryDsl};
use duplex::storage::conn::Conn;
use serde_json::{Value, json};

use super::figures::{CALLERS, Figure, ms};
use super::load::{self, Rate, Request, share_of};
use super::progress::Progress;
use super::stage::{RAISED_LIMIT, Stage, person};
use super::support::Database;

const BULK: usize = 200_000;
const BETWEEN_CODES: Duration = Duration::from_millis(100);
/// Above the numbers of the people of the bulk run.
const CODES_FROM: usize = 5_000_000;

/// When each one-time code was accepted and when its attempt was made durable, in microseconds.
const WAITS: &[&str] = &[
    "SELECT a.created_at - m.created_at AS n FROM messages m JOIN attempts a ON a.id = m.attempt_id \
     WHERE m.class = 'one_time_code'",
    "SELECT CAST(EXTRACT(EPOCH FROM a.created_at - m.created_at) * 1000000 AS BIGINT) AS n FROM messages m \
     JOIN attempts a ON a.id = m.attempt_id WHERE m.class = 'one_time_code'",
];

pub async fn measure(database: Database) -> Figure {
    let mut stage = Stage::set(database).await;
    stage.answer_late().await;
    let address = stage.start(true).await;
    let channel = stage.channel_of(0).to_owned();
    let bearer = format!("Bearer {}", stage.key);
    let request = move |to: String, content: Value| {
        let body = json!({ "to": to, "channel_id": channel, "content": content });
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        Request::post(address, "/api/v1/messages", &headers, body.to_string().into_bytes())
    };
    let bulk = request.clone();
    let offer =
        move |number| bulk(person(number), json!({ "type": "template", "name": "hello_world", "language": "en_US" }));
    load::run(address, CALLERS, BULK, offer).await;
    stage.stop().await;
    let progress = Progress::of(&stage, BULK, BULK / 10);
    let begun = Instant::now();
    stage.start(false).await;
    let over = Arc::new(AtomicBool::new(false));
    let stop = Arc::clone(&over);
    let asking = tokio::spawn(async move {
        let mut codes = 0;
        while !stop.load(Ordering::Relaxed) {
            let code = json!({ "type": "one_time_code", "name": "login_code", "language": "en_US", "code": "112358" });
            let to = person(CODES_FROM + codes);
            load::run(address, 1, 1, {
                let request = request.clone();
                move |_| request(to.clone(), code.clone())
            })
            .await;
            codes += 1;
            tokio::time::sleep(BETWEEN_CODES).await;
        }
        codes
    });
    progress.reach(BULK).await;
    let measured = Rate { done: BULK, took: begun.elapsed() };
    over.store(true, Ordering::Relaxed);
    let codes = asking.await.expect("every code is accepted");
    stage.stop().await;
    let mut waits = waits(&mut stage.bare_connection());
    let notes = vec![format!(
        "{codes} one-time codes: half waited {} at most in the queue, 99 of 100 {}, all {}",
        ms(share_of(&mut waits, 50)),
        ms(share_of(&mut waits, 99)),
        ms(share_of(&mut waits, 100)),
    )];
    let ceiling = Rate { done: usize::try_from(RAISED_LIMIT).expect("a small number"), took: Duration::from_secs(1) };
    Figure { measured, bare: ceiling, notes }
}

fn waits(conn: &mut Conn) -> Vec<Duration> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    let sql = WAITS[usize::from(conn.is_postgres())];
    let rows: Vec<Row> = diesel::sql_query(sql).load(conn).expect("the attempts");
    rows.into_iter().map(|row| Duration::from_micros(row.n.unsigned_abs())).collect()
}
