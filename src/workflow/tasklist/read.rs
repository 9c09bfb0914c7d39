//! From blocks to tasks.

use std::ops::Range;

use super::{Checkpoint, Form, Mark, Point, Status, Task};
use crate::id::TaskId;
use crate::workflow::fields::{Field, field, fields};
use crate::workflow::ids::is_of_id;
use crate::workflow::outline::{Block, Heading, Item, Lines, blocks};

/// The fields whose value is a list of names: one that has none on its line may have them in a list below it.
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
    /// What the heading or the label below the task's says of the boxes that come.
    part: Part,
    /// Whether a field of names has just begun on a line of its own.
    is_listing: bool,
}

impl Open {
    /// Begins a part of the task; says whether this is the name of one.
    fn begin(&mut self, name: &str, mark: Option<Mark>, at: usize) -> bool {
        let part = part(name);
        if part == Part::Checkpoint {
            self.task.checkpoints.push(Checkpoint {
                name: name.to_owned(),
                at,
                mark,
                points: Vec::new(),
            });
        }
        if part != Part::None {
            self.part = part;
        }
        part != Part::None
    }
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
                let (text, Some(open)) = (self.text, &mut self.open) else {
                    return;
                };
                open.task.fields.extend(fields(text, bytes.clone()));
                let last = last_line(text, bytes);
                let (name, mark) = named(text, &last);
                let is_part = open.begin(&name, mark, last.start);
                let field = open.task.fields.last().filter(|_| !is_part);
                open.is_listing = field.is_some_and(|field| {
                    field.value == (last.end..last.end) && LISTED.contains(&field.name.as_str())
                });
            }
            Block::Other(_) => {}
        }
    }

    fn heading(&mut self, heading: &Heading) {
        let said = &self.text[heading.text.clone()];
        if let Some(open) = &mut self.open {
            open.is_listing = false;
        }
        if let Some((id, title)) = title(said, self.is_id) {
            self.close(heading.bytes.start);
            let form = Form::Heading(heading.level);
            let task = self.begin(id, title, form, heading.bytes.clone());
            self.open = Some(Open {
                task,
                level: heading.level,
                part: Part::None,
                is_listing: false,
            });
            return;
        }
        if let Some(status) = Status::read(said) {
            self.close(heading.bytes.start);
            self.section = Some(status);
            return;
        }
        let (name, mark) = marked(said);
        let begin = |open: &mut Open| open.begin(name, mark, heading.bytes.start);
        if self.open.as_mut().is_some_and(begin) {
            return;
        }
        match &mut self.open {
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
            open.is_listing &= item.check.is_none() && !said.starts_with("**");
            if let (true, Some(field)) = (open.is_listing, open.task.fields.last_mut()) {
                extend(field, item.text.start, item.bytes.end);
                return;
            }
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
    let (name, mark) = named(text, &item.text);
    let part = part(&name);
    match part {
        Part::Criteria => task.criteria.extend(points(&item.items)),
        Part::Checkpoint => task.checkpoints.push(Checkpoint {
            name,
            at: item.bytes.start,
            mark,
            points: points(&item.items),
        }),
        Part::None => match (belongs, task.checkpoints.last_mut()) {
            (Part::Criteria, _) => {
                let own = field.is_none().then(|| point(item));
                task.criteria.extend(own);
                boxes(&item.items, &mut task.criteria);
            }
            (Part::Checkpoint, Some(last)) => boxes(&item.items, &mut last.points),
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
fn listed(mut field: Field, item: &Item) -> Field {
    if LISTED.contains(&field.name.as_str()) {
        for below in &item.items {
            extend(&mut field, below.text.start, below.bytes.end);
        }
    }
    field
}

/// Takes what stands between two bytes into a field's value.
fn extend(field: &mut Field, start: usize, end: usize) {
    if field.value.is_empty() {
        field.value = start..start;
    }
    field.value.end = end.max(start);
}

/// Reads what names an item or a line: as a field, as which a checkpoint may be written, or as it stands; with the mark.
pub(super) fn named(text: &str, bytes: &Range<usize>) -> (String, Option<Mark>) {
    if let Some(field) = field(text, bytes.clone()) {
        let (_, mark) = marked(&text[field.value]);
        return (field.name, mark);
    }
    let (name, mark) = marked(&text[bytes.clone()]);
    (name.to_owned(), mark)
}

/// The last line of a paragraph, without blanks around it.
pub(super) fn last_line(text: &str, bytes: &Range<usize>) -> Range<usize> {
    let said = text[bytes.clone()].trim_end();
    let line = said.rsplit('\n').next().unwrap_or(said);
    let end = bytes.start + said.len();
    end - line.trim_start().len()..end
}

/// Reads the points of a list, and the boxes of the lists in it.
fn points(items: &[Item]) -> Vec<Point> {
    let mut found = Vec::new();
    for item in items {
        found.push(point(item));
        boxes(&item.items, &mut found);
    }
    found
}

/// Reads the items with a box, however deep they stand.
fn boxes(items: &[Item], found: &mut Vec<Point>) {
    for item in items {
        found.extend(item.check.map(|_| point(item)));
        boxes(&item.items, found);
    }
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
