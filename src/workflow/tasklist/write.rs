//! Changes of a Tasklist: of the lines that they are about, and of no other.

use super::{Form, Point, Status, Task, tasks};
use crate::id::TaskId;
use crate::workflow::edit::{Edit, ending, lines_at, without_lines};
use crate::workflow::outline::{Block, blocks, line_end, line_start};

/// Says a field: in the place of what it said, else on a new line behind the task's last field but one of `behind`, its
/// first where it has none of those, or its title.
pub fn set(text: &str, task: &Task, name: &str, value: &str, behind: &[&str]) -> Edit {
    if let Some(field) = task.field(&[&name.to_lowercase()]) {
        let blank =
            match field.value.is_empty() && !text[..field.value.start].ends_with([' ', '\t']) {
                true => " ",
                false => "",
            };
        return Edit::new(field.value.clone(), format!("{blank}{value}"));
    }
    let after = task.field(behind).or(task.fields.first());
    let end = match after {
        Some(field) => line_end(text, field.value.end),
        None => line_end(text, title_at(text, task)),
    };
    let lead = match after {
        Some(field) => lead(text, field.value.start),
        None => match task.form {
            Form::Heading(_) => "- ".to_owned(),
            Form::Item(_) => {
                let start = line_start(text, task.bytes.start);
                let blanks =
                    text[start..].len() - text[start..].trim_start_matches([' ', '\t']).len();
                format!("{}  - ", &text[start..start + blanks])
            }
        },
    };
    let ending = ending(text);
    let opens = if end == text.len() && !text.ends_with('\n') {
        ending
    } else {
        ""
    };
    let parts = match after.is_none() && matches!(task.form, Form::Heading(_)) {
        true => ending,
        false => "",
    };
    // Prose that stood below the title would be prose of the new item.
    let closes = match parts.is_empty() || is_apart(&text[end..]) {
        true => "",
        false => ending,
    };
    Edit::new(
        end..end,
        format!("{opens}{parts}{lead}**{name}**: {value}{ending}{closes}"),
    )
}

/// Says whether what follows begins with a blank line or an item, or is nothing.
fn is_apart(rest: &str) -> bool {
    let line = rest.lines().next().unwrap_or_default().trim();
    line.is_empty() || ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark))
}

/// Ticks a box.
pub fn tick(point: &Point) -> Option<Edit> {
    let check = point.check.filter(|check| !check.is_ticked)?;
    Some(Edit::new(check.at..check.at + 1, "x"))
}

/// Takes a task away.
pub fn remove(text: &str, task: &Task) -> Edit {
    without_lines(
        text,
        task.bytes.start..task.bytes.start + text[task.bytes.clone()].trim_end().len(),
    )
}

/// Puts a task, whole lines, into the section of a status: at its end; where there is no such section, behind all others.
pub fn add(text: &str, lines: &str, status: Status, is_id: &dyn Fn(&str) -> bool) -> Edit {
    lines_at(text, lines, end_of_section(text, status, is_id))
}

/// Moves a task into the section of a status, where it stands in that of another and there is such a section.
pub fn into_section(
    text: &str,
    id: &TaskId,
    status: Status,
    is_id: &dyn Fn(&str) -> bool,
) -> Vec<Edit> {
    let tasks = tasks(text, is_id);
    let Some(task) = tasks.iter().find(|task| task.id == *id) else {
        return Vec::new();
    };
    let is_elsewhere = task.section.is_some_and(|section| section != status);
    if !is_elsewhere || section(text, status).is_none() {
        return Vec::new();
    }
    let lines = text[task.bytes.clone()].trim_end();
    vec![remove(text, task), add(text, lines, status, is_id)]
}

/// Returns the byte behind the heading of a section, and the level of that heading.
pub(super) fn section(text: &str, status: Status) -> Option<(usize, usize)> {
    let blocks = blocks(text);
    let at = blocks.iter().position(|block| match block {
        Block::Heading(heading) => Status::read(&text[heading.text.clone()]) == Some(status),
        _ => false,
    })?;
    let Some(Block::Heading(found)) = blocks.get(at) else {
        return None;
    };
    Some((found.bytes.end, usize::from(found.level)))
}

fn end_of_section(text: &str, status: Status, is_id: &dyn Fn(&str) -> bool) -> usize {
    let Some((begin, level)) = section(text, status) else {
        return text.len();
    };
    let tasks = tasks(text, is_id);
    let last = tasks
        .iter()
        .filter(|task| task.section == Some(status) && task.bytes.start >= begin);
    let begin = last.map(|task| task.bytes.end).max().unwrap_or(begin);
    // Up to the next heading; a rule before that belongs to it.
    let next = blocks(text).into_iter().find(|block| match block {
        Block::Heading(heading) => {
            heading.bytes.start >= begin && usize::from(heading.level) <= level
        }
        _ => false,
    });
    let end = next.map_or(text.len(), |block| block.start());
    let gap = &text[begin..end];
    begin + gap.trim_end().len().min(gap.len()) + blank_after(text, begin + gap.trim_end().len())
}

/// How many bytes there are to where the next line begins.
fn blank_after(text: &str, at: usize) -> usize {
    match text[..at].ends_with('\n') || at == text.len() {
        true => 0,
        false => line_end(text, at) - at,
    }
}

fn title_at(text: &str, task: &Task) -> usize {
    let blanks = &text[task.bytes.clone()];
    task.bytes.start + (blanks.len() - blanks.trim_start().len())
}

/// Returns what stands before a field on its line: indent and marker.
pub(super) fn lead(text: &str, value: usize) -> String {
    let start = line_start(text, value);
    let line = &text[start..value];
    let begin = line.len() - line.trim_start().len();
    let marked = line[begin..].trim_start_matches(|letter: char| letter.is_ascii_digit());
    // A `*` may as well begin what is bold: only a blank makes it a marker.
    let is_item = marked.len() > 1
        && marked.starts_with(['-', '*', '+', '.', ')'])
        && marked[1..].starts_with([' ', '\t']);
    let end = match is_item {
        true => line.len() - marked[1..].trim_start().len(),
        false => begin,
    };
    line[..end].to_owned()
}
