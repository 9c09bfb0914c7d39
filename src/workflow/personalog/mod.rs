//! Persona logs: declarations as data, and a new one as text. It reads Markdown and knows neither files nor policy.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag};

use crate::id::TaskId;

/// One declaration: a level-2 heading at the top level of the document, with the text below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// `DEV`, as written.
    pub persona: String,
    /// The task that it names, with or without brackets.
    pub task: String,
    /// What follows the task.
    pub action: String,
    /// The whole entry, heading to the next declaration, line ends and trailing blanks folded: what "edited" compares.
    pub text: String,
    /// The heading's line, counted from 1.
    pub line: u32,
}

/// Some editors begin a file with it; it is no part of the text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Reads the declarations of a log, in the order of the document (newest first).
///
/// An entry reaches to the next heading of level 1 or 2. Headings in quotations, lists, code and HTML declare nothing.
pub fn declarations(text: &str) -> Vec<Declaration> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let headings = headings(text);
    let ends = headings
        .iter()
        .skip(1)
        .map(|(_, range)| line_start(text, range.start))
        .chain([text.len()]);
    let (mut line, mut counted) = (1_u32, 0);
    let mut found = Vec::new();
    for ((level, range), end) in headings.iter().zip(ends) {
        let feeds = text[counted..range.start].matches('\n').count();
        line = line.saturating_add(u32::try_from(feeds).unwrap_or(u32::MAX));
        counted = range.start;
        let heading = heading_text(*level, &text[range.clone()]);
        if let Some((persona, task, action)) = heading.as_deref().and_then(parts) {
            found.push(Declaration {
                persona: persona.into(),
                task: task.into(),
                action: action.into(),
                text: folded(&text[line_start(text, range.start)..end]),
                line,
            });
        }
    }
    found
}

/// Returns who spoke last for a task.
pub fn newest(text: &str, task: &TaskId) -> Option<String> {
    declarations(text)
        .into_iter()
        .find(|entry| entry.task == task.as_str())
        .map(|entry| entry.persona)
}

/// Writes a declaration block: the heading, a blank line, date (`2025-01-15 14:30`) and author (`Ann <ann@example.org>`).
pub fn entry(persona: &str, task: &TaskId, action: &str, date: &str, by: &str) -> String {
    let action = one_line(action);
    let dash = if action.is_empty() { "" } else { " - " };
    format!(
        "## [PERSONA: {}] - [{task}]{dash}{action}\n\n**Date**: {}\n**By**: {}\n",
        one_line(persona),
        one_line(date),
        one_line(by),
    )
}

/// Puts an entry at the top of a log: before the first declaration, below a title and its prose. All other bytes and the
/// line ends stay as they are. A log of blanks alone is begun anew with a title, with `task` where the log is of one task.
pub fn insert(text: &str, entry: &str, task: Option<&TaskId>) -> String {
    let (mark, body) = match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(body) => (&text[..BYTE_ORDER_MARK.len_utf8()], body),
        None => ("", text),
    };
    if body.trim().is_empty() {
        let of = task.map_or(String::new(), |task| format!(" of {task}"));
        return format!("{mark}# Personas{of}\n\n{entry}");
    }
    let inserted = spliced(body, entry, top(body));
    // In an unclosed code block or HTML block nothing is a heading; the first line of a file is in none.
    let stands_first = |text: &str| {
        let (new, wanted) = (declarations(text), declarations(entry));
        new.len() > declarations(body).len() && new.first().map(key) == wanted.first().map(key)
    };
    if stands_first(&inserted) {
        format!("{mark}{inserted}")
    } else {
        format!("{mark}{}", spliced(body, entry, 0))
    }
}

fn key(declaration: &Declaration) -> (&str, &str, &str) {
    (&declaration.persona, &declaration.task, &declaration.action)
}

/// Finds where a new entry goes: the first declaration, else the first other heading of level 2, else the end.
fn top(text: &str) -> usize {
    let headings: Vec<_> = headings(text)
        .into_iter()
        .filter(|(level, _)| *level == HeadingLevel::H2)
        .collect();
    headings
        .iter()
        .find(|(level, range)| {
            heading_text(*level, &text[range.clone()]).is_some_and(|text| parts(&text).is_some())
        })
        .or(headings.first())
        .map_or(text.len(), |(_, range)| line_start(text, range.start))
}

/// Puts the entry at that place, in the line ends of the text, with a blank line on either side.
fn spliced(text: &str, entry: &str, at: usize) -> String {
    let ending = match text.find('\n') {
        Some(end) if text[..end].ends_with('\r') => "\r\n",
        _ => "\n",
    };
    let (before, after) = text.split_at(at);
    let mut out = String::from(before);
    if !before.is_empty() && !before.ends_with('\n') {
        out.push_str(ending);
    }
    if !before
        .lines()
        .next_back()
        .is_none_or(|line| line.trim().is_empty())
    {
        out.push_str(ending);
    }
    for line in entry.lines() {
        out.push_str(line);
        out.push_str(ending);
    }
    if !after.is_empty() {
        out.push_str(ending);
        out.push_str(after);
    }
    out
}

/// Lists the headings of level 1 and 2 that stand in no other block, with their bytes.
fn headings(text: &str) -> Vec<(HeadingLevel, Range<usize>)> {
    let mut depth = 0_usize;
    let mut found = Vec::new();
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                if let (0, Tag::Heading { level, .. }) = (depth, tag)
                    && level <= HeadingLevel::H2
                {
                    found.push((level, range));
                }
                depth += 1;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    found
}

/// Returns the text of a level-2 heading as it was written: the parser would take `[PERSONA: DEV]` for a link.
fn heading_text(level: HeadingLevel, raw: &str) -> Option<String> {
    if level != HeadingLevel::H2 {
        return None;
    }
    let raw = raw.trim();
    if let Some(rest) = raw.strip_prefix("##")
        && rest.is_empty() | rest.starts_with([' ', '\t'])
    {
        let open = rest.trim_end_matches('#');
        let closed = if open.ends_with([' ', '\t']) {
            open
        } else {
            rest
        };
        return Some(closed.trim().to_owned());
    }
    let (text, _underline) = raw.rsplit_once('\n')?;
    Some(one_line(text))
}

/// Reads `[PERSONA: DEV] - [TASK-007] - Action`, the brackets of the task and the action being optional.
fn parts(heading: &str) -> Option<(&str, &str, &str)> {
    let (persona, rest) = heading
        .strip_prefix("[PERSONA:")?
        .split_once(']')
        .map(|(persona, rest)| (persona.trim(), rest))?;
    let rest = dash(rest)?;
    let (task, rest) = match rest.strip_prefix('[') {
        Some(inside) => inside.split_once(']')?,
        None => rest.split_at(
            rest.find(|c: char| c.is_whitespace() || c == '–' || c == '—')
                .unwrap_or(rest.len()),
        ),
    };
    let task = task.trim();
    if persona.is_empty() || task.is_empty() {
        return None;
    }
    let action = if rest.trim().is_empty() {
        ""
    } else {
        dash(rest)?
    };
    Some((persona, task, action))
}

fn dash(text: &str) -> Option<&str> {
    text.trim_start()
        .strip_prefix(['-', '–', '—'])
        .map(str::trim)
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |feed| feed + 1)
}

fn folded(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
