//! The console's files, as browsers ask for them.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use duplex::clock::SystemClock;
use duplex::config::Config;
use reqwest::Method;
use rstest::rstest;
use serde_json::json;
use tempfile::TempDir;

use crate::support::Database;
use crate::support::api::Answer;
use crate::support::app::TestApp;

const PAGE: &str = "<!doctype html><head><base href=\"/\" /><script src=\"./assets/app-1.js\"></script></head>";
const ONE_YEAR: &str = "public, max-age=31536000, immutable";

/// A console of a few files in a folder.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("index.html", PAGE),
        ("favicon.svg", "<svg/>"),
        ("site.webmanifest", "{}"),
        ("robots.txt", "User-agent: *"),
        ("assets/app-1.js", "plain"),
        ("assets/app-1.js.br", "brotli"),
        ("assets/app-1.js.gz", "gzip"),
        ("assets/app-1.css", "a{}"),
        ("assets/inter-1.woff2", "font"),
        ("assets/logo-1.png", "png"),
        ("assets/data-1.json", "{}"),
        (".vite/manifest.json", "{}"),
    ] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

async fn start(folder: &Path, settings: &[&str]) -> TestApp {
    let folder = folder.to_string_lossy().into_owned();
    let settings = [&["--console-dir", &folder], settings].concat();
    TestApp::start_with(Database::Sqlite, &settings, Arc::new(SystemClock)).await
}

async fn get(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = app.nobody.request(Method::GET, path);
    app.nobody.send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

#[tokio::test]
async fn every_place_in_the_console_is_its_page() {
    let folder = folder();
    let app = start(folder.path(), &[]).await;
    for path in ["/", "/index.html", "/messages", "/contacts/019a2b3c", "/people/jo.doe", "/messages?state=failed"] {
        let page = get(&app, path, &[]).await;
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        assert_eq!(page.header("cache-control"), Some("no-cache"), "{path}");
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'self'") && policy.contains("base-uri 'self'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(page.expect(200), PAGE, "{path}");
    }
    app.stop().await;
}

#[tokio::test]
async fn what_is_not_the_consoles_stays_a_problem() {
    let folder = folder();
    let app = start(folder.path(), &[]).await;
    for path in [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/nothing",
        "/api/v2/messages",
        "/%61pi/v2",
        "//api/v2",
        "/hooks",
        "/hooks/x",
        "/metrics",
        "/healthz/x",
        "/readyz/x",
        "/assets/app-2.js",
        "/assets/",
        "/nothing.png",
        "/favicon.ico",
        "/assets/app-1.js.br",
        "/assets/app-1.js.gz",
        "/.vite/manifest.json",
        "/%2evite/manifest.json",
        "/.env",
        "/assets/..%2findex.html",
    ] {
        get(&app, path, &[("accept", "text/html")]).await.problem(404, "not_found");
    }
    for path in ["/", "/messages", "/assets/app-1.js"] {
        app.nobody.post(path, json!({})).await.problem(404, "not_found");
        app.nobody.delete(path).await.problem(404, "not_found");
    }
    assert!(get(&app, "/docs/", &[]).await.expect(200).as_str().unwrap().contains("swagger-ui"));
    app.stop().await;
}

#[rstest]
#[case("/assets/app-1.js", "text/javascript; charset=utf-8", ONE_YEAR)]
#[case("/assets/app-1.css", "text/css; charset=utf-8", ONE_YEAR)]
#[case("/assets/inter-1.woff2", "font/woff2", ONE_YEAR)]
#[case("/assets/logo-1.png", "image/png", ONE_YEAR)]
#[case("/assets/data-1.json", "application/json", ONE_YEAR)]
#[case("/favicon.svg", "image/svg+xml", "no-cache")]
#[case("/site.webmanifest", "application/manifest+json", "no-cache")]
#[case("/robots.txt", "text/plain; charset=utf-8", "no-cache")]
#[tokio::test]
async fn files_say_what_they_are_and_how_long_they_last(#[case] path: &str, #[case] kind: &str, #[case] cache: &str) {
    let folder = folder();
    let app = start(folder.path(), &[]).await;
    let file = get(&app, path, &[]).await;
    assert_eq!((file.header("content-type"), file.header("cache-control")), (Some(kind), Some(cache)));
    file.expect(200);
    app.stop().await;
}

#[rstest]
#[case("gzip, deflate, br, zstd", Some("br"), "brotli")]
#[case("gzip", Some("gzip"), "gzip")]
#[case("br;q=0.1, gzip", Some("gzip"), "gzip")]
#[case("br;q=0", None, "plain")]
#[case("identity", None, "plain")]
#[tokio::test]
async fn a_file_comes_in_a_form_that_is_accepted(
    #[case] accept: &str,
    #[case] encoding: Option<&str>,
    #[case] text: &str,
) {
    let folder = folder();
    let app = start(folder.path(), &[]).await;
    let file = get(&app, "/assets/app-1.js", &[("accept-encoding", accept)]).await;
    assert_eq!(file.header("content-encoding"), encoding);
    assert_eq!(file.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(file.header("vary"), Some("Accept-Encoding"));
    assert_eq!(file.expect(200), text);
    // What has no such form comes as it is.
    let file = get(&app, "/assets/app-1.css", &[("accept-encoding", accept)]).await;
    assert_eq!(file.header("content-encoding"), None);
    assert_eq!(file.expect(200), "a{}");
    app.stop().await;
}

#[tokio::test]
async fn what_a_browser_has_is_not_sent_again() {
    let folder = folder();
    let app = start(folder.path(), &[]).await;
    for path in ["/", "/favicon.svg", "/assets/app-1.js"] {
        let first = get(&app, path, &[]).await;
        let tag = first.header("etag").unwrap().to_owned();
        assert!(tag.starts_with('"'), "strong: {tag}");
        for known in [tag.as_str(), &format!("\"other\", {tag}"), &format!("W/{tag}")] {
            let again = get(&app, path, &[("if-none-match", known)]).await;
            assert_eq!((again.header("etag"), again.header("vary")), (Some(tag.as_str()), Some("Accept-Encoding")));
            assert_eq!(again.header("cache-control"), first.header("cache-control"));
            assert_eq!(again.expect(304), "");
        }
        get(&app, path, &[("if-none-match", "\"other\"")]).await.expect(200);
    }
    let plain = get(&app, "/assets/app-1.js", &[]).await;
    let packed = get(&app, "/assets/app-1.js", &[("accept-encoding", "br")]).await;
    assert_ne!(plain.header("etag"), packed.header("etag"), "another form is another thing");

    let tag = get(&app, "/", &[]).await.header("etag").unwrap().to_owned();
    fs::write(folder.path().join("index.html"), "<!doctype html>new").unwrap();
    assert_eq!(get(&app, "/", &[("if-none-match", &tag)]).await.expect(200), "<!doctype html>new");
    app.stop().await;
}

#[tokio::test]
async fn head_tells_the_same_without_the_body() {
    let folder = folder();
    let app = start(folder.path(), &[]).await;
    for path in ["/", "/assets/app-1.js"] {
        let full = get(&app, path, &[]).await;
        let head = app.nobody.send(app.nobody.request(Method::HEAD, path)).await;
        for name in ["content-type", "content-length", "etag", "cache-control", "content-security-policy"] {
            assert_eq!(head.header(name), full.header(name), "{name}");
        }
        assert!(full.header("content-length").is_some());
        assert_eq!(head.expect(200), "");
    }
    app.stop().await;
}

#[tokio::test]
async fn the_page_works_below_a_path_prefix() {
    let folder = folder();
    let app = start(folder.path(), &["--public-url", "https://example.com/a&b/whatsapp/"]).await;
    // The proxy has taken the prefix away.
    let page = get(&app, "/messages", &[]).await.expect(200);
    assert_eq!(page, PAGE.replace("href=\"/\"", "href=\"/a&amp;b/whatsapp/\""));
    app.stop().await;
}

/// The program's own console, or how to get one: whichever there is where the tests run.
#[tokio::test]
async fn the_program_has_a_console_or_says_how_to_build_it() {
    let app = TestApp::start(Database::Sqlite).await;
    let page = get(&app, "/", &[]).await;
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let page = page.expect(200).as_str().unwrap().to_owned();
    match fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../frontend/dist/index.html")) {
        Ok(built) => assert_eq!(page, built),
        Err(_) => {
            assert!(page.contains("npm ci &amp;&amp; npm run build") && page.contains("href=\"/docs/\""), "{page}");
            get(&app, "/assets/app-1.js", &[]).await.problem(404, "not_found");
        }
    }
    app.stop().await;
}

#[test]
fn a_folder_without_a_console_stops_the_start() {
    let empty = tempfile::tempdir().unwrap();
    let refused = Config::from_args(["--console-dir".as_ref(), empty.path().as_os_str()]).unwrap_err();
    assert!(refused.to_string().contains("no index.html"), "{refused}");
}
