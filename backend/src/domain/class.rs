//! What a message is sent for. It decides who goes first, what opt-outs concern it, and what becomes of it when its answer is lost.

use super::content::Content;
use super::provider::word;
use super::template_definition::TemplateCategory;

word! {
    /// A message's class, and its lane in the queue: the first goes first. It follows from the content and from the category
    /// that the provider gave the template, never from the caller.
    pub enum MessageClass {
        /// Somebody waits for it, and it is worthless in minutes.
        OneTimeCode = "one_time_code",
        /// Free-form content inside the service window.
        Reply = "reply",
        Utility = "utility",
        Marketing = "marketing",
    }
}

impl MessageClass {
    /// `category` is that of the template at the provider. A template of which nobody here knows the category is taken for
    /// marketing: nobody's opt-out is overlooked by it.
    pub fn of(content: &Content, category: Option<TemplateCategory>) -> Self {
        match content {
            Content::OneTimeCode(_) => Self::OneTimeCode,
            Content::Template(_) => match category {
                Some(TemplateCategory::Authentication) => Self::OneTimeCode,
                Some(TemplateCategory::Utility) => Self::Utility,
                Some(TemplateCategory::Marketing) | None => Self::Marketing,
            },
            _ => Self::Reply,
        }
    }
}
