//! Contents as plain text: what they say, without what can be tapped.

use crate::domain::content::Content;
use crate::domain::content::interactive::{
    CatalogContent, CtaUrlContent, Header, ListContent, ProductContent, ProductListContent,
};
use crate::domain::content::plain::TextContent;

/// What a content says as a text; `None` where a text would say something else, or where a picture would be lost.
pub(super) fn of(content: &Content) -> Option<Content> {
    let paragraphs = match content {
        Content::List(list) => of_list(list),
        Content::CtaUrl(button) => of_cta_url(button)?,
        Content::LocationRequest(request) => vec![request.body.clone()],
        Content::AddressRequest(request) => vec![request.body.clone()],
        Content::Product(product) => of_product(product),
        Content::ProductList(list) => of_product_list(list),
        Content::Catalog(catalog) => of_catalog(catalog),
        Content::Text(_)
        | Content::Image(_)
        | Content::Video(_)
        | Content::Audio(_)
        | Content::Document(_)
        | Content::Sticker(_)
        | Content::Location(_)
        | Content::Contacts(_)
        | Content::Reaction(_)
        | Content::ReplyButtons(_)
        | Content::Flow(_)
        | Content::Carousel(_)
        | Content::Template(_)
        | Content::OneTimeCode(_) => return None,
    };
    Some(Content::Text(TextContent { body: paragraphs.join("\n\n"), preview_url: false }))
}

/// Rows are numbered through all sections, so that a person can answer with a number.
fn of_list(list: &ListContent) -> Vec<String> {
    let mut numbers = 1..;
    let sections = list.sections.iter().map(|section| {
        let rows = section.rows.iter().zip(numbers.by_ref()).map(|(row, n): (_, u32)| match &row.description {
            Some(description) => format!("{n}. {}: {description}", row.title),
            None => format!("{n}. {}", row.title),
        });
        section.title.iter().cloned().chain(rows).collect::<Vec<_>>().join("\n")
    });
    list.header.iter().cloned().chain([list.body.clone()]).chain(sections).chain(list.footer.clone()).collect()
}

fn of_cta_url(button: &CtaUrlContent) -> Option<Vec<String>> {
    let header = match &button.header {
        None => None,
        Some(Header::Text { text }) => Some(text.clone()),
        Some(Header::Image(_) | Header::Video(_) | Header::Document(_)) => return None,
    };
    let link = format!("{}: {}", button.button, button.url);
    Some(header.into_iter().chain([button.body.clone(), link]).chain(button.footer.clone()).collect())
}

/// The seller's own id stands for the product.
fn of_product(product: &ProductContent) -> Vec<String> {
    product.body.iter().cloned().chain([product.product_id.clone()]).chain(product.footer.clone()).collect()
}

fn of_product_list(list: &ProductListContent) -> Vec<String> {
    let sections = list.sections.iter().map(|section| format!("{}\n{}", section.title, section.product_ids.join("\n")));
    [list.header.clone(), list.body.clone()].into_iter().chain(sections).chain(list.footer.clone()).collect()
}

fn of_catalog(catalog: &CatalogContent) -> Vec<String> {
    [catalog.body.clone()].into_iter().chain(catalog.footer.clone()).collect()
}
