//! What is measured, and how it is shown.

use super::load::Rate;

/// What there is to measure.
pub const ACCEPTS: &str = "durable accepts";
pub const WEBHOOKS: &str = "webhooks in";
pub const LOOP: &str = "messages through the loop";

/// Callers side by side.
pub const CALLERS: usize = 64;

/// A rate, and that of the bare reference in the same run.
pub struct Figure {
    pub measured: Rate,
    pub bare: Rate,
}

impl Figure {
    fn cells(&self) -> String {
        let (measured, bare) = (self.measured.per_second(), self.bare.per_second());
        format!("{measured:>9.0} {bare:>10.0} {:>7.2}", measured / bare)
    }
}

/// Prints one line of the table.
pub fn row(subject: &str, database: &str, figure: &Figure) {
    println!("{subject:<28} {database:<11} {}", figure.cells());
}

pub fn head() {
    println!("{:<28} {:<11} {:>9} {:>10} {:>7}", "per second", "database", "duplex", "reference", "ratio");
}

/// What the references are.
pub fn legend() {
    println!();
    println!("accepts: {CALLERS} callers over HTTP, answered after the commit; reference: the message rows alone,");
    println!("    by one connection without HTTP, {CALLERS} to a commit.");
    println!(
        "webhooks: {CALLERS} callers, half of each provider, signature checked, journal committed before the answer,"
    );
    println!("    processed meanwhile; reference: the journal rows alone, by one connection, {CALLERS} to a commit.");
    println!(
        "loop: accepted, sent to the simulator, three receipts applied, each by a webhook of its own; reference: the"
    );
    println!("    requests to the simulator alone, without receipts.");
    println!("Program, callers and simulator share this machine's processors; every commit waits for the disk.");
}
