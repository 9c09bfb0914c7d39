//! From blocks to tasks.

use std::ops::Range;

use super::{Checkpoint, Form, Mark, Point, Status, Task};
use crate::id::TaskId;
use crate::workflow::fields::{Field, field, fields};
use crate::workflow::ids::is_of_id;
use crate::workflow::outline::{Block, Heading, Item, Lines, blocks};

/// The fields of names.
const LISTED: [&str; 4] = ["dependencies", "depends on", "contract", "contracts"];

/// Reads the tasks of a document, in its order; `is_id` says what is an id.
///
/// A task that is a heading reaches to the next task, the next heading that says a status, or the next of its level or
/// above that is none of its checkpoints.
pub fn tasks(text: &str, is_id: &dyn Fn(&str) -> bool) -> Vec<Task> {
    let mut reader = Reader {
        text,
        lines: Lines::of(text),
        is_id,
        section: None,
        open: None,
        found: Vec::new(),
    };
    for block in blocks(text) {
        reader.take(&block);
    }
    reader.close(text.len());
    reader.found
}

struct Reader<'t> {
    text: &'t str,
    lines: Lines<'t>,
    is_id: &'t dyn Fn(&str) -> bool,
    section: Option<Status>,
    /// The task whose heading came last.
    open: Option<Open>,
    found: Vec<Task>,
}

struct Open {
    task: Task,
    level: u8,
    /// What the heading below the task's says of the boxes that come.
    part: Part,
}

/// What boxes belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Criteria,
    /// The task's last checkpoint.
    Checkpoint,
    None,
}

impl Reader<'_> {
    fn take(&mut self, block: &Block) {
        match block {
            Block::Heading(heading) => self.heading(heading),
            Block::Item(item) => self.item(item),
            Block::Paragraph(bytes) => {
                if let Some(open) = &mut self.open {
                    open.task.fields.extend(fields(self.text, bytes.clone()));
                }
            }
            Block::Other(_) => {}
        }
    }

    fn heading(&mut self, heading: &Heading) {
        let said = &self.text[heading.text.clone()];
        if let Some((id, title)) = title(said, self.is_id) {
            self.close(heading.bytes.start);
            let form = Form::Heading(heading.level);
            let task = self.begin(id, title, form, heading.bytes.clone());
            self.open = Some(Open {
                task,
                level: heading.level,
                part: Part::None,
            });
            return;
        }
        if let Some(status) = Status::read(said) {
            self.close(heading.bytes.start);
            self.section = Some(status);
            return;
        }
        let (name, mark) = marked(said);
        let part = part(name);
        match &mut self.open {
            Some(open) if part == Part::Checkpoint => {
                open.task.checkpoints.push(Checkpoint {
                    name: name.to_owned(),
                    at: heading.bytes.start,
                    mark,
                    points: Vec::new(),
                });
                open.part = part;
            }
            Some(open) if part == Part::Criteria => open.part = part,
            Some(open) if heading.level > open.level || is_of_checkpoints(name) => {
                open.part = Part::None;
            }
            _ => {
                self.close(heading.bytes.start);
                self.section = None;
            }
        }
    }

    fn item(&mut self, item: &Item) {
        let said = &self.text[item.text.clone()];
        if let Some(open) = &mut self.open {
            let part = open.part;
            add(self.text, item, part, &mut open.task);
        } else if item.check.is_some() || said.starts_with("**") {
            let Some((id, title)) = title(said, self.is_id) else {
                return;
            };
            let form = Form::Item(item.check);
            let mut task = self.begin(id, title, form, item.bytes.clone());
            for below in &item.items {
                add(self.text, below, Part::None, &mut task);
            }
            self.found.push(task);
        }
    }

    fn begin(&mut self, id: TaskId, title: String, form: Form, bytes: Range<usize>) -> Task {
        Task {
            id,
            title,
            form,
            line: self.lines.at(bytes.start),
            bytes,
            section: self.section,
            fields: Vec::new(),
            criteria: Vec::new(),
            checkpoints: Vec::new(),
        }
    }

    fn close(&mut self, end: usize) {
        if let Some(Open { mut task, .. }) = self.open.take() {
            task.bytes.end = end;
            self.found.push(task);
        }
    }
}

/// Adds what an item says to a task.
fn add(text: &str, item: &Item, belongs: Part, task: &mut Task) {
    let said = &text[item.text.clone()];
    if item.check.is_some() {
        let read = points(std::slice::from_ref(item));
        match (belongs, task.checkpoints.last_mut()) {
            (Part::Criteria, _) => task.criteria.extend(read),
            (Part::Checkpoint, Some(last)) => last.points.extend(read),
            _ => {}
        }
        return;
    }
    let field = field(text, item.text.clone()).map(|field| listed(field, item));
    let (name, mark) = match &field {
        // A checkpoint may be written as one.
        Some(field) => {
            let (_, mark) = marked(&text[field.value.clone()]);
            (field.name.as_str(), mark)
        }
        None => marked(said),
    };
    let part = part(name);
    match part {
        Part::Criteria => task.criteria.extend(points(&item.items)),
        Part::Checkpoint => task.checkpoints.push(Checkpoint {
            name: name.to_owned(),
            at: item.bytes.start,
            mark,
            points: points(&item.items),
        }),
        Part::None => match (belongs, task.checkpoints.last_mut()) {
            (Part::Criteria, _) => {
                let own = field.is_none().then(|| point(item));
                task.criteria
                    .extend(own.into_iter().chain(boxes(&item.items)));
            }
            (Part::Checkpoint, Some(last)) => last.points.extend(boxes(&item.items)),
            _ => {}
        },
    }
    let is_field = part != Part::Checkpoint;
    task.fields.extend(field.filter(|_| is_field));
    if part == Part::None {
        // What stands below a heading of checkpoints in an item.
        let nested = item.items.iter().filter(|below| below.check.is_none());
        for below in nested.filter(|below| is_checkpoint_item(text, below)) {
            add(text, below, Part::None, task);
        }
    }
}

fn is_checkpoint_item(text: &str, item: &Item) -> bool {
    let (name, _) = marked(&text[item.text.clone()]);
    part(name) == Part::Checkpoint
}

/// A field of names may have them in a list below it.
fn listed(field: Field, item: &Item) -> Field {
    let (first, last) = match (item.items.first(), item.items.last()) {
        (Some(first), Some(last)) if LISTED.contains(&field.name.as_str()) => (first, last),
        _ => return field,
    };
    let start = match field.value.is_empty() {
        true => first.text.start,
        false => field.value.start,
    };
    let value = start..last.bytes.end.max(start);
    Field { value, ..field }
}

/// Reads the points of a list, and the boxes of the lists in it.
fn points(items: &[Item]) -> Vec<Point> {
    let mut found = Vec::new();
    for item in items {
        found.push(point(item));
        found.extend(boxes(&item.items));
    }
    found
}

/// Reads the items with a box, however deep they stand.
fn boxes(items: &[Item]) -> Vec<Point> {
    let mut found = Vec::new();
    for item in items {
        found.extend(item.check.map(|_| point(item)));
        found.extend(boxes(&item.items));
    }
    found
}

fn point(item: &Item) -> Point {
    Point {
        text: item.text.clone(),
        check: item.check,
    }
}

/// Reads `TASK-007: Title`, `[TASK-007] - Title` or `**[TASK-007]** - Title`; a mark behind the title is no part of it.
fn title(said: &str, is_id: &dyn Fn(&str) -> bool) -> Option<(TaskId, String)> {
    let (said, _) = signed(said);
    let open = said.trim_start_matches(['*', '_', '`', '[']);
    let end = open.find(|letter| !is_of_id(letter)).unwrap_or(open.len());
    let (id, rest) = open.split_at(end);
    if !is_id(id) {
        return None;
    }
    let is_enclosed = open.len() < said.len();
    let rest = rest.trim_start_matches(['*', '_', '`', ']']).trim_start();
    let bare = rest.trim_start_matches([':', '-', '–', '—', '*', '_', ' ']);
    let is_title = is_enclosed || rest.is_empty() || bare.len() < rest.len();
    is_title.then(|| (TaskId::new(id), bare.trim_end().to_owned()))
}

/// Splits off the mark behind a name, and what makes the name bold.
pub(super) fn marked(said: &str) -> (&str, Option<Mark>) {
    let (name, mark) = signed(said);
    (name.trim_matches('*').trim_end_matches(':').trim(), mark)
}

/// Splits off the mark behind a text.
fn signed(said: &str) -> (&str, Option<Mark>) {
    // The sign may be followed by the selector that asks for its picture.
    let said = said.trim().trim_end_matches('\u{fe0f}');
    for (sign, mark) in [('✅', Mark::Done), ('❌', Mark::Open)] {
        if let Some(name) = said.strip_suffix(sign) {
            return (name.trim(), Some(mark));
        }
    }
    (said.trim(), None)
}

/// What boxes below something of this name are.
pub(super) fn part(name: &str) -> Part {
    let name = name.to_lowercase();
    if name == "acceptance criteria" || name == "criteria" {
        return Part::Criteria;
    }
    let is_validation = name.ends_with("context validation") || name == "all validations";
    match is_validation && name.len() > "context validation".len() || name == "all validations" {
        true => Part::Checkpoint,
        false => Part::None,
    }
}

/// Whether a heading holds the checkpoints of a task, of whatever level it is.
fn is_of_checkpoints(name: &str) -> bool {
    let name = name.to_lowercase();
    name.starts_with("context checkpoints")
}
