//! What a dead process left in the database: looked at directly, since nobody is there to be asked.

use std::collections::HashSet;
use std::time::{SystemTime, UNIX_EPOCH};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::{PgConnection, SqliteConnection, sql_query};
use duplex::storage::DatabaseUrl;
use uuid::Uuid;

use super::support::{TestDb, watch};

/// A process's name among the nodes begins with the millisecond of its start (UUIDv7). No two start at the same time, so the
/// names between the beginning and the end of a start are of that process alone.
#[derive(Clone, Debug)]
pub struct Birth {
    from: String,
    to: String,
}

/// The smallest name that a process can have that starts now.
pub fn name_now() -> String {
    let millis = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_millis();
    format!("{:08x}-{:04x}", millis >> 16, millis & 0xffff)
}

impl Birth {
    pub fn between(from: String, to: String) -> Self {
        Self { from, to }
    }

    /// Whether a process with this name was born then.
    pub fn is_of(&self, name: &str) -> bool {
        (self.from.as_str()..self.to.as_str()).contains(&name)
    }

    fn condition(&self, column: &str) -> String {
        let Self { from, to } = self;
        format!("{column} COLLATE \"C\" >= '{from}' AND {column} COLLATE \"C\" < '{to}'")
    }
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Ids of the attempts that a dead process has left on the wire.
pub fn on_wire(database: &TestDb, birth: &Birth) -> HashSet<Uuid> {
    let found = match database.url() {
        DatabaseUrl::Sqlite(_) => {
            names(database, "SELECT hex(attempt_id) AS name FROM messages WHERE state = 'sending'")
        }
        DatabaseUrl::Postgres(_) => {
            let dead = birth.condition("claimed_by");
            names(
                database,
                &format!("SELECT attempt_id::text AS name FROM messages WHERE state = 'sending' AND {dead}"),
            )
        }
    };
    found.iter().map(|name| name.parse().expect("an id")).collect()
}

/// Names of the processes that send for a limit group. On SQLite there is only one process to ask about, and it is at work.
pub fn senders(database: &TestDb) -> Vec<String> {
    match database.url() {
        DatabaseUrl::Sqlite(_) => Vec::new(),
        DatabaseUrl::Postgres(_) => names(
            database,
            "SELECT holder AS name FROM leases WHERE name IN (SELECT limit_group FROM channels) AND expires_at > now()",
        ),
    }
}

/// Waits until nothing of a dead process is still being carried out. SQLite does nothing without its process.
pub async fn rest(database: &TestDb, application: &str) {
    if matches!(database.url(), DatabaseUrl::Sqlite(_)) {
        return;
    }
    let left = format!(
        "SELECT pid::text AS name FROM pg_stat_activity WHERE datname = current_database() \
         AND application_name = '{application}'"
    );
    watch::until("the server to notice a death", async || names(database, &left).is_empty().then_some(())).await;
}

/// Lets what a dead process held run out, as if an hour had gone by. On SQLite the next start needs no such thing.
pub fn an_hour_passes(database: &TestDb, birth: &Birth) {
    let DatabaseUrl::Postgres(url) = database.url() else { return };
    let (claimed, held) = (birth.condition("claimed_by"), birth.condition("holder"));
    let claims = ["messages", "journal"]
        .map(|table| format!("UPDATE {table} SET claimed_until = claimed_until - interval '1 hour' WHERE {claimed};"));
    let leases = format!("UPDATE leases SET expires_at = expires_at - interval '1 hour' WHERE {held};");
    let mut conn = PgConnection::establish(url).expect("the database opens");
    conn.batch_execute(&(claims.concat() + &leases)).expect("time passes");
}

/// Whether every webhook that was taken has had its effect.
pub fn journal_is_done(database: &TestDb) -> bool {
    names(database, "SELECT state AS name FROM journal WHERE state IN ('pending', 'claimed') LIMIT 1").is_empty()
}

/// Webhooks that could not be processed.
pub fn dead_webhooks(database: &TestDb) -> Vec<String> {
    names(database, "SELECT coalesce(error, '') AS name FROM journal WHERE state = 'dead'")
}

fn names(database: &TestDb, sql: &str) -> Vec<String> {
    let found: Vec<Named> = match database.url() {
        DatabaseUrl::Sqlite(path) => {
            let mut conn = SqliteConnection::establish(&path.to_string_lossy()).expect("the database opens");
            conn.batch_execute("PRAGMA busy_timeout = 5000").expect("a setting");
            sql_query(sql).load(&mut conn)
        }
        DatabaseUrl::Postgres(url) => {
            sql_query(sql).load(&mut PgConnection::establish(url).expect("the database opens"))
        }
    }
    .expect("the database answers");
    found.into_iter().map(|row| row.name).collect()
}
