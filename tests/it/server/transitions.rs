//! What a server let through is written down: a record for each move of a protected branch, each naming the one before.

use serde_json::Value;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::install::on_server;
use super::scene::{RECORDS, Scene};
use crate::keys::EVIDENCE;
use crate::support::{pdd_hooks, set_mode};

/// A record: its name, its predicate, and who claims to have signed it.
struct Written {
    name: String,
    says: Value,
    keyid: String,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// Returns the server's records of moves, by branch and sequence.
fn written(scene: &Scene) -> Vec<Written> {
    let (repo, server) = (&scene.repo, scene.server());
    let list = repo.git_in(&server, &["ls-tree", "-r", "--name-only", RECORDS]);
    let mut found = Vec::new();
    for path in list.stdout.lines() {
        let blob = format!("{RECORDS}:{path}");
        let text = repo
            .git_in(&server, &["cat-file", "blob", &blob])
            .ok()
            .stdout;
        let envelope: Value = serde_json::from_str(&text).unwrap();
        let bytes = |value: &Value| STANDARD.decode(value.as_str().unwrap()).unwrap();
        let payload = bytes(&envelope["payload"]);
        let statement: Value = serde_json::from_slice(&payload).unwrap();
        if statement["predicateType"] != "https://pdd-hooks.dev/transition/v1" {
            continue;
        }
        let signature = &envelope["signatures"][0];
        found.push(Written {
            name: path[3..path.len() - 5].to_owned(),
            says: statement["predicate"].clone(),
            keyid: signature["keyid"].as_str().unwrap().to_owned(),
            signature: bytes(&signature["sig"]),
            payload,
        });
    }
    found.sort_by_key(|one| {
        let says = &one.says;
        (says["ref"].to_string(), says["sequence"].as_u64().unwrap())
    });
    found
}

/// Returns what matters of each record: `main 2 <from>..<to>`, with `+` where it was recovered; commits are named by their
/// place in `names`.
pub(super) fn told(scene: &Scene, names: &[(&str, &str)]) -> Vec<String> {
    let name = |id: &Value| {
        let found = names
            .iter()
            .find(|(_, commit)| Some(*commit) == id.as_str());
        found.map_or_else(|| id.to_string(), |(name, _)| (*name).to_owned())
    };
    let all = written(scene);
    let mut before = None::<&Written>;
    let mut lines = Vec::new();
    for one in &all {
        let says = &one.says;
        let previous = before.filter(|before| before.says["ref"] == says["ref"]);
        let expected = previous.map_or(Value::Null, |previous| previous.name.clone().into());
        assert_eq!(says["previous"], expected, "{says}");
        let branch = says["ref"].as_str().unwrap();
        lines.push(format!(
            "{} {} {}..{}{}",
            branch.trim_start_matches("refs/heads/"),
            says["sequence"],
            name(&says["from"]),
            name(&says["to"]),
            if says["recovered"] == true { " +" } else { "" }
        ));
        before = Some(one);
    }
    lines
}

/// Takes the hook away or puts it back.
fn post_receive(scene: &Scene, is_there: bool) {
    let hook = scene.server().join("hooks/post-receive");
    set_mode(&hook, if is_there { 0o755 } else { 0o644 });
}

/// Adds a branch to the protected ones of the server.
fn protect(scene: &Scene, name: &str) {
    let args = ["install", "--server", "--protected", name];
    let _ = on_server(&scene.repo, &args).ok();
}

#[test]
fn landings_are_written_down_in_a_chain_and_signed_by_the_server() {
    let scene = Scene::new();
    let start = scene.at_server("refs/heads/main");
    let begun = scene.id("HEAD");
    let one = scene.step("a.txt");
    scene.land(&one);
    scene.branch("two", &begun);
    let side = scene.step("b.txt");
    let merge = scene.merge(&one, &side);
    scene.say(&scene.ann, &scene.approval(&one, &side, &merge));
    let _ = scene.push_both(&merge).ok();
    let names = [("start", &*start), ("one", &one), ("merge", &merge)];
    assert_eq!(
        told(&scene, &names),
        ["main 1 start..one", "main 2 one..merge"]
    );
    let public = std::fs::read_to_string(scene.server().join("pdd/server_ed25519.pub")).unwrap();
    let signers = scene.repo.root().join("server-signers");
    let line = format!("server namespaces=\"{EVIDENCE}\" {public}");
    std::fs::write(&signers, line).unwrap();
    for record in written(&scene) {
        assert!(record.keyid.starts_with("SHA256:"));
        let signature = scene.repo.root().join("signature");
        std::fs::write(&signature, &record.signature).unwrap();
        let kind = "application/vnd.in-toto+json";
        let mut bytes =
            format!("DSSEv1 {} {kind} {} ", kind.len(), record.payload.len()).into_bytes();
        bytes.extend_from_slice(&record.payload);
        let mut verify = scene.repo.command("ssh-keygen", scene.repo.root());
        verify.args(["-Y", "verify", "-I", "server", "-n", EVIDENCE, "-f"]);
        verify.arg(&signers).arg("-s").arg(&signature);
        let _ = scene.repo.run(&mut verify, &bytes).ok();
    }
}

#[test]
fn a_record_says_who_pushed_which_tree_of_which_repository() {
    let scene = Scene::new();
    let start = scene.at_server("refs/heads/main");
    let one = scene.step("a.txt");
    scene.approve(&scene.ann, &one);
    let main = format!("{one}:refs/heads/main");
    let args = ["push", "--no-verify", "--atomic", "origin", &main, RECORDS];
    let _ = scene.repo.git_with(&[("REMOTE_USER", "ann")], &args).ok();
    let all = written(&scene);
    let mut says = all[0].says.clone();
    says.as_object_mut().unwrap().remove("time");
    says.as_object_mut().unwrap().remove("approvals");
    assert_eq!(
        says,
        serde_json::json!({
            "tool": concat!("pdd-hooks ", env!("CARGO_PKG_VERSION")),
            "repository": super::scene::NAME,
            "ref": "refs/heads/main",
            "from": start,
            "to": one,
            "pusher": "ann",
            "sequence": 1,
            "previous": null,
            "recovered": false,
        })
    );
    let statement: Value = serde_json::from_slice(&all[0].payload).unwrap();
    assert_eq!(
        statement["subject"],
        serde_json::json!([{ "digest": {
            "gitCommit": one,
            "gitTree": scene.id(&format!("{one}^{{tree}}")),
        } }])
    );
}

#[test]
fn moves_of_other_branches_are_not_written_down() {
    let scene = Scene::new();
    let one = scene.step("a.txt");
    for refspec in [
        "HEAD:refs/heads/feat/TASK-001-more",
        ":refs/heads/feat/TASK-001-more",
    ] {
        let _ = scene.push(&[refspec]).ok();
    }
    let back = format!("+{one}^:refs/heads/feat/TASK-001-more");
    let _ = scene.push(&["HEAD:refs/heads/feat/TASK-001-more"]).ok();
    let _ = scene.push(&[&back]).ok();
    assert_eq!(told(&scene, &[]), [""; 0]);
}

#[test]
fn a_landing_that_the_server_did_not_live_to_write_down_comes_first_at_the_next() {
    let scene = Scene::new();
    let start = scene.at_server("refs/heads/main");
    let one = scene.step("a.txt");
    let two = scene.step("b.txt");
    let three = scene.step("c.txt");
    post_receive(&scene, false);
    scene.land(&one);
    scene.land(&two);
    assert_eq!(told(&scene, &[]), [""; 0]);
    post_receive(&scene, true);
    scene.land(&three);
    let names = [
        ("start", &*start),
        ("one", &one),
        ("two", &two),
        ("three", &three),
    ];
    assert_eq!(
        told(&scene, &names),
        [
            "main 1 start..one +",
            "main 2 one..two +",
            "main 3 two..three"
        ]
    );
    let left = std::fs::read_dir(scene.server().join("pdd/receiving")).unwrap();
    assert_eq!(left.count(), 0);
}

#[test]
fn a_landing_that_left_no_trace_but_the_branch_is_written_down_too() {
    let scene = Scene::new();
    let start = scene.at_server("refs/heads/main");
    let two = {
        scene.step("a.txt");
        scene.step("b.txt")
    };
    let server = scene.server();
    let _ = scene
        .push(&[&format!("{two}:refs/heads/feat/TASK-001-x")])
        .ok();
    let update = ["update-ref", "refs/heads/main", &two];
    let _ = scene.repo.git_in(&server, &update).ok();
    let _ = scene.push(&[":refs/heads/feat/TASK-001-x"]).ok();
    let names = [("start", &*start), ("two", &two)];
    assert_eq!(told(&scene, &names), ["main 1 start..two +"]);
}

#[test]
fn the_same_push_told_twice_is_written_down_once() {
    let scene = Scene::new();
    let start = scene.at_server("refs/heads/main");
    let one = scene.step("a.txt");
    scene.land(&one);
    let two = scene.step("b.txt");
    scene.land(&two);
    let before = scene.at_server(RECORDS);
    for (from, to) in [(&one, &two), (&start, &one), (&start, &two)] {
        let program = pdd_hooks().with_file_name("pdd-post-receive");
        let mut hook = scene.repo.command(program, &scene.server());
        let line = format!("{from} {to} refs/heads/main\n");
        let told = scene.repo.run(hook.env("GIT_DIR", "."), line.as_bytes());
        assert_eq!(told.ok().text(), "exit: 0\n--- stdout\n--- stderr\n");
        assert_eq!(scene.at_server(RECORDS), before);
    }
}

#[test]
fn two_protected_branches_have_a_chain_each() {
    let scene = Scene::new();
    let start = scene.at_server("refs/heads/main");
    let _ = scene.push(&["main:refs/heads/release"]).ok();
    protect(&scene, "release");
    let one = scene.step("a.txt");
    scene.approve(&scene.ann, &one);
    let mut said = scene.approval(&start, &one, &one);
    said["ref"] = "refs/heads/release".into();
    scene.say(&scene.ann, &said);
    let both = [
        "--atomic",
        &format!("{one}:refs/heads/main"),
        &format!("{one}:refs/heads/release"),
        RECORDS,
    ];
    let _ = scene.push(&both).ok();
    let names = [("start", &*start), ("one", &one)];
    assert_eq!(
        told(&scene, &names),
        [
            "main 1 start..one",
            "release 1 null..start +",
            "release 2 start..one"
        ]
    );
}

#[test]
fn pushes_to_two_branches_at_once_are_each_written_down_once() {
    let scene = Scene::new();
    let start = scene.at_server("refs/heads/main");
    let _ = scene.push(&["main:refs/heads/release"]).ok();
    protect(&scene, "release");
    let mut tips = Vec::new();
    for number in 0..4 {
        tips.push(scene.step(&format!("{number}.txt")));
    }
    let mut from = start;
    for tip in &tips {
        for branch in ["main", "release"] {
            let mut said = scene.approval(&from, tip, tip);
            said["ref"] = format!("refs/heads/{branch}").into();
            scene.say(&scene.ann, &said);
        }
        from.clone_from(tip);
    }
    let _ = scene.push(&[RECORDS]).ok();
    std::thread::scope(|scope| {
        for branch in ["main", "release"] {
            let (scene, tips) = (&scene, &tips);
            scope.spawn(move || {
                for tip in tips {
                    let refspec = format!("{tip}:refs/heads/{branch}");
                    let _ = scene.push(&[&refspec]).ok();
                }
            });
        }
    });
    let all = written(&scene);
    for branch in ["main", "release"] {
        let chain: Vec<_> = all
            .iter()
            .map(|one| &one.says)
            .filter(|says| says["ref"] == format!("refs/heads/{branch}"))
            .filter(|says| says["recovered"] == false)
            .map(|says| says["to"].as_str().unwrap())
            .collect();
        assert_eq!(chain, tips, "{branch}");
    }
    // The one that was there before it was protected.
    let late = all.iter().filter(|one| one.says["recovered"] == true);
    assert_eq!(late.count(), 1);
}

#[test]
fn a_record_that_somebody_else_pushed_begins_no_chain() {
    let scene = Scene::new();
    let start = scene.at_server("refs/heads/main");
    let one = scene.step("a.txt");
    let forged = serde_json::json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{ "digest": { "gitTree": scene.id("HEAD^{tree}") } }],
        "predicateType": "https://pdd-hooks.dev/transition/v1",
        "predicate": {
            "tool": "by hand", "time": "2026-11-22T10:15:00Z", "repository": super::scene::NAME,
            "ref": "refs/heads/main", "from": start, "to": one, "pusher": "ann", "sequence": 900,
            "previous": null,
        },
    });
    let line = scene.sign(&scene.agent, EVIDENCE, forged.to_string().as_bytes());
    let name = scene.add(&line);
    scene.land(&one);
    let own: Vec<_> = written(&scene)
        .into_iter()
        .filter(|record| record.name != name)
        .map(|record| record.says["sequence"].clone())
        .collect();
    assert_eq!(own, [1]);
}

#[test]
fn what_cannot_be_written_down_fails_no_push_and_is_made_up_for() {
    let scene = Scene::new();
    let start = scene.at_server("refs/heads/main");
    let one = scene.step("a.txt");
    let key = scene.server().join("pdd/server_ed25519");
    let away = scene.server().join("away");
    std::fs::rename(&key, &away).unwrap();
    scene.approve(&scene.ann, &one);
    let pushed = scene.push_both(&one).ok();
    let said: Vec<_> = pushed
        .stderr
        .lines()
        .filter(|line| line.contains("pdd-hooks: this push is not written down ("))
        .collect();
    assert_eq!(said.len(), 1, "{}", pushed.stderr);
    std::fs::rename(&away, &key).unwrap();
    let two = scene.step("b.txt");
    scene.land(&two);
    let names = [("start", &*start), ("one", &one), ("two", &two)];
    assert_eq!(
        told(&scene, &names),
        ["main 1 start..one +", "main 2 one..two"]
    );
}
