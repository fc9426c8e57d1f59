//! The feed in pages, and as a stream.

use reqwest::{Method, Response};
use rstest::rstest;
use serde_json::{Value, json};

use super::stage::{Stage, twilio};
use crate::support::Database;
use crate::support::api::Caller;

/// An open stream and what of it has not been looked at.
struct Stream {
    response: Response,
    text: String,
}

impl Stream {
    async fn open(caller: &Caller, query: &str, last_id: Option<&str>) -> Self {
        let mut request = caller.request(Method::GET, &format!("/api/v1/events/stream{query}"));
        if let Some(id) = last_id {
            request = request.header("Last-Event-ID", id);
        }
        let response = request.header("Accept-Encoding", "gzip").send().await.expect("the stream opens");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_ne!(response.headers().get("content-encoding").map(|value| value.as_bytes()), Some(b"gzip".as_slice()));
        let mut stream = Self { response, text: String::new() };
        assert_eq!(stream.block().await.as_deref(), Some("retry: 3000"));
        stream
    }

    /// The next block of lines; `None` at the stream's end.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(block);
            }
            let chunk = self.response.chunk().await.ok().flatten()?;
            self.text.push_str(std::str::from_utf8(&chunk).expect("the stream is text"));
        }
    }

    /// Name, id and data of the next event; comments are passed over.
    async fn event(&mut self) -> (Option<String>, Option<i64>, Value) {
        loop {
            let block = self.block().await.expect("the stream goes on");
            if block.starts_with(':') {
                continue;
            }
            let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
            let data = serde_json::from_str(field("data").expect("an event has data")).expect("its data is JSON");
            return (field("event").map(str::to_owned), field("id").map(|id| id.parse().expect("a place")), data);
        }
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_feed_is_read_in_pages(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    for n in 1..=5 {
        stage.live.post("/api/v1/channels", twilio(n)).await.expect(201);
    }
    let (mut after, mut seen) = (0, Vec::new());
    loop {
        let page = stage.live.get(&format!("/api/v1/events?after={after}&limit=2")).await.expect(200);
        assert_eq!((page["head"].as_i64(), page["reset"].as_bool()), (Some(5), Some(false)));
        let entries = page["data"].as_array().unwrap();
        seen.extend(entries.iter().map(|event| event["seq"].as_i64().unwrap()));
        after = page["next_after"].as_i64().unwrap();
        if entries.is_empty() {
            break;
        }
    }
    assert_eq!(seen, [1, 2, 3, 4, 5]);

    let beyond = stage.live.get("/api/v1/events?after=6").await.expect(200);
    assert_eq!(beyond, json!({ "data": [], "next_after": 5, "head": 5, "reset": true }));
    stage.live.get("/api/v1/events?after=-1").await.problem(400, "invalid_parameter");
    stage.live.get("/api/v1/events?limit=1001").await.problem(400, "invalid_parameter");
    // The other workspace has a feed of its own.
    let other = stage.sandbox.get("/api/v1/events").await.expect(200);
    assert!(other["data"].as_array().unwrap().iter().all(|event| event["data"]["name"] != "Twilio 1"));
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_replays_and_then_follows(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    for n in 1..=2 {
        stage.live.post("/api/v1/channels", twilio(n)).await.expect(201);
    }
    // A reconnecting browser sends the id; it goes before the address it was opened with.
    let mut stream = Stream::open(&stage.live, "?after=0", Some("1")).await;
    let (name, id, entry) = stream.event().await;
    assert_eq!((name, id), (None, Some(2)));
    assert_eq!((entry["type"].as_str(), entry["data"]["name"].as_str()), (Some("channel.created"), Some("Twilio 2")));

    stage.live.post("/api/v1/channels", twilio(3)).await.expect(201);
    assert_eq!(stream.event().await.1, Some(3));

    // As `EventSource` opens it: the workspace stands in the query.
    let mut fresh = Stream::open(&stage.sandbox, "", None).await;
    stage.sandbox.post("/api/v1/channels", twilio(4)).await.expect(201);
    // The sandbox looks at its own templates meanwhile, and tells of them.
    let mut entry = fresh.event().await.2;
    while entry["type"] != "channel.created" {
        entry = fresh.event().await.2;
    }
    assert_eq!(entry["data"]["name"], "Twilio 4", "only what is new");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_place_resets(#[values("7", "not a place", "-1")] id: &str) {
    let stage = Stage::set(Database::Sqlite).await;
    stage.live.post("/api/v1/channels", twilio(1)).await.expect(201);
    let mut stream = Stream::open(&stage.live, "", Some(id)).await;
    assert_eq!(stream.event().await, (Some("reset".to_owned()), Some(1), json!({ "head": 1 })));
    stage.live.post("/api/v1/channels", twilio(2)).await.expect(201);
    assert_eq!(stream.event().await.1, Some(2), "it goes on from the head");
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_the_program() {
    let stage = Stage::set(Database::Sqlite).await;
    let mut stream = Stream::open(&stage.live, "", None).await;
    let ended = tokio::spawn(async move {
        let last = stream.event().await;
        (last, stream.block().await)
    });
    stage.strike().await;
    let (last, after) = ended.await.unwrap();
    assert_eq!(last, (Some("end".to_owned()), None, json!({ "reason": "shutdown" })));
    assert_eq!(after, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_its_credential() {
    let stage = Stage::set(Database::Sqlite).await;
    let key = json!({ "name": "listener", "scopes": ["events:read"] });
    let key = stage.live.post("/api/v1/api-keys", key).await.expect(201);
    let listener = stage.live.with_key(key["secret"].as_str().unwrap());
    let mut of_key = Stream::open(&listener, "", None).await;
    let mut of_session = Stream::open(&stage.live, "", None).await;
    let path = format!("/api/v1/api-keys/{}", key["id"].as_str().unwrap());
    stage.live.delete(&path).await.expect(200);
    assert!(stage.live.delete("/api/v1/session").await.status < 300);
    for stream in [&mut of_key, &mut of_session] {
        let (name, _, data) = stream.event().await;
        assert_eq!((name.as_deref(), data), (Some("end"), json!({ "reason": "credential" })));
    }
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_needs_the_scope() {
    let stage = Stage::set(Database::Sqlite).await;
    let key = json!({ "name": "sender", "scopes": ["messages:write"] });
    let key = stage.live.post("/api/v1/api-keys", key).await.expect(201);
    let sender = stage.live.with_key(key["secret"].as_str().unwrap());
    sender.get("/api/v1/events/stream").await.problem(403, "forbidden");
    sender.get("/api/v1/events").await.problem(403, "forbidden");
    stage.strike().await;
}
