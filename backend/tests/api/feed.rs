//! The feed from its newest end, and only what is wanted of it.

use duplex::domain::event::{EventKind, NewEvent};
use duplex::domain::time::Ts;
use duplex::storage::{events, retention};
use rstest::rstest;
use serde_json::Value;

use super::stage::Stage;
use crate::support::Database;

const FEED: &str = "/api/v1/events";

/// Adds entries to the live workspace's feed, which is empty at first.
async fn append(stage: &Stage, kinds: Vec<EventKind>) {
    let (ctx, at) = (&stage.app.app().context, stage.now());
    let workspace = stage.app.live.parse().unwrap();
    let news = kinds.into_iter().map(|kind| (workspace, NewEvent::new(kind, at))).collect();
    ctx.db.write(move |conn| events::append(conn, news)).await.unwrap();
}

fn places(page: &Value) -> Vec<i64> {
    page["data"].as_array().unwrap().iter().map(|event| event["seq"].as_i64().unwrap()).collect()
}

/// Follows a cursor to its end, which is the head or where nothing older is kept; gives the places of each page.
async fn pages(stage: &Stage, query: &str, cursor: &str, next: &str) -> Vec<Vec<i64>> {
    let (mut found, mut place) = (Vec::new(), None::<i64>);
    loop {
        let at = place.map_or(String::new(), |place| format!("&{cursor}={place}"));
        let page = stage.live.get(&format!("{FEED}?{query}{at}")).await.expect(200);
        found.push(places(&page));
        let reached = page[next].as_i64();
        if reached.is_none() || (cursor == "after" && reached == page["head"].as_i64()) {
            return found;
        }
        assert_ne!(reached, place, "it goes on");
        place = reached;
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_feed_opens_at_its_newest_end(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let empty = stage.live.get(&format!("{FEED}?order=newest")).await.expect(200);
    assert_eq!((places(&empty), empty["next_before"].as_i64(), empty["next_after"].as_i64()), (vec![], None, Some(0)));

    append(&stage, vec![EventKind::ProviderNotice; 5]).await;
    let first = stage.live.get(&format!("{FEED}?order=newest&limit=2")).await.expect(200);
    assert_eq!((places(&first), first["next_before"].as_i64()), (vec![5, 4], Some(4)));
    // Where a follower goes on.
    assert_eq!(
        (first["next_after"].as_i64(), first["head"].as_i64(), first["reset"].as_bool()),
        (Some(5), Some(5), Some(false))
    );
    assert_eq!(pages(&stage, "order=newest&limit=2", "before", "next_before").await, [vec![5, 4], vec![3, 2], vec![1]]);
    assert_eq!(pages(&stage, "order=newest&limit=5", "before", "next_before").await, [vec![5, 4, 3, 2, 1]]);
    let beyond = stage.live.get(&format!("{FEED}?order=newest&before=900")).await.expect(200);
    assert_eq!(places(&beyond), [5, 4, 3, 2, 1]);
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn going_back_ends_where_retention_has_been(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    append(&stage, vec![EventKind::ProviderNotice; 3]).await;
    let past = stage.now();
    stage.pass(std::time::Duration::from_secs(60));
    append(&stage, vec![EventKind::ProviderNotice; 2]).await;
    forget_until(&stage, past).await;
    assert_eq!(pages(&stage, "order=newest&limit=1", "before", "next_before").await, [vec![5], vec![4]]);
    let gone = stage.live.get(&format!("{FEED}?order=newest&before=3")).await.expect(200);
    assert_eq!((places(&gone), gone["next_before"].as_i64()), (vec![], None));
    stage.strike().await;
}

/// Deletes the entries of the live workspace that are no younger than this.
async fn forget_until(stage: &Stage, past: Ts) {
    let before = past.plus(std::time::Duration::from_secs(1));
    let workspace = stage.app.live.parse().unwrap();
    let purged = stage.app.app().context.db.write(move |conn| retention::purge_events(conn, workspace, before));
    assert_eq!(purged.await.unwrap(), 3);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn only_the_types_that_are_wanted(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let (failed, held, notice) = (EventKind::MessageFailed, EventKind::ChannelHeld, EventKind::ProviderNotice);
    append(&stage, vec![failed, notice, held, notice, failed, notice]).await;
    for types in ["type=message.failed,channel.held", "type=channel.held&type=message.failed"] {
        assert_eq!(pages(&stage, &format!("{types}&limit=2"), "after", "next_after").await, [vec![1, 3], vec![5]]);
        let back = pages(&stage, &format!("{types}&limit=2&order=newest"), "before", "next_before").await;
        assert_eq!(back, [vec![5, 3], vec![1]]);
    }
    assert_eq!(pages(&stage, "type=channel.resumed", "after", "next_after").await, [Vec::<i64>::new()]);
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_rare_type_is_found_step_by_step(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let mut kinds = vec![EventKind::ProviderNotice; 6_001];
    kinds[0] = EventKind::MessageFailed;
    kinds[6_000] = EventKind::MessageFailed;
    append(&stage, kinds).await;
    let forward = pages(&stage, "type=message.failed", "after", "next_after").await;
    assert_eq!(forward, [vec![1], vec![6_001]]);
    let back = pages(&stage, "type=message.failed&order=newest", "before", "next_before").await;
    assert_eq!(back, [vec![6_001], vec![1]]);
    // The stretch in between is empty, and still says where to go on.
    let empty = stage.live.get(&format!("{FEED}?type=message.failed&after=1&limit=1")).await.expect(200);
    assert_eq!((places(&empty), empty["next_after"].as_i64()), (vec![], Some(5_001)));
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_of_the_feed_has_its_own_cursor() {
    let stage = Stage::set(Database::Sqlite).await;
    for (query, field) in [
        ("before=3", "before"),
        ("order=oldest&before=3", "before"),
        ("order=newest&after=3", "after"),
        ("order=newest&before=0", "before"),
        ("order=sideways", "order"),
        ("type=message.eaten", "type[0]"),
        ("type=message.failed,", "type[1]"),
    ] {
        let refused = stage.live.get(&format!("{FEED}?{query}")).await;
        assert_eq!(refused.complaints().first().map(|(field, _)| field.as_str()), Some(field), "{query}");
        refused.problem(400, "invalid_parameter");
    }
    stage.strike().await;
}
