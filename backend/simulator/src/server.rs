//! Starts and stops a simulator: one listener for both providers and the admin API.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{ServerHandle, Service as _};
use actix_web::{App, HttpServer, web};
use tokio_util::task::TaskTracker;

use crate::admin::{self, AdminClient, AdminError, AdminToken};
use crate::config::SimulatorConfig;
use crate::error::SimulatorError;
use crate::state::World;
use crate::{connection, delivery, direct, ids, media, twilio};

/// How long an idle connection stays open: longer than clients keep theirs, so that none is closed just as a request is on its way.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// Largest request body: what Meta sends by webhook at most (direct.md §3.3) is ample here too.
const BODY_LIMIT: usize = 3 << 20;
/// How long requests that are being answered may take when the simulator stops, in seconds.
const STOP_SECONDS: u64 = 1;

/// A running simulator. Dropping it stops it without waiting.
pub struct Simulator {
    addr: SocketAddr,
    admin_token: Arc<str>,
    world: Arc<World>,
    server: ServerHandle,
    tasks: TaskTracker,
    /// One token per request that is being answered.
    requests: TaskTracker,
}

/// Starts a simulator in the current tokio runtime, be it one of actix or a plain one.
///
/// # Errors
/// When the address is not a loopback address or taken, or the data folder cannot be used or is damaged.
pub async fn start(config: SimulatorConfig) -> Result<Simulator, SimulatorError> {
    if !config.listen.ip().is_loopback() {
        return Err(SimulatorError::NotLoopback(config.listen));
    }
    let listen_error = |source| SimulatorError::Listen { address: config.listen, source };
    let listener = TcpListener::bind(config.listen).map_err(listen_error)?;
    let addr = listener.local_addr().map_err(listen_error)?;
    let admin_token: Arc<str> = config.admin_token.clone().unwrap_or_else(ids::hex_string::<32>).into();

    let world = World::open(&config, addr)?;
    let shared = web::Data::from(Arc::clone(&world));
    let token = web::Data::new(AdminToken(Arc::clone(&admin_token)));
    let requests = TaskTracker::new();
    let open_requests = requests.clone();
    let server = HttpServer::new(move || {
        let requests = requests.clone();
        App::new()
            .wrap_fn(move |request, service| {
                let token = requests.token();
                let answer = service.call(request);
                async move {
                    let answer = answer.await;
                    drop(token);
                    answer
                }
            })
            .app_data(shared.clone())
            .app_data(token.clone())
            .app_data(web::PayloadConfig::new(BODY_LIMIT))
            .configure(admin::routes)
            .configure(media::routes)
            .configure(twilio::routes)
            .configure(direct::routes)
    })
    .workers(config.workers.clamp(1, 8))
    .keep_alive(KEEP_ALIVE)
    .on_connect(connection::keep_handle)
    .disable_signals()
    .shutdown_timeout(STOP_SECONDS)
    .listen(listener)
    .map_err(listen_error)?
    .run();

    let (handle, tasks) = (server.handle(), TaskTracker::new());
    tasks.spawn(server);
    delivery::spawn(&world, config.webhook_concurrency.clamp(1, 256), &tasks);
    tasks.close();
    tracing::info!(%addr, "simulator: listening");
    Ok(Simulator { addr, admin_token, world, server: handle, tasks, requests: open_requests })
}

impl Simulator {
    /// The address of the listener, with the port that was taken.
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The bearer token of the admin API, good until this simulator stops.
    #[must_use]
    pub fn admin_token(&self) -> &str {
        &self.admin_token
    }

    /// Base URL of both providers and the admin API, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// A client of this simulator's admin API.
    ///
    /// # Errors
    /// When the HTTP client cannot be built.
    pub fn admin(&self) -> Result<AdminClient, AdminError> {
        AdminClient::new(self.base_url(), self.admin_token())
    }

    /// Stops within about two seconds. What was accepted stays in the data folder, and unfinished webhooks go out at the next start.
    pub async fn stop(self) {
        self.world.stopping.cancel();
        self.requests.close();
        // Idle connections would use up the whole grace of a graceful stop, so open requests are waited for here.
        let _ = tokio::time::timeout(Duration::from_secs(STOP_SECONDS), self.requests.wait()).await;
        self.server.stop(false).await;
        self.tasks.wait().await;
        if let Err(error) = self.world.ledger.flush() {
            tracing::error!(%error, "simulator: the ledger could not be written");
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.world.stopping.cancel();
        // The command is sent at once; the future only waits for its end.
        drop(self.server.stop(false));
    }
}

impl std::fmt::Debug for Simulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Simulator").field("addr", &self.addr).finish_non_exhaustive()
    }
}
