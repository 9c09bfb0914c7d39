//! Release tags.

use super::{id, refused};
use crate::enrolled::WORK;
use crate::support::{Repo, gits};

const ELSEWHERE: &str = "PDD007: the release tag `v1` would name <id>, which is no first-parent commit of a protected branch";
const MOVED: &str = "PDD007: the release tag `v1` would move from <id> to <id>";

#[test]
fn a_release_tag_names_what_has_landed_and_stays() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]).enroll();
        for args in [
            &["tag", "v1"][..],
            &["tag", "-a", "-m", "x", "v1"],
            &["update-ref", "refs/tags/v1", WORK],
            &["tag", "v1", "main^{tree}"],
            &["tag", "v1", "main:app.txt"],
        ] {
            refused(&repo.git(args), &[ELSEWHERE]);
        }
        let _ = repo.git(&["tag", "nightly"]).ok();
        let _ = repo.git(&["tag", "-a", "-m", "x", "v1", "main"]).ok();
        for to in [WORK, "main~1", "main^{tree}"] {
            refused(&repo.git(&["tag", "-f", "v1", to]), &[MOVED]);
        }
        assert_eq!(id(&repo, "v1^{commit}"), id(&repo, "main"));
    }
}

#[test]
fn a_release_tag_that_was_deleted_comes_back_only_where_it_stood() {
    for git in gits() {
        let repo = Repo::init_with(&git, &[]).enroll();
        let _ = repo.git(&["tag", "v1", "main~1"]).ok();
        let _ = repo.git(&["tag", "-d", "v1"]).ok();
        for to in [WORK, "main"] {
            refused(&repo.git(&["tag", "v1", to]), &[MOVED]);
        }
        let _ = repo.git(&["tag", "v1", "main~1"]).ok();
    }
}
