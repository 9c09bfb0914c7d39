//! Times as a signers file has them. Only those that say the zone: what another machine reads as another hour would give
//! another verdict there.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Reads `YYYYMMDDZ`, `YYYYMMDDHHMMZ` or `YYYYMMDDHHMMSSZ`; says what is wrong with anything else.
pub(super) fn parse(text: &str) -> Result<Timestamp, String> {
    let forms = "`YYYYMMDDZ`, `YYYYMMDDHHMMZ` or `YYYYMMDDHHMMSSZ`";
    let digits = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    let is_form = matches!(digits.len(), 8 | 12 | 14) && digits.bytes().all(|b| b.is_ascii_digit());
    if !is_form {
        return Err(format!("`{text}` is no time: write {forms}"));
    }
    if digits.len() == text.len() {
        return Err(format!(
            "`{text}` is a time of no zone, which each machine reads as its own: write `{text}Z`"
        ));
    }
    instant(digits).ok_or_else(|| format!("there is no time `{text}`: write {forms}"))
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
            assert_eq!(parse(text).unwrap().to_string(), expected);
        }
    }

    #[test]
    fn a_time_without_a_zone_is_refused_with_the_mend() {
        assert_eq!(
            parse("20270102").unwrap_err(),
            "`20270102` is a time of no zone, which each machine reads as its own: write `20270102Z`"
        );
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
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
