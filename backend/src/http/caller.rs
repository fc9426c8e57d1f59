//! Who is asking, as an argument of the handler: forgetting to check is forgetting an argument.
//!
//! [`identify`] runs before every handler under `/api`: it checks the credential and counts the request against its limit.
//! The extractors then only look at what it found.

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::net::IpAddr;
use std::sync::Arc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, ResponseError, web};

use super::client_address;
use super::context::Context;
use super::cookies;
use crate::auth::AuthError;
use crate::auth::keys::KeyGrant;
use crate::auth::sessions::SignedIn as Session;
use crate::domain::access::Principal;
use crate::domain::ids::WorkspaceId;
use crate::domain::provider::Environment;
use crate::domain::scope::Scope;
use crate::error::{ApiError, Code};

/// Names the workspace of a request by session.
pub const WORKSPACE_HEADER: &str = "Duplex-Workspace";
/// Must stand on changes by session; other sites' pages can't send it.
pub const CONSOLE_HEADER: &str = "Duplex-Console";

/// What [`identify`] found.
#[derive(Clone)]
enum Identity {
    Key(Arc<KeyGrant>),
    Session(Session),
    Anonymous,
    /// A credential that is no good, and why.
    Refused(Arc<AuthError>),
}

#[derive(Clone)]
struct Found {
    identity: Identity,
    address: Option<IpAddr>,
}

/// Checks the credential of a request and counts it against a limit: the key's, the user's, or the address's.
///
/// # Errors
/// Those of the services within, and the database's.
pub async fn identify<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let Some(ctx) = request.app_data::<web::Data<Context>>().cloned() else {
        return Err(ApiError::internal("the request has no context").into());
    };
    let address = client_address::of(&request, &ctx.config.server.trusted_proxies);
    let identity = match credential(&ctx, &request).await {
        Ok(identity) => identity,
        Err(error) => return Ok(refuse(request, &error)),
    };
    let standing = match &identity {
        Identity::Key(key) => Some(ctx.limits.of_key(key.id)),
        Identity::Session(session) => Some(ctx.limits.of_user(session.user())),
        Identity::Anonymous | Identity::Refused(_) => address.map(|address| ctx.limits.of_address(address)),
    };
    let mut response = match standing.map_or(Ok(()), |standing| standing.check()) {
        Err(error) => refuse(request, &error),
        Ok(()) => {
            request.extensions_mut().insert(Found { identity, address });
            next.call(request).await?.map_into_left_body()
        }
    };
    if let Some(standing) = standing {
        standing.write(response.headers_mut());
    }
    Ok(response)
}

fn refuse<B: MessageBody>(request: ServiceRequest, error: &ApiError) -> ServiceResponse<EitherBody<B>> {
    request.into_response(error.error_response()).map_into_right_body()
}

async fn credential(ctx: &Context, request: &ServiceRequest) -> Result<Identity, ApiError> {
    let found = if let Some(header) = request.headers().get(AUTHORIZATION) {
        match header.to_str().ok().and_then(|text| text.strip_prefix("Bearer ")) {
            Some(secret) => ctx.auth.api_key(secret.trim()).await.map(Identity::Key),
            None => Err(AuthError::Unknown),
        }
    } else if let Some(access) = request.cookie(cookies::ACCESS) {
        ctx.auth.session(access.value()).await.map(Identity::Session)
    } else {
        Ok(Identity::Anonymous)
    };
    match found {
        Err(error @ (AuthError::Storage(_) | AuthError::Internal(_) | AuthError::Vault(_))) => Err(error.into()),
        Err(error) => Ok(Identity::Refused(Arc::new(error))),
        Ok(identity) => Ok(identity),
    }
}

fn found(request: &HttpRequest) -> Result<Found, ApiError> {
    request.extensions().get::<Found>().cloned().ok_or_else(|| ApiError::internal("the route is not behind `identify`"))
}

fn refused(error: &AuthError) -> ApiError {
    match error {
        AuthError::KeyEnded(how) => AuthError::KeyEnded(how).into(),
        AuthError::SessionOver => Code::SessionExpired.into(),
        _ => Code::Unauthenticated.into(),
    }
}

/// Demands the header that a page of another site can't send.
///
/// # Errors
/// [`Code::CsrfHeaderMissing`] on a change without it.
pub fn check_console_header(request: &HttpRequest) -> Result<(), ApiError> {
    if request.method().is_safe() || request.headers().contains_key(CONSOLE_HEADER) {
        Ok(())
    } else {
        Err(Code::CsrfHeaderMissing.into())
    }
}

/// A scope as a type. See [`can`].
pub trait RequiredScope: 'static {
    const SCOPE: Scope;
}

/// One marker per [`Scope`], to be read with [`Granted`]: `Granted<can::MessagesWrite>`.
pub mod can {
    use super::{RequiredScope, Scope};

    macro_rules! markers {
        ($($name:ident),+ $(,)?) => {$(
            #[doc = concat!("Asks for [`Scope::", stringify!($name), "`].")]
            pub struct $name;
            impl RequiredScope for $name {
                const SCOPE: Scope = Scope::$name;
            }
        )+};
    }
    markers!(
        MessagesRead,
        MessagesWrite,
        ChannelsRead,
        ChannelsWrite,
        TemplatesRead,
        TemplatesWrite,
        EventsRead,
        WorkspaceRead,
        WorkspaceWrite,
        WebhooksRead,
        WebhooksWrite,
        ApiKeysRead,
        ApiKeysWrite,
        SandboxWrite,
    );
}

/// A caller with a workspace, and in it the scope `S`.
pub struct Granted<S: RequiredScope> {
    pub workspace: WorkspaceId,
    pub environment: Environment,
    pub principal: Principal,
    /// All scopes of the caller in this workspace.
    pub scopes: Arc<[Scope]>,
    scope: PhantomData<S>,
}

impl<S: RequiredScope> Granted<S> {
    /// Names the caller in one workspace across requests, for idempotency keys.
    pub fn stable_name(&self) -> String {
        format!("{}@{}", self.principal.stable_name(), self.workspace)
    }

    /// # Errors
    /// [`Code::NotSandbox`] in a live workspace.
    pub fn require_sandbox(&self) -> Result<(), ApiError> {
        match self.environment {
            Environment::Sandbox => Ok(()),
            Environment::Live => Err(Code::NotSandbox.into()),
        }
    }

    fn of(request: &HttpRequest) -> Result<Self, ApiError> {
        let granted = match found(request)?.identity {
            Identity::Key(key) => Self::of_key(request, &key)?,
            Identity::Session(session) => {
                check_console_header(request)?;
                Self::of_session(request, &session)?
            }
            Identity::Anonymous => return Err(Code::Unauthenticated.into()),
            Identity::Refused(error) => return Err(refused(&error)),
        };
        if granted.scopes.contains(&S::SCOPE) {
            Ok(granted)
        } else {
            Err(ApiError::with_detail(Code::Forbidden, format!("needs the scope {}", S::SCOPE)))
        }
    }

    fn of_key(request: &HttpRequest, key: &KeyGrant) -> Result<Self, ApiError> {
        // A key implies its workspace; naming another one is a mistake that must not go unnoticed.
        if named_workspace(request)?.is_some_and(|named| named != key.workspace) {
            return Err(ApiError::with_detail(Code::NotFound, "the API key belongs to another workspace"));
        }
        Ok(Self {
            workspace: key.workspace,
            environment: key.environment,
            principal: Principal::ApiKey(key.id),
            scopes: Arc::clone(&key.scopes),
            scope: PhantomData,
        })
    }

    fn of_session(request: &HttpRequest, session: &Session) -> Result<Self, ApiError> {
        let named = named_workspace(request)?.ok_or_else(|| {
            ApiError::with_detail(Code::WorkspaceHeaderMissing, format!("send its id in {WORKSPACE_HEADER}"))
        })?;
        let membership = session
            .membership(named)
            .ok_or_else(|| ApiError::with_detail(Code::NotFound, "there is no such workspace"))?;
        Ok(Self {
            workspace: named,
            environment: membership.workspace.environment,
            principal: Principal::Session { user: session.user(), session: session.session },
            scopes: membership.role.scopes().into(),
            scope: PhantomData,
        })
    }
}

/// The workspace in the header, or for a stream (`EventSource` can't set headers) in the query.
fn named_workspace(request: &HttpRequest) -> Result<Option<WorkspaceId>, ApiError> {
    if let Some(value) = request.headers().get(WORKSPACE_HEADER) {
        let id = value.to_str().ok().and_then(|text| text.trim().parse().ok());
        return id.map(Some).ok_or_else(|| {
            ApiError::with_detail(Code::InvalidHeader, format!("{WORKSPACE_HEADER} is not a workspace's id"))
        });
    }
    if !request.method().is_safe() {
        return Ok(None);
    }
    let query = url::form_urlencoded::parse(request.query_string().as_bytes());
    let Some((_, text)) = query.into_iter().find(|(name, _)| name == "workspace") else { return Ok(None) };
    text.parse()
        .map(Some)
        .map_err(|_| ApiError::with_detail(Code::InvalidParameter, "workspace is not a workspace's id"))
}

impl<S: RequiredScope> FromRequest for Granted<S> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

/// A signed-in user, for what belongs to no workspace. Programs with API keys are refused.
pub struct SignedIn(pub Session);

impl FromRequest for SignedIn {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(found(request).and_then(|found| match found.identity {
            Identity::Session(session) => check_console_header(request).map(|()| Self(session)),
            Identity::Key(_) => Err(ApiError::with_detail(Code::Forbidden, "only a signed-in user can do this")),
            Identity::Anonymous => Err(Code::Unauthenticated.into()),
            Identity::Refused(error) => Err(refused(&error)),
        }))
    }
}

/// Anybody with any good credential, for facts that belong to no workspace.
pub struct Anyone;

impl FromRequest for Anyone {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(found(request).and_then(|found| match found.identity {
            Identity::Session(_) | Identity::Key(_) => Ok(Self),
            Identity::Anonymous => Err(Code::Unauthenticated.into()),
            Identity::Refused(error) => Err(refused(&error)),
        }))
    }
}

/// The address that a request comes from, when it is known.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub Option<IpAddr>);

impl FromRequest for ClientAddress {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(found(request).map(|found| Self(found.address)))
    }
}
