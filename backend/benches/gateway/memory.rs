//! The memory that the program takes.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const EACH: Duration = Duration::from_secs(1);

/// Looks at a process each second.
pub struct Watch {
    stop: CancellationToken,
    looking: JoinHandle<Vec<u64>>,
}

/// Resident memory in MiB.
#[derive(Clone, Copy, Debug)]
pub struct Resident {
    /// In the first quarter of the time at most.
    pub early: u64,
    /// In the last quarter of the time at most.
    pub late: u64,
    pub most: u64,
}

impl Watch {
    pub fn of(process: u32) -> Self {
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let looking = tokio::spawn(async move {
            let mut seen = Vec::new();
            while !stopped.is_cancelled() {
                seen.push(resident(process));
                // Either is a reason to look at the token again.
                let _ = tokio::time::timeout(EACH, stopped.cancelled()).await;
            }
            seen
        });
        Self { stop, looking }
    }

    pub async fn end(self) -> Resident {
        self.stop.cancel();
        let seen = self.looking.await.expect("it looks until it is stopped");
        let quarter = seen.len().div_ceil(4);
        let most = |part: &[u64]| part.iter().copied().max().unwrap_or_default();
        Resident { early: most(&seen[..quarter]), late: most(&seen[seen.len() - quarter..]), most: most(&seen) }
    }
}

impl std::fmt::Display for Resident {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { early, late, most } = self;
        write!(f, "resident memory: {early} MiB in the first quarter, {late} MiB in the last, {most} MiB at most")
    }
}

fn resident(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("the process lives");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("the system tells");
    let kib: u64 = line.trim().trim_end_matches(" kB").trim().parse().expect("a number");
    kib / 1_024
}
