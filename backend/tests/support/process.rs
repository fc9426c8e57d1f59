//! The program as a process of its own, for tests that need to see it die.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};

use super::watch;

/// A running program. Dropping it kills it.
pub struct Program {
    child: Child,
    printed: Arc<Mutex<String>>,
}

impl Program {
    /// Starts `duplex` with these arguments and nothing in its environment but what is given.
    pub fn start(args: &[&str], env: &BTreeMap<&str, String>, folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_duplex"))
            .args(args)
            .env_clear()
            .envs(env)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        let printed = Arc::new(Mutex::new(String::new()));
        collect(child.stdout.take().expect("its output is piped"), &printed);
        collect(child.stderr.take().expect("its output is piped"), &printed);
        Self { child, printed }
    }

    /// What it has printed so far.
    pub fn printed(&self) -> String {
        self.printed.lock().expect("no test panics in here").clone()
    }

    /// The first thing that matches in what it prints; fails when it ends before.
    pub async fn prints(&mut self, pattern: &regex::Regex) -> String {
        match self.prints_or_ends(pattern).await {
            Some(found) => found,
            None => panic!("it ended instead of printing {pattern}:\n{}", self.printed()),
        }
    }

    /// The first thing that matches in what it prints; nothing when it ends before.
    pub async fn prints_or_ends(&mut self, pattern: &regex::Regex) -> Option<String> {
        watch::until(&format!("{pattern}"), async || {
            let ended = self.has_ended();
            let printed = self.printed();
            match pattern.captures(&printed).and_then(|found| found.get(1)) {
                Some(found) => Some(Some(found.as_str().to_owned())),
                None => ended.then_some(None),
            }
        })
        .await
    }

    /// Waits until it has ended by itself.
    pub async fn died(&mut self) -> ExitStatus {
        tokio::time::timeout(watch::DEADLINE, self.child.wait())
            .await
            .unwrap_or_else(|_| panic!("it is still alive:\n{}", self.printed()))
            .expect("it can be waited for")
    }

    /// What the system calls it while it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("it can be asked").is_some()
    }

    /// Kills it if it has not ended by itself, and waits until it is gone.
    pub async fn kill(mut self) -> ExitStatus {
        // Fails only when it has ended.
        let _ = self.child.start_kill();
        self.died().await
    }

    /// Asks it to end, and waits.
    pub async fn stop(mut self) -> ExitStatus {
        let id = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
        if let Some(id) = id {
            // It may have ended by itself in this moment.
            let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
        }
        self.died().await
    }
}

/// Keeps what comes out of a pipe; an unread pipe would stop the program when it is full.
fn collect(pipe: impl AsyncRead + Unpin + Send + 'static, into: &Arc<Mutex<String>>) {
    let into = Arc::clone(into);
    tokio::spawn(async move {
        let mut lines = BufReader::new(pipe).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            let mut text = into.lock().expect("no test panics in here");
            text.push_str(&line);
            text.push('\n');
        }
    });
}

/// A path as the program takes it in a variable.
pub fn text(path: impl Into<PathBuf>) -> String {
    path.into().to_string_lossy().into_owned()
}
