//! Every endpoint that names a thing is tried with the id of another workspace's thing. The list comes from the API's own
//! description, so a new endpoint is tried without anybody thinking of it.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use crate::stage::{ADA, EVERYTHING, Stage, id_of};
use crate::support::Database;

#[tokio::test]
async fn ids_of_another_workspace_are_unknown() {
    let stage = Stage::on(Database::Sqlite, "direct").await;
    let message = stage.send(ADA, "mine").await;
    let story = stage.story(&message, "read").await;
    let key = stage.owner_key().await;
    let own: BTreeMap<&str, String> = BTreeMap::from([
        ("message_id", message),
        ("contact_id", story["contact_id"].as_str().unwrap().to_owned()),
        ("channel_id", story["channel_id"].as_str().unwrap().to_owned()),
        ("webhook_event_id", id_of(&story["webhooks"][0])),
        ("api_key_id", key),
    ]);
    let stranger = stage.app.key_in(&stage.app.live, EVERYTHING).await;
    let described: Value = serde_json::from_str(&duplex::http::openapi::json().unwrap()).unwrap();
    let mut tried = 0;
    for (path, item) in described["paths"].as_object().unwrap() {
        let Some(filled) = fill(path, &own) else { continue };
        for (method, operation) in item.as_object().unwrap() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let body = body_of(operation, &described);
            let call = |caller: &crate::support::api::Caller| caller.request(method.clone(), &filled).json(&body);
            let refused = stranger.send(call(&stranger)).await;
            assert_eq!(refused.status, 404, "{method} {path}: {:#}", refused.json);
            tried += 1;
        }
        // The path is a real one: its owner does not get 404.
        if item.get("get").is_some() {
            stage.program.get(&filled).await.expect(200);
        }
    }
    assert!(tried >= 8, "{tried} endpoints name a thing");
    stage.app.stop().await;
}

impl Stage {
    async fn owner_key(&self) -> String {
        let made = json!({ "name": "another", "scopes": ["messages:read"] });
        id_of(&self.program.post("/api/v1/api-keys", made).await.expect(201))
    }
}

/// The path with ids in place of its parameters; `None` when it names no thing of a workspace.
fn fill(path: &str, own: &BTreeMap<&str, String>) -> Option<String> {
    let mut filled = path.to_owned();
    for name in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
        if name == "provider" {
            return None;
        }
        let id = own.get(name).unwrap_or_else(|| panic!("{path}: make a {name} for this test"));
        filled = filled.replace(&format!("{{{name}}}"), id);
    }
    (filled != path).then_some(filled)
}

/// A body that passes the check of its form: the example of the description.
fn body_of(operation: &Value, described: &Value) -> Value {
    let content = &operation["requestBody"]["content"]["application/json"];
    if let Some(example) = content.get("example") {
        return example.clone();
    }
    if let Some(examples) = content["examples"].as_object() {
        return examples.values().next().unwrap()["value"].clone();
    }
    let name = content["schema"]["$ref"].as_str().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    described["components"]["schemas"][name]["examples"][0].clone()
}
