//! What providers say of accounts, heard by two nodes at once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use duplex::domain::ids::ChannelId;
use duplex::domain::time::Ts;
use duplex::storage::conn::Conn;
use duplex::storage::facts;
use duplex::storage::system::account_news::{self, Said};
use tokio::sync::oneshot;

use crate::stage::{NOW, Stage};
use crate::support::Database;

fn ban(channel: ChannelId, told_at: Ts) -> Said {
    let fingerprint = told_at.micros().to_be_bytes().to_vec();
    Said { channel_id: channel, fingerprint, topic: Some("ban".into()), told_at, received_at: NOW }
}

/// Whether somebody waits for a lock in this cluster's database.
fn somebody_waits(conn: &mut Conn) -> bool {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        waiting: i64,
    }
    let Conn::Postgres(conn) = conn else { panic!("SQLite has one writer") };
    // Within a transaction the first look would be kept.
    diesel::sql_query("SELECT pg_stat_clear_snapshot()").execute(conn).unwrap();
    let query = "SELECT count(*) AS waiting FROM pg_stat_activity \
                 WHERE datname = current_database() AND wait_event_type = 'Lock'";
    diesel::sql_query(query).get_result::<Count>(conn).unwrap().waiting > 0
}

/// The node with the later word has not committed it when the other one looks whether its own is news.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_words_at_once_the_later_one_stands() {
    let stage = Stage::on(Database::Postgres).await;
    let (channel, senders) = (stage.channel, BTreeSet::from([(stage.channel, stage.workspace)]));
    let (has_locked, locked) = oneshot::channel();
    let is_over = Arc::new(AtomicBool::new(false));
    let (first, seen) = (senders.clone(), Arc::clone(&is_over));
    let reinstated = stage.db.write(move |conn| {
        facts::lock(conn, &first, NOW)?;
        let news = account_news::is_news(conn, &ban(channel, NOW))?;
        has_locked.send(()).unwrap();
        while !somebody_waits(conn) && !seen.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        Ok(news)
    });
    let disabled = async {
        locked.await.unwrap();
        let news = stage.db.write(move |conn| {
            facts::lock(conn, &senders, NOW)?;
            account_news::is_news(conn, &ban(channel, NOW.minus(Duration::from_secs(60))))
        });
        let news = news.await;
        is_over.store(true, Ordering::SeqCst);
        news
    };
    let (reinstated, disabled) = tokio::join!(reinstated, disabled);
    assert!(reinstated.unwrap());
    assert!(!disabled.unwrap(), "it was said before the other, and must not undo it");
}
