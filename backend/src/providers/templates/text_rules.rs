//! The rules for a template's texts and their variables.

use std::collections::BTreeSet;

use crate::domain::template_definition::placeholders::{Piece, names, pieces};
use crate::domain::template_definition::{ParameterFormat, TemplateText};
use crate::providers::violation::ViolationCode as V;

use super::rules::Found;

/// What holds for one text.
pub(super) struct TextRule<'a> {
    /// Its place in the definition, such as `body`.
    pub place: &'a str,
    pub format: ParameterFormat,
    pub max_chars: usize,
    pub max_variables: usize,
    /// Whether words must stand before, between and behind the variables.
    pub among_words: bool,
}

/// Fixed words that a body needs beside `n` variables: 2n + 1 (twilio.md §2.4; fewer is direct.md §5, 2388293).
const fn words_needed(variables: usize) -> usize {
    2 * variables + 1
}

impl TextRule<'_> {
    pub fn check(&self, text: &TemplateText, found: &mut Found) {
        let field = format!("{}.text", self.place);
        if text.text.trim().is_empty() {
            return found.add(field, V::Empty, "write at least one word");
        }
        if text.text.chars().count() > self.max_chars {
            // What stands in it is looked at once it is a text of that size.
            return found.add(field, V::TooLong, format!("at most {} characters; shorten it", self.max_chars));
        }
        let variables = names(&text.text);
        if variables.len() > self.max_variables {
            let most = self.max_variables;
            found.add(field.clone(), V::TooMany, format!("at most {most} variables stand here"));
        }
        self.check_names(&field, &variables, found);
        if self.among_words && !variables.is_empty() {
            check_neighbours(&field, &text.text, variables.len(), found);
        }
        self.check_samples(text, &variables, found);
    }

    fn check_names(&self, field: &str, variables: &[&str], found: &mut Found) {
        match self.format {
            ParameterFormat::Positional => {
                let numbered = variables.iter().enumerate().all(|(n, name)| *name == (n + 1).to_string());
                if !numbered {
                    let message = "number the variables {{1}}, {{2}} … in their order and without gaps, or set parameter_format to named";
                    found.add(field, V::Malformed, message);
                }
            }
            ParameterFormat::Named => {
                let sound = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
                let named = variables
                    .iter()
                    .all(|name| name.bytes().next().is_some_and(|b| b.is_ascii_lowercase()) && name.bytes().all(sound));
                if !named {
                    let message =
                        "a variable's name begins with a letter and has lower-case letters, digits and underscores";
                    found.add(field, V::Malformed, message);
                }
            }
        }
    }

    fn check_samples(&self, text: &TemplateText, variables: &[&str], found: &mut Found) {
        let place = self.place;
        if text.samples.len() > variables.len() {
            let field = format!("{place}.samples[{}]", variables.len());
            found.add(field, V::TooMany, "there is no variable for this sample");
        }
        for (n, name) in variables.iter().enumerate() {
            let missing = text.sample(self.format, n, name).is_none_or(|sample| sample.trim().is_empty());
            if missing {
                let message = format!("the reviewer needs a sample for {{{{{name}}}}}");
                found.add(format!("{place}.samples"), V::Required, message);
            }
        }
        let mut seen = BTreeSet::new();
        for (n, sample) in text.samples.iter().enumerate() {
            let field = format!("{place}.samples[{n}].name");
            match (&sample.name, self.format) {
                (Some(name), ParameterFormat::Named) if !seen.insert(name) => {
                    found.add(field, V::Duplicate, "each variable has one sample");
                }
                (Some(_), ParameterFormat::Positional) => {
                    found.add(field, V::Conflict, "numbered variables have no names; leave it out");
                }
                (None, ParameterFormat::Named) => {
                    found.add(field, V::Required, "name the variable that the sample is for");
                }
                _ => {}
            }
        }
    }
}

/// A variable may not open or close a text, nor may two stand side by side (direct.md §2.8).
fn check_neighbours(field: &str, text: &str, variables: usize, found: &mut Found) {
    let cut: Vec<Piece<'_>> = pieces(text.trim())
        .into_iter()
        .filter(|piece| !matches!(piece, Piece::Fixed(text) if text.trim().is_empty()))
        .collect();
    let is_variable = |piece: Option<&Piece<'_>>| matches!(piece, Some(Piece::Variable(_)));
    if is_variable(cut.first()) || is_variable(cut.last()) {
        found.add(field, V::Malformed, "a variable may not open or close the text; put words before and behind it");
    }
    if cut.windows(2).any(|pair| matches!(pair, [Piece::Variable(_), Piece::Variable(_)])) {
        found.add(field, V::Malformed, "two variables may not stand side by side; put words between them");
    }
    let words: usize = cut
        .iter()
        .map(|piece| match piece {
            Piece::Fixed(text) => {
                text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
            }
            Piece::Variable(_) => 0,
        })
        .sum();
    if words < words_needed(variables) {
        let needed = words_needed(variables);
        let message =
            format!("{variables} variables need at least {needed} fixed words around them; there are {words}");
        found.add(field, V::TooShort, message);
    }
}
