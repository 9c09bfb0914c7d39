//! The page as somebody uses it: filters, sorting, links, keyboard, and a hundred thousand commits.

use pdd_hooks::audit::class::Class;
use pdd_hooks::audit::report::Tail;
use serde_json::json;

use super::browser::{Browser, NO_FAULTS, keep, written};
use super::sample::{id, page, team};

/// What the table holds: how many rows it shows, the line over it, and the first row's commit.
const TABLE: &str = "[document.querySelectorAll('#explorer tbody tr:not(.more)').length, \
    document.querySelector('.found').textContent, \
    document.querySelector('#explorer tbody .id')?.textContent]";

/// Sets a field of the filter as a user does, and waits until the page has followed.
#[track_caller]
fn fill(browser: &mut Browser, name: &str, value: &str) {
    let value = json!(value);
    browser.value(&format!(
        "(() => {{ const field = document.querySelector('[name={name}]'); field.value = {value}; \
         field.dispatchEvent(new Event('input', {{ bubbles: true }})); \
         return new Promise((done) => setTimeout(done, 250)); }})()"
    ));
}

/// Returns where the focus is.
#[track_caller]
fn focused(browser: &mut Browser) -> serde_json::Value {
    browser.value("document.activeElement.textContent.trim() || document.activeElement.name")
}

#[test]
fn a_filter_narrows_the_rows_and_the_address_keeps_it() {
    let rows = team(1_000);
    let count = |test: &dyn Fn(&pdd_hooks::audit::report::Row) -> bool| {
        rows.iter().filter(|row| test(row)).count()
    };
    let bypassed = count(&|row| row.class == Some(Class::Bypassed));
    let lost = count(&|row| {
        row.class == Some(Class::Bypassed)
            && row.findings.iter().any(|finding| finding.code == "PDD009")
    });
    let by_ann = count(&|row| {
        row.class == Some(Class::Bypassed)
            && row.findings.iter().any(|finding| finding.code == "PDD009")
            && row
                .actors
                .iter()
                .any(|actor| actor.email == "ann.example@example.org")
    });
    let in_march = count(&|row| {
        row.time
            .as_ref()
            .is_some_and(|time| time.starts_with("2026-03"))
    });
    assert!(
        0 < by_ann && by_ann < lost && lost < bypassed && bypassed < 100,
        "the sample tells them apart"
    );
    let (_folder, file) = written(&page(rows.clone(), Tail::default()));
    let mut browser = Browser::start();
    browser.screen(1280, false);
    browser.open(&file, "");
    let found = |count: usize| format!("{count} of 1,000 commits");
    let table = |browser: &mut Browser| {
        let table = browser.value(TABLE);
        (
            table[0].as_u64().unwrap() as usize,
            table[1].as_str().unwrap().to_owned(),
        )
    };
    assert_eq!(table(&mut browser), (100, "1,000 commits".into()));
    fill(&mut browser, "class", "bypassed");
    assert_eq!(table(&mut browser), (bypassed, found(bypassed)));
    fill(&mut browser, "rule", "PDD009");
    assert_eq!(table(&mut browser), (lost, found(lost)));
    fill(&mut browser, "person", "ANN.example@");
    assert_eq!(table(&mut browser), (by_ann, found(by_ann)));
    let hash = browser.value("location.hash");
    assert_eq!(hash, "#class=bypassed&person=ANN.example%40&rule=PDD009");
    // The same address brings the same rows.
    browser.open(&file, hash.as_str().unwrap());
    assert_eq!(table(&mut browser), (by_ann, found(by_ann)));
    browser.open(&file, "#from=2026-03-01&to=2026-03-31");
    assert_eq!(table(&mut browser), (100.min(in_march), found(in_march)));
    browser.open(&file, "");
    fill(
        &mut browser,
        "text",
        &format!("RELEVANCE {}", &id(777).as_str()[..10]),
    );
    assert_eq!(
        browser.value(TABLE),
        json!([1, found(1), &id(777).as_str()[..12]])
    );
    fill(&mut browser, "text", "nowhere");
    assert_eq!(table(&mut browser), (0, found(0)));
    assert_eq!(browser.faults(), NO_FAULTS);
}

#[test]
fn a_link_to_a_commit_opens_its_row_and_one_to_a_rule_its_page() {
    let (_folder, file) = written(&page(team(1_000), Tail::default()));
    let mut browser = Browser::start();
    browser.screen(360, false);
    browser.open(&file, &format!("#{}", id(500)));
    let open = "[document.querySelector('tr.more .full').textContent, document.activeElement.textContent, \
        document.activeElement.ariaExpanded, document.querySelector('tr.open').getBoundingClientRect().top < innerHeight]";
    assert_eq!(
        browser.value(open),
        json!([
            "feat(search): rank the results by relevance, part 500 [TASK-007]",
            &id(500).as_str()[..12],
            "true",
            true
        ])
    );
    browser.press("Escape");
    let closed =
        "[document.querySelectorAll('tr.more').length, document.activeElement.ariaExpanded]";
    assert_eq!(browser.value(closed), json!([0, "false"]));
    browser.value("document.querySelector('.chip').click()");
    let rule = "[location.hash, document.querySelector('details.rule[open]').id]";
    assert_eq!(browser.value(rule), json!(["#rule-PDD008", "rule-PDD008"]));
    assert_eq!(browser.faults(), NO_FAULTS);
}

#[test]
fn headings_sort_and_say_so() {
    let (_folder, file) = written(&page(team(300), Tail::default()));
    let mut browser = Browser::start();
    browser.screen(1280, false);
    browser.open(&file, "");
    let click = |browser: &mut Browser, name: &str| {
        browser.value(&format!(
            "[...document.querySelectorAll('#explorer th button')].find((one) => one.textContent === '{name}').click()"
        ));
        let first = "[...document.querySelectorAll('#explorer th[aria-sort]')].map((one) => [one.textContent, one.ariaSort])";
        let sorted = browser.value(first);
        (
            sorted,
            browser.value("document.querySelector('#explorer tbody time').dateTime"),
        )
    };
    // 300 commits, one every twenty hours or so; the first and the last by instant, not by how the date reads.
    let mut times: Vec<(jiff::Timestamp, String)> = team(300)
        .into_iter()
        .map(|row| row.time.unwrap())
        .map(|time| (time.parse().unwrap(), time))
        .collect();
    times.sort();
    let (first, last) = (&times[0].1, &times[299].1);
    assert_eq!(
        click(&mut browser, "Date"),
        (json!([["Date", "ascending"]]), json!(first))
    );
    assert_eq!(
        click(&mut browser, "Date"),
        (json!([["Date", "descending"]]), json!(last))
    );
    assert_eq!(browser.value("location.hash"), "#sort=date&dir=desc");
    for name in [
        "Commit", "Class", "Findings", "Author", "Task", "Subject", "Evidence",
    ] {
        assert_eq!(click(&mut browser, name).0, json!([[name, "ascending"]]));
    }
    let classes = "[...new Set([...document.querySelectorAll('#explorer .class')].map((one) => one.textContent))]";
    click(&mut browser, "Class");
    let first = browser.value(classes);
    assert_eq!(first[0], "bypassed");
    click(&mut browser, "Class");
    assert_eq!(browser.value(classes)[0], "pre-adoption");
}

#[test]
fn the_keyboard_is_enough() {
    let (_folder, file) = written(&page(team(50), Tail::default()));
    let mut browser = Browser::start();
    browser.screen(1280, false);
    browser.open(&file, "");
    browser.press("Tab");
    assert_eq!(focused(&mut browser), "Skip to the commits");
    let outline = "getComputedStyle(document.activeElement).outlineStyle";
    assert_eq!(browser.value(outline), "solid");
    browser.press("Enter");
    browser.press("Tab");
    assert_eq!(focused(&mut browser), "text");
    browser.type_text("amend");
    browser.value("new Promise((done) => setTimeout(done, 250))");
    let few = browser.value(TABLE)[0].as_u64().unwrap();
    assert!(0 < few && few < 50, "{few}");
    // Through the fields and headings to the first row.
    for _ in 0..40 {
        browser.press("Tab");
        if browser.value("document.activeElement.className") == "id" {
            break;
        }
    }
    let first = browser.value(TABLE)[2].clone();
    assert_eq!(focused(&mut browser), first);
    browser.press("Enter");
    let more = "document.querySelectorAll('tr.more').length";
    assert_eq!(browser.value(more), 1);
    browser.press("Tab");
    browser.press("Escape");
    assert_eq!(browser.value(more), 0);
    assert_eq!(focused(&mut browser), first);
    assert_eq!(browser.faults(), NO_FAULTS);
}

#[test]
fn a_hundred_thousand_commits_stay_usable() {
    let text = page(team(100_000), Tail::default());
    let size = text.len();
    let (_folder, file) = written(&text);
    drop(text);
    let mut browser = Browser::start();
    browser.screen(1280, false);
    let start = std::time::Instant::now();
    browser.open(&file, "");
    assert_eq!(browser.value(TABLE)[1], "100,000 commits");
    let opened = start.elapsed();
    let spent = browser.value(
        "(() => { const spent = []; for (const hash of ['#text=relevance+9999', '#sort=subject', '#sort=date&dir=desc&page=500', '#class=bypassed&rule=PDD008']) { \
         const start = performance.now(); history.replaceState(null, '', hash); dispatchEvent(new Event('hashchange')); spent.push(Math.round(performance.now() - start)); } return spent; })()",
    );
    let slowest = spent
        .as_array()
        .unwrap()
        .iter()
        .filter_map(serde_json::Value::as_u64)
        .max();
    keep(
        "large.txt",
        format!("{size} bytes, opened in {opened:?}, steps {spent} ms\n").as_bytes(),
    );
    assert!(size < 60_000_000, "{size} bytes");
    // A tenth of it is usual; other tests run beside this one.
    assert!(slowest.is_some_and(|slowest| slowest < 5_000), "{spent}");
    assert_eq!(browser.faults(), NO_FAULTS);
}
