//! The only room that names git2: opening, trees, index, references, history, sequencer state; and the `git` command,
//! where git itself must answer. It knows no rule's verdict and prints nothing.

mod adoption;
mod borrow;
pub mod command;
mod commit;
mod compose;
mod entries;
mod error;
pub mod graph;
mod held;
mod history;
mod ids;
mod in_force;
mod links;
mod load;
mod mailmap;
mod merge;
mod pathspec;
mod policy_move;
mod recent;
mod records;
mod references;
mod reflogs;
mod repository;
mod sequencer;
mod shelf;
pub mod summed;
mod tree;

pub use adoption::Line;
pub use borrow::alternates;
pub use commit::{Commit, Flaw, Person};
pub use compose::Placed;
pub use error::Error;
pub use git2::{ObjectFormat, Oid};
pub use ids::{IdMap, IdSet};
pub use in_force::{InForce, POLICY_FILE};
pub use load::Subject;
pub use mailmap::Mailmap;
pub use merge::{Merged, Plan};
pub use pathspec::Pathspec;
pub use records::{Destination, GUARD, Listed, Pushed, RECORDS, RecordFault, Records, StoreFault};
pub use references::Head;
pub use reflogs::{Log, Moved};
pub use repository::{Repository, Seed};
pub use tree::{Delta, Entry};
