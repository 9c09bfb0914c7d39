//! Which id a new task gets: the next of those in use. Pure.

use std::collections::HashSet;

/// The id of the first task of all.
const FIRST: &str = "TASK-001";

/// Returns the id behind the highest of the commonest prefix, as wide as the widest of its numbers; of prefixes that are
/// equally common the first counts.
pub fn next<'a>(ids: impl IntoIterator<Item = &'a str>) -> String {
    let mut seen: Vec<Series<'a>> = Vec::new();
    let mut known: HashSet<&str> = HashSet::new();
    for id in ids {
        let Some((prefix, digits, number)) = parts(id).filter(|_| known.insert(id)) else {
            continue;
        };
        let at = seen.iter().position(|series| series.prefix == prefix);
        let at = at.unwrap_or_else(|| {
            seen.push(Series {
                prefix,
                count: 0,
                highest: 0,
                width: 0,
            });
            seen.len() - 1
        });
        let series = &mut seen[at];
        series.count += 1;
        series.highest = series.highest.max(number);
        series.width = series.width.max(digits);
    }
    // Of equal ones the last is the greatest.
    let commonest = seen.iter().rev().max_by_key(|series| series.count);
    commonest.map_or_else(
        || FIRST.to_owned(),
        |it| format!("{}-{:0width$}", it.prefix, it.highest + 1, width = it.width),
    )
}

/// The ids of one prefix.
struct Series<'a> {
    prefix: &'a str,
    count: usize,
    highest: u32,
    width: usize,
}

/// Splits `TASK-007` or `TASK-007-A` into prefix, digits and number.
fn parts(id: &str) -> Option<(&str, usize, u32)> {
    let mut end = id.len();
    while let Some(dash) = id[..end].rfind('-') {
        let digits = &id[dash + 1..end];
        if !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && let Ok(number) = digits.parse::<u32>()
            && number < u32::MAX
        {
            return Some((&id[..dash], digits.len(), number));
        }
        end = dash;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn the_next_id_follows_the_highest_of_the_commonest_prefix() {
        for (ids, expected) in [
            (&[][..], "TASK-001"),
            (&["TASK-007", "TASK-003"], "TASK-008"),
            (&["BUG-12", "TASK-007", "TASK-003"], "TASK-008"),
            (&["BUG-9", "TASK-007"], "BUG-10"),
            (&["TASK-007", "BUG-9", "BUG-9"], "TASK-008"),
            (&["TASK-099"], "TASK-100"),
            (&["TASK-007-A", "TASK-007-B"], "TASK-008"),
            (&["A-B-03"], "A-B-04"),
            (&["words", "X-99999999999"], "TASK-001"),
        ] {
            assert_eq!(next(ids.iter().copied()), expected, "{ids:?}");
        }
    }
}
