#!/usr/bin/env bash
# Makes the real test runners and quality tools available that tests/it/reports, tests/it/languages and tests/it/audit
# start: pytest, mypy, black, ruff and check-jsonschema in a Python virtual environment; vitest, jest, jest-junit, eslint,
# prettier and typescript as npm packages.
# Run again, it does nothing.
# The folder is target/runners, or what PDD_TEST_RUNNERS names.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=${PDD_TEST_RUNNERS:-$top/target/runners}

need() {
  command -v "$1" >/dev/null || {
    echo "setup-runners: $1 is missing: $2" >&2
    exit 1
  }
}

mkdir -p "$folder"
cd "$folder"

missing() {
  for program in "$@"; do
    [[ -x $program ]] || return 0
  done
  return 1
}

if missing venv/bin/{pytest,mypy,black,ruff}; then
  need python3 "install Python 3 with venv and pip"
  rm -rf venv
  python3 -m venv venv
  venv/bin/python -m pip install --quiet --disable-pip-version-check \
    'pytest>=9,<10' 'mypy>=1,<2' 'black>=25,<26' 'ruff<1' 'setuptools>=80,<81'
fi

if missing venv/bin/check-jsonschema; then
  venv/bin/python -m pip install --quiet --disable-pip-version-check 'check-jsonschema<1'
fi

if missing node_modules/.bin/{vitest,jest,eslint,prettier,tsc} || [[ ! -d node_modules/jest-junit ]]; then
  need npm "install Node.js with npm"
  [[ -f package.json ]] || echo '{ "private": true }' >package.json
  npm install --silent --no-fund --no-audit --ignore-scripts \
    vitest@3 jest@30 jest-junit@16 eslint@9 prettier@3 typescript@5
fi

echo "test runners are in $folder"
