//! The page as a browser shows it: on every screen, in both themes, on paper, without scripts, and with hostile text.

use pdd_hooks::audit::class::Class;
use pdd_hooks::audit::report::Tail;
use serde_json::json;

use super::browser::{Browser, NO_FAULTS, keep, written};
use super::sample::{HOSTILE, hostile, page, row, tail, team};

#[test]
fn it_fits_every_screen_in_both_themes() {
    let text = page(
        team(1_000),
        tail("line 7 of the ledger does not follow from line 6"),
    );
    keep("report.html", text.as_bytes());
    let (_folder, file) = written(&text);
    let mut browser = Browser::start();
    for (width, is_dark) in [(360, false), (360, true), (1280, false), (1280, true)] {
        browser.screen(width, is_dark);
        browser.open(&file, "");
        let theme = if is_dark { "dark" } else { "light" };
        // Everything that can be opened is open.
        browser
            .value("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
        browser.value("[...document.querySelectorAll('#explorer .id')].slice(0, 3).forEach((one) => one.click())");
        let size = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]";
        assert_eq!(
            browser.value(size),
            json!([width, width]),
            "{width} {theme}"
        );
        assert_eq!(browser.faults(), NO_FAULTS, "{width} {theme}");
        let top =
            "Math.round(document.getElementById('commits').getBoundingClientRect().top + scrollY)";
        browser
            .value("document.querySelectorAll('details').forEach((one) => { one.open = false; })");
        let top = u32::try_from(browser.value(top).as_u64().unwrap()).unwrap();
        keep(
            &format!("report-{width}-{theme}.png"),
            &browser.picture(0, top),
        );
        keep(
            &format!("table-{width}-{theme}.png"),
            &browser.picture(top, 1_500),
        );
    }
}

/// The contrast of every piece of text with what lies behind it (WCAG 2.2, 1.4.3), where that is too little.
const FAINT: &str = r"(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const bytes = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = (colour) => bytes(colour).slice(0, 3).map((byte) => byte / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => { for (let one = element; one; one = one.parentElement) {
    const colour = getComputedStyle(one).backgroundColor; if (bytes(colour)[3] === 255) return colour; } return 'white'; };
  const faint = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest('title, desc, option, :disabled')) continue;
    seen += 1;
    const style = getComputedStyle(element);
    const two = [light(element.closest('svg') ? style.fill : style.color), light(behind(element))].sort((one, other) => other - one);
    const contrast = (two[0] + 0.05) / (two[1] + 0.05);
    if (contrast < 4.5) faint.add(`${element.tagName}.${element.getAttribute('class')} ${contrast.toFixed(2)}`);
  }
  return [seen > 1000, ...faint];
})()";

#[test]
fn every_text_stands_out_and_every_control_has_a_name() {
    let (_folder, file) = written(&page(team(400), tail("line 7 of the ledger is no JSON")));
    let mut browser = Browser::start();
    for is_dark in [false, true] {
        browser.screen(1280, is_dark);
        browser.open(&file, "");
        browser
            .value("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
        browser.value("[...document.querySelectorAll('#explorer .id')].slice(0, 9).forEach((one) => one.click())");
        assert_eq!(browser.value(FAINT), json!([true]), "dark: {is_dark}");
    }
    // The page's own button outweighs the system.
    let theme = "getComputedStyle(document.body).backgroundColor";
    let dark = browser.value(theme);
    browser.value("document.getElementById('theme').click()");
    assert_ne!(browser.value(theme), dark);
    let nameless = "[...document.querySelectorAll('button, a, input, select, summary')].filter((one) => one.checkVisibility() && \
        !(one.textContent.trim() || one.ariaLabel || one.labels?.[0]?.textContent.trim())).map((one) => one.outerHTML)";
    assert_eq!(browser.value(nameless), json!([]));
    let marks = "[document.documentElement.lang, document.title, ...['header', 'nav', 'main', 'footer', 'h1'].map((one) => \
        document.querySelectorAll(one).length > 0), document.querySelectorAll('svg[role=img]').length, \
        [...document.querySelectorAll('svg[role=img]')].every((one) => document.getElementById(one.getAttribute('aria-describedby')).textContent.length > 9 && \
        document.getElementById(one.getAttribute('aria-labelledby')).textContent)]";
    assert_eq!(
        browser.value(marks),
        json!([
            "en",
            "Audit of main..HEAD · pdd-hooks",
            true,
            true,
            true,
            true,
            true,
            5,
            true
        ])
    );
}

#[test]
fn hostile_text_is_shown_and_never_run() {
    let mut rows: Vec<_> = HOSTILE
        .iter()
        .enumerate()
        .map(|(at, text)| hostile(at, text))
        .collect();
    rows.push(row(99, Class::Enforced, "Ann", "2026-03-02T10:00:00+01:00"));
    let mut browser = Browser::start();
    for text in HOSTILE {
        let (_folder, file) = written(&page(rows.clone(), tail(text)));
        browser.screen(360, false);
        browser.open(&file, "");
        browser
            .value("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
        browser.value("document.querySelectorAll('#explorer .id').forEach((one) => one.click())");
        // What the address says is somebody else's too.
        browser.value("location.hash = '#text=%3Cimg%20src%3Dx%20onerror%3Dwindow.__pwned%3D7%3E&person=%3Cscript%3E'");
        browser.value("new Promise((done) => setTimeout(done, 300))");
        browser.value("document.querySelector('#explorer .bar button:not([hidden])').click()");
        browser.value("document.querySelectorAll('#explorer .id').forEach((one) => one.click())");
        for width in [360, 1280] {
            browser.screen(width, false);
            let wide = "document.documentElement.scrollWidth";
            assert_eq!(browser.value(wide), width, "{text}");
        }
        let state = "[window.__pwned ?? null, document.scripts.length, document.querySelectorAll('img, iframe, object, svg[onload]').length, \
            [...document.querySelectorAll('a')].filter((one) => !one.getAttribute('href').startsWith('#')).length]";
        // The early script, the facts, the script: the rows are taken out once they are read.
        assert_eq!(browser.value(state), json!([null, 3, 0, 0]), "{text}");
        assert_eq!(browser.faults(), NO_FAULTS, "{text}");
        let subject = "JSON.stringify([...document.querySelectorAll('.full, #explorer bdi, .notes li')].map((one) => one.textContent))";
        let shown = browser.value(subject);
        let seen = text.split(|c: char| c.is_control() || "\u{202e}\u{2028}\u{2029}".contains(c));
        let longest = seen.max_by_key(|part| part.len()).unwrap();
        let longest = json!(longest).to_string();
        assert!(
            shown.as_str().unwrap().contains(longest.trim_matches('"')),
            "{text}: {shown}"
        );
    }
}

#[test]
fn even_markup_that_got_in_could_not_run() {
    let text = page(team(10), Tail::default());
    let bad = "<script>window.__pwned = 1</script><img src=x onerror='window.__pwned = 2'><style>main{display:none}</style>";
    let (_folder, file) = written(&text.replace("<main>", &format!("<main>{bad}")));
    let mut browser = Browser::start();
    browser.open(&file, "");
    let state =
        "[window.__pwned ?? null, getComputedStyle(document.querySelector('main')).display]";
    assert_eq!(browser.value(state), json!([null, "block"]));
    let markup = "(() => { try { document.body.innerHTML = 'x'; return 'taken'; } catch (error) { return error.name; } })()";
    assert_eq!(browser.value(markup), "TypeError");
    // The test of faults would see it.
    assert_ne!(browser.faults(), NO_FAULTS);
}

#[test]
fn without_scripts_and_on_paper_the_worst_two_hundred_are_shown() {
    let (_folder, file) = written(&page(team(1_000), Tail::default()));
    let mut browser = Browser::start();
    browser.screen(1280, false);
    browser.open(&file, "");
    let worst = "[...document.querySelectorAll('.without-script tbody tr td:first-child')].map((one) => one.textContent)";
    let shown = "[...document.querySelectorAll('#explorer .id')].map((one) => one.textContent)";
    let worst = browser.value(worst);
    let shown = browser.value(shown);
    let worst = worst.as_array().unwrap();
    assert_eq!(
        (worst.len(), &worst[..100]),
        (200, shown.as_array().unwrap().as_slice())
    );

    let parts = "['.figures', '.plots', '#explorer', '.without-script', '#theme', '.places', '.rules'].filter((one) => document.querySelector(one).checkVisibility())";
    assert_eq!(
        browser.value(parts),
        json!([
            ".figures",
            ".plots",
            "#explorer",
            "#theme",
            ".places",
            ".rules"
        ])
    );
    browser.media("print", "dark");
    assert_eq!(
        browser.value(parts),
        json!([".figures", ".plots", ".without-script"])
    );
    let pdf = browser.print();
    keep("report.pdf", &pdf);
    let pages = pdf
        .windows(12)
        .filter(|bytes| bytes == b"/Type /Page\n")
        .count();
    assert!((5..40).contains(&pages), "{pages} pages");

    browser.screen(1280, false);
    browser.ask(
        "Emulation.setScriptExecutionDisabled",
        json!({"value": true}),
    );
    browser.open(&file, "");
    keep("report-without-scripts.png", &browser.picture(0, 3_500));
    for room in ["DOM", "CSS"] {
        browser.ask(&format!("{room}.enable"), json!({}));
    }
    let document = browser.ask("DOM.getDocument", json!({}));
    let root = document["root"]["nodeId"].clone();
    let mut box_of = |selector: &str| {
        let node = browser.ask(
            "DOM.querySelector",
            json!({"nodeId": root, "selector": selector}),
        );
        let params = json!({"nodeId": node["nodeId"]});
        let style = browser.ask("CSS.getComputedStyleForNode", params);
        let style = style["computedStyle"].as_array().unwrap();
        style.iter().find(|one| one["name"] == "display").unwrap()["value"].clone()
    };
    let displays = ["noscript", ".without-script", "#explorer"].map(&mut box_of);
    assert_eq!(displays, [json!("inline"), json!("block"), json!("none")]);
}
