//! What of a task is whose: the parts that a persona may change, taken out, so that the rest can be compared. A task is
//! compared both by its lines, for what no reader looks at, and as a reader gets it, since a blank before or above a line
//! may take it from its task.

use std::ops::Range;

use super::read::{Part, last_line, marked, named, part};
use super::{Form, Mark, Point, Task};
use crate::workflow::fields::field;
use crate::workflow::outline::{Block, Item, blocks, line_end, line_start};

/// A part of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Share {
    /// A field, by its name in lower case.
    Field(String),
    /// Its acceptance criteria.
    Criteria,
    /// A context checkpoint, by its name as written: `QA Context Validation`.
    Checkpoint(String),
}

/// Lists the lines of a task that say something, without those of the parts that `is_out` picks; each with its number,
/// counted from 1.
pub fn without<'t>(
    text: &'t str,
    task: &Task,
    is_out: &dyn Fn(&Share) -> bool,
) -> Vec<(u32, &'t str)> {
    let shares = shares(text, task);
    let out: Vec<&Range<usize>> = shares
        .iter()
        .filter(|(share, _)| is_out(share))
        .map(|(_, bytes)| bytes)
        .collect();
    lines(text, &task.bytes, &|at| {
        out.iter().any(|bytes| bytes.contains(&at))
    })
}

/// Lists what a reader gets of a task, a line each, without the parts that `is_out` picks.
pub fn as_read(text: &str, task: &Task, is_out: &dyn Fn(&Share) -> bool) -> Vec<String> {
    let is_kept = |share: Share| !is_out(&share);
    let form = match task.form {
        Form::Heading(level) => format!("heading {level}"),
        Form::Item(_) => "item".to_owned(),
    };
    let mut read = vec![format!("{form} {}: {}", task.id, task.title)];
    if is_kept(Share::Field("status".into())) {
        let ticked = matches!(task.form, Form::Item(Some(check)) if check.is_ticked);
        let (standing, section) = (task.standing(text), task.section);
        read.push(format!("{standing:?} below {section:?}, {ticked}"));
    }
    let fields = task.fields.iter();
    let fields = fields
        .filter(|field| is_kept(of_name(&field.name).unwrap_or(Share::Field(field.name.clone()))));
    read.extend(fields.map(|field| format!("{}: {}", field.name, &text[field.value.clone()])));
    let points = |points: &[Point]| -> Vec<String> {
        let one = |point: &Point| {
            format!(
                "{:?} {}",
                point.check.map(|it| it.is_ticked),
                &text[point.text.clone()]
            )
        };
        points.iter().map(one).collect()
    };
    if is_kept(Share::Criteria) {
        read.extend(points(&task.criteria));
    }
    for checkpoint in &task.checkpoints {
        if is_kept(Share::Checkpoint(checkpoint.name.clone())) {
            let is_done = checkpoint.mark.map(|mark| mark == Mark::Done);
            read.push(format!("{} {is_done:?}", checkpoint.name));
            read.extend(points(&checkpoint.points));
        }
    }
    read
}

/// Lists the lines of a document that say something, without these tasks; each with its number, counted from 1.
pub fn outside<'t>(text: &'t str, tasks: &[&Task]) -> Vec<(u32, &'t str)> {
    lines(text, &(0..text.len()), &|at| {
        tasks.iter().any(|task| task.bytes.contains(&at))
    })
}

/// Lists the lines between two bytes that say something and whose first byte is not taken out.
fn lines<'t>(
    text: &'t str,
    bytes: &Range<usize>,
    is_out: &dyn Fn(usize) -> bool,
) -> Vec<(u32, &'t str)> {
    let mut found = Vec::new();
    let mut at = bytes.start;
    let mut number = crate::workflow::outline::line_of(text, at);
    for line in text[bytes.clone()].split_inclusive('\n') {
        let said = line.trim_end();
        if !said.is_empty() && !is_out(at) {
            found.push((number, said));
        }
        at += line.len();
        number = number.saturating_add(1);
    }
    found
}

/// Lists the parts of a task, each with the whole lines that it takes.
fn shares(text: &str, task: &Task) -> Vec<(Share, Range<usize>)> {
    let mut found = Vec::new();
    // What the heading below the task's says of the items that come.
    let mut below: Option<Share> = None;
    for block in blocks(text) {
        if !task.bytes.contains(&block.start()) {
            continue;
        }
        match block {
            Block::Heading(heading) => {
                let (name, _) = marked(&text[heading.text.clone()]);
                below = of_name(name);
                if let Some(share) = &below {
                    found.push((share.clone(), heading.bytes));
                }
            }
            Block::Item(item) if item.bytes.start == task.bytes.start => {
                item.items
                    .iter()
                    .for_each(|item| take(text, item, &mut found));
            }
            Block::Item(item) => match &below {
                Some(share) if item.check.is_some() || field(text, item.text.clone()).is_none() => {
                    found.push((share.clone(), whole(text, &item.bytes)));
                }
                _ => take(text, &item, &mut found),
            },
            Block::Paragraph(paragraph) => {
                let mut at = paragraph.start;
                for line in text[paragraph.clone()].split_inclusive('\n') {
                    let start = at + (line.len() - line.trim_start().len());
                    if let Some(field) =
                        field(text, start..at + line.trim_end().len().max(start - at))
                    {
                        found.push((Share::Field(field.name), at..at + line.len()));
                    }
                    at += line.len();
                }
                // A part may begin with a label of its own instead of a heading.
                let last = last_line(text, &paragraph);
                let (name, _) = named(text, &last);
                if let Some(share) = of_name(&name) {
                    found.push((share.clone(), whole(text, &last)));
                    below = Some(share);
                }
            }
            Block::Other(_) => {}
        }
    }
    found
}

/// An item that may be a part, or hold parts.
fn take(text: &str, item: &Item, found: &mut Vec<(Share, Range<usize>)>) {
    let field = field(text, item.text.clone());
    let (name, _) = marked(&text[item.text.clone()]);
    let name = field.as_ref().map_or(name, |field| field.name.as_str());
    match (of_name(name), field.is_some()) {
        (Some(share), _) => found.push((share, whole(text, &item.bytes))),
        (None, true) => {
            found.push((Share::Field(name.to_owned()), whole(text, &item.bytes)));
        }
        // Such as the item that holds the checkpoints.
        (None, false) => item.items.iter().for_each(|below| take(text, below, found)),
    }
}

fn of_name(name: &str) -> Option<Share> {
    match part(name) {
        Part::Criteria => Some(Share::Criteria),
        Part::Checkpoint => Some(Share::Checkpoint(name.to_owned())),
        Part::None => None,
    }
}

fn whole(text: &str, bytes: &Range<usize>) -> Range<usize> {
    let start = line_start(text, bytes.start);
    let end = bytes.start + text[bytes.clone()].trim_end().len();
    start..line_end(text, end.max(bytes.start))
}
