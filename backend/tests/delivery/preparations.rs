//! The steps before the wire, with steps of the test's own.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use duplex::channels::LoadedChannel;
use duplex::channels::preparation::{Need, Preparation};
use duplex::domain::content::Content;
use duplex::domain::ids::AttemptId;
use duplex::outbox::dispatcher::{DispatchSettings, Dispatcher};
use duplex::providers::{Outbound, SendError};
use duplex::queue::signals::Signals;
use rstest::rstest;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::media_stage::MediaStage;
use crate::support::Database;

struct Breaks(Need);

#[async_trait]
impl Preparation for Breaks {
    fn need(&self, _channel: &LoadedChannel, _content: &Content) -> Need {
        self.0
    }

    async fn prepare(&self, _channel: &LoadedChannel, _batch: &mut [Outbound]) -> Vec<(AttemptId, SendError)> {
        panic!("this step is broken")
    }
}

/// Nothing of it can have been sent.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_a_broken_step_holds_up_is_tried_again(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values(Need::Look, Need::Work)] need: Need,
) {
    // The program's own dispatcher rests.
    let stage = MediaStage::with(database, "direct", &["--hold"]).await;
    let (context, stop) = (&stage.app.app().context, CancellationToken::new());
    let settings = DispatchSettings {
        holder: "test".into(),
        provider_timeout: Duration::from_secs(30),
        hold: false,
        signals: Signals::default(),
    };
    let dispatcher = Dispatcher::new(
        context.db.clone(),
        context.channels.clone(),
        context.live.clone(),
        context.clock.clone(),
        settings,
        vec![Arc::new(Breaks(need))],
    );
    let id = stage.queue("+447700900123", json!({ "type": "text", "body": "x" })).await;
    let running = tokio::spawn(dispatcher.run(stop.clone(), Duration::from_secs(5)));
    let shown =
        stage.app.until(&stage.program, &format!("/api/v1/messages/{id}"), |story| story["failure"].is_object()).await;
    assert_eq!((&shown["state"], &shown["failure"]["code"]), (&json!("queued"), &json!("connection_failed")));
    stop.cancel();
    running.await.unwrap();
    stage.strike().await;
}
