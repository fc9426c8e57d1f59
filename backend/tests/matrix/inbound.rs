use std::collections::BTreeSet;

use duplex::domain::inbound::kind::InboundKind;
use duplex::domain::provider::ProviderKind;
use duplex_simulator::Inbound;
use rstest::rstest;
use serde_json::json;

use crate::inbound_samples::{self, InboundSample};
use crate::outbound::told;
use crate::samples;
use crate::stage::{ADA, Stage, assert_holds};
use crate::support::Database;

#[rstest]
#[tokio::test]
async fn every_kind_comes_in_or_can_not_be_sent(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values(ProviderKind::Twilio, ProviderKind::Direct)] provider: ProviderKind,
) {
    let stage = Stage::on(database, provider).await;
    let first = stage.delivered(json!({"to": ADA, "content": {"type": "text", "body": "Hello"}})).await;
    let target = first["provider_message_id"].as_str().unwrap();
    let mut walked = BTreeSet::new();
    for kind in InboundKind::ALL {
        let sample = inbound_samples::of(*kind, provider, target);
        let offered = stage.can().hands_on(*kind).verdict.is_offered();
        if offered {
            comes_in(&stage, *kind, sample).await;
        } else {
            stays_out(&stage, *kind, sample, target).await;
        }
        walked.insert((kind.as_str().to_owned(), offered));
    }
    assert_eq!(walked, told(&stage, "inbound").await);
    stage.app.stop().await;
}

/// The phone sends it, and the API shows it as the kind that the matrix promises.
async fn comes_in(stage: &Stage, kind: InboundKind, sample: InboundSample) {
    let mut from = ADA;
    let mut pressed = None;
    if let Some(asked) = sample.answers {
        let question = samples::of(asked, stage, ("", "")).await;
        from = question.to;
        pressed = Some(stage.delivered(json!({"to": question.to, "content": question.content})).await);
    }
    let reply_to = pressed.as_ref().map(|story| story["provider_message_id"].as_str().unwrap().to_owned());
    let done = Inbound {
        from: Some(from.to_owned()),
        content: Some(sample.content),
        reply_to: reply_to.clone(),
        ..Inbound::default()
    };
    let id = stage.does(done).await;
    let received = stage.received(&id).await;
    let arrives_as = stage.can().hands_on(kind).arrives_as.unwrap_or(kind);
    assert_eq!(received["content"]["type"], json!(arrives_as), "{received:#}");
    assert_holds(&received["content"], &sample.shown);
    assert_eq!((&received["person"], &received["state"]), (&json!(from), &json!("received")), "{received:#}");
    if let Some(story) = pressed {
        assert_eq!((&received["reply_to"], &received["reply_to_id"]), (&json!(reply_to), &story["id"]), "{received:#}");
    }
}

/// What the provider is not known to hand on can't be sent from the phone either.
async fn stays_out(stage: &Stage, kind: InboundKind, sample: InboundSample, target: &str) {
    let tried = Inbound {
        sender: stage.sender.clone(),
        from: Some(ADA.to_owned()),
        content: Some(sample.content),
        reply_to: sample.answers.map(|_| target.to_owned()),
        ..Inbound::default()
    };
    let refused = stage.simulator.inbound(&tried).await;
    assert!(refused.is_err(), "{kind}: the matrix says that it does not come in, but the phone sends it");
}
