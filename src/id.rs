//! Names of git objects and of tasks as types of their own, so that none is taken for another. They know no repository.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it stands.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// Returns the text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// Names a commit: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits.
    CommitId
);
id!(
    /// Names a tree, in the form of a [`CommitId`].
    TreeId
);
id!(
    /// Names a blob, in the form of a [`CommitId`].
    BlobId
);
id!(
    /// Names a task as it stands between the brackets: `TASK-007`.
    TaskId
);

impl CommitId {
    /// Returns the first twelve digits, the length that messages show.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}
