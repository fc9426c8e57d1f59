//! A queue that has grown for long: filled while sending is held, then let go.

use std::time::Instant;

use super::figures::{CALLERS, Figure};
use super::load::{self, Rate};
use super::loops;
use super::memory::Watch;
use super::progress::{Progress, spread};
use super::stage::Stage;
use super::support::Database;

/// Messages in the queue, unless the environment says otherwise.
const MESSAGES: usize = 1_000_000;
/// Of the rate over time.
const PARTS: usize = 10;

pub async fn measure(database: Database) -> Figure {
    let asked = std::env::var("BENCH_BACKLOG").ok().map(|text| text.parse().expect("BENCH_BACKLOG is a number"));
    let messages = asked.unwrap_or(MESSAGES);
    let mut stage = Stage::set(database).await;
    let bare = loops::bare(&stage).await;
    stage.answer_late().await;
    let address = stage.start(true).await;
    let filled = load::run(address, CALLERS, messages, loops::message(&stage, address)).await;
    stage.stop().await;
    let progress = Progress::of(&stage, messages, messages / PARTS);
    let begun = Instant::now();
    stage.start(false).await;
    let memory = Watch::of(stage.process_id());
    let parts = progress.end().await;
    let measured = Rate { done: messages, took: begun.elapsed() };
    let resident = memory.end().await;
    stage.stop().await;
    let (least, most) = spread(&parts);
    let all: Vec<String> = parts.iter().map(|part| format!("{:.0}", part.per_second())).collect();
    let notes = vec![
        format!("{messages} messages, accepted at {:.0} a second", filled.rate.per_second()),
        format!("{least:.0} to {most:.0} a second by tenths: {}", all.join(" ")),
        resident.to_string(),
    ];
    Figure { measured, bare, notes }
}
