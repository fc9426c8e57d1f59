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
mod figures;
mod ingests;
mod load;
mod loops;
mod stage;
#[path = "../../tests/support/mod.rs"]
mod support;

use support::Database;

/// Runs everything, or what is named: `cargo bench --bench gateway -- loop`.
#[tokio::main]
async fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let wanted = |subject: &str| asked.is_empty() || asked.iter().any(|word| subject.contains(word.as_str()));
    figures::head();
    for (database, name) in [(Database::Sqlite, "SQLite"), (Database::Postgres, "PostgreSQL")] {
        if wanted(figures::ACCEPTS) {
            figures::row(figures::ACCEPTS, name, &accepts::measure(database).await);
        }
        if wanted(figures::WEBHOOKS) {
            figures::row(figures::WEBHOOKS, name, &ingests::measure(database).await);
        }
        if wanted(figures::LOOP) {
            figures::row(figures::LOOP, name, &loops::measure(database).await);
        }
    }
    figures::legend();
}
