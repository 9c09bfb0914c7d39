//! A history made to break whoever shows it: each form stays valid, and nothing in it acts.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::{FORMS, assert_sarif, read_csv};
use crate::support::Repo;

/// How many merges follow one another: whoever walks down them by calling himself has no stack left.
const MERGES: usize = 10_000;

/// How many parents one merge has.
const PARENTS: usize = 10_000;

/// A subject of 1 MiB, whose 4096th byte is in the middle of a character.
fn endless() -> String {
    format!("{}{}", "x", "é".repeat(512 * 1024))
}

/// Messages, with the encoding that the commit's header names.
fn messages() -> Vec<(Vec<u8>, &'static str)> {
    let texts = [
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "</details></td></table><!-- --> <b>@you</b> #123 team/app#4 GH-5 https://example.org www.example.org",
        "![x](https://example.org) [y](https://example.org) {0} [z](1) a@example.org",
        "\u{1b}[2J\u{1b}[31mred\u{1b}]0;title\u{7}",
        "\u{1b}]52;c;never ended",
        "\u{9b}2J \u{9d}0;never ended \u{7f}",
        "\u{202e}txt.exe\u{2066}\u{200f}\u{61c}\u{2028}\u{2029}end",
        "tab\tand\rreturn\u{1}\u{2}\u{8}\u{c}",
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "| a | `b` ``c`` \\| \\\\| ```",
        "`",
        "\"quoted\",\"comma\";semicolon\r\n\r\n\"body\n=1",
        "",
        "feat(app): one step [TASK-001]",
    ];
    let mut messages: Vec<(Vec<u8>, &str)> = texts
        .iter()
        .map(|text| (text.as_bytes().to_vec(), "UTF-8"))
        .collect();
    messages.push((
        b"caf\xe9 \xff\xfe\xc3\x28 [TASK-001]".to_vec(),
        "ISO-8859-1",
    ));
    messages.push((b"\xed\xa0\x80 \xf8\x88".to_vec(), "no-such-encoding"));
    messages.push((endless().into_bytes(), "UTF-8"));
    messages
}

const NAMES: [&[u8]; 10] = [
    b"Ann Example",
    b"=cmd()",
    b"Last, First \"Nick\" | x",
    b"\x1b[31mred\x1b]0;",
    b"\xff\xfe\x80",
    b"@you",
    b"#1 `x` ``",
    "\u{202e}nnA".as_bytes(),
    b"a\tb\rc",
    b"",
];

const PATHS: [&[u8]; 7] = [
    b"src/a\nb.py",
    b"src/\"quoted\", 'and' | piped.py",
    b"src/\x1b[31m.py",
    b"src/\xff\xfe.py",
    b"src/<img src=x onerror=alert(1)>.py",
    b"src/=cmd();+1.py",
    b"src/`@you` #1 [x](y) %41.py",
];

/// What `git fast-import` reads.
struct Stream {
    bytes: Vec<u8>,
    count: usize,
}

impl Stream {
    /// Adds a commit on top of the last one.
    fn commit(&mut self, name: &[u8], message: &[u8], encoding: &str, more: &[u8]) {
        self.count += 1;
        let mark = self.count;
        self.bytes
            .extend_from_slice(format!("commit refs/heads/work\nmark :{mark}\n").as_bytes());
        for role in ["author", "committer"] {
            self.bytes.extend_from_slice(role.as_bytes());
            self.bytes.push(b' ');
            self.bytes.extend_from_slice(name);
            let time = 1_768_467_600 + mark;
            self.bytes
                .extend_from_slice(format!(" <=1+1@example.org> {time} +0530\n").as_bytes());
        }
        if encoding != "UTF-8" {
            self.bytes
                .extend_from_slice(format!("encoding {encoding}\n").as_bytes());
        }
        self.bytes
            .extend_from_slice(format!("data {}\n", message.len()).as_bytes());
        self.bytes.extend_from_slice(message);
        self.bytes.push(b'\n');
        let from = match mark {
            1 => "from refs/heads/main^0\n".to_owned(),
            mark => format!("from :{}\n", mark - 1),
        };
        self.bytes.extend_from_slice(from.as_bytes());
        self.bytes.extend_from_slice(more);
    }
}

/// The line of a stream that writes a file of this path.
fn file(path: &[u8]) -> Vec<u8> {
    let mut quoted = String::new();
    for byte in path {
        // Writing to a String cannot fail.
        let _ = write!(quoted, "\\{byte:03o}");
    }
    format!("M 100644 inline \"{quoted}\"\ndata 4\nx=1\n\n").into_bytes()
}

/// A repository whose `work` holds all of the above.
fn hostile() -> Repo {
    let repo = Repo::new();
    repo.write("app.txt", "base\n");
    repo.commit_all("start");
    repo.write(".pdd.toml", "policy = 1\n");
    repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
    let mut stream = Stream {
        bytes: Vec::new(),
        count: 0,
    };
    let names = || NAMES.iter().cycle();
    for ((message, encoding), name) in messages().iter().zip(names()) {
        stream.commit(name, message, encoding, b"");
    }
    let text = b"feat(app): one step [TASK-001]";
    for (path, name) in PATHS.iter().zip(names()) {
        stream.commit(name, text, "UTF-8", &file(path));
    }
    for _ in 0..MERGES {
        let side = format!("merge :{}\n", stream.count - 1);
        stream.commit(NAMES[0], b"Merge again", "UTF-8", side.as_bytes());
    }
    let mut import = repo.command("git", repo.folder());
    let _ = repo
        .run(import.args(["fast-import", "--quiet"]), &stream.bytes)
        .ok();
    // Somebody who went round the hooks is named by every form for people.
    let _ = repo.git(&["switch", "-q", "-f", "work"]).ok();
    let name = [("GIT_AUTHOR_NAME", "=x(), \"y\" | @you #1 \u{1b}[31m")];
    let _ = repo
        .git_with(
            &name,
            &["commit", "-q", "--allow-empty", "-m", "<b>@you</b>"],
        )
        .ok();
    repo
}

/// A repository whose `work` is one merge of many branches that bring a file each.
fn octopus() -> Repo {
    let repo = Repo::new();
    repo.write(".pdd.toml", "policy = 1\n");
    repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
    let person = "committer Ann Example <ann@example.org> 1768467600 +0530";
    let mut stream = Vec::new();
    let path = |number: usize| file(format!("src/part{number}.py").as_bytes());
    for mark in 1..=PARENTS {
        let head = "reset refs/heads/side\ncommit refs/heads/side";
        let message = "data 4\nside\nfrom refs/heads/main^0";
        stream.extend_from_slice(format!("{head}\nmark :{mark}\n{person}\n{message}\n").as_bytes());
        stream.extend_from_slice(&path(mark));
    }
    let first = format!("commit refs/heads/work\n{person}\ndata 9\nMerge all\nfrom :1\n");
    stream.extend_from_slice(first.as_bytes());
    for mark in 2..=PARENTS {
        stream.extend_from_slice(format!("merge :{mark}\n").as_bytes());
    }
    for mark in 2..=PARENTS {
        stream.extend_from_slice(&path(mark));
    }
    let mut import = repo.command("git", repo.folder());
    let _ = repo
        .run(import.args(["fast-import", "--quiet"]), &stream)
        .ok();
    repo
}

/// Asks for a form, and holds what stdout got to be what a file gets, byte by byte.
#[track_caller]
fn form(repo: &Repo, format: &str, args: &[&str]) -> String {
    let base = ["audit", "--format", format, "main..work"];
    let printed = repo.pdd(&[&base[..], args].concat()).ok();
    let _ = repo
        .pdd(&[&base[..], args, &["--output", "../report"]].concat())
        .ok();
    let bytes = std::fs::read(repo.root().join("report")).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text == printed.stdout, "{format} differs on stdout");
    text
}

fn acts(c: char) -> bool {
    let turns = '\u{202a}'..='\u{202e}';
    let isolates = '\u{2066}'..='\u{2069}';
    c.is_control()
        || turns.contains(&c)
        || isolates.contains(&c)
        || ['\u{200e}', '\u{200f}', '\u{61c}', '\u{2028}', '\u{2029}'].contains(&c)
}

#[test]
fn a_hostile_history_stays_valid_json_and_nothing_in_it_acts_on_a_terminal() {
    let repo = hostile();
    let json = form(&repo, "json", &[]);
    let lines = form(&repo, "jsonl", &[]);
    for text in [&json, &lines] {
        assert!(!text.chars().any(|c| c != '\n' && acts(c)));
    }
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let rows: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let count: usize = repo
        .ask(&["rev-list", "--count", "main..work"])
        .parse()
        .unwrap();
    assert_eq!(count, messages().len() + PATHS.len() + MERGES + 1);
    assert_eq!(rows.len(), count);
    assert_eq!(report["commits"], serde_json::json!(rows));
    let subjects: Vec<&str> = rows
        .iter()
        .map(|row| row["subject"].as_str().unwrap())
        .collect();
    assert!(subjects.contains(&"\u{202e}txt.exe\u{2066}\u{200f}\u{61c}\u{2028}\u{2029}end"));
    assert!(subjects.contains(&"caf\u{fffd} \u{fffd}\u{fffd}\u{fffd}( [TASK-001]"));
    let whole = endless();
    let cut = rows
        .iter()
        .find(|row| row["notes"] != serde_json::json!([]))
        .unwrap();
    assert_eq!(cut["subject"], whole[..4095]);
    let said = format!("subject cut: it has {} bytes", whole.len());
    assert_eq!(cut["notes"], serde_json::json!([said]));
    let paths = rows
        .iter()
        .flat_map(|row| row["findings"].as_array().unwrap());
    let paths: Vec<&str> = paths.filter_map(|it| it["path"].as_str()).collect();
    assert!(paths.contains(&"src/a\nb.py"), "{paths:?}");
}

#[test]
fn a_hostile_history_has_its_columns_in_each_row_and_no_formula() {
    let repo = hostile();
    let rows = read_csv(&repo, &form(&repo, "csv", &[]));
    assert_eq!(rows.len(), messages().len() + PATHS.len() + MERGES + 2);
    let mut guarded = 0;
    for row in &rows {
        assert_eq!(row.len(), rows[0].len(), "{row:?}");
        for cell in row {
            assert!(!cell.chars().any(acts), "{cell:?}");
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell:?}");
            guarded += usize::from(cell.starts_with('\''));
        }
    }
    // The addresses alone are as many.
    assert!(guarded >= rows.len() - 2, "{guarded}");
}

#[test]
fn a_hostile_history_validates_as_sarif() {
    let repo = hostile();
    let text = form(&repo, "sarif", &[]);
    assert!(!text.chars().any(|c| c != '\n' && acts(c)));
    let log = assert_sarif(&repo, &text);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let foreign = results.iter().filter(|it| it["ruleId"] == "audit/foreign");
    assert_eq!(foreign.count(), messages().len() + PATHS.len());
    for result in results {
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(
            uri.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-._~/%".contains(&b)),
            "{uri}"
        );
        let message = result["message"]["text"].as_str().unwrap();
        assert!(
            message.chars().count() <= 1_000 && !message.contains("]("),
            "{message}"
        );
    }
}

#[test]
fn a_hostile_history_has_no_control_character_and_no_endless_line_in_the_text() {
    let repo = hostile();
    for args in [&[][..], &["--limit", "0"]] {
        let text = form(&repo, "text", args);
        for line in text.lines() {
            assert!(!line.chars().any(acts), "{line:?}");
            assert!(line.chars().count() <= 240, "{line}");
        }
    }
}

#[test]
fn a_hostile_history_leaves_a_comment_without_elements_links_mentions_or_references() {
    let repo = hostile();
    for args in [&[][..], &["--limit", "0"]] {
        let text = form(&repo, "markdown", args);
        assert!(text.encode_utf16().count() <= 65_000);
        assert!(!text.chars().any(|c| c != '\n' && acts(c)));
        let mut cells = 0;
        let mut codes = BTreeSet::new();
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            match event {
                Event::Html(html) | Event::InlineHtml(html) => {
                    let own = "<!-- pdd-hooks audit -->\n<details>\n<summary>Findings, and what mends them</summary>\n</details>\n";
                    assert!(own.contains(&*html), "{html}");
                }
                Event::Start(Tag::Link { .. } | Tag::Image { .. }) => panic!("{event:?}"),
                Event::Text(shown) => {
                    assert!(!shown.contains(['@', '#', '<']), "{shown}");
                    assert!(!shown.contains("://") && !shown.contains("www"), "{shown}");
                }
                Event::Code(code) => {
                    codes.insert(code.into_string());
                }
                Event::Start(Tag::TableRow | Tag::TableHead) => cells = 0,
                Event::Start(Tag::TableCell) => cells += 1,
                Event::End(pulldown_cmark::TagEnd::TableRow) => {
                    assert!(cells == 2 || cells == 6, "{cells}");
                }
                _ => {}
            }
        }
        if !args.is_empty() {
            assert!(codes.contains("<script>alert(1)</script><img src=x onerror=alert(1)>"));
            // A blank parts a backslash from the pipe that it would escape.
            assert!(
                codes.contains("| a | `b` ``c`` \\ | \\\\ | ```"),
                "{codes:?}"
            );
        }
    }
}

#[test]
fn every_form_names_what_went_round_the_hooks_in_a_hostile_history() {
    let repo = hostile();
    for format in FORMS {
        let said = repo.pdd(&["audit", "--format", format, "main..work"]).ok();
        assert!(said.stdout.contains("hooks off"), "{format}");
    }
}

#[test]
fn a_merge_of_ten_thousand_parents_holds_nothing_that_is_not_theirs() {
    let repo = octopus();
    let said = repo.pdd(&["audit", "--format", "jsonl", "main..work"]).ok();
    assert_eq!(said.stdout.lines().count(), PARENTS + 1);
    let merge = said.stdout.lines().last().unwrap();
    let merge: serde_json::Value = serde_json::from_str(merge).unwrap();
    assert_eq!(merge["parents"].as_array().unwrap().len(), PARENTS);
    assert_eq!(merge["class"], "merge");
    assert_eq!(merge["findings"], serde_json::json!([]));
}
