//! Media on their way out: brought to Meta once, linked for Twilio.

use std::time::Duration;

use duplex::domain::failure::FailureCode;
use duplex::media::Generated;
use duplex::providers::{MediaAddress, Outbound, Verdict};
use reqwest::Method;
use rstest::rstest;
use serde_json::json;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::media_stage::{MediaStage, PNID, TOKEN, id_of};
use crate::support::Database;
use crate::support::files::{jpeg, upload};

const DAY: Duration = Duration::from_secs(86_400);

fn addresses(batch: &[Outbound]) -> Vec<MediaAddress> {
    batch.iter().flat_map(|message| message.prepared.media.values().cloned()).collect()
}

fn link_of(batch: &[Outbound]) -> String {
    match addresses(batch).as_slice() {
        [MediaAddress::Link(link)] => link.to_string(),
        other => panic!("{other:?}"),
    }
}

async fn answer_uploads(server: &MockServer, answer: ResponseTemplate) {
    Mock::given(method("POST")).and(path(format!("/v25.0/{PNID}/media"))).respond_with(answer).mount(server).await;
}

async fn uploads(server: &MockServer) -> Vec<Request> {
    let all = server.received_requests().await.unwrap();
    all.into_iter().filter(|request| request.url.path().ends_with("/media")).collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_medium_goes_to_meta_once_until_meta_would_forget_it(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = MediaStage::set(database, "direct").await;
    let bytes = jpeg("one");
    let medium = upload(&stage.program, "a.jpg", "image/jpeg", &bytes).await;
    let id = medium["id"].as_str().unwrap();
    answer_uploads(&stage.server, ResponseTemplate::new(200).set_body_json(json!({ "id": "700000000000001" }))).await;

    let (one, other) = tokio::join!(stage.prepare(id, 5), stage.prepare(id, 5));
    let expected = vec![MediaAddress::Id("700000000000001".into()); 5];
    assert_eq!((addresses(&one.0), addresses(&other.0)), (expected.clone(), expected.clone()));
    assert!(one.1.is_empty() && other.1.is_empty());
    stage.pass(28 * DAY);
    assert_eq!(addresses(&stage.prepare(id, 5).await.0), expected);
    let sent = uploads(&stage.server).await;
    assert_eq!(sent.len(), 1, "ten messages and more, one upload");
    assert_eq!(sent[0].headers["authorization"], format!("Bearer {TOKEN}"));
    assert!(sent[0].url.query().unwrap().contains("appsecret_proof="));
    let body = String::from_utf8_lossy(&sent[0].body).into_owned();
    for part in [
        "name=\"messaging_product\"\r\n\r\nwhatsapp\r\n",
        "name=\"type\"\r\n\r\nimage/jpeg\r\n",
        ".jpg\"\r\ncontent-type: image/jpeg",
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }
    assert!(sent[0].body.windows(bytes.len()).any(|window| window == bytes));

    stage.pass(DAY + Duration::from_secs(1));
    assert_eq!(addresses(&stage.prepare(id, 1).await.0).len(), 1);
    assert_eq!(uploads(&stage.server).await.len(), 2, "the day before it ends it is renewed");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn twilio_gets_a_link_that_outlives_its_queue(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = MediaStage::set(database, "twilio").await;
    let bytes = jpeg("one");
    let medium = upload(&stage.program, "Grüße 1.jpg", "image/jpeg", &bytes).await;
    let link = link_of(&stage.prepare(medium["id"].as_str().unwrap(), 1).await.0);
    assert!(link.starts_with(&stage.app.app().url("/m/")), "{link}");
    assert!(link.ends_with("/Gr%C3%BC%C3%9Fe%201.jpg"), "{link}");

    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for method in [Method::HEAD, Method::GET] {
        let given = http.request(method.clone(), &link).send().await.unwrap();
        assert_eq!(given.status(), 200);
        assert_eq!(given.headers()["content-type"], "image/jpeg");
        assert_eq!(given.headers()["content-length"], bytes.len().to_string());
        assert_eq!(
            given.headers()["content-disposition"],
            "inline; filename=\"Gr__e 1.jpg\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%201.jpg"
        );
        let expected: &[u8] = if method == Method::GET { &bytes } else { &[] };
        assert_eq!(given.bytes().await.unwrap(), expected);
    }
    // All of it is signed.
    let status = async |link: &str| http.get(link).send().await.unwrap().status().as_u16();
    let parts: Vec<&str> = link.split('/').collect();
    let [.., id, expires, signature, name] = parts.as_slice() else { panic!("{link}") };
    let base = stage.app.app().url("/m");
    assert_eq!(status(&format!("{base}/{id}/{expires}/{signature}/{name}")).await, 200);
    let later = expires.parse::<i64>().unwrap() + 1;
    let other = upload(&stage.program, "b.jpg", "image/jpeg", &jpeg("two")).await;
    for forged in [
        format!("{base}/{id}/{later}/{signature}/{name}"),
        format!("{base}/{}/{expires}/{signature}/{name}", other["id"].as_str().unwrap()),
        format!("{base}/{id}/{expires}/{}/{name}", "A".repeat(43)),
        format!("{base}/{id}/{expires}/{}/{name}", &signature[..42]),
        format!("{base}/{id}/{expires}//{name}"),
        format!("{base}/nonsense/{expires}/{signature}/{name}"),
        format!("{base}/{id}/never/{signature}/{name}"),
        format!("{base}/{id}/{expires}/{signature}/other.exe"),
        format!("{base}/{id}/{expires}/{signature}"),
        format!("{base}/{id}"),
    ] {
        assert_eq!(status(&forged).await, 404, "{forged}");
    }
    stage.pass(Duration::from_secs(36_000));
    assert_eq!(status(&link).await, 200, "a message may have waited so long at Twilio");
    stage.pass(DAY);
    assert_eq!(status(&link).await, 410);

    let fresh = link_of(&stage.prepare(medium["id"].as_str().unwrap(), 1).await.0);
    assert_eq!(stage.program.delete(&format!("/api/v1/media/{}", medium["id"].as_str().unwrap())).await.status, 204);
    assert_eq!(status(&fresh).await, 410, "a link to what was deleted");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_upload_says_what_to_do(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = MediaStage::set(database, "direct").await;
    let medium = upload(&stage.program, "a.jpg", "image/jpeg", &jpeg("one")).await;
    let id = medium["id"].as_str().unwrap();
    let coded =
        |code: u32| ResponseTemplate::new(400).set_body_json(json!({ "error": { "code": code, "message": "m" } }));
    for (answer, verdict, code) in [
        (coded(190), Verdict::ChannelDown, FailureCode::CredentialsInvalid),
        (coded(100), Verdict::Rejected, FailureCode::MediaUnusable),
        (coded(131_000), Verdict::Retry { after: None }, FailureCode::ProviderError),
        (
            ResponseTemplate::new(502).set_body_string("<html>"),
            Verdict::Retry { after: None },
            FailureCode::ProviderError,
        ),
        (ResponseTemplate::new(200).set_body_json(json!({})), Verdict::Retry { after: None }, FailureCode::AnswerLost),
    ] {
        stage.server.reset().await;
        answer_uploads(&stage.server, answer).await;
        let (batch, refused) = stage.prepare(id, 2).await;
        assert_eq!(
            refused.iter().map(|(attempt, _)| *attempt).collect::<Vec<_>>(),
            [batch[0].attempt, batch[1].attempt]
        );
        for (_, error) in refused {
            assert_eq!((error.verdict, error.failure.code), (verdict, code));
        }
    }
    // What is not here any more can't be sent, and nobody is asked.
    stage.server.reset().await;
    assert_eq!(stage.program.delete(&format!("/api/v1/media/{id}")).await.status, 204);
    for id in [id, "0199f2a0-0000-7000-8000-000000000001"] {
        let (_, refused) = stage.prepare(id, 1).await;
        assert_eq!((refused[0].1.verdict, refused[0].1.failure.code), (Verdict::Rejected, FailureCode::MediaUnusable));
    }
    assert!(uploads(&stage.server).await.is_empty());
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_upload_holds_nobody_up_and_is_not_begun_again() {
    let stage = MediaStage::set(Database::Sqlite, "direct").await;
    let medium = upload(&stage.program, "a.jpg", "image/jpeg", &jpeg("one")).await;
    let id = medium["id"].as_str().unwrap();
    let answer = ResponseTemplate::new(200).set_body_json(json!({ "id": "700000000000001" }));
    answer_uploads(&stage.server, answer.set_delay(Duration::from_secs(7))).await;
    let (_, refused) = stage.prepare(id, 1).await;
    assert!(matches!(refused[0].1.verdict, Verdict::Throttled { .. }), "{refused:?}");
    assert_eq!(refused[0].1.failure.code, FailureCode::MediaPending);
    let (batch, refused) = stage.prepare(id, 1).await;
    assert_eq!((addresses(&batch).len(), refused.len()), (1, 0));
    assert_eq!(uploads(&stage.server).await.len(), 1);
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_generated_file_is_kept_once_and_goes_by_itself(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = MediaStage::set(database, "twilio").await;
    let card = || Generated {
        bytes: b"BEGIN:VCARD\r\nFN:Ada\r\nEND:VCARD\r\n".to_vec(),
        mime_type: "text/vcard",
        filename: "contacts.vcf".into(),
    };
    let publish = async || stage.media().publish(&stage.channel, card(), DAY).await.unwrap();
    let first = publish().await;
    stage.pass(Duration::from_secs(3_600));
    let second = publish().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let given = http.get(second.clone()).send().await.unwrap();
    assert_eq!(given.headers()["content-type"], "text/vcard");
    assert_eq!(given.bytes().await.unwrap(), card().bytes);
    let list = stage.program.get("/api/v1/media").await.expect(200);
    assert_eq!(list["data"].as_array().unwrap().len(), 1, "{list:#}");
    assert_eq!(list["data"][0]["kind"], "other");

    // The later of the two decides.
    stage.pass(DAY - Duration::from_secs(1_800));
    assert_eq!(stage.media().purge().await.unwrap(), 0);
    assert_eq!(http.get(first).send().await.unwrap().status(), 410);
    assert_eq!(http.get(second.clone()).send().await.unwrap().status(), 200);
    stage.pass(Duration::from_secs(1_800));
    assert_eq!(stage.media().purge().await.unwrap(), 1);
    assert_eq!(http.get(second).send().await.unwrap().status(), 410);
    assert_eq!(stage.program.get("/api/v1/media").await.expect(200)["data"][0]["state"], "gone");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn bytes_go_when_their_time_is_over(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = MediaStage::with(database, "direct", &["--retention-outbound-media", "2"]).await;
    let (bytes, lost) = (jpeg("one"), jpeg("lost"));
    let old = upload(&stage.program, "a.jpg", "image/jpeg", &bytes).await;
    assert!(old["expires_at"].is_string());
    stage.pass(DAY);
    let young = upload(&stage.program, "b.jpg", "image/jpeg", &bytes).await;
    stage.pass(DAY + Duration::from_secs(1));
    assert_eq!(stage.media().purge().await.unwrap(), 1);
    let state = async |medium| {
        stage.program.get(&format!("/api/v1/media/{}", id_of(medium))).await.expect(200)["state"].clone()
    };
    assert_eq!((state(&old).await, state(&young).await), (json!("gone"), json!("ready")));
    let content = format!("/api/v1/media/{}/content", id_of(&young));
    assert_eq!(stage.program.get(&content).await.status, 200, "the other's bytes are the same, and stay");

    // What a process left behind that ended between the disk and the database.
    let lost = upload(&stage.program, "c.jpg", "image/jpeg", &lost).await;
    let folder = stage.app.app().context.config.media_dir();
    let place = |medium: &serde_json::Value| {
        let hash = medium["sha256"].as_str().unwrap().to_owned();
        folder.join(&hash[..2]).join(&hash[2..])
    };
    let stray = folder.join("ab").join("c".repeat(62));
    std::fs::create_dir_all(stray.parent().unwrap()).unwrap();
    let begun = folder.join("incoming").join("begun");
    let two_days_ago = std::time::SystemTime::now() - 2 * DAY;
    for file in [&stray, &begun, &place(&lost)] {
        let file = std::fs::OpenOptions::new().create(true).append(true).open(file).unwrap();
        file.set_modified(two_days_ago).unwrap();
    }
    assert_eq!(stage.media().sweep().await.unwrap(), 1);
    assert_eq!((stray.exists(), begun.exists(), place(&lost).exists()), (false, false, true));
    stage.strike().await;
}

/// Approved templates with a medium of this format on top stand at Meta, and the gateway knows it.
async fn meta_lists(stage: &MediaStage, templates: &[(&str, &str)]) {
    let listed = templates.iter().enumerate().map(|(n, (name, format))| {
        let header =
            json!({ "type": "HEADER", "format": format, "example": { "header_handle": ["https://acme.example/a"] } });
        json!({ "id": format!("50000000000000{n}"), "name": name, "language": "en", "status": "APPROVED",
            "category": "UTILITY", "components": [header, { "type": "BODY", "text": "Your order is on its way." }] })
    });
    let page = json!({ "data": listed.collect::<Vec<_>>() });
    Mock::given(method("GET"))
        .and(path("/v25.0/300000000000001/message_templates"))
        .respond_with(ResponseTemplate::new(200).set_body_json(page))
        .mount(&stage.server)
        .await;
    let synced = stage.program.post("/api/v1/templates/syncs", json!({})).await.expect(200);
    assert!(synced["data"][0]["error"].is_null(), "{synced:#}");
}

/// The header that a matcher wants is one of many.
#[tokio::test(flavor = "multi_thread")]
async fn the_program_itself_prepares_what_it_sends() {
    let stage = MediaStage::set(Database::Sqlite, "direct").await;
    let medium = upload(&stage.program, "a.jpg", "image/jpeg", &jpeg("one")).await;
    answer_uploads(&stage.server, ResponseTemplate::new(200).set_body_json(json!({ "id": "700000000000001" }))).await;
    Mock::given(method("POST"))
        .and(path(format!("/v25.0/{PNID}/messages")))
        .and(header("authorization", format!("Bearer {TOKEN}")))
        .respond_with(
            ResponseTemplate::new(200).set_body_json(json!({ "messages": [{ "id": "wamid.GWEXAMPLE0001" }] })),
        )
        .mount(&stage.server)
        .await;
    meta_lists(&stage, &[("order_shipped", "IMAGE"), ("order_packed", "VIDEO")]).await;
    let message = |template: &str, kind: &str| {
        let header = json!({ "type": kind, "media_id": medium["id"] });
        json!({ "to": "+447700900123", "channel_id": stage.channel.id,
            "content": { "type": "template", "name": template, "language": "en", "header": header } })
    };
    let (picture, film) = (message("order_shipped", "image"), message("order_packed", "video"));
    let sent = stage.program.post("/api/v1/messages", picture.clone()).await.expect(202);
    stage.app.message_in(&stage.program, sent["id"].as_str().unwrap(), "accepted").await;
    assert_eq!(uploads(&stage.server).await.len(), 1);

    // Refused before it is queued, and refused when the medium goes in between.
    let refused = stage.program.post("/api/v1/messages", film).await;
    assert_eq!(refused.complaints(), [("content.header.media_id".to_owned(), "unsupported".to_owned())]);
    assert_eq!(stage.program.delete(&format!("/api/v1/media/{}", id_of(&medium))).await.status, 204);
    let refused = stage.program.post("/api/v1/messages", picture).await;
    assert_eq!(refused.complaints(), [("content.header.media_id".to_owned(), "not_ready".to_owned())]);
    stage.strike().await;
}
