use proptest::prelude::*;

use super::*;
use crate::workflow::edit::{Edit, apply};

fn is_id(word: &str) -> bool {
    let Some((name, number)) = word.split_once('-') else {
        return false;
    };
    name.bytes().all(|byte| byte.is_ascii_uppercase())
        && number.starts_with(|first: char| first.is_ascii_digit())
}

/// What the reader sees of each task: its line, then what belongs to it.
fn seen(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for task in tasks(text, &is_id) {
        let section = task.section.map_or("-", Status::name);
        out.push(format!(
            "{} {} {section} | {}",
            task.line, task.id, task.title
        ));
        for field in &task.fields {
            out.push(format!("  {}={}", field.name, &text[field.value.clone()]));
        }
        let points = |points: &[Point]| {
            let boxes = points.iter().map(|point| match point.check {
                Some(check) if check.is_ticked => 'x',
                Some(_) => '.',
                None => '-',
            });
            boxes.collect::<String>()
        };
        if !task.criteria.is_empty() {
            out.push(format!("  criteria {}", points(&task.criteria)));
        }
        for checkpoint in &task.checkpoints {
            let mark = checkpoint
                .mark
                .map_or(String::new(), |mark| format!(" {mark:?}"));
            out.push(format!(
                "  {}{mark} {}",
                checkpoint.name,
                points(&checkpoint.points)
            ));
        }
    }
    out
}

/// A task of each form, with all that one can hold.
const HEADINGS: &str = "\
# Tasklist

### TASK-000 is an example

## Active

### IN_PROGRESS

### TASK-007: Search for *words* ✅

- **Status**: IN_PROGRESS
- **Priority**: HIGH
- **Dependencies**: TASK-005 (Schema - COMPLETED)
- **Acceptance Criteria**:
  - [x] many fields (title, content)
  - [ ] ranks: by relevance
- **Technical Notes**: words
  that go on

#### Context Checkpoints

##### PM Context Validation ✅

- [x] looked: found a library
- [x] listed

##### DEV Context Validation ❌
- [ ] ready

- **Estimated Time**: 2 days

```
### TASK-900: in code
- **Status**: COMPLETED
```

> ### TASK-901: quoted

---

### PENDING

### [TASK-008] - Speed
- **Status**: PENDING

## Notes

- **Status**: of nothing
";

const ITEMS: &str = "\
# Tasklist

## PENDING

- [ ] **[TASK-009]** - Speed: more of it
\t- **Status**: PENDING
\t- **Priority**: P0 (Critical)
\t- **Dependencies**: [TASK-007], [TASK-008]
\t- **Acceptance Criteria**:
\t\t- [ ] fast
\t- **PM Context Validation** ✅
\t\t- [x] looked
- [x] **[BUG-1]** - Fault
  - **Status**: COMPLETED
- [ ] something else
- **[TASK-010]** - Without a box
";

#[test]
fn tasks_that_are_headings_are_read_with_all_that_belongs_to_them() {
    let expected = [
        "9 TASK-007 IN_PROGRESS | Search for *words*",
        "  status=IN_PROGRESS",
        "  priority=HIGH",
        "  dependencies=TASK-005 (Schema - COMPLETED)",
        "  acceptance criteria=",
        "  technical notes=words\n  that go on",
        "  estimated time=2 days",
        "  criteria x.",
        "  PM Context Validation Done xx",
        "  DEV Context Validation Open .",
        "43 TASK-008 PENDING | Speed",
        "  status=PENDING",
    ];
    assert_eq!(seen(HEADINGS), expected);
}

#[test]
fn tasks_that_are_items_are_read_with_all_that_is_in_them() {
    let expected = [
        "5 TASK-009 PENDING | Speed: more of it",
        "  status=PENDING",
        "  priority=P0 (Critical)",
        "  dependencies=[TASK-007], [TASK-008]",
        "  acceptance criteria=",
        "  criteria .",
        "  PM Context Validation Done x",
        "13 BUG-1 PENDING | Fault",
        "  status=COMPLETED",
        "16 TASK-010 PENDING | Without a box",
    ];
    assert_eq!(seen(ITEMS), expected);
}

#[test]
fn line_ends_of_windows_and_a_byte_order_mark_change_nothing() {
    for text in [HEADINGS, ITEMS] {
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        let folded: Vec<String> = seen(&windows)
            .iter()
            .map(|line| line.replace('\r', ""))
            .collect();
        assert_eq!(folded, seen(text));
    }
}

#[test]
fn a_type_is_read_in_either_form_and_from_no_other_task() {
    let text = "\
# Tasklist
## IN_PROGRESS
### TASK-007: Search
- **Status**: IN_PROGRESS
- **Type**: Refactor
### TASK-008: Rank, after TASK-007
- **Priority**: HIGH
```
- **Type**: chore
```
## PENDING
- [ ] **[TASK-009]** - Speed
  - **Type**: `perf`
- [ ] **[TASK-010]** - More
";
    let of = |task: &str| kind_of(text, &TaskId::new(task), &is_id);
    assert_eq!(of("TASK-007").as_deref(), Some("refactor"));
    assert_eq!(of("TASK-008"), None);
    assert_eq!(of("TASK-009").as_deref(), Some("perf"));
    assert_eq!(of("TASK-010"), None);
    assert_eq!(of("TASK-00"), None);
}

#[test]
fn what_is_open_is_told_from_what_is_done() {
    let tasks = tasks(HEADINGS, &is_id);
    let [search, speed] = &tasks[..] else {
        panic!("{tasks:?}");
    };
    assert_eq!(
        search.open_checkpoint().unwrap().name,
        "DEV Context Validation"
    );
    assert_eq!(search.open_checkpoint().unwrap().line(HEADINGS), 27);
    assert_eq!(speed.open_checkpoint(), None);
    assert_eq!(search.status(HEADINGS), Some(Ok(Status::InProgress)));
    let dependencies = search.dependencies(HEADINGS, &is_id);
    assert_eq!(dependencies, [TaskId::new("TASK-005")]);
}

/// The document after changes.
fn after(text: &str, id: &str, change: impl Fn(&Task) -> Vec<Edit>) -> String {
    let tasks = tasks(text, &is_id);
    let task = tasks.iter().find(|task| task.id.as_str() == id).unwrap();
    apply(text, change(task))
}

/// What differs, line by line: `-3 old`, `+3 new`, by the line of the old text.
fn differs(old: &str, new: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let same = old
        .iter()
        .zip(&new)
        .take_while(|(one, other)| one == other)
        .count();
    let rest = (old[same..].iter().rev()).zip(new[same..].iter().rev());
    let tail = rest.take_while(|(one, other)| one == other).count();
    let gone = old[same..old.len() - tail]
        .iter()
        .map(|line| format!("-{line}"));
    let came = new[same..new.len() - tail]
        .iter()
        .map(|line| format!("+{line}"));
    gone.chain(came).collect()
}

#[test]
fn a_field_is_said_anew_or_on_a_line_of_its_own() {
    let set = |text: &'static str, id: &str, name: &str, value: &str| {
        let new = after(text, id, |task| {
            vec![write::set(text, task, name, value, &["status"])]
        });
        differs(text, &new)
    };
    assert_eq!(
        set(HEADINGS, "TASK-007", "Status", "BLOCKED"),
        ["-- **Status**: IN_PROGRESS", "+- **Status**: BLOCKED"]
    );
    assert_eq!(
        set(HEADINGS, "TASK-007", "Owner", "QA"),
        ["+- **Owner**: QA"]
    );
    assert_eq!(
        set(ITEMS, "TASK-009", "Owner", "QA"),
        ["+\t- **Owner**: QA"]
    );
    assert_eq!(
        set(ITEMS, "TASK-010", "Status", "PENDING"),
        ["+  - **Status**: PENDING"]
    );
    let bare = "### TASK-1: Bare";
    assert_eq!(
        set(bare, "TASK-1", "Status", "PENDING"),
        ["+", "+- **Status**: PENDING"]
    );
}

#[test]
fn a_box_is_ticked_and_a_task_goes_and_nothing_else() {
    let new = after(HEADINGS, "TASK-007", |task| {
        task.criteria.iter().filter_map(write::tick).collect()
    });
    assert_eq!(
        differs(HEADINGS, &new),
        [
            "-  - [ ] ranks: by relevance",
            "+  - [x] ranks: by relevance"
        ]
    );
    let new = after(ITEMS, "BUG-1", |task| vec![write::remove(ITEMS, task)]);
    assert_eq!(
        differs(ITEMS, &new),
        ["-- [x] **[BUG-1]** - Fault", "-  - **Status**: COMPLETED"]
    );
}

#[test]
fn a_task_moves_to_the_section_of_its_status() {
    let text = "# T\n\n## IN_PROGRESS\n\n### TASK-1: One\n- **Status**: PENDING\n\n## PENDING\n\n### TASK-2: Two\n- **Status**: PENDING\n\n### TASK-3: Three\n- **Status**: PENDING\n";
    let id = TaskId::new("TASK-2");
    let moved = apply(
        text,
        write::into_section(text, &id, Status::InProgress, &is_id),
    );
    let expected = "# T\n\n## IN_PROGRESS\n\n### TASK-1: One\n- **Status**: PENDING\n\n### TASK-2: Two\n- **Status**: PENDING\n\n## PENDING\n\n### TASK-3: Three\n- **Status**: PENDING\n";
    assert_eq!(moved, expected);
    assert_eq!(
        write::into_section(&moved, &id, Status::InProgress, &is_id),
        []
    );
    // Where there is no such section it stays.
    assert_eq!(write::into_section(text, &id, Status::Blocked, &is_id), []);
    let empty = "# T\n\n## IN_PROGRESS\n\n## PENDING\n";
    let new = "### TASK-4: Four\n- **Status**: IN_PROGRESS\n";
    let added = apply(
        empty,
        vec![write::add(empty, new, Status::InProgress, &is_id)],
    );
    assert_eq!(
        added,
        format!("# T\n\n## IN_PROGRESS\n\n{new}\n## PENDING\n")
    );
    let added = apply(
        &added,
        vec![write::add(
            &added,
            "### TASK-5: Five\n",
            Status::Pending,
            &is_id,
        )],
    );
    assert!(
        added.ends_with("## PENDING\n\n### TASK-5: Five\n"),
        "{added}"
    );
}

proptest! {
    /// Whatever a document holds: reading ends, the bytes of tasks are theirs, and a box that is ticked is read as ticked.
    #[test]
    fn any_document_is_read_and_only_the_box_changes(
        parts in proptest::collection::vec(part(), 0..12),
        windows: bool,
    ) {
        let text = parts.concat();
        let text = if windows { text.replace('\n', "\r\n") } else { text };
        let before = tasks(&text, &is_id);
        for (place, task) in before.iter().enumerate() {
            prop_assert!(text.get(task.bytes.clone()).is_some());
            for edit in task.criteria.iter().filter_map(write::tick) {
                let after = apply(&text, vec![edit]);
                prop_assert_eq!(after.len(), text.len());
                let open = |task: &Task| task.criteria.iter().filter(|point| point.is_open()).count();
                let now = tasks(&after, &is_id);
                prop_assert_eq!(open(&now[place]) + 1, open(task));
            }
            let step = steps::Step { text: &text, task: &task.id, is_id: &is_id };
            let Some(after) = step.to(Status::Blocked, &[]) else { continue };
            let now = tasks(&after, &is_id);
            prop_assert_eq!(now.len(), before.len());
            prop_assert!(now.iter().any(|it| it.id == task.id));
        }
    }
}

/// What documents are made of.
fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("# Tasklist\n\n".to_owned()),
        Just("## PENDING\n".to_owned()),
        "### TASK-[0-9]{1,2}: [a-z🚀 ]{0,9}\n",
        "- \\[[ x]\\] \\*\\*\\[TASK-[0-9]\\]\\*\\* - [a-z]{0,5}\n",
        "[ \t]{0,4}- \\*\\*(Status|Acceptance Criteria|Notes)\\*\\*: ?[A-Z]{0,8}\n",
        "[ \t]{0,6}- \\[[ xX]\\] [a-z`*]{0,9}\n",
        "#### (PM Context Validation ✅|Acceptance Criteria|Notes)\n",
        "```\n.{0,9}\n```\n",
        "[ \t]{0,4}.{0,12}\n",
        Just("\n".to_owned()),
        Just("---\n".to_owned()),
    ]
}
