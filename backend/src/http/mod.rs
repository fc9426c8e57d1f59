//! The API: [`routes!`] below is the whole of it at a glance.

pub mod caller;
mod client_address;
pub mod console;
pub mod content_body;
pub mod context;
mod cookies;
pub mod extract;
pub mod file_answer;
pub mod handlers;
pub mod health;
pub mod idempotency;
pub mod limits;
mod middleware;
pub mod openapi;
pub mod problem;
pub mod query;
pub mod ranges;
pub mod request_id;
mod swagger;
pub mod upload;

use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::header::CACHE_CONTROL;
use actix_web::middleware::{Compress, DefaultHeaders, from_fn};
use actix_web::{App, Error, body::MessageBody, web};

pub use caller::{Anyone, ClientAddress, Granted, SignedIn, can};
pub use context::{Context, PublicUrl};
pub use extract::{IdempotencyKey, JsonBody, Paging, Path, listed};
pub use problem::ApiResult;
pub use query::Query;

/// Where the API lives.
pub const API: &str = "/api/v1";

/// Writes the routes, the list of them, and the list of their descriptions from one table.
macro_rules! routes {
    ($($path:literal => { $($method:ident $module:ident :: $handler:ident),+ $(,)? })+) => {
        /// Method and path (below [`API`]) of every route.
        pub const ROUTES: &[(&str, &str)] = &[$($((stringify!($method), $path)),+),+];

        fn api(config: &mut web::ServiceConfig) {
            $(config.service(
                web::resource($path)
                    $(.route(web::$method().to(handlers::$module::$handler)))+
                    .default_service(web::to(problem::unknown_method)),
            );)+
        }

        #[derive(utoipa::OpenApi)]
        #[openapi(paths($($(handlers::$module::$handler),+),+))]
        struct Described;
    };
}

routes! {
    "/setup" => { get setup::status, post setup::complete }
    "/session" => { get session::show, post session::sign_in, delete session::sign_out }
    "/session/refresh" => { post session::refresh }
    "/session/user" => { patch account::update }
    "/session/password" => { put account::change_password }
    "/installation" => { get installation::show }

    "/workspaces" => { get workspaces::list }
    "/workspace" => { get workspaces::show, patch workspaces::update }
    "/delivery-settings" => { get delivery_settings::show, patch delivery_settings::update }
    "/api-keys" => { get api_keys::list, post api_keys::create }
    "/api-keys/{api_key_id}" => { get api_keys::show, delete api_keys::revoke }

    "/messages" => { get messages::list, post messages::create }
    "/messages/cancel" => { post cancelling::cancel_some }
    "/messages/fail-over" => { post failover::many }
    "/messages/retry" => { post dead_letters::retry_many }
    "/messages/{message_id}" => { get messages::show }
    "/messages/{message_id}/cancel" => { post cancelling::cancel }
    "/messages/{message_id}/fail-over" => { post failover::message }
    "/messages/{message_id}/settle-unknown" => { post unknowns::settle_one }
    "/messages/{message_id}/retry" => { post dead_letters::retry_one }
    "/dead-letters" => { get dead_letters::list }
    "/unknowns" => { get unknowns::list }
    "/unknowns/settle" => { post unknowns::settle_many }
    "/failover/readiness" => { get failover::readiness }
    "/messages/{message_id}/read" => { post marks::read }
    "/conversations" => { get conversations::list }
    "/conversations/window" => { get conversations::window }
    "/media" => { get media::list, post media::upload }
    "/media/{media_id}" => { get media::show, delete media::delete }
    "/media/{media_id}/content" => { get media::content }
    "/contacts" => { get contacts::list }
    "/contacts/{contact_id}" => { get contacts::show, patch contacts::update }
    "/suppressions" => { get suppressions::list, post suppressions::create }
    "/suppressions/lift" => { post suppressions::lift }

    "/templates" => { get templates::list, post templates::create }
    "/templates/preview" => { post templates::preview }
    "/templates/syncs" => { get templates::syncs, post templates::sync }
    "/templates/{template_id}" => { get templates::show, put templates::update, delete templates::delete }
    "/templates/{template_id}/submissions" => { post templates::submit }

    "/providers" => { get providers::list }
    "/providers/{provider}" => { get providers::show }
    "/channels" => { get channels::list, post channels::create }
    "/channel-limits" => { get channel_limits::list }
    "/channel-limits/{channel_id}" => { patch channel_limits::update }
    "/channels/{channel_id}" => { get channels::show, patch channels::update, delete channels::delete }
    "/channels/{channel_id}/check" => { post connection::check }
    "/channels/{channel_id}/repair" => { post connection::repair }
    "/channels/{channel_id}/round-trip" => { post connection::round_trip }
    "/channels/{channel_id}/hold" => { post channels::hold }
    "/channels/{channel_id}/resume" => { post channels::resume }
    "/alerts" => { get alerts::list }
    "/alerts/{alert_id}/clear" => { post alerts::clear }
    "/alert-endpoint" => { get alerts::endpoint, put alerts::set_endpoint, delete alerts::delete_endpoint }
    "/alert-endpoint/test" => { post alerts::test_endpoint }
    "/webhook-endpoints" => { get webhook_endpoints::list, post webhook_endpoints::create }
    "/webhook-endpoints/{webhook_endpoint_id}" => {
        get webhook_endpoints::show, patch webhook_endpoints::update, delete webhook_endpoints::delete
    }
    "/webhook-endpoints/{webhook_endpoint_id}/rotate-secret" => { post webhook_endpoints::rotate_secret }
    "/webhook-endpoints/{webhook_endpoint_id}/test" => { post webhook_endpoints::test }
    "/webhook-endpoints/{webhook_endpoint_id}/deliveries" => { get webhook_deliveries::list }
    "/webhook-endpoints/{webhook_endpoint_id}/replay" => { post webhook_deliveries::replay }
    "/webhook-deliveries/{webhook_delivery_id}" => { get webhook_deliveries::show }
    "/webhook-deliveries/{webhook_delivery_id}/replay" => { post webhook_deliveries::replay_one }
    "/error-codes" => { get error_codes::list }
    "/error-codes/{provider}/{code}" => { get error_codes::show }

    "/events" => { get events::list }
    "/events/stream" => { get event_stream::stream }
    "/webhook-events" => { get webhook_events::list }
    "/webhook-events/{webhook_event_id}" => { get webhook_events::show }

    "/sandbox/replies" => { post sandbox::reply }
    "/sandbox/conversations" => { get sandbox::conversations }
    "/sandbox/files/{file_id}" => { get sandbox::file }
    "/sandbox/magic-numbers" => { get sandbox::magic_numbers }
    "/sandbox/faults" => { get sandbox::faults, put sandbox::set_faults, delete sandbox::clear_faults }
    "/sandbox/windows" => { post sandbox::set_window }
    "/sandbox/ledger" => { get sandbox::ledger }
}

/// What a node answers that only works: whether it is alive and ready.
pub fn probes(
    ctx: web::Data<Context>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    App::new()
        .configure(health::configure)
        .default_service(web::to(problem::unknown_path))
        .wrap(from_fn(middleware::security_headers))
        .wrap(from_fn(request_id::assign))
        .app_data(ctx)
}

/// Everything that is served, on an application that already has its [`Context`].
pub fn application(
    ctx: web::Data<Context>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let payload = web::PayloadConfig::new(ctx.config.limits.body_limit);
    let cors = middleware::cors(&ctx.config.server.allowed_origins);
    App::new()
        .app_data(payload)
        .configure(health::configure)
        .service(
            web::scope(API)
                .wrap(from_fn(caller::identify))
                .wrap(DefaultHeaders::new().add((CACHE_CONTROL, "no-store")))
                .wrap(Compress::default())
                .route("/openapi.json", web::get().to(openapi::document))
                .configure(api)
                .default_service(web::to(problem::unknown_path)),
        )
        .service(web::scope("/hooks").configure(handlers::hooks::configure))
        .service(web::scope("/m").configure(handlers::media_links::configure))
        .service(web::scope("/docs").wrap(from_fn(middleware::docs_policy)).configure(swagger::configure))
        .default_service(web::to(console::serve))
        .wrap(cors)
        .wrap(from_fn(middleware::security_headers))
        .wrap(from_fn(middleware::measure))
        .wrap(tracing_actix_web::TracingLogger::<middleware::RequestSpan>::new())
        .wrap(from_fn(request_id::assign))
        .app_data(ctx)
}
