//! What stands between the gateway and the providers: hands requests on, or not, and spoils answers. Its book says of each
//! attempt whether it ever reached the provider, and what happened to its answer.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rand::RngExt;
use rand::rngs::StdRng;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch::{Receiver, Sender};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use uuid::Uuid;

use super::delay::hold_up;
use super::plan::chance;
use super::requests::{Attempt, attempt_of};
use super::support::watch;

/// What keeps the gateway from knowing what became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Harm {
    Dropped,
    Cut,
    Halved,
    Late,
    /// It came on a connection on which a second copy of an earlier answer was under way.
    AfterDouble,
    /// The provider answered with an error that says nothing.
    ServerError,
}

/// An attempt's way past here.
#[derive(Clone, Debug)]
pub struct Passage {
    pub person: String,
    /// How often a request with its id was read.
    pub arrived: u32,
    /// How often one was handed on to the provider.
    pub handed_on: u32,
    pub harm: Option<Harm>,
}

#[derive(Default)]
pub struct Book {
    pub passages: HashMap<Uuid, Passage>,
    pub delayed: usize,
    pub doubled: usize,
    /// When it did not accept connections, from and to. Those that nobody served broke off meanwhile.
    pub refusals: Vec<[DateTime<Utc>; 2]>,
}

/// The proxy, as long as it runs.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: JoinHandle<()>,
}

struct Shared {
    provider: SocketAddr,
    /// An answer that comes after this comes too late.
    patience: Duration,
    calm: AtomicBool,
    dice: Mutex<StdRng>,
    book: Mutex<Book>,
    seen: Sender<usize>,
}

/// What is done with a request to send.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Straight { last: bool },
    Doubled,
    Harmed(Harm),
}

impl Proxy {
    pub fn start(provider: SocketAddr, patience: Duration, dice: StdRng) -> Self {
        // Holds the port while nobody listens, so that connections are refused and the port is not lost.
        let place = socket(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
        let address = place.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            provider,
            patience,
            calm: AtomicBool::new(true),
            dice: Mutex::new(dice),
            book: Mutex::default(),
            seen: Sender::new(0),
        });
        let listener = listen(address).expect("its own port");
        let listening = tokio::spawn(Arc::clone(&shared).run(place, listener));
        Self { address, shared, listening }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Whether everything is let through unharmed from now on.
    pub fn be_calm(&self, calm: bool) {
        self.shared.calm.store(calm, Ordering::Release);
    }

    /// How many attempts have come past here.
    pub fn seen(&self) -> Receiver<usize> {
        self.shared.seen.subscribe()
    }

    /// Ends and gives the book.
    pub fn stop(self) -> Book {
        self.listening.abort();
        std::mem::take(&mut self.shared.book.lock().expect("no test panics in here"))
    }
}

fn socket(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    socket(address)?.listen(1024)
}

/// A process that is just being started may hold the former socket until it has become another program.
async fn listen_again(address: SocketAddr) -> TcpListener {
    let begun = Instant::now();
    loop {
        match listen(address) {
            Ok(listener) => return listener,
            Err(error) => assert!(begun.elapsed() < watch::DEADLINE, "{address}: {error}"),
        }
        hold_up(Duration::from_millis(1)).await;
    }
}

impl Shared {
    fn is_calm(&self) -> bool {
        self.calm.load(Ordering::Acquire)
    }

    fn roll<T>(&self, roll: impl FnOnce(&mut StdRng) -> T) -> T {
        roll(&mut self.dice.lock().expect("no test panics in here"))
    }

    fn noted<T>(&self, note: impl FnOnce(&mut Book) -> T) -> T {
        note(&mut self.book.lock().expect("no test panics in here"))
    }

    /// Takes connections, and for a moment now and then refuses them: for so short a time that the gateway seldom takes it for the
    /// provider's end.
    async fn run(self: Arc<Self>, _place: TcpSocket, mut listener: TcpListener) {
        let address = listener.local_addr().expect("an address");
        loop {
            let refusal = Instant::now() + self.roll(|dice| Duration::from_millis(dice.random_range(500..4_000)));
            while let Ok(accepted) = tokio::time::timeout_at(refusal, listener.accept()).await {
                if let Ok((stream, _)) = accepted {
                    let shared = Arc::clone(&self);
                    // A connection ends when either side does; what that means for an attempt stands in the book.
                    tokio::spawn(async move { shared.serve(stream).await.ok() });
                }
            }
            if self.is_calm() {
                continue;
            }
            let from = Utc::now();
            drop(listener);
            hold_up(self.roll(|dice| Duration::from_millis(dice.random_range(3..12)))).await;
            listener = listen_again(address).await;
            self.noted(|book| book.refusals.push([from, Utc::now()]));
        }
    }

    async fn serve(&self, stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let (reader, mut gateway) = stream.into_split();
        let mut reader = BufReader::new(reader);
        let mut after_double = false;
        while let Some(request) = read(&mut reader).await? {
            let Some(attempt) = attempt_of(&request.head, &request.body) else {
                let Some(answer) = self.ask(&request).await? else { return Ok(()) };
                gateway.write_all(&answer.bytes()).await?;
                continue;
            };
            let id = attempt.id;
            self.note_arrival(attempt, after_double);
            let way = if self.is_calm() { Way::Straight { last: false } } else { self.roll(way) };
            if let Way::Harmed(harm) = way {
                self.note(id, |passage| passage.harm = Some(harm));
            }
            self.delay().await;
            if way == Way::Harmed(Harm::Dropped) {
                return Ok(());
            }
            self.note(id, |passage| passage.handed_on += 1);
            let answer = self.ask(&request).await?;
            if answer.as_ref().is_none_or(Exchange::says_nothing) {
                self.note(id, |passage| passage.harm = Some(Harm::ServerError));
            }
            let Some(answer) = answer else { return Ok(()) };
            self.delay().await;
            if !self.give_back(&mut gateway, &answer, way).await? {
                return Ok(());
            }
            after_double |= way == Way::Doubled;
        }
        Ok(())
    }

    /// Asks the provider, on a connection of its own: nothing is lost here but what is meant to be.
    async fn ask(&self, request: &Exchange) -> io::Result<Option<Exchange>> {
        let provider = TcpStream::connect(self.provider).await?;
        provider.set_nodelay(true)?;
        let (answers, mut provider) = provider.into_split();
        provider.write_all(&request.bytes()).await?;
        read(&mut BufReader::new(answers)).await
    }

    /// Gives the answer in this way; false when the connection is over then.
    async fn give_back(&self, gateway: &mut OwnedWriteHalf, answer: &Exchange, way: Way) -> io::Result<bool> {
        let bytes = answer.bytes();
        match way {
            Way::Straight { last: false } => gateway.write_all(&bytes).await?,
            Way::Straight { last: true } => {
                gateway.write_all(&answer.as_the_last()).await?;
                return Ok(false);
            }
            Way::Doubled => {
                self.noted(|book| book.doubled += 1);
                gateway.write_all(&[bytes.as_slice(), bytes.as_slice()].concat()).await?;
            }
            Way::Harmed(Harm::Halved) => {
                gateway.write_all(&bytes[..bytes.len() / 2]).await?;
                return Ok(false);
            }
            Way::Harmed(Harm::Late) => {
                hold_up(self.patience).await;
                gateway.write_all(&bytes).await?;
                return Ok(false);
            }
            Way::Harmed(_) => return Ok(false),
        }
        Ok(true)
    }

    async fn delay(&self) {
        let delay = self.roll(|dice| dice.random_bool(chance::DELAYED).then(|| dice.random_range(1..250)));
        if let Some(delay) = delay.filter(|_| !self.is_calm()) {
            self.noted(|book| book.delayed += 1);
            hold_up(Duration::from_millis(delay)).await;
        }
    }

    fn note_arrival(&self, Attempt { id, person }: Attempt, after_double: bool) {
        let seen = self.noted(|book| {
            let passage = book.passages.entry(id).or_insert(Passage { person, arrived: 0, handed_on: 0, harm: None });
            passage.arrived += 1;
            if after_double {
                passage.harm = Some(Harm::AfterDouble);
            }
            book.passages.len()
        });
        self.seen.send_replace(seen);
    }

    fn note(&self, id: Uuid, note: impl FnOnce(&mut Passage)) {
        self.noted(|book| book.passages.get_mut(&id).map(note));
    }
}

fn way(dice: &mut StdRng) -> Way {
    let mut left: f64 = dice.random();
    for (chance, way) in [
        (chance::DROPPED, Way::Harmed(Harm::Dropped)),
        (chance::CUT, Way::Harmed(Harm::Cut)),
        (chance::HALVED, Way::Harmed(Harm::Halved)),
        (chance::LATE, Way::Harmed(Harm::Late)),
        (chance::DOUBLED, Way::Doubled),
        (chance::LAST_ANSWER, Way::Straight { last: true }),
    ] {
        if left < chance {
            return way;
        }
        left -= chance;
    }
    Way::Straight { last: false }
}

/// A request or an answer: its head up to and with the empty line, and its body.
struct Exchange {
    head: String,
    body: Vec<u8>,
}

impl Exchange {
    fn bytes(&self) -> Vec<u8> {
        [self.head.as_bytes(), &self.body].concat()
    }

    /// Whether it is an answer that does not say what became of the request.
    fn says_nothing(&self) -> bool {
        let status = self.head.split(' ').nth(1).and_then(|status| status.parse::<u16>().ok());
        status.expect("an answer has a status") >= 500 || status == Some(408)
    }

    /// With the word that the connection ends.
    fn as_the_last(&self) -> Vec<u8> {
        let head = self.head.trim_end();
        [format!("{head}\r\nconnection: close\r\n\r\n").as_bytes(), &self.body].concat()
    }
}

/// The next message on a connection; `None` at its end. Both sides tell the length beforehand.
async fn read(from: &mut BufReader<OwnedReadHalf>) -> io::Result<Option<Exchange>> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if from.read_line(&mut head).await? == 0 {
            return if head.is_empty() { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
        }
    }
    let header = |name: &str| {
        head.lines().filter_map(|line| line.split_once(':')).find(|(known, _)| known.eq_ignore_ascii_case(name))
    };
    assert!(header("transfer-encoding").is_none(), "a body of unknown length: {head}");
    let length = header("content-length").map_or(0, |(_, value)| value.trim().parse().expect("a length"));
    let mut body = vec![0; length];
    from.read_exact(&mut body).await?;
    Ok(Some(Exchange { head, body }))
}
