//! The policy's number in its text: raised without touching anything else. Pure.

use toml::de::DeTable;

/// Returns the text of a policy with another number; what is no TOML comes back as it is.
pub fn renumbered(text: &str, number: u64) -> String {
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mark = text.len() - bare.len();
    let Ok(table) = DeTable::parse(bare) else {
        return text.to_owned();
    };
    let mut text = text.to_owned();
    match table.get_ref().get("policy") {
        Some(value) => {
            let span = value.span();
            text.replace_range(mark + span.start..mark + span.end, &number.to_string());
        }
        // At the top, where no table has begun.
        None => text.insert_str(mark, &format!("policy = {number}\n")),
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_alone_is_replaced() {
        let text = "# policy = 1\npolicy  =  1 # one\n[rules]\nbranch = \"off\"\n";
        assert_eq!(
            renumbered(text, 12),
            "# policy = 1\npolicy  =  12 # one\n[rules]\nbranch = \"off\"\n"
        );
        assert_eq!(renumbered("\u{feff}policy=1", 2), "\u{feff}policy=2");
        assert_eq!(renumbered("'policy' = 0x1\r\n", 2), "'policy' = 2\r\n");
    }

    #[test]
    fn a_policy_without_a_number_gets_one_above_its_tables() {
        let text = "\u{feff}# ours\n[rules]\nbranch = \"off\"\n";
        assert_eq!(
            renumbered(text, 2),
            "\u{feff}policy = 2\n# ours\n[rules]\nbranch = \"off\"\n"
        );
        assert_eq!(renumbered("policy = = 1", 2), "policy = = 1");
    }
}
