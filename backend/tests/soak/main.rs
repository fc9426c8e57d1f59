//! Never twice, never lost: thousands of messages through a way that drops, delays, cuts and doubles, providers that refuse late,
//! webhooks that are lost, doubled and overtaken, and processes that are killed at random moments. The simulator's ledger judges.
//!
//! The environment makes it larger: `SOAK_MESSAGES`, `SOAK_KILLS`, `SOAK_RATE`; `SOAK_SEED` throws the same dice again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail loudly"
)]

mod database;
mod delay;
mod driver;
mod fleet;
mod judge;
mod ledger;
mod messages;
mod plan;
mod proxy;
mod relay;
mod report;
mod requests;
mod run;
#[path = "../support/mod.rs"]
mod support;

use judge::Rule;
use plan::Plan;
use rstest::rstest;
use run::{SetUp, run};
use support::Database;

#[rstest]
#[case::sqlite(SetUp { name: "SQLite", database: Database::Sqlite, nodes: 1, retries_unknown: false })]
#[case::postgres(SetUp { name: "PostgreSQL, one node", database: Database::Postgres, nodes: 1, retries_unknown: false })]
#[case::three_nodes(SetUp { name: "PostgreSQL, three nodes", database: Database::Postgres, nodes: 3, retries_unknown: false })]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_and_nothing_is_doubled(#[case] set_up: SetUp) {
    let findings = run(set_up, Plan::from_environment()).await;
    assert!(findings.is_empty(), "{} findings; the first are shown above", findings.len());
}

/// The judge can tell: a gateway that sends again whatever it has lost sight of writes to people twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sending_again_what_is_unknown_is_found_out() {
    let set_up = SetUp { name: "unknown sent again", database: Database::Sqlite, nodes: 1, retries_unknown: true };
    // No receipt tells it in time that the first copy has arrived.
    let plan = Plan { webhooks_dropped: 1.0, ..Plan::of(150, 2) };
    let findings = run(set_up, plan).await;
    assert!(findings.iter().any(|finding| finding.rule == Rule::OneCopy), "somebody has two copies");
}
