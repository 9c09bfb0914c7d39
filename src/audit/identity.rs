//! Whom a commit names, and which of them are programs. The marks are data: what forges, update services and coding agents
//! really sign with. A name alone makes nobody a program: people are called Claude and Devin.

use std::collections::HashSet;

use super::report::{Actor, ActorKind, Part};
use crate::git::{Commit, Mailmap};
use crate::message::Message;

use ActorKind::{Agent, Bot};
use Mark::{Address, Both, Login, NameEnd};

/// By what a program is told; letters' case never matters.
#[derive(Clone, Copy, Debug)]
enum Mark {
    /// Its address.
    Address(&'static str),
    /// Its account at GitHub: `[<number>+]<login>@users.noreply.github.com`.
    Login(&'static str),
    /// What its name begins with, at an address that others use too.
    Both(&'static str, &'static str),
    /// What it adds to a person's name.
    NameEnd(&'static str),
}

/// The first that fits says what somebody is.
const MARKS: &[(ActorKind, Mark)] = &[
    // Claude Code, and its GitHub app.
    (Agent, Address("noreply@anthropic.com")),
    (Agent, Address("claude@anthropic.com")),
    (Agent, Login("claude[bot]")),
    (Agent, Login("claude")),
    // GitHub Copilot: coding agent, command line, suggestions in reviews, chat.
    (Agent, Login("copilot")),
    (Agent, Login("copilot-swe-agent[bot]")),
    (Agent, Login("github-copilot[bot]")),
    (Agent, Address("copilot@github.com")),
    (Agent, Both("copilot", "noreply@github.com")),
    (Agent, Both("github copilot", "noreply@github.com")),
    (
        Agent,
        Both(
            "copilot autofix",
            "62310815+github-advanced-security[bot]@users.noreply.github.com",
        ),
    ),
    // Codex.
    (Agent, Address("noreply@openai.com")),
    (Agent, Address("codex@openai.com")),
    (Agent, Login("chatgpt-codex-connector[bot]")),
    (Agent, Login("openai-codex[bot]")),
    // Cursor.
    (Agent, Address("cursoragent@cursor.com")),
    (Agent, Address("agent@cursor.com")),
    (Agent, Login("cursor[bot]")),
    // Devin.
    (Agent, Login("devin-ai-integration[bot]")),
    (Agent, Address("devin@cognition.ai")),
    // Gemini and Jules.
    (Agent, Login("gemini-code-assist[bot]")),
    (Agent, Login("gemini-cli[bot]")),
    (Agent, Login("gemini-cli")),
    (Agent, Address("gemini-cli@google.com")),
    (Agent, Both("gemini", "noreply@google.com")),
    (Agent, Login("google-labs-jules[bot]")),
    (Agent, Address("jules@google.com")),
    // aider: a trailer, and behind the person's name.
    (Agent, Address("noreply@aider.chat")),
    (Agent, Address("aider@aider.chat")),
    (Agent, NameEnd(" (aider)")),
    // OpenHands.
    (Agent, Address("openhands@all-hands.dev")),
    (Agent, Login("openhands-agent")),
    (Agent, Login("openhands-ai[bot]")),
    // Others.
    (Agent, Address("amp@ampcode.com")),
    (Agent, Login("amp-agent[bot]")),
    (Agent, Address("noreply@opencode.ai")),
    (Agent, Login("opencode-agent[bot]")),
    (Agent, Address("crush@charm.land")),
    (Agent, Address("noreply@continue.dev")),
    (Agent, Address("qwen-coder@alibabacloud.com")),
    (Agent, Address("traecli@bytedance.com")),
    (Agent, Address("agent@warp.dev")),
    (Agent, Address("junie@jetbrains.com")),
    (Agent, Login("jetbrains-junie[bot]")),
    (Agent, Login("coderabbitai[bot]")),
    (Agent, Login("factory-droid[bot]")),
    (Agent, Login("codegen-sh[bot]")),
    (Agent, Login("sweep-ai[bot]")),
    (Agent, Login("ellipsis-dev[bot]")),
    (Agent, Login("roomote[bot]")),
    (Agent, Login("gpt-engineer-app[bot]")),
    (Agent, Login("lovable-dev[bot]")),
    (Agent, Login("v0[bot]")),
    // Forges themselves: merges and edits by their pages.
    (Bot, Address("noreply@github.com")),
    (Bot, Address("noreply@gitlab.com")),
    (Bot, Login("web-flow")),
    // Jobs.
    (Bot, Address("actions@github.com")),
    (Bot, Address("action@github.com")),
    (Bot, Address("github-actions@github.com")),
    (Bot, Login("github-actions")),
    (Bot, Address("travis@travis-ci.org")),
    // Updates of dependencies.
    (Bot, Address("support@dependabot.com")),
    (Bot, Login("dependabot")),
    (Bot, Address("bot@renovateapp.com")),
    (Bot, Address("renovate@whitesourcesoftware.com")),
    (Bot, Address("bot@mend.io")),
    (Bot, Address("support@greenkeeper.io")),
    (Bot, Address("snyk-bot@snyk.io")),
    (Bot, Address("github-bot@pyup.io")),
    (Bot, Login("renovate-bot")),
    (Bot, Login("snyk-bot")),
    (Bot, Login("pyup-bot")),
    (Bot, Login("scala-steward")),
    // Releases, merge queues, translations.
    (Bot, Address("semantic-release-bot@martynus.net")),
    (Bot, Address("bors@rust-lang.org")),
    (Bot, Login("bors")),
    (Bot, Login("k8s-ci-robot")),
    (Bot, Login("rust-timer")),
    (Bot, Address("hosted@weblate.org")),
    (Bot, Address("noreply@weblate.org")),
    (Bot, Address("support@crowdin.com")),
    (Bot, Address("imgbothelp@gmail.com")),
    (Bot, Address("gardener@tensorflow.org")),
];

/// What GitHub apps end their names and logins with.
const APP: &str = "[bot]";
/// The addresses of accounts at GitHub.
const GITHUB: &str = "@users.noreply.github.com";

impl Mark {
    /// Takes name, address and login in lower case.
    fn fits(self, name: &str, email: &str, login: Option<&str>) -> bool {
        match self {
            Address(address) => email == address,
            Login(account) => login == Some(account),
            Both(start, address) => {
                let rest = name.strip_prefix(start);
                let is_word = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric());
                email == address && rest.is_some_and(is_word)
            }
            NameEnd(end) => name.ends_with(end),
        }
    }
}

/// Says what somebody is, as far as name and address tell.
pub fn kind(name: &str, email: &str) -> ActorKind {
    let (name, email) = (name.to_lowercase(), email.to_lowercase());
    let account = email.strip_suffix(GITHUB);
    let login = account.map(|account| match account.split_once('+') {
        Some((_, login)) => login,
        None => account,
    });
    let mut marks = MARKS.iter();
    if let Some((kind, _)) = marks.find(|(_, mark)| mark.fits(&name, &email, login)) {
        return *kind;
    }
    let is_app = name.ends_with(APP) || login.is_some_and(|login| login.ends_with(APP));
    match is_app || is_gitlab_bot(&email) {
        true => Bot,
        false => ActorKind::Person,
    }
}

/// Knows the accounts of GitLab's access tokens: `project_12_bot_3f@noreply.gitlab.example`.
fn is_gitlab_bot(email: &str) -> bool {
    let Some((account, host)) = email.split_once('@') else {
        return false;
    };
    let rest = account.strip_prefix("project_");
    let rest = rest.or_else(|| account.strip_prefix("group_"));
    let number = rest.and_then(|rest| rest.split_once("_bot"));
    host.starts_with("noreply.")
        && number.is_some_and(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Lists whom a commit names, each address once: author, committer, then those of `Co-authored-by`.
pub fn actors(commit: &Commit, message: &Message, people: &Mailmap) -> Vec<Actor> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut add = |name: &str, email: &str, role: Part| {
        let (name, email) = people.resolve(name.to_owned(), email.to_owned());
        // Without an address a name is all that there is.
        let key = match email.is_empty() {
            true => name.to_lowercase(),
            false => email.to_lowercase(),
        };
        if (name.is_empty() && email.is_empty()) || !seen.insert(key) {
            return;
        }
        let kind = kind(&name, &email);
        found.push(Actor {
            name,
            email,
            role,
            kind,
        });
    };
    let (author, committer) = (&commit.author, &commit.committer);
    add(&author.name, &author.email, Part::Author);
    add(&committer.name, &committer.email, Part::Committer);
    for trailer in &message.trailers {
        if trailer.name.eq_ignore_ascii_case("Co-authored-by") {
            let (name, email) = identity(&trailer.value);
            add(name, email, Part::CoAuthor);
        }
    }
    found
}

/// Reads `Ann Example <ann@example.org>`, and what people write in place of it: a name alone, an address alone.
fn identity(text: &str) -> (&str, &str) {
    match text.split_once('<') {
        Some((name, rest)) => {
            let email = rest.split_once('>').map_or(rest, |(email, _)| email);
            (name.trim(), email.trim())
        }
        None if text.contains('@') && !text.trim().contains(' ') => ("", text.trim()),
        None => (text.trim(), ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_told_by_what_they_sign_with() {
        for (expected, text) in [
            (Agent, "Claude <noreply@anthropic.com>"),
            (Agent, "Claude Opus 4.5 <NoReply@Anthropic.com>"),
            (
                Agent,
                "claude[bot] <209825114+claude[bot]@users.noreply.github.com>",
            ),
            (
                Agent,
                "Copilot <223556219+Copilot@users.noreply.github.com>",
            ),
            (
                Agent,
                "copilot-swe-agent[bot] <198982749+Copilot@users.noreply.github.com>",
            ),
            (Agent, "GitHub Copilot <noreply@github.com>"),
            (
                Agent,
                "Copilot Autofix powered by AI <62310815+github-advanced-security[bot]@users.noreply.github.com>",
            ),
            (Agent, "Codex <codex@openai.com>"),
            (Agent, "Cursor Agent <cursoragent@cursor.com>"),
            (
                Agent,
                "Devin AI <158243242+devin-ai-integration[bot]@users.noreply.github.com>",
            ),
            (
                Agent,
                "google-labs-jules[bot] <161369871+google-labs-jules[bot]@users.noreply.github.com>",
            ),
            (Agent, "Gemini <noreply@google.com>"),
            (Agent, "aider (gpt-4o) <noreply@aider.chat>"),
            (Agent, "Ann Example (aider) <ann@example.org>"),
            (Agent, "openhands <openhands@all-hands.dev>"),
            (Agent, "Amp <amp@ampcode.com>"),
            (
                Bot,
                "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>",
            ),
            (
                Bot,
                "renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>",
            ),
            (Bot, "Renovate Bot <bot@renovateapp.com>"),
            (
                Bot,
                "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>",
            ),
            (Bot, "github-actions <github-actions@github.com>"),
            (Bot, "GitHub <noreply@github.com>"),
            (Bot, "our-app[bot] <our-app@example.org>"),
            (Bot, "deploy <project_12_bot_3f@noreply.gitlab.example>"),
        ] {
            let (name, email) = identity(text);
            assert_eq!(kind(name, email), expected, "{text}");
        }
    }

    #[test]
    fn people_are_people_whatever_they_are_called() {
        for text in [
            "Claude Monet <claude@example.org>",
            "Claude <claude@users.noreply.example.org>",
            "Claude",
            "Devin Smith <devin@example.org>",
            "Gemini Ganesan <gemini@google.com>",
            "Cursor <ann@cursor.com>",
            "Ann <ann@anthropic.com>",
            "Ann <ann@openai.com>",
            "Copilot Jones <12+copilotjones@users.noreply.github.com>",
            "Abbot <abbot@example.org>",
            "Robot <robot@users.noreply.github.com>",
            "Ann aider <ann@example.org>",
            "Geminiano <noreply@google.com>",
        ] {
            let (name, email) = identity(text);
            assert_eq!(kind(name, email), ActorKind::Person, "{text}");
        }
    }

    #[test]
    fn marks_are_written_in_the_case_they_are_compared_in() {
        for (_, mark) in MARKS {
            let (one, other) = match *mark {
                Address(text) | Login(text) | NameEnd(text) => (text, ""),
                Both(one, other) => (one, other),
            };
            for text in [one, other] {
                assert_eq!(text, text.to_lowercase());
            }
        }
    }
}
