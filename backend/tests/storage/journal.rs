use duplex::domain::ids::{ChannelId, JournalId};
use duplex::domain::provider::ProviderKind;
use duplex::domain::state::{JournalOrigin, JournalState};
use duplex::storage::journal::{self, NewEntry, Processed};
use rstest::rstest;

use crate::stage::{LEASE_MICROS, NODE, NOW, Stage};
use crate::support::Database;

#[rstest]
#[tokio::test]
async fn raw_bytes_survive_and_are_claimed_once(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database).await;
    let body = vec![0, 255, b'{', 10];
    let entry = NewEntry {
        id: JournalId::new(),
        provider: ProviderKind::Direct,
        channels: vec![stage.channel],
        url: "https://gw.example.com/hooks/direct/1?a=%7E".into(),
        body: body.clone(),
        at: NOW,
        origin: JournalOrigin::Webhook,
    };
    let id = entry.id;
    stage.db.write(move |conn| journal::insert(conn, &[entry])).await.unwrap();
    let claim = || stage.db.write(|conn| journal::claim(conn, NODE, LEASE_MICROS, NOW, 10));
    let claimed = claim().await.unwrap();
    assert_eq!((claimed[0].id, &claimed[0].body, &claimed[0].channels), (id, &body, &vec![stage.channel]));
    assert!(claim().await.unwrap().is_empty());
    let outcome = |state, applied_at| Processed {
        id,
        state,
        tries: 1,
        run_at: NOW,
        error: Some("once more".into()),
        foreign_events: 2,
        processed_at: None,
        applied_at,
        first: false,
    };
    let back = outcome(JournalState::Pending, Some(NOW));
    stage.db.write(move |conn| journal::settle(conn, "node-b", &[back])).await.unwrap();
    assert!(claim().await.unwrap().is_empty(), "only its claimant settles it");
    let back = outcome(JournalState::Pending, Some(NOW));
    stage.db.write(move |conn| journal::settle(conn, NODE, &[back])).await.unwrap();
    let again = claim().await.unwrap();
    assert_eq!((again[0].tries, again[0].applied_at), (1, Some(NOW)));
    let failed = outcome(JournalState::Pending, None);
    stage.db.write(move |conn| journal::settle(conn, NODE, &[failed])).await.unwrap();
    assert_eq!(claim().await.unwrap()[0].applied_at, Some(NOW), "what was applied before stays so");
    let done = outcome(JournalState::Done, None);
    stage.db.write(move |conn| journal::settle(conn, NODE, &[done])).await.unwrap();
    assert!(claim().await.unwrap().is_empty());
    let own = stage.channel;
    let (visible, hidden) = stage
        .db
        .read(move |conn| {
            Ok((journal::bodies(conn, &[id], &[own])?, journal::bodies(conn, &[id], &[ChannelId::new()])?))
        })
        .await
        .unwrap();
    assert_eq!(visible, [(id, NOW, body)]);
    assert!(hidden.is_empty(), "another workspace's channels could have received it");
}
