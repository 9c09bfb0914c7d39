//! What the user is told of a `.pdd.toml` that cannot be read: position, sentence, source line, carets and help.

use pdd_hooks::policy::Policy;

/// Returns what the user sees: position, sentence, source line, carets and help.
fn refusal(text: &str) -> String {
    refusal_of(text.as_bytes())
}

fn refusal_of(bytes: &[u8]) -> String {
    let error = Policy::parse_bytes(bytes, ".pdd.toml").expect_err("a policy with a fault");
    format!("{error}\nhelp: {}", error.help().expect("a next step"))
}

#[test]
fn lines_are_counted_behind_a_byte_order_mark_and_crlf() {
    insta::assert_snapshot!(refusal("\u{feff}policy = 1\r\n[task]\r\nstandng = []\r\n"), @r#"
    .pdd.toml:3:1: unknown key `standng` in `[task]`
    3 | standng = []
      | ^^^^^^^
    help: did you mean `standing`?
    "#);
}

#[test]
fn columns_are_characters_and_a_tab_is_one() {
    insta::assert_snapshot!(refusal("red = { 'é' = 1 }"), @r#"
    .pdd.toml:1:9: unknown key `é` in `[red]`
    1 | red = { 'é' = 1 }
      |         ^^^
    help: known in `[red]`: `partial`, `samples`, `types`, `weak`
    "#);
    insta::assert_snapshot!(refusal("[red]\n\tsamples =\t'é'"), @r#"
    .pdd.toml:2:12: `red.samples` must be a whole number, not a text
    2 |  samples = 'é'
      |            ^^^
    help: write the number without quotes
    "#);
    insta::assert_snapshot!(refusal("[task]\nstanding = [\n  'é'"), @r#"
    .pdd.toml:3:6: not TOML: unclosed array, expected `]`
    3 |   'é'
      |      ^
    help: `pdd-hooks schema` lists every key; `.pdd.toml.example` shows each at its default
    "#);
}

#[test]
fn bytes_that_are_not_utf_8_are_placed() {
    insta::assert_snapshot!(refusal_of(b"policy = 1\n# caf\xe9\n"), @r#"
    .pdd.toml:2:6: byte 17 is not UTF-8
    2 | # caf�
      |      ^
    help: save the file as UTF-8
    "#);
}

#[test]
fn an_unknown_key_names_the_likely_one() {
    insta::assert_snapshot!(refusal("policy = 1\n\n[task]\nstandng = [\n  'A-1',\n]\n"), @r#"
    .pdd.toml:4:1: unknown key `standng` in `[task]`
    4 | standng = [
      | ^^^^^^^
    help: did you mean `standing`?
    "#);
    insta::assert_snapshot!(refusal("[message]\n  max_subject = 3"), @r#"
    .pdd.toml:2:3: unknown key `max_subject` in `[message]`
    2 |   max_subject = 3
      |   ^^^^^^^^^^^
    help: did you mean `max-subject`?
    "#);
    insta::assert_snapshot!(refusal("[tasks]\nid = 'a'"), @r#"
    .pdd.toml:1:2: unknown table `[tasks]`
    1 | [tasks]
      |  ^^^^^
    help: did you mean `[task]`?
    "#);
    insta::assert_snapshot!(refusal("[[check]]\nname='a'\nkind='test'\nrun=['a']\ntimeuot='1s'"), @r#"
    .pdd.toml:5:1: unknown key `timeuot` in `[[check]]`
    5 | timeuot='1s'
      | ^^^^^^^
    help: did you mean `timeout`?
    "#);
}

#[test]
fn an_unknown_key_names_its_table_or_all_that_are_known() {
    insta::assert_snapshot!(refusal("standing = []"), @r#"
    .pdd.toml:1:1: unknown key `standing` at the top level
    1 | standing = []
      | ^^^^^^^^
    help: `standing` belongs in `[task]`
    "#);
    insta::assert_snapshot!(refusal("[red]\nwhatever = 1"), @r#"
    .pdd.toml:2:1: unknown key `whatever` in `[red]`
    2 | whatever = 1
      | ^^^^^^^^
    help: known in `[red]`: `partial`, `samples`, `types`, `weak`
    "#);
    insta::assert_snapshot!(refusal("[rules]\ntaskid = 'off'"), @r#"
    .pdd.toml:2:1: unknown rule `taskid` in `[rules]`
    2 | taskid = 'off'
      | ^^^^^^
    help: did you mean `task-id`?
    "#);
    insta::assert_snapshot!(refusal("[rules]\nnonsense = 'off'"), @r#"
    .pdd.toml:2:1: unknown rule `nonsense` in `[rules]`
    2 | nonsense = 'off'
      | ^^^^^^^^
    help: the rules: `task-id`, `message-format`, `task-state`, `persona`, `transition`, `boundary`, `branch`, `validation`, `red-first`, `approval`, `policy`, `documents`, `contract`, `deep-access`
    "#);
}

#[test]
fn a_wrong_type_says_what_is_wanted() {
    insta::assert_snapshot!(refusal("task.standing = 'MAINT-1'"), @r#"
    .pdd.toml:1:17: `task.standing` must be a list, not a text
    1 | task.standing = 'MAINT-1'
      |                 ^^^^^^^^^
    help: put it in brackets: `["…"]`
    "#);
    insta::assert_snapshot!(refusal("[validation]\ndeclared = 'yes'"), @r#"
    .pdd.toml:2:12: `validation.declared` must be `true` or `false`, not a text
    2 | declared = 'yes'
      |            ^^^^^
    help: write `true` or `false`, without quotes
    "#);
    insta::assert_snapshot!(refusal("task = 3"), @r#"
    .pdd.toml:1:8: `task` must be a table, not a number
    1 | task = 3
      |        ^
    help: `pdd-hooks schema` lists every key; `.pdd.toml.example` shows each at its default
    "#);
    insta::assert_snapshot!(refusal("[red]\nsamples = -1"), @r#"
    .pdd.toml:2:11: `red.samples` must not be negative
    2 | samples = -1
      |           ^^
    help: `pdd-hooks schema` lists every key; `.pdd.toml.example` shows each at its default
    "#);
    insta::assert_snapshot!(refusal("[red]\nsamples = 4294967296"), @r#"
    .pdd.toml:2:11: `red.samples` is too large a number
    2 | samples = 4294967296
      |           ^^^^^^^^^^
    help: `pdd-hooks schema` lists every key; `.pdd.toml.example` shows each at its default
    "#);
    insta::assert_snapshot!(refusal("[check]\nname = 'a'"), @r#"
    .pdd.toml:1:1: `check` must be a list, not a table
    1 | [check]
      | ^^^^^^^
    help: write `[[check]]`, in double brackets, above each check
    "#);
    insta::assert_snapshot!(refusal("policy = 1\n[[check]]\nname = 'a'\nkind = 'test'"), @r#"
    .pdd.toml:2:1: `check` lacks the key `run`
    2 | [[check]]
      | ^^^^^^^^^
    help: add `run`: The arguments, program first; no shell. `{report}` is a fresh path outside the tree.
    "#);
    insta::assert_snapshot!(refusal("[message]\ntypes = ['a', 3]"), @r#"
    .pdd.toml:2:15: `message.types[1]` must be a text in quotes, not a number
    2 | types = ['a', 3]
      |               ^
    help: `pdd-hooks schema` lists every key; `.pdd.toml.example` shows each at its default
    "#);
}

#[test]
fn a_wrong_word_names_the_likely_one() {
    insta::assert_snapshot!(refusal("[rules]\npersona = 'of'"), @r#"
    .pdd.toml:2:11: `rules.persona` cannot be `of`
    2 | persona = 'of'
      |           ^^^^
    help: did you mean `off`?
    "#);
    insta::assert_snapshot!(refusal("evidence.accept = ['self-signed']"), @r#"
    .pdd.toml:1:20: `evidence.accept[0]` cannot be `self-signed`
    1 | evidence.accept = ['self-signed']
      |                    ^^^^^^^^^^^^^
    help: write one of `self`, `runner`
    "#);
}

#[test]
fn broken_toml_and_a_key_given_twice_are_placed() {
    insta::assert_snapshot!(refusal("[task\nid = 1"), @r#"
    .pdd.toml:1:6: not TOML: unclosed table, expected `]`
    1 | [task
      |      ^
    help: `pdd-hooks schema` lists every key; `.pdd.toml.example` shows each at its default
    "#);
    insta::assert_snapshot!(refusal("[red]\nsamples = 1\nweak = 'accept'\nsamples = 2"), @r#"
    .pdd.toml:4:1: not TOML: duplicate key
    4 | samples = 2
      | ^^^^^^^
    help: `pdd-hooks schema` lists every key; `.pdd.toml.example` shows each at its default
    "#);
}

#[test]
fn an_error_shows_no_more_than_a_screen_and_steers_no_terminal() {
    let text = format!("x = '{}'\n", "y".repeat(1000));
    insta::assert_snapshot!(refusal(&text), @r#"
    .pdd.toml:1:1: unknown key `x` at the top level
    1 | x = 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy
      | ^
    help: known at the top level: `approval`, `branch`, `check`, `deep-access`, `evidence`, `message`, `paths`, `persona`, `policy`, `red`, `rules`, `task`, `validation`, `waiver`
    "#);
    let text = format!("message.types = [ {}3 ]", "'fix', ".repeat(30));
    insta::assert_snapshot!(refusal(&text), @r#"
    .pdd.toml:1:229: `message.types[30]` must be a text in quotes, not a number
    1 | 'fix', 'fix', 'fix', 'fix', 'fix', 'fix', 'fix', 3 ]
      |                                                  ^
    help: `pdd-hooks schema` lists every key; `.pdd.toml.example` shows each at its default
    "#);
    insta::assert_snapshot!(refusal("\"\\u001b[2Jboo\" = 1 # \u{202e}"), @r#"
    .pdd.toml:1:1: unknown key `�[2Jboo` at the top level
    1 | "\u001b[2Jboo" = 1 # �
      | ^^^^^^^^^^^^^^
    help: known at the top level: `approval`, `branch`, `check`, `deep-access`, `evidence`, `message`, `paths`, `persona`, `policy`, `red`, `rules`, `task`, `validation`, `waiver`
    "#);
}
