//! Times as a signers file has them. One without a zone is each machine's own for OpenSSH; here it is taken at its narrowest,
//! so that no verdict hangs on a machine's zone, and none passes that another machine would refuse.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Which end of a key's time it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// `valid-after`.
    First,
    /// `valid-before`.
    Last,
}

/// Reads `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, in UTC where a `Z` follows; says what is wrong with anything else.
pub(super) fn parse(text: &str, end: End) -> Result<Timestamp, String> {
    let forms = "`YYYYMMDDZ`, `YYYYMMDDHHMMZ` or `YYYYMMDDHHMMSSZ`";
    let digits = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    let is_form = matches!(digits.len(), 8 | 12 | 14) && digits.bytes().all(|b| b.is_ascii_digit());
    if !is_form {
        return Err(format!("`{text}` is no time: write {forms}"));
    }
    let time =
        instant(digits).ok_or_else(|| format!("there is no time `{text}`: write {forms}"))?;
    if digits.len() < text.len() {
        return Ok(time);
    }
    // Zones reach from UTC-12 to UTC+14: it begins last in the one and ends first in the other.
    let hours = match end {
        End::First => 12,
        End::Last => -14,
    };
    time.checked_add(SignedDuration::from_hours(hours))
        .map_err(|_| format!("there is no time `{text}`: write {forms}"))
}

fn instant(digits: &str) -> Option<Timestamp> {
    let number = |from: usize, to: usize| -> Option<i8> {
        digits.get(from..to).map_or(Some(0), |two| two.parse().ok())
    };
    let year: i16 = digits.get(..4)?.parse().ok()?;
    let (hour, minute, second) = (number(8, 10)?, number(10, 12)?, number(12, 14)?);
    let civil = DateTime::new(year, number(4, 6)?, number(6, 8)?, hour, minute, second, 0);
    let time = civil.ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
    // Zero is no time at all for OpenSSH.
    (time > Timestamp::UNIX_EPOCH).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_read_as_utc() {
        for (text, expected) in [
            ("20270102Z", "2027-01-02T00:00:00Z"),
            ("202701020304Z", "2027-01-02T03:04:00Z"),
            ("20270102030405z", "2027-01-02T03:04:05Z"),
        ] {
            assert_eq!(parse(text, End::Last).unwrap().to_string(), expected);
        }
    }

    #[test]
    fn a_time_without_a_zone_is_taken_at_its_narrowest() {
        for (end, expected) in [
            (End::First, "2027-01-02T12:00:00Z"),
            (End::Last, "2027-01-01T10:00:00Z"),
        ] {
            assert_eq!(parse("20270102", end).unwrap().to_string(), expected);
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "Z",
            "2027Z",
            "20271301Z",
            "20270230Z",
            "2027010224Z",
            "202701022400Z",
            "20270102030460Z",
            "+2027010Z",
            "2027-01-02Z",
            "0x1234Z",
            "19700101Z",
            "19691231Z",
            "20270102UTC",
            "２０２７Z",
        ] {
            assert!(parse(text, End::Last).is_err(), "{text}");
        }
    }
}
