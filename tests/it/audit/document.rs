//! docs/audit.md names every class and every way round the hooks.

const DOCUMENT: &str = include_str!("../../../docs/audit.md");

/// The first cells of the rows of the table below a heading.
fn rows(heading: &str) -> Vec<&'static str> {
    let (_, text) = DOCUMENT.split_once(heading).unwrap();
    let rows = text.lines().skip_while(|line| !line.starts_with("| ---"));
    let rows = rows.skip(1).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.split('|').nth(1).unwrap().trim())
        .collect()
}

#[test]
fn the_document_explains_every_way_and_every_class() {
    assert_eq!(
        rows("## How a commit went round"),
        pdd_hooks::audit::how::ALL
    );
    let classes = rows("## Classes").join(", ");
    for class in pdd_hooks::audit::class::Class::ALL {
        assert!(
            classes.split(", ").any(|word| word == class.as_str()),
            "{class:?}"
        );
    }
}
