//! Compares what the gateway says of each message with what the providers got, and with what happened on the way. It knows
//! nothing of how the gateway works: only what is promised.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;

use chrono::DateTime;
use duplex_simulator::{LedgerSummary, Status};
use serde_json::Value;
use uuid::Uuid;

use super::fleet::Kill;
use super::ledger::{Accepted, Ledger};
use super::messages::Messages;
use super::{proxy, relay};

/// A promise that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Nobody has two copies.
    OneCopy,
    /// No attempt is on the wire twice.
    OneRequest,
    /// What was taken with a 202 is there, once.
    Kept,
    /// Every message comes to one outcome.
    Finished,
    /// What did not arrive is sent again, or it is known why not.
    NotLost,
    /// A message is unknown only if its attempt was on the wire at a death or was harmed on its way.
    UnknownForCause,
    /// What the gateway has heard of is known.
    Heard,
    /// What the gateway says is what the providers did.
    True,
    /// Every outcome stands with its evidence.
    Evidence,
}

/// A message that breaks a rule.
pub struct Finding {
    pub rule: Rule,
    pub person: String,
    pub why: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}: {}", self.rule, self.person, self.why)
    }
}

/// Everything that is known of a run.
pub struct Case {
    /// The id of the message to each person, as the API gave it.
    pub asked: BTreeMap<String, String>,
    pub messages: Messages,
    pub ledger: Ledger,
    pub summary: LedgerSummary,
    pub wire: proxy::Book,
    pub webhooks: relay::Book,
    pub kills: Vec<Kill>,
}

impl Case {
    /// Attempts that were on the wire when a process died.
    pub fn cut_short(&self) -> HashSet<Uuid> {
        self.kills.iter().flat_map(|kill| &kill.on_wire).copied().collect()
    }

    /// Attempts whose fate the gateway could not see.
    pub fn excused(&self) -> HashSet<Uuid> {
        let harmed = self.wire.passages.iter().filter(|(_, passage)| passage.harm.is_some()).map(|(id, _)| *id);
        self.cut_short().into_iter().chain(harmed).chain(self.broken_off()).collect()
    }

    /// Attempts that never came past the proxy, and were on the wire when it let connections break off that it had not served.
    fn broken_off(&self) -> Vec<Uuid> {
        let tries = self.messages.stories.values().filter_map(|story| story["tries"].as_array()).flatten();
        let broken_off = tries.filter_map(|one| {
            let time = |field: &str| DateTime::parse_from_rfc3339(one[field].as_str()?).ok();
            let id = one["id"].as_str()?.parse().ok()?;
            let (begun, ended) = (time("created_at")?, time("answered_at")?);
            let came_by = self.wire.passages.contains_key(&id);
            let refused = self.wire.refusals.iter().any(|[from, to]| begun <= *to && ended >= *from);
            (!came_by && refused).then_some(id)
        });
        broken_off.collect()
    }

    /// Everything that is wrong.
    pub fn findings(&self) -> Vec<Finding> {
        let mut copies: HashMap<&str, Vec<&Accepted>> = HashMap::new();
        for copy in self.ledger.copies() {
            copies.entry(&copy.person).or_default().push(copy);
        }
        let mut court = Court { case: self, copies, excused: self.excused(), findings: Vec::new() };
        court.requests();
        court.books();
        for (person, message) in &self.messages.by_person {
            court.copies(person);
            court.outcome(person, message);
            if let Some(story) = self.messages.stories.get(person) {
                court.evidence(person, story);
            }
        }
        court.findings
    }
}

struct Court<'a> {
    case: &'a Case,
    copies: HashMap<&'a str, Vec<&'a Accepted>>,
    excused: HashSet<Uuid>,
    findings: Vec<Finding>,
}

impl Court<'_> {
    fn find(&mut self, rule: Rule, person: &str, why: impl Into<String>) {
        self.findings.push(Finding { rule, person: person.to_owned(), why: why.into() });
    }

    fn requests(&mut self) {
        for (id, count) in &self.case.summary.repeated {
            self.find(Rule::OneRequest, "", format!("attempt {id} was accepted {count} times"));
        }
        for (id, passage) in &self.case.wire.passages {
            if passage.arrived > 1 || passage.handed_on > 1 {
                self.find(Rule::OneRequest, &passage.person, format!("attempt {id} came {} times", passage.arrived));
            }
        }
    }

    fn books(&mut self) {
        let (asked, messages) = (&self.case.asked, &self.case.messages);
        for (person, id) in asked {
            match messages.by_person.get(person) {
                None => self.find(Rule::Kept, person, format!("message {id} was taken and is not there")),
                Some(message) if message["id"] != **id => {
                    self.find(Rule::Kept, person, format!("message {id} was taken, and {} is there", message["id"]));
                }
                Some(_) => {}
            }
        }
        for id in &messages.surplus {
            self.find(Rule::Kept, "", format!("message {id} is one too many for its person"));
        }
        let strangers: Vec<&str> = self.copies.keys().filter(|person| !asked.contains_key(**person)).copied().collect();
        for person in strangers {
            self.find(Rule::Kept, person, "the provider got a message to somebody nobody wrote to");
        }
    }

    fn copies_of(&self, person: &str) -> Vec<&Accepted> {
        self.copies.get(person).cloned().unwrap_or_default()
    }

    fn copies(&mut self, person: &str) {
        let good: Vec<_> = self.copies_of(person).into_iter().filter(|copy| !copy.has_failed()).collect();
        if good.len() > 1 {
            let why = format!("{} copies: {good:?}", good.len());
            self.find(Rule::OneCopy, person, why);
        }
    }

    fn outcome(&mut self, person: &str, message: &Value) {
        match message["state"].as_str().unwrap_or_default() {
            "accepted" => self.known(person, message, Status::Accepted),
            "sent" => self.known(person, message, Status::Sent),
            "delivered" => self.known(person, message, Status::Delivered),
            "read" => self.known(person, message, Status::Read),
            "failed" => self.failed(person, message),
            "unknown" => self.unknown(person),
            state => self.find(Rule::Finished, person, format!("{state}: {message}")),
        }
    }

    fn known(&mut self, person: &str, message: &Value, status: Status) {
        let copies = self.copies_of(person);
        let came_so_far = |copy: &&Accepted| status == Status::Accepted || copy.reached.contains(&status);
        let heard_of_failure = |copy: &&Accepted| {
            copy.has_failed() && copy.correlation.is_some_and(|id| self.case.webhooks.heard_of.contains(&id))
        };
        if copies.is_empty() {
            let refused = self.case.ledger.refused.get(person);
            self.find(
                Rule::NotLost,
                person,
                format!("said to be {status:?}, never accepted, refused {refused:?}: {message}"),
            );
        } else if !copies.iter().any(came_so_far) {
            self.find(Rule::True, person, format!("said to be {status:?}: {copies:?}"));
        } else if copies.iter().all(heard_of_failure) {
            self.find(Rule::Heard, person, format!("said to be {status:?} although its failure was told: {copies:?}"));
        }
    }

    fn failed(&mut self, person: &str, message: &Value) {
        let copies = self.copies_of(person);
        let refused = self.case.ledger.refused.get(person).into_iter().flatten().copied();
        let codes: BTreeSet<u32> = refused.chain(copies.iter().filter_map(|copy| copy.code())).collect();
        let code = message["failure"]["provider_code"].as_str().and_then(|code| code.parse().ok());
        if copies.iter().any(|copy| !copy.has_failed()) {
            self.find(Rule::True, person, format!("said to be failed: {copies:?}"));
        } else if !code.is_some_and(|code| codes.contains(&code)) {
            let failure = &message["failure"];
            self.find(Rule::NotLost, person, format!("failed without such a refusal ({codes:?}): {failure}"));
        }
    }

    fn unknown(&mut self, person: &str) {
        let story = self.case.messages.stories.get(person);
        let attempt = story.and_then(|story| story["tries"].as_array()?.last()?["id"].as_str()?.parse::<Uuid>().ok());
        let Some(attempt) = attempt else {
            self.find(Rule::Evidence, person, format!("unknown without an attempt: {story:?}"));
            return;
        };
        let passage = self.case.wire.passages.get(&attempt);
        if !self.excused.contains(&attempt) {
            self.find(Rule::UnknownForCause, person, format!("attempt {attempt}, {passage:?}: {story:?}"));
        }
        if self.case.webhooks.heard_of.contains(&attempt) {
            self.find(Rule::Heard, person, format!("unknown although a webhook told of attempt {attempt}: {story:?}"));
        }
    }

    /// What a message's story must show, whatever became of it.
    fn evidence(&mut self, person: &str, story: &Value) {
        let state = story["state"].as_str().unwrap_or_default();
        let tries = story["tries"].as_array().cloned().unwrap_or_default();
        let Some((last, earlier)) = tries.split_last() else {
            self.find(Rule::Evidence, person, format!("no tries: {story}"));
            return;
        };
        let expected = match state {
            "unknown" => "unknown",
            "failed" => "refused",
            _ => "accepted",
        };
        let numbered = tries.iter().zip(1..).all(|(one, n)| one["n"] == n) && story["attempts"] == tries.len();
        let settled = tries.iter().all(|one| one["state"] == "unknown" || one["evidence"].is_string());
        let explained = !matches!(state, "unknown" | "failed") || story["failure"].is_object();
        let told = |kind: &str| {
            let timeline = story["timeline"].as_array();
            timeline.is_some_and(|events| events.iter().any(|event| event["type"] == format!("message.{kind}")))
        };
        for (holds, what) in [
            (numbered, "its tries are not all there"),
            (last["state"] == expected, "its last try does not agree with it"),
            (earlier.iter().all(|one| one["state"] == "refused"), "something was tried again that was not refused"),
            (settled, "a try was settled by nothing"),
            (explained, "it does not say why"),
            (told("queued") && told(state), "its timeline does not tell of it"),
        ] {
            if !holds {
                self.find(Rule::Evidence, person, format!("{what}: {story}"));
            }
        }
    }
}
