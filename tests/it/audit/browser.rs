//! A headless Chromium, driven by the DevTools protocol over two pipes (`--remote-debugging-pipe`): no port, no driver.
//! It knows nothing of what it shows.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use assert_fs::TempDir;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// How long any answer may take: the machine may be busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with one page.
pub(crate) struct Browser {
    child: Child,
    orders: ChildStdin,
    answers: Receiver<Value>,
    session: Value,
    number: u64,
    events: Vec<Value>,
    _profile: TempDir,
}

impl Browser {
    /// Starts Chromium with an empty profile.
    #[track_caller]
    pub(crate) fn start() -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let found = std::env::split_paths(&path).any(|folder| folder.join("chromium").is_file());
        assert!(
            found,
            "no `chromium` on PATH: the page is tested in it; apt-get install chromium"
        );
        let profile = TempDir::new().unwrap();
        // The protocol reads from 3 and writes to 4, which the shell makes of the two pipes.
        let script = "exec chromium \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1";
        let mut child = Command::new("sh")
            .args(["-c", script, "sh", "--headless", "--remote-debugging-pipe"])
            .args(["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
            .args(["--no-first-run", "--disable-background-networking"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = child.stdin.take().unwrap();
        let stdout = child.stdout.take().unwrap();
        let (send, answers) = channel();
        std::thread::spawn(move || {
            for answer in BufReader::new(stdout).split(0) {
                let Ok(bytes) = answer else { break };
                let answer = serde_json::from_slice(&bytes).unwrap();
                if send.send(answer).is_err() {
                    break;
                }
            }
        });
        let mut browser = Self {
            child,
            orders,
            answers,
            session: Value::Null,
            number: 0,
            events: Vec::new(),
            _profile: profile,
        };
        let target = browser.ask("Target.createTarget", json!({"url": "about:blank"}));
        let target = json!({"targetId": target["targetId"], "flatten": true});
        browser.session = browser.ask("Target.attachToTarget", target)["sessionId"].clone();
        for room in ["Page", "Runtime", "Log", "Network"] {
            browser.ask(&format!("{room}.enable"), json!({}));
        }
        browser
    }

    /// Sends one order and waits for its answer.
    #[track_caller]
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        self.number += 1;
        let mut order = json!({"id": self.number, "method": method, "params": params});
        if !self.session.is_null() {
            order["sessionId"] = self.session.clone();
        }
        self.orders.write_all(order.to_string().as_bytes()).unwrap();
        self.orders.write_all(&[0]).unwrap();
        loop {
            let mut answer = self.next(method);
            if answer["id"] == self.number {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].take();
            }
            self.events.push(answer);
        }
    }

    #[track_caller]
    fn next(&self, what: &str) -> Value {
        let answer = self.answers.recv_timeout(PATIENCE);
        answer.unwrap_or_else(|error| panic!("chromium does not answer {what}: {error}"))
    }

    /// Sets the screen: its width, and whether the system is dark.
    #[track_caller]
    pub(crate) fn screen(&mut self, width: u32, is_dark: bool) {
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.ask("Emulation.setDeviceMetricsOverride", size);
        self.ask("Emulation.setScrollbarsHidden", json!({"hidden": true}));
        let theme = if is_dark { "dark" } else { "light" };
        self.media("screen", theme);
    }

    /// Sets the medium and the system's theme.
    #[track_caller]
    pub(crate) fn media(&mut self, media: &str, theme: &str) {
        let theme = json!([{"name": "prefers-color-scheme", "value": theme}]);
        self.ask(
            "Emulation.setEmulatedMedia",
            json!({"media": media, "features": theme}),
        );
    }

    /// Opens a file, at a place of it, and waits until it is loaded.
    #[track_caller]
    pub(crate) fn open(&mut self, file: &Path, place: &str) {
        self.events.clear();
        // A new place of the same file alone would load nothing.
        self.ask("Page.navigate", json!({"url": "about:blank"}));
        self.loaded();
        let url = format!("file://{}{place}", file.display());
        self.ask("Page.navigate", json!({"url": url}));
        self.loaded();
    }

    #[track_caller]
    fn loaded(&mut self) {
        let is_load = |event: &Value| event["method"] == "Page.loadEventFired";
        if let Some(at) = self.events.iter().position(is_load) {
            self.events.remove(at);
            return;
        }
        loop {
            let event = self.next("the page to load");
            if is_load(&event) {
                return;
            }
            self.events.push(event);
        }
    }

    /// Asks the page for the value of an expression.
    #[track_caller]
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let params = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let answer = self.ask("Runtime.evaluate", params);
        let fault = &answer["exceptionDetails"];
        assert!(fault.is_null(), "{expression}: {fault}");
        answer["result"]["value"].clone()
    }

    /// Presses a key, with the text that it types.
    #[track_caller]
    pub(crate) fn press(&mut self, key: &str) {
        let code = match key {
            "Tab" => 9,
            "Enter" => 13,
            "Escape" => 27,
            other => panic!("no code for {other}"),
        };
        let text = if key == "Enter" { "\r" } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let event = json!({"type": kind, "key": key, "code": key, "text": text, "windowsVirtualKeyCode": code});
            self.ask("Input.dispatchKeyEvent", event);
        }
    }

    /// Types a text where the focus is.
    #[track_caller]
    pub(crate) fn type_text(&mut self, text: &str) {
        self.ask("Input.insertText", json!({"text": text}));
    }

    /// Prints to PDF.
    #[track_caller]
    pub(crate) fn print(&mut self) -> Vec<u8> {
        self.media("", "light");
        let answer = self.ask("Page.printToPDF", json!({"printBackground": false}));
        STANDARD.decode(answer["data"].as_str().unwrap()).unwrap()
    }

    /// Returns a picture of the page from a height on, as PNG.
    #[track_caller]
    pub(crate) fn picture(&mut self, from: u32, height: u32) -> Vec<u8> {
        let width = self.value("innerWidth");
        let clip = json!({"x": 0, "y": from, "width": width, "height": height, "scale": 1});
        let params = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
        let answer = self.ask("Page.captureScreenshot", params);
        STANDARD.decode(answer["data"].as_str().unwrap()).unwrap()
    }

    /// Returns what went wrong since the page was opened: errors and warnings of the console, uncaught exceptions,
    /// violations of the security policy, and every request for anything but the file itself.
    #[track_caller]
    pub(crate) fn faults(&mut self) -> Vec<String> {
        // What happened before this answer has been told before it.
        self.value("new Promise((done) => setTimeout(done, 50))");
        self.events.iter().filter_map(fault).collect()
    }
}

fn fault(event: &Value) -> Option<String> {
    let params = &event["params"];
    match event["method"].as_str()? {
        "Runtime.consoleAPICalled" if params["type"] != "log" => Some(params.to_string()),
        "Runtime.exceptionThrown" | "Log.entryAdded" => Some(params.to_string()),
        "Network.requestWillBeSent" => {
            let url = params["request"]["url"].as_str()?;
            // A `data:` asks nobody: the browser draws its own date picker by one.
            let is_local = ["about:blank", "data:"]
                .iter()
                .any(|start| url.starts_with(start));
            let is_page = is_local || (url.starts_with("file:") && params["type"] == "Document");
            (!is_page).then(|| format!("asked for {url}"))
        }
        _ => None,
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Its children go with it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What [`Browser::faults`] returns where all is well.
pub(crate) const NO_FAULTS: Vec<String> = Vec::new();

/// Writes a page where the browser can open it.
pub(crate) fn written(page: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("report.html");
    std::fs::write(&file, page).unwrap();
    (folder, file)
}

/// Keeps a file for whoever looks after the tests: in `$PDD_ARTIFACTS`, else in `artifacts` of cargo's target folder.
pub(crate) fn keep(name: &str, bytes: &[u8]) {
    let folder = match std::env::var_os("PDD_ARTIFACTS") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("artifacts"),
    };
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), bytes).unwrap();
}
