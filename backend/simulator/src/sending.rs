//! What becomes of a message that is in order: refused, lost or accepted. The same for both providers.

use std::collections::HashSet;
use std::io;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use crate::accounts::Account;
use crate::content::Content;
use crate::faults::FaultKind;
use crate::ids::now_ms;
use crate::ledger::{Direction, Event, Fate, Pricing, Provider, Record};
use crate::magic::{self, MagicEffect, MagicNumber};
use crate::messages::Message;
use crate::state::World;

/// A message that a provider module has read and found valid.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) account: Account,
    /// E.164 with plus, or a business-scoped user id.
    pub(crate) person: Arc<str>,
    pub(crate) kind: Box<str>,
    pub(crate) text: Box<str>,
    /// What the phone draws.
    pub(crate) content: Content,
    /// Meta's category in lower case; `None` for free-form messages, which need an open window.
    pub(crate) category: Option<String>,
    pub(crate) correlation: Option<Box<str>>,
    pub(crate) callback: Option<Box<str>>,
    /// The messaging service that was named (Twilio).
    pub(crate) service_sid: Option<Box<str>>,
    pub(crate) reply_to: Option<Box<str>>,
    /// Accepted, but known to fail with this code, whatever the window and the recipient are.
    pub(crate) late: Option<u32>,
    /// When a scheduled message goes out, in milliseconds since 1970.
    pub(crate) send_at: Option<i64>,
}

/// How the answer to an accepted message goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    AtOnce,
    After(Duration),
    /// The connection closes instead.
    Lost,
    /// Nothing comes until the faults are cleared; then the connection closes.
    Never,
}

/// What is to be done with a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Accept {
        fate: Fate,
        noisy: bool,
        answer: Answer,
    },
    /// Refused in the answer with this code.
    Refuse(u32),
    /// An HTTP error without a code; nothing is accepted.
    ServerError(u16),
    /// The connection closes; nothing is accepted.
    Hangup,
}

/// Codes that mean the same at the two providers (direct.md §5, twilio.md §6).
struct Codes {
    throttle: u32,
    pair: u32,
    window: u32,
}

const fn codes(provider: Provider) -> Codes {
    match provider {
        Provider::Direct => Codes { throttle: 130_429, pair: 131_056, window: 131_047 },
        Provider::Twilio => Codes { throttle: 20_429, pair: 20_429, window: 63_016 },
    }
}

impl World {
    /// Decides about a valid draft: faults first, then magic numbers, then limits and windows.
    pub(crate) fn judge(&self, draft: &Draft) -> Verdict {
        let codes = codes(draft.account.provider());
        let (key, person) = (draft.account.key(), &*draft.person);
        let magic = magic::find(person);
        if let Some(verdict) = self.refusing_fault(key, person, &codes) {
            return verdict;
        }
        if let Some(verdict) = magic.and_then(|row| self.refusing_magic(draft, row)) {
            return verdict;
        }
        let (rules, now) = (draft.account.rules(), Instant::now());
        if rules.rate_per_second.is_some_and(|rate| !self.limits.sender_may(key, rate, now)) {
            return Verdict::Refuse(codes.throttle);
        }
        if rules.pair_limit && !self.limits.pair_may(key, person, now) {
            return Verdict::Refuse(codes.pair);
        }
        let effect = magic.map(|row| row.effect);
        Verdict::Accept {
            fate: self.fate(draft, magic, &codes),
            noisy: effect == Some(MagicEffect::NoisyReceipts),
            answer: self.answer(key, person, effect),
        }
    }

    fn refusing_fault(&self, key: &str, person: &str, codes: &Codes) -> Option<Verdict> {
        self.faults.take(key, Some(person), |fault| match fault {
            FaultKind::LostRequest => Some(Verdict::Hangup),
            FaultKind::Http5xx { status } => Some(Verdict::ServerError(status.unwrap_or(503))),
            FaultKind::Throttle { code } => Some(Verdict::Refuse(code.unwrap_or(codes.throttle))),
            FaultKind::Refuse { code } => Some(Verdict::Refuse(*code)),
            _ => None,
        })
    }

    fn refusing_magic(&self, draft: &Draft, row: &'static MagicNumber) -> Option<Verdict> {
        let twilio = draft.account.provider() == Provider::Twilio;
        let code = if twilio { row.twilio_code } else { row.direct_code };
        match row.effect {
            MagicEffect::ServerError => Some(Verdict::ServerError(503)),
            MagicEffect::OptedOut if !twilio => None,
            MagicEffect::Refusal | MagicEffect::OptedOut => code.map(Verdict::Refuse),
            MagicEffect::ThrottledOnce | MagicEffect::TokenDead => {
                let mut spared = self.spared.lock().unwrap_or_else(PoisonError::into_inner);
                let pair = (Arc::clone(draft.account.key()), &*row.number);
                toggled_on(&mut spared, pair).then(|| code.map(Verdict::Refuse)).flatten()
            }
            _ => None,
        }
    }

    fn fate(&self, draft: &Draft, magic: Option<&MagicNumber>, codes: &Codes) -> Fate {
        let (key, person) = (draft.account.key(), &*draft.person);
        let fault = self.faults.take(key, Some(person), |fault| match fault {
            FaultKind::LateRefusal { code } => Some(Fate::Fail(*code)),
            FaultKind::NeverDelivered => Some(Fate::Sent),
            _ => None,
        });
        if let Some(fate) = fault.or(draft.late.map(Fate::Fail)) {
            return fate;
        }
        let free_form = draft.category.is_none();
        let magic_fate = magic.and_then(|row| {
            let code = match draft.account.provider() {
                Provider::Direct => row.direct_code,
                Provider::Twilio => row.twilio_code,
            };
            match row.effect {
                MagicEffect::LateRefusal | MagicEffect::OptedOut => code.map(Fate::Fail),
                MagicEffect::LateRefusalOfFreeForm if free_form => code.map(Fate::Fail),
                MagicEffect::NeverDelivered => Some(Fate::Sent),
                _ => None,
            }
        });
        magic_fate.unwrap_or_else(|| {
            let open = !free_form || self.people.is_open(key, person, draft.account.rules().windows, now_ms());
            if open { Fate::Read } else { Fate::Fail(codes.window) }
        })
    }

    fn answer(&self, key: &str, person: &str, effect: Option<MagicEffect>) -> Answer {
        let fault = self.faults.take(key, Some(person), |fault| match fault {
            FaultKind::LostAnswer => Some(Answer::Lost),
            FaultKind::Hang => Some(Answer::Never),
            FaultKind::Latency { ms } => Some(Answer::After(Duration::from_millis(*ms))),
            _ => None,
        });
        fault.unwrap_or(match effect {
            Some(MagicEffect::LostAnswer) => Answer::Lost,
            Some(MagicEffect::Hang) => Answer::Never,
            _ => Answer::AtOnce,
        })
    }

    /// Books the message and starts its way to the virtual phone.
    ///
    /// # Errors
    /// When the ledger cannot be written; then nothing was accepted.
    pub(crate) fn accept(&self, draft: Draft, id: String, fate: Fate, noisy: bool) -> io::Result<Arc<Record>> {
        let at = now_ms();
        let wrote_lately = self.people.wrote_lately(draft.account.key(), &draft.person, at);
        let plain = matches!(&draft.content, Content::Text { text, preview_url: false } if **text == *draft.text);
        let record = Arc::new(Record {
            id: Arc::from(id),
            provider: draft.account.provider(),
            account: Arc::clone(draft.account.key()),
            person: draft.person,
            direction: Direction::Outbound,
            kind: draft.kind,
            text: draft.text,
            content: (!plain).then(|| Box::new(draft.content)),
            correlation: draft.correlation,
            callback: draft.callback,
            service_sid: draft.service_sid,
            pricing: Some(pricing(draft.category, wrote_lately)),
            reply_to: draft.reply_to,
            fate,
            noisy,
            name: None,
            extras: None,
            send_at: draft.send_at,
            at,
        });
        self.book(&Event::Accepted(Arc::clone(&record)))?;
        let message = Message::new(Arc::clone(&record));
        let next = message.next(&self.pace());
        self.messages.insert(message);
        if let Some((_, due)) = next {
            self.delivery.advance_at(Arc::clone(&record.id), due);
        }
        Ok(record)
    }

    /// Books a refusal. `code` is the provider's, or the HTTP status where it gave none.
    pub(crate) fn refuse(&self, account: &Account, person: &str, correlation: Option<&str>, code: u32) {
        self.book_later(&Event::Refused {
            account: Arc::clone(account.key()),
            person: person.into(),
            correlation: correlation.map(Box::from),
            code,
        });
    }
}

/// Free-form messages and utility templates cost nothing for 24 hours after the person wrote (direct.md §6).
fn pricing(category: Option<String>, wrote_lately: bool) -> Pricing {
    match category {
        None => Pricing { category: "service".to_owned(), free: true },
        Some(category) => Pricing { free: wrote_lately && category == "utility", category },
    }
}

/// Puts the pair in when it is out and out when it is in; true when it went in.
fn toggled_on(set: &mut HashSet<(Arc<str>, &'static str)>, pair: (Arc<str>, &'static str)) -> bool {
    if set.remove(&pair) {
        return false;
    }
    set.insert(pair)
}
