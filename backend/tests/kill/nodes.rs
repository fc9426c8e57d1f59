//! Nodes that share a PostgreSQL share the limit groups, and take over from those that end or die.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query};
use duplex::storage::DatabaseUrl;
use serde_json::json;

use super::stage::{Provider, Stage};
use super::support::api::Caller;
use super::support::{Database, watch};

const HELD: &str = "SELECT holder AS name FROM leases \
    WHERE name IN (SELECT limit_group FROM channels) AND expires_at > now()";

fn connection(stage: &Stage) -> PgConnection {
    let DatabaseUrl::Postgres(url) = stage.database().url() else { panic!("nodes share a PostgreSQL") };
    PgConnection::establish(url).expect("the database opens")
}

/// Waits until so many limit groups are held by so many nodes, and gives their names.
async fn held(stage: &Stage, groups: usize, nodes: usize) -> BTreeSet<String> {
    #[derive(QueryableByName)]
    struct Holder {
        #[diesel(sql_type = Text)]
        name: String,
    }
    let mut conn = connection(stage);
    watch::until(&format!("{groups} limit groups to be held by {nodes} nodes"), async || {
        let holders: Vec<Holder> = sql_query(HELD).load(&mut conn).expect("the leases");
        let names: BTreeSet<String> = holders.iter().map(|holder| holder.name.clone()).collect();
        (holders.len() == groups && names.len() == nodes).then_some(names)
    })
    .await
}

async fn goes_out(stage: &Stage, caller: &Caller, channel: &str, person: u32) {
    let to = format!("+4479460958{person:02}");
    let text = json!({ "type": "text", "body": "Your parcel is on its way" });
    let message = json!({ "to": to, "channel_id": channel, "content": text });
    let message = caller.post("/api/v1/messages", message).await.expect(202);
    stage.message_in(caller, message["id"].as_str().expect("an id"), &["accepted"]).await;
}

#[tokio::test]
async fn nodes_share_the_limit_groups_and_take_over_from_each_other() {
    let mut stage = Stage::set(Database::Postgres, Provider::Direct).await;
    let (first, caller) = stage.start(None).await;
    let caller = stage.set_up(&caller).await;
    let channels = [stage.connect().await, stage.connect().await, stage.connect().await];
    let alone = held(&stage, 4, 1).await;

    let (second, other) = stage.start(None).await;
    let both = held(&stage, 4, 2).await;
    for (person, channel) in (10..).zip(&channels) {
        goes_out(&stage, &caller, channel, person).await;
    }

    second.kill().await;
    let dead = both.difference(&alone).next().expect("the second holds some");
    let over = format!("UPDATE leases SET expires_at = expires_at - interval '1 hour' WHERE holder = '{dead}'");
    connection(&stage).batch_execute(&over).expect("time passes");
    assert_eq!(held(&stage, 4, 1).await, alone);
    for (person, channel) in (20..).zip(&channels) {
        goes_out(&stage, &caller, channel, person).await;
    }

    drop(other);
    let (second, other) = stage.start(None).await;
    held(&stage, 4, 2).await;
    assert!(first.stop().await.success());
    let heirs = held(&stage, 4, 1).await;
    assert!(heirs.is_disjoint(&alone), "the one that ended gave everything up");
    for (person, channel) in (30..).zip(&channels) {
        goes_out(&stage, &other, channel, person).await;
    }
    assert!(second.stop().await.success());
    stage.strike().await;
}
