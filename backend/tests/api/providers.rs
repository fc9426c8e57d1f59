//! The facts about the providers.

use serde_json::Value;

use super::stage::Stage;
use crate::support::Database;

#[tokio::test(flavor = "multi_thread")]
async fn the_providers_stand_side_by_side() {
    let stage = Stage::set(Database::Sqlite).await;
    let catalog = stage.sandbox.get("/api/v1/providers").await.expect(200);
    let ids: Vec<_> = catalog["data"].as_array().unwrap().iter().map(|provider| &provider["id"]).collect();
    assert_eq!(ids, ["twilio", "direct"]);
    for row in catalog["rows"].as_array().unwrap() {
        for provider in ["twilio", "direct"] {
            let cell = &row[provider];
            assert!(cell["source"].is_string() && cell["checked_on"].is_string(), "{row:#}");
        }
    }
    for provider in catalog["data"].as_array().unwrap() {
        for direction in ["outbound", "inbound"] {
            for cell in provider["capabilities"][direction].as_array().unwrap() {
                let row = format!("{direction}.{}", cell["kind"].as_str().unwrap());
                let rows = catalog["rows"].as_array().unwrap();
                let row = rows.iter().find(|one| one["key"] == row.as_str()).unwrap();
                let told = &row[provider["id"].as_str().unwrap()];
                for member in ["verdict", "note", "source", "checked_on"] {
                    assert_eq!(told[member], cell[member], "{row:#}");
                }
            }
        }
        assert!(provider["form"].as_array().unwrap().iter().all(|field| field["kind"].is_string()));
    }
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_to_copy_are_the_workspaces_own() {
    let stage = Stage::set(Database::Sqlite).await;
    let here = stage.app.app().url("/hooks/twilio/{channel_id}");
    let shown = stage.sandbox.get("/api/v1/providers/twilio").await.expect(200);
    let copies = |provider: &Value| -> Vec<String> {
        let form = provider["form"].as_array().unwrap().clone();
        form.iter().filter_map(|field| field["template"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(copies(&shown), [here]);
    stage.sandbox.get("/api/v1/providers/pigeon").await.problem(400, "invalid_parameter");
    stage.strike().await;
}
