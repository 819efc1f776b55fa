//! `newsprint announce`: a live site and the endpoints of platforms are servers in this process.

mod answers;
mod ledger;
mod live;
mod pages;
mod platforms;
mod settings;
mod texts;

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use newsprint::Options as BuildOptions;
use newsprint::internals::announce::{self, Limits, Options, Report};
use newsprint::internals::http::Timeouts;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::driver::Digest;
use crate::fetch::server::{Request, Response, Server};

/// The part of webhooks' addresses that no output may have.
const SECRET: &str = "s3cr3t-part-of-the-address";

/// A digest whose site is served, and an endpoint for messages.
struct World {
    digest: Digest,
    /// Serves the files in `public/`.
    site: Server,
    /// Gets the messages.
    hook: Server,
    variables: HashMap<String, String>,
}

/// The folder that the live site shows.
type Shown = Arc<Mutex<Option<PathBuf>>>;

fn serve(folder: &Shown, request: &Request) -> Response {
    let path = percent_decode_str(request.path.trim_start_matches('/')).decode_utf8_lossy().into_owned();
    let Some(root) = folder.lock().unwrap().clone() else { return Response::status(404) };
    let file = if path.is_empty() || path.ends_with('/') { path + "index.html" } else { path };
    fs::read(root.join(file)).map_or_else(|_| Response::status(404), Response::ok)
}

impl World {
    /// A world with one target `t` of these settings. `answer` answers messages.
    fn new(settings: &str, answer: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Self {
        let shown = Shown::default();
        let folder = Arc::clone(&shown);
        let site = Server::start(move |request| serve(&folder, request));
        let hook = Server::start(answer);
        let digest = Digest::bare().file(
            "newsprint.yaml",
            format!(
                "title: 测试日报\nbase_url: {}/\nsearch: off\nannounce:\n  t: {{{settings}}}\n",
                site.address
            ),
        );
        digest.write("templates/announce/own.txt", "{{ digest.title }}");
        *shown.lock().unwrap() = Some(digest.path("public"));
        let variables = [
            ("URL", format!("{}/hook/{SECRET}", hook.address)),
            ("TOKEN", format!("123:{SECRET}")),
            ("CHAT", "-1001234567890".to_owned()),
        ];
        let variables =
            variables.map(|(part, value)| (format!("NEWSPRINT_T_{part}"), value)).into_iter().collect();
        Self { digest, site, hook, variables }
    }

    /// A world whose target knows the first article and takes every message.
    fn known(settings: &str, answer: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Self {
        let world = Self::new(settings, answer);
        world.article("first", "title: 第一篇\ndate: 2026-11-30\n");
        world.digest.build();
        let report = world.announce();
        assert!(report.success && report.targets[0].first_run, "{:?}", report.diagnostics);
        assert_eq!(world.hook.requests().len(), 0);
        world.site.take_log();
        world
    }

    /// Writes an article.
    fn article(&self, name: &str, fields: &str) {
        self.digest.write(&format!("content/articles/{name}.md"), format!("---\n{fields}---\n\n正文。\n"));
    }

    /// Builds the site and announces it.
    fn publish(&self) -> Report {
        self.digest.build();
        self.announce()
    }

    fn announce(&self) -> Report {
        self.announce_with(|_| {})
    }

    fn announce_with(&self, change: impl FnOnce(&mut Options<'_>)) -> Report {
        let get = |name: &str| self.variables.get(name).cloned();
        let mut options = self.options(&get);
        change(&mut options);
        announce::run(&options)
    }

    fn options<'a>(&self, environment: &'a dyn Fn(&str) -> Option<String>) -> Options<'a> {
        let now = time("2026-11-30T12:00:00+08:00");
        let limit = Duration::from_secs(2);
        Options {
            build: BuildOptions { now, ..BuildOptions::new(self.digest.path("")) },
            targets: Vec::new(),
            dry_run: false,
            wait: Duration::ZERO,
            allow_private: true,
            clock: now,
            environment,
            limits: Limits {
                timeouts: Timeouts { headers: limit, whole: limit },
                poll: Duration::from_millis(20),
                second: Duration::from_millis(1),
            },
            on_note: &|_| {},
        }
    }

    /// The bodies of all messages so far, as JSON.
    fn bodies(&self) -> Vec<Value> {
        self.hook.requests().iter().map(|request| serde_json::from_str(&request.body).unwrap()).collect()
    }
}

fn time(written: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(written).unwrap().to_utc()
}

/// Takes every message, as Slack does.
fn ok(_: &Request) -> Response {
    Response::ok("ok")
}

/// The messages of errors and warnings.
fn messages(report: &Report) -> Vec<String> {
    report.diagnostics.iter().map(|found| found.message.clone()).collect()
}
