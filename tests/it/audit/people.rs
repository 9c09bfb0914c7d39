//! Whom a report names, and when: by the mailmap, with the programs among them, in each author's own offset.

use serde_json::Value;

use crate::support::{Output, Repo};

/// What people really write into a mailmap, and what they should not.
const MAILMAP: &str = "\
# a comment <a@comment.example>
Ann Proper <ann@example.org> <ann@old.example>
<ben@example.org> <Ben@Old.Example>
Ben Proper <BEN@OLD.example>
Cleo <cleo@example.org> Root <root@localhost>
Dora <dora@example.org> dora <root@localhost>
\tEve Proper\t<eve@example.org>
Fay <fay@example.org> <>
Gus <> <gus@example.org>
Hal <hal@example.org> <hal@old.example> # later words
Hal Again <hal@old.example>
no address
broken <iva@example.org
Jo <jo@one.example> Jo Old <JO@old.example>
J\u{f6}rg <joerg@example.org> <joerg@old.example>\r
Root Rest <rest@example.org> <ROOT@localhost>
";

/// Names and addresses as commits have them.
const WRITTEN: [(&str, &str); 21] = [
    ("ann", "ann@old.example"),
    ("ann", "ANN@OLD.EXAMPLE"),
    ("ann", "ann@example.org"),
    ("ben", "ben@old.example"),
    ("root", "root@localhost"),
    ("ROOT", "Root@LocalHost"),
    ("Dora", "root@localhost"),
    ("Another", "root@localhost"),
    ("eve", "eve@example.org"),
    ("Nobody", ""),
    ("gus", "gus@example.org"),
    ("hal", "hal@old.example"),
    ("Iva", "iva@example.org"),
    ("jo old", "jo@old.example"),
    ("Jo", "jo@old.example"),
    ("Joerg", "joerg@old.example"),
    ("J\u{f6}rg", "JOERG@old.example"),
    ("a", "a@comment.example"),
    ("", "ann@old.example"),
    ("Kay K. Kay", "kay@example.org"),
    ("ann", "ann@old.example.org"),
];

/// What stands in a commit beside its message.
struct Made<'a> {
    author: &'a str,
    committer: &'a str,
    message: &'a str,
}

/// Makes a branch of such commits, one on the other, without a file.
fn make(repo: &Repo, branch: &str, commits: &[Made<'_>]) {
    let mut stream = String::new();
    for made in commits {
        stream.push_str(&format!(
            "commit refs/heads/{branch}\nauthor {}\ncommitter {}\ndata {}\n{}\n",
            made.author,
            made.committer,
            made.message.len(),
            made.message
        ));
    }
    let mut import = repo.command("git", repo.folder());
    import.args(["fast-import", "--quiet", "--date-format=raw-permissive"]);
    let _ = repo.run(&mut import, stream.as_bytes()).ok();
}

/// A repository without a commit on the branch it stands on, and a policy beside it.
fn scene() -> Repo {
    let repo = Repo::new();
    repo.write("../policy.toml", "policy = 1\nrules.validation = \"off\"\nrules.task-state = \"off\"\nrules.boundary = \"off\"\n");
    repo.commit_all("start");
    repo
}

fn audit(repo: &Repo, range: &str) -> Vec<Value> {
    let args = ["audit", "--policy", "../policy.toml", "--format", "jsonl"];
    rows(repo.pdd(&[&args[..], &[range]].concat()))
}

#[track_caller]
fn rows(output: Output) -> Vec<Value> {
    let text = output.ok().stdout;
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn written(repo: &Repo) {
    let people: Vec<String> = WRITTEN
        .iter()
        .zip(1_700_000_000..)
        .map(|((name, email), time)| format!("{name} <{email}> {time} +0000"))
        .collect();
    let commits: Vec<Made<'_>> = people
        .iter()
        .map(|author| Made {
            author,
            committer: "Zoe <zoe@example.org> 1700000000 +0000",
            message: "feat: x",
        })
        .collect();
    make(repo, "people", &commits);
}

/// Compares every author with what git's log says.
#[track_caller]
fn assert_as_git(repo: &Repo, output: Vec<Value>) {
    let format = "--format=%aN <%aE>";
    let expected = repo.ask(&["log", "--reverse", "--topo-order", format, "people"]);
    let found: Vec<String> = output
        .iter()
        .map(|row| {
            let author = &row["author"];
            assert_eq!(row["actors"][0]["name"], author["name"]);
            assert_eq!(row["actors"][0]["email"], author["email"]);
            let text = |key: &str| author[key].as_str().unwrap().to_owned();
            format!("{} <{}>", text("name"), text("email"))
        })
        .collect();
    assert_eq!(found.len(), WRITTEN.len());
    assert_eq!(found.join("\n"), expected);
}

#[test]
fn authors_go_by_the_mailmap_exactly_as_in_gits_log() {
    let repo = scene();
    written(&repo);
    assert_as_git(&repo, audit(&repo, "people"));
    let bare = repo.ask(&["log", "--format=%aN", "people"]);
    repo.write(".mailmap", MAILMAP);
    assert_ne!(repo.ask(&["log", "--format=%aN", "people"]), bare);
    assert_as_git(&repo, audit(&repo, "people"));
}

#[test]
fn a_blob_and_a_file_of_the_configuration_are_mailmaps_too_and_the_later_wins() {
    let repo = scene();
    written(&repo);
    repo.write(".mailmap", MAILMAP);
    repo.write("map", "Blob <blob@example.org> <ann@old.example>\n");
    let _ = repo.git(&["add", "map"]).ok();
    let _ = repo.git(&["config", "mailmap.blob", ":map"]).ok();
    assert_as_git(&repo, audit(&repo, "people"));
    repo.write(
        "../home/map",
        "File <ann@old.example>\nKay <kay@example.org>\n",
    );
    let _ = repo.git(&["config", "mailmap.file", "~/map"]).ok();
    assert_as_git(&repo, audit(&repo, "people"));
    let names = repo.ask(&["log", "--format=%aN <%aE>", "people"]);
    assert!(names.contains("File <blob@example.org>"), "{names}");
    // A link in the work tree is not followed, and a blob that is not there is nothing.
    std::fs::remove_file(repo.at(".mailmap")).unwrap();
    std::os::unix::fs::symlink(repo.root().join("home/map"), repo.at(".mailmap")).unwrap();
    let _ = repo.git(&["config", "mailmap.blob", "HEAD:none"]).ok();
    let _ = repo.git(&["config", "--unset", "mailmap.file"]).ok();
    assert_as_git(&repo, audit(&repo, "people"));
}

#[test]
fn in_a_bare_repository_the_mailmap_of_head_counts() {
    let repo = scene();
    written(&repo);
    repo.write(".mailmap", MAILMAP);
    repo.commit_all("map");
    let _ = repo
        .git(&["clone", "-q", "--bare", ".", "../bare.git"])
        .ok();
    let bare = repo.root().join("bare.git");
    let args = [
        "audit",
        "--policy",
        "../policy.toml",
        "--format",
        "jsonl",
        "people",
    ];
    let found = rows(repo.pdd_in(&bare, &args));
    assert_eq!(found[0]["author"]["name"], "Ann Proper");
    assert_as_git(&repo, found);
}

#[test]
fn everybody_whom_a_commit_names_is_there_once_and_programs_are_told_from_people() {
    let repo = scene();
    let message = "\
feat: x

Body.

Co-authored-by: Ben <ben@example.org>
co-authored-By:   Claude Opus 4.5   <noreply@anthropic.com>
Co-Authored-By : ANN <ann@EXAMPLE.org>
CO-AUTHORED-BY: Old Ben
 <ben@old.example>
Co-authored-by: dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>
Co-authored-by: Claude Monet <monet@example.org>
Signed-off-by: Nobody <nobody@example.org>
Co-authored-by: Claude
Co-authored-by: only@example.org
Co-authored-by:
";
    let made = Made {
        author: "Ann <ann@example.org> 1700000000 +0000",
        committer: "GitHub <noreply@github.com> 1700000000 +0000",
        message,
    };
    make(&repo, "people", &[made]);
    repo.write(".mailmap", "<ben@example.org> <ben@old.example>\n");
    let found = audit(&repo, "people");
    let lines: Vec<String> = found[0]["actors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|actor| {
            let text = |key: &str| actor[key].as_str().unwrap().to_owned();
            let who = format!("{} <{}>", text("name"), text("email"));
            format!("{who} {} {}", text("role"), text("kind"))
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    Ann <ann@example.org> author person
    GitHub <noreply@github.com> committer bot
    Ben <ben@example.org> co-author person
    Claude Opus 4.5 <noreply@anthropic.com> co-author agent
    dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com> co-author bot
    Claude Monet <monet@example.org> co-author person
    Claude <> co-author person
     <only@example.org> co-author person
    ");
}

/// Offsets as people have them.
const OFFSETS: [&str; 9] = [
    "+0000", "-0000", "+0545", "-0330", "+1400", "-1200", "+0100", "+1245", "-0001",
];

/// Offsets that no place on earth has; all of them stand in real histories.
const BROKEN: [&str; 6] = ["+051800", "+9999", "-7000", "+0099", "+2400", "-2359"];

fn stamped(repo: &Repo, offsets: &[&str]) -> (Vec<Value>, Vec<String>) {
    let authors: Vec<String> = offsets
        .iter()
        .map(|offset| format!("Ann <ann@example.org> 1700000000 {offset}"))
        .collect();
    let commits: Vec<Made<'_>> = authors
        .iter()
        .map(|author| Made {
            author,
            committer: "Zoe <zoe@example.org> 1700000000 +0200",
            message: "feat: x",
        })
        .collect();
    make(repo, "zones", &commits);
    let git = repo.ask(&["log", "--reverse", "--topo-order", "--format=%aI", "zones"]);
    let git = git.lines().map(str::to_owned).collect();
    (audit(repo, "zones"), git)
}

#[test]
fn times_keep_the_authors_own_offset_as_gits_log_gives_it() {
    let repo = scene();
    let (rows, git) = stamped(&repo, &OFFSETS);
    // Newer gits write UTC with a letter.
    let git: Vec<String> = git.iter().map(|time| time.replace('Z', "+00:00")).collect();
    let found: Vec<&str> = rows
        .iter()
        .map(|row| row["time"].as_str().unwrap())
        .collect();
    assert_eq!(found, git);
    assert_eq!(found[2], "2023-11-15T03:58:20+05:45");
}

#[test]
fn times_in_offsets_that_cannot_be_written_are_the_same_moment_and_stay_rfc_3339() {
    let repo = scene();
    let (rows, git) = stamped(&repo, &BROKEN);
    assert_eq!(rows.len(), BROKEN.len());
    let form = regex::Regex::new(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]([01]\d|2[0-3]):[0-5]\d$");
    let form = form.unwrap();
    for (row, git) in rows.iter().zip(git) {
        let time = row["time"].as_str().unwrap();
        assert!(form.is_match(time), "{time}");
        let moment: jiff::Timestamp = time.parse().unwrap();
        assert_eq!(moment.as_second(), 1_700_000_000, "{time}, in git {git}");
    }
}
