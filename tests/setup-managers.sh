#!/usr/bin/env bash
# Makes the real hook managers available that tests/it/managers.rs installs over: pre-commit and prek in a Python virtual
# environment, lefthook and husky as npm packages. Run again, it does nothing.
# The folder is target/managers, or what PDD_TEST_MANAGERS names.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=${PDD_TEST_MANAGERS:-$top/target/managers}

need() {
  command -v "$1" >/dev/null || {
    echo "setup-managers: $1 is missing: $2" >&2
    exit 1
  }
}

mkdir -p "$folder"
cd "$folder"

if [[ ! -x venv/bin/pre-commit || ! -x venv/bin/prek ]]; then
  need python3 "install Python 3 with venv and pip"
  rm -rf venv
  python3 -m venv venv
  venv/bin/python -m pip install --quiet --disable-pip-version-check 'pre-commit>=4,<5' 'prek<1'
fi

if [[ ! -x node_modules/.bin/lefthook || ! -x node_modules/.bin/husky ]]; then
  need npm "install Node.js with npm"
  [[ -f package.json ]] || echo '{ "private": true }' >package.json
  # Their install scripts would write hooks into the repository around this folder.
  npm install --silent --no-fund --no-audit --ignore-scripts lefthook@2 husky@9
fi

echo "hook managers are in $folder"
