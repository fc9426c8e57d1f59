//! How far the messages of a run have come.

use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::sql_types::BigInt;
use diesel::{QueryableByName, RunQueryDsl};
use duplex::storage::conn::Conn;
use duplex_simulator::AdminClient;
use tokio::sync::watch;

use super::load::Rate;
use super::stage::Stage;

const BETWEEN_LOOKS: Duration = Duration::from_millis(100);
/// Receipts of each message: sent, delivered, read.
const RECEIPTS: u64 = 3;

/// Counts what the providers have told, until all of it has had its effect.
pub struct Progress {
    told: watch::Receiver<usize>,
    counting: tokio::task::JoinHandle<Vec<Rate>>,
}

impl Progress {
    /// Of so many messages; gives the rates of parts of this size.
    pub fn of(stage: &Stage, total: usize, part: usize) -> Self {
        let (tell, told) = watch::channel(0);
        let admin = stage.simulator.admin().expect("an admin client");
        let conn = stage.bare_connection();
        Self { told, counting: tokio::spawn(count(admin, conn, tell, total, part)) }
    }

    /// Something that waits until less than `ahead` messages lie between the one of this number and those that are done.
    pub fn not_further_than(&self, ahead: usize) -> impl Fn(usize) -> Passing + Clone + Send + 'static {
        let told = self.told.clone();
        move |number| {
            let mut told = told.clone();
            Box::pin(async move {
                // An ended count has counted everything.
                let _ = told.wait_for(|done| number < done + ahead).await;
            })
        }
    }

    /// Waits until so many are done, whatever else there is.
    pub async fn reach(&self, done: usize) {
        let mut told = self.told.clone();
        told.wait_for(|so_far| *so_far >= done).await.expect("somebody counts");
    }

    /// Waits for the end.
    pub async fn end(self) -> Vec<Rate> {
        self.counting.await.expect("everything is told and has its effect")
    }
}

pub type Passing = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

async fn count(admin: AdminClient, conn: Conn, tell: watch::Sender<usize>, total: usize, part: usize) -> Vec<Rate> {
    let conn = Arc::new(std::sync::Mutex::new(conn));
    let (mut parts, mut begun, mut counted) = (Vec::new(), Instant::now(), 0);
    loop {
        let done =
            usize::try_from(admin.summary().await.expect("the ledger").totals.notified / RECEIPTS).expect("a count");
        // A caller that has gone has asked for everything.
        let _ = tell.send(done);
        let over = done >= total && is_processed(&conn).await;
        if done >= counted + part || over {
            parts.push(Rate { done: done - counted, took: begun.elapsed() });
            (begun, counted) = (Instant::now(), done);
        }
        if over {
            assert!(read(&conn) >= total, "every message is read");
            return parts;
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}

async fn is_processed(conn: &Arc<std::sync::Mutex<Conn>>) -> bool {
    let conn = Arc::clone(conn);
    let looked = tokio::task::spawn_blocking(move || {
        number(&conn, "SELECT count(*) AS n FROM journal WHERE state = 'pending'")
            + number(&conn, "SELECT count(*) AS n FROM journal WHERE state = 'claimed'")
    });
    looked.await.expect("the database answers") == 0
}

fn read(conn: &std::sync::Mutex<Conn>) -> usize {
    usize::try_from(number(conn, "SELECT count(*) AS n FROM messages WHERE state = 'read'")).expect("a count")
}

/// The one number `n` that a statement gives.
pub fn number(conn: &std::sync::Mutex<Conn>, sql: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        n: i64,
    }
    let row: Row = diesel::sql_query(sql).get_result(&mut *conn.lock().expect("nobody panics")).expect("a number");
    row.n
}

/// The slowest and the fastest part, but for the last one, which is cut short.
pub fn spread(parts: &[Rate]) -> (f64, f64) {
    let whole = parts.len().saturating_sub(1).max(1);
    let rates = parts.iter().take(whole).map(|rate| rate.per_second());
    rates.fold((f64::INFINITY, 0.0), |(least, most), rate| (rate.min(least), rate.max(most)))
}
