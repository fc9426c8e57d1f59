//! Contents stored at Twilio: one for each shape, and what is to be deleted there.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use duplex::domain::ids::{ChannelId, MessageId, WorkspaceId};
use duplex::domain::provider::ProviderKind;
use duplex::domain::time::Ts;
use duplex::storage::channels::{self, ChannelRecord, ChannelSettings};
use duplex::storage::stored_contents::{self, Known, Used};
use duplex::storage::system::content_removals::{self, Removal};
use rstest::rstest;

use crate::stage::{NOW, Stage};
use crate::support::Database;

const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
const DAY: Duration = Duration::from_secs(86_400);

fn made(shapes: &[(&str, &str)]) -> Used {
    let made = shapes.iter().map(|(hash, sid)| ((*hash).to_owned(), (*sid).to_owned())).collect();
    Used { made, ..Used::default() }
}

impl Stage {
    async fn keep(&self, used: Used, now: Ts) -> BTreeMap<String, String> {
        let workspace = self.workspace;
        let until = now.plus(DAY);
        self.db.write(move |conn| stored_contents::keep(conn, workspace, ACCOUNT, &used, until, now)).await.unwrap()
    }

    async fn known(&self, shapes: &[&str], messages: &[MessageId]) -> Known {
        self.known_to(self.workspace, ACCOUNT, shapes, messages).await
    }

    async fn known_to(
        &self,
        workspace: WorkspaceId,
        account: &'static str,
        shapes: &[&str],
        messages: &[MessageId],
    ) -> Known {
        let shapes: BTreeSet<String> = shapes.iter().map(|shape| (*shape).to_owned()).collect();
        let messages = messages.iter().copied().collect();
        self.db.read(move |conn| stored_contents::find(conn, workspace, account, &shapes, &messages)).await.unwrap()
    }

    async fn sid(&self, shape: &str) -> Option<String> {
        self.known(&[shape], &[]).await.shapes.get(shape).map(|known| known.content_sid.clone())
    }

    async fn to_remove(&self, now: Ts) -> Vec<(Removal, Option<ChannelId>)> {
        self.db.read(move |conn| content_removals::due(conn, now, 100)).await.unwrap()
    }

    /// The SIDs due for deletion, in order.
    async fn removed(&self, now: Ts) -> Vec<String> {
        let mut sids: Vec<String> =
            self.to_remove(now).await.into_iter().map(|(removal, _)| removal.content_sid).collect();
        sids.sort_unstable();
        sids
    }
}

#[rstest]
#[tokio::test]
async fn the_first_content_of_a_shape_stands(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database).await;
    assert_eq!(stage.keep(made(&[("a", "HX1"), ("b", "HX2")]), NOW).await, made(&[("a", "HX1"), ("b", "HX2")]).made);
    let standing = stage.keep(made(&[("a", "HX3"), ("c", "HX4")]), NOW).await;
    assert_eq!(standing, made(&[("a", "HX1"), ("c", "HX4")]).made);
    assert_eq!(stage.sid("a").await.as_deref(), Some("HX1"));
    assert_eq!(stage.sid("d").await, None);
    assert_eq!(stage.removed(NOW).await, ["HX3"], "the loser's is deleted at once");

    let elsewhere = stage.known_to(stage.workspace, "AC2", &["a"], &[]).await;
    assert_eq!(elsewhere, Known::default(), "a SID means nothing in another account");
    assert_eq!(stage.known_to(WorkspaceId::new(), ACCOUNT, &["a"], &[]).await, Known::default());
}

#[rstest]
#[tokio::test]
async fn batches_that_race_end_with_one_content(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database).await;
    let batches = (0..8).map(|n| {
        let (a, b) = (format!("HXa{n}"), format!("HXb{n}"));
        let used = made(&[("a", &a), ("b", &b)]);
        stage.keep(used, NOW)
    });
    let standing: BTreeSet<BTreeMap<String, String>> =
        futures_util::future::join_all(batches).await.into_iter().collect();
    assert_eq!(standing.len(), 1, "all use the same: {standing:?}");
    let known: BTreeSet<Option<String>> = [stage.sid("a").await, stage.sid("b").await].into();
    let used: BTreeSet<Option<String>> = standing.into_iter().flat_map(BTreeMap::into_values).map(Some).collect();
    assert_eq!(known, used);
    assert_eq!(stage.removed(NOW).await.len(), 14);
}

#[rstest]
#[tokio::test]
async fn a_one_off_is_found_by_its_message_until_it_is_due(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database).await;
    let (first, second) = (MessageId::new(), MessageId::new());
    let used = Used { one_offs: [(first, "HX1".to_owned()), (second, "HX2".to_owned())].into(), ..Used::default() };
    assert!(stage.keep(used, NOW).await.is_empty());
    assert_eq!(stage.known(&[], &[first, MessageId::new()]).await.one_offs, [(first, "HX1".to_owned())].into());
    assert!(stage.removed(NOW).await.is_empty());
    assert_eq!(stage.removed(NOW.plus(DAY)).await, ["HX1", "HX2"]);

    let again = NOW.plus(DAY / 2);
    stage.keep(Used { kept: [first].into(), ..Used::default() }, again).await;
    assert_eq!(stage.removed(NOW.plus(DAY)).await, ["HX2"], "what is used again stays longer");
    assert_eq!(stage.removed(again.plus(DAY)).await, ["HX1", "HX2"]);
}

#[rstest]
#[tokio::test]
async fn what_is_gone_is_forgotten(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database).await;
    let message = MessageId::new();
    stage
        .keep(Used { one_offs: [(message, "HX9".to_owned())].into(), ..made(&[("a", "HX1"), ("b", "HX2")]) }, NOW)
        .await;
    let workspace = stage.workspace;
    stage
        .db
        .write(move |conn| {
            stored_contents::forget(conn, workspace, "AC2", "HX2", NOW)?;
            stored_contents::forget(conn, WorkspaceId::new(), ACCOUNT, "HX2", NOW)?;
            stored_contents::forget(conn, workspace, ACCOUNT, "HX1", NOW.plus(DAY))?;
            stored_contents::forget(conn, workspace, ACCOUNT, "HX9", NOW)
        })
        .await
        .unwrap();
    assert_eq!((stage.sid("a").await, stage.sid("b").await.as_deref()), (None, Some("HX2")));
    assert!(stage.known(&[], &[message]).await.one_offs.is_empty());
    assert_eq!(stage.removed(NOW.plus(DAY)).await, ["HX1", "HX9"], "deleted, should it be there all the same");
    assert_eq!(stage.keep(made(&[("a", "HX3")]), NOW).await["a"], "HX3");
}

#[rstest]
#[tokio::test]
async fn a_shape_that_is_not_used_is_retired(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database).await;
    stage.keep(made(&[("a", "HX1"), ("b", "HX2")]), NOW).await;
    let later = NOW.plus(DAY);
    stage.keep(Used { touched: ["b".to_owned()].into(), ..Used::default() }, later).await;
    assert_eq!(stage.known(&["b"], &[]).await.shapes["b"].last_used_at, later);
    let due_at = later.plus(DAY);
    let retire = || stage.db.write(move |conn| content_removals::retire(conn, later, due_at));
    assert_eq!(retire().await.unwrap(), 1);
    assert_eq!(retire().await.unwrap(), 0);
    assert_eq!((stage.sid("a").await, stage.sid("b").await.as_deref()), (None, Some("HX2")));
    assert!(stage.removed(later).await.is_empty());
    assert_eq!(stage.removed(due_at).await, ["HX1"]);
}

#[rstest]
#[tokio::test]
async fn a_deletion_speaks_by_a_channel_of_the_account(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database).await;
    let workspace = stage.workspace;
    let used = Used { one_offs: [(MessageId::new(), "HX1".to_owned())].into(), ..Used::default() };
    stage.keep(used, NOW).await;
    let due = NOW.plus(DAY);
    assert_eq!(stage.to_remove(due).await[0].1, None);

    let settings = ChannelSettings {
        name: "Twilio".into(),
        limit_group: format!("twilio:{ACCOUNT}"),
        account_sid: Some(ACCOUNT.into()),
        ..ChannelSettings::empty()
    };
    let record = ChannelRecord::new(workspace, ProviderKind::Twilio, settings, NOW);
    let channel = stage.db.write(move |conn| channels::create(conn, workspace, record)).await.unwrap().id;
    let (removal, speaker) = stage.to_remove(due).await.remove(0);
    assert_eq!(speaker, Some(channel));

    let later = due.plus(DAY);
    stage
        .db
        .write({
            let removal = removal.clone();
            move |conn| content_removals::put_off(conn, &[(removal, later)])
        })
        .await
        .unwrap();
    assert!(stage.removed(due).await.is_empty());
    let (removal, _) = stage.to_remove(later).await.remove(0);
    assert_eq!(removal.tries, 1);
    stage.db.write(move |conn| content_removals::done(conn, &[removal])).await.unwrap();
    assert!(stage.removed(later).await.is_empty());
}
