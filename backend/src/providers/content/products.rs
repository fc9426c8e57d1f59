//! Products and catalogues.

use crate::domain::content::interactive::{CatalogContent, ProductContent, ProductListContent, ProductSection};

use super::super::violation::ViolationCode as V;
use super::interactive::{body, footer};
use super::rules::Found;

pub(super) fn product(content: &ProductContent, found: &mut Found<'_>) {
    found.optional("content.body", "the body", content.body.as_deref(), found.can.interactive.max_body_chars);
    footer(content.footer.as_deref(), None, found);
    id("content.catalog_id", &content.catalog_id, found);
    id("content.product_id", &content.product_id, found);
}

pub(super) fn product_list(content: &ProductListContent, found: &mut Found<'_>) {
    found.text("content.header", "the header", &content.header, found.can.interactive.max_header_chars);
    body(&content.body, found);
    footer(content.footer.as_deref(), None, found);
    id("content.catalog_id", &content.catalog_id, found);
    sections("content", &content.sections, found);
}

pub(super) fn catalog(content: &CatalogContent, found: &mut Found<'_>) {
    body(&content.body, found);
    footer(content.footer.as_deref(), None, found);
    if let Some(product) = &content.thumbnail_product_id {
        id("content.thumbnail_product_id", product, found);
    }
}

/// A catalogue's or a product's id.
pub(super) fn id(field: &str, id: &str, found: &mut Found<'_>) {
    if let Some(limits) = found.can.products {
        found.text(field, "the id", id, limits.max_id_chars);
    }
}

/// Products under titles, below `at`: of a message, or of a template's button.
pub(super) fn sections(at: &str, sections: &[ProductSection], found: &mut Found<'_>) {
    let Some(limits) = found.can.products else { return };
    found.count(&format!("{at}.sections"), "sections", sections.len(), 1, limits.max_sections);
    for (n, section) in sections.iter().enumerate() {
        let at = format!("{at}.sections[{n}]");
        found.text(&format!("{at}.title"), "the title", &section.title, limits.max_section_title_chars);
        if section.product_ids.is_empty() {
            let message = "the section has no products; add one, or leave the section out";
            found.add(format!("{at}.product_ids"), V::Empty, message);
        }
        for (p, product) in section.product_ids.iter().enumerate() {
            id(&format!("{at}.product_ids[{p}]"), product, found);
        }
    }
    let (count, most) = (sections.iter().map(|section| section.product_ids.len()).sum::<usize>(), limits.max_products);
    if count as u64 > most.value {
        let message = format!("there are more than {} products in all sections together; leave some out", most.value);
        found.add(format!("{at}.sections"), V::TooMany, message);
    }
}
