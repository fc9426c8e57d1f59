//! The providers: what each can do, what it costs, and what its channels ask for.

use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::provider::{Environment, ProviderKind};
use crate::http::extract::Path;
use crate::http::{ApiResult, Context, Granted, can};
use crate::providers::comparison::{ComparisonRow, ProviderFacts, RateCard, comparison};
use crate::providers::descriptor::{FieldDescriptor, fields};

/// Both providers, side by side.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProviderCatalog {
    pub data: Vec<Provider>,
    /// What differs, aspect by aspect, each statement with its source and the day it was checked.
    pub rows: Vec<ComparisonRow>,
    /// Meta's part of the price, which both providers pass on.
    pub meta_rates: RateCard,
}

/// One provider and the form of its channels.
#[derive(Debug, Serialize, ToSchema)]
pub struct Provider {
    #[serde(flatten)]
    pub facts: ProviderFacts,
    /// The fields of a channel, in order; addresses to copy are those of the caller's workspace.
    pub form: Vec<FieldDescriptor>,
}

/// Compare the providers.
///
/// Capabilities, limits, costs and the form of each provider's channels. Every fact has a source and a date.
#[utoipa::path(
    get, path = "/api/v1/providers", operation_id = "list_providers", tag = "Providers",
    security(("api_key" = ["channels:read"]), ("session" = ["channels:read"])),
    responses((status = 200, body = ProviderCatalog)),
)]
pub async fn list(caller: Granted<can::ChannelsRead>, ctx: web::Data<Context>) -> web::Json<ProviderCatalog> {
    let compared = comparison();
    let data = compared.providers.into_iter().map(|facts| with_form(facts, caller.environment, &ctx)).collect();
    web::Json(ProviderCatalog { data, rows: compared.rows, meta_rates: compared.meta_rates })
}

/// Show one provider.
#[utoipa::path(
    get, path = "/api/v1/providers/{provider}", operation_id = "get_provider", tag = "Providers",
    security(("api_key" = ["channels:read"]), ("session" = ["channels:read"])),
    params(("provider" = ProviderKind, Path)),
    responses((status = 200, body = Provider)),
)]
pub async fn show(
    caller: Granted<can::ChannelsRead>,
    ctx: web::Data<Context>,
    provider: Path<ProviderKind>,
) -> ApiResult<web::Json<Provider>> {
    let facts = comparison().providers.into_iter().find(|facts| facts.id == provider.0);
    let facts = facts.ok_or_else(crate::error::ApiError::not_found)?;
    Ok(web::Json(with_form(facts, caller.environment, &ctx)))
}

fn with_form(facts: ProviderFacts, environment: Environment, ctx: &Context) -> Provider {
    let addresses = ctx.channels.registry().addresses();
    // While the sandbox is off there is no address of its own to show.
    let side = addresses.of(environment).unwrap_or(&addresses.live);
    Provider { facts, form: fields(facts.id, &side.public_base) }
}
