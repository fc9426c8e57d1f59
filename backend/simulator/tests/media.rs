//! Media of the direct provider: uploads, look-ups, bytes, links and resumable uploads.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, dead_code)]

mod support;

use duplex_simulator::{Pace, SimulatorConfig};
use reqwest::Method;
use serde_json::{Value, json};
use support::graph::{Graph, answer};
use support::http;

const PHOTO: &[u8] = include_bytes!("../samples/photo.jpg");
const VOICE: &[u8] = include_bytes!("../samples/voice.ogg");
const STICKER: &[u8] = include_bytes!("../samples/sticker.webp");
const CLIP: &[u8] = include_bytes!("../samples/clip.mp4");
const DOCUMENT: &[u8] = include_bytes!("../samples/document.pdf");

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_uploaded_looked_up_fetched_and_deleted() {
    let graph = Graph::start().await;
    let id = graph.uploaded("image/jpeg", "photo.jpg", PHOTO).await;
    let found = graph.get(&format!("{id}?phone_number_id={}", graph.number())).await.ok();
    assert_eq!((&found["mime_type"], &found["file_size"]), (&json!("image/jpeg"), &json!(PHOTO.len())));
    assert_eq!(found["sha256"].as_str().unwrap().len(), 64);

    let url = found["url"].as_str().unwrap();
    let fetch = |url: String, token: Option<String>| async move {
        let request = http().get(url);
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        request.send().await.unwrap()
    };
    let token = Some(graph.account.access_token.clone());
    let bytes = fetch(url.to_owned(), token.clone()).await;
    assert_eq!((bytes.status().as_u16(), &bytes.headers()["content-type"]), (200, &"image/jpeg".parse().unwrap()));
    assert_eq!(bytes.bytes().await.unwrap(), PHOTO);
    assert_eq!(fetch(url.to_owned(), None).await.status(), 401);
    assert_eq!(fetch(url.to_owned(), Some("wrong".to_owned())).await.status(), 401);
    // A URL cannot be given a longer life.
    let ext = url.split("ext=").nth(1).unwrap().split('&').next().unwrap();
    assert_eq!(fetch(url.replace(ext, "9999999999"), token.clone()).await.status(), 404);

    assert_eq!(graph.get(&format!("{id}?phone_number_id=1")).await.refusal(), (400, 100, 33));
    assert_eq!(graph.delete(&id).await.ok(), json!({ "success": true }));
    assert_eq!(graph.get(&id).await.refusal().1, 100);
    assert_eq!(fetch(url.to_owned(), token).await.status(), 404);
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_are_checked_by_their_bytes() {
    let graph = Graph::start().await;
    for (mime, name, bytes) in [
        ("audio/ogg; codecs=opus", "voice.ogg", VOICE),
        ("image/webp", "sticker.webp", STICKER),
        ("video/mp4", "clip.mp4", CLIP),
        ("application/pdf", "document.pdf", DOCUMENT),
        ("text/plain", "note.txt", "Grüße".as_bytes()),
    ] {
        assert_eq!(graph.upload(mime, name, bytes).await.status, 200, "{mime}");
    }
    let huge = [PHOTO, &vec![0; 5 << 20]].concat();
    let mut wide = STICKER.to_vec();
    let header = wide.windows(3).position(|bytes| bytes == b"VP8").unwrap();
    // Each of the three forms of WebP keeps its width within the 12 bytes after the head of its chunk.
    wide[header + 8..header + 20].fill(0x41);
    for (mime, bytes, code) in [
        ("image/gif", &b"GIF89a"[..], 100),
        ("image/png", PHOTO, 131_053),
        ("image/jpeg", b"not a picture", 131_053),
        ("image/jpeg", b"", 131_053),
        ("image/jpeg", &huge, 131_053),
        ("image/webp", &wide, 131_053),
    ] {
        assert_eq!(graph.upload(mime, "file", bytes).await.refusal().1, code, "{mime} of {} bytes", bytes.len());
    }
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_name_files_of_their_own_number() {
    let mut graph = Graph::start().await;
    let photo = graph.uploaded("image/jpeg", "photo.jpg", PHOTO).await;
    graph.send("image", json!({ "id": photo, "caption": "Front view" })).await.ok();
    graph.send("document", json!({ "id": photo, "filename": "front.jpg" })).await.ok();
    assert_eq!(graph.send("image", json!({ "id": "700000000000001" })).await.refusal(), (400, 131_009, 0));
    assert_eq!(
        graph.send("image", json!({ "id": photo, "link": "https://acme.example/1.jpg" })).await.refusal().1,
        131_009
    );
    assert_eq!(graph.send("image", json!({})).await.refusal().1, 131_008);
    assert_eq!(graph.send("audio", json!({ "id": photo, "caption": "x" })).await.refusal().1, 100);

    let other = graph.admin.create_direct(&Default::default()).await.unwrap();
    let frame =
        json!({ "messaging_product": "whatsapp", "to": "+447700900123", "type": "image", "image": { "id": photo } });
    let foreign = graph.request_as(&other.access_token, Method::POST, &format!("{}/messages", other.phone_number_id));
    assert_eq!(answer(foreign.json(&frame)).await.refusal().1, 131_009);

    // A picture is no film: that shows only later.
    graph.send("video", json!({ "id": photo })).await.ok();
    assert_eq!(graph.late_code().await, 131_053);
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_to_this_machine_are_fetched_and_others_trusted() {
    let mut graph = Graph::start().await;
    let id = graph.uploaded("image/jpeg", "photo.jpg", PHOTO).await;
    graph.send("image", json!({ "link": "https://acme.example/1.jpg" })).await.ok();
    // The receiver has no pictures, and the URL of the bytes wants a token.
    graph.send("image", json!({ "link": graph.receiver.url })).await.ok();
    assert_eq!(graph.late_code().await, 131_053);
    let url = graph.get(&id).await.ok()["url"].clone();
    graph.send("image", json!({ "link": url })).await.ok();
    assert_eq!(graph.late_code().await, 131_053);
    assert_eq!(graph.send("image", json!({ "link": "ftp://acme.example/1.jpg" })).await.refusal().1, 131_009);
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resumable_upload_goes_on_where_it_broke_off() {
    let graph = Graph::start().await;
    let app = graph.account.app_id.clone();
    let start = format!("{app}/uploads?file_name=photo.jpg&file_length={}&file_type=image/jpeg", PHOTO.len());
    let session = graph.post(&start, &Value::Null).await.ok()["id"].as_str().unwrap().to_owned();
    assert!(session.starts_with("upload:"));
    let send = |offset: usize, bytes: &'static [u8]| {
        let url = format!("{}/v25.0/{session}", graph.simulator.base_url());
        let token = format!("OAuth {}", graph.account.access_token);
        answer(http().post(url).header("authorization", token).header("file_offset", offset).body(bytes))
    };
    let (first, rest) = PHOTO.split_at(100);
    send(0, first).await.ok();
    assert_eq!(graph.get(&session).await.ok()["file_offset"], 100);
    assert_eq!(send(0, first).await.refusal().1, 100);
    let handle = send(100, rest).await.ok()["h"].as_str().unwrap().to_owned();
    assert!(handle.starts_with("4:"));
    assert_eq!(graph.get(&session).await.refusal().1, 100);

    let profile = format!("{}/whatsapp_business_profile", graph.number());
    let picture = json!({ "messaging_product": "whatsapp", "profile_picture_handle": handle });
    graph.post(&profile, &picture).await.ok();
    let shown = graph.get(&format!("{profile}?fields=profile_picture_url")).await.ok();
    let picture = http().get(shown["data"][0]["profile_picture_url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(picture.bytes().await.unwrap(), PHOTO);

    let wrong = format!("{app}/uploads?file_length=10&file_type=image/gif");
    assert_eq!(graph.post(&wrong, &Value::Null).await.refusal().1, 100);
    assert_eq!(graph.post("999/uploads?file_length=10&file_type=image/png", &Value::Null).await.refusal().1, 100);
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_and_the_state_of_accounts_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let config = || SimulatorConfig {
        data_dir: Some(folder.path().to_owned()),
        pace: Pace::IMMEDIATE,
        ..SimulatorConfig::default()
    };
    let graph = Graph::start_with(config()).await;
    let id = graph.uploaded("image/jpeg", "photo.jpg", PHOTO).await;
    let blocked = json!({ "health": { "WABA": { "can_send_message": "BLOCKED" } }, "quality_rating": "YELLOW" });
    graph.set_state(blocked).await;
    let account = graph.account;
    graph.simulator.stop().await;

    let (second, _) = support::start(config()).await;
    let look = http().get(format!("{}/v25.0/{id}", second.base_url())).bearer_auth(&account.access_token);
    let url = answer(look).await.ok()["url"].as_str().unwrap().to_owned();
    let bytes = http().get(url).bearer_auth(&account.access_token).send().await.unwrap();
    assert_eq!(bytes.bytes().await.unwrap(), PHOTO);
    let number = format!("{}/v25.0/{}", second.base_url(), account.phone_number_id);
    let shown = answer(http().get(number).bearer_auth(&account.access_token)).await.ok();
    let state = (&shown["quality_rating"], &shown["health_status"]["entities"][1]["can_send_message"]);
    assert_eq!(state, (&json!("YELLOW"), &json!("BLOCKED")));
    second.stop().await;
}
