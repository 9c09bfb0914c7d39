//! The workflow's documents in their empty form, and where the policy wants them.

use crate::policy::Policy;

/// A document to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// From the top of the repository.
    pub path: String,
    /// What it says.
    pub text: &'static str,
}

/// Returns the documents at the places that the policy names; the prose stands beside the tasklist.
pub fn documents(policy: &Policy) -> Vec<Document> {
    let task = &policy.task;
    let room = task
        .tasklist
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder);
    let beside = |name: &str| {
        if room.is_empty() {
            name.to_owned()
        } else {
            format!("{room}/{name}")
        }
    };
    let document = |path: String, text| Document { path, text };
    let mut documents = vec![
        document(task.tasklist.clone(), include_str!("documents/Tasklist.md")),
        document(
            task.changelog.clone(),
            include_str!("documents/Changelog.md"),
        ),
        document(task.devlog.clone(), include_str!("documents/Devlog.md")),
        document(beside("Persona.md"), include_str!("documents/Persona.md")),
        document(
            beside("Style_Guide.md"),
            include_str!("documents/Style_Guide.md"),
        ),
        document(
            beside("Setup_Checklist.md"),
            include_str!("documents/Setup_Checklist.md"),
        ),
    ];
    // One log for all tasks is written by the first declaration.
    if let Some((folder, _)) = policy.persona.log.split_once("/{task}") {
        let path = format!("{folder}/README.md");
        documents.push(document(path, include_str!("documents/personalog.md")));
    }
    documents
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::TaskId;
    use crate::policy::{Class, FileKind};
    use crate::scaffold::existing::Kind;
    use crate::workflow::{devlog, personalog};

    #[test]
    fn every_document_is_of_class_record_and_declares_nothing() {
        let policy = Policy::default();
        for document in documents(&policy) {
            let class = policy.class(document.path.as_bytes(), FileKind::Plain);
            assert_eq!(class, Class::Record, "{}", document.path);
            assert_eq!(policy.log_at(&document.path), None);
            assert!(
                personalog::declarations(document.text).is_empty(),
                "{}",
                document.path
            );
            assert!(document.text.starts_with("# ") && document.text.ends_with('\n'));
        }
    }

    #[test]
    fn the_samples_are_no_entries_and_read_as_one_without_faults_outside_of_their_fences() {
        let policy = Policy::default();
        let documents = documents(&policy);
        for (kind, document) in Kind::ALL.iter().zip(&documents) {
            assert_eq!(kind.place(&policy), document.path);
            let empty = kind.read(document.text, &policy);
            assert_eq!((empty.first, empty.second), (0, 0), "{}", document.path);
            let sample = document.text.split("```").nth(1).unwrap();
            let sample = sample.strip_prefix("markdown\n").unwrap();
            let reading = kind.read(sample, &policy);
            assert!(reading.is_one() && reading.faults.is_empty(), "{reading:?}");
        }
        let sample = documents[2].text.split("```").nth(1).unwrap();
        let body = "What was to be decided, what else was thought of, and why this.";
        let title = "Count by key and not by address";
        let task = TaskId::new("TASK-006");
        let entry = devlog::entry(12, title, "2025-01-13", "DEV", &task, body);
        assert_eq!(sample, format!("markdown\n{entry}"));
    }

    #[test]
    fn the_documents_follow_the_policy() {
        let mut policy = Policy::default();
        policy.task.tasklist = "Tasks.md".into();
        policy.persona.log = "log.md".into();
        let paths: Vec<String> = documents(&policy).into_iter().map(|it| it.path).collect();
        assert_eq!(
            paths,
            [
                "Tasks.md",
                "context/Changelog.md",
                "context/Devlog.md",
                "Persona.md",
                "Style_Guide.md",
                "Setup_Checklist.md"
            ]
        );
    }
}
