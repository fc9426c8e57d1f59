//! Advanced Opt-Out of a messaging service: keywords by which customers leave and come back (twilio.md §5). Twilio answers them
//! itself; that answer is left out here.

use crate::accounts::TwilioAccount;
use crate::ledger::{Direction, Record};
use crate::state::World;

/// Words by which customers leave.
const STOP: [&str; 8] = ["STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"];
const START: [&str; 2] = ["START", "UNSTOP"];
const HELP: [&str; 2] = ["HELP", "INFO"];

/// `OptOutType` of a customer's message, if it is a keyword and somebody listens for keywords.
pub(super) fn kind(account: &TwilioAccount, record: &Record) -> Option<&'static str> {
    if !account.state.advanced_opt_out || record.content.is_some() {
        return None;
    }
    let text = record.text.trim().to_uppercase();
    let among = |words: &[&str]| words.contains(&text.as_str());
    [("STOP", among(&STOP)), ("START", among(&START)), ("HELP", among(&HELP))]
        .into_iter()
        .find_map(|(kind, said)| said.then_some(kind))
}

/// Whether the last that the person said about it was to leave.
pub(super) fn has_left(world: &World, account: &TwilioAccount, person: &str) -> bool {
    if !account.state.advanced_opt_out {
        return false;
    }
    let last = world.messages.newest(&account.account_sid, Some(person), 1, |message| {
        message.record.direction == Direction::Inbound
            && matches!(kind(account, &message.record), Some("STOP" | "START"))
    });
    last.first().is_some_and(|message| kind(account, &message.record) == Some("STOP"))
}
