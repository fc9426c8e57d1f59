//! The nodes of the gateway, their deaths and their returns.

use std::collections::{BTreeMap, HashSet};
use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use regex::Regex;
use tempfile::TempDir;
use tokio::sync::watch;
use uuid::Uuid;

use super::database::{self, Birth};
use super::delay::hold_up;
use super::plan::{Plan, chance};
use super::relay::Relay;
use super::support::TestDb;
use super::support::api::Caller;
use super::support::process::{Program, text};

/// Where a process may be told to kill itself.
const POINTS: [&str; 6] = [
    "before_enqueue_commit",
    "after_enqueue_commit",
    "claimed",
    "attempt_durable",
    "sent_unanswered",
    "answered_unsettled",
];
/// The longest pause between the moment of progress and the death, in milliseconds.
const LONGEST_PAUSE: u64 = 200;

/// The death of a process.
pub struct Kill {
    /// The named point it died at; `None` when it was killed from outside.
    pub point: Option<&'static str>,
    /// The attempts it had on the wire.
    pub on_wire: HashSet<Uuid>,
}

/// All nodes, over one database.
pub struct Fleet {
    pub database: TestDb,
    nodes: Vec<Node>,
    env: BTreeMap<&'static str, String>,
    living: watch::Sender<Vec<Caller>>,
    key: Option<String>,
    pub kills: Vec<Kill>,
}

struct Node {
    folder: TempDir,
    life: Option<Life>,
}

struct Life {
    program: Program,
    point: Option<&'static str>,
    birth: Birth,
    /// `None` when it died before it said where it listens.
    caller: Option<Caller>,
}

impl Fleet {
    pub fn of(
        nodes: usize,
        database: TestDb,
        env: BTreeMap<&'static str, String>,
        living: watch::Sender<Vec<Caller>>,
    ) -> Self {
        let node = || Node { folder: tempfile::tempdir().expect("a temporary folder"), life: None };
        Self { database, nodes: (0..nodes).map(|_| node()).collect(), env, living, key: None, kills: Vec::new() }
    }

    /// Uses this API key from now on.
    pub fn use_key(&mut self, key: &str) {
        self.key = Some(key.to_owned());
        for life in self.nodes.iter_mut().filter_map(|node| node.life.as_mut()) {
            life.caller = life.caller.as_ref().map(|caller| caller.with_key(key));
        }
        self.tell_who_lives();
    }

    /// Anyone who lives.
    pub fn caller(&self) -> Caller {
        self.nodes.iter().find_map(|node| node.life.as_ref()?.caller.clone()).expect("somebody lives")
    }

    /// Starts the nodes that don't run.
    pub async fn start_all(&mut self) {
        for number in 0..self.nodes.len() {
            if self.nodes[number].life.is_none() {
                self.start(number, None).await;
            }
        }
    }

    async fn start(&mut self, number: usize, point: Option<&'static str>) {
        let folder = self.nodes[number].folder.path();
        let mut env = self.env.clone();
        let database = self.database.address();
        let database = match database.starts_with("sqlite:") {
            true => database,
            false => format!("{database}&application_name={}", application(number)),
        };
        env.insert("DATABASE_URL", database);
        env.insert("DUPLEX_DATA_DIR", text(folder));
        if let Some(point) = point {
            env.insert("DUPLEX_CRASH_AT", point.to_owned());
        }
        let from = database::name_now();
        let mut program = Program::start(&["serve"], &env, folder);
        let listens = Regex::new(r"(?m)^Duplex .* listens on (http\S+?)/?$").expect("a pattern");
        let address = match point {
            None => Some(program.prints(&listens).await),
            Some(_) => program.prints_or_ends(&listens).await,
        };
        let to = database::name_now();
        let nobody = address.map(|address| Caller::nobody(&address));
        let caller = nobody.map(|nobody| self.key.as_ref().map_or_else(|| nobody.clone(), |key| nobody.with_key(key)));
        self.nodes[number].life = Some(Life { program, point, birth: Birth::between(from, to), caller });
        self.tell_who_lives();
    }

    fn tell_who_lives(&self) {
        let living = self.nodes.iter().filter_map(|node| node.life.as_ref()?.caller.clone()).collect();
        self.living.send_replace(living);
    }

    /// Kills one node after another at random moments of progress, and starts it again. In the end all live.
    pub async fn reap(&mut self, plan: &Plan, mut seen: watch::Receiver<usize>, relay: &Relay, mut dice: StdRng) {
        let mut number = self.next_to_die(&mut dice);
        for kill in 0..plan.kills {
            // So many attempts on the wire, about evenly distributed over the run; a life has traffic before its end.
            let share = (kill as f64 + dice.random::<f64>()) / (plan.kills as f64 + 0.5);
            let wanted = (share * plan.messages as f64) as usize;
            let pause = Duration::from_millis(dice.random_range(0..LONGEST_PAUSE));
            let moment = async {
                let progress = seen.wait_for(|seen| *seen >= wanted);
                let _ = tokio::time::timeout(plan.longest_life, progress).await;
                hold_up(pause).await;
            };
            let life = self.nodes[number].life.as_mut().expect("it lives");
            let named = life.point.is_some();
            tokio::select! {
                _ = life.program.died(), if named => {}
                () = moment => {}
            }
            self.bury(number, dice.random_bool(plan.waits_for_leases)).await;
            let point = dice.random_bool(chance::NAMED_POINT).then(|| *POINTS.choose(&mut dice).expect("a point"));
            self.start(number, point.filter(|_| kill + 1 < plan.kills)).await;
            relay.deliver().await;
            // A node that waits to die at a point is the next to go, so that no two are dead at once.
            if self.nodes[number].life.as_ref().is_none_or(|life| life.point.is_none()) {
                number = self.next_to_die(&mut dice);
            }
        }
    }

    /// Any node; more often one that sends than one that does not.
    fn next_to_die(&self, dice: &mut StdRng) -> usize {
        let senders = database::senders(&self.database);
        let sends = |number: &usize| {
            let life = self.nodes[*number].life.as_ref();
            life.is_some_and(|life| senders.iter().any(|name| life.birth.is_of(name)))
        };
        let sending: Vec<usize> = (0..self.nodes.len()).filter(sends).collect();
        match sending.choose(dice).filter(|_| dice.random_bool(chance::SENDER)) {
            Some(number) => *number,
            None => dice.random_range(0..self.nodes.len()),
        }
    }

    async fn bury(&mut self, number: usize, leases_run_out_by_themselves: bool) {
        let Life { mut program, point, birth, .. } = self.nodes[number].life.take().expect("it lived");
        let by_itself = program.has_ended();
        let printed = program.printed();
        assert!(!by_itself || point.is_some(), "it ended by itself:\n{printed}");
        let death = program.kill().await;
        assert_eq!(death.signal(), Some(9), "{printed}");
        self.tell_who_lives();
        database::rest(&self.database, &application(number)).await;
        self.kills
            .push(Kill { point: point.filter(|_| by_itself), on_wire: database::on_wire(&self.database, &birth) });
        if !leases_run_out_by_themselves {
            database::an_hour_passes(&self.database, &birth);
        }
    }

    /// Asks all nodes to end.
    pub async fn stop(self) -> (TestDb, Vec<Kill>) {
        for life in self.nodes.into_iter().filter_map(|node| node.life) {
            assert!(life.program.stop().await.success(), "it ends well");
        }
        (self.database, self.kills)
    }
}

fn application(number: usize) -> String {
    format!("node-{number}")
}
