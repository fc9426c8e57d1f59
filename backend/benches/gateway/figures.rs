//! What is measured, and how it is shown.

use std::time::Duration;

use super::load::Rate;
use super::stage::{ANSWER, RAISED_LIMIT};

/// What there is to measure.
pub const ACCEPTS: &str = "durable accepts";
pub const WEBHOOKS: &str = "webhooks in";
pub const LOOP: &str = "whole loop";
pub const NODES: &str = "several nodes";
pub const BACKLOG: &str = "backlog";
pub const LANES: &str = "lanes";

/// Callers side by side.
pub const CALLERS: usize = 64;

/// A rate, that of the bare reference in the same run, and what else there is to say.
pub struct Figure {
    pub measured: Rate,
    pub bare: Rate,
    pub notes: Vec<String>,
}

impl Figure {
    fn cells(&self) -> String {
        let (measured, bare) = (self.measured.per_second(), self.bare.per_second());
        format!("{measured:>9.0} {bare:>10.0} {:>7.2}", measured / bare)
    }
}

/// Prints one line of the table, and what there is to say below it.
pub fn row(subject: &str, database: &str, figure: &Figure) {
    println!("{subject:<16} {database:<11} {}", figure.cells());
    for note in &figure.notes {
        println!("    {note}");
    }
}

/// A time in milliseconds.
pub fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}

pub fn head() {
    println!("{:<16} {:<11} {:>9} {:>10} {:>7}", "per second", "database", "duplex", "reference", "ratio");
}

/// What the references are.
pub fn legend() {
    let answer = ANSWER.as_millis();
    println!();
    println!("{ACCEPTS}: {CALLERS} callers over HTTP, answered after the commit; reference: the message rows alone,");
    println!("    by one connection without HTTP, {CALLERS} to a commit.");
    println!(
        "{WEBHOOKS}: {CALLERS} callers, half of each provider, signature checked, journal committed before the answer,"
    );
    println!("    processed meanwhile; reference: the journal rows alone, by one connection, {CALLERS} to a commit.");
    println!(
        "{LOOP}: accepted over HTTP, sent to the simulator which answers after {answer} ms, three receipts applied,"
    );
    println!(
        "    each by a webhook of its own; two accounts at each provider, a limit group each, at {RAISED_LIMIT} a second"
    );
    println!(
        "    each; all people distinct; reference: the requests to the simulator alone, at once, without receipts."
    );
    println!("{NODES}: the loop with three nodes on one database, callers spread over them, webhooks to the first.");
    println!("{BACKLOG}: accepted while sending is held, then sent and told as in the loop; reference: as there.");
    println!(
        "{LANES}: a bulk run at one sender's ceiling of {RAISED_LIMIT}, and a one-time code now and then at the same"
    );
    println!("    sender; reference: the ceiling.");
    println!("Program, callers and simulator share this machine's processors; every commit waits for the disk.");
}
