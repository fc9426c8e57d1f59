//! Named points at which a test may have the process killed, to prove what survives. Debug builds only: a release build has
//! neither the points nor the variable.

/// Kills the process with SIGKILL when `DUPLEX_CRASH_AT` names this point.
#[cfg(debug_assertions)]
pub fn point(name: &'static str) {
    use std::sync::LazyLock;
    static WANTED: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("DUPLEX_CRASH_AT").ok());
    if WANTED.as_deref() == Some(name) {
        // Killing oneself can't fail; were it to, the test waits in vain and says so.
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
}

/// Whether unknown messages are sent again at once, without any evidence, as `DUPLEX_RETRY_UNKNOWN=1` asks. This is what the
/// product must never do: it sends people things twice. It exists so that the soak test can prove that it would notice.
#[cfg(debug_assertions)]
pub fn retries_unknown() -> bool {
    use std::sync::LazyLock;
    static WANTED: LazyLock<bool> = LazyLock::new(|| std::env::var("DUPLEX_RETRY_UNKNOWN").is_ok_and(|set| set == "1"));
    *WANTED
}

#[cfg(not(debug_assertions))]
pub const fn retries_unknown() -> bool {
    false
}

#[cfg(not(debug_assertions))]
pub const fn point(_: &'static str) {}
