//! Listing messages: filters and pages (twilio.md §1.4, §2.2).

use actix_web::HttpRequest;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::{Value, json};

use super::API_VERSION;
use super::errors::{Twilio, TwilioError};
use super::messages::shown;
use super::paging::page_size;
use crate::accounts::TwilioAccount;
use crate::ledger::Direction;
use crate::messages::Message;
use crate::people::parse_phone;
use crate::state::World;

/// Which messages are wanted.
#[derive(Debug, Default)]
struct Filter {
    to: Option<String>,
    from: Option<String>,
    /// Milliseconds since 1970, the first included, the second not.
    since: Option<i64>,
    until: Option<i64>,
    size: Option<usize>,
    /// Id of the last message of the page before.
    after: Option<String>,
}

pub(super) fn page(world: &World, account: &TwilioAccount, request: &HttpRequest) -> Twilio<Value> {
    let pairs: Vec<(String, String)> =
        url::form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect();
    let filter = Filter::read(&pairs)?;
    let size = filter.size.map_or_else(|| page_size(None), Ok)?;
    let person = filter.person(account);
    // One more than the page holds tells whether there is a next one.
    let wanted = |message: &Message| filter.fits(account, message);
    let all = world.messages.newest(&account.account_sid, person, usize::MAX, wanted);
    let start = match &filter.after {
        Some(id) => all.iter().position(|message| *message.record.id == **id).map_or(all.len(), |found| found + 1),
        None => 0,
    };
    let messages: Vec<&Message> = all.iter().skip(start).take(size).collect();
    let more = start + messages.len() < all.len();
    let next = messages.last().filter(|_| more).map(|last| next_uri(account, &pairs, &last.record.id));
    let uri = format!("/{API_VERSION}/Accounts/{}/Messages.json", account.account_sid);
    Ok(json!({
        "messages": messages.iter().map(|message| shown(account, message)).collect::<Vec<_>>(),
        "first_page_uri": format!("{uri}?PageSize={size}&Page=0"),
        "next_page_uri": next,
        "previous_page_uri": null,
        "uri": format!("{uri}?{}", request.query_string()),
        "page": start / size,
        "page_size": size,
        "start": start,
        "end": (start + messages.len()).saturating_sub(1),
    }))
}

impl Filter {
    fn read(pairs: &[(String, String)]) -> Twilio<Self> {
        let mut filter = Self::default();
        for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
            match name.as_str() {
                "To" => filter.to = Some(value.clone()),
                "From" => filter.from = Some(value.clone()),
                "DateSent" => (filter.since, filter.until) = (Some(day(value)?), Some(day_after(value)?)),
                "DateSent>" => filter.since = Some(instant(value)?),
                "DateSent<" => filter.until = Some(end_of(value)?),
                "PageSize" => filter.size = Some(page_size(Some(value))?),
                "PageToken" => filter.after = value.strip_prefix("PA").map(str::to_owned),
                _ => {}
            }
        }
        Ok(filter)
    }

    /// The person, where the filter names one: then only that conversation has to be looked at.
    fn person<'a>(&'a self, account: &TwilioAccount) -> Option<&'a str> {
        let ends = [self.to.as_deref(), self.from.as_deref()];
        let people = ends.into_iter().flatten().filter_map(|address| address.strip_prefix("whatsapp:"));
        let mut people = people.filter(|person| *person != account.sender_number);
        people.next().filter(|person| !person.starts_with('+') || parse_phone(person).as_deref() == Some(*person))
    }

    fn fits(&self, account: &TwilioAccount, message: &Message) -> bool {
        let record = &message.record;
        let ours = |address: &str| address.strip_prefix("whatsapp:") == Some(&*account.sender_number);
        let theirs = |address: &str| address.strip_prefix("whatsapp:") == Some(&*record.person);
        let outbound = record.direction == Direction::Outbound;
        let to = self.to.as_deref().is_none_or(|to| if outbound { theirs(to) } else { ours(to) });
        let from = self.from.as_deref().is_none_or(|from| if outbound { ours(from) } else { theirs(from) });
        !message.marks.erased
            && to
            && from
            && self.since.is_none_or(|since| record.at >= since)
            && self.until.is_none_or(|until| record.at < until)
    }
}

fn next_uri(account: &TwilioAccount, pairs: &[(String, String)], last: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.iter().filter(|(name, _)| !matches!(name.as_str(), "PageToken" | "Page")));
    query.append_pair("Page", "1").append_pair("PageToken", &format!("PA{last}"));
    format!("/{API_VERSION}/Accounts/{}/Messages.json?{}", account.account_sid, query.finish())
}

fn date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

fn midnight(date: NaiveDate) -> i64 {
    date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis()
}

fn moment(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text).ok().map(|at| at.with_timezone(&Utc).timestamp_millis())
}

fn invalid(text: &str) -> TwilioError {
    TwilioError::new(20_001, format!("DateSent is not a date: {text}"))
}

/// Start of the day, also where a time of day is given: equality counts by days.
fn day(text: &str) -> Twilio<i64> {
    let day = date(text).or_else(|| moment(text).and_then(DateTime::from_timestamp_millis).map(|at| at.date_naive()));
    day.map(midnight).ok_or_else(|| invalid(text))
}

fn day_after(text: &str) -> Twilio<i64> {
    Ok(day(text)? + 24 * 60 * 60 * 1_000)
}

fn instant(text: &str) -> Twilio<i64> {
    moment(text).or_else(|| date(text).map(midnight)).ok_or_else(|| invalid(text))
}

/// `DateSent<=` with a day includes that day (twilio.md §2.2).
fn end_of(text: &str) -> Twilio<i64> {
    let next_day = |day: NaiveDate| day.checked_add_days(Days::new(1)).map(midnight);
    moment(text).map(|at| at + 1).or_else(|| date(text).and_then(next_day)).ok_or_else(|| invalid(text))
}
