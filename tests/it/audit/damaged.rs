//! Commits that break git's form: old public histories hold them, and one is made in a line of shell.

use serde_json::{Value, json};

use crate::support::Repo;

const AUTHOR: &str = "author Ann Example <ann@example.org> 1768467600 +0100";
const COMMITTER: &str = "committer Ann Example <ann@example.org> 1768467600 +0100";

/// A repository whose `main` adopts the workflow and has one sound commit after that.
fn sound() -> Repo {
    let repo = Repo::new();
    repo.write("app.txt", "base\n");
    repo.commit_all("start");
    repo.write(".pdd.toml", "policy = 1\n");
    repo.commit_all("chore(pdd): adopt the workflow [MAINT-1]");
    repo.write("app.txt", "sound\n");
    repo.commit_all("feat(app): one step [TASK-001]");
    repo
}

/// Puts a branch on a commit with these lines as its head.
fn damage(repo: &Repo, branch: &str, head: &[&str]) -> String {
    let (tree, parent) = (
        repo.ask(&["rev-parse", "main~1^{tree}"]),
        repo.ask(&["rev-parse", "main~1"]),
    );
    let head = head.join("\n");
    let head = head.replace("TREE", &tree).replace("PARENT", &parent);
    let text = format!("{head}\n\nfeat(app): damaged [TASK-001]\n");
    let mut write = repo.command("git", repo.folder());
    let write = write.args([
        "hash-object",
        "-t",
        "commit",
        "-w",
        "--stdin",
        "--literally",
    ]);
    let id = repo.run(write, text.as_bytes()).ok().stdout;
    let id = id.trim().to_owned();
    // Git puts a branch on nothing that it cannot read.
    std::fs::write(
        repo.folder().join(".git/refs/heads").join(branch),
        format!("{id}\n"),
    )
    .unwrap();
    id
}

/// Returns the row of a commit in an audit of all branches, which has the sound one, too.
fn row(repo: &Repo, id: &str) -> Value {
    let said = repo.pdd(&["audit", "--all", "--format", "json"]).ok();
    let report: Value = serde_json::from_str(&said.stdout).unwrap();
    let find = |id: &str| {
        let mut rows = report["commits"].as_array().unwrap().iter();
        rows.find(|row| row["commit"] == id).cloned().unwrap()
    };
    let main = find(&repo.ask(&["rev-parse", "main"]));
    assert_eq!(main["tree"], *repo.ask(&["rev-parse", "main^{tree}"]));
    assert_eq!(main["subject"], "feat(app): one step [TASK-001]");
    find(id)
}

#[test]
fn a_commit_that_breaks_git_s_form_has_its_row_and_the_rest_is_reported() {
    let ann = json!({ "name": "Ann Example", "email": "ann@example.org" });
    let time = json!("2026-01-15T10:00:00+01:00");
    let dated = |date: &str| AUTHOR.replace("1768467600 +0100", date);
    let undated = "the author's date cannot be read";
    for (name, head, author, time, notes) in [
        (
            "word",
            vec!["tree TREE", "parent PARENT", &dated("abc +0100"), COMMITTER],
            &ann,
            &Value::Null,
            vec![undated],
        ),
        (
            "long",
            vec![
                "tree TREE",
                "parent PARENT",
                &dated("12345678901234567890 +0100"),
                COMMITTER,
            ],
            &ann,
            &Value::Null,
            vec![undated],
        ),
        (
            "none",
            vec!["tree TREE", "parent PARENT", &dated(""), COMMITTER],
            &ann,
            &Value::Null,
            vec![undated],
        ),
        (
            "nobody",
            vec!["tree TREE", "parent PARENT", COMMITTER],
            &Value::Null,
            &Value::Null,
            vec!["it names no author"],
        ),
        (
            "uncommitted",
            vec!["tree TREE", "parent PARENT", AUTHOR],
            &ann,
            &time,
            vec!["it names no committer"],
        ),
        (
            "twice",
            vec!["tree TREE", "tree TREE", "parent PARENT", AUTHOR, COMMITTER],
            &ann,
            &time,
            vec![
                "it names more than one tree",
                "a parent stands where git does not look for one",
            ],
        ),
        (
            "astray",
            vec!["tree TREE", AUTHOR, "parent PARENT", COMMITTER],
            &ann,
            &time,
            vec!["a parent stands where git does not look for one"],
        ),
    ] {
        let repo = sound();
        let id = damage(&repo, name, &head);
        let row = row(&repo, &id);
        assert_eq!(row["tree"], *repo.ask(&["rev-parse", "main~1^{tree}"]));
        assert_eq!((&row["author"], &row["time"]), (author, time), "{name}");
        assert_eq!(row["subject"], "feat(app): damaged [TASK-001]", "{name}");
        let said = row["notes"].as_array().unwrap();
        for note in notes {
            assert!(said.contains(&json!(note)), "{name}: {said:?}");
        }
        let parents = repo.ask(&["log", "-1", "--format=%P", &id]);
        let told = row["parents"].as_array().unwrap();
        let told: Vec<&str> = told.iter().filter_map(Value::as_str).collect();
        assert_eq!(told.join(" "), parents, "{name}: as git reads them");
        for form in super::FORMS {
            let _ = repo.pdd(&["audit", "--all", "--format", form]).ok();
        }
    }
}

#[test]
fn a_date_beyond_any_calendar_is_not_known() {
    let repo = sound();
    let author = AUTHOR.replace("1768467600", "999999999999999999");
    let head = ["tree TREE", "parent PARENT", &author, COMMITTER];
    let id = damage(&repo, "beyond", &head);
    assert_eq!(row(&repo, &id)["time"], Value::Null);
    for form in super::FORMS {
        let _ = repo.pdd(&["audit", "--all", "--format", form]).ok();
    }
}
