//! The API's description (OpenAPI 3.1), made from the handlers' own words.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Components, ContentBuilder, InfoBuilder, LicenseBuilder, Ref, RefOr, ResponseBuilder, ServerBuilder, schema,
    tag::TagBuilder,
};

use super::cookies;
use super::{Context, Described};
use crate::error::{ApiError, Code, FieldError, Problem};

const ABOUT: &str = "One API for WhatsApp over two providers, Twilio and Meta's Cloud API.\n\n\
    Programs authenticate with an API key (`Authorization: Bearer dpx_…`), which implies its workspace. The console uses \
    cookies, names the workspace in `Duplex-Workspace` and sends `Duplex-Console: 1` with every change.\n\n\
    Errors are `application/problem+json` (RFC 9457) with a stable `code`; switch on the code, show the texts. Lists are \
    pages: pass `next_cursor` as `cursor`. Times are RFC 3339 in UTC. POSTs take an optional `Idempotency-Key`, kept for 24 \
    hours: the same body gets the same answer. Every answer carries `X-Request-Id`, `RateLimit` and `RateLimit-Policy`.";

/// What each group of operations is about.
const TAGS: &[(&str, &str)] = &[
    ("Session", "The first start, signing in to the console, staying signed in, signing out"),
    ("Installation", "How this installation is set up"),
    ("Workspace", "A business in one environment, and the provider that it uses"),
    ("API keys", "How programs get in"),
    ("Messages", "Sending, and the story of each message"),
    ("Unknown messages", "Messages whose answer was lost: the evidence, and what a person decides"),
    ("Failed messages", "What did not arrive, by its reason, and sending it again"),
    ("Templates", "Authored once, submitted to each provider, kept in step with what stands there"),
    ("Media", "Pictures, films, sounds and files: uploaded to be sent, and sent by people"),
    ("Contacts", "The people a business talks to"),
    ("Channels", "One WhatsApp sender each, at one provider"),
    ("Providers", "What each provider can do and what it costs, with source and date"),
    ("Alerts", "What an operator has to know, told once when it begins and once when it is over"),
    (
        "Webhooks",
        "Integrators' endpoints that are told of events, signed by the Standard Webhooks specification, with a log and replay",
    ),
    ("Error codes", "What each provider's codes mean, what the gateway does then, and who can do something about it"),
    ("Events", "Everything that happens in a workspace, in order"),
    ("Webhook events", "What the providers sent, as it came"),
    ("Sandbox", "The simulator behind sandbox workspaces: a virtual phone, and faults on demand"),
];

/// Name of the schema of every error.
const PROBLEM: &str = "Problem";

/// The whole description.
pub fn describe() -> utoipa::openapi::OpenApi {
    let mut api = Described::openapi();
    api.info = InfoBuilder::new()
        .title("Duplex")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    api.tags =
        Some(TAGS.iter().map(|(name, text)| TagBuilder::new().name(*name).description(Some(*text)).build()).collect());
    let components = api.components.get_or_insert_with(Components::new);
    add_security(components);
    add_problems(components);
    for item in api.paths.paths.values_mut() {
        for operation in operations(item) {
            add_errors(operation);
        }
    }
    api
}

/// As JSON, with a newline at the end.
///
/// # Errors
/// Never in practice: the description is plain data.
pub fn json() -> Result<String, serde_json::Error> {
    Ok(describe().to_pretty_json()? + "\n")
}

/// `GET /api/v1/openapi.json`
///
/// # Errors
/// Never in practice.
pub async fn document(ctx: web::Data<Context>) -> Result<HttpResponse, ApiError> {
    let mut api = describe();
    api.servers = Some(vec![ServerBuilder::new().url(ctx.public_url.join("")).build()]);
    Ok(HttpResponse::Ok().content_type("application/json").body(api.to_json().map_err(ApiError::internal)?))
}

fn add_security(components: &mut Components) {
    let key = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("dpx_…")
        .description(Some("An API key. It implies its workspace and has the scopes it was made with."))
        .build();
    let session = ApiKey::Cookie(ApiKeyValue::with_description(
        cookies::ACCESS,
        "The console's session. Name the workspace in `Duplex-Workspace`; send `Duplex-Console: 1` with every change.",
    ));
    components.add_security_scheme("api_key", SecurityScheme::Http(key));
    components.add_security_scheme("session", SecurityScheme::ApiKey(session));
}

/// One shared response per status, listing the codes that come with it.
fn add_problems(components: &mut Components) {
    let mut schemas = Vec::new();
    <Problem as utoipa::ToSchema>::schemas(&mut schemas);
    schemas.push((PROBLEM.to_owned(), <Problem as utoipa::PartialSchema>::schema()));
    schemas.push(("FieldError".to_owned(), <FieldError as utoipa::PartialSchema>::schema()));
    schemas.push(("Code".to_owned(), <Code as utoipa::PartialSchema>::schema()));
    components.schemas.extend(schemas);
    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for &code in Code::ALL {
        by_status.entry(code.status()).or_default().push(code);
    }
    for (status, codes) in by_status {
        components.responses.insert(response_name(status), RefOr::T(problem_response(&codes)));
    }
}

fn response_name(status: u16) -> String {
    format!("Problem{status}")
}

fn problem_response(codes: &[Code]) -> utoipa::openapi::Response {
    let list: Vec<String> = codes.iter().map(|code| format!("`{code}`: {}", code.title())).collect();
    let example = codes.first().map(|&code| ApiError::new(code).problem("019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b".into()));
    let content = ContentBuilder::new()
        .schema(Some(schema::Ref::from_schema_name(PROBLEM)))
        .example(example.and_then(|problem| serde_json::to_value(problem).ok()))
        .build();
    ResponseBuilder::new().description(list.join("; ")).content("application/problem+json", content).build()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete].into_iter().flatten()
}

/// Every error that an operation can give by what it takes, beside those it names itself.
fn add_errors(operation: &mut Operation) {
    let mut statuses = vec![429, 500, 503];
    let secured = operation.security.as_ref().is_some_and(|all| !all.is_empty());
    if secured {
        statuses.extend([400, 401, 403, 404]);
    }
    if operation.request_body.is_some() {
        statuses.extend([400, 413, 415, 422]);
    }
    if operation.parameters.as_ref().is_some_and(|all| !all.is_empty()) {
        statuses.push(400);
    }
    for status in statuses {
        let reference = Ref::new(format!("#/components/responses/{}", response_name(status)));
        operation.responses.responses.entry(status.to_string()).or_insert(RefOr::Ref(reference));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn operation_ids() -> Vec<(String, String, String)> {
        let mut api = describe();
        let mut found = Vec::new();
        for (path, item) in &mut api.paths.paths {
            let methods = ["get", "post", "put", "patch", "delete"];
            let all = [&item.get, &item.post, &item.put, &item.patch, &item.delete];
            for (method, operation) in methods.iter().zip(all) {
                if let Some(operation) = operation {
                    let id = operation.operation_id.clone().unwrap_or_default();
                    found.push(((*method).to_owned(), path.clone(), id));
                }
            }
        }
        found
    }

    #[test]
    fn every_route_is_described_and_nothing_else() {
        let described: BTreeSet<_> = operation_ids().into_iter().map(|(method, path, _)| (method, path)).collect();
        let served: BTreeSet<_> = super::super::ROUTES
            .iter()
            .map(|(method, path)| ((*method).to_owned(), format!("{}{path}", super::super::API)))
            .collect();
        assert_eq!(described, served);
    }

    #[test]
    fn every_tag_is_described() {
        let mut api = describe();
        let used: BTreeSet<String> = api
            .paths
            .paths
            .values_mut()
            .flat_map(operations)
            .flat_map(|op| op.tags.clone().unwrap_or_default())
            .collect();
        assert_eq!(used, TAGS.iter().map(|(name, _)| (*name).to_owned()).collect());
    }

    #[test]
    fn operation_ids_are_there_and_distinct() {
        let ids: Vec<_> = operation_ids().into_iter().map(|(_, _, id)| id).collect();
        let distinct: BTreeSet<_> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len());
        assert!(ids.iter().all(|id| id.contains('_') || id.len() > 3), "{ids:?}");
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document: serde_json::Value = serde_json::from_str(&json().unwrap()).unwrap();
        assert_eq!(document["openapi"], "3.1.0");
        let mut waiting = vec![&document];
        while let Some(value) = waiting.pop() {
            match value {
                serde_json::Value::Object(fields) => {
                    if let Some(serde_json::Value::String(reference)) = fields.get("$ref") {
                        let pointer = reference.trim_start_matches('#');
                        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
                    }
                    waiting.extend(fields.values());
                }
                serde_json::Value::Array(items) => waiting.extend(items),
                _ => {}
            }
        }
    }
}
