//! What Twilio takes only by a stored Content: made once for each shape, filled with each message's own words.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use duplex::channels::preparation::Preparation;
use duplex::clock::{Clock as _, ManualClock, SharedClock};
use duplex::domain::ids::{AttemptId, MessageId};
use duplex::domain::time::Ts;
use duplex::outbox::stored_contents::StoredContents;
use duplex::outbox::stored_contents::removal::ContentRemovals;
use duplex::providers::{Outbound, Prepared};
use duplex::queue::Work;
use duplex::storage::system::content_removals;
use duplex_simulator::{AccountView, ConversationQuery};
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{ADA, Stage};
use crate::support::{Database, watch};

impl Stage {
    /// The Contents that the gateway has stored at the simulated Twilio, as its Content API lists them.
    async fn contents(&self) -> Vec<Value> {
        let list = self.content_api(Method::GET, "/v1/Content?PageSize=1000").await;
        let all = list["contents"].as_array().unwrap().clone();
        all.into_iter().filter(|one| one["friendly_name"].as_str().unwrap().starts_with("duplex_")).collect()
    }

    async fn content_api(&self, method: Method, path: &str) -> Value {
        let sid = self.loaded().await.address.account.clone();
        let accounts = self.simulator.accounts().await.unwrap();
        let token = accounts.into_iter().find_map(|view| match view {
            AccountView::Twilio(one) if one.account_sid == sid => Some(one.auth_token),
            _ => None,
        });
        let url = format!("{}{path}", self.app.app().simulator_url().unwrap());
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = client.request(method, url).basic_auth(sid, token).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.unwrap_or_default()
    }

    /// What the virtual phones draw of messages with buttons or rows: the body, then each label and its id.
    async fn drawn(&self) -> BTreeSet<String> {
        let threads = self.simulator.conversations(&ConversationQuery::default()).await.unwrap();
        let contents = threads.into_iter().flat_map(|thread| thread.messages).map(|message| json!(message.content));
        contents.filter(|content| content["body"].is_string()).map(|content| drawn(&content)).collect()
    }

    /// The SIDs that are to be deleted up to a time.
    async fn removals(&self, until: Ts) -> Vec<String> {
        let due = self.app.app().context.db.read(move |conn| content_removals::due(conn, until, 100)).await.unwrap();
        due.into_iter().map(|(removal, _)| removal.content_sid).collect()
    }
}

fn buttons(body: &str, titles: [&str; 2]) -> Value {
    let buttons = titles.map(|title| json!({ "id": format!("id:{title}"), "title": title }));
    json!({ "type": "reply_buttons", "body": body, "buttons": buttons })
}

fn list(rows: usize) -> Value {
    let rows: Vec<Value> = (0..rows).map(|n| json!({ "id": format!("s{n}"), "title": format!("{n}:00") })).collect();
    json!({ "type": "list", "body": format!("Pick one of {}", rows.len()), "button": "Slots", "sections": [{ "rows": rows }] })
}

/// One message: `body | label=id | …`.
fn drawn(content: &Value) -> String {
    let rows = content["sections"].as_array().into_iter().flatten().flat_map(|section| section["rows"].as_array());
    let pressed = content["buttons"].as_array().into_iter().chain(rows).flatten();
    let labels = pressed.map(|one| {
        let label = one["text"].as_str().or(one["title"].as_str()).unwrap();
        format!(" | {label}={}", one["id"].as_str().unwrap())
    });
    format!("{}{}", content["body"].as_str().unwrap(), labels.collect::<String>())
}

fn of_type<'a>(contents: &'a [Value], name: &str) -> Vec<&'a Value> {
    contents.iter().filter(|content| content["types"][name].is_object()).collect()
}

/// Further than anything is due.
fn someday() -> Ts {
    Ts::from(chrono::Utc::now()).plus(Duration::from_secs(365 * 86_400))
}

#[rstest]
#[tokio::test]
async fn twenty_messages_of_one_shape_share_one_content(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database, "twilio").await;
    let (mut sent, mut said) = (Vec::new(), BTreeSet::new());
    for n in 0..20 {
        let (to, body, yes, no) =
            (format!("+4477009001{n:02}"), format!("Order {n} today?"), format!("Yes {n}"), format!("No {n}"));
        sent.push(stage.queue(&to, buttons(&body, [&yes, &no])).await);
        said.insert(format!("{body} | {yes}=id:{yes} | {no}=id:{no}"));
    }
    for id in &sent {
        let story = stage.story(id, "read").await;
        assert_eq!(story["tries"].as_array().unwrap().len(), 1, "{story:#}");
    }
    assert_eq!(stage.drawn().await, said, "each shows its own words");
    let contents = stage.contents().await;
    assert_eq!(contents.len(), 1, "{contents:#?}");
    assert_eq!(contents[0]["types"]["twilio/quick-reply"]["body"], "{{1}}");
    assert!(stage.removals(someday()).await.is_empty(), "none was made in vain");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_content_serves_one_number_of_rows(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database, "twilio").await;
    for rows in [3, 5, 3, 5] {
        let id = stage.queue(ADA, list(rows)).await;
        stage.story(&id, "read").await;
    }
    let contents = stage.contents().await;
    let mut rows: Vec<usize> = of_type(&contents, "twilio/list-picker")
        .into_iter()
        .map(|content| content["types"]["twilio/list-picker"]["items"].as_array().unwrap().len())
        .collect();
    rows.sort_unstable();
    assert_eq!((rows, contents.len()), (vec![3, 5], 2));
    let drawn = stage.drawn().await;
    assert!(drawn.contains("Pick one of 3 | 0:00=s0 | 1:00=s1 | 2:00=s2"), "{drawn:?}");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn words_that_can_be_no_variable_have_a_content_of_their_own_for_a_while(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let clock = ManualClock::at(Ts::from(chrono::Utc::now()));
    let stage = Stage::at(database, "twilio", &[], clock.clone()).await;
    let first = stage.queue(ADA, buttons("Hello {{name}}, today?", ["Yes", "No"])).await;
    let second = stage.queue("+447700900124", buttons("Hello {{name}}, today?", ["Yes", "No"])).await;
    for id in [&first, &second] {
        stage.story(id, "read").await;
    }
    assert_eq!(stage.drawn().await, ["Hello {{name}}, today? | Yes=id:Yes | No=id:No".to_owned()].into());
    let contents = stage.contents().await;
    assert_eq!(contents.len(), 2, "{contents:#?}");
    for content in &contents {
        assert_eq!(content["friendly_name"], "duplex_one_off");
        assert_eq!(content["types"]["twilio/quick-reply"]["actions"][0]["title"], "Yes");
    }
    assert!(stage.removals(clock.now()).await.is_empty(), "they stay as long as Twilio may need them");

    clock.advance(Duration::from_secs(35 * 3_600));
    watch::until("the one-offs' deletion", async || {
        (stage.contents().await.is_empty() && stage.removals(someday()).await.is_empty()).then_some(())
    })
    .await;
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_content_that_twilio_lost_is_made_anew(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database, "twilio").await;
    let first = stage.queue(ADA, buttons("One?", ["Yes", "No"])).await;
    stage.story(&first, "read").await;
    let lost = stage.contents().await.remove(0)["sid"].as_str().unwrap().to_owned();
    stage.content_api(Method::DELETE, &format!("/v1/Content/{lost}")).await;

    let second = stage.queue(ADA, buttons("Two?", ["Yes", "No"])).await;
    let story = stage.story(&second, "read").await;
    let tries = story["tries"].as_array().unwrap();
    assert_eq!(tries.len(), 2, "{story:#}");
    assert_eq!(tries[0]["failure"]["code"], "stored_content_missing");
    let contents = stage.contents().await;
    assert_eq!(contents.len(), 1);
    assert_ne!(contents[0]["sid"], lost.as_str());
    let third = stage.queue(ADA, buttons("Three?", ["Yes", "No"])).await;
    assert_eq!(stage.story(&third, "read").await["tries"].as_array().unwrap().len(), 1);
    stage.app.stop().await;
}

fn outbound(content: Value) -> Outbound {
    Outbound {
        attempt: AttemptId::new(),
        message: MessageId::new(),
        to: ADA.parse().unwrap(),
        content: serde_json::from_value(content).unwrap(),
        reply_to: None,
        validity: None,
        prepared: Prepared::default(),
    }
}

fn sid(message: &Outbound) -> &str {
    message.prepared.stored.as_ref().unwrap().sid.as_str()
}

#[rstest]
#[tokio::test]
async fn two_nodes_that_make_a_shape_at_once_end_with_one_content(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database, "twilio").await;
    let (context, channel) = (&stage.app.app().context, stage.loaded().await);
    let node = || StoredContents::new(context.db.clone(), Arc::clone(&context.clock));
    let (one, other) = (node(), node());
    let (mut first, mut second) = (
        [outbound(buttons("a", ["b", "c"])), outbound(list(3)), outbound(json!({ "type": "text", "body": "x" }))],
        [outbound(buttons("d", ["e", "f"])), outbound(buttons("{{", ["g", "h"]))],
    );
    let refused = tokio::join!(one.prepare(&channel, &mut first), other.prepare(&channel, &mut second));
    assert_eq!(refused, (Vec::new(), Vec::new()));
    assert_eq!(sid(&first[0]), sid(&second[0]), "the first one stands for both");
    assert_eq!(first[0].prepared.stored.as_ref().unwrap().variables["1"], "a");
    assert_eq!(first[2].prepared, Prepared::default());

    // The program's own worker may be at it already: deleting twice does no harm.
    let clock: SharedClock = Arc::clone(&context.clock);
    let removals = ContentRemovals::new(context.db.clone(), context.channels.registry().clone(), clock);
    while removals.run_once().await.unwrap() > 0 {}
    let left = watch::until("one Content of each shape", async || {
        let contents = stage.contents().await;
        (contents.len() == 3).then_some(contents)
    })
    .await;
    let sids: BTreeSet<&str> = left.iter().map(|content| content["sid"].as_str().unwrap()).collect();
    assert_eq!(sids, [sid(&first[0]), sid(&first[1]), sid(&second[1])].into());

    let mut again = [outbound(buttons("i", ["j", "k"])), second[1].clone()];
    again[1].prepared = Prepared::default();
    assert_eq!(one.prepare(&channel, &mut again).await, Vec::new());
    assert_eq!((sid(&again[0]), sid(&again[1])), (sid(&first[0]), sid(&second[1])), "a repeated message keeps its own");
    assert_eq!(stage.contents().await.len(), 3);
    stage.app.stop().await;
}

#[tokio::test]
async fn a_content_that_cannot_be_stored_is_no_unknown() {
    let stage = Stage::on(Database::Sqlite, "twilio").await;
    let channel = stage.loaded().await;
    stage.misbehave(&[duplex_simulator::Fault::always(duplex_simulator::FaultKind::BadToken)]).await;
    let context = &stage.app.app().context;
    let step = StoredContents::new(context.db.clone(), Arc::clone(&context.clock));
    let mut batch = [outbound(buttons("a", ["b", "c"])), outbound(json!({ "type": "text", "body": "x" }))];
    let refused = step.prepare(&channel, &mut batch).await;
    assert_eq!(refused.len(), 1);
    assert_eq!((refused[0].0, refused[0].1.verdict), (batch[0].attempt, duplex::providers::Verdict::ChannelDown));
    assert_eq!(batch[0].prepared.stored, None);
    stage.app.stop().await;
}
