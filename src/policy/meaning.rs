//! What types cannot say: whether the values of a well-formed policy make sense. The first fault is reported by the
//! path of its value; only then is it looked up where that stands in the text.

use super::Policy;
use super::deep_access::{is_prefix, is_sound};
use super::defaults;
use super::document::Step;
use super::error::{quote, suggest};
use super::levels::RULE_NAMES;
use super::names;
use super::pattern::Globs;
use super::sections::CheckBlock;

/// A value without sense.
#[derive(Debug)]
pub(super) struct Fault {
    /// Where it stands, from the top.
    pub(super) path: Vec<Step>,
    /// Whether the key is meant, and not its value.
    pub(super) of_key: bool,
    /// What is wrong, in one sentence.
    pub(super) message: String,
    /// What was probably meant.
    pub(super) hint: Option<String>,
}

impl Fault {
    fn new(path: Vec<Step>, message: impl Into<String>) -> Self {
        Self {
            path,
            of_key: false,
            message: message.into(),
            hint: None,
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// What a judge of one key says.
type Verdict = Result<(), Fault>;

/// Judges every value that has a form beyond its type.
pub(super) fn judge(policy: &Policy) -> Verdict {
    rule_names(policy)?;
    counts(policy)?;
    places(policy)?;
    // Before `words`, which asks them.
    patterns(policy)?;
    words(policy)?;
    transitions(policy)?;
    globs(policy)?;
    branches(policy)?;
    allowed_chains(policy)?;
    for (index, check) in policy.check.iter().enumerate() {
        one_check(check, index, &policy.check[..index])?;
    }
    Ok(())
}

fn key(table: &str, key: &str) -> Vec<Step> {
    vec![Step::Key(table.into()), Step::Key(key.into())]
}

fn item(table: &str, name: &str, index: usize) -> Vec<Step> {
    let mut path = key(table, name);
    path.push(Step::Item(index));
    path
}

fn rule_names(policy: &Policy) -> Verdict {
    for name in policy.rules.keys() {
        if !RULE_NAMES.contains(&name.as_str()) {
            return Err(Fault {
                of_key: true,
                ..Fault::new(
                    key("rules", name),
                    format!("unknown rule {} in `[rules]`", quote(name)),
                )
                .hint(suggest(name, RULE_NAMES, "the rules"))
            });
        }
    }
    for (index, name) in policy.waiver.rules.iter().enumerate() {
        let at = item("waiver", "rules", index);
        if matches!(name.as_str(), "approval" | "policy") {
            return Err(
                Fault::new(at, format!("no waiver may lift the rule `{name}`"))
                    .hint("leave it out: what it finds is mended by an approval"),
            );
        }
        if !RULE_NAMES.contains(&name.as_str()) {
            let message = format!("unknown rule {} in `waiver.rules`", quote(name));
            return Err(Fault::new(at, message).hint(suggest(name, RULE_NAMES, "the rules")));
        }
    }
    Ok(())
}

fn counts(policy: &Policy) -> Verdict {
    if policy.number == 0 {
        let at = vec![Step::Key("policy".into())];
        return Err(Fault::new(at, "`policy` must be 1 or more"));
    }
    let counts = [
        ("message", "max-subject", policy.message.max_subject == 0),
        ("red", "samples", policy.red.samples == 0),
        ("approval", "required", policy.approval.required == 0),
        ("deep-access", "max", policy.deep_access.max == 0),
    ];
    match counts.into_iter().find(|(_, _, is_zero)| *is_zero) {
        Some((table, name, _)) => Err(Fault::new(
            key(table, name),
            format!("`{table}.{name}` must be 1 or more"),
        )),
        None => Ok(()),
    }
}

fn places(policy: &Policy) -> Verdict {
    let files = [
        ("task", "tasklist", &policy.task.tasklist),
        ("task", "changelog", &policy.task.changelog),
        ("task", "devlog", &policy.task.devlog),
        ("persona", "log", &policy.persona.log),
        ("approval", "signers", &policy.approval.signers),
    ];
    for (table, name, path) in files {
        place(path, &format!("{table}.{name}"), || key(table, name))?;
    }
    if policy.persona.log.matches("{task}").count() > 1 {
        return Err(Fault::new(
            key("persona", "log"),
            "`persona.log` may hold `{task}` only once",
        ));
    }
    for (index, path) in policy.validation.carry.iter().enumerate() {
        place(path, "validation.carry", || {
            item("validation", "carry", index)
        })?;
    }
    Ok(())
}

fn place(path: &str, name: &str, at: impl Fn() -> Vec<Step>) -> Verdict {
    names::check_path(path).map_err(|why| {
        Fault::new(at(), format!("`{name}` {why}"))
            .hint("write the path from the top of the repository, such as `context/Tasklist.md`")
    })
}

fn words(policy: &Policy) -> Verdict {
    let types = &policy.message.types;
    if types.is_empty() {
        let message = "`message.types` names no type, so no subject could pass";
        return Err(Fault::new(key("message", "types"), message));
    }
    let lists = [
        ("message", "types", types),
        ("persona", "start", &policy.persona.start),
    ];
    for (table, name, list) in lists {
        if let Some(index) = list.iter().position(|word| !names::is_word(word)) {
            return Err(Fault::new(
                item(table, name, index),
                format!(
                    "`{table}.{name}` holds {}, which is not a word",
                    quote(&list[index])
                ),
            )
            .hint("use letters, digits, `-`, `_` and `.`, without blanks"));
        }
    }
    standing(policy)?;
    // Whoever shortens `message.types` need not repeat `red.types`: a default that names a type too many does no harm.
    if policy.red.types == defaults::red_types() {
        return Ok(());
    }
    match policy
        .red
        .types
        .iter()
        .position(|word| !types.contains(word))
    {
        Some(index) => {
            let word = &policy.red.types[index];
            let message = format!(
                "`red.types` names {}, which `message.types` lacks",
                quote(word)
            );
            let known = types.iter().map(String::as_str);
            Err(
                Fault::new(item("red", "types", index), message).hint(suggest(
                    word,
                    known,
                    "the types",
                )),
            )
        }
        None => Ok(()),
    }
}

/// A default that a `task.id` of one's own does not match names no task, and so does no harm.
fn standing(policy: &Policy) -> Verdict {
    let names = &policy.task.standing;
    if *names == defaults::standing() {
        return Ok(());
    }
    match names.iter().position(|name| !policy.is_task(name)) {
        Some(index) => {
            let message = format!("{} is not a task by `task.id`", quote(&names[index]));
            Err(Fault::new(item("task", "standing", index), message)
                .hint("write it as a commit subject would, without the brackets"))
        }
        None => Ok(()),
    }
}

fn transitions(policy: &Policy) -> Verdict {
    let is_persona = |text: &str| text == "*" || names::is_word(text);
    for (index, step) in policy.persona.transitions.iter().enumerate() {
        let is_step = step
            .split_once("->")
            .is_some_and(|(from, to)| is_persona(from.trim()) && is_persona(to.trim()));
        if !is_step {
            return Err(Fault::new(
                item("persona", "transitions", index),
                format!("{} is not a transition", quote(step)),
            )
            .hint("write `PM -> QA`; `*` stands for any persona"));
        }
    }
    Ok(())
}

/// Lists the globs of a policy, those of its checks aside, with their tables and keys.
pub(super) fn glob_lists(policy: &Policy) -> [(&'static str, &'static str, &Globs); 8] {
    let paths = &policy.paths;
    [
        ("paths", "policy", &paths.policy),
        ("paths", "harness", &paths.harness),
        ("paths", "record", &paths.record),
        ("paths", "test", &paths.test),
        ("paths", "support", &paths.support),
        ("paths", "manifest", &paths.manifest),
        ("paths", "docs", &paths.docs),
        ("branch", "release-tags", &policy.branch.release_tags),
    ]
}

fn globs(policy: &Policy) -> Verdict {
    glob_lists(policy)
        .into_iter()
        .try_for_each(|(table, name, list)| glob_list(list, &key(table, name)))
}

fn glob_list(list: &Globs, at: &[Step]) -> Verdict {
    if list.is_too_long() {
        let message = "the globs of one key may hold 16 KiB of text together";
        return Err(Fault::new(at.to_vec(), message));
    }
    for (index, glob) in list.as_slice().iter().enumerate() {
        one_glob(glob, [at, &[Step::Item(index)]].concat())?;
    }
    Ok(())
}

fn one_glob(glob: &str, at: Vec<Step>) -> Verdict {
    Globs::check(glob).map_err(|(why, hint)| {
        let fault = Fault::new(at, format!("the glob {} {why}", quote(glob)));
        Fault { hint, ..fault }
    })
}

fn allowed_chains(policy: &Policy) -> Verdict {
    let at = key("deep-access", "allow");
    for (index, entry) in policy.deep_access.allow.iter().enumerate() {
        let at = || [&at[..], &[Step::Item(index)]].concat();
        if !is_prefix(entry) {
            one_glob(entry, at())?;
        } else if !is_sound(entry) {
            let fault = Fault::new(at(), format!("no chain begins with {}", quote(entry)));
            return Err(fault.hint("write names, such as `self.`"));
        }
    }
    glob_list(&policy.deep_access.paths(), &at)
}

fn branches(policy: &Policy) -> Verdict {
    let branch = &policy.branch;
    let lists = [
        ("protected", &branch.protected),
        ("integration", &branch.integration),
    ];
    for (name, list) in lists {
        for (index, text) in list.iter().enumerate() {
            let at = || item("branch", name, index);
            if let Some(short) = text.strip_prefix("refs/heads/") {
                let message = format!("`branch.{name}` takes names without `refs/heads/`");
                return Err(Fault::new(at(), message).hint(format!("write {}", quote(short))));
            }
            if !names::is_branch(text) {
                let message = format!("git allows no branch named {}", quote(text));
                return Err(Fault::new(at(), message).hint("see `git help check-ref-format`"));
            }
        }
    }
    let Some(name) = branch
        .integration
        .iter()
        .find(|name| branch.protected.contains(name))
    else {
        return Ok(());
    };
    // The list that was given is to blame, and that is `protected` where the other is at its default.
    let (key, list) = if branch.integration == defaults::integration() {
        ("protected", &branch.protected)
    } else {
        ("integration", &branch.integration)
    };
    let index = list.iter().position(|other| other == name).unwrap_or(0);
    let message = format!(
        "{} is both in `branch.protected` and in `branch.integration`",
        quote(name)
    );
    Err(Fault::new(item("branch", key, index), message)
        .hint("name it in one of them; `integration` is `[\"dev\"]` unless you set it"))
}

/// Judges `task.id` and `branch.work`. The defaults are known to be good (a test holds them), and skipping them saves
/// most repositories that time in each hook.
fn patterns(policy: &Policy) -> Verdict {
    let (id, work) = (&policy.task.id, &policy.branch.work);
    let default_id = id.as_str() == defaults::TASK_ID;
    let default_work = work.as_str() == defaults::WORK_BRANCH;
    if !default_id {
        id.check_id()
            .map_err(|why| Fault::new(key("task", "id"), format!("`task.id` {why}")))?;
    }
    if default_id && default_work {
        return Ok(());
    }
    // A work pattern that is not given can fail only by what `task.id` brings into it.
    let (at, name) = if default_work {
        (key("task", "id"), "`branch.work` with this `task.id`")
    } else {
        (key("branch", "work"), "`branch.work`")
    };
    work.check_work(id)
        .map_err(|why| Fault::new(at, format!("{name} {why}")))
}

fn one_check(check: &CheckBlock, index: usize, earlier: &[CheckBlock]) -> Verdict {
    let at = |key: &str| {
        vec![
            Step::Key("check".into()),
            Step::Item(index),
            Step::Key(key.into()),
        ]
    };
    if check.name.trim().is_empty() || check.name.chars().any(char::is_control) {
        return Err(Fault::new(
            at("name"),
            "a check's name must be readable text",
        ));
    }
    if earlier.iter().any(|other| other.name == check.name) {
        let message = format!("two checks are named {}", quote(&check.name));
        return Err(Fault::new(at("name"), message).hint("give each check a name of its own"));
    }
    if check.run.first().is_none_or(String::is_empty) {
        let message = format!("the check {} runs no program", quote(&check.name));
        return Err(Fault::new(at("run"), message)
            .hint("name the program and its arguments: `run = [\"cargo\", \"test\"]`"));
    }
    if check.time_limit().is_none() {
        let message = format!("{} is not a time limit", quote(&check.timeout));
        return Err(Fault::new(at("timeout"), message)
            .hint("write a whole number and its unit: `90s`, `10m` or `1h`"));
    }
    if let Some(name) = check.env.keys().find(|name| !names::is_variable(name)) {
        let mut path = at("env");
        path.push(Step::Key(name.clone()));
        let message = format!("no environment variable can be named {}", quote(name));
        return Err(Fault {
            of_key: true,
            ..Fault::new(path, message)
        });
    }
    glob_list(&check.paths, &at("paths"))
}
