//! The budget of management calls of an app at a WhatsApp account: spent before each call, corrected by what each answer says
//! of the whole hour's use (direct.md §1.4, §4.9).

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;

use crate::client::{HttpClient, Request, Response, TransportError};
use crate::clock::SharedClock;
use crate::domain::time::Ts;
use crate::providers::management::{ManagementReason, ManagementStanding, ManagementState};

use super::allowance::{Allowance, Closed, HOUR};
use super::response::GraphError;

/// Calls an hour before a number is registered and active on the account, and with one (direct.md §4.9).
const WITHOUT_NUMBER: u32 = 200;
const WITH_NUMBER: u32 = 5_000;
/// Templates that may be made in an hour (direct.md §4.9).
const CREATIONS: u32 = 100;
/// From so much used, looks of the gateway's own are made with pauses; from so much, not at all (direct.md §1.4).
const SLOWED_PERCENT: u32 = 75;
const URGENT_ONLY_PERCENT: u32 = 95;
/// What a provider's word of the use is worth: it speaks of an hour that goes on.
const REPORT_HOLDS: Duration = Duration::from_secs(15 * 60);
/// Calls of the longest look, the whole connection check.
const CALLS_OF_LOOK: u32 = 6;
/// The pauses let a quarter of the kept calls through.
const SLOWED_SHARE: u32 = 4;
/// A call waits for so long; for longer it is refused here, with the time to wait.
const PATIENCE: Duration = Duration::from_secs(3);
/// Codes of too many calls (direct.md §4.9, §5).
pub const TOO_MANY: [u32; 5] = [4, 17, 32, 613, 80_007];
const TOO_MANY_REQUESTS: u16 = 429;

/// What a call does, as far as it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Any,
    /// Makes a template, of which an hour takes fewer.
    Creation,
}

/// Too many calls were made already: this one was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resting {
    pub until: Ts,
    /// From now to then.
    pub wait: Duration,
}

impl fmt::Display for Resting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the calls that Meta takes for this account in an hour are used up; the next one goes from {}",
            self.until.to_the_minute()
        )
    }
}

#[derive(Clone, Copy, Debug)]
struct Report {
    percent: u32,
    at: Ts,
}

/// Pure: told the time and the answers.
#[derive(Debug)]
struct Counts {
    calls: Allowance,
    creations: Allowance,
    report: Option<Report>,
    looked_at: Option<Ts>,
}

/// How much is let through now, why not more, and until when.
type Verdict = (ManagementState, Option<(ManagementReason, Ts)>);

impl Counts {
    const fn new(now: Ts) -> Self {
        let calls = Allowance::new(WITHOUT_NUMBER, now);
        Self { calls, creations: Allowance::new(CREATIONS, now), report: None, looked_at: None }
    }

    fn verdict(&mut self, now: Ts) -> Verdict {
        match self.calls.closed(now) {
            Some(Closed::Used(until)) => return (ManagementState::Closed, Some((ManagementReason::Used, until))),
            Some(Closed::Refused(until)) => return (ManagementState::Closed, Some((ManagementReason::Refused, until))),
            None => {}
        }
        let own = self.calls.used(now).saturating_mul(100) / self.calls.kept();
        let reported = self.report(now);
        let (percent, because) = match reported {
            Some(report) if report.percent >= own => {
                (report.percent, (ManagementReason::Reported, report.at.plus(REPORT_HOLDS)))
            }
            _ => (own, (ManagementReason::Used, self.calls.below(SLOWED_PERCENT, now))),
        };
        if percent >= URGENT_ONLY_PERCENT {
            return (ManagementState::UrgentOnly, Some(because));
        }
        if self.calls.is_lowered() {
            return (ManagementState::Slowed, Some((ManagementReason::Refused, self.calls.whole_at())));
        }
        if percent >= SLOWED_PERCENT {
            return (ManagementState::Slowed, Some(because));
        }
        (ManagementState::Open, None)
    }

    fn report(&self, now: Ts) -> Option<Report> {
        self.report.filter(|report| now.since(report.at) < REPORT_HOLDS)
    }

    /// Lets one look of the gateway's own through, or says when to come again.
    fn look(&mut self, now: Ts) -> Result<(), Ts> {
        let pause = HOUR.saturating_mul(CALLS_OF_LOOK * SLOWED_SHARE) / self.calls.kept();
        match self.verdict(now) {
            (ManagementState::Closed | ManagementState::UrgentOnly, because) => {
                return Err(because.map_or_else(|| now.plus(pause), |(_, until)| until));
            }
            (ManagementState::Slowed, _) => {
                if let Some(due) = self.looked_at.map(|at| at.plus(pause)).filter(|due| *due > now) {
                    return Err(due);
                }
            }
            (ManagementState::Open, _) => {}
        }
        self.looked_at = Some(now);
        Ok(())
    }

    /// Spends one call, or says when there is one.
    fn take(&mut self, call: Call, now: Ts) -> Result<(), Ts> {
        let creations = match call {
            Call::Creation => self.creations.closed(now),
            Call::Any => None,
        };
        let closed = self.calls.closed(now).map(Closed::until).max(creations.map(Closed::until));
        if let Some(until) = closed {
            return Err(until);
        }
        self.calls.spend(now);
        if call == Call::Creation {
            self.creations.spend(now);
        }
        Ok(())
    }

    fn heard(&mut self, call: Call, answer: &Answer, now: Ts) {
        if let Some(percent) = answer.percent {
            self.report = Some(Report { percent, at: now });
        }
        let used_up = answer.percent.is_some_and(|percent| percent >= URGENT_ONLY_PERCENT);
        if answer.refused && call == Call::Creation && answer.percent.is_some() && !used_up {
            self.creations.refused(answer.code, answer.wait, now);
        } else if answer.refused || answer.wait.is_some() {
            self.calls.refused(answer.code, answer.wait, now);
        }
    }

    fn standing(&mut self, now: Ts) -> ManagementStanding {
        let (state, because) = self.verdict(now);
        ManagementStanding {
            limit_per_hour: self.calls.per_hour(),
            kept_per_hour: self.calls.kept(),
            used_last_hour: self.calls.used(now),
            reported_percent: self.report(now).and_then(|report| u8::try_from(report.percent.min(100)).ok()),
            state,
            reason: because.map(|(reason, _)| reason),
            provider_code: self.calls.code().map(|code| code.to_string()),
            until: because.map(|(_, until)| until),
        }
    }
}

/// What an answer says of the allowance.
#[derive(Clone, Copy, Debug, Default)]
struct Answer {
    /// Of the most used of the allowances that the headers name.
    percent: Option<u32>,
    /// Until calls are taken again.
    wait: Option<Duration>,
    refused: bool,
    code: Option<u32>,
}

impl Answer {
    fn read(response: &Response) -> Self {
        let code = GraphError::read(&response.json().unwrap_or(Value::Null)).code;
        let refused = !response.is_success()
            && (code.is_some_and(|code| TOO_MANY.contains(&code))
                || (code.is_none() && response.status == TOO_MANY_REQUESTS));
        Self {
            percent: reported(response),
            wait: response.retry_after().filter(|_| refused).max(regain(response)),
            refused,
            code: code.filter(|_| refused),
        }
    }
}

/// One budget, for all channels of the app and the account in this process. Cheap to clone.
#[derive(Clone)]
pub struct CallBudget {
    counts: Arc<Mutex<Counts>>,
    clock: SharedClock,
}

impl fmt::Debug for CallBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CallBudget").field(&self.counts).finish()
    }
}

impl CallBudget {
    pub fn new(clock: SharedClock) -> Self {
        let counts = Arc::new(Mutex::new(Counts::new(clock.now())));
        Self { counts, clock }
    }

    fn with<T>(&self, act: impl FnOnce(&mut Counts, Ts) -> T) -> T {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        act(&mut counts, self.clock.now())
    }

    pub fn standing(&self) -> ManagementStanding {
        self.with(Counts::standing)
    }

    /// Lets one look of the gateway's own through.
    ///
    /// # Errors
    /// When to come again.
    pub fn look(&self) -> Result<(), Ts> {
        self.with(Counts::look)
    }

    /// A registered and active number was seen: more calls are taken.
    pub fn number_is_active(&self) {
        self.with(|counts, _| counts.calls.set_per_hour(WITH_NUMBER));
    }

    /// Sends a call that is counted, after a short wait if need be.
    ///
    /// # Errors
    /// It would have to wait for longer; it was not sent.
    pub async fn send(
        &self,
        client: &HttpClient,
        call: Call,
        request: Request,
    ) -> Result<Result<Response, TransportError>, Resting> {
        if let Err(resting) = self.take(call) {
            if resting.wait > PATIENCE {
                return Err(resting);
            }
            tokio::time::sleep(resting.wait).await;
            self.take(call)?;
        }
        let outcome = client.send(request).await;
        if let Ok(response) = &outcome {
            let answer = Answer::read(response);
            self.with(|counts, now| counts.heard(call, &answer, now));
        }
        Ok(outcome)
    }

    fn take(&self, call: Call) -> Result<(), Resting> {
        self.with(|counts, now| counts.take(call, now).map_err(|until| Resting { until, wait: until.since(now) }))
    }
}

fn business_use(response: &Response) -> Vec<Value> {
    let usage = response.header("x-business-use-case-usage").and_then(|text| serde_json::from_str::<Value>(text).ok());
    let entries = usage.iter().filter_map(Value::as_object).flat_map(|all| all.values());
    entries.filter_map(Value::as_array).flatten().cloned().collect()
}

/// The most used of all allowances that the headers name, in percent; beyond 100 when more was asked for. Nothing when they
/// name none.
pub fn reported(response: &Response) -> Option<u32> {
    let app = response.header("x-app-usage").and_then(|text| serde_json::from_str::<Value>(text).ok());
    let percents = business_use(response).into_iter().chain(app).flat_map(|entry| {
        ["call_count", "total_cputime", "total_time"].map(|name| entry.get(name).and_then(Value::as_u64))
    });
    percents.flatten().max().map(|most| u32::try_from(most).unwrap_or(u32::MAX))
}

/// The longest wait the headers name, in minutes there.
pub fn regain(response: &Response) -> Option<Duration> {
    let entries = business_use(response);
    let minutes = entries.iter().filter_map(|one| one.get("estimated_time_to_regain_access").and_then(Value::as_u64));
    let most = minutes.max().filter(|minutes| *minutes > 0)?;
    Some(Duration::from_secs(most.saturating_mul(60)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Ts = Ts(1_700_000_017_000_000);

    fn answer(percent: u32) -> Answer {
        Answer { percent: Some(percent), ..Answer::default() }
    }

    #[test]
    fn meta_s_word_slows_looks_down_and_then_stops_them_while_people_go_on() {
        let mut counts = Counts::new(NOW);
        assert_eq!((counts.look(NOW), counts.look(NOW)), (Ok(()), Ok(())));
        counts.heard(Call::Any, &answer(75), NOW);
        // 180 calls are kept: a quarter of them in looks of six calls are 7.5 looks an hour.
        let due = NOW.plus(Duration::from_secs(480));
        assert_eq!((counts.look(NOW), counts.look(due), counts.look(due).is_err()), (Err(due), Ok(()), true));
        counts.heard(Call::Any, &answer(95), due);
        assert_eq!(counts.look(due), Err(due.plus(REPORT_HOLDS)));
        assert_eq!(counts.take(Call::Any, due), Ok(()));
        let shown = counts.standing(due);
        assert_eq!((shown.state, shown.reason), (ManagementState::UrgentOnly, Some(ManagementReason::Reported)));
        assert_eq!((shown.reported_percent, shown.used_last_hour), (Some(95), 1));
        assert_eq!(counts.look(due.plus(REPORT_HOLDS)), Ok(()));
        assert_eq!(counts.standing(due.plus(REPORT_HOLDS)).state, ManagementState::Open);
    }

    #[test]
    fn a_refusal_closes_for_the_named_time_and_one_of_creations_closes_only_those() {
        let mut counts = Counts::new(NOW);
        let wait = Duration::from_secs(600);
        let refused = Answer { refused: true, code: Some(80_007), wait: Some(wait), percent: Some(3) };
        counts.heard(Call::Creation, &refused, NOW);
        assert_eq!(counts.take(Call::Creation, NOW), Err(NOW.plus(wait)));
        assert_eq!(counts.take(Call::Any, NOW), Ok(()));
        counts.heard(Call::Any, &refused, NOW);
        assert_eq!(counts.take(Call::Any, NOW), Err(NOW.plus(wait)));
        let shown = counts.standing(NOW);
        assert_eq!((shown.state, shown.provider_code.as_deref()), (ManagementState::Closed, Some("80007")));
        assert_eq!((shown.limit_per_hour, shown.kept_per_hour), (200, 90));
        let after = counts.standing(NOW.plus(wait));
        assert_eq!((after.state, after.reason), (ManagementState::Slowed, Some(ManagementReason::Refused)));
        assert_eq!(counts.standing(after.until.unwrap()).kept_per_hour, 180);
    }

    #[test]
    fn an_account_without_a_number_gets_fewer_calls_and_fewer_creations_still() {
        let mut counts = Counts::new(NOW);
        let made = (0..200).filter(|_| counts.take(Call::Creation, NOW).is_ok()).count();
        let others = (0..200).filter(|_| counts.take(Call::Any, NOW).is_ok()).count();
        assert_eq!((made, others), (90, 90));
        assert_eq!(counts.standing(NOW).reason, Some(ManagementReason::Used));
        counts.calls.set_per_hour(WITH_NUMBER);
        assert_eq!((counts.take(Call::Any, NOW), counts.take(Call::Creation, NOW).is_err()), (Ok(()), true));
    }

    #[test]
    fn the_headers_are_read() {
        let use_case = r#"{"300":[{"type":"x","call_count":7,"total_cputime":0,"total_time":81,"estimated_time_to_regain_access":12}]}"#;
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let headers =
            vec![header("x-app-usage", r#"{"call_count":12}"#), header("x-business-use-case-usage", use_case)];
        let body = br#"{"error":{"code":613,"message":"m"}}"#.to_vec();
        let read = Answer::read(&Response { status: 400, headers, body });
        assert_eq!((read.percent, read.wait), (Some(81), Some(Duration::from_secs(720))));
        assert_eq!((read.refused, read.code), (true, Some(613)));
        let plain = Answer::read(&Response { status: 200, headers: Vec::new(), body: b"{}".to_vec() });
        assert_eq!((plain.percent, plain.wait, plain.refused), (None, None, false));
    }
}
