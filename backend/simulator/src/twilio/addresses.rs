//! From whom to whom: `To`, `From` and `MessagingServiceSid` of a new message (twilio.md §2.1), and whether that is allowed.

use super::account::sent_lately;
use super::errors::{Twilio, TwilioError};
use super::form::Form;
use super::opt_out;
use super::state::AccountType;
use crate::accounts::TwilioAccount;
use crate::people::{is_bsuid, parse_phone};
use crate::state::World;

/// The person: E.164 with plus, or a business-scoped user id.
pub(super) fn read(world: &World, account: &TwilioAccount, form: &Form) -> Twilio<String> {
    let to = form.get("To").ok_or_else(|| TwilioError::new(21_604, "A 'To' phone number is required."))?;
    let (from, service) = (form.get("From"), form.get("MessagingServiceSid"));
    if from.is_none() && service.is_none() {
        return Err(TwilioError::new(21_603, "A 'From' phone number is required."));
    }
    let whatsapp = to.strip_prefix("whatsapp:");
    if let Some(service) = service {
        pool(account, service)?;
    }
    if from.is_some_and(|from| from.starts_with("whatsapp:") != whatsapp.is_some()) {
        return Err(TwilioError::new(21_910, "Invalid From and To pair. From and To should be of the same channel"));
    }
    let invalid_to = || TwilioError::new(21_211, format!("Invalid 'To' Phone Number: {to}"));
    let person = match whatsapp {
        // The sandbox's services hold WhatsApp senders only.
        None if from.is_none() => {
            return Err(TwilioError::new(21_703, "The Messaging Service does not have a phone number available"));
        }
        None => {
            return Err(TwilioError::new(
                21_606,
                "The 'From' phone number provided is not a valid SMS-capable phone number",
            ));
        }
        Some(person) if is_bsuid(person) => person.to_owned(),
        Some(person) if person.starts_with('+') => parse_phone(person).ok_or_else(invalid_to)?,
        Some(_) => return Err(invalid_to()),
    };
    if let Some(from) = from {
        let number = from.strip_prefix("whatsapp:").and_then(parse_phone);
        let number =
            number.ok_or_else(|| TwilioError::new(21_212, format!("Invalid From Number (caller ID): {from}")))?;
        if number != account.sender_number {
            return Err(TwilioError::told(63_007));
        }
    }
    if let Some(code) = account.state.sender_fault() {
        return Err(TwilioError::told(code));
    }
    if person == account.sender_number {
        return Err(TwilioError::new(63_031, "Channels message cannot have same From and To"));
    }
    allowed(world, account, &person)?;
    Ok(person)
}

/// The service must exist and have the sender in its pool.
fn pool(account: &TwilioAccount, sid: &str) -> Twilio<()> {
    let service = account.service(sid);
    let service = service.ok_or_else(|| TwilioError::new(21_705, "The Messaging Service Sid is invalid"))?;
    if service.senders.is_empty() {
        return Err(TwilioError::new(21_704, "The Messaging Service contains no phone numbers"));
    }
    Ok(())
}

/// What the account may not do.
fn allowed(world: &World, account: &TwilioAccount, person: &str) -> Twilio<()> {
    let state = &account.state;
    if state.blocked_prefixes.iter().any(|prefix| person.starts_with(prefix.as_str())) {
        return Err(TwilioError::told(21_408));
    }
    if state.account_type == AccountType::Trial && !state.verified_numbers.iter().any(|number| number == person) {
        return Err(TwilioError::told(21_608));
    }
    if opt_out::has_left(world, account, person) {
        return Err(TwilioError::told(21_610));
    }
    let limit = state.daily_message_limit.and_then(|limit| usize::try_from(limit).ok());
    if limit.is_some_and(|limit| sent_lately(world, account, limit) >= limit) {
        return Err(TwilioError::told(63_038));
    }
    Ok(())
}
