//! The workflow's documents: PM's, but for the parts that others keep.

mod tasklist;

use super::{Speakers, foreign, writes_devlog};
use crate::change::{Change, PathChange};
use crate::finding::Finding;
use crate::id::TaskId;
use crate::policy::{Class, Policy};

pub(super) fn judge(
    change: &Change,
    path: &PathChange,
    task: &TaskId,
    speakers: &Speakers,
    policy: &Policy,
) -> Option<Finding> {
    let is_free = policy.log_at(&path.path).is_some() || speakers.speak("PM");
    let is_devlog = path.path == policy.task.devlog;
    if is_free || is_devlog && speakers.names.iter().any(|name| writes_devlog(name)) {
        return None;
    }
    match &change.documents.tasklist {
        Some(list) if list.path == path.path => tasklist::judge(list, task, speakers, policy),
        _ => Some(foreign(task, speakers, Class::Record, &[path], policy)),
    }
}
