//! Lists in lists, and values as people write them.

use super::*;

fn is_id(word: &str) -> bool {
    word.starts_with("TASK-")
}

#[test]
fn what_stands_in_a_nested_list_counts() {
    let text = "### TASK-1: One\n- **Dependencies**:\n  - TASK-8 (the index)\n  - TASK-9\n- **Contract**:\n  - [search](docs/a.md#search)\n  - `docs/b.md` (the words, the order)\n- **Acceptance Criteria**:\n  - [x] finds\n    - [ ] by word\n    - as fast as ever\n  - by date\n    - [ ] and time\n\n#### PM Context Validation\n- [x] read\n  - [ ] the guide\n- Sources\n  - [ ] the specification\n- **Notes**:\n  - [ ] written\n";
    let found = tasks(text, &is_id);
    let [task] = &found[..] else {
        panic!("{found:?}")
    };
    let names = task.dependencies(text, &is_id);
    assert_eq!(names, ["TASK-8", "TASK-9"].map(TaskId::new));
    let named = contracts(text, &task.id, &is_id);
    let paths: Vec<&str> = named.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["docs/a.md", "docs/b.md"]);
    let said = |points: &[Point]| -> Vec<(Option<bool>, String)> {
        let one = |point: &Point| {
            let check = point.check.map(|it| it.is_ticked);
            (check, text[point.text.clone()].to_owned())
        };
        points.iter().map(one).collect()
    };
    let point = |check: Option<bool>, said: &str| (check, said.to_owned());
    assert_eq!(
        said(&task.criteria),
        [
            point(Some(true), "finds"),
            point(Some(false), "by word"),
            point(None, "by date"),
            point(Some(false), "and time")
        ]
    );
    assert_eq!(
        said(&task.checkpoints[0].points),
        [
            point(Some(true), "read"),
            point(Some(false), "the guide"),
            point(Some(false), "the specification"),
            point(Some(false), "written")
        ]
    );
}

#[test]
fn a_contract_is_read_as_people_write_it() {
    for (said, paths) in [
        ("docs/a.md, `docs/b.md`", &["docs/a.md", "docs/b.md"][..]),
        ("`docs/a.md` (search; index)", &["docs/a.md"]),
        ("[a](./docs/a.md#words)", &["docs/a.md"]),
        ("docs/C#.md", &["docs/C#.md"]),
        ("None", &[]),
        ("None (one component)", &[]),
        ("N/A", &[]),
        ("-", &[]),
    ] {
        let text = format!("### TASK-1: One\n- **Contract**: {said}\n");
        let named = contracts(&text, &TaskId::new("TASK-1"), &is_id);
        let named: Vec<&str> = named.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(named, paths, "{said}");
    }
}

#[test]
fn lists_may_be_as_deep_as_they_like() {
    let text = format!(
        "### TASK-1: One\n- **Acceptance Criteria**:\n  {}[ ] deep\n",
        "- ".repeat(5_000)
    );
    let found = tasks(&text, &is_id);
    assert!(found[0].criteria.iter().any(Point::is_open));
}

#[test]
fn a_part_may_have_a_label_in_place_of_a_heading() {
    let text = "### TASK-1: One\n\n**Status**: PENDING\n**Dependencies**:\n\n- TASK-8: the index (of words\n- TASK-9\n\n**Acceptance Criteria**:\n\n- [ ] finds\n\n**PM Context Validation** ❌\n\n- [x] read\n\n**QA Context Validation**: ❌\n- [ ] tried\n";
    let found = tasks(text, &is_id);
    let task = &found[0];
    assert_eq!(task.standing(text), Some(Status::Pending));
    let names = task.dependencies(text, &is_id);
    assert_eq!(names, ["TASK-8", "TASK-9"].map(TaskId::new));
    assert_eq!(task.criteria.len(), 1);
    let seen: Vec<_> = task
        .checkpoints
        .iter()
        .map(|it| (it.mark, it.points.len()))
        .collect();
    assert_eq!(seen, [(Some(Mark::Open), 1), (Some(Mark::Open), 1)]);
    // Whose it is follows.
    let kept = |out: Share| {
        let is_out = |share: &Share| *share == out;
        let lines = without(text, task, &is_out).into_iter();
        lines.map(|(_, said)| said).collect::<Vec<_>>().join("|")
    };
    assert!(!kept(Share::Criteria).contains("finds"));
    assert!(!kept(Share::Checkpoint("PM Context Validation".into())).contains("read"));
    assert!(kept(Share::Criteria).contains("tried"));
}
