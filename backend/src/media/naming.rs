//! Names of files, which strangers choose: shown and offered for saving, never used as names on our own disk.

use super::sniff;

/// Longest name that is offered, in characters; common file systems take 255 bytes.
const LONGEST: usize = 120;

/// A name to save a file under: one segment, without characters that hide or redirect, and with an ending that belongs to what
/// the bytes are, so that nothing can be opened as something else.
pub fn safe_name(filename: Option<&str>, mime_type: &str) -> String {
    let kept: String = filename
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control() && !reorders(*c))
        .map(|c| if r#"/\:*?"<>|"#.contains(c) { '_' } else { c })
        .collect();
    let kept: String = kept.trim_matches(|c: char| c == '.' || c.is_whitespace()).chars().take(LONGEST).collect();
    let name = if kept.is_empty() { "file".to_owned() } else { kept };
    if mime_type == sniff::UNKNOWN && filename.is_some() || has_ending(&name, mime_type) {
        name
    } else {
        format!("{name}.{}", sniff::ending_of(mime_type))
    }
}

/// Says that an uploader's words about a file are not what its bytes are; `None` when they are, or when there are none.
pub fn contradiction(filename: Option<&str>, declared: Option<&str>, mime_type: &str) -> Option<String> {
    let declared = declared.filter(|declared| !is_same_type(declared, mime_type));
    if let Some(declared) = declared {
        return Some(format!("It was sent as {declared}; by its bytes it is {mime_type}."));
    }
    let ending = filename.and_then(ending).filter(|_| filename.is_some_and(|name| !has_ending(name, mime_type)))?;
    sniff::is_ending(&ending).then(|| format!("Its name ends in .{ending}; by its bytes it is {mime_type}."))
}

/// Marks that turn the direction of reading, so that a program's name reads like a picture's, and marks that can't be seen.
fn reorders(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn ending(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    (!stem.is_empty()).then(|| ending.to_ascii_lowercase())
}

fn has_ending(name: &str, mime_type: &str) -> bool {
    let others: &[&str] = match mime_type {
        "image/jpeg" => &["jpeg", "jpe"],
        "video/mp4" => &["m4v"],
        "video/3gpp" | "audio/3gpp" => &["3gpp"],
        "audio/mp4" => &["mp4"],
        "audio/ogg" => &["oga", "opus"],
        "text/plain" => &["text", "csv", "tsv", "log", "md"],
        _ => &[],
    };
    ending(name).is_some_and(|ending| ending == sniff::ending_of(mime_type) || others.contains(&ending.as_str()))
}

/// Types are given with parameters, in any case, and some have two names. What says nothing contradicts nothing.
fn is_same_type(declared: &str, mime_type: &str) -> bool {
    let essence = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let essence = match essence.as_str() {
        "image/jpg" => "image/jpeg",
        "audio/mp3" => "audio/mpeg",
        "audio/x-m4a" | "audio/m4a" => "audio/mp4",
        "audio/opus" | "application/ogg" => "audio/ogg",
        "audio/x-aac" => "audio/aac",
        other => other,
    };
    essence == mime_type || matches!(essence, "" | sniff::UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_harmless_segment_with_its_own_ending() {
        for (given, mime_type, expected) in [
            (Some("invoice 77.pdf"), "application/pdf", "invoice 77.pdf"),
            (Some("../../etc/passwd"), "text/plain", "_.._etc_passwd.txt"),
            (Some("..\\..\\boot.ini"), "text/plain", "_.._boot.ini.txt"),
            (Some("a\r\nSet-Cookie: x=1.png"), "image/png", "aSet-Cookie_ x=1.png"),
            (Some("\"; filename=\"evil.exe"), "image/jpeg", "_; filename=_evil.exe.jpg"),
            (Some("photo\u{202e}gpj.exe"), "image/jpeg", "photogpj.exe.jpg"),
            (Some("page.html"), "text/plain", "page.html.txt"),
            (Some("figures.CSV"), "text/plain", "figures.CSV"),
            (Some("photo.JPEG"), "image/jpeg", "photo.JPEG"),
            (Some(".htaccess"), "text/plain", "htaccess.txt"),
            (Some("Grüße 😀.pdf"), "application/pdf", "Grüße 😀.pdf"),
            (Some("plan.dwg"), sniff::UNKNOWN, "plan.dwg"),
            (Some(" . "), "audio/ogg", "file.ogg"),
            (None, "video/mp4", "file.mp4"),
            (None, sniff::UNKNOWN, "file.bin"),
        ] {
            assert_eq!(safe_name(given, mime_type), expected);
        }
        assert!(safe_name(Some(&"x".repeat(5_000)), "image/png").len() < 255);
    }

    #[test]
    fn a_lie_is_told_and_a_second_name_is_none() {
        let of = |filename, declared| contradiction(filename, declared, "image/jpeg");
        assert_eq!(of(Some("a.jpg"), Some("image/jpeg")), None);
        assert_eq!(of(Some("a.jpeg"), Some("image/JPG; q=1")), None);
        assert_eq!(of(None, Some("application/octet-stream")), None);
        assert_eq!(of(Some("holiday.2026"), None), None);
        assert!(of(Some("a.jpg"), Some("image/png")).is_some_and(|told| told.contains("image/png")));
        assert!(of(Some("a.pdf"), None).is_some_and(|told| told.contains(".pdf")));
    }
}
