//! Whatever happens in whatever order: nothing is accepted for somebody after they have opted out of it.

use std::collections::{BTreeMap, BTreeSet};

use duplex::clock::{Clock as _, SystemClock};
use duplex::domain::time::Ts;
use duplex_simulator::{Direction, Event};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use rstest::rstest;
use serde_json::{Value, json};

use crate::offers;
use crate::stage::{Stage, id_of};
use crate::support::Database;

const PEOPLE: usize = 2;
const STEPS: usize = 14;
const CASES: u32 = 6;

#[derive(Clone, Debug)]
enum Step {
    /// By number, or by the user id that was last seen.
    Suppress {
        who: usize,
        hidden: bool,
        everything: bool,
    },
    Lift {
        who: usize,
        everything: bool,
    },
    /// Written to a provider's sender.
    Says {
        who: usize,
        hidden: bool,
        out: bool,
        twilio: bool,
    },
    /// Names the person by both names: what was two becomes one.
    Meets {
        who: usize,
    },
    Send {
        who: usize,
        hidden: bool,
        offer: bool,
        twilio: bool,
    },
    NewNumber {
        who: usize,
    },
    Holds,
    Resumes,
}

fn step() -> impl Strategy<Value = Step> {
    let (who, yes) = (0..PEOPLE, any::<bool>());
    prop_oneof![
        3 => (who.clone(), yes, yes).prop_map(|(who, hidden, everything)| Step::Suppress { who, hidden, everything }),
        1 => (who.clone(), yes).prop_map(|(who, everything)| Step::Lift { who, everything }),
        2 => (who.clone(), yes, yes, yes).prop_map(|(who, hidden, out, twilio)| Step::Says { who, hidden, out, twilio }),
        1 => who.clone().prop_map(|who| Step::Meets { who }),
        8 => (who.clone(), yes, yes, yes).prop_map(|(who, hidden, offer, twilio)| Step::Send { who, hidden, offer, twilio }),
        1 => who.prop_map(|who| Step::NewNumber { who }),
        1 => Just(Step::Holds),
        1 => Just(Step::Resumes),
    ]
}

/// From when on what stood for a name: of everything, and of marketing.
type History = BTreeMap<String, Vec<(Ts, [bool; 2])>>;

/// One person as far as the gateway must know: names that were met together, and what stands for them.
#[derive(Clone, Debug, Default)]
struct Known {
    names: BTreeSet<String>,
    stands: [bool; 2],
}

struct World<'a> {
    stage: &'a Stage,
    /// Numbers at present; a hidden name is not used any more once the number has changed.
    numbers: Vec<String>,
    hidden: Vec<Option<String>>,
    moved: Vec<bool>,
    known: Vec<Known>,
    /// All that each has ever been called.
    called: Vec<BTreeSet<String>>,
    history: History,
    sent: Vec<(String, String, bool)>,
}

impl<'a> World<'a> {
    fn new(stage: &'a Stage, case: usize) -> Self {
        let numbers = (0..PEOPLE).map(|who| format!("+4477{:08}", 1_000_000 + case * 100 + who)).collect();
        Self {
            stage,
            numbers,
            hidden: vec![None; PEOPLE],
            moved: vec![false; PEOPLE],
            known: Vec::new(),
            called: vec![BTreeSet::new(); PEOPLE],
            history: History::new(),
            sent: Vec::new(),
        }
    }

    fn name(&self, who: usize, hidden: bool) -> String {
        let id = self.hidden[who].clone().filter(|_| hidden && !self.moved[who]);
        id.unwrap_or_else(|| self.numbers[who].clone())
    }

    /// Puts names together. What stands for one of them stands for all: whatever ended it ended it for all of the person's.
    fn join(&mut self, who: usize, names: &[String]) -> usize {
        self.called[who].extend(names.iter().cloned());
        let (mut joined, mut others) = (Known::default(), Vec::new());
        joined.names.extend(names.iter().cloned());
        for known in std::mem::take(&mut self.known) {
            if known.names.is_disjoint(&joined.names) {
                others.push(known);
                continue;
            }
            for (own, other) in joined.stands.iter_mut().zip(known.stands) {
                *own |= other;
            }
            joined.names.extend(known.names);
        }
        others.push(joined);
        self.known = others;
        let index = self.known.len() - 1;
        self.note(index, SystemClock.now());
        index
    }

    /// From then on, for all of the person's names.
    fn note(&mut self, index: usize, from: Ts) {
        let known = &self.known[index];
        for name in &known.names {
            self.history.entry(name.clone()).or_default().push((from, known.stands));
        }
    }

    fn stops(&mut self, who: usize, name: &str, scope: usize) {
        let index = self.join(who, &[name.to_owned()]);
        self.known[index].stands[scope] = true;
        self.note(index, SystemClock.now());
    }

    /// Receipts may have taught the gateway that more names are the person's than the test can know: nothing is demanded of any
    /// of them, from the moment on at which it was asked for.
    fn ends(&mut self, who: usize, scopes: &[usize], asked: Ts) {
        for index in 0..self.known.len() {
            if self.known[index].names.is_disjoint(&self.called[who]) {
                continue;
            }
            for scope in scopes {
                self.known[index].stands[*scope] = false;
            }
            self.note(index, asked);
        }
    }

    async fn take(&mut self, step: &Step) {
        let program = &self.stage.program;
        match step {
            Step::Suppress { who, hidden, everything } => {
                let name = self.name(*who, *hidden);
                let scope = if *everything { "all" } else { "marketing" };
                program.post("/api/v1/suppressions", json!({ "person": name, "scope": scope })).await.expect(200);
                self.stops(*who, &name, usize::from(!everything));
            }
            Step::Lift { who, everything } => {
                let name = self.name(*who, false);
                let scope = if *everything { "all" } else { "marketing" };
                let asked = SystemClock.now();
                let lifted = program.post("/api/v1/suppressions/lift", json!({ "person": name, "scope": scope })).await;
                assert!(matches!(lifted.status, 200 | 404), "{:#}", lifted.json);
                self.ends(*who, &[usize::from(!everything)], asked);
            }
            Step::Says { who, hidden, out, twilio } => {
                let hidden = *hidden && !self.moved[*who];
                let word = if *out { "stop" } else { "start" };
                let asked = SystemClock.now();
                let came = self.hears(*who, hidden, json!(word), *twilio).await;
                if *out {
                    self.stops(*who, &came, 0);
                } else {
                    self.ends(*who, &[0, 1], asked);
                }
            }
            Step::Meets { who } if !self.moved[*who] => {
                self.hears(*who, true, json!("Hi"), false).await;
                self.hears(*who, false, json!("Hello"), false).await;
            }
            Step::Send { who, hidden, offer, twilio } => self.send(*who, *hidden, *offer, *twilio).await,
            Step::NewNumber { who } if !self.moved[*who] => {
                self.hears(*who, false, json!("I move"), false).await;
                let (old, new) = (self.numbers[*who].clone(), format!("{}9", self.numbers[*who]));
                let note = json!({ "kind": "number_change", "new_number": new });
                let told = json!({ "from": old, "provider": "direct", "content": note });
                self.stage.receives(told).await;
                let index = self.join(*who, &[old, new.clone()]);
                self.known[index].names = BTreeSet::from([new.clone()]);
                (self.numbers[*who], self.moved[*who]) = (new, true);
            }
            Step::Meets { .. } | Step::NewNumber { .. } => {}
            Step::Holds => self.turn("hold").await,
            Step::Resumes => self.turn("resume").await,
        }
    }

    /// Something is written to us; the name under which it came.
    async fn hears(&mut self, who: usize, hidden: bool, text: Value, twilio: bool) -> String {
        let provider = if twilio { "twilio" } else { "direct" };
        let number = self.numbers[who].clone();
        let note = json!({ "from": number, "hide_number": hidden, "provider": provider, "text": text });
        let came = self.stage.receives(note).await["person"].as_str().unwrap().to_owned();
        if hidden && !twilio {
            self.hidden[who] = Some(came.clone());
        }
        // A message that names the number names the user id, too: Meta's and Twilio's own are different ones.
        let mut names = vec![came.clone()];
        if !hidden && !self.moved[who] && !twilio {
            names.extend(self.hidden[who].clone());
        }
        self.join(who, &names);
        came
    }

    async fn turn(&self, how: &str) {
        let channels = self.stage.program.get("/api/v1/channels").await.expect(200);
        for channel in channels["data"].as_array().unwrap() {
            let path = format!("/api/v1/channels/{}/{how}", channel["id"].as_str().unwrap());
            // Held twice is held.
            let answer = self.stage.program.post(&path, json!({})).await;
            assert!(matches!(answer.status, 200 | 409), "{:#}", answer.json);
        }
    }

    /// What stands for this name and class, as far as the test can know.
    fn stands(&self, name: &str, offer: bool) -> bool {
        let known = self.known.iter().find(|known| known.names.contains(name));
        known.is_some_and(|known| known.stands[0] || (offer && known.stands[1]))
    }

    async fn send(&mut self, who: usize, hidden: bool, offer: bool, twilio: bool) {
        let (name, provider) = (self.name(who, hidden), if twilio { "twilio" } else { "direct" });
        let text = json!({ "to": name, "content": { "type": "text", "body": "Hello" } });
        let mut message = if offer { offers::offer(&name) } else { text };
        message["provider"] = json!(provider);
        let answer = self.stage.program.post("/api/v1/messages", message).await;
        if self.stands(&name, offer) {
            assert_eq!(answer.complaints(), [("to".to_owned(), "recipient_opted_out".to_owned())], "{:#}", answer.json);
        } else if answer.status == 202 {
            self.sent.push((id_of(&answer.json), name, offer));
        }
    }

    /// Everything that was accepted was accepted for somebody who had not opted out of it when its attempt began.
    async fn judge(&self, steps: &[Step]) {
        self.turn("resume").await;
        let (mut begun, ends) = (BTreeMap::new(), ["read", "delivered", "failed"]);
        for (id, name, offer) in &self.sent {
            let over = |story: &Value| ends.contains(&story["state"].as_str().unwrap());
            let path = format!("/api/v1/messages/{id}");
            let story = self.stage.app.until(&self.stage.program, &path, over).await;
            for attempt in story["tries"].as_array().unwrap() {
                let at = Ts::parse(attempt["created_at"].as_str().unwrap()).unwrap();
                begun.insert(attempt["id"].as_str().unwrap().to_owned(), (name.clone(), *offer, at));
            }
        }
        for entry in self.stage.simulator.ledger(0, 10_000).await.unwrap() {
            let Event::Accepted(record) = entry.event else { continue };
            assert_eq!(record.direction, Direction::Outbound);
            let Some((name, offer, at)) = begun.get(record.correlation.as_deref().unwrap()) else { continue };
            let mut known = self.history.get(name).into_iter().flatten();
            let last = known.rfind(|(from, _)| from < at).map_or([false; 2], |(_, stands)| *stands);
            assert!(
                !(last[0] || (*offer && last[1])),
                "{name} got a message although {last:?} stood at {at}: {steps:#?}"
            );
        }
    }
}

#[rstest]
#[tokio::test]
async fn nothing_reaches_whoever_has_opted_out(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database, "direct").await;
    offers::approve(&stage).await;
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        prop::test_runner::TestRng::deterministic_rng(prop::test_runner::RngAlgorithm::ChaCha),
    );
    for case in 0..CASES {
        let steps = prop::collection::vec(step(), STEPS).new_tree(&mut runner).unwrap().current();
        let mut world = World::new(&stage, usize::try_from(case).unwrap());
        for step in &steps {
            world.take(step).await;
        }
        world.judge(&steps).await;
    }
    stage.app.stop().await;
}
