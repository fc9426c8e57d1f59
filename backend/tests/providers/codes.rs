//! Every code of the wire references has its row, and the row does what the reference says.

use duplex::providers::codes::{Row, find};
use duplex::providers::failure::{Failover, Verdict};

struct Fact {
    first: u32,
    last: u32,
    columns: Vec<String>,
}

fn facts(text: &str) -> Vec<Fact> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let columns: Vec<String> = line.split('|').map(|column| column.trim().to_owned()).collect();
            let (first, last) = columns[0].split_once('-').unwrap_or((&columns[0], &columns[0]));
            Fact { first: first.parse().unwrap(), last: last.parse().unwrap(), columns }
        })
        .collect()
}

fn rows(fact: &Fact, table: &'static [Row]) -> Vec<&'static Row> {
    (fact.first..=fact.last).map(|code| find(table, code).unwrap_or_else(|| panic!("{code} has no row"))).collect()
}

fn failover_fits(said: &str, has: Failover) -> bool {
    match said {
        "yes" => matches!(has, Failover::Yes | Failover::Maybe),
        "maybe" => has == Failover::Maybe,
        "no" => has == Failover::No,
        "no*" => has == Failover::Operator,
        "forbidden" => has == Failover::Forbidden,
        "-" => has == Failover::NotApplicable,
        other => panic!("unknown failover {other}"),
    }
}

fn is_retry(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Retry { .. })
}

fn is_throttle(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Throttled { .. })
}

/// The first letter decides; the others say who else must act.
fn direct_fits(row: &Row, actions: &[&str]) -> bool {
    match actions[0] {
        "A" => row.at_once == Verdict::Unknown && is_retry(row.late),
        "R" => is_retry(row.at_once) && is_retry(row.late),
        // Final, but a medium by link is worth one more try.
        "P" if actions.contains(&"R") => is_retry(row.at_once) && row.retries == Some(1),
        "P" => row.at_once == Verdict::Rejected && row.late == Verdict::Rejected,
        "T" => is_throttle(row.at_once) && is_throttle(row.late),
        "X" => row.at_once == Verdict::ChannelDown && row.late == Verdict::ChannelDown,
        // Waiting a day is for a person to decide: the row only says so.
        "W" if row.first == 131_049 => row.at_once == Verdict::Rejected,
        "W" => is_throttle(row.at_once) || matches!(row.at_once, Verdict::Retry { after: Some(_) }),
        "O" | "-" => row.at_once == Verdict::Rejected,
        other => panic!("unknown action {other}"),
    }
}

fn twilio_fits(row: &Row, action: &str) -> bool {
    match action {
        "ambiguous" => row.at_once == Verdict::Unknown && is_retry(row.late),
        "unknown" => row.at_once == Verdict::Unknown && row.late == Verdict::Unknown,
        "retry" => is_retry(row.at_once) && row.retries.is_none(),
        "once" => is_retry(row.late) && row.retries == Some(1),
        "throttle" => is_throttle(row.at_once),
        "fail" | "other" => row.at_once == Verdict::Rejected && row.late == Verdict::Rejected,
        "pause" => row.at_once == Verdict::ChannelDown && row.late == Verdict::ChannelDown,
        "fix" => matches!(row.at_once, Verdict::ChannelDown | Verdict::Rejected),
        other => panic!("unknown action {other}"),
    }
}

#[test]
fn every_code_of_meta_is_in_the_table_and_fits() {
    let table = duplex::providers::direct::errors::TABLE;
    for fact in facts(include_str!("direct-codes.txt")) {
        let actions: Vec<&str> = fact.columns[1].split(',').collect();
        for row in rows(&fact, table) {
            assert!(direct_fits(row, &actions), "{}: {} but {:?}", fact.columns[0], fact.columns[1], row);
            assert!(failover_fits(&fact.columns[2], row.failover), "{}: failover {:?}", fact.columns[0], row.failover);
        }
    }
}

#[test]
fn every_code_of_twilio_is_in_the_table_and_fits() {
    let table = duplex::providers::twilio::errors::TABLE;
    for fact in facts(include_str!("twilio-codes.txt")) {
        for row in rows(&fact, table) {
            assert!(twilio_fits(row, &fact.columns[2]), "{}: {} but {:?}", fact.columns[0], fact.columns[2], row);
            assert!(failover_fits(&fact.columns[3], row.failover), "{}: failover {:?}", fact.columns[0], row.failover);
        }
    }
}

#[test]
fn tables_are_sorted_and_speak_to_people() {
    for table in [duplex::providers::direct::errors::TABLE, duplex::providers::twilio::errors::TABLE] {
        assert!(table.iter().all(|row| row.first <= row.last));
        assert!(table.windows(2).all(|pair| pair[0].last < pair[1].first), "not sorted");
        for row in table {
            for sentence in [row.advice, row.cause] {
                assert!(sentence.ends_with('.') && sentence.len() > 15, "{}: {sentence}", row.first);
            }
            assert_ne!(row.cause, row.advice, "{}: a cause says what happened, an advice what to do", row.first);
        }
    }
}
