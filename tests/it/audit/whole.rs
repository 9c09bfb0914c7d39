//! The forms given a report that holds everything a report can hold, which no small history does.

use pdd_hooks::audit::class::Class;
use pdd_hooks::audit::format::{Format, Options};
use pdd_hooks::audit::report::{
    Actor, ActorKind, Author, Evidence, Head, Part, PolicyName, RefMove, Report, Row,
};
use pdd_hooks::change::Place;
use pdd_hooks::finding::{Finding, Level, Waived};
use pdd_hooks::id::{CommitId, TaskId, TreeId};

use super::{assert_sarif, read_csv};
use crate::support::Repo;

fn id(digit: &str) -> CommitId {
    CommitId::new(digit.repeat(40))
}

fn actor(name: &str, role: Part, kind: ActorKind) -> Actor {
    Actor {
        name: name.into(),
        email: format!("{}@example.org", name.to_lowercase()),
        role,
        kind,
    }
}

/// A commit with a value for each key.
fn full() -> Row {
    let mut waived = Finding::new(
        "PDD008",
        "validation",
        "this tree has no passing validation",
    )
    .help("pdd-hooks validate")
    .at("src/a;b.py", Some(3));
    waived.waive(Waived {
        record: "1a2b3c4d5e6f7a8b".into(),
        by: "ann@example.org".into(),
        reason: "see [the ticket](https://example.org) | @you".into(),
        expires: Some("2026-12-01T23:59:59Z".into()),
    });
    let mut warned = Finding::new("PDD009", "red-first", "nothing fails without it");
    warned.level = Level::Warn;
    let subject = Some("feat: all of it".to_owned());
    let findings = vec![waived, warned];
    let mut row = Row::staged(
        TreeId::new("b".repeat(40)),
        vec![id("c"), id("d")],
        subject,
        None,
        &Place::Staged(None),
        findings,
    );
    row.task = Some(TaskId::new("TASK-001"));
    row.commit = Some(id("a"));
    row.author = Some(Author {
        name: "renovate".into(),
        email: "renovate@example.org".into(),
    });
    row.time = Some("2026-11-22T23:30:00-08:00".into());
    row.class = Some(Class::Bypassed);
    row.how = Some("no-verify".into());
    row.personas = vec!["PM".into(), "DEV".into()];
    row.actors = vec![
        actor("Renovate", Part::Author, ActorKind::Bot),
        actor("Ann", Part::Committer, ActorKind::Person),
        actor("Helper", Part::CoAuthor, ActorKind::Agent),
    ];
    row.of = Some(id("e"));
    row.evidence = vec![Evidence {
        kind: "validation".into(),
        name: "1a2b3c".into(),
        by: Some("ci@example.org".into()),
    }];
    row.noticed = Some("2026-11-23T08:00:00Z".into());
    row.notes = vec!["policy assumed".into(), "branch unknown".into()];
    row
}

fn report(rows: Vec<Row>) -> Report {
    let name = PolicyName {
        number: 3,
        blob: None,
    };
    let notes = vec!["line 3 of the ledger \u{1b}[31m @you".to_owned()];
    let mut report = Report::new(Head::new(Some("main..HEAD".into()), name), rows, notes);
    report.tail.moves.push(RefMove {
        reference: "refs/heads/main".into(),
        from: Some(id("c")),
        to: None,
        how: "update-ref".into(),
        time: Some("2026-11-23T09:00:00Z".into()),
        evidence: Vec::new(),
    });
    report
}

fn written(format: Format, rows: Vec<Row>) -> String {
    let options = Options {
        limit: 0,
        home: None,
    };
    let mut out = Vec::new();
    report(rows)
        .write(format.sink(&mut out, &options).as_mut())
        .unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_text_tells_programs_from_people_and_moves_as_warnings() {
    insta::assert_snapshot!(written(Format::Text, vec![full()]), @r"
    warning: line 3 of the ledger �[31m @you
    warning: `refs/heads/main` was deleted round the hooks (update-ref), at 2026-11-23T09:00:00Z
    classes
      1  bypassed

    findings
      1  PDD008 validation
      1  PDD009 red-first

    bypassed by
      1  Renovate (bot) <renovate@example.org>

    worst first
      aaaaaaaaaaaa  2026-11-22  bypassed (no-verify)  PDD008 waived,PDD009  Renovate (bot), with Helper (agent)  feat: all of it

    1 commit: 1 bypassed; 1 with findings; 1 finding waived
    ");
}

#[test]
fn a_row_of_csv_has_a_cell_for_every_key() {
    let repo = Repo::bare_folder();
    let rows = read_csv(&repo, &written(Format::Csv, vec![full()]));
    let cells = rows[0].iter().zip(&rows[1]);
    let cells: Vec<String> = cells
        .map(|(name, cell)| format!("{name}: {cell}"))
        .collect();
    insta::assert_snapshot!(cells.join("\n"), @r"
    commit: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    time: 2026-11-22T23:30:00-08:00
    class: bypassed
    how: no-verify
    author: Renovate
    email: renovate@example.org
    actors: Renovate <renovate@example.org> author bot;Ann <ann@example.org> committer person;Helper <helper@example.org> co-author agent
    task: TASK-001
    personas: PM;DEV
    subject: feat: all of it
    codes: PDD008;PDD009
    errors: 0
    warnings: 1
    waived: 1
    findings: PDD008 waived src/a,b.py:3: this tree has no passing validation;PDD009 warn: nothing fails without it
    of: eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee
    evidence: validation 1a2b3c by ci@example.org
    noticed: 2026-11-23T08:00:00Z
    notes: policy assumed;branch unknown
    parents: cccccccccccccccccccccccccccccccccccccccc;dddddddddddddddddddddddddddddddddddddddd
    ");
}

#[test]
fn the_comment_shows_by_whom_a_finding_is_waived() {
    insta::assert_snapshot!(written(Format::Markdown, vec![full()]), @r"
    <!-- pdd-hooks audit -->
    ### Audit of `main..HEAD` by policy 3

    1 commit: 1 bypassed; 1 with findings; 1 finding waived

    - :warning: `line 3 of the ledger �[31m @you`
    - :warning: `` `refs/heads/main` was deleted round the hooks (update-ref), at 2026-11-23T09:00:00Z ``

    | class | count |
    | --- | ---: |
    | bypassed | 1 |

    | finding | count |
    | --- | ---: |
    | PDD008 validation | 1 |
    | PDD009 red-first | 1 |

    | bypassed by | count |
    | --- | ---: |
    | `Renovate (bot) <renovate@example.org>` | 1 |

    | commit | day | class | findings | author | subject |
    | --- | --- | --- | --- | --- | --- |
    | `aaaaaaaaaaaa` | `2026-11-22` | bypassed `no-verify` | PDD008 waived,PDD009 | `Renovate (bot), with Helper (agent)` | `feat: all of it` |

    <details>
    <summary>Findings, and what mends them</summary>

    - `aaaaaaaaaaaa` **PDD008** validation, waived in `src/a;b.py:3`: `this tree has no passing validation`
      - waived `by ann@example.org until 2026-12-01: see [the ticket](https://example.org) | @you (record 1a2b3c4d5e6f)`
    - `aaaaaaaaaaaa` **PDD009** red-first, warn: `nothing fails without it`

    </details>
    ");
}

#[test]
fn a_waiver_is_a_suppression_and_a_moved_reference_an_alert() {
    let repo = Repo::bare_folder();
    let text = written(Format::Sarif, vec![full()]);
    let log = assert_sarif(&repo, &text);
    let (_, rest) = text.split_once("\n\"results\":").unwrap();
    insta::assert_snapshot!(rest, @r#"
    [
    {"level":"error","locations":[{"physicalLocation":{"artifactLocation":{"uri":".pdd.toml"},"region":{"startLine":1}}}],"message":{"text":"bypassed (no-verify): commit aaaaaaaaaaaa by Renovate (bot), with Helper (agent), 2026-11-22, \"feat: all of it\""},"partialFingerprints":{"commitCodePath/v1":"4ef715f243adffb7f069cdb75c18168d661cb2265fe3a9d1f015f428c8ea83f6:1","primaryLocationLineHash":"4ef715f243adffb7f069cdb75c18168d661cb2265fe3a9d1f015f428c8ea83f6:1"},"properties":{"class":"bypassed","commit":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","evidence":[{"by":"ci@example.org","kind":"validation","name":"1a2b3c"}],"how":"no-verify","noticed":"2026-11-23T08:00:00Z","of":"eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee","task":"TASK-001","time":"2026-11-22T23:30:00-08:00"},"ruleId":"audit/bypassed","ruleIndex":14},
    {"level":"note","locations":[{"physicalLocation":{"artifactLocation":{"uri":"src/a%3Bb.py"},"region":{"startLine":3}}}],"message":{"text":"this tree has no passing validation (commit aaaaaaaaaaaa by Renovate (bot), with Helper (agent), 2026-11-22, \"feat: all of it\"); help: pdd-hooks validate"},"partialFingerprints":{"commitCodePath/v1":"72dabdbf6bc9e5dfcdfbf9a992201a4568b3b39b651aeab1124718b39c1669dc:1","primaryLocationLineHash":"72dabdbf6bc9e5dfcdfbf9a992201a4568b3b39b651aeab1124718b39c1669dc:1"},"properties":{"class":"bypassed","commit":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","evidence":[{"by":"ci@example.org","kind":"validation","name":"1a2b3c"}],"how":"no-verify","noticed":"2026-11-23T08:00:00Z","of":"eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee","task":"TASK-001","time":"2026-11-22T23:30:00-08:00"},"ruleId":"PDD008","ruleIndex":7,"suppressions":[{"justification":"waived by ann@example.org until 2026-12-01: see [the ticket] (https://example.org) | @you (record 1a2b3c4d5e6f)","kind":"external","status":"accepted"}]},
    {"level":"warning","locations":[{"physicalLocation":{"artifactLocation":{"uri":".pdd.toml"},"region":{"startLine":1}}}],"message":{"text":"nothing fails without it (commit aaaaaaaaaaaa by Renovate (bot), with Helper (agent), 2026-11-22, \"feat: all of it\")"},"partialFingerprints":{"commitCodePath/v1":"8b5dfd8e1c11859f10642693d2c4d61db3a47000ba419219e2bd3081435458c3:1","primaryLocationLineHash":"8b5dfd8e1c11859f10642693d2c4d61db3a47000ba419219e2bd3081435458c3:1"},"properties":{"class":"bypassed","commit":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","evidence":[{"by":"ci@example.org","kind":"validation","name":"1a2b3c"}],"how":"no-verify","noticed":"2026-11-23T08:00:00Z","of":"eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee","task":"TASK-001","time":"2026-11-22T23:30:00-08:00"},"ruleId":"PDD009","ruleIndex":8},
    {"level":"error","locations":[{"physicalLocation":{"artifactLocation":{"uri":".pdd.toml"},"region":{"startLine":1}}}],"message":{"text":"`refs/heads/main` was deleted round the hooks (update-ref), at 2026-11-23T09:00:00Z"},"partialFingerprints":{"commitCodePath/v1":"a6f8b419b40349c240c85df790c631f03e22ec24ba764d4df0d7575b0b846f99:1","primaryLocationLineHash":"a6f8b419b40349c240c85df790c631f03e22ec24ba764d4df0d7575b0b846f99:1"},"properties":{"evidence":[],"from":"cccccccccccccccccccccccccccccccccccccccc","how":"update-ref","ref":"refs/heads/main","time":"2026-11-23T09:00:00Z","to":null},"ruleId":"audit/moved","ruleIndex":16}],
    "invocations":[{"executionSuccessful":true,"toolExecutionNotifications":[{"level":"warning","message":{"text":"line 3 of the ledger �[31m @you"}},{"level":"warning","message":{"text":"`refs/heads/main` was deleted round the hooks (update-ref), at 2026-11-23T09:00:00Z"}}]}],
    "properties":{"policy":{"blob":null,"number":3},"range":"main..HEAD","summary":{"classes":{"bypassed":1},"clean":0,"commits":1,"findings":{"PDD008":1,"PDD009":1}}}}]}
    "#);
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results[1]["suppressions"][0]["kind"], "external");
}

#[test]
fn the_comment_keeps_to_its_room_whatever_the_report_holds() {
    let mut row = full();
    // One character of it is two units of UTF-16, another grows where it is escaped.
    let wide = "😀|`".repeat(2_000);
    row.subject = Some(wide.clone());
    row.how = Some(wide.clone());
    row.actors[0].name.clone_from(&wide);
    for _ in 0..40 {
        let finding = Finding::new("PDD001", "task-id", wide.clone());
        row.findings.push(finding.help(&wide).at(&wide, Some(1)));
    }
    let text = written(Format::Markdown, vec![row; 1_000]);
    let size = text.encode_utf16().count();
    assert!((60_000..=65_000).contains(&size), "{size}");
    assert!(text.ends_with("\nThere was no room for all.\n\n</details>\n"));
    let shown = text
        .lines()
        .filter(|line| line.starts_with("| `aaaaaaaaaaaa`"));
    let more = 1_000 - shown.count();
    assert!(text.contains(&format!("; {more} more are in the forms")));
}
