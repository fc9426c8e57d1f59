//! The parameters of a webhook while they are gathered.

/// Names and values in the order in which they are sent.
pub(crate) type Form = Vec<(String, String)>;

#[derive(Debug, Default)]
pub(super) struct Fields(pub(super) Form);

impl Fields {
    pub(super) fn put(&mut self, name: &str, value: &str) -> &mut Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }
}
