//! The check of a callback URL before it is saved (direct.md §3.1).

use std::time::Duration;

use super::errors::{Graph, GraphError};
use crate::state::World;

const TIMEOUT: Duration = Duration::from_secs(10);

/// Asks the callback to echo a challenge, and refuses the URL unless it does.
pub(super) async fn verify(world: &World, callback_url: &str, verify_token: &str) -> Graph<()> {
    let challenge = (rand::random::<u32>() | 1_000_000_000).to_string();
    let url = url::Url::parse(callback_url).map_err(|_| failed("the URL is not valid"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(failed("the URL is neither http nor https"));
    }
    let query = [("hub.mode", "subscribe"), ("hub.challenge", &challenge), ("hub.verify_token", verify_token)];
    let answer = world.delivery.client().get(url).query(&query).timeout(TIMEOUT).send().await;
    let answer = answer.map_err(|_| failed("the callback did not answer"))?;
    if answer.status() != reqwest::StatusCode::OK {
        return Err(failed(&format!("HTTP status code {}", answer.status().as_u16())));
    }
    match answer.text().await {
        Ok(text) if text == challenge => Ok(()),
        _ => Err(failed("the challenge was not echoed")),
    }
}

fn failed(why: &str) -> GraphError {
    GraphError::new(2_200, format!("Callback verification failed with the following errors: {why}"))
}
