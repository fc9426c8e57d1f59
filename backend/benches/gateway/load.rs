//! Callers side by side, each on its own connection, as lean as can be: they share the processors with what they measure.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One request, ready to be written.
pub struct Request {
    head: String,
    body: Vec<u8>,
}

impl Request {
    pub fn post(address: SocketAddr, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Self {
        let mut head = format!("POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in headers {
            head.push_str(name);
            head.push_str(": ");
            head.push_str(value);
            head.push_str("\r\n");
        }
        head.push_str("\r\n");
        Self { head, body }
    }

    fn bytes(&self) -> Vec<u8> {
        [self.head.as_bytes(), &self.body].concat()
    }
}

/// How much was done in which time.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    pub done: usize,
    pub took: Duration,
}

/// What a run of load came to.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    pub rate: Rate,
    /// What 99 of 100 callers waited at most for their answer.
    pub p99: Duration,
}

impl Rate {
    pub fn per_second(self) -> f64 {
        f64::from(u32::try_from(self.done).unwrap_or(u32::MAX)) / self.took.as_secs_f64()
    }
}

/// Sends `total` requests by this many callers; each must be answered with a status from 200 to 299.
pub async fn run<F>(address: SocketAddr, callers: usize, total: usize, make: F) -> Load
where
    F: Fn(usize) -> Request + Send + Sync + 'static,
{
    run_behind(address, callers, total, make, |_| std::future::ready(())).await
}

/// As [`run`]; before each request its caller waits for `let_go`.
pub async fn run_behind<F, G, W>(address: SocketAddr, callers: usize, total: usize, make: F, let_go: G) -> Load
where
    F: Fn(usize) -> Request + Send + Sync + 'static,
    G: Fn(usize) -> W + Clone + Send + 'static,
    W: Future<Output = ()> + Send,
{
    let (make, next) = (Arc::new(make), Arc::new(AtomicUsize::new(0)));
    let begun = Instant::now();
    let tasks: Vec<_> = (0..callers)
        .map(|_| {
            let (make, next, let_go) = (Arc::clone(&make), Arc::clone(&next), let_go.clone());
            tokio::spawn(async move {
                let mut connection = Connection::open(address).await;
                let mut waits = Vec::with_capacity(total / callers + 1);
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= total {
                        return waits;
                    }
                    let_go(number).await;
                    let request = make(number);
                    let asked = Instant::now();
                    connection.call(&request).await;
                    waits.push(asked.elapsed());
                }
            })
        })
        .collect();
    let mut waits = Vec::with_capacity(total);
    for task in tasks {
        waits.extend(task.await.expect("a caller got another answer than it should"));
    }
    let took = begun.elapsed();
    Load { rate: Rate { done: total, took }, p99: share_of(&mut waits, 99) }
}

/// What so many of a hundred waited at most.
pub fn share_of(waits: &mut [Duration], hundredths: usize) -> Duration {
    waits.sort_unstable();
    waits.get((waits.len() * hundredths / 100).min(waits.len().saturating_sub(1))).copied().unwrap_or_default()
}

struct Connection {
    stream: TcpStream,
    /// What was read, beginning with the answer that is being read.
    read: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("it listens");
        stream.set_nodelay(true).expect("a TCP option");
        Self { stream, read: Vec::with_capacity(4096) }
    }

    async fn call(&mut self, request: &Request) {
        self.stream.write_all(&request.bytes()).await.expect("it reads");
        let head = loop {
            if let Some(end) = self.read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
            self.more().await;
        };
        let text = String::from_utf8_lossy(&self.read[..head]).to_ascii_lowercase();
        let length = text
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |value| value.trim().parse::<usize>().expect("a length"));
        while self.read.len() < head + length {
            self.more().await;
        }
        let body = String::from_utf8_lossy(&self.read[head..head + length]).into_owned();
        assert!(text.starts_with("http/1.1 2"), "{text}{body}");
        self.read.drain(..head + length);
    }

    async fn more(&mut self) {
        let count = self.stream.read_buf(&mut self.read).await.expect("it answers");
        assert!(count > 0, "it closed the connection");
    }
}
