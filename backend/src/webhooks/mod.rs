//! Webhooks out: what the operator's own systems and those of integrators are told.
//!
//! Requests follow the Standard Webhooks specification (standardwebhooks.com): headers `webhook-id`, `webhook-timestamp` and
//! `webhook-signature`.

pub mod alert_endpoint;
pub mod alerts;
pub mod deliveries;
pub mod endpoint_error;
pub mod endpoint_view;
pub mod endpoints;
pub mod fan_out;
mod post;
mod schedule;
mod signature;

pub use alert_endpoint::{AlertEndpoints, EndpointError};
pub use alerts::AlertDeliveries;
pub use deliveries::{WebhookDeliveries, WebhookDeliveriesParts};
pub use endpoint_error::WebhookError;
pub use endpoints::WebhookEndpoints;
pub use fan_out::FanOut;
pub use post::Poster;
