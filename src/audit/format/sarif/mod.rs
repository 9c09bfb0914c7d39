//! The report for code scanning: SARIF 2.1.0 (OASIS), written as the commits come.

mod home;
mod result;
mod rule;

use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;

use super::json::inert;
use super::{Options, warnings};
use crate::audit::report::{Entry, Head, Sink, Tail};
use crate::id::CommitId;

/// The schema that this is valid by.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// One run of the tool.
pub(super) struct Sarif<'w> {
    out: &'w mut dyn Write,
    home: Option<String>,
    head: Option<Head>,
    last: Option<CommitId>,
    is_first: bool,
}

impl<'w> Sarif<'w> {
    pub(super) fn new(out: &'w mut dyn Write, options: &Options) -> Self {
        Self {
            out,
            home: options.home.as_deref().and_then(home::address),
            head: None,
            last: None,
            is_first: true,
        }
    }

    fn put(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string(value)?;
        self.out.write_all(inert(&text).as_bytes())
    }

    fn result(&mut self, value: &impl Serialize) -> io::Result<()> {
        let comma = if self.is_first { "\n" } else { ",\n" };
        self.is_first = false;
        self.out.write_all(comma.as_bytes())?;
        self.put(value)
    }
}

impl Sink for Sarif<'_> {
    fn begin(&mut self, head: &Head) -> io::Result<()> {
        self.head = Some(head.clone());
        write!(
            self.out,
            "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":"
        )?;
        self.put(&json!({
            "name": "pdd-hooks",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "shortDescription": {"text": env!("CARGO_PKG_DESCRIPTION")},
            "rules": rule::all(),
        }))?;
        self.out.write_all(b"},\n\"results\":[")
    }

    fn row(&mut self, entry: &Entry) -> io::Result<()> {
        let row = entry.row()?;
        self.last.clone_from(&row.commit);
        for result in result::of(row) {
            self.result(&result)?;
        }
        Ok(())
    }

    fn end(&mut self, tail: &Tail) -> io::Result<()> {
        for movement in &tail.moves {
            self.result(&result::of_move(movement))?;
        }
        let notifications: Vec<_> = warnings(tail)
            .map(|text| json!({"level": "warning", "message": {"text": result::plain(&text)}}))
            .collect();
        self.out.write_all(b"],\n\"invocations\":")?;
        self.put(&json!([{
            "executionSuccessful": true,
            "toolExecutionNotifications": notifications,
        }]))?;
        if let Some(home) = self.home.take() {
            let mut details = json!({"repositoryUri": home});
            if let Some(last) = &self.last {
                details["revisionId"] = json!(last);
            }
            self.out.write_all(b",\n\"versionControlProvenance\":")?;
            self.put(&json!([details]))?;
        }
        self.out.write_all(b",\n\"properties\":")?;
        let head = self.head.take();
        self.put(&json!({
            "range": head.as_ref().and_then(|head| head.range.as_deref()),
            "policy": head.as_ref().map(|head| &head.policy),
            "summary": tail.summary,
        }))?;
        self.out.write_all(b"}]}\n")
    }
}
