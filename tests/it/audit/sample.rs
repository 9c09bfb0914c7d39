//! Made-up reports: rows of every class, and rows whose every text would run as script if a page took it for markup.

use pdd_hooks::audit::class::Class;
use pdd_hooks::audit::format::{Format, Options};
use pdd_hooks::audit::report::{
    Actor, ActorKind, Author, Entry, Evidence, Head, Part, PolicyName, RefMove, Row, Tail,
};
use pdd_hooks::finding::{Finding, Level, Waived};
use pdd_hooks::id::{CommitId, TaskId, TreeId};

/// What an attacker would write: each of it sets `window.__pwned` where it is run.
pub(crate) const HOSTILE: [&str; 7] = [
    "<script>window.__pwned = 1</script>",
    "<img src=x onerror=\"window.__pwned = 2\">",
    "</script><script>window.__pwned = 3</script>",
    "'\"><svg onload=window.__pwned=4>",
    "<!--<script>]]>\u{2028}window.__pwned = 5\u{2029}",
    "javascript:window.__pwned=6",
    "\u{1b}]0;pwned\u{7}\u{202e}txt.exe \\u003cscript>",
];

/// A row with nothing against it.
pub(crate) fn row(number: usize, class: Class, author: &str, time: &str) -> Row {
    let email = format!("{}@example.org", author.to_lowercase().replace(' ', "."));
    let kind = match author {
        "renovate[bot]" => ActorKind::Bot,
        "Claude" => ActorKind::Agent,
        _ => ActorKind::Person,
    };
    Row {
        commit: Some(id(number)),
        tree: TreeId::new("9".repeat(40)),
        parents: Vec::new(),
        author: Some(Author {
            name: author.to_owned(),
            email: email.clone(),
        }),
        time: Some(time.to_owned()),
        subject: Some(format!(
            "feat(search): rank the results by relevance, part {number} [TASK-007]"
        )),
        task: Some(TaskId::new("TASK-007")),
        personas: vec!["DEV".into()],
        class: Some(class),
        how: None,
        findings: Vec::new(),
        actors: vec![Actor {
            name: author.to_owned(),
            email,
            role: Part::Author,
            kind,
        }],
        of: None,
        evidence: Vec::new(),
        noticed: None,
        notes: Vec::new(),
        place: String::new(),
    }
}

/// Names the commit with a number: like a hash, so that its beginning tells it from others.
pub(crate) fn id(number: usize) -> CommitId {
    let mixed = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    CommitId::new(format!("{mixed:016x}{mixed:016x}{number:08x}"))
}

/// Says that a tree has not been validated.
pub(crate) fn unvalidated(level: Level) -> Finding {
    let mut finding = Finding::new(
        "PDD008",
        "validation",
        "this tree has no passing validation",
    )
    .help("pdd-hooks validate HEAD");
    finding.level = level;
    finding
}

/// Several months of a small team: mostly honest, here and there round the hooks.
pub(crate) fn team(count: usize) -> Vec<Row> {
    let people = [
        "Ann Example",
        "Bob Beispiel",
        "Chloé Dubois",
        "Dmitri Ivanov",
        "Claude",
        "renovate[bot]",
    ];
    let start: jiff::Timestamp = "2025-11-03T08:00:00Z".parse().unwrap();
    (0..count)
        .map(|number| {
            let hours = number * 6_000 / count.max(1) + number * 7 % 23;
            let at = start
                .checked_add(jiff::SignedDuration::from_hours(hours as i64))
                .unwrap();
            let offset = jiff::tz::offset([-8, 0, 1, 2, 5][number % 5]);
            let time = at.to_zoned(offset.to_time_zone());
            let time = time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
            let author = people[number * number % 7 % people.len()];
            member(number, author, &time, at)
        })
        .collect()
}

fn member(number: usize, author: &str, time: &str, at: jiff::Timestamp) -> Row {
    let class = match number % 40 {
        _ if number < 8 => Class::PreAdoption,
        _ if number == 8 => Class::Adoption,
        3 | 17 | 31 => Class::Bypassed,
        9 => Class::Foreign,
        12 => Class::Repaired,
        15 => Class::Waived,
        20 | 21 => Class::Replayed,
        5 | 25 => Class::Merge,
        33 => Class::Squashed,
        _ => Class::Enforced,
    };
    let mut row = row(number, class, author, time);
    let show = |kind: &str, name: &str, by: Option<&str>| Evidence {
        kind: kind.into(),
        name: name.into(),
        by: by.map(str::to_owned),
    };
    match class {
        Class::Bypassed => {
            row.how =
                Some(["no-verify", "hooks off", "amend", "stale receipt"][number / 7 % 4].into());
            row.evidence = vec![show("ledger", &number.to_string(), None)];
            if !number.is_multiple_of(3) {
                row.findings.push(unvalidated(Level::Error));
            }
            if number % 4 == 1 {
                let lost = Finding::new(
                    "PDD009",
                    "red-first",
                    "`tests/test_rank.py::test_order` passes without this change as well as with it",
                );
                row.findings.push(lost.at("tests/test_rank.py", Some(12)));
            }
            let waits = [20, 900, 9_000, 200_000, 1_000_000, 9_000_000];
            if !number.is_multiple_of(7) {
                let wait = jiff::SignedDuration::from_secs(waits[number % 6]);
                row.noticed = Some(at.checked_add(wait).unwrap().to_string());
            }
        }
        Class::Foreign => {
            row.findings.push(unvalidated(Level::Warn));
            row.notes.push("branch unknown".into());
        }
        Class::Repaired => {
            row.evidence = vec![show("validation", &"4f".repeat(20), Some("ci@example.org"))]
        }
        Class::Waived => {
            let mut finding = unvalidated(Level::Error);
            finding.waive(Waived {
                record: "1a2b3c4d5e6f7a8b".into(),
                by: "ann@example.org".into(),
                reason: "the runner is down".into(),
                expires: Some("2026-12-01T23:59:59Z".into()),
            });
            row.findings.push(finding);
        }
        Class::Replayed => row.of = Some(id(number - 1)),
        _ => row.evidence = vec![show("ledger", &number.to_string(), None)],
    }
    if number % 6 == 1 && author != "Claude" {
        row.actors.push(Actor {
            name: "Claude".into(),
            email: "noreply@anthropic.com".into(),
            role: Part::CoAuthor,
            kind: ActorKind::Agent,
        });
    }
    row
}

/// A row each of whose texts is hostile.
pub(crate) fn hostile(number: usize, text: &str) -> Row {
    let mut row = row(number, Class::Bypassed, "x", "2026-03-01T10:00:00+01:00");
    row.subject = Some(format!("{text} {}", "long ".repeat(600)));
    row.task = Some(TaskId::new(text));
    row.how = Some(text.to_owned());
    row.personas = vec![text.to_owned()];
    row.notes = vec![text.to_owned()];
    row.author = Some(Author {
        name: text.to_owned(),
        email: text.to_owned(),
    });
    for actor in &mut row.actors {
        actor.name = text.to_owned();
        actor.email = text.to_owned();
    }
    let show = Evidence {
        kind: text.to_owned(),
        name: text.to_owned(),
        by: Some(text.to_owned()),
    };
    row.evidence = vec![show];
    let finding = Finding::new("PDD008", "validation", text)
        .help(text)
        .at(format!("{text}\n{text}"), Some(1));
    row.findings = vec![finding];
    row
}

/// Writes a page of rows.
pub(crate) fn page(rows: Vec<Row>, mut tail: Tail) -> String {
    let policy = PolicyName {
        number: 3,
        blob: None,
    };
    for row in &rows {
        tail.summary.add_row(row);
    }
    let mut out = Vec::new();
    let options = Options {
        limit: 50,
        home: None,
    };
    let mut sink = Format::Html.sink(&mut out, &options);
    sink.begin(&Head::new(Some("main..HEAD".into()), policy))
        .unwrap();
    for row in rows {
        sink.row(&Entry::of(row)).unwrap();
    }
    sink.end(&tail).unwrap();
    drop(sink);
    String::from_utf8(out).unwrap()
}

/// A tail with notes and a moved reference, by whoever writes them.
pub(crate) fn tail(text: &str) -> Tail {
    Tail {
        notes: vec![text.to_owned()],
        moves: vec![RefMove {
            reference: format!("refs/heads/{text}"),
            from: Some(id(1)),
            to: None,
            how: "branch -C".into(),
            time: Some("2026-03-01T10:00:00Z".into()),
            evidence: Vec::new(),
        }],
        ..Tail::default()
    }
}
