//! How the rooms behind the handlers are joined.

use std::net::SocketAddr;
use std::sync::Arc;

use url::Url;
use uuid::Uuid;

use super::samples::MediaSamples;
use super::simulator::Running;
use super::{Foundation, StartError};
use crate::channels::preparation::Preparation;
use crate::channels::registry::Side;
use crate::channels::restrictions::Restrictions;
use crate::channels::sandbox::Sandbox;
use crate::channels::{Addresses, Channels, Registry};
use crate::client::{ClientConfig, HttpClient};
use crate::clock::SharedClock;
use crate::config::Config;
use crate::http::PublicUrl;
use crate::inbound::ingest::Ingest;
use crate::inbound::process::Processor;
use crate::inbound::reconcile::Reconciler;
use crate::live::Live;
use crate::media::{Fetcher, Media, MediaPreparation, MediaSettings};
use crate::outbox::dispatcher::{DispatchSettings, Dispatcher};
use crate::outbox::enqueue::Outbox;
use crate::outbox::failover::Failover;
use crate::outbox::failover::mover::Mover;
use crate::outbox::fitness::FitnessCheck;
use crate::outbox::stored_contents::StoredContents;
use crate::outbox::stored_contents::removal::ContentRemovals;
use crate::outbox::sweeper::Sweeper;
use crate::outbox::unknowns::Unknowns;
use crate::outbox::vcards::VCards;
use crate::providers::WhatsAppServiceFactory;
use crate::providers::account::BaseAddresses;
use crate::queue::Wake;
use crate::queue::signals::Signals;
use crate::templates::media::TemplateMedia;
use crate::templates::sync::Syncer;
use crate::templates::{Templates, TemplatesParts};
use crate::vault::Purpose;
use crate::webhooks::{
    AlertDeliveries, AlertEndpoints, FanOut, Poster, WebhookDeliveries, WebhookDeliveriesParts, WebhookEndpoints,
};

/// What handlers use, and what works behind them.
pub(super) struct Rooms {
    pub public_url: PublicUrl,
    pub live: Live,
    pub channels: Channels,
    pub alert_endpoints: AlertEndpoints,
    pub webhook_endpoints: WebhookEndpoints,
    pub outbox: Outbox,
    pub fitness: FitnessCheck,
    pub failover: Failover,
    pub templates: Templates,
    pub ingest: Ingest,
    pub media: Media,
    pub sandbox: Option<Sandbox>,
    pub queues: Queues,
}

/// The work that waits in the database.
pub(super) struct Queues {
    pub dispatcher: Dispatcher,
    pub sweeper: Sweeper,
    pub mover: Mover,
    pub unknowns: Unknowns,
    pub reconciler: Reconciler,
    pub content_removals: ContentRemovals,
    pub processor: Processor,
    /// Wakes the processor.
    pub arrived: Wake,
    /// Wakes other nodes.
    pub signals: Signals,
    pub syncer: Syncer,
    /// Wakes the syncer.
    pub due: Wake,
    pub fetcher: Fetcher,
    pub channels: Channels,
    pub alerts: AlertDeliveries,
    pub fan_out: FanOut,
    pub webhook_deliveries: WebhookDeliveries,
    /// This node's name; unique among the nodes of an installation.
    pub holder: String,
}

impl Rooms {
    pub fn join(
        config: &Config,
        foundation: &Foundation,
        clock: &SharedClock,
        addr: SocketAddr,
        simulator: Option<&Running>,
    ) -> Result<Self, StartError> {
        let (db, vault, live) = (&foundation.db, Arc::clone(&foundation.vault), Live::new());
        let public = public_url(config, addr)?;
        let addresses = addresses(config, addr, &public, simulator)?;
        let client = http_client(config, trusted(&addresses))?;
        let hosts = config.providers.direct_media_hosts.clone();
        let factory = WhatsAppServiceFactory::new(client, Arc::clone(clock)).with_direct_media_hosts(hosts);
        let registry = Registry::new(db.clone(), Arc::clone(&vault), factory, addresses);
        let media = open_media(config, foundation, &live, clock)?;
        let alert_endpoints = AlertEndpoints::new(
            db.clone(),
            Arc::clone(&vault),
            Arc::clone(clock),
            poster(config, clock, &config.alerts.alert_origins)?,
        );
        let channels = Channels::new(db.clone(), vault, live.clone(), Arc::clone(clock), registry.clone());
        let holder = Uuid::now_v7().to_string();
        let webhooks_due = Wake::default();
        let webhooks = WebhookDeliveriesParts {
            db: db.clone(),
            vault: Arc::clone(&foundation.vault),
            clock: Arc::clone(clock),
            poster: poster(config, clock, &config.webhooks.webhook_origins)?,
            live: live.clone(),
            holder: holder.clone(),
            due: webhooks_due.clone(),
        };
        let webhook_endpoints = WebhookEndpoints::new(
            db.clone(),
            Arc::clone(&foundation.vault),
            Arc::clone(clock),
            webhooks.poster.clone(),
            live.clone(),
            webhooks_due.clone(),
        );
        let signals = Signals::default();
        let settings = DispatchSettings {
            holder: holder.clone(),
            provider_timeout: config.providers.provider_timeout,
            hold: config.sending.hold,
            signals: signals.clone(),
        };
        let due = Wake::default();
        let templates = Templates::new(TemplatesParts {
            db: db.clone(),
            registry: registry.clone(),
            live: live.clone(),
            clock: Arc::clone(clock),
            client: sample_client()?,
            media: Some(Arc::new(MediaSamples::new(media.clone()))),
            wake: due.clone(),
        });
        // In this order: a template's media are put in their places after their addresses are known.
        let preparations: Vec<Arc<dyn Preparation>> = vec![
            Arc::new(Restrictions::new(db.clone(), Arc::clone(clock))),
            Arc::new(MediaPreparation::new(media.clone())),
            Arc::new(TemplateMedia::new(templates.clone())),
            Arc::new(VCards::new(Arc::new(media.clone()))),
            Arc::new(StoredContents::new(db.clone(), Arc::clone(clock))),
        ];
        let dispatcher =
            Dispatcher::new(db.clone(), channels.clone(), live.clone(), Arc::clone(clock), settings, preparations);
        let fitness = FitnessCheck::new(templates.clone(), media.clone());
        let failover = Failover::new(
            db.clone(),
            channels.clone(),
            fitness.clone(),
            dispatcher.clone(),
            live.clone(),
            Arc::clone(clock),
        );
        let arrived = Wake::default();
        let queues = Queues {
            fetcher: Fetcher::new(media.clone(), registry.clone(), holder.clone()),
            mover: Mover::new(failover.clone(), holder.clone()),
            sweeper: Sweeper::new(db.clone(), live.clone(), Arc::clone(clock)),
            reconciler: Reconciler::new(
                db.clone(),
                channels.clone(),
                Arc::clone(clock),
                holder.clone(),
                arrived.clone(),
                config.retention.retention_messages.0,
            ),
            unknowns: Unknowns::new(
                db.clone(),
                channels.clone(),
                dispatcher.clone(),
                live.clone(),
                Arc::clone(clock),
                config.providers.provider_timeout,
            ),
            content_removals: ContentRemovals::new(db.clone(), registry.clone(), Arc::clone(clock)),
            processor: Processor::new(
                db.clone(),
                channels.clone(),
                dispatcher.clone(),
                media.clone(),
                live.clone(),
                Arc::clone(clock),
                holder.clone(),
            ),
            alerts: AlertDeliveries::new(db.clone(), alert_endpoints.clone(), Arc::clone(clock), holder.clone()),
            fan_out: FanOut::new(db.clone(), Arc::clone(clock), webhooks_due),
            webhook_deliveries: WebhookDeliveries::new(webhooks),
            holder,
            dispatcher: dispatcher.clone(),
            arrived: arrived.clone(),
            signals: signals.clone(),
            syncer: Syncer::new(templates.clone()),
            due,
            channels: channels.clone(),
        };
        Ok(Self {
            public_url: PublicUrl::new(public),
            fitness,
            failover,
            templates,
            outbox: Outbox::start(db, dispatcher, live.clone()),
            ingest: Ingest::start(db, registry, Arc::clone(clock), arrived),
            sandbox: simulator.map(|running| running.sandbox(&channels)).transpose()?,
            live,
            media,
            channels,
            alert_endpoints,
            webhook_endpoints,
            queues,
        })
    }
}

/// Longest sample of a template that is fetched: WhatsApp's films are no longer.
const SAMPLE_BYTES: usize = 16 * 1024 * 1024;

/// Fetches what people name as samples: public addresses only.
fn sample_client() -> Result<HttpClient, StartError> {
    HttpClient::new(ClientConfig { body_limit: SAMPLE_BYTES, ..ClientConfig::default() })
        .map_err(|error| StartError::Other(error.to_string()))
}

fn open_media(config: &Config, foundation: &Foundation, live: &Live, clock: &SharedClock) -> Result<Media, StartError> {
    let kept = &config.retention;
    let settings = MediaSettings {
        folder: config.media_dir(),
        limit: config.media.media_limit,
        link_validity: config.media.media_link_validity,
        keep_outbound: kept.retention_outbound_media.0,
        // What a message showed does not outlive the message.
        keep_inbound: [kept.retention_inbound_media.0, kept.retention_messages.0].into_iter().flatten().min(),
    };
    let key = foundation.vault.derive(Purpose::MediaLinks);
    Media::open(foundation.db.clone(), live.clone(), Arc::clone(clock), settings, key)
        .map_err(|source| StartError::DataFolder { path: config.media_dir(), source })
}

/// The providers' bases by environment. The simulator answers for both, and calls us where we listen: it never leaves this machine.
fn addresses(
    config: &Config,
    addr: SocketAddr,
    public: &Url,
    simulator: Option<&Running>,
) -> Result<Addresses, StartError> {
    let providers = &config.providers;
    let sandbox = match simulator {
        None => None,
        Some(running) => {
            let base = Url::parse(&running.base_url()).map_err(StartError::PublicUrl)?;
            Some(Side {
                bases: BaseAddresses {
                    direct_graph: base.clone(),
                    twilio_api: base.clone(),
                    twilio_messaging: base.clone(),
                    twilio_content: base,
                },
                public_base: listened(addr)?,
            })
        }
    };
    Ok(Addresses {
        live: Side {
            bases: BaseAddresses {
                direct_graph: providers.direct_graph_url.clone(),
                twilio_api: providers.twilio_api_url.clone(),
                twilio_messaging: providers.twilio_messaging_url.clone(),
                twilio_content: providers.twilio_content_url.clone(),
            },
            public_base: public.clone(),
        },
        sandbox,
    })
}

/// The client for origins that an operator has set, and for public ones.
fn http_client(config: &Config, trusted: Vec<Url>) -> Result<HttpClient, StartError> {
    let timeout = config.providers.provider_timeout;
    HttpClient::new(ClientConfig { timeout, trusted, ..ClientConfig::default() })
        .map_err(|error| StartError::Other(error.to_string()))
}

/// Sends what people's own systems are told: to public addresses, and to origins that an operator has set.
fn poster(config: &Config, clock: &SharedClock, trusted: &[Url]) -> Result<Poster, StartError> {
    let client = http_client(config, trusted.to_vec())?;
    Ok(Poster::new(client, Arc::clone(clock), trusted.to_vec()))
}

/// What an operator has set as a provider's base may be on this machine or network; nothing else may.
fn trusted(addresses: &Addresses) -> Vec<Url> {
    let sides = [Some(&addresses.live), addresses.sandbox.as_ref()];
    sides
        .into_iter()
        .flatten()
        .flat_map(|side| {
            let bases = &side.bases;
            [&bases.direct_graph, &bases.twilio_api, &bases.twilio_messaging, &bases.twilio_content].map(Url::clone)
        })
        .collect()
}

/// The address as set, or the one listened at.
fn public_url(config: &Config, addr: SocketAddr) -> Result<Url, StartError> {
    config.server.public_url.clone().map_or_else(|| listened(addr), Ok)
}

/// Where this machine reaches the program: an unspecified address can't be called.
pub fn listened(addr: SocketAddr) -> Result<Url, StartError> {
    let host = match addr {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => "127.0.0.1".to_owned(),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => "[::1]".to_owned(),
        SocketAddr::V4(v4) => v4.ip().to_string(),
        SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
    };
    Url::parse(&format!("http://{host}:{}", addr.port())).map_err(StartError::PublicUrl)
}
