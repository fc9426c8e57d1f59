//! Variables inside texts: `{{1}}`, `{{first_name}}`.

use std::collections::HashSet;

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Fixed(&'a str),
    /// A variable's name, without braces and blanks.
    Variable(&'a str),
}

/// A text cut into its pieces. Braces that don't close are fixed text.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, behind)) = after.split_once("}}") else { break };
        if !before.is_empty() {
            found.push(Piece::Fixed(before));
        }
        found.push(Piece::Variable(name.trim()));
        rest = behind;
    }
    if !rest.is_empty() {
        found.push(Piece::Fixed(rest));
    }
    found
}

/// The different variables of a text, in the order of their first use.
pub fn names(text: &str) -> Vec<&str> {
    let mut seen = HashSet::new();
    let variables = pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Variable(name) => Some(name),
        Piece::Fixed(_) => None,
    });
    variables.filter(|name| seen.insert(*name)).collect()
}

/// The text with each variable replaced by what `value` gives for its name.
pub fn replaced(text: &str, mut value: impl FnMut(&str) -> String) -> String {
    pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Fixed(fixed) => fixed.to_owned(),
            Piece::Variable(name) => value(name),
        })
        .collect()
}

/// The fixed part in front of a variable at the end of a text; `None` when there is none there.
pub fn before_last(text: &str) -> Option<&str> {
    let (before, after) = text.split_once("{{")?;
    (after.ends_with("}}") && after.matches("}}").count() == 1).then_some(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_once_each() {
        assert_eq!(names("Hello {{1}}, {{ 2 }} and {{1}} {{open"), ["1", "2"]);
        assert_eq!(names("plain }} text"), Vec::<&str>::new());
        assert_eq!(pieces("{{a}}{{b}}"), [Piece::Variable("a"), Piece::Variable("b")]);
    }

    #[test]
    fn texts_are_filled_and_cut() {
        assert_eq!(replaced("Hi {{1}}, {{2}}.", |name| format!("<{name}>")), "Hi <1>, <2>.");
        assert_eq!(before_last("https://acme.example/{{1}}"), Some("https://acme.example/"));
        assert_eq!(before_last("https://acme.example/{{1}}/x"), None);
        assert_eq!(before_last("https://acme.example/"), None);
    }
}
