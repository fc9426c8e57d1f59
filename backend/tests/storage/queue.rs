use std::time::Duration;

use duplex::domain::class::MessageClass;
use duplex::domain::failure::{Failure, FailureCode};
use duplex::domain::page::Page;
use duplex::domain::state::{AttemptState, HoldReason, MessageState};
use duplex::outbox::outcome::{Fact, Present, What};
use duplex::outbox::settle;
use duplex::providers::{Accepted, SendError, Verdict};
use duplex::storage::delivery::Returned;
use duplex::storage::enqueue::Enqueued;
use duplex::storage::group_commit::GroupCommit;
use duplex::storage::messages::MessageFilter;
use duplex::storage::{
    StorageError, attempts, beginnings, channels, contacts, delivery, enqueue, events, leases, messages, track,
};
use rstest::rstest;

use crate::stage::{GROUP, NODE, NOW, Stage, key};
use crate::support::Database;

const ADA: &str = "+447700900123";
const BOB: &str = "+447700900456";

#[rstest]
#[tokio::test]
async fn one_contact_for_many_messages(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database).await;
    stage
        .enqueue(vec![stage.message(ADA, "one"), stage.message(ADA, "two"), stage.message(BOB, "three")])
        .await
        .unwrap();
    stage.enqueue(vec![stage.message(ADA, "four")]).await.unwrap();
    let workspace = stage.workspace;
    let (people, stored, feed) = stage
        .db
        .read(move |conn| {
            let page = Page { before: None, limit: 50 };
            Ok((
                contacts::list(conn, workspace, page)?,
                messages::list(conn, workspace, &MessageFilter::default(), page)?,
                events::after(conn, workspace, 0, 100)?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(people.len(), 2);
    assert_eq!(stored.len(), 4);
    assert_eq!(feed.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
}

#[rstest]
#[tokio::test]
async fn a_key_queues_once(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database).await;
    let with = |name: &str, body: u8, answer: &str| {
        let mut request = stage.message(ADA, "once");
        request.key = Some((key(name, body), answer.to_owned()));
        request
    };
    let outcomes = stage
        .enqueue(vec![with("a", 1, "first"), with("a", 1, "second"), with("a", 2, "other"), with("b", 1, "b")])
        .await
        .unwrap();
    let replayed = |response: &str| Enqueued::Replayed { status: 202, response: response.into() };
    assert_eq!(outcomes, [Enqueued::Fresh, replayed("first"), Enqueued::KeyReused, Enqueued::Fresh]);
    assert_eq!(stage.enqueue(vec![with("a", 1, "later")]).await.unwrap(), [replayed("first")]);
    assert_eq!(stage.claim(NODE, NOW).await.len(), 2);
}

#[rstest]
#[tokio::test]
async fn what_the_database_refuses_fails_alone(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database).await;
    let commits = GroupCommit::start(&stage.db, enqueue::enqueue);
    let mut bad = stage.message(ADA, "bad");
    bad.client_reference = Some("\0".into());
    let results = futures_util::future::join_all(
        [stage.message(ADA, "one"), bad, stage.message(BOB, "two")].map(|request| commits.submit(request)),
    )
    .await;
    assert!(matches!(results[0], Ok(Enqueued::Fresh)) && matches!(results[2], Ok(Enqueued::Fresh)));
    match database {
        Database::Sqlite => assert!(results[1].is_ok()),
        Database::Postgres => assert!(matches!(results[1], Err(StorageError::Refused(_))), "{:?}", results[1]),
    }
}

#[rstest]
#[tokio::test]
async fn a_message_is_claimed_once_in_order(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database).await;
    let requests: Vec<_> = (0..5).map(|n| stage.message(ADA, &n.to_string())).collect();
    let ids: Vec<_> = requests.iter().map(|request| request.id).collect();
    stage.enqueue(requests).await.unwrap();
    assert_eq!(stage.due(NOW).await, [(stage.channel, MessageClass::Reply)]);
    assert!(stage.due(NOW.minus(Duration::from_secs(1))).await.is_empty());
    assert_eq!(stage.claim(NODE, NOW).await.iter().map(|message| message.id).collect::<Vec<_>>(), ids);
    assert!(stage.claim("node-b", NOW).await.is_empty());
    assert!(stage.due(NOW).await.is_empty());
}

#[rstest]
#[tokio::test]
async fn a_held_channel_keeps_its_queue(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database).await;
    stage.enqueue(vec![stage.message(ADA, "wait")]).await.unwrap();
    let (workspace, channel) = (stage.workspace, stage.channel);
    let failure = Failure { code: FailureCode::CredentialsInvalid, provider_code: None, detail: "Dead.".into() };
    stage.db.write(move |conn| channels::hold(conn, workspace, channel, Some(&failure), NOW)).await.unwrap();
    assert!(stage.claim(NODE, NOW).await.is_empty());
    stage.db.write(move |conn| channels::resume(conn, workspace, channel, NOW)).await.unwrap();
    assert_eq!(stage.claim(NODE, NOW).await.len(), 1);
}

#[rstest]
#[tokio::test]
async fn only_the_holder_of_the_lease_begins(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database).await;
    stage.enqueue(vec![stage.message(ADA, "one"), stage.message(BOB, "two")]).await.unwrap();
    let epoch = stage.lease(NODE).await.unwrap();
    let claimed = stage.claim(NODE, NOW).await;
    assert!(stage.begin(NODE, epoch + 1, &claimed).await.is_empty(), "another epoch");
    assert!(stage.begin("node-b", epoch, &claimed).await.is_empty(), "another node");
    assert_eq!(stage.begin(NODE, epoch, &claimed).await.len(), 2);
    assert!(stage.begin(NODE, epoch, &claimed).await.is_empty(), "begun already");
}

#[rstest]
#[tokio::test]
async fn what_must_not_be_sent_any_more_does_not_begin(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database).await;
    let mut short = stage.message(ADA, "short-lived");
    short.expires_at = Some(NOW.plus(Duration::from_secs(1)));
    stage.enqueue(vec![short]).await.unwrap();
    let epoch = stage.lease(NODE).await.unwrap();
    let claimed = stage.claim(NODE, NOW).await;
    let (workspace, channel) = (stage.workspace, stage.channel);
    stage.db.write(move |conn| channels::hold(conn, workspace, channel, None, NOW)).await.unwrap();
    assert!(stage.begin(NODE, epoch, &claimed).await.is_empty(), "its channel is held");
    stage.db.write(move |conn| channels::resume(conn, workspace, channel, NOW)).await.unwrap();
    let later = NOW.plus(Duration::from_secs(2));
    assert!(stage.begin_at(NODE, epoch, &claimed, later).await.is_empty(), "its time is over");
    assert_eq!(stage.begin(NODE, epoch, &claimed).await.len(), 1);
}

#[tokio::test]
async fn the_sweeper_finds_its_rows_by_index() {
    use diesel::prelude::*;
    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = diesel::sql_types::Text)]
        detail: String,
    }
    let stage = Stage::on(Database::Sqlite).await;
    let statements = [
        include_str!("../../src/storage/sql/sqlite/requeue_abandoned.sql"),
        include_str!("../../src/storage/sql/sqlite/lost_attempts.sql"),
        include_str!("../../src/storage/sql/sqlite/all_sending.sql"),
    ];
    let plans: Vec<String> = stage
        .db
        .read(move |conn| {
            let explain =
                |sql: &str| format!("EXPLAIN QUERY PLAN {}", sql.lines().skip(1).collect::<Vec<_>>().join(" "));
            statements
                .into_iter()
                .map(|sql| {
                    let query = diesel::sql_query(explain(sql)).bind::<diesel::sql_types::BigInt, _>(1);
                    let steps: Vec<Step> = query.load(conn)?;
                    Ok(steps.into_iter().map(|step| step.detail).collect::<Vec<_>>().join("; "))
                })
                .collect()
        })
        .await
        .unwrap();
    assert!(plans.iter().all(|plan| plan.contains("messages_leased")), "{plans:#?}");
}

#[rstest]
#[tokio::test]
async fn released_messages_come_back_at_their_time(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database).await;
    stage.enqueue(vec![stage.message(ADA, "later")]).await.unwrap();
    let claimed = stage.claim(NODE, NOW).await;
    let later = NOW.plus(Duration::from_micros(1_500_001));
    let back = vec![Returned { id: claimed[0].id, run_at: later, hold: Some(HoldReason::PairLimit) }];
    stage.db.write(move |conn| delivery::release(conn, NODE, &back)).await.unwrap();
    assert!(stage.claim(NODE, NOW).await.is_empty());
    assert_eq!(stage.claim(NODE, later).await[0].run_at, later);
}

#[rstest]
#[tokio::test]
async fn answers_are_saved_as_a_set(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database).await;
    stage.enqueue(vec![stage.message(ADA, "good"), stage.message(BOB, "bad")]).await.unwrap();
    let epoch = stage.lease(NODE).await.unwrap();
    let claimed = stage.claim(NODE, NOW).await;
    let begun = stage.begin(NODE, epoch, &claimed).await;
    let attempt = |index: usize| begun.iter().find(|begun| begun.message == claimed[index].id).unwrap().attempt;
    let accepted = Accepted { provider_message_id: "wamid.1".into(), recipient: None, status: None };
    let refused =
        SendError::new(Verdict::Rejected, FailureCode::RecipientUnreachable, Some("131026".into()), "Nobody.");
    let facts = vec![
        Fact { attempt: attempt(0), what: What::Answered(Ok(accepted)), at: NOW, journal: None, channel: None },
        Fact { attempt: attempt(1), what: What::Answered(Err(refused.clone())), at: NOW, journal: None, channel: None },
    ];
    let (workspace, good, bad) = (stage.workspace, claimed[0].id, claimed[1].id);
    stage.db.write(move |conn| settle::apply(conn, &facts, Present { now: NOW, random: 0.0 })).await.unwrap();
    let (good, bad, tries) = stage
        .db
        .read(move |conn| {
            Ok((
                messages::get(conn, workspace, good)?,
                messages::get(conn, workspace, bad)?,
                attempts::of_message(conn, workspace, bad)?,
            ))
        })
        .await
        .unwrap();
    assert_eq!((good.state, good.accepted_at, good.attempt), (MessageState::Accepted, Some(NOW), 1));
    assert_eq!(good.provider_message_id.as_deref(), Some("wamid.1"));
    assert_eq!((bad.state, bad.failed_at), (MessageState::Failed, Some(NOW)));
    assert_eq!(bad.failure().unwrap(), Some(refused.failure.clone()));
    assert_eq!(tries[0].state, AttemptState::Refused);
    assert_eq!(tries[0].failure().unwrap(), Some(refused.failure));
}

#[rstest]
#[tokio::test]
async fn leases_that_are_over_leave_no_message_behind(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database).await;
    stage.enqueue(vec![stage.message(ADA, "claimed"), stage.message(BOB, "sending")]).await.unwrap();
    let epoch = stage.lease(NODE).await.unwrap();
    let mut over = crate::stage::claimant(NODE);
    over.lease_micros = -1;
    let channel = stage.channel;
    let claimed = {
        let over = over.clone();
        stage.db.write(move |conn| delivery::claim(conn, channel, MessageClass::Reply, &over, NOW, 10)).await.unwrap()
    };
    let fence = beginnings::Fence { group: GROUP.into(), epoch };
    let wanted = vec![beginnings::Begun {
        message: claimed[1].id,
        attempt: Default::default(),
        preparing: false,
        validity: None,
    }];
    let begun = stage.db.write(move |conn| beginnings::begin(conn, &over, &[(fence, wanted)], NOW)).await.unwrap();
    let (requeued, lost) = stage
        .db
        .write(|conn| Ok((track::requeue_abandoned(conn, false, NOW)?, track::lost_attempts(conn, false, 10)?)))
        .await
        .unwrap();
    assert_eq!(requeued, 1);
    assert_eq!(lost, [begun[0].attempt]);
}

#[rstest]
#[tokio::test]
async fn what_was_only_prepared_goes_back_and_never_leaves_twice(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database).await;
    stage.enqueue(vec![stage.message(ADA, "leaves"), stage.message(BOB, "is cut short")]).await.unwrap();
    let epoch = stage.lease(NODE).await.unwrap();
    let claimed = stage.claim(NODE, NOW).await;
    let begun = stage.prepare(NODE, epoch, &claimed).await;
    let (leaves, cut_short) = (begun[0], begun[1]);
    assert!(leaves.preparing && cut_short.preparing);
    assert_eq!(stage.leave(NODE, epoch, &[leaves]).await, [leaves.attempt]);

    let facts: Vec<Fact> = [leaves, cut_short]
        .map(|begun| Fact { attempt: begun.attempt, what: What::LeaseOver, at: NOW, journal: None, channel: None })
        .into();
    stage.db.write(move |conn| settle::apply(conn, &facts, Present { now: NOW, random: 0.0 })).await.unwrap();
    let (workspace, ids) = (stage.workspace, [claimed[0].id, claimed[1].id]);
    let stories = stage
        .db
        .read(move |conn| Ok([messages::get(conn, workspace, ids[0])?, messages::get(conn, workspace, ids[1])?]))
        .await
        .unwrap();
    assert_eq!(stories.map(|message| message.state), [MessageState::Unknown, MessageState::Queued]);
    let left = stage.leave(NODE, epoch, &begun).await;
    assert_eq!(left, [], "whoever prepared it comes too late");
}

#[rstest]
#[tokio::test]
async fn what_must_not_be_sent_any_more_does_not_leave(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database).await;
    let mut short = stage.message(ADA, "short-lived");
    short.expires_at = Some(NOW.plus(Duration::from_secs(1)));
    stage.enqueue(vec![short]).await.unwrap();
    let epoch = stage.lease(NODE).await.unwrap();
    let claimed = stage.claim(NODE, NOW).await;
    let begun = stage.prepare(NODE, epoch, &claimed).await;
    assert_eq!(stage.leave("node-b", epoch, &begun).await, [], "another node has prepared it");
    assert_eq!(stage.leave(NODE, epoch + 1, &begun).await, [], "another epoch");
    let later = NOW.plus(Duration::from_secs(2));
    assert_eq!(stage.leave_at(NODE, epoch, &begun, later).await, [], "its time is over");
    let (workspace, channel) = (stage.workspace, stage.channel);
    stage.db.write(move |conn| channels::hold(conn, workspace, channel, None, NOW)).await.unwrap();
    assert_eq!(stage.leave(NODE, epoch, &begun).await, [], "its channel is held");
    stage.db.write(move |conn| channels::resume(conn, workspace, channel, NOW)).await.unwrap();
    assert_eq!(stage.leave(NODE, epoch, &begun).await, [begun[0].attempt]);
    stage.db.write(|conn| leases::give_up(conn, NODE)).await.unwrap();
    assert_eq!(stage.leave(NODE, epoch, &begun).await, [], "its group is nobody's");
}

#[rstest]
#[tokio::test]
async fn a_group_that_changes_hands_gives_back_what_was_claimed(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database).await;
    stage.enqueue(vec![stage.message(ADA, "one")]).await.unwrap();
    stage.claim("node-old", NOW).await;
    let requeued = stage.db.write(|conn| track::requeue_of_former_holder(conn, GROUP, NODE, NOW)).await.unwrap();
    assert_eq!(requeued, 1);
    assert_eq!(stage.claim(NODE, NOW).await.len(), 1);
}
