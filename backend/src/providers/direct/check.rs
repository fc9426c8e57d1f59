//! The connection check (direct.md §1.2, §2.9, §2.11): token, number, standing, subscription, callback. Nothing is sent.

mod number;
mod standing;
pub(super) mod subscription;
mod token;

use crate::providers::check::{CheckName, CheckResult, Depth, Examination};

use super::graph::Graph;
use super::request;

pub(super) async fn run(graph: Graph<'_>, depth: Depth) -> Examination {
    let mut seen = Examination::default();
    let Some(token) = token::examine(graph, &mut seen).await else { return seen };
    let permissions = token::permissions(&token, graph.credentials);
    let stops = permissions.found.result == CheckResult::Fail;
    let manages = token::may_manage(&token);
    seen.checks.push(permissions);
    if stops {
        return seen;
    }
    if !manages {
        use CheckName::{Callback, Sender, Standing, Subscribed};
        seen.leave_unseen(&[Sender, Standing, Subscribed, Callback], &token::can_not_look());
        return seen;
    }
    let shown = match graph.ask(request::sender(graph.base, graph.credentials)).await {
        Ok(found) => found,
        Err(refused) => {
            seen.push(CheckName::Sender, number::refused(graph, &refused).await);
            return seen;
        }
    };
    if let Some(wrong) = number::wrong(graph, &shown).await {
        seen.push(CheckName::Sender, wrong);
        return seen;
    }
    number::facts(&shown, &mut seen.facts);
    if number::is_active(&shown) {
        graph.budget.number_is_active();
    }
    seen.push(CheckName::Sender, number::state(&shown));
    standing::examine(graph, &shown, &mut seen).await;
    if depth != Depth::Standing {
        subscription::examine(graph, &shown, depth, &mut seen).await;
    }
    seen
}
