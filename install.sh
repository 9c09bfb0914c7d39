#!/usr/bin/env bash
# Builds pdd-hooks, installs it under a prefix, enrols a repository, and shows what it does.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: ./install.sh [--repo PATH] [--demo] [--prefix DIR]

  --repo PATH   enrol this repository: `pdd-hooks install` is run in it
  --demo        show, in a throw-away repository, the rules refuse one change and accept another
  --prefix DIR  where the programs go (default: ~/.local)
TEXT
}

fail() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 2
}

# Prints the value of the option that stands first.
value() {
  (($# > 1)) || fail "$1 needs a path"
  printf '%s' "$2"
}

hooks=(pre-commit prepare-commit-msg commit-msg post-commit pre-merge-commit post-merge post-rewrite
  applypatch-msg pre-applypatch post-applypatch reference-transaction pre-push pre-receive post-receive)

main() {
  local repo='' demo=false prefix=''
  while (($# > 0)); do
    case $1 in
      --repo) repo=$(value "$@") || exit; shift 2 ;;
      --repo=*) repo=${1#*=} && shift ;;
      --prefix) prefix=$(value "$@") || exit; shift 2 ;;
      --prefix=*) prefix=${1#*=} && shift ;;
      --demo) demo=true && shift ;;
      -h | --help) usage && exit 0 ;;
      *) usage >&2 && fail "unknown argument: $1" ;;
    esac
  done
  if [[ -z $prefix ]]; then
    [[ -n ${HOME:-} ]] || fail 'HOME is not set: name a folder with --prefix'
    prefix=$HOME/.local
  fi
  mkdir -p -- "$prefix"
  prefix=$(cd -- "$prefix" && pwd)

  require_tools
  if [[ -n $repo ]]; then
    git -C "$repo" rev-parse --git-dir >/dev/null 2>&1 || fail "no git repository: $repo"
  fi
  build
  install_programs "$prefix"
  if [[ -n $repo ]]; then
    (cd -- "$repo" && "$prefix/bin/pdd-hooks" install)
  fi
  if $demo; then
    run_demo "$prefix"
  fi
  next_step "$prefix" "$repo"
}

# One clear line for each tool that is missing, all of them at once.
require_tools() {
  local missing=false
  need cargo 'install Rust from https://rustup.rs, or your system'\''s package `cargo`' || missing=true
  need rustc 'install Rust from https://rustup.rs, or your system'\''s package `rustc`' || missing=true
  need "${CC:-cc}" 'install a C compiler: `apt install gcc`, `dnf install gcc`, `xcode-select --install`' || missing=true
  need git 'install git 2.39 or later: `apt install git`, `dnf install git`' || missing=true
  if $missing; then
    exit 2
  fi
}

need() {
  command -v -- "$1" >/dev/null 2>&1 && return
  printf 'install.sh: `%s` is missing: %s\n' "$1" "$2" >&2
  return 1
}

# Sets `release` to the folder of the built programs.
build() {
  local source host flags=${RUSTFLAGS:-}
  source=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
  host=$(rustc -vV | sed -n 's/^host: //p')
  if [[ $host == *-linux-gnu* ]] && links_statically; then
    # A hook is started many times for one commit, and a static program starts in a fraction of the time.
    flags+=' -C target-feature=+crt-static'
  fi
  # Procedural macros cannot be linked statically; with --target the flags are not for them.
  RUSTFLAGS=$flags cargo build --release --locked --target "$host" \
    --manifest-path "$source/Cargo.toml" --target-dir "$source/target"
  release=$source/target/$host/release
}

# Some systems keep the static C library in a package of its own (`glibc-static`).
links_statically() {
  local folder outcome=0
  folder=$(mktemp -d)
  printf 'int main(void) { return 0; }\n' >"$folder/empty.c"
  "${CC:-cc}" -static -o "$folder/empty" "$folder/empty.c" >/dev/null 2>&1 || outcome=1
  rm -rf -- "$folder"
  if ((outcome)); then
    echo 'install.sh: no static C library here (package `glibc-static`?): the hooks are linked dynamically and start slower' >&2
  fi
  return "$outcome"
}

install_programs() {
  local prefix=$1 hook
  mkdir -p -- "$prefix/bin" "$prefix/libexec/pdd-hooks"
  for hook in "${hooks[@]}"; do
    put "$release/pdd-$hook" "$prefix/libexec/pdd-hooks/pdd-$hook"
  done
  # Last, so that a `pdd-hooks` never finds hooks of another version.
  put "$release/pdd-hooks" "$prefix/bin/pdd-hooks"
  echo "installed $prefix/bin/pdd-hooks and ${#hooks[@]} hook programs in $prefix/libexec/pdd-hooks"
}

# A program that is running cannot be written to, but it can be replaced.
put() {
  install -m 755 -- "$1" "$2.new.$$"
  mv -f -- "$2.new.$$" "$2"
}

next_step() {
  local prefix=$1 repo=$2
  case ":${PATH:-}:" in
    *":$prefix/bin:"*) ;;
    *) echo "add $prefix/bin to PATH" ;;
  esac
  if [[ -z $repo ]]; then
    echo 'next, in a repository: pdd-hooks init, commit what it wrote, pdd-hooks install'
  fi
}

# --- The demo: real git in a throw-away repository. Whatever goes another way than shown ends it with exit code 1.

run_demo() {
  demo_folder=$(mktemp -d)
  trap 'rm -rf -- "$demo_folder"' EXIT
  (demo "$1") || {
    echo 'install.sh: the demo went another way than it should: see the last lines above' >&2
    exit 1
  }
}

demo() {
  set -euo pipefail
  local name
  while read -r name; do
    unset "$name"
  done < <(git rev-parse --local-env-vars)
  export PATH=$1/bin:$PATH GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_EDITOR=false
  export XDG_CACHE_HOME=$demo_folder/cache
  export GIT_AUTHOR_NAME=Ann GIT_AUTHOR_EMAIL=ann@example.org
  export GIT_COMMITTER_NAME=Ann GIT_COMMITTER_EMAIL=ann@example.org
  mkdir "$demo_folder/repo"
  cd -- "$demo_folder/repo"

  demo_adoption || return
  demo_task_id || return
  demo_message_format || return
  demo_persona || return
  demo_transition || return
  demo_branch || return
  demo_approval || return
  demo_task_state || return
  demo_validation || return
  demo_boundary || return
  demo_red_first || return
  demo_documents || return
  demo_policy || return
  demo_bypass || return
  title 'All went as it should.'
}

demo_adoption() {
  title 'Adopt the workflow'
  accepted git init -q -b main || return
  accepted pdd-hooks init || return
  mkdir tests
  # No language's runner is needed to show it: a script tests the script, and its exit code is the report.
  printf '%s\n' 'for test in tests/*.t; do [ ! -e "$test" ] || sh "$test" || exit 1; done' >tests/run.sh
  cat >>.pdd.toml <<'TEXT'

[[check]]
name = "tests"
kind = "test"
run = ["sh", "tests/run.sh"]
TEXT
  echo '$ tail -n 5 .pdd.toml'
  tail -n 5 .pdd.toml
  # Ann is to approve what lands. The key has no passphrase, since nobody is there to type it.
  ssh-keygen -q -t ed25519 -N '' -C ann@example.org -f ../approver
  accepted pdd-hooks init --approver ../approver.pub || return
  accepted git add .pdd.toml .pdd .gitattributes context tests || return
  accepted git commit -q -m 'chore(pdd): adopt the workflow [MAINT-1]' || return
  accepted pdd-hooks install || return
}

demo_task_id() {
  title 'PDD001 task-id: every commit names its task'
  accepted git switch -q -c feat/TASK-001-greeting || return
  accepted pdd-hooks persona PM 'plan the greeting' || return
  change plan.md 'Say hello.'
  refused PDD001 git commit -q -m 'docs: plan the greeting' || return
  accepted git commit -q -m 'docs: plan the greeting [TASK-001]' || return
}

demo_message_format() {
  title 'PDD002 message-format: type(scope): description [TASK-ID]'
  change plan.md 'Say hello to whoever is named.'
  refused PDD002 git commit -q -m 'more of the plan [TASK-001]' || return
  accepted git commit -q -m 'docs(plan): greet by name [TASK-001]' || return
}

demo_persona() {
  title 'PDD004 persona: the persona is declared before it acts'
  accepted git switch -q -c feat/TASK-002-farewell main || return
  change farewell.md 'Say goodbye.'
  refused PDD004 git commit -q -m 'docs: plan the farewell [TASK-002]' || return
  accepted pdd-hooks persona PM 'plan the farewell' || return
  accepted git commit -q -m 'docs: plan the farewell [TASK-002]' || return
}

demo_transition() {
  local log=context/personalog/TASK-002.md
  title 'PDD005 transition: between PM and DEV stands QA'
  refused PDD005 pdd-hooks persona DEV 'write the farewell' || return
  echo '# the same, written into the log by hand'
  awk '/^## \[PERSONA: PM\]/ { print "## [PERSONA: DEV] - [TASK-002] - write the farewell\n" } { print }' "$log" >"$log.new"
  mv -- "$log.new" "$log"
  accepted git add "$log" || return
  refused PDD005 git commit -q -m 'feat: write the farewell [TASK-002]' || return
  accepted git restore --staged --worktree "$log" || return
  accepted pdd-hooks persona QA 'design the tests' || return
  accepted git commit -q -m 'test: design the tests [TASK-002]' || return
}

demo_branch() {
  title 'PDD007 branch: nothing is committed on a protected branch'
  accepted git switch -q main || return
  change typo.md 'Mended.'
  refused PDD007 git commit -q -m 'docs: mend a typo [MAINT-1]' || return
  accepted git switch -q -c docs/MAINT-1-typo || return
  accepted git commit -q -m 'docs: mend a typo [MAINT-1]' || return
}

demo_approval() {
  title 'PDD010 approval: a protected branch takes only what a person has signed'
  accepted git switch -q main || return
  refused PDD010 git merge --ff-only -q docs/MAINT-1-typo || return
  accepted pdd-hooks approve docs/MAINT-1-typo --into main --key ../approver || return
  accepted git merge --ff-only -q docs/MAINT-1-typo || return
}

demo_task_state() {
  title 'PDD003 task-state: tests and source change under a task that somebody works on'
  accepted git switch -q feat/TASK-001-greeting || return
  accepted pdd-hooks persona QA 'design the tests' || return
  change tests/greet.t 'sh greet.sh Ann | tee /dev/stderr | grep -qx "Hello, Ann."'
  refused PDD003 git commit -q -m 'test: ask for a greeting by name [TASK-001]' || return
  echo '# it is planned and begun first'
  accepted git restore --staged --worktree context || return
  accepted git restore --staged tests || return
  accepted pdd-hooks task new 'Greet by name' --id TASK-001 --criterion 'says the name' || return
  accepted pdd-hooks task start TASK-001 || return
  accepted git commit -q -m 'docs(tasks): begin the greeting [TASK-001]' || return
}

demo_validation() {
  title 'PDD008 validation: what is committed has passed the checks, not what lies beside it'
  accepted pdd-hooks persona QA 'design the tests' || return
  accepted git add tests || return
  echo '# a test that fails is welcome alone: it is sealed until its source comes'
  accepted git commit -q -m 'test: ask for a greeting by name [TASK-001]' || return
  accepted pdd-hooks persona DEV 'write the greeting' || return
  accepted pdd-hooks persona QA 'validate the greeting' || return
  change greet.sh 'echo "Hello, $2."'
  echo '# the slip is mended in the work tree, where any other hook would run the tests, and is still staged'
  printf '%s\n' 'echo "Hello, $1."' >greet.sh
  refused PDD008 git commit -q -m 'feat: greet by name [TASK-001]' || return
  accepted git add greet.sh || return
  accepted git commit -q -m 'feat: greet by name [TASK-001]' || return
}

demo_boundary() {
  title 'PDD006 boundary: each persona changes what is its own'
  change farewell.sh 'echo "Goodbye, $1."'
  refused PDD006 git commit -q -m 'feat: say goodbye [TASK-001]' || return
  echo '# source is for DEV, and QA validates it'
  accepted pdd-hooks persona DEV 'write the farewell' || return
  accepted pdd-hooks persona QA 'validate the farewell' || return
}

demo_red_first() {
  title 'PDD009 red-first: source comes with a test that fails without it'
  refused PDD009 git commit -q -m 'feat: say goodbye [TASK-001]' || return
  change tests/farewell.t 'sh greet.sh Bob | grep -q Bob'
  echo '# a test that passes without the change is none'
  refused PDD009 git commit -q -m 'feat: say goodbye [TASK-001]' || return
  change tests/farewell.t 'sh farewell.sh Bob | grep -qx "Goodbye, Bob."'
  accepted git commit -q -m 'feat: say goodbye [TASK-001]' || return
}

demo_documents() {
  title 'PDD012 documents: tasks move as they may, and the documents keep their form'
  accepted pdd-hooks persona PM 'look at the task' || return
  accepted sed -i 's/^- \*\*Status\*\*: IN_PROGRESS/- **Status**: DONE/' context/Tasklist.md || return
  accepted git add context || return
  refused PDD012 git commit -q -m 'docs(tasks): done [TASK-001]' || return
  accepted git restore --source HEAD --staged --worktree context/Tasklist.md || return
  accepted pdd-hooks task block TASK-001 'nobody is here to be greeted' || return
  accepted git commit -q -m 'docs(tasks): block the greeting [TASK-001]' || return
}

demo_policy() {
  title 'PDD011 policy: whoever changes what is enforced says so by a higher number'
  accepted sed -i 's/^run = .*/run = ["true"]/' .pdd.toml || return
  accepted git add .pdd.toml || return
  refused PDD011 git commit -q -m 'chore(pdd): let every test pass [TASK-001]' || return
  accepted git restore --source HEAD --staged --worktree .pdd.toml || return
}

demo_bypass() {
  local ledger
  title 'Going round the hooks is seen'
  change secret.md 'No task, no persona.'
  accepted git commit -q --no-verify -m 'whatever' || return
  ledger=$(git rev-parse --path-format=absolute --git-common-dir)/pdd/ledger.jsonl
  echo "\$ cat .git/pdd/ledger.jsonl"
  cat -- "$ledger"
  tail -n 1 -- "$ledger" | grep -q '"bypassed"' || {
    echo 'the ledger does not call the last commit bypassed'
    return 1
  }
  echo '$ pdd-hooks audit'
  # 1 says that there are findings, and there are.
  local outcome=0 text
  text=$(pdd-hooks audit 2>&1) || outcome=$?
  printf '%s\n' "$text"
  if ((outcome > 1)) || [[ $text != *bypassed* ]]; then
    echo "the audit does not show the bypass (exit code $outcome)"
    return 1
  fi
}

title() {
  printf '\n== %s\n' "$*"
}

# Writes one line into a file and stages it.
change() {
  printf '%s\n' "$2" >"$1"
  git add -- "$1"
  printf '$ echo "%s" > %s && git add %s\n' "$2" "$1" "$1"
}

show() {
  printf '$'
  local word
  for word in "$@"; do
    if [[ $word =~ ^[A-Za-z0-9_./:=,+-]+$ ]]; then
      printf ' %s' "$word"
    else
      printf ' "%s"' "$word"
    fi
  done
  printf '\n'
}

accepted() {
  show "$@"
  local text outcome=0
  text=$("$@" 2>&1) || outcome=$?
  if [[ -n $text ]]; then
    printf '%s\n' "$text"
  fi
  if ((outcome)); then
    echo "this should have been accepted (exit code $outcome)"
    return 1
  fi
}

refused() {
  local code=$1 text outcome=0
  shift
  show "$@"
  text=$("$@" 2>&1) || outcome=$?
  if [[ -n $text ]]; then
    printf '%s\n' "$text"
  fi
  if ((outcome == 0)); then
    echo "this should have been refused by $code"
    return 1
  fi
  if [[ $text != *"[$code]"* ]]; then
    echo "this was refused, but not by $code (exit code $outcome)"
    return 1
  fi
}

main "$@"
