//! Uploading media, and what is told of them.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::stage::Stage;
use crate::support::Database;
use crate::support::files::{Part, form, jpeg, opus, pdf, png, post_form, upload};

fn id(medium: &Value) -> String {
    medium["id"].as_str().unwrap().to_owned()
}

/// The files that stand in the media folder, those on their way in left out.
fn on_disk(stage: &Stage) -> Vec<String> {
    let folder = stage.app.app().context.config.media_dir();
    let mut found = Vec::new();
    for first in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        for rest in std::fs::read_dir(first.path()).unwrap().map(Result::unwrap) {
            found.push(format!("{}{}", first.file_name().to_string_lossy(), rest.file_name().to_string_lossy()));
        }
    }
    found
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn bytes_decide_what_it_is_and_are_kept_once(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let caller = &stage.sandbox;
    let bytes = jpeg("one");
    let hash = hex::encode(Sha256::digest(&bytes));
    let first = upload(caller, "Grüße.jpg", "image/jpeg", &bytes).await;
    assert_eq!(
        (&first["kind"], &first["mime_type"], &first["state"], &first["direction"]),
        (&json!("image"), &json!("image/jpeg"), &json!("ready"), &json!("outbound"))
    );
    assert_eq!((&first["sha256"], &first["size_bytes"]), (&json!(hash), &json!(bytes.len())));
    assert_eq!(first["filename"], "Grüße.jpg");
    assert_eq!(
        first["carried_by"],
        json!([{"provider": "twilio", "kind": "image"}, {"provider": "direct", "kind": "image"}])
    );
    assert!(first.get("notice").is_none() && first.get("expires_at").is_none(), "{first:#}");

    let lied = upload(caller, "b.png", "image/png", &bytes).await;
    assert_eq!(lied["mime_type"], "image/jpeg");
    assert!(lied["notice"].as_str().unwrap().contains("image/png"), "{lied:#}");
    assert_ne!(id(&first), id(&lied));
    assert_eq!(on_disk(&stage), std::slice::from_ref(&hash));

    let shown = caller.get(&format!("/api/v1/media/{}", id(&lied))).await.expect(200);
    assert_eq!((&shown["filename"], shown.get("notice")), (&json!("b.png"), None));
    let list = caller.get("/api/v1/media?kind=image&limit=1").await.expect(200);
    assert_eq!((list["data"][0]["id"].as_str(), list["next_cursor"].is_string()), (lied["id"].as_str(), true));
    assert_eq!(caller.get("/api/v1/media?direction=inbound").await.expect(200)["data"], json!([]));

    // The first of two media with the same bytes leaves them; the last takes them along.
    for (medium, left) in [(&first, vec![hash]), (&lied, vec![])] {
        assert_eq!(caller.delete(&format!("/api/v1/media/{}", id(medium))).await.status, 204);
        assert_eq!(on_disk(&stage), left);
        let shown = caller.get(&format!("/api/v1/media/{}", id(medium))).await.expect(200);
        assert_eq!((&shown["state"], shown.get("filename"), shown.get("sha256")), (&json!("gone"), None, None));
        caller.get(&format!("/api/v1/media/{}/content", id(medium))).await.problem(410, "gone");
        assert_eq!(caller.delete(&format!("/api/v1/media/{}", id(medium))).await.status, 204);
    }
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_no_provider_carries_is_refused_and_leaves_nothing(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let caller = &stage.sandbox;
    let mut sticker = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0".to_vec();
    sticker.extend([0, 0, 0, 0, 99, 0, 0, 99, 0, 0]);
    for (name, mime_type, bytes, code) in [
        ("a.jpg", "image/jpeg", b"GIF89a<script>alert(1)</script>".to_vec(), "unsupported"),
        ("a.jpg", "image/jpeg", b"MZ\x90\0\x03\0\0\0".to_vec(), "unsupported"),
        ("a.vcf", "text/vcard", b"BEGIN:VCARD\r\nEND:VCARD".to_vec(), "unsupported"),
        ("empty.txt", "text/plain", Vec::new(), "unsupported"),
        ("a.webp", "image/webp", sticker, "malformed"),
        ("large.png", "image/png", [png(), vec![0; 5 * 1024 * 1024]].concat(), "too_large"),
    ] {
        let refused = post_form(caller, &[Part::file(name, mime_type, &bytes)]).await.problem(422, "validation_failed");
        assert_eq!((&refused["errors"][0]["field"], &refused["errors"][0]["code"]), (&json!("file"), &json!(code)));
    }
    assert_eq!(on_disk(&stage), Vec::<String>::new());
    assert_eq!(caller.get("/api/v1/media").await.expect(200)["data"], json!([]));
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_provider_says_what_it_carries() {
    let stage = Stage::set(Database::Sqlite).await;
    let problems = async |name: &str, mime_type: &str, bytes: &[u8]| {
        let medium = upload(&stage.sandbox, name, mime_type, bytes).await;
        [0, 1].map(|n| medium["carried_by"][n].get("problem").map(|problem| problem.as_str().unwrap().to_owned()))
    };
    let [twilio, direct] = problems("a.txt", "text/plain", "Grüße".as_bytes()).await;
    assert!(twilio.unwrap().contains("text/plain") && direct.is_none());
    let [twilio, direct] = problems("a.ogg", "audio/ogg", &opus(2)).await;
    assert!(twilio.is_none() && direct.unwrap().contains("mono"));
    let [twilio, direct] = problems("a.pdf", "application/pdf", &[pdf(), vec![0; 17 * 1024 * 1024]].concat()).await;
    assert!(twilio.unwrap().contains("up to 16 MB, and this one has 18 MB") && direct.is_none());
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_has_one_file_and_perhaps_its_name() {
    let stage = Stage::set(Database::Sqlite).await;
    let caller = &stage.sandbox;
    let (file, bytes) = (png(), pdf());
    let picture = || Part::file("a.png", "image/png", &file);
    let complaint = async |parts: &[Part<'_>]| {
        let answer = post_form(caller, parts).await;
        let complaints = answer.complaints();
        answer.problem(422, "validation_failed");
        complaints
    };
    let one = |field: &str, code: &str| vec![(field.to_owned(), code.to_owned())];
    assert_eq!(complaint(&[Part::text("filename", "b.png")]).await, one("file", "required"));
    let second = Part::file("b.pdf", "application/pdf", &bytes);
    assert_eq!(complaint(&[picture(), second]).await, one("file", "duplicate"));
    assert_eq!(complaint(&[Part::text("caption", "x"), picture()]).await, one("caption", "unknown_field"));
    let long = "x".repeat(1_025);
    assert_eq!(complaint(&[picture(), Part::text("filename", &long)]).await, one("filename", "too_long"));
    for parts in [[Part::text("filename", "b.png"), picture()], [picture(), Part::text("filename", "b.png")]] {
        assert_eq!(post_form(caller, &parts).await.expect(201)["filename"], "b.png");
    }
    let json = caller.request(Method::POST, "/api/v1/media").json(&json!({}));
    caller.send(json).await.problem(415, "unsupported_media_type");
    let (content_type, mut body) = form(&[picture()]);
    body.truncate(body.len() - 30);
    let torn = caller.request(Method::POST, "/api/v1/media").header("content-type", content_type).body(body);
    caller.send(torn).await.problem(422, "validation_failed");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_has_a_limit_whatever_it_announces(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::with(database, &["--media-limit", "1"]).await;
    let caller = &stage.sandbox;
    let (content_type, body) =
        form(&[Part::file("a.pdf", "application/pdf", &[pdf(), vec![b'x'; 1024 * 1024]].concat())]);
    let request = || caller.request(Method::POST, "/api/v1/media").header("content-type", content_type.clone());
    caller.send(request().body(body.clone())).await.problem(413, "payload_too_large");
    // Without a length, only the bytes tell.
    let pieces: Vec<_> = body.chunks(10_000).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect();
    let streamed = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
    caller.send(request().body(streamed)).await.problem(413, "payload_too_large");
    assert_eq!(on_disk(&stage), Vec::<String>::new());
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_upload_with_a_key_makes_one_medium(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let caller = &stage.sandbox;
    let again = async |name: &str, bytes: &[u8]| {
        let (content_type, body) = form(&[Part::file(name, "image/jpeg", bytes)]);
        let request = caller.request(Method::POST, "/api/v1/media").header("content-type", content_type);
        caller.send(request.header("Idempotency-Key", "upload-1").body(body)).await
    };
    let first = again("a.jpg", &jpeg("one")).await.expect(201);
    assert_eq!(again("a.jpg", &jpeg("one")).await.expect(201), first);
    again("a.jpg", &jpeg("two")).await.problem(422, "idempotency_key_reused");
    again("b.jpg", &jpeg("one")).await.problem(422, "idempotency_key_reused");
    assert_eq!(caller.get("/api/v1/media").await.expect(200)["data"].as_array().unwrap().len(), 1);
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn another_workspace_and_a_lesser_key_see_nothing(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let medium = upload(&stage.sandbox, "a.jpg", "image/jpeg", &jpeg("one")).await;
    let path = format!("/api/v1/media/{}", id(&medium));
    for path in [path.clone(), format!("{path}/content")] {
        stage.live.get(&path).await.problem(404, "not_found");
        stage.app.nobody.get(&path).await.problem(401, "unauthenticated");
        stage.app.key(&["channels:read"]).await.get(&path).await.problem(403, "forbidden");
    }
    stage.live.delete(&path).await.problem(404, "not_found");
    let reader = stage.app.key(&["messages:read"]).await;
    reader.get(&path).await.expect(200);
    reader.delete(&path).await.problem(403, "forbidden");
    post_form(&reader, &[Part::file("a.png", "image/png", &png())]).await.problem(403, "forbidden");
    assert_eq!(stage.live.get("/api/v1/media").await.expect(200)["data"], json!([]));
    // A message of another workspace can't name it either, wherever media stand.
    let channel = super::stage::direct(7);
    stage.live.post("/api/v1/channels", channel).await.expect(201);
    let picture = json!({ "type": "image", "media_id": medium["id"] });
    let buttons = json!({ "type": "reply_buttons", "header": picture, "body": "Keep Friday 10:00?",
        "buttons": [{ "id": "keep", "title": "Keep" }] });
    for (content, field) in [(picture, "content.media_id"), (buttons, "content.header.media_id")] {
        let message = json!({ "to": "+447700900123", "provider": "direct", "content": content });
        let refused = stage.live.post("/api/v1/messages", message).await;
        assert_eq!(refused.complaints(), [(field.to_owned(), "not_found".to_owned())], "{:#}", refused.json);
        refused.problem(422, "validation_failed");
    }
    stage.strike().await;
}
