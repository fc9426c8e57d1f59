//! The bytes of media: to whom, as what, and which part.

use std::collections::BTreeMap;

use reqwest::Method;
use rstest::rstest;

use super::stage::Stage;
use crate::support::Database;
use crate::support::api::Caller;
use crate::support::files::{jpeg, pdf, upload};

struct Given {
    status: u16,
    headers: BTreeMap<String, String>,
    bytes: Vec<u8>,
}

impl Given {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

async fn ask(caller: &Caller, method: Method, path: &str, headers: &[(&str, &str)]) -> Given {
    let request =
        headers.iter().fold(caller.request(method, path), |request, (name, value)| request.header(*name, *value));
    let answer = request.send().await.unwrap();
    let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap().to_owned();
    Given {
        status: answer.status().as_u16(),
        headers: answer.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        bytes: answer.bytes().await.unwrap().to_vec(),
    }
}

async fn get(caller: &Caller, path: &str, headers: &[(&str, &str)]) -> Given {
    ask(caller, Method::GET, path, headers).await
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn bytes_come_whole_and_in_parts(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let caller = &stage.sandbox;
    let bytes = jpeg(&"0123456789".repeat(20_000));
    let medium = upload(caller, "a.jpg", "image/jpeg", &bytes).await;
    let path = format!("/api/v1/media/{}/content", medium["id"].as_str().unwrap());

    let whole = get(caller, &path, &[]).await;
    assert_eq!((whole.status, &whole.bytes), (200, &bytes));
    assert_eq!(whole.header("content-length"), bytes.len().to_string());
    assert_eq!((whole.header("content-type"), whole.header("accept-ranges")), ("image/jpeg", "bytes"));
    let tag = whole.header("etag").to_owned();
    assert_eq!(tag, format!("\"{}\"", medium["sha256"].as_str().unwrap()));

    let part = get(caller, &path, &[("range", "bytes=100-199"), ("if-range", &tag)]).await;
    assert_eq!((part.status, part.bytes.as_slice()), (206, &bytes[100..200]));
    assert_eq!(part.header("content-range"), format!("bytes 100-199/{}", bytes.len()));
    let tail = get(caller, &path, &[("range", "bytes=-5")]).await;
    assert_eq!((tail.status, tail.bytes.as_slice()), (206, &bytes[bytes.len() - 5..]));
    let beyond = get(caller, &path, &[("range", "bytes=9999999-")]).await;
    assert_eq!((beyond.status, beyond.header("content-range")), (416, format!("bytes */{}", bytes.len()).as_str()));
    // The part of a file that is no longer the same is of no use.
    let stale = get(caller, &path, &[("range", "bytes=0-1"), ("if-range", "\"another\"")]).await;
    assert_eq!((stale.status, stale.bytes.len()), (200, bytes.len()));
    let known = get(caller, &path, &[("if-none-match", &tag)]).await;
    assert_eq!((known.status, known.bytes.len(), known.header("etag")), (304, 0, tag.as_str()));
    // Compressed, the ranges would be those of other bytes.
    let packed = get(caller, &path, &[("range", "bytes=0-9"), ("accept-encoding", "gzip")]).await;
    assert_eq!((packed.status, packed.bytes.as_slice()), (206, &bytes[..10]));
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_a_file_may_act_on_our_origin() {
    let stage = Stage::set(Database::Sqlite).await;
    let caller = &stage.sandbox;
    let page = "<!doctype html><script>alert(document.cookie)</script>".as_bytes();
    let (picture, document) = (jpeg("one"), pdf());
    for (name, mime_type, bytes, shown, saved_as) in [
        ("a.jpg", "image/jpeg", picture.as_slice(), true, "a.jpg"),
        ("a.pdf", "application/pdf", document.as_slice(), false, "a.pdf"),
        ("page.html", "text/html", page, false, "page.html.txt"),
        ("../../x.svg", "image/svg+xml", page, false, "_.._x.svg.txt"),
    ] {
        let medium = upload(caller, name, mime_type, bytes).await;
        let path = format!("/api/v1/media/{}/content", medium["id"].as_str().unwrap());
        for (path, inline) in [(path.clone(), false), (format!("{path}?inline=true"), shown)] {
            let given = get(caller, &path, &[]).await;
            let disposition = if inline { "inline" } else { "attachment" };
            assert_eq!(
                given.header("content-disposition"),
                format!("{disposition}; filename=\"{saved_as}\""),
                "{path}"
            );
            assert_eq!(given.header("x-content-type-options"), "nosniff");
            assert_eq!(given.header("content-security-policy"), "default-src 'none'; sandbox");
            assert_eq!(given.header("cache-control"), "private, no-cache");
            assert!(!given.header("content-type").contains("html") && !given.header("content-type").contains("svg"));
        }
    }
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_survive_the_header_they_stand_in() {
    let stage = Stage::set(Database::Sqlite).await;
    let caller = &stage.sandbox;
    let parts = [
        crate::support::files::Part::text("filename", "Grüße\r\nX: \"1\" \u{202e}fdp.exe"),
        crate::support::files::Part::file("a.pdf", "application/pdf", b"%PDF-1.7"),
    ];
    let medium = crate::support::files::post_form(caller, &parts).await.expect(201);
    let given = get(caller, &format!("/api/v1/media/{}/content", medium["id"].as_str().unwrap()), &[]).await;
    assert_eq!(
        given.header("content-disposition"),
        "attachment; filename=\"Gr__eX_ _1_ fdp.exe.pdf\"; filename*=UTF-8''Gr%C3%BC%C3%9FeX_%20_1_%20fdp.exe.pdf"
    );
    assert!(!given.headers.contains_key("x"));
    stage.strike().await;
}
