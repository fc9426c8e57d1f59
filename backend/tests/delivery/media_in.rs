//! Media that people send: fetched with the channel's credentials, from the provider's own hosts only, and served.

use duplex::clock::Clock;
use duplex::domain::ids::{MediaId, MessageId};
use duplex::domain::media::{FileKind, InboundMediaSource};
use duplex::storage::media::{self, NewInboundMedia};
use rstest::rstest;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wiremock::matchers::{basic_auth, header, method, path, query_param};
use wiremock::{Mock, ResponseTemplate};

use crate::media_stage::{ACCOUNT, AUTH_TOKEN, MediaStage, PNID, TOKEN};
use crate::support::files::jpeg;
use crate::support::{Database, watch};

const PROVIDER_ID: &str = "700000000000009";
const BYTES_AT: &str = "/whatsapp_business/attachments";

/// Stores a medium as the reading of a webhook does.
async fn arrive(stage: &MediaStage, source: InboundMediaSource) -> MediaId {
    let new = NewInboundMedia {
        id: MediaId::new(),
        workspace_id: stage.channel.workspace,
        channel_id: stage.channel.id,
        message_id: MessageId::new(),
        kind: FileKind::Image,
        mime_type: "image/png".into(),
        filename: Some("a\u{0}.png".into()),
        source,
        at: stage.clock.now(),
    };
    let id = new.id;
    stage.app.app().context.db.write(move |conn| media::intake(conn, &[new])).await.unwrap();
    stage.media().arrived();
    id
}

async fn in_state(stage: &MediaStage, id: MediaId, state: &str) -> Value {
    watch::until(&format!("the medium to be {state}"), async || {
        let shown = stage.program.get(&format!("/api/v1/media/{id}")).await.expect(200);
        (shown["state"] == state).then_some(shown)
    })
    .await
}

async fn events(stage: &MediaStage, kind: &str) -> Vec<Value> {
    let feed = stage.program.get("/api/v1/events?limit=1000").await.expect(200);
    feed["data"].as_array().unwrap().iter().filter(|event| event["type"] == kind).cloned().collect()
}

fn by_id(bytes: &[u8]) -> InboundMediaSource {
    InboundMediaSource {
        provider_media_id: Some(PROVIDER_ID.into()),
        url: None,
        sha256: Some(Sha256::digest(bytes).into()),
    }
}

fn by_url(url: String) -> InboundMediaSource {
    InboundMediaSource { url: Some(url), ..InboundMediaSource::default() }
}

async fn meta_knows_it(stage: &MediaStage) {
    let named = json!({ "url": format!("{}{BYTES_AT}", stage.server.uri()), "id": PROVIDER_ID });
    Mock::given(method("GET"))
        .and(path(format!("/v25.0/{PROVIDER_ID}")))
        .and(query_param("phone_number_id", PNID))
        .and(header("authorization", format!("Bearer {TOKEN}")))
        .respond_with(ResponseTemplate::new(200).set_body_json(named))
        .mount(&stage.server)
        .await;
}

async fn asked(stage: &MediaStage, path: &str) -> usize {
    stage.server.received_requests().await.unwrap().iter().filter(|request| request.url.path() == path).count()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn metas_file_is_asked_for_anew_when_its_address_has_ended(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = MediaStage::set(database, "direct").await;
    let bytes = jpeg(&"x".repeat(300_000));
    meta_knows_it(&stage).await;
    let at = || Mock::given(method("GET")).and(path(BYTES_AT)).and(header("authorization", format!("Bearer {TOKEN}")));
    at().respond_with(ResponseTemplate::new(404)).up_to_n_times(2).mount(&stage.server).await;
    at().respond_with(ResponseTemplate::new(200).set_body_bytes(bytes.clone())).mount(&stage.server).await;
    // The address of the webhook, the one that Meta names, and the one it names anew.
    let source = InboundMediaSource { url: Some(format!("{}{BYTES_AT}", stage.server.uri())), ..by_id(&bytes) };
    let id = arrive(&stage, source).await;
    let shown = in_state(&stage, id, "ready").await;
    assert_eq!((asked(&stage, BYTES_AT).await, asked(&stage, &format!("/v25.0/{PROVIDER_ID}")).await), (3, 2));
    assert_eq!(
        (&shown["mime_type"], &shown["direction"], &shown["filename"]),
        (&json!("image/jpeg"), &json!("inbound"), &json!("a.png"))
    );
    assert_eq!(shown["sha256"], hex::encode(Sha256::digest(&bytes)));

    let content = stage.program.request(reqwest::Method::GET, &format!("/api/v1/media/{id}/content?inline=true"));
    let given = content.send().await.unwrap();
    assert_eq!(given.headers()["content-disposition"], "inline; filename=\"a.png.jpg\"");
    assert_eq!(given.bytes().await.unwrap(), bytes);
    let told = events(&stage, "message.media_ready").await;
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0]["data"]["media_id"], &told[0]["message_id"]), (&shown["id"], &shown["message_id"]));
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn twilio_leads_to_the_bytes_and_credentials_stay_behind(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = MediaStage::set(database, "twilio").await;
    let (bytes, medium) = (jpeg("one"), format!("/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1"));
    Mock::given(method("GET"))
        .and(path(medium.clone()))
        .and(basic_auth(ACCOUNT, AUTH_TOKEN))
        .respond_with(ResponseTemplate::new(307).insert_header("location", "/cdn/1?Signature=x"))
        .mount(&stage.server)
        .await;
    Mock::given(method("GET"))
        .and(path("/cdn/1"))
        .respond_with(ResponseTemplate::new(200).set_body_bytes(bytes.clone()))
        .mount(&stage.server)
        .await;
    let id = arrive(&stage, by_url(format!("{}{medium}", stage.server.uri()))).await;
    let shown = in_state(&stage, id, "ready").await;
    assert_eq!(shown["sha256"], hex::encode(Sha256::digest(&bytes)));
    let requests = stage.server.received_requests().await.unwrap();
    let at_cdn = requests.iter().find(|request| request.url.path() == "/cdn/1").unwrap();
    assert!(!at_cdn.headers.contains_key("authorization"));
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn credentials_go_nowhere_that_a_webhook_may_name(#[values("twilio", "direct")] provider: &str) {
    let stage = MediaStage::set(Database::Sqlite, provider).await;
    let simulator = stage.app.app().simulator_url().unwrap();
    for url in [
        "https://evil.example/2010-04-01/Media/ME1".to_owned(),
        "https://twilio.com.evil.example/Media/ME1".to_owned(),
        "https://eviltwilio.com/Media/ME1".to_owned(),
        "https://evilfbcdn.net/a".to_owned(),
        "http://api.twilio.com/Media/ME1".to_owned(),
        "http://lookaside.fbsbx.com/a".to_owned(),
        // The simulator is trusted to be on this machine, but it is not this channel's provider.
        format!("{simulator}/Media/ME1"),
        format!("{}/v25.0/debug_token", simulator),
        "file:///etc/passwd".to_owned(),
        "not an address".to_owned(),
    ] {
        let id = arrive(&stage, by_url(url.clone())).await;
        let failed = watch::until(&format!("{url} to be given up or tried again"), async || {
            let shown = stage.program.get(&format!("/api/v1/media/{id}")).await.expect(200);
            shown["failure"].is_string().then_some(shown)
        })
        .await;
        assert!(!failed["failure"].as_str().unwrap().contains("evil"), "{failed:#}");
    }
    // The list of templates is asked for in the background, whatever people send; nothing else goes to the provider.
    let all = stage.server.received_requests().await.unwrap();
    let templates = "/v25.0/300000000000001/message_templates";
    let others: Vec<_> = all.iter().map(|request| request.url.path()).filter(|path| *path != templates).collect();
    assert!(others.is_empty(), "{others:?}");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn other_bytes_than_announced_are_given_up_after_a_few_tries(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = MediaStage::set(database, "direct").await;
    meta_knows_it(&stage).await;
    Mock::given(method("GET"))
        .and(path(BYTES_AT))
        .respond_with(ResponseTemplate::new(200).set_body_bytes(jpeg("two")))
        .mount(&stage.server)
        .await;
    let id = arrive(&stage, by_id(&jpeg("one"))).await;
    // What comes between one try and the next is as long as it likes, from when the one was settled.
    let failed = watch::until("the last try to be settled", async || {
        stage.pass(std::time::Duration::from_secs(60));
        stage.media().arrived();
        let shown = stage.program.get(&format!("/api/v1/media/{id}")).await.expect(200);
        (shown["state"] == "failed").then_some(shown)
    })
    .await;
    assert_eq!(asked(&stage, BYTES_AT).await, 4);
    assert!(failed["failure"].as_str().unwrap().contains("announced"), "{failed:#}");
    assert_eq!(events(&stage, "message.media_failed").await.len(), 1);
    stage.program.get(&format!("/api/v1/media/{id}/content")).await.problem(409, "media_not_ready");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_passes_is_tried_until_meta_forgets(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = MediaStage::with(database, "direct", &["--media-limit", "1"]).await;
    meta_knows_it(&stage).await;
    let at = || Mock::given(method("GET")).and(path(BYTES_AT));
    at().respond_with(ResponseTemplate::new(503)).mount(&stage.server).await;
    let id = arrive(&stage, by_id(&jpeg("one"))).await;
    watch::until("a first try", async || {
        stage.program.get(&format!("/api/v1/media/{id}")).await.expect(200)["failure"].is_string().then_some(())
    })
    .await;
    stage.program.get(&format!("/api/v1/media/{id}/content")).await.problem(409, "media_not_ready");
    stage.pass(std::time::Duration::from_secs(7 * 86_400));
    stage.media().arrived();
    in_state(&stage, id, "failed").await;

    // Too large, by its own word or by its bytes.
    stage.server.reset().await;
    meta_knows_it(&stage).await;
    at().respond_with(ResponseTemplate::new(200).set_body_bytes(vec![0; 1024 * 1024 + 1])).mount(&stage.server).await;
    let id = arrive(&stage, by_id(&jpeg("one"))).await;
    let failed = in_state(&stage, id, "failed").await;
    assert!(failed["failure"].as_str().unwrap().contains("1 MB"), "{failed:#}");

    // One that is deleted while it waits is not fetched.
    stage.server.reset().await;
    at().respond_with(ResponseTemplate::new(503)).mount(&stage.server).await;
    meta_knows_it(&stage).await;
    let id = arrive(&stage, by_id(&jpeg("one"))).await;
    assert_eq!(stage.program.delete(&format!("/api/v1/media/{id}")).await.status, 204);
    assert_eq!(in_state(&stage, id, "gone").await["carried_by"], json!([]));
    stage.strike().await;
}
