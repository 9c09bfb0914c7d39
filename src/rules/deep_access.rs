//! PDD014 deep-access: new source does not reach through one object into the next.

use super::{Check, Rule};
use crate::change::{AddedChain, Change, Kind};
use crate::finding::Finding;
use crate::policy::Policy;

/// PDD014.
pub(super) const RULE: Rule = Rule {
    code: "PDD014",
    name: "deep-access",
    summary: "added source that reaches through more attributes than the policy allows; off unless the policy asks",
    explain: "\
## Requires
Added lines of source in Python, JavaScript, TypeScript and Rust hold no chain of attributes with more names than
`deep-access.max`: where it is 3, `a.b.c` passes and `a.b.c.d` does not. The rule is off by default.

## Why
`order.customer.account.status` knows how three other objects are made. It breaks when any of them changes or is missing,
and no test of the order sees it coming.

## Passes
- lines that were there before, also where they were moved, re-indented, or their file was renamed
- what is called: in `a.b.c.save()` three names count. What follows a call begins anew, the call being its first name: chains
  of calls such as `iter().map().collect()` are requests, and none of them looks into what it is answered
- `a?.b?.c?.d ?? none` in JavaScript: `?.` begins anew, because it is the access that falls back which this rule asks
  for. So does `?` in Rust
- imports, types, decorators, what a class is made of, elements of JSX, attributes and the definitions of macros in Rust
- modules: a path such as `std::env::consts::OS` counts as one name, and so does `a.b.c` after `import a.b.c`
- tests, Rust's `#[cfg(test)]` items included; Go; files larger than 1 MiB; squash landings and the adopting commit

## Refused
- `status = order.customer.account.status`; `self` and `this` count like any other name
- `a.b[0].c.d`, `a.b!.c.d` and `(a.b).c.d`: numbers and parentheses lead on and count nothing
- the same within a macro's parentheses, a template or an f-string; one finding a line, for its longest chain

## Settings
`rules.deep-access` is `off`, `warn` or `error`. `deep-access.max` counts names. `deep-access.allow` lists globs of paths
that are left alone, and beginnings of chains, which end in `.` or `::` and are not counted: with `self.`, `self.a.b.c` has
three names, and `self.a.b.c.d` is still refused.

## How to fix
Ask the first object for what is needed and let it answer: `order.status()`. Or hand over the part that is needed instead of
the whole. Where the way cannot be shortened, walk it in one function that falls back where a step is missing.
",
    checks: &[Check::Tree(check)],
};

fn check(change: &Change, policy: &Policy) -> Vec<Finding> {
    if is_exempt(change) {
        return Vec::new();
    }
    let mut deepest: Vec<(&AddedChain, Excess<'_>)> = Vec::new();
    for chain in &change.chains {
        let Some(excess) = excess(chain, policy) else {
            continue;
        };
        let is_beside = |(other, _): &&mut (&AddedChain, Excess<'_>)| {
            (&other.path, other.line) == (&chain.path, chain.line)
        };
        match deepest.last_mut().filter(is_beside) {
            Some(other) if other.1.count < excess.count => *other = (chain, excess),
            Some(_) => {}
            None => deepest.push((chain, excess)),
        }
    }
    let deepest = deepest.into_iter();
    deepest
        .map(|(chain, excess)| too_deep(chain, &excess, policy))
        .collect()
}

/// Says whether the rule looks at the chains that a change adds.
pub fn asks(change: &Change, policy: &Policy) -> bool {
    policy.level(RULE.name).is_some() && !is_exempt(change)
}

fn is_exempt(change: &Change) -> bool {
    matches!(change.kind, Kind::Adoption | Kind::Squash)
}

/// How long a chain is that is too long.
struct Excess<'p> {
    count: usize,
    prefix: Option<&'p str>,
}

fn excess<'p>(chain: &AddedChain, policy: &'p Policy) -> Option<Excess<'p>> {
    let (prefix, taken) = policy.deep_access.prefix_of(&chain.names).unzip();
    let count = chain.names.len() - taken.unwrap_or(0);
    (count > policy.deep_access.max as usize).then_some(Excess { count, prefix })
}

fn too_deep(chain: &AddedChain, excess: &Excess<'_>, policy: &Policy) -> Finding {
    let (text, count, most) = (&chain.text, excess.count, policy.deep_access.max);
    let after = excess
        .prefix
        .map_or(String::new(), |prefix| format!(" after `{prefix}`"));
    let is = if most == 1 { "is" } else { "are" };
    let first = chain.names.first().map_or("", String::as_str);
    let last = chain.names.last().map_or("", String::as_str);
    RULE.finding(format!(
        "`{text}` has {count} names{after}, {most} {is} allowed"
    ))
    .at(&*chain.path, Some(chain.line))
    .help(format!(
        "let `{first}` answer for `{last}` itself, hand over what holds `{last}`, or read it in one function that falls back where a step is missing"
    ))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{change, merge, said};
    use super::*;
    use crate::policy::RuleLevel;

    fn chain(line: u32, text: &str) -> AddedChain {
        AddedChain {
            path: "src/order.py".into(),
            line,
            text: text.into(),
            names: text.split('.').map(str::to_owned).collect(),
        }
    }

    fn judged(chains: &[(u32, &str)], policy: &str) -> Vec<String> {
        let policy = Policy::parse(policy, "x").unwrap();
        let chains = chains.iter().map(|(line, text)| chain(*line, text));
        let change = Change {
            chains: chains.collect(),
            ..change()
        };
        let findings = check(&change, &policy).into_iter();
        // The mend is the same in each of them.
        let words = findings.map(|finding| Finding {
            help: None,
            ..finding
        });
        said(&words.collect::<Vec<_>>())
    }

    fn refused(line: u32, words: &str) -> String {
        format!("{words} (src/order.py:{line}); no help")
    }

    #[test]
    fn one_name_too_many_is_refused_with_path_line_and_mend() {
        let change = Change {
            chains: vec![chain(3, "order.customer.account.status")],
            ..change()
        };
        assert_eq!(
            said(&check(&change, &Policy::default())),
            [
                "`order.customer.account.status` has 4 names, 3 are allowed (src/order.py:3); let `order` answer for `status` itself, hand over what holds `status`, or read it in one function that falls back where a step is missing"
            ]
        );
    }

    #[test]
    fn what_the_policy_allows_passes() {
        assert_eq!(judged(&[(1, "a.b.c")], ""), [""; 0]);
        assert_eq!(judged(&[(1, "a.b.c.d")], "deep-access.max = 4"), [""; 0]);
        assert_eq!(
            judged(&[(1, "a.b")], "deep-access.max = 1"),
            [refused(1, "`a.b` has 2 names, 1 is allowed")]
        );
    }

    #[test]
    fn an_allowed_beginning_is_not_counted() {
        let allow = "deep-access.allow = ['self.', 'std::']";
        let chains = [(1, "self.a.b.c"), (2, "self.a.b.c.d"), (3, "a.self.b.c")];
        assert_eq!(
            judged(&chains, allow),
            [
                refused(2, "`self.a.b.c.d` has 4 names after `self.`, 3 are allowed"),
                refused(3, "`a.self.b.c` has 4 names, 3 are allowed"),
            ]
        );
    }

    #[test]
    fn a_line_is_told_once_by_its_longest_chain() {
        let chains = [
            (1, "a.b.c.d"),
            (1, "e.f.g.h.i"),
            (1, "j.k.l.m"),
            (2, "a.b.c.d"),
        ];
        assert_eq!(
            judged(&chains, ""),
            [
                refused(1, "`e.f.g.h.i` has 5 names, 3 are allowed"),
                refused(2, "`a.b.c.d` has 4 names, 3 are allowed"),
            ]
        );
    }

    #[test]
    fn merges_are_judged_and_adoption_and_squash_are_not() {
        let mut policy = Policy::default();
        assert!(!asks(&change(), &policy));
        policy.rules.insert(RULE.name.into(), RuleLevel::Warn);
        let of = |kind| Change {
            kind,
            chains: vec![chain(1, "a.b.c.d")],
            ..merge(&["src/order.py"])
        };
        let count = |kind| {
            let change = of(kind);
            let count = check(&change, &policy).len();
            assert_eq!(asks(&change, &policy), count > 0);
            count
        };
        assert_eq!(count(Kind::Merge), 1);
        assert_eq!(count(Kind::Adoption), 0);
        assert_eq!(count(Kind::Squash), 0);
    }
}
