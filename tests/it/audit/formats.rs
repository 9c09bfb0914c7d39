//! Each form of the report as a whole, on a small history.

use super::{assert_sarif, read_csv, scene, steady};

#[test]
fn the_text_begins_with_the_counts_and_lists_the_worst_first() {
    let repo = scene();
    let said = repo.pdd(&["audit"]).ok();
    insta::assert_snapshot!(steady(&repo, &said.text()), @r#"
    exit: 0
    --- stdout
    classes
      2  bypassed
      1  enforced
      1  adoption

    findings
      1  PDD001 task-id
      1  PDD002 message-format

    bypassed by
      1  Ann Example <ann@example.org>
      1  Bob, "B <bob@example.org>

    worst first
      <HEAD~1..>  2026-01-15  bypassed (no-verify)  PDD001,PDD002  Ann Example  wip | <b>@you</b> #1
      <HEAD~0..>  2026-01-15  bypassed (hooks off)  -              Bob, "B      feat(app): one step [TASK-001]
      <HEAD~2..>  2026-01-15  enforced              -              Ann Example  feat(app): one step [TASK-001]
      <HEAD~3..>  2026-01-15  adoption              -              Ann Example  chore(pdd): adopt the workflow [MAINT-1]

    4 commits: 2 bypassed, 1 enforced, 1 adoption; 1 with findings
    --- stderr
    "#);
}

#[test]
fn the_text_shows_no_more_commits_than_asked_for_and_says_how_many_there_are() {
    let repo = scene();
    let said = repo.pdd(&["audit", "--limit", "1"]).ok().stdout;
    let (_, rows) = said.split_once("worst first\n").unwrap();
    insta::assert_snapshot!(steady(&repo, rows), @r"
      <HEAD~1..>  2026-01-15  bypassed (no-verify)  PDD001,PDD002  Ann Example  wip | <b>@you</b> #1
      and 3 more: `--limit 0` shows them here, `--format csv`, `jsonl` and `json` hold all

    4 commits: 2 bypassed, 1 enforced, 1 adoption; 1 with findings
    ");
    let all = repo.pdd(&["audit", "--limit", "0"]).ok().stdout;
    assert_eq!(all, repo.pdd(&["audit"]).ok().stdout);
}

#[test]
fn the_object_holds_every_key_and_the_lines_hold_its_commits() {
    let repo = scene();
    let json = repo.pdd(&["audit", "--format", "json"]).ok().stdout;
    let lines = repo.pdd(&["audit", "--format", "jsonl"]).ok();
    assert_eq!(lines.stderr, "");
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let rows: Vec<serde_json::Value> = lines
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(report["commits"], serde_json::json!(rows));
    insta::assert_snapshot!(steady(&repo, &json), @r#"
    {"schema":"pdd-hooks/report/1","range":"HEAD","policy":{"number":1,"blob":"<policy>"},
    "commits":[
    {"commit":"<HEAD~3>","tree":"<tree~3>","parents":["<HEAD~4>"],"author":{"name":"Ann Example","email":"ann@example.org"},"time":"2026-01-15T10:00:00+01:00","subject":"chore(pdd): adopt the workflow [MAINT-1]","task":"MAINT-1","personas":[],"class":"adoption","how":null,"findings":[],"actors":[{"name":"Ann Example","email":"ann@example.org","role":"author","kind":"person"}],"of":null,"evidence":[],"noticed":null,"notes":[]},
    {"commit":"<HEAD~2>","tree":"<tree~2>","parents":["<HEAD~3>"],"author":{"name":"Ann Example","email":"ann@example.org"},"time":"2026-01-15T10:00:00+01:00","subject":"feat(app): one step [TASK-001]","task":"TASK-001","personas":["PM"],"class":"enforced","how":null,"findings":[],"actors":[{"name":"Ann Example","email":"ann@example.org","role":"author","kind":"person"}],"of":null,"evidence":[{"kind":"ledger","name":"2","by":null}],"noticed":"<now>","notes":[]},
    {"commit":"<HEAD~1>","tree":"<tree~1>","parents":["<HEAD~2>"],"author":{"name":"Ann Example","email":"ann@example.org"},"time":"2026-01-15T10:00:00+01:00","subject":"wip | <b>@you</b> #1","task":null,"personas":[],"class":"bypassed","how":"no-verify","findings":[{"code":"PDD001","rule":"task-id","level":"error","message":"the message names no task","help":"add `[TASK-ID]` to the subject","path":null,"line":null,"waiver":null},{"code":"PDD002","rule":"message-format","level":"error","message":"the subject does not begin with a type and a colon","help":"the form is `type(scope): description [TASK-ID]`","path":null,"line":null,"waiver":null}],"actors":[{"name":"Ann Example","email":"ann@example.org","role":"author","kind":"person"}],"of":null,"evidence":[{"kind":"ledger","name":"3","by":null}],"noticed":"<now>","notes":[]},
    {"commit":"<HEAD~0>","tree":"<tree~0>","parents":["<HEAD~1>"],"author":{"name":"Bob, \"B","email":"bob@example.org"},"time":"2026-01-15T10:00:00+01:00","subject":"feat(app): one step [TASK-001]","task":"TASK-001","personas":[],"class":"bypassed","how":"hooks off","findings":[],"actors":[{"name":"Bob, \"B","email":"bob@example.org","role":"author","kind":"person"},{"name":"Ann Example","email":"ann@example.org","role":"committer","kind":"person"}],"of":null,"evidence":[{"kind":"reflog","name":"commit: feat(app): one step [TASK-001]","by":null}],"noticed":null,"notes":[]}],
    "summary":{"commits":4,"clean":3,"classes":{"adoption":1,"bypassed":2,"enforced":1},"findings":{"PDD001":1,"PDD002":1}},"notes":[],"moves":[]}
    "#);
}

#[test]
fn the_csv_has_a_row_a_commit_and_its_columns_in_each() {
    let repo = scene();
    let said = repo.pdd(&["audit", "--format", "csv"]).ok();
    assert_eq!(said.stderr, "");
    assert!(
        said.stdout.ends_with("\r\n") && said.stdout.matches('\n').count() == 5,
        "{}",
        said.text()
    );
    let rows = read_csv(&repo, &said.stdout);
    let rows: Vec<String> = rows.iter().map(|row| row.join(" | ")).collect();
    insta::assert_snapshot!(steady(&repo, &rows.join("\n")), @r#"
    commit | time | class | how | author | email | actors | task | personas | subject | codes | errors | warnings | waived | findings | of | evidence | noticed | notes | parents
    <HEAD~3> | 2026-01-15T10:00:00+01:00 | adoption |  | Ann Example | ann@example.org | Ann Example <ann@example.org> author person | MAINT-1 |  | chore(pdd): adopt the workflow [MAINT-1] |  | 0 | 0 | 0 |  |  |  |  |  | <HEAD~4>
    <HEAD~2> | 2026-01-15T10:00:00+01:00 | enforced |  | Ann Example | ann@example.org | Ann Example <ann@example.org> author person | TASK-001 | PM | feat(app): one step [TASK-001] |  | 0 | 0 | 0 |  |  | ledger 2 | <now> |  | <HEAD~3>
    <HEAD~1> | 2026-01-15T10:00:00+01:00 | bypassed | no-verify | Ann Example | ann@example.org | Ann Example <ann@example.org> author person |  |  | wip | <b>@you</b> #1 | PDD001;PDD002 | 2 | 0 | 0 | PDD001 error: the message names no task;PDD002 error: the subject does not begin with a type and a colon |  | ledger 3 | <now> |  | <HEAD~2>
    <HEAD~0> | 2026-01-15T10:00:00+01:00 | bypassed | hooks off | Bob, "B | bob@example.org | Bob, "B <bob@example.org> author person;Ann Example <ann@example.org> committer person | TASK-001 |  | feat(app): one step [TASK-001] |  | 0 | 0 | 0 |  |  | reflog commit: feat(app): one step [TASK-001] |  |  | <HEAD~1>
    "#);
}

#[test]
fn the_comment_holds_what_others_wrote_in_code_alone() {
    let repo = scene();
    let said = repo.pdd(&["audit", "--format", "markdown"]).ok();
    insta::assert_snapshot!(steady(&repo, &said.text()), @r#"
    exit: 0
    --- stdout
    <!-- pdd-hooks audit -->
    ### Audit of `HEAD` by policy 1

    4 commits: 2 bypassed, 1 enforced, 1 adoption; 1 with findings

    | class | count |
    | --- | ---: |
    | bypassed | 2 |
    | enforced | 1 |
    | adoption | 1 |

    | finding | count |
    | --- | ---: |
    | PDD001 task-id | 1 |
    | PDD002 message-format | 1 |

    | bypassed by | count |
    | --- | ---: |
    | `Ann Example <ann@example.org>` | 1 |
    | `Bob, "B <bob@example.org>` | 1 |

    | commit | day | class | findings | author | subject |
    | --- | --- | --- | --- | --- | --- |
    | `<HEAD~1..>` | `2026-01-15` | bypassed `no-verify` | PDD001,PDD002 | `Ann Example` | `wip \| <b>@you</b> #1` |
    | `<HEAD~0..>` | `2026-01-15` | bypassed `hooks off` | - | `Bob, "B` | `feat(app): one step [TASK-001]` |
    | `<HEAD~2..>` | `2026-01-15` | enforced | - | `Ann Example` | `feat(app): one step [TASK-001]` |
    | `<HEAD~3..>` | `2026-01-15` | adoption | - | `Ann Example` | `chore(pdd): adopt the workflow [MAINT-1]` |

    <details>
    <summary>Findings, and what mends them</summary>

    - `<HEAD~1..>` **PDD001** task-id, error: `the message names no task`
      - help: ``add `[TASK-ID]` to the subject``
    - `<HEAD~1..>` **PDD002** message-format, error: `the subject does not begin with a type and a colon`
      - help: `` the form is `type(scope): description [TASK-ID]` ``

    </details>
    --- stderr
    "#);
}

#[test]
fn code_scanning_is_told_of_each_finding_and_of_each_commit_that_went_round_the_hooks() {
    let repo = scene();
    let _ = repo
        .git(&[
            "remote",
            "add",
            "origin",
            "https://ann:secret@example.org/team/app.git",
        ])
        .ok();
    let said = repo.pdd(&["audit", "--format", "sarif"]).ok().stdout;
    let log = assert_sarif(&repo, &said);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: Vec<_> = rules
        .iter()
        .map(|rule| rule["id"].as_str().unwrap())
        .collect();
    insta::assert_snapshot!(ids.join(" "), @"PDD001 PDD002 PDD003 PDD004 PDD005 PDD006 PDD007 PDD008 PDD009 PDD010 PDD011 PDD012 PDD013 PDD014 audit/bypassed audit/foreign audit/moved");
    for result in run["results"].as_array().unwrap() {
        let place = result["ruleIndex"].as_u64().unwrap();
        assert_eq!(
            rules[usize::try_from(place).unwrap()]["id"],
            result["ruleId"]
        );
    }
    let (_, results) = said.split_once("\n\"results\":").unwrap();
    insta::assert_snapshot!(steady(&repo, results), @r#"
    [
    {"level":"error","locations":[{"physicalLocation":{"artifactLocation":{"uri":".pdd.toml"},"region":{"startLine":1}}}],"message":{"text":"bypassed (no-verify): commit <HEAD~1..> by Ann Example, 2026-01-15, \"wip | <b>@you</b> #1\""},"partialFingerprints":{"commitCodePath/v1":"<mark>:1","primaryLocationLineHash":"<mark>:1"},"properties":{"class":"bypassed","commit":"<HEAD~1>","evidence":[{"by":null,"kind":"ledger","name":"3"}],"how":"no-verify","noticed":"<now>","of":null,"task":null,"time":"2026-01-15T10:00:00+01:00"},"ruleId":"audit/bypassed","ruleIndex":14},
    {"level":"error","locations":[{"physicalLocation":{"artifactLocation":{"uri":".pdd.toml"},"region":{"startLine":1}}}],"message":{"text":"the message names no task (commit <HEAD~1..> by Ann Example, 2026-01-15, \"wip | <b>@you</b> #1\"); help: add `[TASK-ID]` to the subject"},"partialFingerprints":{"commitCodePath/v1":"<mark>:1","primaryLocationLineHash":"<mark>:1"},"properties":{"class":"bypassed","commit":"<HEAD~1>","evidence":[{"by":null,"kind":"ledger","name":"3"}],"how":"no-verify","noticed":"<now>","of":null,"task":null,"time":"2026-01-15T10:00:00+01:00"},"ruleId":"PDD001","ruleIndex":0},
    {"level":"error","locations":[{"physicalLocation":{"artifactLocation":{"uri":".pdd.toml"},"region":{"startLine":1}}}],"message":{"text":"the subject does not begin with a type and a colon (commit <HEAD~1..> by Ann Example, 2026-01-15, \"wip | <b>@you</b> #1\"); help: the form is `type(scope): description [TASK-ID]`"},"partialFingerprints":{"commitCodePath/v1":"<mark>:1","primaryLocationLineHash":"<mark>:1"},"properties":{"class":"bypassed","commit":"<HEAD~1>","evidence":[{"by":null,"kind":"ledger","name":"3"}],"how":"no-verify","noticed":"<now>","of":null,"task":null,"time":"2026-01-15T10:00:00+01:00"},"ruleId":"PDD002","ruleIndex":1},
    {"level":"error","locations":[{"physicalLocation":{"artifactLocation":{"uri":".pdd.toml"},"region":{"startLine":1}}}],"message":{"text":"bypassed (hooks off): commit <HEAD~0..> by Bob, \"B, 2026-01-15, \"feat(app): one step [TASK-001]\""},"partialFingerprints":{"commitCodePath/v1":"<mark>:1","primaryLocationLineHash":"<mark>:1"},"properties":{"class":"bypassed","commit":"<HEAD~0>","evidence":[{"by":null,"kind":"reflog","name":"commit: feat(app): one step [TASK-001]"}],"how":"hooks off","noticed":null,"of":null,"task":"TASK-001","time":"2026-01-15T10:00:00+01:00"},"ruleId":"audit/bypassed","ruleIndex":14}],
    "invocations":[{"executionSuccessful":true,"toolExecutionNotifications":[]}],
    "versionControlProvenance":[{"repositoryUri":"https://example.org/team/app.git","revisionId":"<HEAD~0>"}],
    "properties":{"policy":{"blob":"<policy>","number":1},"range":"HEAD","summary":{"classes":{"adoption":1,"bypassed":2,"enforced":1},"clean":3,"commits":4,"findings":{"PDD001":1,"PDD002":1}}}}]}
    "#);
}

#[test]
fn an_alert_keeps_its_name_from_run_to_run_and_no_two_share_one() {
    let repo = scene();
    let names = || {
        let said = repo.pdd(&["audit", "--format", "sarif"]).ok().stdout;
        let log: serde_json::Value = serde_json::from_str(&said).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap();
        let name = |result: &serde_json::Value| {
            let name = &result["partialFingerprints"]["primaryLocationLineHash"];
            name.as_str().unwrap().to_owned()
        };
        results.iter().map(name).collect::<Vec<_>>()
    };
    let before = names();
    repo.step("c.txt");
    assert_eq!(names(), before);
    let different: std::collections::BTreeSet<_> = before.iter().collect();
    assert_eq!(different.len(), before.len());
}

#[test]
fn notes_are_warnings_on_stderr_where_the_form_holds_commits_alone() {
    let repo = scene();
    repo.step("c.txt");
    let ledger = repo.at(".git/pdd/ledger.jsonl");
    let text = std::fs::read_to_string(&ledger).unwrap();
    std::fs::write(&ledger, text.replacen("bypassed", "enforced", 1)).unwrap();
    let text = repo.pdd(&["audit"]).ok();
    let warning = text.stdout.lines().next().unwrap();
    assert!(warning.starts_with("warning: line "), "{}", text.text());
    for form in ["jsonl", "csv"] {
        let said = repo.pdd(&["audit", "--format", form]).ok();
        assert_eq!(said.stderr, format!("{warning}\n"), "{form}");
    }
    for form in ["text", "json", "markdown", "sarif"] {
        let said = repo.pdd(&["audit", "--format", form]).ok();
        assert_eq!(said.stderr, "", "{form}");
        let note = warning.strip_prefix("warning: ").unwrap();
        assert_eq!(said.stdout.matches(note).count(), 1, "{form}");
    }
}

/// The words in backticks that begin the rows of a table below a heading of docs/audit-forms.md, in order.
fn documented(heading: &str) -> Vec<String> {
    const DOCUMENT: &str = include_str!("../../../docs/audit-forms.md");
    let (_, table) = DOCUMENT.split_once(heading).unwrap();
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let first = rows.map(|row| row.split('|').nth(1).unwrap());
    first
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_document_names_every_column_key_form_and_class() {
    let repo = scene();
    let csv = repo.pdd(&["audit", "--format", "csv"]).ok().stdout;
    let columns: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    assert_eq!(documented("| column | holds |"), columns);

    let json = repo.pdd(&["audit", "--format", "json"]).ok().stdout;
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let row = report["commits"][0].as_object().unwrap();
    let mut keys = documented("| key of a commit | holds |");
    keys.sort_unstable();
    assert_eq!(keys, row.keys().cloned().collect::<Vec<_>>());

    let help = repo.pdd(&["audit", "--help"]).ok().stdout;
    for form in documented("| `--format` | is for | holds |") {
        assert!(help.contains(&format!("- {form}:")), "{form}\n{help}");
    }
    let refused = repo.pdd(&["audit", "--fail-on", "x"]).stderr;
    let mut classes = documented("| class | worst first |");
    classes.extend(["error".into(), "warn".into()]);
    let known = format!("[possible values: {}]", classes.join(", "));
    assert!(refused.contains(&known), "{refused}");
}
