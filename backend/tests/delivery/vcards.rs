//! Contact cards: a file that Twilio fetches, and nothing of the kind at direct.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use duplex::channels::LoadedChannel;
use duplex::channels::preparation::{HostedFile, NotHosted, Preparation, VCardHost};
use duplex::domain::failure::FailureCode;
use duplex::domain::ids::{AttemptId, MessageId};
use duplex::outbox::vcards::VCards;
use duplex::providers::{Outbound, Prepared, Verdict};
use rstest::rstest;
use serde_json::{Value, json};
use url::Url;

use crate::stage::{ADA, Stage};
use crate::support::Database;

/// Keeps what it is given, or refuses it.
struct Shelf {
    files: Mutex<Vec<HostedFile>>,
    full: bool,
}

impl Shelf {
    fn new(full: bool) -> Arc<Self> {
        Arc::new(Self { files: Mutex::default(), full })
    }
}

#[async_trait]
impl VCardHost for Shelf {
    async fn host(&self, channel: &LoadedChannel, file: HostedFile) -> Result<Url, NotHosted> {
        if self.full {
            return Err(NotHosted("no room".into()));
        }
        let url = channel.public_base.join(&format!("/m/1/2/3/{}", file.filename)).unwrap();
        self.files.lock().unwrap().push(file);
        Ok(url)
    }
}

fn outbound(content: Value) -> Outbound {
    Outbound {
        attempt: AttemptId::new(),
        message: MessageId::new(),
        to: ADA.parse().unwrap(),
        content: serde_json::from_value(content).unwrap(),
        reply_to: None,
        validity: None,
        prepared: Prepared::default(),
    }
}

fn batch() -> [Outbound; 2] {
    let card = json!({ "name": { "formatted_name": "Ada Byron", "first_name": "Ada" }, "phones": [{ "phone": "+447700900456" }] });
    [outbound(json!({ "type": "contacts", "contacts": [card] })), outbound(json!({ "type": "text", "body": "x" }))]
}

#[rstest]
#[case::twilio("twilio", 1)]
#[case::direct("direct", 0)]
#[tokio::test]
async fn cards_are_hosted_where_the_provider_fetches_them(#[case] provider: &'static str, #[case] files: usize) {
    let stage = Stage::on(Database::Sqlite, provider).await;
    let (channel, shelf, mut batch) = (stage.loaded().await, Shelf::new(false), batch());
    let host: Arc<dyn VCardHost> = shelf.clone();
    assert_eq!(VCards::new(host).prepare(&channel, &mut batch).await, Vec::new());
    let hosted = shelf.files.lock().unwrap().clone();
    assert_eq!(hosted.len(), files);
    assert_eq!(batch[0].prepared.vcard.is_some(), provider == "twilio");
    assert_eq!(batch[1].prepared, Prepared::default());
    for file in hosted {
        assert_eq!((file.mime_type, file.filename), ("text/vcard", "contacts.vcf"));
        assert!(file.valid_for > Duration::from_secs(36_000), "it outlives Twilio's queue");
        assert!(String::from_utf8(file.bytes).unwrap().contains("\r\nTEL:+447700900456\r\n"));
    }
    stage.app.stop().await;
}

#[tokio::test]
async fn cards_that_cannot_be_hosted_are_not_sent() {
    let stage = Stage::on(Database::Sqlite, "twilio").await;
    let channel = stage.loaded().await;
    let full: Arc<dyn VCardHost> = Shelf::new(true);
    let mut batch = batch();
    let refused = VCards::new(full).prepare(&channel, &mut batch).await;
    assert_eq!(refused.len(), 1);
    assert_eq!((refused[0].0, refused[0].1.verdict), (batch[0].attempt, Verdict::Retry { after: None }));
    assert_eq!(refused[0].1.failure.code, FailureCode::MediaUnusable);
    stage.app.stop().await;
}
