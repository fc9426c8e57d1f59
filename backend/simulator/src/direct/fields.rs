//! The `fields` parameter: which members of an object are wanted.

use actix_web::HttpRequest;
use serde_json::{Map, Value};

use super::auth;
use super::errors::{Graph, GraphError};

/// Members that Graph knows but that objects here do not have; to ask for them is no mistake.
const ABSENT: [&str; 21] = [
    "analytics",
    "certificate",
    "conversation_analytics",
    "conversational_automation",
    "cta_url_link_tracking_opted_out",
    "health_status",
    "host_platform",
    "last_onboarded_time",
    "library_template_name",
    "messaging_limit_tier",
    "name",
    "new_name_status",
    "on_behalf_of_business_info",
    "owner_business_info",
    "previous_category",
    "pricing_analytics",
    "primary_business_location",
    "search_visibility",
    "sub_category",
    "username",
    "correct_category",
];

/// Keeps the members that `fields` names, and those that Graph always sends; without `fields` all.
///
/// # Errors
/// 100 for a name that no object of Graph has.
pub(super) fn chosen(request: &HttpRequest, object: Value) -> Graph<Value> {
    let Some(fields) = auth::query(request).remove("fields") else { return Ok(object) };
    let wanted = names(&fields);
    let Value::Object(members) = object else { return Ok(object) };
    let unknown = wanted.iter().find(|name| !members.contains_key(**name) && !ABSENT.contains(name));
    if let Some(name) = unknown {
        return Err(GraphError::new(100, format!("Tried accessing nonexisting field ({name})")));
    }
    let always = |name: &str| matches!(name, "id" | "messaging_product");
    let kept: Map<_, _> =
        members.into_iter().filter(|(name, _)| always(name) || wanted.contains(&name.as_str())).collect();
    Ok(Value::Object(kept))
}

/// The names in `a,b{c,d},e.limit(2)`: what stands inside brackets belongs to the name before.
fn names(fields: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let pieces = fields.split(|c| {
        match c {
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    });
    let names = pieces.map(|piece| piece.split(['.', '{', '(']).next().unwrap_or_default().trim());
    names.filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_inside_brackets_do_not_part_names() {
        let fields = r#"id,name, analytics.start(1).country_codes(["GB","DE"]),throughput{level,other}"#;
        assert_eq!(names(fields), ["id", "name", "analytics", "throughput"]);
    }
}
