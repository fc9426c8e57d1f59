use rstest::rstest;
use serde_json::json;

use crate::stage::{ALONE, SHIPPED, Stage};
use crate::support::Database;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_matrix_says_what_could_move_and_at_what_price(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let shown = stage.program.get("/api/v1/failover/readiness?markets=Brazil,Germany").await.expect(200);
    assert_eq!(shown["mode"], "manual");
    let way = shown["ways"].as_array().unwrap().iter().find(|way| way["to_provider"] == "twilio").unwrap().clone();
    assert_eq!((&way["from_channel_id"], &way["to_channel_id"]), (&json!(stage.direct), &json!(stage.twilio)));
    assert_eq!(way["fee_difference"], json!({ "micros": 5_000, "currency": "USD" }));
    let of = |name: &str| way["templates"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap().clone();
    let ready = of(SHIPPED);
    assert_eq!((&ready["ready"], &ready["backup_status"]), (&json!(true), &json!("approved")), "{ready:#}");
    assert_eq!(ready["prices"][0]["difference"]["micros"], 5_000);
    assert_eq!(ready["prices"][1]["own"]["micros"], 55_000);
    let alone = of(ALONE);
    assert_eq!((&alone["ready"], &alone["obstacle"]["code"]), (&json!(false), &json!("template_not_ready")));
    let refused = stage.program.get("/api/v1/failover/readiness?markets=Atlantis").await;
    assert_eq!((refused.status, refused.complaints()[0].0.as_str()), (422, "markets"));
    stage.app.stop().await;
}
