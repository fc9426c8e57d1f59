use duplex::domain::event::{EventKind, NewEvent};
use duplex::storage::events;
use futures_util::future::join_all;
use rstest::rstest;

use crate::stage::{NOW, Stage};
use crate::support::Database;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_never_misses_what_commits_later(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database).await;
    let workspace = stage.workspace;
    let writers = (0..20).map(|_| {
        let db = stage.db.clone();
        async move {
            db.write(move |conn| {
                let news = (0..5).map(|_| (workspace, NewEvent::new(EventKind::ProviderNotice, NOW))).collect();
                events::append(conn, news)
            })
            .await
            .unwrap();
        }
    });
    let reader = async {
        let mut seen = Vec::new();
        while seen.len() < 100 {
            let last = seen.last().copied().unwrap_or(0);
            let more = stage.db.read(move |conn| events::after(conn, workspace, last, 7)).await.unwrap();
            seen.extend(more.iter().map(|event| event.seq));
        }
        seen
    };
    let (_, seen) = tokio::join!(join_all(writers), reader);
    assert_eq!(seen, (1..=100).collect::<Vec<i64>>());
}
