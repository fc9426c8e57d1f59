//! Ready channels: which one carries a message, and what is known of changes made elsewhere.

use duplex::channels::defaults::Wanted;
use duplex::channels::{ChannelError, RegistryError};
use duplex::domain::ids::{ChannelId, WorkspaceId};
use duplex::domain::provider::ProviderKind;
use duplex::domain::state::ChannelState;
use duplex::storage::channels as stored;
use rstest::rstest;
use serde_json::{Value, json};

use super::stage::{Stage, direct, path_of, twilio};
use crate::support::Database;

fn id_of(channel: &Value) -> ChannelId {
    channel["id"].as_str().unwrap().parse().unwrap()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_message_finds_its_channel(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let live: WorkspaceId = stage.app.live.parse().unwrap();
    let registry = stage.app.app().context.channels.registry().clone();
    assert!(matches!(registry.choose(live, Wanted::Any).await, Err(ChannelError::NoChannel(ProviderKind::Twilio))));

    let first = stage.live.post("/api/v1/channels", twilio(1)).await.expect(201);
    let second = stage.live.post("/api/v1/channels", twilio(2)).await.expect(201);
    let other = stage.live.post("/api/v1/channels", direct(1)).await.expect(201);
    let chosen = async |wanted| registry.choose(live, wanted).await.map(|channel| channel.id).unwrap();
    assert_eq!(chosen(Wanted::Any).await, id_of(&first));
    assert_eq!(chosen(Wanted::Provider(ProviderKind::Direct)).await, id_of(&other));
    assert_eq!(chosen(Wanted::Channel(id_of(&second))).await, id_of(&second));

    // Every change counts at once.
    let change = json!({ "provider": "twilio", "is_default": true });
    stage.live.patch(&path_of(&second), change).await.expect(200);
    assert_eq!(chosen(Wanted::Any).await, id_of(&second));
    stage.live.patch("/api/v1/workspace", json!({ "whatsapp_provider": "direct" })).await.expect(200);
    assert_eq!(chosen(Wanted::Any).await, id_of(&other));
    assert_eq!(stage.live.delete(&path_of(&other)).await.status, 204);
    assert!(matches!(registry.choose(live, Wanted::Any).await, Err(ChannelError::NoChannel(ProviderKind::Direct))));

    let foreign = Wanted::Channel(id_of(&stage.channel("twilio").await));
    assert!(matches!(registry.choose(live, foreign).await, Err(ChannelError::Registry(RegistryError::Missing))));
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_change_made_elsewhere_is_read_on_demand_but_not_for_everybody(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let live: WorkspaceId = stage.app.live.parse().unwrap();
    let context = &stage.app.app().context;
    let registry = context.channels.registry();
    let made = stage.live.post("/api/v1/channels", direct(1)).await.expect(201);
    let (id, app) = (id_of(&made), "100000000000001");
    assert_eq!(registry.by_id(id).await.unwrap().state, ChannelState::Active);
    assert_eq!(registry.by_app_id(app).await.unwrap().len(), 1);

    let now = stage.now();
    context.db.write(move |conn| stored::hold(conn, live, id, None, now)).await.unwrap();
    assert_eq!(registry.by_id(id).await.unwrap().state, ChannelState::Active, "as it was read");
    assert_eq!(registry.reload(id).await.map(|channel| channel.state), Some(ChannelState::Held));
    let reloaded = registry.reload_app(app).await.expect("the first one is read");
    assert_eq!(reloaded[0].state, ChannelState::Held);
    // A flood of bad signatures must not become a flood of reads.
    assert!(registry.reload(id).await.is_none());
    assert!(registry.reload_app(app).await.is_none());
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_may_have_channels_of_several_workspaces() {
    let stage = Stage::set(Database::Sqlite).await;
    stage.live.post("/api/v1/channels", direct(1)).await.expect(201);
    stage.sandbox.post("/api/v1/channels", direct(2)).await.expect(201);
    let found = stage.app.app().context.channels.registry().by_app_id("100000000000001").await.unwrap();
    let addresses: Vec<_> = found.iter().map(|channel| channel.address.sender.as_str()).collect();
    assert_eq!(addresses, ["200000000000001", "200000000000002"]);
    assert!(found.iter().all(|channel| channel.limit_group == "direct:300000000000001"));
    stage.strike().await;
}
