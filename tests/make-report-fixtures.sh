#!/usr/bin/env bash
# Writes tests/it/reports/fixtures anew: runs each real runner on its project in tests/it/reports/projects and keeps the
# report under the runner's name and version. Paths, times, hosts and process numbers are replaced, so that the same
# versions write the same files, up to the order in which parallel tests end. The Go files are written by hand.
# PDD_TEST_NODES may name further node programs beside the one on PATH, separated by blanks.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
runners=${PDD_TEST_RUNNERS:-$top/target/runners}
fixtures=$top/tests/it/reports/fixtures
"$top/tests/setup-runners.sh" >/dev/null

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cp -r "$top/tests/it/reports/projects/." "$work"
# A backtrace names the compiler's own files.
unset RUST_BACKTRACE CARGO_TARGET_DIR
export CI=1 CARGO_TERM_COLOR=never

# Keeps a report as a fixture: keep <file> <name>.
keep() {
  local pid='s/ ([0-9]\+) panicked/ (1) panicked/g'
  sed -e "s|$work/[a-z-]*|/project|g" -e "s|$runners|/runners|g" -e "s|\(\.\./\)\+[^ ]*/node_modules|/runners/node_modules|g" \
    -e "s|$(python3 -c 'import sys; print(sys.base_prefix)')|/python|g" -e 's|/tmp/rustdoctest[A-Za-z0-9]*|/tmp/rustdoctest|g' \
    -e 's/timestamp="[^"]*"/timestamp="2026-01-15T10:00:00Z"/g' -e 's/\btime="0*[.0]*[1-9][^"]*"/time="0.012"/g' \
    -e 's/hostname="[^"]*"/hostname="host"/g' -e 's/uuid="[^"]*"/uuid="0"/g' -e 's/0x[0-9a-f]\{6,\}/0x0/g' \
    -e 's/duration_ms [0-9.]*/duration_ms 12/' -e 's/finished in [0-9.]*s/finished in 0.01s/' \
    -e 's/target(s) in [0-9.]*s/target(s) in 0.01s/' -e 's/-[0-9a-f]\{16\})/-0123456789abcdef)/' \
    -e 's/ran in [0-9.]*s; merged doctests compilation took [0-9.]*s/ran in 0.02s; merged doctests compilation took 0.01s/' \
    -e "$pid" "$1" >"$fixtures/$2"
}

# Runs a command in a project; its failures are what the fixture is for.
run_in() {
  cd "$work/$1"
  shift
  "$@" >"$work/stdout" 2>&1 || true
}

pytest() {
  run_in "$1" "$runners/venv/bin/python" -m pytest -q -p no:cacheprovider --junitxml="$work/report" "${@:2}"
}

version=$("$runners/venv/bin/python" -c 'import pytest; print(pytest.__version__)')
pytest pytest
keep "$work/report" "pytest-$version.xml"
pytest pytest -o junit_family=xunit1 -o junit_logging=all
keep "$work/report" "pytest-$version-xunit1.xml"
pytest pytest-broken
keep "$work/report" "pytest-$version-broken.xml"
pytest pytest-broken --continue-on-collection-errors
keep "$work/report" "pytest-$version-broken-continued.xml"

for node in node ${PDD_TEST_NODES:-}; do
  version=$("$node" --version)
  run_in node "$node" --test --test-reporter=junit --test-reporter-destination="$work/report"
  keep "$work/report" "node-${version#v}.xml"
  run_in node-parent "$node" --test --test-reporter=junit --test-reporter-destination="$work/report"
  keep "$work/report" "node-${version#v}-parent.xml"
done

ln -s "$runners/node_modules" "$work/vitest/node_modules"
version=$(node -p "require('$runners/node_modules/vitest/package.json').version")
run_in vitest node_modules/.bin/vitest run --reporter=junit --outputFile="$work/report"
keep "$work/report" "vitest-$version.xml"

ln -s "$runners/node_modules" "$work/jest/node_modules"
version=$(node -p "require('$runners/node_modules/jest/package.json').version")
export JEST_JUNIT_OUTPUT_FILE="$work/report"
run_in jest node_modules/.bin/jest --reporters=jest-junit
keep "$work/report" "jest-$version.xml"
JEST_JUNIT_REPORT_TEST_SUITE_ERRORS=true JEST_JUNIT_ADD_FILE_ATTRIBUTE=true \
  run_in jest node_modules/.bin/jest --reporters=jest-junit
keep "$work/report" "jest-$version-files.xml"

version=$(cargo nextest --version | sed -n '1s/cargo-nextest \([0-9.]*\).*/\1/p')
run_in rust cargo nextest run
keep target/nextest/default/junit.xml "nextest-$version.xml"
version=$(cargo --version | sed 's/cargo \([0-9.]*\).*/\1/')
run_in rust cargo test --no-fail-fast
keep "$work/stdout" "cargo-$version.txt"
run_in rust cargo test --no-fail-fast -- --test-threads=1
keep "$work/stdout" "cargo-$version-one-thread.txt"
run_in rust-broken cargo test --no-fail-fast
keep "$work/stdout" "cargo-$version-broken.txt"
run_in rust-crash cargo test --no-fail-fast
keep "$work/stdout" "cargo-$version-crash.txt"

ls "$fixtures"
