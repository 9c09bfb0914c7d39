//! The end of what lasts only for a time: approvals and waivers.

use jiff::Timestamp;

/// Says why something no longer counts that ends at `expires` (RFC 3339): `it ended at …`; none where it lasts, or has no
/// end. The very moment of its end is over.
pub fn ended(expires: Option<&str>, at: Timestamp) -> Option<String> {
    let text = expires?;
    match text.parse::<Timestamp>() {
        Ok(end) if at < end => None,
        Ok(_) => Some(format!("it ended at {text}")),
        Err(_) => Some(format!("it ends at `{text}`, which is no time")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_end_lasts_and_what_has_one_lasts_until_then() {
        let at: Timestamp = "2026-01-15T10:00:00Z".parse().unwrap();
        assert_eq!(ended(None, at), None);
        assert_eq!(ended(Some("2026-01-15T10:00:01Z"), at), None);
        for (end, why) in [
            ("2026-01-15T10:00:00Z", "it ended at 2026-01-15T10:00:00Z"),
            ("tomorrow", "it ends at `tomorrow`, which is no time"),
        ] {
            assert_eq!(ended(Some(end), at).as_deref(), Some(why));
        }
    }
}
