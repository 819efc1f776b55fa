//! Runs `newsprint announce`: finds everything that is wrong, then sends.

use std::io;

use url::Url;

use crate::announce::access::Access;
use crate::announce::articles::{self, ArticleJob};
use crate::announce::ledger::Ledger;
use crate::announce::live::Live;
use crate::announce::news::{Needs, News};
use crate::announce::options::Options;
use crate::announce::pages::{self, PageJob};
use crate::announce::platform::{self, form::Form};
use crate::announce::report::Report;
use crate::announce::send::Sender;
use crate::announce::session::Session;
use crate::config::{self, BaseUrl, Config, Platform, Target};
use crate::diagnostic::{Diagnostic, Place, nearest};
use crate::fs::Root;
use crate::http::Client;
use crate::load::{self, Theme, theme};
use crate::output::Lock;
use crate::pipeline;
use crate::render::announce::{Messages, missing_template};

/// Announces what is new to the targets of a digest.
#[must_use]
pub fn run(options: &Options<'_>) -> Report {
    let mut report = Report { dry_run: options.dry_run, ..Report::default() };
    let plan = match Plan::find(options) {
        Ok(plan) => plan,
        Err(diagnostics) => {
            report.diagnostics = diagnostics;
            return report;
        }
    };
    let state = config::state_folder(&options.build.root);
    let _lock = match (!options.dry_run).then(|| Lock::take(&state)).transpose() {
        Ok(lock) => lock,
        Err(diagnostic) => {
            report.diagnostics.push(diagnostic);
            return report;
        }
    };
    let needs = Needs { pages: plan.has(Platform::IndexNow), feeds: plan.has(Platform::WebSub) };
    let mut collected = None;
    let built = pipeline::inspect(&options.build, &mut |_, _| {}, &mut |built| {
        collected = Some(News::collect(built, needs));
    });
    report.diagnostics = built.diagnostics;
    let news = match collected {
        Some(Ok(news)) => news,
        Some(Err(problems)) => {
            report.diagnostics.extend(problems);
            return report;
        }
        None => return report,
    };
    let client = || Client::new(&plan.config.user_agent(), options.allow_private, options.limits.timeouts);
    let ledger = Ledger::load(&state);
    if ledger.is_damaged {
        report.diagnostics.push(damaged_ledger());
        return report;
    }
    let mut session = Session {
        options,
        sender: Sender::new(client(), options.limits, options.clock, options.on_note),
        live: Live::new(client(), options.wait, options.limits.poll, options.on_note),
        ledger,
        base_url: plan.base_url.url(),
        user_agent: plan.config.user_agent(),
        today: options.build.now.with_timezone(&plan.config.timezone).date_naive(),
        diagnostics: Vec::new(),
        is_stopped: false,
    };
    if let Err(problems) = plan.announce(&news, &mut session, &mut report) {
        session.diagnostics.extend(problems);
    }
    report.diagnostics.append(&mut session.diagnostics);
    report.success = !report.diagnostics.iter().any(Diagnostic::is_error);
    report
}

/// The error of a ledger that cannot be used. Nothing is sent, and it stays as it is: without it,
/// every article would count as announced, also those that are new.
fn damaged_ledger() -> Diagnostic {
    let message = tr!("the ledger .newsprint/announced is damaged, so nothing is announced");
    let help = tr!("restore it, or delete it: then all articles of today and before count as announced");
    Diagnostic::error(message).at(Place::file(config::STATE)).help(help)
}

/// A target that can be reached.
struct Job {
    target: Target,
    access: Access,
    form: Option<&'static Form>,
}

/// What a run needs, found before the first request.
struct Plan {
    config: Config,
    base_url: BaseUrl,
    theme: Theme,
    jobs: Vec<Job>,
}

impl Plan {
    fn has(&self, platform: Platform) -> bool {
        self.jobs.iter().any(|job| job.target.to == platform)
    }

    /// Reads settings, variables and templates.
    ///
    /// # Errors
    /// All that is wrong with them.
    fn find(options: &Options<'_>) -> Result<Self, Vec<Diagnostic>> {
        let build = &options.build;
        let (mut config, found) = load::configuration(&build.root, build.config.as_deref(), build.links);
        if found.iter().any(Diagnostic::is_error) {
            return Err(found);
        }
        // Warnings, such as those of unknown fields, may explain an error.
        let mut problems = found;
        match base_url(options, &config) {
            Ok(base_url) => {
                config.base_url_is_missing = false;
                config.base_url = base_url;
            }
            Err(problem) => problems.push(problem),
        }
        let targets = choose(options, &config).unwrap_or_else(|problem| {
            problems.push(problem);
            Vec::new()
        });
        let theme = theme::messages(&build.root, build.links);
        problems.extend(theme.diagnostics.iter().filter(|found| found.is_error()).cloned());
        let mut jobs = Vec::new();
        for target in targets {
            problems.extend(refuse_missing_template(&target, &theme));
            problems.extend(refuse_missing_key(&target, options));
            let form = platform::form(target.to);
            match Access::read(&target, options.environment, !options.allow_private) {
                Ok(access) if options.dry_run => {
                    jobs.push(Job { target, access: access.masked(), form });
                }
                Ok(access) => jobs.push(Job { target, access, form }),
                Err(_) if options.dry_run => {
                    jobs.extend(Access::unknown().map(|access| Job { target, access, form }));
                }
                Err(found) => problems.extend(found),
            }
        }
        if problems.iter().any(Diagnostic::is_error) {
            return Err(problems);
        }
        let base_url = config.base_url.clone();
        Ok(Self { config, base_url, theme, jobs })
    }

    /// Tells every target what is new.
    ///
    /// # Errors
    /// The templates cannot be parsed.
    fn announce(
        &self,
        news: &News,
        session: &mut Session<'_>,
        report: &mut Report,
    ) -> Result<(), Vec<Diagnostic>> {
        let mut parsed = Vec::new();
        for job in &self.jobs {
            let messages =
                job.form.map(|form| Messages::new(&self.theme, &news.words, form.escape, form.url));
            parsed.push(messages.transpose()?);
        }
        for (job, messages) in self.jobs.iter().zip(parsed) {
            if session.is_stopped {
                break;
            }
            let Job { target, access, .. } = job;
            report.targets.push(match job.form.zip(messages) {
                Some((form, messages)) => {
                    let template = template_name(target, form);
                    let job = ArticleJob { target, form, access, messages: &messages, template };
                    articles::announce(&job, news, session)
                }
                None => pages::announce(&PageJob { target, access }, news, session),
            });
        }
        Ok(())
    }
}

/// The template of a target's messages, by its name below `templates/`.
fn template_name(target: &Target, form: &Form) -> Option<String> {
    let own = target.template.as_ref().map(|name| format!("announce/{name}"));
    own.or_else(|| form.template.map(str::to_owned))
}

fn refuse_missing_template(target: &Target, theme: &Theme) -> Option<Diagnostic> {
    let name = format!("announce/{}", target.template.as_ref()?);
    if theme.templates.contains_key(&name) {
        return None;
    }
    let (message, help) = missing_template(theme, &name);
    let message = tr!("the target `{}`: {message}", target.name, message);
    Some(Diagnostic::error(message).at(target.place.clone()).help(help))
}

/// The error of a key of IndexNow that is not in its file: search engines look for it there.
fn refuse_missing_key(target: &Target, options: &Options<'_>) -> Option<Diagnostic> {
    let key = target.key.as_ref()?;
    let file = format!("static/{key}.txt");
    let root = Root::open(&options.build.root, options.build.links);
    let found = root.read(&file, 1 << 10);
    let problem = match found {
        Ok(bytes) if bytes.trim_ascii() == key.as_bytes() => return None,
        Ok(_) => tr!("does not contain the key and nothing else"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => tr!("is missing"),
        Err(error) => tr!("cannot be read: {error}", error),
    };
    let help = tr!(
        "create {file} with the line {key}, build and deploy; search engines look for it there",
        file,
        key
    );
    let message = tr!("the target `{}`: {file} {problem}", target.name, file, problem);
    Some(Diagnostic::error(message).at(target.place.clone()).help(help))
}

/// The targets that the options name.
fn choose(options: &Options<'_>, config: &Config) -> Result<Vec<Target>, Diagnostic> {
    let all = &config.announce;
    if all.is_empty() {
        let help = tr!("write {}; the guide has a chapter on it", "`announce: {team: {to: feishu}}`");
        return Err(Diagnostic::error(tr!("the settings have no target to announce to"))
            .at(Place::file(config::FILE))
            .help(help));
    }
    let names = || all.iter().map(|target| target.name.as_str());
    for name in &options.targets {
        if names().all(|known| known != name) {
            let help = nearest(name, names()).map_or_else(
                || tr!("the targets are {}", names().collect::<Vec<_>>().join(", ")),
                |near| tr!("did you mean `{near}`?", near),
            );
            return Err(Diagnostic::error(tr!("--to: there is no target `{name}`", name)).help(help));
        }
    }
    let is_chosen = |target: &&Target| options.targets.is_empty() || options.targets.contains(&target.name);
    Ok(all.iter().filter(is_chosen).cloned().collect())
}

/// The address of the live site.
fn base_url(options: &Options<'_>, config: &Config) -> Result<BaseUrl, Diagnostic> {
    if let Some(given) = options.build.base_url() {
        return given;
    }
    if config.base_url_is_missing || Url::parse(&config.base_url.origin).is_err() {
        let help = tr!("write `base_url: https://user.github.io/my-digest/`, or use `--base-url URL`");
        return Err(Diagnostic::error(tr!("`base_url` is missing, so messages would lead nowhere"))
            .at(Place::file(config::FILE))
            .help(help));
    }
    Ok(config.base_url.clone())
}
