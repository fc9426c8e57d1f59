//! The program that sends: asks for each message until it has an answer, with the same key, from whichever node lives.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::plan::{Plan, chance, person};
use super::support::api::Caller;

const BETWEEN_REQUESTS: Duration = Duration::from_millis(20);

/// What was asked for, and what the API said.
#[derive(Default)]
pub struct Asked {
    /// The id of the message to each person, by the person's place.
    pub ids: Vec<String>,
    /// Requests whose answer was lost or was none, and that were repeated.
    pub unanswered: usize,
    /// Requests that were repeated although they had been answered.
    pub repeated: usize,
}

pub struct Driver {
    plan: Plan,
    living: watch::Receiver<Vec<Caller>>,
    seen: watch::Receiver<usize>,
    dice: Mutex<StdRng>,
    next: AtomicUsize,
    unanswered: AtomicUsize,
    repeated: AtomicUsize,
}

impl Driver {
    pub fn new(plan: &Plan, living: watch::Receiver<Vec<Caller>>, seen: watch::Receiver<usize>) -> Arc<Self> {
        let dice = Mutex::new(plan.dice("driver"));
        let (next, unanswered, repeated) = Default::default();
        Arc::new(Self { plan: *plan, living, seen, dice, next, unanswered, repeated })
    }

    /// Asks for every message, and ends when each has been taken.
    pub async fn drive(self: Arc<Self>) -> Asked {
        let callers: Vec<_> = (0..self.plan.callers).map(|_| tokio::spawn(Arc::clone(&self).call())).collect();
        let mut taken = Vec::new();
        for caller in callers {
            taken.extend(caller.await.expect("it asks until the end"));
        }
        taken.sort();
        Asked {
            ids: taken.into_iter().map(|(_, id)| id).collect(),
            unanswered: self.unanswered.load(Ordering::Relaxed),
            repeated: self.repeated.load(Ordering::Relaxed),
        }
    }

    async fn call(self: Arc<Self>) -> Vec<(usize, String)> {
        let mut taken = Vec::new();
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.plan.messages {
                return taken;
            }
            self.not_too_far_ahead(number).await;
            let id = self.ask_until_answered(number).await;
            if self.roll(|dice| dice.random_bool(chance::REPEATED)) {
                self.repeated.fetch_add(1, Ordering::Relaxed);
                assert_eq!(self.ask_until_answered(number).await, id, "the same key gives the same message");
            }
            taken.push((number, id));
        }
    }

    /// So that there is something to enqueue at each death. What a death keeps from the wire must not stop this, hence the limit.
    async fn not_too_far_ahead(&self, number: usize) {
        let mut seen = self.seen.clone();
        let close = seen.wait_for(|seen| seen + self.plan.ahead > number);
        let _ = tokio::time::timeout(Duration::from_secs(2), close).await;
    }

    async fn ask_until_answered(&self, number: usize) -> String {
        let mut living = self.living.clone();
        loop {
            if let Some(id) = self.ask(number).await {
                return id;
            }
            self.unanswered.fetch_add(1, Ordering::Relaxed);
            // Whoever comes to life can answer; else somebody may by then.
            let _ = tokio::time::timeout(BETWEEN_REQUESTS, living.changed()).await;
        }
    }

    /// The message's id, if the API gives one.
    async fn ask(&self, number: usize) -> Option<String> {
        let living = self.living.borrow().clone();
        let node = self.roll(|dice| living.choose(dice).cloned())?;
        let provider = if number.is_multiple_of(2) { "direct" } else { "twilio" };
        let body = json!({
            "to": person(number),
            "provider": provider,
            "content": { "type": "text", "body": format!("Your parcel {number} is on its way") },
        });
        let key = format!("soak-{}-{number}", self.plan.seed);
        let request = node.request(Method::POST, "/api/v1/messages").header("Idempotency-Key", key).json(&body);
        let answer = request.send().await.ok()?;
        let status = answer.status();
        let text = answer.text().await.ok()?;
        let comes_back = [StatusCode::CONFLICT, StatusCode::TOO_MANY_REQUESTS, StatusCode::REQUEST_TIMEOUT];
        if comes_back.contains(&status) || status.is_server_error() {
            return None;
        }
        assert_eq!(status, StatusCode::ACCEPTED, "{text}");
        let message: Value = serde_json::from_str(&text).expect("a message");
        Some(message["id"].as_str().expect("an id").to_owned())
    }

    fn roll<T>(&self, roll: impl FnOnce(&mut StdRng) -> T) -> T {
        roll(&mut self.dice.lock().expect("no test panics in here"))
    }
}
