use std::collections::BTreeSet;

use duplex::domain::content::Kind;
use duplex::domain::provider::ProviderKind;
use rstest::rstest;
use serde_json::{Value, json};

use crate::samples::{self, Sample};
use crate::stage::{ADA, Stage, assert_holds};
use crate::support::Database;

#[rstest]
#[tokio::test]
async fn every_kind_goes_out_or_is_refused(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values(ProviderKind::Twilio, ProviderKind::Direct)] provider: ProviderKind,
) {
    let stage = Stage::on(database, provider).await;
    let target = stage.hello_from(ADA).await;
    let known = stage.program.get(&format!("/api/v1/messages/{target}")).await.expect(200);
    let known = known["provider_message_id"].as_str().unwrap().to_owned();
    let mut walked = BTreeSet::new();
    for kind in Kind::ALL {
        let sample = samples::of(*kind, &stage, (&target, &known)).await;
        let offered = stage.can().carries(*kind).verdict.is_offered();
        if offered {
            goes_out(&stage, *kind, sample).await;
        } else {
            is_refused(&stage, *kind, sample).await;
        }
        walked.insert((kind.as_str().to_owned(), offered));
    }
    assert_eq!(walked, told(&stage, "outbound").await);
    stage.app.stop().await;
}

/// The kinds of one direction as the API tells them, and whether they are offered.
pub async fn told(stage: &Stage, direction: &str) -> BTreeSet<(String, bool)> {
    let capabilities = stage.told().await;
    let cells = capabilities[direction].as_array().unwrap();
    let of = |cell: &Value| {
        let offered = matches!(cell["verdict"].as_str().unwrap(), "yes" | "partly");
        (cell["kind"].as_str().unwrap().to_owned(), offered)
    };
    cells.iter().map(of).collect()
}

/// It is sent, accepted and delivered, and the phone shows what was said.
async fn goes_out(stage: &Stage, kind: Kind, sample: Sample) {
    let message = json!({"to": sample.to, "content": sample.content});
    let queued = stage.post(message).await.expect(202);
    // Meta reports no delivery of reactions (direct.md §2.3).
    let last = if kind == Kind::Reaction { "sent_at" } else { "delivered_at" };
    let story = stage.reached(queued["id"].as_str().unwrap(), last).await;
    assert!(story["accepted_at"].is_string() && story.get("failure").is_none(), "{story:#}");
    assert_eq!(story["tries"].as_array().unwrap().len(), 1, "{kind}");
    assert_eq!(story["content"]["type"], json!(kind));
    let phone = stage.on_phone(sample.to, &story["provider_message_id"]).await;
    assert_holds(&serde_json::to_value(&phone.content).unwrap(), &sample.shown);
}

/// It is refused before anything is sent, and the sentence says what to use instead.
async fn is_refused(stage: &Stage, kind: Kind, sample: Sample) {
    let before = stage.accepted().await;
    let refused = stage.post(json!({"to": sample.to, "content": sample.content})).await;
    assert_eq!(refused.complaints(), [("content.type".to_owned(), "unsupported".to_owned())], "{kind}");
    let problem = refused.problem(422, "content_unsupported");
    let cell = stage.can().carries(kind);
    let sentence = problem["errors"][0]["message"].as_str().unwrap();
    assert!(sentence.starts_with(cell.note) && sentence.contains(cell.instead.unwrap().note), "{sentence}");
    assert_eq!(stage.accepted().await, before, "{kind}");
}
