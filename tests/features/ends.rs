//! A command that is ended leaves no temporary file in the published folder, and `--json` prints
//! one value, whatever happens.

use std::fs;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::driver::{Digest, newsprint};

/// A template that takes longer than any limit and writes nothing.
const ENDLESS: &str = "{% for i in range(end=100000) %}{% for j in range(end=100000) %}{% for k in range(end=100000) %}{% endfor %}{% endfor %}{% endfor %}";

/// A digest whose 404 page is never rendered to its end.
fn endless(seconds: u32) -> Digest {
    Digest::with_articles(40)
        .file("templates/404.html", ENDLESS)
        .configured(&format!("limits: {{seconds: {seconds}}}"))
}

/// A published digest, of which all pages have changed since and one is never rendered to its end.
fn published_and_endless(seconds: u32) -> Digest {
    let digest = Digest::with_articles(40);
    digest.build();
    let config = digest.read("newsprint.yaml").replace("测试日报", "新名");
    digest
        .file("newsprint.yaml", config)
        .file("templates/404.html", ENDLESS)
        .configured(&format!("limits: {{seconds: {seconds}}}"))
}

/// The names of temporary files and folders in the digest, apart from `.newsprint`.
fn temporary(digest: &Digest) -> Vec<String> {
    walkdir::WalkDir::new(digest.path(""))
        .into_iter()
        .filter_map(Result::ok)
        .map(|entry| entry.path().to_string_lossy().into_owned())
        .filter(|path| {
            path.ends_with(".tmp") && path.contains("/.newsprint-") || path.ends_with(".newsprint-new")
        })
        .collect()
}

/// The only JSON value on standard output.
fn only_value(stdout: &[u8]) -> serde_json::Value {
    serde_json::from_slice(stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(stdout)))
}

fn start(digest: &Digest, arguments: &[&str]) -> Child {
    Command::new(newsprint())
        .args(arguments)
        .current_dir(digest.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn wait_until(what: &str, is_true: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_true() {
        assert!(started.elapsed() < Duration::from_secs(60), "waited for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn send(signal: &str, process: &Child) {
    let sent = Command::new("kill").args(["-s", signal, &process.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// True if a mask of `/proc/PID/status` has a signal; false on other systems than Linux.
#[cfg(unix)]
fn has_signal(process: &str, mask: &str, signal: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let bits = status.lines().find_map(|line| line.strip_prefix(mask)?.strip_prefix(":\t"));
    bits.is_some_and(|bits| u64::from_str_radix(bits, 16).unwrap() & (1 << (signal - 1)) != 0)
}

#[test]
fn a_time_out_leaves_no_temporary_file_and_the_site_as_it_was() {
    let digest = published_and_endless(1);
    let before = digest.site();
    let outcome = digest.run(&["build", "--json"]);
    assert_eq!(outcome.code, 1, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("takes longer than 1 s"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("the published folder is unchanged"), "{}", outcome.stderr);
    assert_eq!(only_value(outcome.stdout.as_bytes())["success"], false);
    assert_eq!(temporary(&digest), Vec::<String>::new());
    assert_eq!(digest.site(), before);

    let digest = endless(1);
    assert_eq!(digest.run(&["build"]).code, 1);
    assert_eq!(temporary(&digest), Vec::<String>::new());
    assert!(!digest.exists("public"));
    digest.remove("templates/404.html");
    digest.build();
}

#[cfg(unix)]
#[test]
fn a_signal_leaves_no_temporary_file_and_the_site_as_it_was() {
    // `nohup` sets SIGHUP to be ignored, also for the commands that a test starts.
    let signals = [("TERM", 143), ("HUP", 129), ("INT", 130)].into_iter();
    let signals = signals.filter(|(signal, _)| *signal != "HUP" || !has_signal("self", "SigIgn", 1));
    let running = signals.map(|(signal, code)| {
        let digest = published_and_endless(120);
        let before = digest.site();
        let process = start(&digest, &["build", "--json"]);
        (digest, before, process, signal, code)
    });
    let running: Vec<_> = running.collect();
    let fresh = endless(120);
    let building = start(&fresh, &["build", "--json", "--quiet"]);
    for (digest, _, process, signal, _) in &running {
        wait_until("a temporary file", || !temporary(digest).is_empty());
        send(signal, process);
    }
    wait_until("a temporary file", || !temporary(&fresh).is_empty());
    send("TERM", &building);
    for (digest, before, process, signal, code) in running {
        let Output { status, stdout, stderr } = process.wait_with_output().unwrap();
        assert_eq!(status.code(), Some(code), "{signal}");
        let stderr = String::from_utf8(stderr).unwrap();
        assert!(stderr.contains(&format!("ended by SIG{signal}")), "{stderr}");
        let report = only_value(&stdout);
        assert_eq!(report["success"], false);
        assert_eq!(report["diagnostics"][0]["message"], format!("ended by SIG{signal}"));
        assert_eq!(temporary(&digest), Vec::<String>::new(), "{signal}");
        assert_eq!(digest.site(), before, "{signal}");
        digest.remove("templates/404.html");
        digest.build();
        assert!(digest.page("index.html").contains("新名"));
    }
    assert_eq!(building.wait_with_output().unwrap().status.code(), Some(143));
    assert_eq!(temporary(&fresh), Vec::<String>::new());
    assert!(!fresh.exists("public"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_ends_commands_that_do_not_build_with_one_json_value() {
    use std::io::Write as _;
    let digest = Digest::new();
    let mut import = start(&digest, &["import", "-", "--json"]);
    // It stays open until the end: `wait_with_output` would close it, and the import could finish
    // before the signal is handled.
    let mut input = import.stdin.take().unwrap();
    input.write_all("标题: 一\n".as_bytes()).unwrap();
    wait_until("the lock", || digest.exists(".newsprint/lock"));
    let endless = endless(120);
    let check = start(&endless, &["check", "--json"]);
    let waiting = Digest::new().file(".newsprint/lock", "4711");
    let lock = fs::File::options().read(true).write(true).open(waiting.path(".newsprint/lock")).unwrap();
    lock.lock().unwrap();
    let mut new = start(&waiting, &["new", "某公司", "--json"]);
    let mut note = [0];
    std::io::Read::read_exact(new.stderr.as_mut().unwrap(), &mut note).unwrap();
    wait_until("a handler", || has_signal(&check.id().to_string(), "SigCgt", 15));
    for process in [import, new, check] {
        send("TERM", &process);
        let output = process.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(143), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(only_value(&output.stdout)["success"], false);
    }
    assert_eq!(temporary(&digest), Vec::<String>::new());
    assert!(!waiting.exists("content"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_hang_up_that_the_parent_ignores_does_not_end_a_command() {
    use std::io::Write as _;
    let digest = Digest::new();
    let mut import = Command::new("sh")
        .args(["-c", "trap '' HUP; exec \"$0\" import - --date 2024-01-01", newsprint()])
        .current_dir(digest.path(""))
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_until("the lock", || digest.exists(".newsprint/lock"));
    send("HUP", &import);
    let mut stdin = import.stdin.take().unwrap();
    stdin.write_all("标题: 一\n链接: https://example.org/1\n总结: 文。\n".as_bytes()).unwrap();
    drop(stdin);
    let output = import.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(digest.path("content/articles").is_dir());
}

#[test]
fn json_is_one_value_at_every_failure() {
    let commands: [&[&str]; 10] = [
        &["build"],
        &["build", "--verify"],
        &["check"],
        &["check", "--terms"],
        &["deploy", "--remote", "nowhere.git"],
        &["import", "in.txt"],
        &["new", "某公司"],
        &["terms", "list"],
        &["terms", "merge", "keywords", "共同", "--into", "别名"],
        &["serve", "--port", "0"],
    ];
    let bad_settings = || Digest::with_articles(1).file("newsprint.yaml", "title: [\n");
    type Failure = (&'static str, fn() -> Digest, &'static [&'static str]);
    let failures: [Failure; 5] = [
        ("outside of a digest", Digest::bare, &[]),
        ("wrong settings", bad_settings, &[]),
        ("no such settings", || Digest::with_articles(1), &["--config", "absent.yaml"]),
        ("no such folder", Digest::bare, &["--root", "absent"]),
        ("a file as state folder", || Digest::with_articles(1).file(".newsprint", "mine"), &[]),
    ];
    for (failure, digest, options) in failures {
        for command in commands {
            // A preview of wrong settings shows the error and goes on; a check writes no state; a
            // list of terms and a check of terms do not either.
            let succeeds = match command[0] {
                "serve" => failure == "wrong settings",
                "check" => failure == "a file as state folder",
                "terms" => failure == "a file as state folder" && command[1] == "list",
                _ => false,
            };
            if succeeds {
                continue;
            }
            let digest = digest().file("in.txt", "标题: 一\n链接: https://example.org/1\n总结: 文。\n");
            let outcome = digest.run(&[command, options, &["--json"]].concat());
            let value: serde_json::Value = serde_json::from_str(&outcome.stdout)
                .unwrap_or_else(|error| panic!("{failure}, {command:?}: {error}: {}", outcome.stdout));
            assert_eq!(outcome.code, 1, "{failure}, {command:?}: {}", outcome.stderr);
            let report = if command[0] == "serve" { &value["report"] } else { &value };
            assert_eq!(report["success"], false, "{failure}, {command:?}");
            assert!(
                !report["diagnostics"].as_array().unwrap().is_empty() || command[0] == "deploy",
                "{value}"
            );
        }
    }
}

#[test]
fn json_is_one_value_when_time_is_up_or_the_lock_is_held() {
    let digest = endless(1).configured("base_url: https://news.example.net.cn/");
    let config = digest.read("newsprint.yaml").replace("base_url: https://example.org/\n", "");
    digest.write("newsprint.yaml", config);
    let folder = Digest::bare();
    let remote = folder.path("");
    let made = Command::new("git").args(["init", "-q", "--bare", "."]).current_dir(&remote).status().unwrap();
    assert!(made.success());
    let deploy = ["deploy", "--remote", remote.to_str().unwrap()];
    let commands: [&[&str]; 3] = [&["check"], &deploy, &["serve", "--port", "0"]];
    let running = commands.map(|command| start(&digest, &[command, &["--json", "-q"]].concat()));
    for process in running {
        let output = process.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(stderr.contains("takes longer than 1 s"), "{stderr}");
        only_value(&output.stdout);
    }
    digest.write(".newsprint/lock", "4711");
    let lock = fs::File::options().read(true).write(true).open(digest.path(".newsprint/lock")).unwrap();
    lock.lock().unwrap();
    for command in [&["build"][..], &deploy] {
        let outcome = digest.run(&[command, &["--json"]].concat());
        assert_eq!(outcome.code, 1);
        assert!(outcome.stderr.contains("(process 4711)"), "{}", outcome.stderr);
        assert_eq!(only_value(outcome.stdout.as_bytes())["success"], false);
    }
}
