//! What counts as one emoji.

use std::sync::LazyLock;

use regex::Regex;
use unicode_segmentation::UnicodeSegmentation;

/// What an emoji begins with by Unicode's own list, without the signs that become one only on a key cap. `None` can't happen: a
/// test reads the pattern.
static PICTOGRAPH: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[\p{Emoji}--[0-9\#*]]").ok());

/// One emoji, with its skin tone, its joined parts or its flag's second half, and nothing beside it.
pub(super) fn is_one_emoji(text: &str) -> bool {
    let mut signs = text.graphemes(true);
    match (signs.next(), signs.next()) {
        (Some(sign), None) => {
            sign.ends_with('\u{20e3}') || PICTOGRAPH.as_ref().is_some_and(|pattern| pattern.is_match(sign))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sign_however_it_is_put_together() {
        for emoji in ["👍", "👍🏽", "👩‍👩‍👧", "🇬🇧", "❤️", "❤", "1️⃣", "©️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🅰️", "Ⓜ️", "™", "☎️", "⌚", "➡️", "㊗️"]
        {
            assert!(is_one_emoji(emoji), "{emoji}");
        }
        for other in ["", "👍👍", "👍 ", "a", "ok", "1", "é", "中", ":)", " ", "€", "™a", "→", "∑", "┼", "№"]
        {
            assert!(!is_one_emoji(other), "{other:?}");
        }
    }
}
