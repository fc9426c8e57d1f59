//! What runs beside the requests. A worker that ends before its time makes `/readyz` fail.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::rooms::Queues;
use super::{StartError, retention};
use crate::error::ApiError;
use crate::http::Context;
use crate::http::health::Liveness;
use crate::live::Live;
use crate::queue::signals::{Signal, listen};
use crate::queue::{self, Wake};
use crate::storage::{idempotency, sessions};
use crate::webhooks::fan_out::follow;
use crate::webhooks::{FanOut, WebhookDeliveries};

/// How often the gauges of the send queue are refreshed.
const GAUGES: Duration = Duration::from_secs(5);
/// How often what is older than the installation keeps is deleted.
const RETENTION: Duration = Duration::from_secs(3_600);
/// How often the media folder is searched for bytes that no medium has.
const LOST_BYTES: Duration = Duration::from_secs(86_400);
/// How often held channels are looked at.
const HELD_CHANNELS: Duration = Duration::from_secs(60);
/// How often it is looked whether a channel is due for a look.
const ROUNDS: Duration = Duration::from_secs(60);
/// How often sandbox workspaces are given what they lack.
const SANDBOX: Duration = Duration::from_secs(60);
/// How often uses of API keys are written.
const KEY_USES: Duration = Duration::from_secs(5);
/// How often the limits forget quiet callers.
const QUIET_CALLERS: Duration = Duration::from_secs(60);
/// How often what is over is deleted.
const SWEEPING: Duration = Duration::from_secs(600);
/// How long a session that is over is kept.
const SESSIONS_KEPT: Duration = Duration::from_secs(30 * 86_400);
/// How long the answers to idempotent requests are kept.
const IDEMPOTENCY_KEPT: Duration = Duration::from_secs(24 * 3_600);
/// Idempotency keys deleted in one transaction.
const IDEMPOTENCY_BATCH: i64 = 1_000;

/// All running workers.
pub(super) struct Workers {
    tasks: TaskTracker,
    stop: CancellationToken,
    liveness: Liveness,
}

impl Workers {
    /// Takes up what the last process left behind, then works on.
    pub async fn start(context: &web::Data<Context>, queues: Queues) -> Result<Self, StartError> {
        let workers =
            Self { tasks: TaskTracker::new(), stop: context.stopping.clone(), liveness: context.liveness.clone() };
        workers.speak(&queues, context);
        workers.keep_order(context);
        if context.config.server.role.works() {
            queues.sweeper.recover().await.map_err(StartError::Database)?;
            queues.fetcher.recover().await.map_err(StartError::Database)?;
            queues.webhook_deliveries.recover().await.map_err(StartError::Database)?;
            workers.work_off(queues, context);
            workers.keep_house(context);
        }
        Ok(workers)
    }

    /// Between nodes: what waits elsewhere, and what others say.
    fn speak(&self, queues: &Queues, context: &Context) {
        if !context.db.is_postgres() {
            return;
        }
        self.spawn("signals", queues.signals.clone().pass_on(context.db.clone(), self.stop.clone()));
        if !context.config.server.role.works() {
            let (arrived, signals, stop) = (queues.arrived.clone(), queues.signals.clone(), self.stop.clone());
            self.spawn("journal-news", async move {
                while !stop.is_cancelled() {
                    tokio::select! {
                        () = stop.cancelled() => return,
                        () = arrived.wait(Duration::MAX) => signals.tell(Signal::Journal),
                    }
                }
            });
        } else {
            let (dispatcher, arrived) = (queues.dispatcher.clone(), queues.arrived.clone());
            let (db, stop) = (context.db.clone(), self.stop.clone());
            self.spawn("listener", async move {
                let hear = move |signal| match signal {
                    Signal::Messages => dispatcher.wake(),
                    Signal::Journal => arrived.wake(),
                };
                // It ends by the stop token; a panic in it makes the node unready.
                let _ = tokio::task::spawn_blocking(move || listen(db, stop, hear)).await;
            });
        }
    }

    /// What each node does for its own memory.
    fn keep_order(&self, context: &web::Data<Context>) {
        let ctx = context.clone();
        self.every("key-uses", KEY_USES, move || {
            let ctx = ctx.clone();
            async move { ctx.auth.write_key_uses().await.map(|_| ()).map_err(ApiError::from) }
        });
        let ctx = context.clone();
        self.every("quiet-callers", QUIET_CALLERS, move || {
            let ctx = ctx.clone();
            async move {
                ctx.limits.forget_idle();
                Ok(())
            }
        });
    }

    /// The queues in the database.
    fn work_off(&self, queues: Queues, context: &Context) {
        let grace = context.config.server.shutdown_grace;
        self.spawn("dispatcher", queues.dispatcher.clone().run(self.stop.clone(), grace));
        self.spawn("webhooks", queue::run(Arc::new(queues.processor), queues.arrived, self.stop.clone()));
        self.spawn("templates", queue::run(Arc::new(queues.syncer), queues.due, self.stop.clone()));
        self.spawn("media", queues.fetcher.run(self.stop.clone()));
        self.spawn("failover", queue::run(Arc::new(queues.mover), Wake::default(), self.stop.clone()));
        self.spawn("sweeper", queue::run(Arc::new(queues.sweeper), Wake::default(), self.stop.clone()));
        self.spawn("reconciler", queue::run(Arc::new(queues.reconciler), Wake::default(), self.stop.clone()));
        self.spawn("unknowns", queue::run(Arc::new(queues.unknowns), Wake::default(), self.stop.clone()));
        let removals = Arc::new(queues.content_removals);
        self.spawn("stored-contents", queue::run(removals, Wake::default(), self.stop.clone()));
        self.spawn("alerts", queue::run(Arc::new(queues.alerts), Wake::default(), self.stop.clone()));
        self.tell(queues.fan_out, queues.webhook_deliveries, &context.live);
        let (channels, holder) = (queues.channels.clone(), queues.holder);
        self.every("connection-rounds", ROUNDS, move || {
            let (channels, holder) = (channels.clone(), holder.clone());
            async move { Ok(channels.go_round(&holder).await.map(|_| ())?) }
        });
        let (channels, dispatcher) = (queues.channels, queues.dispatcher);
        let observed = dispatcher.clone();
        self.every("gauges", GAUGES, move || {
            observed.observe();
            async { Ok(()) }
        });
        self.every("held-channels", HELD_CHANNELS, move || {
            let (channels, dispatcher) = (channels.clone(), dispatcher.clone());
            async move {
                if channels.probe_held().await? > 0 {
                    dispatcher.wake();
                }
                Ok(())
            }
        });
    }

    /// Integrators, of what is new in the feeds.
    fn tell(&self, fan_out: FanOut, deliveries: WebhookDeliveries, live: &Live) {
        let grown = Wake::default();
        self.spawn("webhook-news", follow(live.clone(), grown.clone(), self.stop.clone()));
        self.spawn("webhook-fan-out", queue::run(Arc::new(fan_out), grown, self.stop.clone()));
        self.spawn("webhook-deliveries", deliveries.run(self.stop.clone()));
    }

    /// What nobody waits for.
    fn keep_house(&self, context: &web::Data<Context>) {
        let ctx = context.clone();
        self.every("retention", RETENTION, move || {
            let ctx = ctx.clone();
            async move { retention::purge(&ctx).await }
        });
        let ctx = context.clone();
        self.every("lost-bytes", LOST_BYTES, move || {
            let ctx = ctx.clone();
            async move { Ok(ctx.media.sweep().await.map(|_| ())?) }
        });
        let ctx = context.clone();
        self.every("sweeping", SWEEPING, move || {
            let ctx = ctx.clone();
            async move {
                sweep_sessions(&ctx).await?;
                sweep_idempotency(&ctx).await
            }
        });
        let ctx = context.clone();
        self.every("sandbox", SANDBOX, move || {
            let ctx = ctx.clone();
            async move {
                match &ctx.sandbox {
                    Some(sandbox) => Ok(sandbox.provision_all().await?),
                    None => Ok(()),
                }
            }
        });
    }

    /// Runs a worker that watches the stop token itself.
    pub fn spawn(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let alive = self.liveness.enter(name);
        self.tasks.spawn(async move {
            work.await;
            drop(alive);
        });
    }

    /// Runs something at once and then each `period`, until the stop. A failure is logged; the next turn comes.
    pub fn every<F, R>(&self, name: &'static str, period: Duration, work: F)
    where
        F: Fn() -> R + Send + 'static,
        R: Future<Output = Result<(), ApiError>> + Send,
    {
        let stop = self.stop.clone();
        self.spawn(name, async move {
            let mut ticks = tokio::time::interval(period);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    () = stop.cancelled() => return,
                    _ = ticks.tick() => {}
                }
                if let Err(error) = work().await {
                    tracing::warn!(worker = name, %error, cause = error.cause(), "a turn failed and will be tried again");
                }
            }
        });
    }

    /// Waits until all have ended; gives up after the grace.
    pub async fn stop(self, grace: Duration) {
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(grace, self.tasks.wait()).await.is_err() {
            tracing::warn!("some workers did not end in time");
        }
    }
}

async fn sweep_sessions(ctx: &Context) -> Result<(), ApiError> {
    let before = ctx.clock.now().minus(SESSIONS_KEPT);
    ctx.db.write_bulk(move |conn| sessions::purge(conn, before)).await?;
    Ok(())
}

async fn sweep_idempotency(ctx: &Context) -> Result<(), ApiError> {
    let before = ctx.clock.now().minus(IDEMPOTENCY_KEPT);
    loop {
        let gone = ctx.db.write_bulk(move |conn| idempotency::purge(conn, before, IDEMPOTENCY_BATCH)).await?;
        if gone == 0 || ctx.stopping.is_cancelled() {
            return Ok(());
        }
    }
}
