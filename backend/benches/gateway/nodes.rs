//! Several nodes on one database: what they do together, how soon a dead one's limit groups move, and what a rolling restart costs.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::figures::{CALLERS, Figure};
use super::load::{self, Rate};
use super::loops;
use super::progress::{Progress, number};
use super::stage::{Stage, free_address};
use super::support::Database;
use super::support::process::Program;

const NODES: usize = 3;
const MESSAGES: usize = 60_000;
const PART: usize = 15_000;
const AHEAD: usize = 4_000;
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(60);
/// Limit groups that are held, and by how many nodes.
const HELD: &str =
    "SELECT count(*) AS n FROM leases WHERE name IN (SELECT limit_group FROM channels) AND expires_at > now()";
const HOLDERS: &str = "SELECT count(DISTINCT holder) AS n FROM leases \
    WHERE name IN (SELECT limit_group FROM channels) AND expires_at > now()";
const GROUPS: &str = "SELECT count(DISTINCT limit_group) AS n FROM channels";

/// A node beside the first.
struct Node {
    address: SocketAddr,
    folder: TempDir,
    program: Program,
}

impl Node {
    async fn start(stage: &Stage) -> Self {
        let (address, folder) = (free_address(), tempfile::tempdir().expect("a temporary folder"));
        let program = stage.node(address, folder.path(), false).await;
        Self { address, folder, program }
    }

    /// Asked to end while there is work, and started again.
    async fn restart(self, stage: &Stage) -> Self {
        let Self { address, folder, program } = self;
        assert!(program.stop().await.success(), "it ends well");
        let program = stage.node(address, folder.path(), false).await;
        Self { address, folder, program }
    }
}

pub async fn measure() -> Figure {
    let mut stage = Stage::set(Database::Postgres).await;
    let bare = loops::bare(&stage).await;
    stage.answer_late().await;
    let first = stage.start(false).await;
    let mut others = Vec::new();
    for _ in 1..NODES {
        others.push(Node::start(&stage).await);
    }
    let addresses: Vec<SocketAddr> = std::iter::once(first).chain(others.iter().map(|node| node.address)).collect();
    let begun = Instant::now();
    let progress = Progress::of(&stage, MESSAGES, PART);
    let share = MESSAGES / NODES;
    let calling = addresses.iter().enumerate().map(|(number, address)| {
        let message = loops::message(&stage, *address);
        let from = number * share;
        let pace = progress.not_further_than(AHEAD);
        let let_go = move |count: usize| pace(count * NODES);
        load::run_behind(*address, CALLERS / NODES, share, move |count| message(from + count), let_go)
    });
    futures_util::future::join_all(calling).await;
    progress.end().await;
    let measured = Rate { done: MESSAGES, took: begun.elapsed() };

    // Callers and webhooks go to the first node; the others hold groups, end and come back meanwhile.
    let progress = Progress::of(&stage, 2 * MESSAGES, PART);
    let message = loops::message(&stage, first);
    let pace = progress.not_further_than(AHEAD);
    let let_go = move |count: usize| pace(MESSAGES + count);
    let load = tokio::spawn(load::run_behind(first, CALLERS, MESSAGES, move |count| message(MESSAGES + count), let_go));
    let mut restarted = Vec::new();
    for node in others {
        restarted.push(node.restart(&stage).await);
    }
    load.await.expect("every message is accepted");
    progress.end().await;
    let ledger = stage.simulator.admin().expect("an admin client").summary().await.expect("the ledger");
    assert!(ledger.repeated.is_empty(), "nothing is sent twice: {:?}", ledger.repeated);

    let moved = until_moved(&stage, restarted.pop().expect("there are several")).await;
    let took = format!("{:.1} s", moved.as_secs_f64());
    for node in restarted {
        node.program.stop().await;
    }
    stage.stop().await;
    let notes = vec![
        format!("{NODES} nodes share the processors that one has alone above"),
        format!("{MESSAGES} more while two nodes were stopped and started in turn: each read, none sent twice"),
        format!("all limit groups of a node that was killed were held again after {took}"),
    ];
    Figure { measured, bare, notes }
}

/// From the death of a node until all limit groups are held by somebody who lives.
async fn until_moved(stage: &Stage, node: Node) -> Duration {
    let conn = Mutex::new(stage.bare_connection());
    let groups = number(&conn, GROUPS);
    let everyone = i64::try_from(NODES).expect("a few");
    until("each node to hold a limit group", || number(&conn, HOLDERS) == everyone).await;
    node.program.kill().await;
    let dead = Instant::now();
    until("the dead node's leases to end", || number(&conn, HELD) < groups).await;
    until("somebody to take what it held", || number(&conn, HELD) == groups).await;
    dead.elapsed()
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain for {what}");
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}
