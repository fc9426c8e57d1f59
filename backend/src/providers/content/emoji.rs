//! What counts as one emoji.

use unicode_segmentation::UnicodeSegmentation;

/// One emoji, with its skin tone, its joined parts or its flag's second half, and nothing beside it.
pub(super) fn is_one_emoji(text: &str) -> bool {
    let mut signs = text.graphemes(true);
    match (signs.next(), signs.next()) {
        (Some(sign), None) => sign.ends_with('\u{20e3}') || sign.chars().next().is_some_and(is_pictograph),
        _ => false,
    }
}

/// The blocks from which emoji are taken (Unicode TR 51).
fn is_pictograph(first: char) -> bool {
    matches!(first,
        '\u{a9}' | '\u{ae}' | '\u{203c}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sign_however_it_is_put_together() {
        for emoji in ["👍", "👍🏽", "👩‍👩‍👧", "🇬🇧", "❤️", "❤", "1️⃣", "©️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🅰️", "Ⓜ️"]
        {
            assert!(is_one_emoji(emoji), "{emoji}");
        }
        for other in ["", "👍👍", "👍 ", "a", "ok", "1", "é", "中", ":)", " "] {
            assert!(!is_one_emoji(other), "{other:?}");
        }
    }
}
