use duplex::storage::leases;
use rstest::rstest;

use crate::stage::{GROUP, Stage};
use crate::support::Database;

#[rstest]
#[tokio::test]
async fn a_lease_has_one_holder_and_its_epoch_grows(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database).await;
    let first = stage.lease("node-a").await;
    assert!(first.is_some());
    assert_eq!(stage.lease("node-b").await, None);
    assert_eq!(stage.lease("node-a").await, first, "renewing keeps the epoch");
    let taken = stage.db.write(|conn| leases::take(conn, &[GROUP.to_owned()], "node-b", -1, true)).await.unwrap();
    assert!(Some(taken[0].epoch) > first);
    let again = stage.lease("node-c").await;
    assert!(again > Some(taken[0].epoch), "a lease that is over is free");
    stage.db.write(|conn| leases::give_up(conn, "node-c")).await.unwrap();
    assert!(stage.lease("node-d").await.is_some());
}

#[rstest]
#[tokio::test]
async fn groups_come_from_the_channels(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database).await;
    assert_eq!(stage.db.read(leases::limit_groups).await.unwrap(), [GROUP]);
}
