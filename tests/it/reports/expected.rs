//! The tests that each report must become, as sorted lines (`told`), for the fixture and for the same project run now.

/// The project `pytest`.
pub(super) const PYTEST: &str = r##"failed(assert) tests/test_app.py::TestGroup::test_words[gr\xf6\xdfer] in tests/test_app.py
failed(assert) tests/test_app.py::test_fails in tests/test_app.py
failed(assert) tests/test_app.py::test_fails_with_untidy_fixture in tests/test_app.py
failed(assert) tests/test_app.py::test_passes_against_strict_expectation in tests/test_app.py
failed(assert) tests/test_app.py::test_with_subtests in tests/test_app.py
failed(error) tests/test_app.py::test_fails_with_untidy_fixture #2 in tests/test_app.py
failed(error) tests/test_app.py::test_raises in tests/test_app.py
failed(error) tests/test_app.py::test_with_broken_fixture in tests/test_app.py
failed(error) tests/test_app.py::test_with_untidy_fixture in tests/test_app.py
passed tests/test_app.py::Old::test_old in tests/test_app.py
passed tests/test_app.py::TestGroup::test_inside in tests/test_app.py
passed tests/test_app.py::TestGroup::test_words[a] in tests/test_app.py
passed tests/test_app.py::TestGroup::test_words[two\nlines] in tests/test_app.py
passed tests/test_app.py::TestGroup::test_words[x.y::z] in tests/test_app.py
passed tests/test_app.py::test_passes in tests/test_app.py
passed tests/test_app.py::test_passes_against_expectation in tests/test_app.py
skipped tests/test_app.py::test_expected_to_fail in tests/test_app.py
skipped tests/test_app.py::test_skipped in tests/test_app.py
"##;

/// The project `pytest-broken`: a module that cannot be imported keeps all others from running.
pub(super) const PYTEST_BROKEN: &str = r##"failed(load) tests/test_broken.py in tests/test_broken.py
"##;

/// The same with `--continue-on-collection-errors`.
pub(super) const PYTEST_BROKEN_CONTINUED: &str = r##"failed(load) tests/test_broken.py in tests/test_broken.py
passed tests/test_fine.py::test_passes in tests/test_fine.py
"##;

/// The project `node`; its folder is `/project`.
pub(super) const NODE: &str = r##"failed(assert) fails
failed(assert) group > größer
failed(error) throws
failed(load) /project/broken.test.mjs
failed(timeout) takes too long
passed group > deeper > inside
passed group > inside
passed parent > child
passed passes
passed twice
passed twice #2
skipped group that is skipped
skipped skipped
skipped todo that fails
skipped todo that passes
"##;

/// The project `node-parent`: node 20 does not name a failed test that has subtests.
pub(super) const NODE_PARENT: &str = r##"failed(error) (a test with subtests)
passed parent fails by itself > child
"##;

/// The project `vitest`; a test that passed when it was tried again is written like one that passed.
pub(super) const VITEST: &str = r##"failed(assert) tests/app.test.js::fails in tests/app.test.js
failed(assert) tests/app.test.js::group > takes größer in tests/app.test.js
failed(error) tests/app.test.js::throws in tests/app.test.js
failed(load) tests/broken.test.js in tests/broken.test.js
failed(load) tests/empty.test.js in tests/empty.test.js
failed(timeout) tests/app.test.js::takes too long in tests/app.test.js
passed tests/app.test.js::expected to fail in tests/app.test.js
passed tests/app.test.js::group > inside in tests/app.test.js
passed tests/app.test.js::group > takes a in tests/app.test.js
passed tests/app.test.js::passes in tests/app.test.js
passed tests/app.test.js::passes the second time in tests/app.test.js
passed tests/app.test.js::twice #2 in tests/app.test.js
passed tests/app.test.js::twice in tests/app.test.js
skipped tests/app.test.js::skipped in tests/app.test.js
skipped tests/app.test.js::todo in tests/app.test.js
"##;

/// The project `jest`; a file that cannot be loaded is not in the report.
pub(super) const JEST: &str = r##"failed(assert) fails
failed(assert) group takes größer
failed(error) throws
failed(timeout) takes too long
passed expected to fail
passed group inside
passed group takes a
passed passes
passed twice
passed twice #2
skipped skipped
skipped todo
"##;

/// The same where jest-junit is told to name files and those that cannot be loaded.
pub(super) const JEST_FILES: &str = r##"failed(assert) tests/app.test.js::fails in tests/app.test.js
failed(assert) tests/app.test.js::group takes größer in tests/app.test.js
failed(error) tests/app.test.js::throws in tests/app.test.js
failed(load) tests/broken.test.js in tests/broken.test.js
failed(timeout) tests/app.test.js::takes too long in tests/app.test.js
passed tests/app.test.js::expected to fail in tests/app.test.js
passed tests/app.test.js::group inside in tests/app.test.js
passed tests/app.test.js::group takes a in tests/app.test.js
passed tests/app.test.js::passes in tests/app.test.js
passed tests/app.test.js::twice #2 in tests/app.test.js
passed tests/app.test.js::twice in tests/app.test.js
skipped tests/app.test.js::skipped in tests/app.test.js
skipped tests/todo.test.js::todo in tests/todo.test.js
"##;

/// The project `rust` under nextest, with retries.
pub(super) const NEXTEST: &str = r##"failed(assert) sample::tests::does_not_panic
failed(assert) sample::tests::fails
failed(error) sample::it::passes_the_second_time
failed(error) sample::tests::errs
failed(timeout) sample::it::takes_too_long
passed sample::it::passes
passed sample::tests::größer
passed sample::tests::panics_as_it_should
passed sample::tests::passes
"##;

/// The project `rust` under `cargo test`.
pub(super) const CARGO: &str = r##"failed(assert) sample doc::src/lib.rs - double (line 9)
failed(assert) sample src/lib.rs::tests::does_not_panic
failed(assert) sample src/lib.rs::tests::fails
failed(error) sample src/lib.rs::tests::errs
passed it tests/it.rs::passes
passed it tests/it.rs::passes_the_second_time
passed it tests/it.rs::takes_too_long
passed sample doc::src/lib.rs - double (line 13)
passed sample doc::src/lib.rs - double (line 21)
passed sample doc::src/lib.rs - double (line 5)
passed sample src/lib.rs::tests::größer
passed sample src/lib.rs::tests::panics_as_it_should
passed sample src/lib.rs::tests::passes
skipped sample doc::src/lib.rs - double (line 17)
skipped sample src/lib.rs::tests::skipped
"##;

/// The project `rust-broken`.
pub(super) const CARGO_BROKEN: &str = r##"failed(load) broken (test "it")
"##;

/// The project `rust-crash`.
pub(super) const CARGO_CRASH: &str = r##"failed(error) crash src/lib.rs::(no summary)
passed it tests/it.rs::passes
"##;

/// Packages that pass, fail, are not built, end by themselves and time out.
pub(super) const GO: &str = r##"failed(assert) example.org/app::TestGroup
failed(assert) example.org/app::TestGroup/größer
failed(error) example.org/app/exits
failed(error) example.org/app::TestPanics
failed(load) example.org/app/broken
failed(timeout) example.org/app/slow::TestSlow
passed example.org/app/other::TestPasses
passed example.org/app::TestPasses
skipped example.org/app::TestSkipped
"##;

/// A package that is not built, told in text alone.
pub(super) const GO_BEFORE_BUILD_EVENTS: &str = r##"failed(load) example.org/app/broken
"##;

/// A package with tests, and one that ends by itself.
pub(super) const GOTESTSUM: &str = r##"failed(assert) example.org/app/exits::TestMain
failed(assert) example.org/app::TestGroup/größer
passed example.org/app::TestPasses
skipped example.org/app::TestSkipped
"##;
