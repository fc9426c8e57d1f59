//! What a message needs before it can leave: nobody waits for another's file, no failure is lost, and nothing dead is used again.

use std::time::Duration;

use duplex::channels::preparation::Preparation;
use duplex::domain::failure::FailureCode;
use duplex::domain::ids::MessageId;
use duplex::outbox::stored_contents::StoredContents;
use duplex::providers::{MediaAddress, Verdict};
use duplex_simulator::{Fault, FaultKind};
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::media_stage::{ACCOUNT, MediaStage, PNID, message, message_of};
use crate::stage::{ADA, Stage, id_of};
use crate::support::files::{jpeg, pdf, upload};
use crate::support::{Database, watch};

const OTHER_PNID: &str = "200000000000002";
const DAY: Duration = Duration::from_secs(86_400);
/// Longer than any test waits.
const NEVER: Duration = Duration::from_secs(600);

fn kept(id: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({ "id": id }))
}

async fn answer(stage: &MediaStage, number: &str, edge: &str, answer: ResponseTemplate, times: u64) {
    let at = format!("/v25.0/{number}/{edge}");
    let mock = Mock::given(method("POST")).and(path(at)).respond_with(answer);
    if times > 0 { mock.up_to_n_times(times) } else { mock }.mount(&stage.server).await;
}

async fn uploads(stage: &MediaStage) -> Vec<Request> {
    let all = stage.server.received_requests().await.unwrap();
    all.into_iter().filter(|request| request.url.path().ends_with("/media")).collect()
}

async fn picture(stage: &MediaStage, name: &str) -> String {
    let medium = upload(&stage.program, &format!("{name}.jpg"), "image/jpeg", &jpeg(name)).await;
    medium["id"].as_str().unwrap().to_owned()
}

/// A medium whose upload Meta has refused when nobody waited for it any more; the next upload succeeds.
async fn failed_unheard(stage: &MediaStage, status: u16, code: i64) -> String {
    let (fails, takes_longer) = (picture(stage, "fails").await, picture(stage, "longer").await);
    let refusal = ResponseTemplate::new(status).set_body_json(json!({ "error": { "code": code, "message": "m" } }));
    answer(stage, PNID, "media", refusal.set_delay(Duration::from_millis(300)), 1).await;
    answer(stage, PNID, "media", kept("700000000000001").set_delay(Duration::from_secs(2)), 0).await;
    tokio::select! {
        ended = stage.prepare(&fails, 1) => panic!("{ended:?}"),
        () = watch::until("the upload to begin", async || (uploads(stage).await.len() == 1).then_some(())) => {}
    }
    // By the end of the second, begun later and answered more slowly, the first has long ended.
    assert!(stage.prepare(&takes_longer, 1).await.1.is_empty());
    fails
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_fails_when_nobody_waits_fails_the_message_that_comes_back() {
    let stage = MediaStage::set(Database::Sqlite, "direct").await;
    let fails = failed_unheard(&stage, 400, 100).await;
    let (_, refused) = stage.prepare(&fails, 1).await;
    assert_eq!((refused[0].1.verdict, refused[0].1.failure.code), (Verdict::Rejected, FailureCode::MediaUnusable));
    assert_eq!(uploads(&stage).await.len(), 2, "it was not begun again");
    // Told once; whoever sends it anew gets a new try.
    assert!(stage.prepare(&fails, 1).await.1.is_empty());
    stage.strike().await;
}

/// Until a message comes back, the token may have been repaired.
#[rstest]
#[case::channel_down(401, 190)]
#[case::throttled(429, 80_007)]
#[tokio::test(flavor = "multi_thread")]
async fn what_an_upload_has_said_of_its_channel_is_not_told_later(#[case] status: u16, #[case] code: i64) {
    let stage = MediaStage::set(Database::Sqlite, "direct").await;
    let fails = failed_unheard(&stage, status, code).await;
    let (_, refused) = stage.prepare(&fails, 1).await;
    assert_eq!(refused, []);
    assert_eq!(uploads(&stage).await.len(), 3, "it was asked anew");
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_uploads_of_one_channel_hold_up_no_other() {
    let stage = MediaStage::set(Database::Sqlite, "direct").await;
    let other = stage.another("direct", json!({ "whatsapp_business_phone_id": OTHER_PNID })).await;
    let twilio = stage.another("twilio", json!({})).await;
    answer(&stage, PNID, "media", kept("700000000000001").set_delay(NEVER), 0).await;
    answer(&stage, OTHER_PNID, "media", kept("700000000000002"), 0).await;
    let mut slow = Vec::new();
    for n in 0..9 {
        slow.push(message(&picture(&stage, &format!("slow {n}")).await));
    }
    let quick = picture(&stage, "quick").await;
    let (_, refused) = stage.prepare_on(&stage.channel, slow).await;
    assert!(refused.iter().all(|(_, error)| error.failure.code == FailureCode::MediaPending), "{refused:?}");

    let (batch, refused) = stage.prepare_on(&other, vec![message(&quick)]).await;
    assert_eq!(refused, []);
    assert!(batch[0].prepared.media.values().all(|at| *at == MediaAddress::Id("700000000000002".into())));
    let (batch, refused) = stage.prepare_on(&twilio, vec![message(&quick)]).await;
    assert_eq!(refused, []);
    assert!(batch[0].prepared.media.values().all(|at| matches!(at, MediaAddress::Link(_))));
    stage.strike().await;
}

/// Two messages that are sent together: the second goes out while what the first needs is still on its way.
async fn overtakes(stage: &MediaStage, slow: Value, quick: Value) {
    let owner = stage.app.owner.in_workspace(&stage.app.live);
    let channel = format!("/api/v1/channels/{}", stage.channel.id);
    // Fast enough that both get their tokens in one round.
    let fast = json!({ "provider": stage.channel.provider, "messages_per_second": 1_000 });
    owner.patch(&channel, fast).await.expect(200);
    owner.post(&format!("{channel}/hold"), json!({})).await.expect(200);
    let slow = stage.queue("+447700900123", slow).await;
    let quick = stage.queue("+447700900124", quick).await;
    owner.post(&format!("{channel}/resume"), json!({})).await.expect(200);
    stage.app.message_in(&stage.program, &quick, "accepted").await;
    let waits = stage.program.get(&format!("/api/v1/messages/{slow}")).await.expect(200);
    assert_eq!((&waits["state"], &waits["failure"]), (&json!("sending"), &Value::Null), "it is being prepared");
}

#[rstest]
#[case::a_text(false)]
#[case::a_picture_that_is_there(true)]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_ready_does_not_wait_for_anothers_picture(
    #[case] of_a_picture: bool,
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = MediaStage::set(database, "direct").await;
    stage.accepts_messages().await;
    let shows = async |name: &str| json!({ "type": "image", "media_id": picture(&stage, name).await });
    let quick = if of_a_picture { shows("quick").await } else { json!({ "type": "text", "body": "at once" }) };
    if of_a_picture {
        answer(&stage, PNID, "media", kept("700000000000001"), 1).await;
        let first = stage.queue("+447700900125", quick.clone()).await;
        stage.app.message_in(&stage.program, &first, "accepted").await;
    }
    answer(&stage, PNID, "media", kept("700000000000002").set_delay(NEVER), 0).await;
    overtakes(&stage, shows("slow").await, quick).await;
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_ready_does_not_wait_for_anothers_content(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let contents = MockServer::start().await;
    let made = || ResponseTemplate::new(201).set_body_json(json!({ "sid": format!("HX{}", "1".repeat(32)) }));
    let make = || Mock::given(method("POST")).and(path("/v1/Content"));
    make().respond_with(made()).up_to_n_times(1).mount(&contents).await;
    make().respond_with(made().set_delay(NEVER)).mount(&contents).await;
    let stage = MediaStage::with(database, "twilio", &["--twilio-content-url", &contents.uri()]).await;
    let accepted = json!({ "sid": format!("SM{}", "2".repeat(32)), "status": "accepted" });
    let at = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json");
    let accepted = ResponseTemplate::new(201).set_body_json(accepted);
    Mock::given(method("POST")).and(path(at)).respond_with(accepted).up_to_n_times(2).mount(&stage.server).await;
    let asks = |answers: Value| json!({ "type": "reply_buttons", "body": "Will you come?", "buttons": answers });
    let quick = asks(json!([{ "id": "a", "title": "Yes" }, { "id": "b", "title": "No" }]));
    let first = stage.queue("+447700900125", quick.clone()).await;
    stage.app.message_in(&stage.program, &first, "accepted").await;
    overtakes(&stage, asks(json!([{ "id": "a", "title": "Yes" }])), quick).await;
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_is_held_while_a_file_is_brought_sends_nothing_and_costs_no_try(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = MediaStage::set(database, "direct").await;
    let medium = picture(&stage, "slow").await;
    answer(&stage, PNID, "media", kept("700000000000001").set_delay(Duration::from_secs(3)), 0).await;
    stage.accepts_messages().await;
    let owner = stage.app.owner.in_workspace(&stage.app.live);
    let channel = format!("/api/v1/channels/{}", stage.channel.id);
    let id = stage.queue("+447700900123", json!({ "type": "image", "media_id": medium })).await;
    watch::until("the upload to begin", async || (uploads(&stage).await.len() == 1).then_some(())).await;
    owner.post(&format!("{channel}/hold"), json!({})).await.expect(200);
    let waits = stage.app.message_in(&stage.program, &id, "queued").await;
    let told = waits["timeline"].as_array().unwrap().iter().find(|event| event["type"] == "message.requeued");
    assert_eq!(told.unwrap()["data"]["tries"], 0, "{waits:#}");
    owner.post(&format!("{channel}/resume"), json!({})).await.expect(200);
    stage.app.message_in(&stage.program, &id, "accepted").await;
    let all = stage.server.received_requests().await.unwrap();
    assert_eq!(all.iter().filter(|request| request.url.path().ends_with("/messages")).count(), 1);
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_served_under_the_name_that_its_message_gives(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = MediaStage::set(database, "twilio").await;
    let medium = upload(&stage.program, "scan0001.pdf", "application/pdf", &pdf()).await;
    let of = |name: Value| message_of(json!({ "type": "document", "media_id": medium["id"], "filename": name }));
    let (batch, _) = stage
        .prepare_on(&stage.channel, vec![of(json!("invoice 77.pdf")), of(json!("50%+1.pdf")), of(json!(null))])
        .await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut names = Vec::new();
    for message in &batch {
        let Some(MediaAddress::Link(link)) = message.prepared.media.values().next() else { panic!("{message:?}") };
        let served = http.get(link.clone()).send().await.unwrap();
        assert_eq!(served.status(), 200, "{link}");
        names.push(served.headers()["content-disposition"].to_str().unwrap().to_owned());
    }
    let shown = |name: &str| format!("inline; filename=\"{name}\"");
    assert_eq!(names, [shown("invoice 77.pdf"), shown("50%+1.pdf"), shown("scan0001.pdf")]);
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_stays_as_long_as_a_link_leads_to_it(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = MediaStage::with(database, "twilio", &["--retention-outbound-media", "2"]).await;
    let medium = picture(&stage, "old").await;
    stage.pass(2 * DAY - Duration::from_secs(60));
    let (batch, _) = stage.prepare(&medium, 1).await;
    let Some(MediaAddress::Link(link)) = batch[0].prepared.media.values().next() else { panic!("{batch:?}") };
    stage.pass(Duration::from_secs(36_000));
    assert_eq!(stage.media().purge().await.unwrap(), 0);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    assert_eq!(http.get(link.clone()).send().await.unwrap().status(), 200, "Twilio may fetch it so late");
    stage.pass(3 * DAY);
    assert_eq!(stage.media().purge().await.unwrap(), 1);
    stage.strike().await;
}

#[rstest]
#[case::at_once(FaultKind::Refuse { code: 131_009 })]
#[case::later(FaultKind::LateRefusal { code: 131_053 })]
#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_meta_no_longer_takes_is_not_used_again(
    #[case] fault: FaultKind,
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database, "direct").await;
    stage.receives(json!({ "text": "Hi" })).await;
    let medium = upload(&stage.app.owner, "mug.jpg", "image/jpeg", &jpeg("a mug")).await;
    let send = async || {
        let content = json!({ "type": "image", "media_id": medium["id"] });
        id_of(&stage.program.post("/api/v1/messages", json!({ "to": ADA, "content": content })).await.expect(202))
    };
    stage.story(&send().await, "read").await;
    let kept = shown_ids(&stage).await;
    stage.misbehave(&[Fault { times: Some(1), ..Fault::always(fault.clone()) }]).await;
    let refused = send().await;
    if matches!(fault, FaultKind::Refuse { .. }) {
        stage.story(&refused, "failed").await;
        stage.story(&send().await, "read").await;
    } else {
        stage.story(&refused, "read").await;
    }
    assert_ne!(shown_ids(&stage).await.last(), kept.last(), "it was brought there once more");
    stage.app.stop().await;
}

/// When Meta drops an id, every message that was under way with it comes back.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn two_refusals_of_one_dead_id_make_one_new_upload(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = MediaStage::set(database, "direct").await;
    let medium = picture(&stage, "one").await;
    answer(&stage, PNID, "media", kept("700000000000001"), 1).await;
    answer(&stage, PNID, "media", kept("700000000000002"), 0).await;
    stage.accepts_messages().await;
    let send = async |to: &str| {
        let message =
            json!({ "to": to, "channel_id": stage.channel.id, "content": { "type": "image", "media_id": medium } });
        let id = id_of(&stage.program.post("/api/v1/messages", message).await.expect(202));
        let story = stage.app.message_in(&stage.program, &id, "accepted").await;
        (id, story["provider_message_id"].as_str().unwrap().to_owned())
    };
    let comes_back = async |(id, provider_id): &(String, String)| {
        stage.refuses_later(provider_id, 131_053).await;
        stage.app.message_in(&stage.program, id, "queued").await;
        stage.pass(Duration::from_secs(10));
        stage.app.message_in(&stage.program, id, "accepted").await;
    };
    send("+447700900122").await;
    stage.pass(Duration::from_secs(1));
    let flying = [send("+447700900123").await, send("+447700900124").await, send("+447700900125").await];
    comes_back(&flying[0]).await;
    assert_eq!(uploads(&stage).await.len(), 2, "it was brought there once more");
    stage.pass(Duration::from_secs(1));
    comes_back(&flying[1]).await;
    assert_eq!(uploads(&stage).await.len(), 2, "the second uses what the first has brought");
    // Refusals that come again say nothing of what is there today.
    stage.refuses_later(&flying[0].1, 131_053).await;
    stage.refuses_later(&flying[1].1, 131_053).await;
    comes_back(&flying[2]).await;
    assert_eq!(uploads(&stage).await.len(), 2, "and so does the third");
    stage.strike().await;
}

/// It was brought there for this very message, after its attempt had begun.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_message_does_not_use_again_what_it_brought_itself(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = MediaStage::set(database, "direct").await;
    let medium = picture(&stage, "one").await;
    answer(&stage, PNID, "media", kept("700000000000001").set_delay(Duration::from_secs(1)), 1).await;
    answer(&stage, PNID, "media", kept("700000000000002"), 0).await;
    stage.accepts_messages().await;
    let id = stage.queue("+447700900123", json!({ "type": "image", "media_id": medium })).await;
    watch::until("the upload to begin", async || (uploads(&stage).await.len() == 1).then_some(())).await;
    stage.pass(Duration::from_secs(1));
    let story = stage.app.message_in(&stage.program, &id, "accepted").await;
    stage.refuses_later(story["provider_message_id"].as_str().unwrap(), 131_053).await;
    stage.app.message_in(&stage.program, &id, "queued").await;
    stage.pass(Duration::from_secs(10));
    stage.app.message_in(&stage.program, &id, "accepted").await;
    assert_eq!(uploads(&stage).await.len(), 2);
    stage.strike().await;
}

/// The addresses of the files that the phone shows, newest last: each upload has its own.
async fn shown_ids(stage: &Stage) -> Vec<String> {
    let threads = stage.program.get("/api/v1/sandbox/conversations").await.expect(200);
    let bubbles = threads["data"].as_array().unwrap().iter().flat_map(|thread| thread["messages"].as_array().unwrap());
    bubbles
        .filter_map(|bubble| bubble["content"]["url"].as_str())
        .map(|url| url.split('?').next().unwrap_or_default().to_owned())
        .collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_moves_to_another_number_brings_its_files_there(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = MediaStage::set(database, "direct").await;
    let medium = picture(&stage, "one").await;
    answer(&stage, PNID, "media", kept("700000000000001"), 0).await;
    answer(&stage, OTHER_PNID, "media", kept("700000000000002"), 0).await;
    let address = async || {
        let registry = stage.app.app().context.channels.registry();
        let channel = registry.by_id(stage.channel.id).await.unwrap();
        let (batch, refused) = stage.prepare_on(&channel, vec![message(&medium)]).await;
        assert_eq!(refused, []);
        batch[0].prepared.media.values().next().cloned().unwrap()
    };
    assert_eq!(address().await, MediaAddress::Id("700000000000001".into()));
    let owner = stage.app.owner.in_workspace(&stage.app.live);
    let change = |number: &str| json!({ "provider": "direct", "whatsapp_business_phone_id": number });
    let channel = format!("/api/v1/channels/{}", stage.channel.id);
    owner.patch(&channel, change(OTHER_PNID)).await.expect(200);
    assert_eq!(address().await, MediaAddress::Id("700000000000002".into()));
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_content_that_was_not_begun_in_time_costs_no_try() {
    let contents = MockServer::start().await;
    let slowly = |_: &Request| {
        let sid = format!("HX{}", MessageId::new().0.simple());
        ResponseTemplate::new(201).set_body_json(json!({ "sid": sid })).set_delay(Duration::from_millis(2_500))
    };
    Mock::given(method("POST")).and(path("/v1/Content")).respond_with(slowly).mount(&contents).await;
    let stage = MediaStage::with(Database::Sqlite, "twilio", &["--twilio-content-url", &contents.uri()]).await;
    let context = &stage.app.app().context;
    let step = StoredContents::new(context.db.clone(), context.clock.clone());
    // Words that can't be variables: each of these needs a Content of its own, and only so many are made at once.
    let of = |n: usize| {
        let answers = json!([{ "id": "a", "title": "Yes" }, { "id": "b", "title": "No" }]);
        message_of(json!({ "type": "reply_buttons", "body": format!("{{{{{n}"), "buttons": answers }))
    };
    let mut batch: Vec<_> = (0..16).map(of).collect();
    let refused = step.prepare(&stage.channel, &mut batch).await;
    let made = batch.iter().filter(|one| one.prepared.stored.is_some()).count();
    assert!(made > 0 && !refused.is_empty() && made + refused.len() == batch.len(), "{refused:?}");
    assert!(refused.iter().all(|(_, error)| matches!(error.verdict, Verdict::Throttled { .. })), "{refused:?}");
    stage.strike().await;
}
