//! The part of a file that a request asks for (RFC 9110 §14).

/// What to answer with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it: nothing was asked for, or in a way that may be answered so.
    Whole,
    /// Bytes from the first to the last place, both inclusive.
    Bytes { first: u64, last: u64 },
    /// Nothing of what was asked for exists.
    Unsatisfiable,
}

impl Part {
    /// Reads `Range` for a file of `size` bytes. Several ranges at once, other units and nonsense are answered with the whole.
    pub fn asked(header: Option<&str>, size: u64) -> Self {
        let spec = header.map(str::trim).and_then(|text| text.strip_prefix("bytes=")).map(str::trim);
        let Some((first, last)) = spec.filter(|spec| !spec.contains(',')).and_then(|spec| spec.split_once('-')) else {
            return Self::Whole;
        };
        match (number(first), number(last)) {
            (Some(first), last) if last.is_some() || last_is_open(spec) => {
                let last = last.unwrap_or(u64::MAX);
                if last < first {
                    Self::Whole
                } else if first >= size {
                    Self::Unsatisfiable
                } else {
                    Self::Bytes { first, last: last.min(size - 1) }
                }
            }
            // The last so many bytes.
            (None, Some(count)) if first.trim().is_empty() => match count.min(size) {
                0 => Self::Unsatisfiable,
                count => Self::Bytes { first: size - count, last: size - 1 },
            },
            _ => Self::Whole,
        }
    }
}

fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn last_is_open(spec: Option<&str>) -> bool {
    spec.is_some_and(|spec| spec.trim_end().ends_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_answered_and_everything_else_is_the_whole() {
        let bytes = |first, last| Part::Bytes { first, last };
        for (header, expected) in [
            (None, Part::Whole),
            (Some("bytes=0-0"), bytes(0, 0)),
            (Some("bytes=2-5"), bytes(2, 5)),
            (Some("bytes=2-"), bytes(2, 9)),
            (Some("bytes=2-99999999999999999999999"), Part::Whole),
            (Some("bytes=2-500"), bytes(2, 9)),
            (Some("bytes=-3"), bytes(7, 9)),
            (Some("bytes=-30"), bytes(0, 9)),
            (Some("bytes=-0"), Part::Unsatisfiable),
            (Some("bytes=10-"), Part::Unsatisfiable),
            (Some("bytes=10-20"), Part::Unsatisfiable),
            (Some("bytes=5-2"), Part::Whole),
            (Some("bytes=0-1,4-5"), Part::Whole),
            (Some("bytes=-"), Part::Whole),
            (Some("bytes=a-b"), Part::Whole),
            (Some("bytes=+1-2"), Part::Whole),
            (Some("lines=0-1"), Part::Whole),
            (Some("bytes 0-1"), Part::Whole),
        ] {
            assert_eq!(Part::asked(header, 10), expected, "{header:?}");
        }
        assert_eq!(Part::asked(Some("bytes=0-"), 0), Part::Unsatisfiable);
    }
}
