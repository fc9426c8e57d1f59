//! The composition root: the only place that builds and joins everything, for the binary and for tests alike.

pub mod admin;
mod error;
mod figures;
mod retention;
mod rooms;
mod samples;
mod sandbox;
mod secret_key;
mod simulator;
mod workers;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::{HttpServer, web};
use secrecy::SecretString;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

use crate::auth::Authenticator;
use crate::channels::sandbox::Sandbox;
use crate::clock::{SharedClock, SystemClock};
use crate::config::{Config, NodeRole};
use crate::domain::provider::Environment;
use crate::http::console::Console;
use crate::http::context::Furnish;
use crate::http::health::Liveness;
use crate::http::limits::RateLimits;
use crate::http::{self, Context};
use crate::storage::{DatabaseUrl, Db, installation};
use crate::vault::Vault;
pub use error::StartError;
use figures::Figures;
use rooms::Rooms;
use workers::Workers;

/// How long what has ended gets to let go of the database.
const RELEASE: Duration = Duration::from_secs(5);

/// A program that listens and works.
pub struct App {
    /// Where it listens, with the port that was taken.
    pub addr: SocketAddr,
    /// Where the figures are, if they are asked for.
    pub metrics_addr: Option<SocketAddr>,
    /// For whoever sets the installation up; `None` when that is done.
    pub setup_code: Option<SecretString>,
    /// What handlers work with.
    pub context: web::Data<Context>,
    server: ServerHandle,
    serving: JoinHandle<std::io::Result<()>>,
    figures: Option<Figures>,
    simulator: Option<simulator::Running>,
    workers: Workers,
}

/// Opens the database, brings it to this version and starts everything.
///
/// # Errors
/// Something that was asked for can't be had; each error is one line for the operator.
pub async fn build(config: Config) -> Result<App, StartError> {
    build_with(config, Arc::new(SystemClock)).await
}

/// As [`build`], with a clock of the caller's.
///
/// # Errors
/// As [`build`].
pub async fn build_with(config: Config, clock: SharedClock) -> Result<App, StartError> {
    let config = Arc::new(config);
    demand_fitting_role(&config)?;
    let foundation = Foundation::lay(&config, &clock).await?;
    let figures = config.server.metrics_listen.map(Figures::start).transpose()?;
    let (listener, addr) = listen(config.server.listen)?;
    let simulator = if config.sandbox.is_on() { Some(simulator::Running::start(&config).await?) } else { None };

    let rooms = Rooms::join(&config, &foundation, &clock, addr, simulator.as_ref())?;
    let auth = Authenticator::new(foundation.db.clone(), Arc::clone(&foundation.vault), Arc::clone(&clock));
    let setup_code = auth.new_setup_code(config.secrets.setup_code.clone()).await.map_err(StartError::setup)?;
    let context = web::Data::new(Context {
        console: Console::new(config.server.console_dir.as_deref(), &rooms.public_url),
        public_url: rooms.public_url,
        limits: RateLimits::new(&config.limits),
        db: foundation.db,
        vault: foundation.vault,
        live: rooms.live,
        channels: rooms.channels,
        alert_endpoints: rooms.alert_endpoints,
        webhook_endpoints: rooms.webhook_endpoints,
        outbox: rooms.outbox,
        fitness: rooms.fitness,
        failover: rooms.failover,
        templates: rooms.templates,
        ingest: rooms.ingest,
        media: rooms.media,
        liveness: Liveness::default(),
        furnish: furnish(rooms.sandbox.clone()),
        sandbox: rooms.sandbox,
        stopping: CancellationToken::new(),
        requests: TaskTracker::new(),
        auth,
        clock,
        config,
    });
    let workers = Workers::start(&context, rooms.queues).await?;
    let (server, serving) = serve(listener, &context)?;
    Ok(App {
        addr,
        metrics_addr: figures.as_ref().map(|figures| figures.addr),
        setup_code,
        context,
        server,
        serving,
        figures,
        simulator,
        workers,
    })
}

/// The database and the key that opens its secrets.
pub(crate) struct Foundation {
    pub db: Db,
    pub vault: Arc<Vault>,
}

impl Foundation {
    /// Opens and migrates the database, and proves that the key is the one with which it was filled.
    pub async fn lay(config: &Config, clock: &SharedClock) -> Result<Self, StartError> {
        secret_key::make_folder(&config.storage.data_dir)?;
        let url = config.database();
        let db = Db::open(&url, config.storage.database_connections).map_err(StartError::Database)?;
        db.migrate().await.map_err(StartError::Database)?;
        let mut key = secret_key::find_or_make(config)?;
        let (fingerprint, now) = (key.fingerprint(), clock.now());
        let known = db
            .write(move |conn| installation::found_or_made(conn, &fingerprint, now))
            .await
            .map_err(StartError::Database)?;
        if known.key_fingerprint != fingerprint {
            key = secret_key::finish_exchange(config, &known.key_fingerprint)?.ok_or(StartError::WrongKey)?;
        }
        Ok(Self { db, vault: Arc::new(Vault::new(key)) })
    }
}

/// A sandbox workspace starts with a channel of each provider; a live one with none.
fn furnish(sandbox: Option<Sandbox>) -> Furnish {
    Arc::new(move |workspace| {
        let sandbox = sandbox.clone().filter(|_| workspace.environment == Environment::Sandbox);
        Box::pin(async move {
            match sandbox {
                Some(sandbox) => Ok(sandbox.provision(workspace.id).await?),
                None => Ok(()),
            }
        })
    })
}

/// One process has SQLite to itself, and one node the simulator.
fn demand_fitting_role(config: &Config) -> Result<(), StartError> {
    if config.server.role == NodeRole::All {
        return Ok(());
    }
    if matches!(config.database(), DatabaseUrl::Sqlite(_)) {
        return Err(StartError::RoleOnSqlite);
    }
    if config.sandbox.is_on() { Err(StartError::SandboxOfRole) } else { Ok(()) }
}

fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).map_err(failed)?;
    let addr = listener.local_addr().map_err(failed)?;
    Ok((listener, addr))
}

/// How long an idle connection stays open: longer than proxies and providers keep theirs (60 s is customary), so that none is
/// closed just as a webhook is on its way. Twilio would not send it again.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

type Serving = (ServerHandle, JoinHandle<std::io::Result<()>>);

fn serve(listener: TcpListener, context: &web::Data<Context>) -> Result<Serving, StartError> {
    let address = context.config.server.listen;
    let ctx = context.clone();
    let failed = |source| StartError::Listen { address, source };
    let count = context.config.server.http_workers.map(usize::from);
    if context.config.server.role.answers() {
        let server = HttpServer::new(move || http::application(ctx.clone())).keep_alive(KEEP_ALIVE).disable_signals();
        let server = match count {
            Some(count) => server.workers(count),
            None => server,
        };
        let server = server.listen(listener).map_err(failed)?.run();
        return Ok((server.handle(), tokio::spawn(server)));
    }
    let server = HttpServer::new(move || http::probes(ctx.clone())).workers(1).disable_signals();
    let server = server.listen(listener).map_err(failed)?.run();
    Ok((server.handle(), tokio::spawn(server)))
}

impl App {
    /// The address of a path, as a client on this machine calls it.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// Where this machine reaches it; the rest of the world may know another address.
    ///
    /// # Errors
    /// The address makes no URL.
    pub fn local_url(&self) -> Result<Url, StartError> {
        rooms::listened(self.addr)
    }

    /// Base address of the simulator, without a slash at its end.
    pub fn simulator_url(&self) -> Option<String> {
        self.simulator.as_ref().map(simulator::Running::base_url)
    }

    /// Works until the process is asked to stop (SIGINT, SIGTERM), then stops.
    ///
    /// # Errors
    /// Signals can't be heard, or the server failed.
    pub async fn run_until_stopped(mut self) -> Result<(), StartError> {
        let ended = tokio::select! {
            heard = stop_asked() => heard,
            ended = &mut self.serving => ended.map_err(std::io::Error::other).flatten(),
        };
        tracing::info!("stopping");
        self.stop().await;
        Ok(ended?)
    }

    /// Ends everything in order: streams and workers are told, running requests get the grace, then nothing is left running.
    pub async fn stop(self) {
        let grace = self.context.config.server.shutdown_grace;
        self.context.stopping.cancel();
        self.context.requests.close();
        // Idle connections would use up the whole grace of the server's own stop, so requests are waited for here.
        if tokio::time::timeout(grace, self.context.requests.wait()).await.is_err() {
            tracing::warn!("some requests did not end in time");
        }
        self.server.stop(false).await;
        self.workers.stop(grace).await;
        if let Err(error) = self.context.auth.write_key_uses().await {
            tracing::warn!(cause = %error, "the last uses of API keys were not written");
        }
        if let Some(simulator) = self.simulator {
            simulator.stop().await;
        }
        if let Some(figures) = self.figures {
            figures.stop().await;
        }
        if !self.serving.is_finished() {
            // It was told to stop; what it reports no longer matters.
            let _ = tokio::time::timeout(RELEASE, self.serving).await;
        }
        let released = self.context.db.released();
        drop(self.context);
        // Threads and tasks that have ended let go of the database one after the other.
        if tokio::time::timeout(RELEASE, released).await.is_err() {
            tracing::warn!("something still holds the database");
        }
    }
}

/// Until the process is asked to stop (SIGINT, SIGTERM).
///
/// # Errors
/// Signals can't be heard.
pub async fn stop_asked() -> std::io::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        heard = tokio::signal::ctrl_c() => heard,
        _ = terminate.recv() => Ok(()),
    }
}

/// Runs the simulator alone, in the data folder of the sandbox.
///
/// # Errors
/// Its address or its folder can't be used.
pub async fn start_simulator(config: &Config) -> Result<duplex_simulator::Simulator, StartError> {
    secret_key::make_folder(&config.storage.data_dir)?;
    Ok(duplex_simulator::start(simulator::settings(config, config.sandbox.simulator_listen)).await?)
}
