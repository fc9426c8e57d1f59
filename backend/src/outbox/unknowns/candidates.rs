//! Which of the messages that a provider lists can be the one whose answer was lost.

use std::collections::BTreeSet;

use super::Sighted;
use crate::domain::content::Content;
use crate::domain::time::Ts;
use crate::domain::unknown::{Look, LookOutcome};
use crate::providers::{Found, LookUp};
use crate::storage::StorageResult;
use crate::storage::conn::Conn;
use crate::storage::unknowns::{self, UnknownMessage};

/// A look, compared with what is known here.
pub(super) struct Sight {
    pub look: Look,
    pub found: Option<Sighted>,
}

/// Leaves out what belongs to others and what says something else. One that is left, with nobody else who may claim it, is the
/// message; more than one stays open, and none proves nothing.
pub(super) fn compare(
    conn: &mut Conn,
    message: &UnknownMessage,
    wanted: &LookUp,
    list: Option<&Result<Vec<Found>, String>>,
    now: Ts,
) -> StorageResult<Sight> {
    let look = |outcome, listed: usize, candidates: Vec<String>, detail| Look {
        at: now,
        outcome,
        sent_after: wanted.sent_after,
        sent_before: wanted.sent_before,
        listed: u32::try_from(listed).unwrap_or(u32::MAX),
        candidates,
        detail,
    };
    let listed = match list {
        None => return Ok(Sight { look: look(LookOutcome::NoList, 0, Vec::new(), None), found: None }),
        Some(Err(detail)) => {
            let look = look(LookOutcome::Unreadable, 0, Vec::new(), Some(detail.clone()));
            return Ok(Sight { look, found: None });
        }
        Some(Ok(listed)) => listed,
    };
    let ids: BTreeSet<String> = listed.iter().map(|found| found.provider_message_id.clone()).collect();
    let bound = unknowns::bound_elsewhere(conn, message.channel, message.attempt, &ids)?;
    let words = words(&message.content);
    let fitting: Vec<&Found> = listed
        .iter()
        .filter(|found| !bound.contains(&found.provider_message_id))
        .filter(|found| says_the_same(words, found.body.as_deref()))
        .collect();
    let candidates = fitting.iter().take(Look::CANDIDATES).map(|found| found.provider_message_id.clone()).collect();
    let (outcome, found) = match fitting.as_slice() {
        [] => (LookOutcome::NoneFound, None),
        [_] if unknowns::has_rival(conn, message, wanted.sent_after, wanted.sent_before)? => {
            (LookOutcome::Rivals, None)
        }
        [only] => {
            let provider_message_id = only.provider_message_id.clone();
            (LookOutcome::Found, Some(Sighted { provider_message_id, outcome: only.outcome.clone() }))
        }
        _ => (LookOutcome::Several, None),
    };
    Ok(Sight { look: look(outcome, listed.len(), candidates, None), found })
}

/// The words that a provider shows as they were given. Templates are filled in by the provider and can't be compared.
fn words(content: &Content) -> Option<&str> {
    match content {
        Content::Text(text) => Some(&text.body),
        Content::Image(image) => image.caption.as_deref(),
        Content::Video(video) => video.caption.as_deref(),
        _ => None,
    }
}

/// Only words that both sides have can differ.
fn says_the_same(ours: Option<&str>, theirs: Option<&str>) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    match (ours.map(plain).filter(|text| !text.is_empty()), theirs.map(plain)) {
        (Some(ours), Some(theirs)) => ours == theirs,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_differ_only_where_both_are_known() {
        assert!(says_the_same(Some("Your parcel\r\nis here "), Some("Your parcel\nis here")));
        assert!(!says_the_same(Some("one"), Some("two")));
        assert!(says_the_same(None, Some("two")) && says_the_same(Some("one"), None));
    }
}
