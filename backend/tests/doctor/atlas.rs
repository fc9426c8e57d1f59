//! The error atlas: every code explained, found by words, page by page.

use serde_json::Value;

use crate::stage::Stage;
use crate::support::Database;

async fn all(stage: &Stage, query: &str) -> Vec<Value> {
    let mut codes = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/error-codes?limit=100{query}{cursor}");
        let page = stage.program().get(&path).await.expect(200);
        codes.extend(page["data"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return codes,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_code_is_explained() {
    let stage = Stage::set(Database::Sqlite).await;
    let codes = all(&stage, "").await;
    assert!(codes.len() > 200, "{}", codes.len());
    let mut places: Vec<_> = codes.iter().map(|code| (code["provider"].to_string(), code["code"].as_u64())).collect();
    let count = places.len();
    places.dedup();
    assert_eq!(places.len(), count, "none comes twice");
    for code in &codes {
        for sentence in ["cause", "advice", "failover_note"] {
            assert!(code[sentence].as_str().is_some_and(|text| text.ends_with('.')), "{sentence}: {code:#}");
        }
        for reaction in ["at_once", "late"] {
            assert!(code[reaction]["action"].is_string() && code[reaction]["note"].is_string(), "{code:#}");
        }
        for word in ["failure", "failover", "actor", "source", "checked_on"] {
            assert!(code[word].is_string(), "{word}: {code:#}");
        }
    }
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_found_by_number_and_by_words() {
    let stage = Stage::set(Database::Sqlite).await;
    let window = stage.program().get("/api/v1/error-codes/direct/131047").await.expect(200);
    assert_eq!(
        (window["failure"].as_str(), window["at_once"]["action"].as_str()),
        (Some("window_closed"), Some("fails"))
    );
    let run = stage.program().get("/api/v1/error-codes/twilio/11205").await.expect(200);
    assert_eq!((run["code"].as_u64(), run["last_code"].as_u64()), (Some(11_200), Some(11_237)));
    let ambiguous = stage.program().get("/api/v1/error-codes/twilio/20500").await.expect(200);
    assert_eq!(ambiguous["at_once"]["action"], "looks_for_evidence");
    assert_eq!(ambiguous["late"]["action"], "retries");
    stage.program().get("/api/v1/error-codes/direct/999999").await.problem(404, "not_found");
    stage.program().get("/api/v1/error-codes/pigeon/1").await.problem(400, "invalid_parameter");

    let found = all(&stage, "&provider=twilio&query=sandbox%20joined").await;
    assert_eq!(found.iter().map(|code| code["code"].as_u64().unwrap()).collect::<Vec<_>>(), [63_015]);
    assert!(all(&stage, "&query=no+such+words+anywhere").await.is_empty());
    for wrong in ["cursor=1", "cursor=direct-x", "limit=0", "provider=pigeon"] {
        stage.program().get(&format!("/api/v1/error-codes?{wrong}")).await.problem(400, "invalid_parameter");
    }
    let reader = stage.app.key(&["messages:read"]).await;
    reader.get("/api/v1/error-codes").await.problem(403, "forbidden");
    stage.strike().await;
}
