//! Reads the inputs of a build: configuration, theme, and the list of sources.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::{FORMAT, Fingerprint};
use crate::load::{self, Cache, Sources, Theme};
use crate::pipeline::options::Options;
use crate::pipeline::stopwatch::Stopwatch;
use crate::watchdog::{Task, Watchdog};

/// The inputs of a build, before any article is parsed.
pub(super) struct Inputs {
    pub(super) config: Config,
    pub(super) theme: Theme,
    /// The fingerprint of everything that decides the site but the sources.
    pub(super) settings: Fingerprint,
    pub(super) sources: Sources,
    /// The time of the build. It is not in `settings`: a result holds for a span of times.
    pub(super) now: DateTime<Utc>,
    /// The diagnostics of the configuration and the theme.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The stopwatch of the build, started before the first read.
    pub(super) clock: Stopwatch,
}

impl Inputs {
    /// Reads the inputs. `base_url` of the options replaces that of the configuration.
    pub(super) fn read(options: &Options, cache: &mut Cache, watchdog: &Watchdog) -> Self {
        let (clock, now) = (Stopwatch::start(), options.time());
        let task = watchdog.enter(Task::File(config::FILE));
        let (mut config, mut diagnostics) =
            load::configuration(&options.root, options.config.as_deref(), options.links);
        let broken = diagnostics.iter().any(Diagnostic::is_error);
        match options.base_url() {
            Some(Ok(url)) => config.base_url = url,
            Some(Err(diagnostic)) => diagnostics.push(diagnostic),
            None if config.base_url_is_missing && !broken => {
                let help = tr!(
                    "write `base_url: https://user.github.io/my-digest/`, or build with `--base-url URL`"
                );
                let message = tr!(
                    "`base_url` is missing: feeds, sitemap and canonical links name http://localhost:1111/"
                );
                let place = Place::file(config::FILE);
                diagnostics.push(Diagnostic::warning(message).at(place).help(help));
            }
            None => {}
        }
        drop(task);
        watchdog.allow(Duration::from_secs(config.limits.timeout_s as u64));
        cache.set_reader(&config);
        let mut sources = Sources::find(&options.root, &config, cache);
        let unread = sources.take_unread();
        if broken && load::is_missing(&options.root, options.config.as_deref()) {
            // The folder is not a digest, so its content is not judged.
            sources.diagnostics.clear();
        } else {
            diagnostics.extend(unread);
        }
        let mut theme = load::theme::load(&options.root, options.links, &config.dot_files, cache);
        let has_posters = config.outputs.editions.contains(config::Form::Poster);
        if config.cards.is_on() || has_posters || options.draws {
            match load::fonts::load(&options.root, options.links, &config) {
                Ok(fonts) => theme.fonts = Some(fonts),
                Err(problems) => theme.diagnostics.extend(problems),
            }
        }
        diagnostics.append(&mut theme.diagnostics);
        let program = (FORMAT, env!("CARGO_PKG_VERSION"));
        let settings =
            Fingerprint::of(&(program, format!("{config:?}"), options.drafts, theme.fingerprint()));
        Self { config, theme, settings, sources, now, diagnostics, clock }
    }
}
