//! A fresh, migrated database per test, copied from a template that is migrated once.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::{PgConnection, SqliteConnection, sql_query};
use duplex::storage::{DatabaseUrl, Db};
use tempfile::TempDir;

use super::cluster;

/// Which database a test runs on. Give it by `#[values(Database::Sqlite, Database::Postgres)]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// Connections a test's pool holds: enough to see two units of work side by side, few enough for many tests at once.
const CONNECTIONS: u32 = 4;

/// A database of one test. Dropping it removes it.
pub struct TestDb {
    url: DatabaseUrl,
    home: Home,
}

enum Home {
    Folder { _folder: TempDir },
    Server { name: String },
}

/// A migrated, empty database that nobody else uses.
pub fn fresh_database(database: Database) -> TestDb {
    match database {
        Database::Sqlite => sqlite(),
        Database::Postgres => postgres(),
    }
}

impl TestDb {
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// The address as a user would write it.
    pub fn address(&self) -> String {
        match &self.url {
            DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => url.clone(),
        }
    }

    /// Opens it as the program does. SQLite may be open once at a time.
    pub fn open(&self) -> Db {
        Db::open(&self.url, Some(CONNECTIONS)).expect("the test's database opens")
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if let Home::Server { name } = &self.home {
            let dropped = PgConnection::establish(cluster::server_url())
                .map_err(|error| error.to_string())
                .and_then(|mut admin| drop_database(&mut admin, name).map_err(|error| error.to_string()));
            if let Err(error) = dropped {
                eprintln!("{name} stays behind until the next run: {error}");
            }
        }
    }
}

fn sqlite() -> TestDb {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let migrated = folder.path().join("migrated.db");
        migrate(&DatabaseUrl::Sqlite(migrated.clone()));
        // One clean file, whatever still stands in the write-ahead log.
        let copy = folder.path().join("template.db");
        let mut conn = SqliteConnection::establish(&migrated.to_string_lossy()).expect("the template opens");
        conn.batch_execute(&format!("VACUUM INTO '{}'", copy.display())).expect("the template is copied");
        std::fs::read(copy).expect("the template can be read")
    });
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path: PathBuf = folder.path().join("duplex.db");
    std::fs::write(&path, template).expect("the template is written");
    TestDb { url: DatabaseUrl::Sqlite(path), home: Home::Folder { _folder: folder } }
}

fn postgres() -> TestDb {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let mut admin = PgConnection::establish(cluster::server_url()).expect("the test server answers");
    let template = TEMPLATE.get_or_init(|| {
        let name = name_of("template");
        sweep(&mut admin);
        execute(&mut admin, &format!("CREATE DATABASE {name}"));
        migrate(&DatabaseUrl::Postgres(cluster::url_of(&name)));
        // A pool closes its connections in its own time, and a template must have none.
        execute(&mut admin, &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
        execute(
            &mut admin,
            &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"),
        );
        name
    });
    let name = name_of(&COUNT.fetch_add(1, Ordering::Relaxed).to_string());
    execute(&mut admin, &format!("CREATE DATABASE {name} TEMPLATE {template}"));
    TestDb { url: DatabaseUrl::Postgres(cluster::url_of(&name)), home: Home::Server { name } }
}

/// Migrates on a thread of its own: the caller may or may not be inside a runtime.
fn migrate(url: &DatabaseUrl) {
    std::thread::scope(|scope| {
        scope
            .spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
                let db = Db::open(url, Some(1)).expect("the template opens");
                runtime.block_on(db.migrate()).expect("the migrations run");
            })
            .join()
            .expect("the migrations end");
    });
}

/// Names carry the second of their making, so that leftovers of runs that were killed can be told from live ones.
const PREFIX: &str = "duplex_test_";
const LEFT_BEHIND: u64 = 3600;

fn name_of(suffix: &str) -> String {
    format!("{PREFIX}{}_{}_{suffix}", seconds(), std::process::id())
}

fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs()
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = diesel::sql_types::Text)]
    datname: String,
}

/// Removes what runs that could not clean up left on a server that outlives them.
fn sweep(admin: &mut PgConnection) {
    let found: Vec<Named> =
        sql_query(format!("SELECT datname::text AS datname FROM pg_database WHERE datname LIKE '{PREFIX}%'"))
            .load(admin)
            .expect("the databases can be listed");
    for Named { datname } in found {
        let made = datname.trim_start_matches(PREFIX).split('_').next().and_then(|text| text.parse::<u64>().ok());
        if made.is_some_and(|made| made + LEFT_BEHIND < seconds()) {
            drop_database(admin, &datname).expect("a leftover can be dropped");
        }
    }
}

fn drop_database(admin: &mut PgConnection, name: &str) -> QueryResult<()> {
    admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
}

fn execute(admin: &mut PgConnection, statement: &str) {
    admin.batch_execute(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
}
