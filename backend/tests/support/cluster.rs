//! The PostgreSQL server the tests use: the one they were given, or their own for as long as this process lives.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// The address of the server's `postgres` database. Fails the test when there is no server: a silent skip would
/// make half of the suite vanish on a machine without one.
pub fn server_url() -> &'static str {
    static SERVER: OnceLock<Server> = OnceLock::new();
    &SERVER.get_or_init(Server::find).url
}

struct Server {
    url: String,
    /// Its standard input stays open until this process ends, in whatever way; then the keeper removes the server.
    _keeper: Option<Child>,
}

impl Server {
    fn find() -> Self {
        if let Ok(url) = std::env::var("TEST_DATABASE_URL") {
            return Self { url, _keeper: None };
        }
        let mut keeper = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/postgres.sh"))
            .arg("keep")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("backend/tests/support/postgres.sh can be run");
        let mut url = String::new();
        let stdout = keeper.stdout.take().expect("its output is piped");
        BufReader::new(stdout).read_line(&mut url).expect("its output is text");
        assert!(!url.trim().is_empty(), "no PostgreSQL for the tests; the line above says why");
        Self { url: url.trim().to_owned(), _keeper: Some(keeper) }
    }
}

/// The same server, another database.
pub fn url_of(database: &str) -> String {
    let url = server_url();
    let start = url.find("://").expect("a PostgreSQL address") + 3;
    let path = url[start..].find('/').map_or(url.len(), |at| start + at);
    let query = url.find('?').map_or("", |at| &url[at..]);
    format!("{}/{database}{query}", &url[..path])
}
