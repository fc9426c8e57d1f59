//! Load figures on both databases, each beside a bare reference in the same run. `make bench` runs it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench prints, and may fail loudly"
)]

mod accepts;
mod backlog;
mod figures;
mod ingests;
mod lanes;
mod load;
mod loops;
mod memory;
mod nodes;
mod progress;
mod stage;
#[path = "../../tests/support/mod.rs"]
mod support;

use support::Database;

/// Runs everything on both databases, or what is named: `cargo bench --bench gateway -- loop SQLite`.
#[tokio::main]
async fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let databases = [(Database::Sqlite, "SQLite"), (Database::Postgres, "PostgreSQL")];
    let (on, subjects): (Vec<&str>, Vec<&str>) =
        asked.iter().map(String::as_str).partition(|word| databases.iter().any(|(_, name)| name == word));
    let wanted = |subject: &str| subjects.is_empty() || subjects.iter().any(|word| subject.contains(word));
    figures::head();
    for (database, name) in databases.into_iter().filter(|(_, name)| on.is_empty() || on.contains(name)) {
        if wanted(figures::ACCEPTS) {
            figures::row(figures::ACCEPTS, name, &accepts::measure(database).await);
        }
        if wanted(figures::WEBHOOKS) {
            figures::row(figures::WEBHOOKS, name, &ingests::measure(database).await);
        }
        if wanted(figures::LOOP) {
            figures::row(figures::LOOP, name, &loops::measure(database).await);
        }
        if wanted(figures::NODES) && database == Database::Postgres {
            figures::row(figures::NODES, name, &nodes::measure().await);
        }
        if wanted(figures::LANES) {
            figures::row(figures::LANES, name, &lanes::measure(database).await);
        }
        if wanted(figures::BACKLOG) {
            figures::row(figures::BACKLOG, name, &backlog::measure(database).await);
        }
    }
    figures::legend();
}
