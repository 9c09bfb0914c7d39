//! Which commits are reported: `--since`, `--author` and `--path`, as `git log` chooses them.

use serde_json::Value;

use crate::support::Repo;

/// A history of several people, folders and days, with a merge that changes something by itself.
fn scene() -> Repo {
    let repo = Repo::new();
    repo.write("../policy.toml", "policy = 1\nrules.validation = \"off\"\nrules.task-state = \"off\"\nrules.boundary = \"off\"\n");
    let people = [("Ann", "ann@example.org"), ("Ben", "ben@example.org")];
    let files = [
        "src/a.rs",
        "docs/a.md",
        "src/deep/b.rs",
        "Makefile",
        "src/{x}.rs",
        "docs/DEEP/c.md",
        "a.rs",
        "src.rs",
    ];
    let step = |at: usize, file: &str| {
        let (name, email) = people[at % 2];
        let day = format!("2026-01-{:02}T12:00:00+00:00", at + 1);
        repo.write(file, format!("{at}\n"));
        let _ = repo.git(&["add", "-A"]).ok();
        let env = [
            ("GIT_AUTHOR_NAME", name),
            ("GIT_AUTHOR_EMAIL", email),
            ("GIT_COMMITTER_DATE", &day),
            // The author's is another, and never what counts.
            ("GIT_AUTHOR_DATE", "2020-01-01T00:00:00Z"),
        ];
        let _ = repo.git_with(&env, &["commit", "-q", "-m", file]).ok();
    };
    for (at, file) in files.iter().enumerate() {
        step(at, file);
    }
    let _ = repo.git(&["switch", "-q", "-c", "side", "HEAD~2"]).ok();
    step(10, "lib/side.rs");
    let _ = repo.git(&["switch", "-q", "main"]).ok();
    let _ = repo.git(&["merge", "-q", "--no-commit", "side"]).ok();
    step(12, "lib/beyond.rs");
    step(13, "docs/a.md");
    repo
}

/// Returns what the audit reports of `HEAD` by these options, oldest first, as subjects.
#[track_caller]
fn reported(repo: &Repo, folder: &str, options: &[&str]) -> Vec<String> {
    let policy = repo.root().join("policy.toml");
    let base = [
        "audit",
        "--policy",
        policy.to_str().unwrap(),
        "--format",
        "jsonl",
    ];
    let output = repo.pdd_in(&repo.at(folder), &[&base[..], options].concat());
    let mut subjects: Vec<String> = output
        .ok()
        .stdout
        .lines()
        .map(|line| {
            let row: Value = serde_json::from_str(line).unwrap();
            row["subject"].as_str().unwrap().to_owned()
        })
        .collect();
    subjects.sort();
    subjects
}

/// Returns what git's log shows by these options and paths; of merges those with something of their own there.
#[track_caller]
fn logged(repo: &Repo, folder: &str, options: &[&str], paths: &[&str]) -> Vec<String> {
    let folder = repo.at(folder);
    let ask = |args: &[&[&str]]| {
        let output = repo.git_in(&folder, &args.concat()).ok();
        output.stdout
    };
    let plain = ["log", "--no-merges", "--full-history", "--format=%s"];
    let mut subjects = ask(&[&plain, options, &["--"], paths]);
    let merges = ask(&[&["log", "--merges", "--format=%H %s"], options]);
    for (id, subject) in merges.lines().filter_map(|line| line.split_once(' ')) {
        let show = [
            "show",
            "--remerge-diff",
            "--name-only",
            "--format=",
            id,
            "--",
        ];
        if paths.is_empty() || !ask(&[&show, paths]).is_empty() {
            subjects.push_str(&format!("{subject}\n"));
        }
    }
    let mut subjects: Vec<String> = subjects.lines().map(str::to_owned).collect();
    subjects.sort();
    subjects
}

#[test]
fn since_counts_the_committers_time_as_gits_log_does() {
    let repo = scene();
    let mut sizes = Vec::new();
    for date in [
        "2026-01-04T12:00:00Z",
        "2026-01-04T12:00:01Z",
        "2026-01-04 13:00 +0100",
        "1768000000",
        "never",
        "yesterday",
        "10 years ago",
        "jan 14 2026 12:00 +0000",
    ] {
        let option = format!("--since={date}");
        let found = reported(&repo, ".", &[&option, "HEAD"]);
        assert_eq!(found, logged(&repo, ".", &[&option], &[]), "{date}");
        sizes.push(found.len());
    }
    assert_eq!(sizes, [8, 7, 8, 3, 11, 0, 11, 1]);
}

#[test]
fn author_is_looked_for_in_name_and_address_by_the_mailmap() {
    let repo = scene();
    repo.write(".mailmap", "Benedict <b@example.org> <ben@example.org>\n");
    let mut sizes = Vec::new();
    for authors in [
        &["Ann"][..],
        &["ann"],
        &["Benedict <b@"],
        &["^Ben"],
        &["^Ben <"],
        &["ben@example"],
        &["Ann", "Benedict"],
        &["example.org>$"],
        &["Nobody"],
    ] {
        let options: Vec<String> = authors.iter().map(|it| format!("--author={it}")).collect();
        let mut options: Vec<&str> = options.iter().map(String::as_str).collect();
        let expected = logged(&repo, ".", &options, &[]);
        options.push("HEAD");
        let found = reported(&repo, ".", &options);
        assert_eq!(found, expected, "{authors:?}");
        sizes.push(found.len());
    }
    assert_eq!(sizes, [6, 6, 5, 5, 0, 0, 11, 11, 0]);
}

#[test]
fn path_takes_pathspecs_as_gits_log_does_and_of_merges_what_they_change_themselves() {
    let repo = scene();
    let mut found_any = 0;
    for folder in [".", "src"] {
        for paths in [
            &["src"][..],
            &["src/"],
            &["a.rs"],
            &["*.rs"],
            &["**/a.*"],
            &[":(glob)*.rs"],
            &[":(glob)**/a.*"],
            &[":(glob)src/**/b.rs"],
            &["src/**/b.rs"],
            &["s?c/a.rs"],
            &["s?c"],
            &["[a-d]*"],
            &["[!s]*"],
            &[":(icase)DOCS"],
            &[":(icase)*MAKE*"],
            &[":!src"],
            &[":^docs", ":!*.rs"],
            &[":(exclude)src", "*.rs"],
            &["src/{x}.rs"],
            &["src/{x,a}*"],
            &[":(literal)src/*"],
            &["docs", "Makefile"],
            &[":/docs"],
            &[":(top,icase)docs/deep"],
            &["lib"],
            &["lib/beyond.rs"],
            &["."],
            &[":/"],
            &["no/such"],
            &["Make\\file"],
        ] {
            let options: Vec<String> = paths.iter().map(|it| format!("--path={it}")).collect();
            let mut options: Vec<&str> = options.iter().map(String::as_str).collect();
            options.push("HEAD");
            let found = reported(&repo, folder, &options);
            let expected = logged(&repo, folder, &[], paths);
            assert_eq!(found, expected, "{paths:?} in {folder}");
            found_any += usize::from(!found.is_empty());
        }
    }
    assert_eq!(found_any, 39);
}

#[test]
fn options_together_choose_what_is_all_of_it_and_the_report_says_what_was_asked() {
    let repo = scene();
    let options = ["--since=2026-01-03T12:00:00Z", "--author=Ann"];
    let path = "*.rs";
    let expected = logged(&repo, ".", &options, &[path]);
    assert_eq!(expected.len(), 5, "{expected:?}");
    let path = format!("--path={path}");
    let found = reported(&repo, ".", &[&options[..], &[&path, "HEAD"]].concat());
    assert_eq!(found, expected);
    let mut args = vec!["audit", "--policy", "../policy.toml", "--format", "json"];
    args.extend(options);
    args.extend([path.as_str(), "HEAD"]);
    let report: Value = serde_json::from_str(&repo.pdd(&args).ok().stdout).unwrap();
    let asked = "HEAD --since=2026-01-03T12:00:00Z --author=Ann --path=*.rs";
    assert_eq!(report["range"], asked);
    assert_eq!(report["summary"]["commits"], 5);
}

#[test]
fn how_a_commit_is_judged_does_not_depend_on_which_are_reported() {
    let repo = super::scene();
    let all = repo.pdd(&["audit", "--format", "jsonl"]).ok().stdout;
    let some = repo.pdd(&["audit", "--format", "jsonl", "--author", "Bob"]);
    let some = some.ok().stdout;
    let expected: Vec<&str> = all.lines().filter(|it| it.contains("Bob,")).collect();
    assert_eq!(some.lines().collect::<Vec<_>>(), expected);
    assert_eq!(expected.len(), 1);
}

#[test]
fn what_cannot_be_read_is_refused_with_what_mends_it() {
    let repo = scene();
    let args = ["audit", "--policy", "../policy.toml"];
    let mut said = String::new();
    for option in [
        "--author=a(b",
        "--since=gibberish",
        "--path=:(attr:x)a",
        "--path=../x",
        "--path=/etc",
        "--path=",
    ] {
        let output = repo.pdd(&[&args[..], &[option]].concat());
        said.push_str(&output.text());
    }
    insta::assert_snapshot!(said, @r"
    exit: 2
    --- stdout
    --- stderr
    error: could not read the regular expression `a(b`: unclosed group
      = help: to find it as it stands: `--author 'a\(b'`
    exit: 2
    --- stdout
    --- stderr
    error: `gibberish` is no date that git knows
      = help: as `git log --since` takes it: `2026-01-15`, `2 weeks ago`, `yesterday`
    exit: 2
    --- stdout
    --- stderr
    error: could not read the pathspec `:(attr:x)a`: `attr:x` is none of the words known here
      = help: gitglossary(7) describes pathspecs; known here are `top`, `icase`, `literal`, `glob` and `exclude`
    exit: 2
    --- stdout
    --- stderr
    error: could not read the pathspec `../x`: it leads out of the repository
      = help: gitglossary(7) describes pathspecs; known here are `top`, `icase`, `literal`, `glob` and `exclude`
    exit: 2
    --- stdout
    --- stderr
    error: could not read the pathspec `/etc`: it is outside of the repository
      = help: gitglossary(7) describes pathspecs; known here are `top`, `icase`, `literal`, `glob` and `exclude`
    exit: 2
    --- stdout
    --- stderr
    error: could not read the pathspec ``: it is empty; `.` names everything here
      = help: gitglossary(7) describes pathspecs; known here are `top`, `icase`, `literal`, `glob` and `exclude`
    ");
}

#[test]
fn a_path_from_the_root_of_the_file_system_is_one_of_the_repository() {
    let repo = scene();
    let src = repo.at("src");
    let path = format!("--path={}", src.display());
    let found = reported(&repo, ".", &[&path, "HEAD"]);
    assert_eq!(found, logged(&repo, ".", &[], &["src"]));
    assert!(!found.is_empty());
}

#[test]
fn no_bar_is_drawn_where_stderr_is_no_terminal() {
    let repo = scene();
    for form in super::FORMS {
        let args = ["audit", "--policy", "../policy.toml", "--format", form];
        let expected = match form {
            "jsonl" | "csv" => "warning: approval is not asked under an assumed policy\n",
            _ => "",
        };
        assert_eq!(repo.pdd(&args).ok().stderr, expected, "{form}");
    }
}

#[test]
fn all_branches_are_those_and_what_stands_on_none() {
    let repo = scene();
    let _ = repo
        .git(&["worktree", "add", "-q", "--detach", "../beside"])
        .ok();
    let beside = repo.at("../beside");
    let lone = ["commit", "-q", "--allow-empty", "-m", "lone"];
    let _ = repo.git_in(&beside, &lone).ok();
    let _ = repo.git(&["switch", "-q", "--detach"]).ok();
    let _ = repo
        .git(&["commit", "-q", "--allow-empty", "-m", "detached"])
        .ok();
    let _ = repo.git(&["switch", "-q", "--detach", "main~1"]).ok();
    let found = reported(&repo, ".", &["--all"]);
    assert!(found.contains(&"lone".to_owned()), "{found:?}");
    assert!(!found.contains(&"detached".to_owned()), "{found:?}");
    let _ = repo.git(&["switch", "-q", "--detach", "HEAD@{1}"]).ok();
    let found = reported(&repo, ".", &["--all"]);
    assert!(found.contains(&"detached".to_owned()), "{found:?}");
}
