//! The page as a file: that it asks for nothing, what its data is, what hostile text becomes in it, and that the command
//! writes it.

use pdd_hooks::audit::class::Class;
use pdd_hooks::audit::report::Tail;
use pdd_hooks::finding::Level;
use serde_json::Value;

use super::sample::{HOSTILE, hostile, page, row, tail, unvalidated};
use crate::support::Repo;

/// Returns the text between two marks.
fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let (_, rest) = text.split_once(start).unwrap();
    rest.split_once(end).unwrap().0
}

/// Returns the facts and all rows as the script reads them.
fn data(page: &str) -> (Value, Vec<Value>) {
    let facts = between(page, "id=\"facts\">", "</script>");
    let mut rows = Vec::new();
    for block in page.split("class=\"rows\">").skip(1) {
        let block: Vec<Value> =
            serde_json::from_str(block.split_once("</script>").unwrap().0).unwrap();
        rows.extend(block);
    }
    (serde_json::from_str(facts).unwrap(), rows)
}

#[test]
fn a_row_is_an_array_and_a_word_stands_once() {
    let mut one = row(0, Class::Bypassed, "Ann", "2026-01-01T23:30:00-08:00");
    one.how = Some("no-verify".into());
    one.findings = vec![unvalidated(Level::Error)];
    let two = row(1, Class::Enforced, "Ann", "2026-01-02T08:00:00+05:45");
    let (facts, rows) = data(&page(vec![one, two], Tail::default()));
    insta::assert_snapshot!(facts["words"], @r#"["this tree has no passing validation","pdd-hooks validate HEAD","Ann","ann@example.org","DEV","no-verify","TASK-007"]"#);
    insta::assert_snapshot!(rows[0], @r#"["9e3779b97f4a7c159e3779b97f4a7c1500000000","2026-01-01T23:30:00-08:00",0,5,[[2,3,0,0]],6,"feat(search): rank the results by relevance, part 0 [TASK-007]",[["PDD008",0,0,1,null,null,null]],1,[],[],null,null,[4]]"#);
    insta::assert_snapshot!(rows[1], @r#"["3c6ef372fe94f82a3c6ef372fe94f82a00000001","2026-01-02T08:00:00+05:45",7,null,[[2,3,0,0]],6,"feat(search): rank the results by relevance, part 1 [TASK-007]",[],0,[],[],null,null,[4]]"#);
}

#[test]
fn no_text_gets_into_the_markup_or_turns_the_line() {
    for text in HOSTILE {
        let page = page(vec![hostile(0, text)], tail(text));
        assert!(!page.contains(text) || !text.contains(['<', '"']), "{text}");
        assert!(!page.contains("href=\"javascript"), "{text}");
        for c in ['\u{1b}', '\u{7}', '\u{202e}', '\u{2028}'] {
            assert!(!page.contains(c), "{text}: {c:?}");
        }
        // Early script, facts, one block of rows, the script.
        assert_eq!(page.matches("<script").count(), 4, "{text}");
        assert_eq!(page.matches("</script").count(), 4, "{text}");
        let (_, rows) = data(&page);
        assert_eq!(rows.len(), 1, "{text}");
    }
}

#[test]
fn the_page_names_nothing_outside_itself() {
    let page = page(
        vec![row(0, Class::Merge, "Ann", "2026-01-01T00:00:00Z")],
        Tail::default(),
    );
    let policy = between(
        &page,
        "http-equiv=\"Content-Security-Policy\" content=\"",
        "\"",
    );
    let policy = policy.replace("&#39;", "'");
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert!(
        !policy.contains("unsafe") && !policy.contains("http"),
        "{policy}"
    );
    for outside in [
        "src=",
        "<link",
        "@import",
        "url(http",
        "url(/",
        "fetch(",
        "XMLHttpRequest",
        "import(",
        " style=",
        "innerHTML",
    ] {
        assert!(!page.contains(outside), "{outside}");
    }
    // The names of namespaces are no addresses.
    let addresses: Vec<&str> = page
        .match_indices("://")
        .map(|(at, _)| &page[at - 4..at + 22])
        .collect();
    assert_eq!(addresses, ["http://www.w3.org/2000/svg"]);
}

#[test]
fn a_megabyte_of_subject_and_a_thousand_findings_are_cut_and_counted() {
    let mut long = row(0, Class::Foreign, "Ann", "2026-01-01T00:00:00Z");
    long.subject = Some("é".repeat(1 << 20));
    long.findings = vec![unvalidated(Level::Error); 1_000];
    let page = page(vec![long], Tail::default());
    let (_, rows) = data(&page);
    let subject = rows[0][6].as_str().unwrap();
    assert!(
        subject.ends_with("é… (1,046,576 characters more)"),
        "{subject}"
    );
    assert_eq!(
        (rows[0][7].as_array().unwrap().len(), &rows[0][8]),
        (100, &Value::from(1_000))
    );
    assert!(page.len() < 200_000, "{}", page.len());
}

#[test]
fn dates_beyond_any_calendar_and_no_rows_at_all_make_a_page() {
    let empty = page(Vec::new(), Tail::default());
    assert!(empty.contains("Nothing is open"));
    assert_eq!(data(&empty).1.len(), 0);
    let times = [
        "1970-01-01T00:00:00+00:00",
        "9999-12-30T22:00:00+25:59",
        "-9999-01-02T01:59:59-25:59",
        "nonsense",
    ];
    let rows = times.map(|time| row(0, Class::Bypassed, "Ann", time));
    let page = page(rows.to_vec(), Tail::default());
    assert_eq!(data(&page).1.len(), 4);
    assert!(page.contains("by the author's own date. 2 commits without a date are left out."));
}

#[test]
fn the_command_writes_the_page_of_a_real_repository() {
    let repo = Repo::enrolled();
    repo.step("honest.txt");
    repo.stage("round.txt", "x\n");
    let subject = "feat(app): <script>window.__pwned = 1</script> [TASK-001]";
    let _ = repo
        .git(&["commit", "-q", "--no-verify", "-m", subject])
        .ok();
    let page = repo.pdd(&["audit", "--format", "html"]).ok().stdout;
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">") && page.ends_with("</html>\n"));
    let (facts, rows) = data(&page);
    let classes: Vec<String> = rows
        .iter()
        .map(|row| {
            let class = facts["classes"][row[2].as_u64().unwrap() as usize]
                .as_str()
                .unwrap();
            match row[3].as_u64() {
                Some(how) => format!(
                    "{class} ({})",
                    facts["words"][how as usize].as_str().unwrap()
                ),
                None => class.to_owned(),
            }
        })
        .collect();
    let json = repo.pdd(&["audit", "--format", "json"]).ok().stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    let expected: Vec<&str> = json["commits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["commit"].as_str().unwrap())
        .collect();
    let commits: Vec<&str> = rows.iter().map(|row| row[0].as_str().unwrap()).collect();
    assert_eq!(commits, expected);
    assert_eq!(
        classes,
        ["adoption", "enforced", "enforced", "bypassed (no-verify)"]
    );
    assert_eq!(rows[3][6], subject);
    assert!(page.contains("&lt;script&gt;window.__pwned"), "{page}");
}
