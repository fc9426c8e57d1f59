//! Bringing the database's tables to this version.

use diesel::connection::SimpleConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::conn::Conn;
use super::db::Db;
use super::error::{StorageError, StorageResult};

const SQLITE: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../migrations/postgres");

/// Key of the advisory lock under which nodes that start together migrate one after the other.
const ADVISORY_LOCK: i64 = 0x6475_706c_6578;

impl Db {
    /// Applies what is missing.
    ///
    /// # Errors
    /// A migration fails, or the database is newer than this program.
    pub async fn migrate(&self) -> StorageResult<()> {
        self.outside_transaction(|conn| match conn {
            Conn::Sqlite(sqlite) => {
                refuse_newer(sqlite, &SQLITE)?;
                sqlite.run_pending_migrations(SQLITE).map_err(failed)?;
                Ok(())
            }
            Conn::Postgres(pg) => {
                pg.batch_execute(&format!("SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock({ADVISORY_LOCK})"))?;
                let migrated = refuse_newer(pg, &POSTGRES)
                    .and_then(|()| pg.run_pending_migrations(POSTGRES).map(|_| ()).map_err(failed));
                pg.batch_execute(&format!("SELECT pg_advisory_unlock({ADVISORY_LOCK}); SET statement_timeout = '30s'; SET lock_timeout = '10s'"))?;
                migrated
            }
        })
        .await
    }
}

fn failed(cause: Box<dyn std::error::Error + Send + Sync>) -> StorageError {
    StorageError::Other(format!("migration: {cause}"))
}

/// An older program on a newer database would misread rows; it must not start.
fn refuse_newer<C, DB>(conn: &mut C, known: &EmbeddedMigrations) -> StorageResult<()>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
    EmbeddedMigrations: diesel::migration::MigrationSource<DB>,
{
    use diesel::migration::MigrationSource;
    let known: Vec<String> =
        known.migrations().map_err(failed)?.iter().map(|migration| migration.name().version().to_string()).collect();
    let applied = conn.applied_migrations().map_err(failed)?;
    match applied.iter().find(|version| !known.contains(&version.to_string())) {
        None => Ok(()),
        Some(version) => Err(StorageError::Other(format!(
            "the database has migration {version}, which this version of duplex does not know"
        ))),
    }
}
