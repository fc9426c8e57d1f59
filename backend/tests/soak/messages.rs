//! All messages as the API shows them.

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::Value;

use super::support::api::Caller;

/// Stories read at the same time.
const AT_ONCE: usize = 8;
/// Of the messages that simply arrived, how many stories are read, in about.
const SAMPLE: usize = 200;

/// The messages to all people.
#[derive(Default)]
pub struct Messages {
    pub by_person: BTreeMap<String, Value>,
    /// Ids of messages to people who have one already.
    pub surplus: Vec<String>,
    /// The whole story of each message that did not simply arrive, and of some that did.
    pub stories: BTreeMap<String, Value>,
}

impl Messages {
    pub async fn read(gateway: &Caller, mut dice: StdRng) -> Self {
        let mut messages = Self::default();
        let mut path = "/api/v1/messages?limit=200".to_owned();
        loop {
            let page = gateway.get(&path).await.expect(200);
            for message in page["data"].as_array().expect("a list") {
                let person = message["person"].as_str().expect("a person").to_owned();
                if let Some(other) = messages.by_person.insert(person, message.clone()) {
                    messages.surplus.push(other["id"].to_string());
                }
            }
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/api/v1/messages?limit=200&cursor={cursor}");
        }
        let share = (SAMPLE as f64 / messages.by_person.len().max(1) as f64).min(1.0);
        let wanted: Vec<(String, String)> = messages
            .by_person
            .iter()
            .filter(|(_, message)| {
                let (state, attempts) = (message["state"].as_str(), message["attempts"].as_u64());
                matches!(state, Some("unknown" | "failed")) || attempts != Some(1) || dice.random_bool(share)
            })
            .map(|(person, message)| (person.clone(), message["id"].as_str().expect("an id").to_owned()))
            .collect();
        let stories = stream::iter(wanted).map(async |(person, id)| {
            let mut story = gateway.get(&format!("/api/v1/messages/{id}")).await.expect(200);
            // They are long, and their effect stands in the rest.
            story["webhooks"] = Value::Null;
            (person, story)
        });
        messages.stories = stories.buffer_unordered(AT_ONCE).collect().await;
        // Evidence may have come in between; then it is the story that counts.
        for (person, story) in &messages.stories {
            messages.by_person.insert(person.clone(), story.clone());
        }
        messages
    }

    /// How many messages are in each state.
    pub fn states(&self) -> BTreeMap<&str, usize> {
        let mut states = BTreeMap::new();
        for message in self.by_person.values() {
            *states.entry(message["state"].as_str().unwrap_or_default()).or_default() += 1;
        }
        states
    }
}
