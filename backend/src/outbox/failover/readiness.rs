//! What could go by the other provider: each template, by each backup sender, and what that costs in each market.

use serde::Serialize;
use utoipa::ToSchema;

use super::Failover;
use super::assess::{Obstacle, ObstacleCode};
use crate::channels::LoadedChannel;
use crate::domain::circuit::CircuitState;
use crate::domain::failover::FailoverMode;
use crate::domain::ids::{ChannelId, TemplateId, WorkspaceId};
use crate::domain::page::Page;
use crate::domain::provider::ProviderKind;
use crate::domain::state::ChannelState;
use crate::domain::template_definition::TemplateCategory;
use crate::domain::template_state::TemplateStatus;
use crate::providers::comparison::{FeeKind, MarketRates, Money, comparison};
use crate::storage::template_registrations::{self, RegistrationRecord};
use crate::storage::templates::{self, TemplateFilter, TemplateRecord};
use crate::storage::{StorageError, StorageResult, circuits};

/// Templates that are looked at, newest first: more than an account may hold at Meta (direct.md §2.8).
const TEMPLATES: u16 = 6_000;

/// What could move, both ways.
#[derive(Serialize, ToSchema)]
pub struct Readiness {
    /// When messages move unless they say otherwise.
    pub mode: FailoverMode,
    /// From each provider's default channel to the other's; none while a provider has no channel.
    pub ways: Vec<Way>,
    /// The markets of the price list that prices can be asked for.
    pub markets: Vec<String>,
}

/// One channel and the one that stands in for it.
#[derive(Serialize, ToSchema)]
pub struct Way {
    pub from_channel_id: ChannelId,
    pub to_channel_id: ChannelId,
    pub to_provider: ProviderKind,
    /// What keeps everything from going there at the moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<Obstacle>,
    /// What the provider itself takes more for each message, or less when negative; Meta's part comes on top at both.
    pub fee_difference: Money,
    /// Free-form content follows only into conversations whose window is open at the other number as well.
    pub open_windows: i64,
    pub templates: Vec<TemplateReadiness>,
}

/// Whether one template could go by the other sender.
#[derive(Serialize, ToSchema)]
pub struct TemplateReadiness {
    pub template_id: TemplateId,
    pub name: String,
    pub language: String,
    pub ready: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<Obstacle>,
    /// As it stands at the first provider, which is what is paid for.
    pub category: TemplateCategory,
    /// As it stands at the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup_category: Option<TemplateCategory>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup_status: Option<TemplateStatus>,
    /// What a message costs in the markets that were asked for.
    pub prices: Vec<PriceDifference>,
}

/// List prices of one message outside a window, the provider's fee included.
#[derive(Serialize, ToSchema)]
pub struct PriceDifference {
    pub market: String,
    pub own: Money,
    pub backup: Money,
    /// Positive where the backup costs more.
    pub difference: Money,
    /// The business has to know this before it relies on the backup there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
}

/// The market in which no provider delivers marketing (direct.md §4.4).
const NO_MARKETING: &str = "North America";
const NO_MARKETING_NOTE: &str = "WhatsApp delivers no marketing to numbers of the United States, whoever sends it.";

/// What is known of a workspace's templates.
struct Shelf {
    templates: Vec<TemplateRecord>,
    registrations: Vec<RegistrationRecord>,
}

impl Shelf {
    fn read(conn: &mut crate::storage::conn::Conn, workspace: WorkspaceId) -> StorageResult<Self> {
        let page = Page { before: None, limit: TEMPLATES };
        let templates = templates::list(conn, workspace, &TemplateFilter::default(), page)?;
        let ids: Vec<TemplateId> = templates.iter().map(|template| template.id).collect();
        let registrations = template_registrations::of_templates(conn, workspace, &ids)?;
        Ok(Self { templates, registrations })
    }

    /// Where a template stands at a channel's account: the one that can be sent, else the newest.
    fn standing(&self, template: TemplateId, channel: &LoadedChannel) -> Option<&RegistrationRecord> {
        let mine = || {
            self.registrations.iter().rev().filter(move |one| {
                one.template_id == template
                    && one.provider == channel.provider
                    && one.account == channel.address.account
            })
        };
        mine().find(|one| one.status.is_sendable()).or_else(|| mine().next())
    }
}

impl Failover {
    /// What could move from each provider's default channel to the other's. `markets` are those whose prices are compared.
    ///
    /// # Errors
    /// The database's.
    pub async fn readiness(&self, workspace: WorkspaceId, markets: &[String]) -> StorageResult<Readiness> {
        let registry = self.channels.registry();
        let mode = registry.route(workspace).await?.delivery.failover;
        let shelf = self.db.read(move |conn| Shelf::read(conn, workspace)).await?;
        let facts = comparison();
        let wanted: Vec<&MarketRates> =
            facts.meta_rates.markets.iter().filter(|market| markets.contains(&market.market)).collect();
        let mut ways = Vec::new();
        for provider in ProviderKind::ALL {
            let (from, to) = (
                registry.default_for(workspace, *provider).await,
                registry.default_for(workspace, provider.other()).await,
            );
            // A channel that can't be loaded is the connection check's matter.
            if let (Ok(Some(from)), Ok(Some(to))) = (from, to) {
                ways.push(self.way(&from, &to, &shelf, &wanted).await?);
            }
        }
        let markets = facts.meta_rates.markets.iter().map(|market| market.market.clone()).collect();
        Ok(Readiness { mode, ways, markets })
    }

    async fn way(
        &self,
        from: &LoadedChannel,
        to: &LoadedChannel,
        shelf: &Shelf,
        markets: &[&MarketRates],
    ) -> StorageResult<Way> {
        let (channel, now) = (to.id, self.clock.now());
        let (circuit, open_windows) = self
            .db
            .read(move |conn| {
                let circuit = circuits::states(conn, &[channel])?.remove(&channel).unwrap_or_default();
                Ok::<_, StorageError>((circuit, crate::storage::conversations::open_at(conn, channel, now)?))
            })
            .await?;
        let obstacle = match (to.state, circuit) {
            (ChannelState::Active, CircuitState::Closed) => None,
            (ChannelState::Held, _) => Some(Obstacle::down(format!("{} is held.", to.name))),
            (ChannelState::Active, _) => Some(Obstacle::down(format!("{} fails at the moment.", to.name))),
        };
        let fees = Fees { own: fee(from.provider), backup: fee(to.provider) };
        let ready = shelf.templates.iter().filter_map(|template| readiness(template, from, to, shelf, markets, fees));
        Ok(Way {
            from_channel_id: from.id,
            to_channel_id: to.id,
            to_provider: to.provider,
            obstacle,
            fee_difference: money(fees.backup - fees.own),
            open_windows,
            templates: ready.collect(),
        })
    }
}

/// What the providers take for a message, in millionths.
#[derive(Clone, Copy)]
struct Fees {
    own: i64,
    backup: i64,
}

/// Nothing for a template that can't be sent by its own channel either.
fn readiness(
    template: &TemplateRecord,
    from: &LoadedChannel,
    to: &LoadedChannel,
    shelf: &Shelf,
    markets: &[&MarketRates],
    fees: Fees,
) -> Option<TemplateReadiness> {
    let own = shelf.standing(template.id, from).filter(|own| own.status.is_sendable())?;
    let backup = shelf.standing(template.id, to);
    let obstacle = match backup {
        None => Some(format!("{} in {} was never submitted at {}.", template.name, template.language, to.name)),
        Some(backup) if !backup.status.is_sendable() => {
            Some(format!("{} in {} is {} at {}.", template.name, template.language, backup.status, to.name))
        }
        Some(_) => None,
    };
    let obstacle = obstacle.map(|detail| Obstacle { code: ObstacleCode::TemplateNotReady, detail });
    let category = backup.map_or(own.category, |backup| backup.category);
    Some(TemplateReadiness {
        template_id: template.id,
        name: template.name.clone(),
        language: template.language.clone(),
        ready: obstacle.is_none(),
        obstacle,
        category: own.category,
        backup_category: backup.map(|backup| backup.category),
        backup_status: backup.map(|backup| backup.status),
        prices: markets.iter().map(|market| price(market, (own.category, category), fees)).collect(),
    })
}

fn price(market: &MarketRates, (own, backup): (TemplateCategory, TemplateCategory), fees: Fees) -> PriceDifference {
    let (own_price, backup_price) = (rate(market, own) + fees.own, rate(market, backup) + fees.backup);
    let undelivered = market.market == NO_MARKETING && backup == TemplateCategory::Marketing;
    PriceDifference {
        market: market.market.clone(),
        own: money(own_price),
        backup: money(backup_price),
        difference: money(backup_price - own_price),
        note: undelivered.then_some(NO_MARKETING_NOTE),
    }
}

const fn rate(market: &MarketRates, category: TemplateCategory) -> i64 {
    match category {
        TemplateCategory::Marketing => market.marketing,
        TemplateCategory::Utility => market.utility,
        TemplateCategory::Authentication => market.authentication,
    }
}

const fn money(micros: i64) -> Money {
    Money { micros, currency: "USD" }
}

fn fee(provider: ProviderKind) -> i64 {
    let facts = comparison();
    let fees = facts.providers.iter().filter(|facts| facts.id == provider).flat_map(|facts| facts.fees);
    fees.filter(|fee| fee.kind == FeeKind::MessageOut).map(|fee| fee.money.micros).sum()
}
