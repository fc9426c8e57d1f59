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

#[tokio::main]
async fn main() {
    figures::head();
    for (database, name) in [(Database::Sqlite, "SQLite"), (Database::Postgres, "PostgreSQL")] {
        figures::row("durable accepts", name, &accepts::measure(database).await);
        figures::row("webhooks in", name, &ingests::measure(database).await);
        figures::row("messages through the loop", name, &loops::measure(database).await);
    }
    figures::legend();
}
