//! Values of the right type that make no sense in a `.pdd.toml`: each is refused where it stands.

use pdd_hooks::policy::Policy;

/// What a policy says, and the position and sentence of its refusal.
const SENSELESS: &[(&str, &str)] = &[
    ("policy = 0", "1:10: `policy` must be 1 or more"),
    (
        "message.max-subject = 0",
        "1:23: `message.max-subject` must be 1 or more",
    ),
    ("red.samples = 0", "1:15: `red.samples` must be 1 or more"),
    (
        "approval.required = 0",
        "1:21: `approval.required` must be 1 or more",
    ),
    (
        "deep-access.max = 0",
        "1:19: `deep-access.max` must be 1 or more",
    ),
    (
        "deep-access.allow = ['self.', 'src/[']",
        "1:31: the glob `src/[` is malformed: unclosed character class; missing ']'",
    ),
    (
        "deep-access.allow = ['gen/**', 'self..']",
        "1:32: no chain begins with `self..`",
    ),
    (
        "waiver.rules = ['persona', 'approval']",
        "1:28: no waiver may lift the rule `approval`",
    ),
    (
        "waiver.rules = ['policy']",
        "1:17: no waiver may lift the rule `policy`",
    ),
    (
        "waiver.rules = ['personas']",
        "1:17: unknown rule `personas` in `waiver.rules`",
    ),
    (
        "task.tasklist = '/etc/x'",
        "1:17: `task.tasklist` must be a path inside the repository, not an absolute one",
    ),
    ("task.changelog = ''", "1:18: `task.changelog` is empty"),
    (
        "task.devlog = 'a/../../b'",
        "1:15: `task.devlog` must be a plain path, without `.`, `..` and empty parts",
    ),
    (
        "approval.signers = './keys'",
        "1:20: `approval.signers` must be a plain path, without `.`, `..` and empty parts",
    ),
    (
        "persona.log = 'context//x.md'",
        "1:15: `persona.log` must be a plain path, without `.`, `..` and empty parts",
    ),
    (
        "persona.log = '{task}/{task}.md'",
        "1:15: `persona.log` may hold `{task}` only once",
    ),
    (
        "validation.carry = ['.venv', '../x']",
        "1:30: `validation.carry` must be a plain path, without `.`, `..` and empty parts",
    ),
    (
        "message.types = []",
        "1:17: `message.types` names no type, so no subject could pass",
    ),
    (
        "message.types = ['feat', '']",
        "1:26: `message.types` holds ``, which is not a word",
    ),
    (
        "message.types = ['feat', 'a b']",
        "1:26: `message.types` holds `a b`, which is not a word",
    ),
    (
        "persona.start = ['PM:']",
        "1:18: `persona.start` holds `PM:`, which is not a word",
    ),
    (
        "task.standing = ['MAINT-1', 'maint']",
        "1:29: `maint` is not a task by `task.id`",
    ),
    (
        "task.id = '#[0-9]+'\ntask.standing = ['#1', 'MAINT-1']",
        "2:24: `MAINT-1` is not a task by `task.id`",
    ),
    (
        "red.types = ['feat', 'fxi']",
        "1:22: `red.types` names `fxi`, which `message.types` lacks",
    ),
    (
        "message.types = ['feat']\nred.types = ['fix']",
        "2:14: `red.types` names `fix`, which `message.types` lacks",
    ),
    (
        "persona.transitions = ['PM -> QA', 'PM > QA']",
        "1:36: `PM > QA` is not a transition",
    ),
    (
        "persona.transitions = ['PM -> ']",
        "1:24: `PM -> ` is not a transition",
    ),
    (
        "persona.transitions = ['PM -> QA -> DEV']",
        "1:24: `PM -> QA -> DEV` is not a transition",
    ),
    ("paths.test = ['a', '']", "1:20: the glob `` is empty"),
    (
        "paths.test = ['[a']",
        "1:15: the glob `[a` is malformed: unclosed character class; missing ']'",
    ),
    (
        "paths.docs = ['a{b']",
        "1:15: the glob `a{b` is malformed: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)",
    ),
    (
        "paths.docs = ['docs/']",
        "1:15: the glob `docs/` can match nothing: it ends in `/`",
    ),
    (
        "paths.docs = ['/docs/**']",
        "1:15: the glob `/docs/**` can match nothing: paths start at the top without `/`",
    ),
    (
        "branch.release-tags = ['v[']",
        "1:24: the glob `v[` is malformed: unclosed character class; missing ']'",
    ),
    (
        "branch.protected = ['main', 'a b']",
        "1:29: git allows no branch named `a b`",
    ),
    (
        "branch.protected = ['refs/heads/main']",
        "1:21: `branch.protected` takes names without `refs/heads/`",
    ),
    (
        "branch.integration = ['release/*']",
        "1:23: git allows no branch named `release/*`",
    ),
    (
        "branch.integration = ['dev', 'main']",
        "1:30: `main` is both in `branch.protected` and in `branch.integration`",
    ),
    (
        "branch.protected = ['dev']",
        "1:21: `dev` is both in `branch.protected` and in `branch.integration`",
    ),
    (
        "[[check]]\nname = ' '\nkind = 'test'\nrun = ['a']",
        "2:8: a check's name must be readable text",
    ),
    (
        "[[check]]\nname = 'a'\nkind = 'test'\nrun = []",
        "4:7: the check `a` runs no program",
    ),
    (
        "[[check]]\nname = 'a'\nkind = 'test'\nrun = ['']",
        "4:7: the check `a` runs no program",
    ),
    (
        "[[check]]\nname = 'a'\nkind = 'test'\nrun = ['a']\n[[check]]\nname = 'a'\nkind = 'quality'\nrun = ['b']",
        "6:8: two checks are named `a`",
    ),
    (
        "[[check]]\nname = 'a'\nkind = 'test'\nrun = ['a']\ntimeout = '10'",
        "5:11: `10` is not a time limit",
    ),
    (
        "[[check]]\nname = 'a'\nkind = 'test'\nrun = ['a']\npaths = ['**', 'b/']",
        "5:16: the glob `b/` can match nothing: it ends in `/`",
    ),
    (
        "[[check]]\nname = 'a'\nkind = 'test'\nrun = ['a']\nenv = { 'A=B' = 'c' }",
        "5:9: no environment variable can be named `A=B`",
    ),
    (
        "task.id = '['",
        "1:11: `task.id` is not a regular expression: unclosed character class (at its character 1)",
    ),
    (
        "task.id = '[0-9]*'",
        "1:11: `task.id` matches the empty text, so it names no task",
    ),
    (
        "task.id = 'a)(b'",
        "1:11: `task.id` is not a regular expression: unopened group (at its character 2)",
    ),
    (
        "task.id = '(?x)a # b'",
        "1:11: `task.id` is no regular expression once it stands inside a group",
    ),
    (
        "task.id = '(\\w{100}){100}'",
        "1:11: `task.id` is too large when compiled",
    ),
    (
        "task.id = '(?P<task>[0-9]+)'",
        "1:11: `branch.work` with this `task.id` is not a regular expression: duplicate capture group name (at its character 77)",
    ),
    (
        "[branch]\nwork = 'feat/.*'",
        "2:8: `branch.work` must hold `{task}` exactly once: a work branch names its task",
    ),
    (
        "[branch]\nwork = 'feat/({task}'",
        "2:8: `branch.work` is not a regular expression: unclosed group (at its character 6)",
    ),
];

#[test]
fn values_without_sense_are_refused_where_they_stand() {
    for (text, expected) in SENSELESS {
        let error = Policy::parse(text, "x").expect_err(text).to_string();
        let first = error
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("x:"));
        assert_eq!(first, Some(*expected), "{text}");
    }
}
