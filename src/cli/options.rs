//! Converts parsed arguments to the options of the library's functions.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::ValueEnum;

use crate::cli::{
    AiPart, AnnounceArgs, BuildArgs, CheckArgs, Cli, DeployArgs, EditionArgs, EditionForm, Generator,
    ImportArgs, ImportFormat, ServeArgs, Whose,
};
use newsprint::internals::config::{Ai, Form};
use newsprint::internals::diagnostic::Diagnostic;
use newsprint::internals::edition::EditionOptions;
use newsprint::internals::import::files::Format;
use newsprint::internals::{announce, check, deploy, import, serve};
use newsprint::{Options, SymlinkPolicy};

impl Cli {
    /// The policy for symbolic links that lead out of the digest (`--outside-links`).
    #[must_use]
    pub(crate) fn links(&self) -> SymlinkPolicy {
        if self.outside_links { SymlinkPolicy::Anywhere } else { SymlinkPolicy::Inside }
    }

    /// Options of a build at the time `now`.
    #[must_use]
    pub(crate) fn build_options(&self, args: &BuildArgs, now: DateTime<Utc>) -> Options {
        Options {
            output: args.output_dir.clone(),
            drafts: args.drafts,
            strict: args.strict,
            force: args.force,
            ..self.plain_build(args.base_url.as_ref(), now)
        }
    }

    /// Options of a build without flags at the time `now`; `base_url` replaces that of
    /// newsprint.yaml.
    fn plain_build(&self, base_url: Option<&String>, now: DateTime<Utc>) -> Options {
        Options {
            config: self.config.clone(),
            base_url: base_url.cloned(),
            links: self.links(),
            now,
            ..Options::new(&self.root)
        }
    }

    /// Options of a check of the site at the time `now`, which runs at the time `clock`.
    #[must_use]
    pub(crate) fn check_options(
        &self,
        args: &CheckArgs,
        now: DateTime<Utc>,
        clock: DateTime<Utc>,
    ) -> check::Options {
        check::Options {
            build: Options {
                output: args.output_dir.clone(),
                drafts: args.drafts,
                ..self.plain_build(args.base_url.as_ref(), now)
            },
            clock,
            terms_only: args.terms,
            strict: args.strict,
            allowed: args.allow.clone(),
            external: args.external.then_some(check::External { private: args.private }),
            published: None,
        }
    }

    /// Options of a deployment of the site at the time `now`.
    #[must_use]
    pub(crate) fn deploy_options(&self, args: &DeployArgs, now: DateTime<Utc>) -> deploy::Options {
        deploy::Options {
            check: self.deploy_check(args, now),
            remote: args.remote.clone(),
            branch: args.branch.clone(),
            message: args.message.clone().filter(|text| !text.trim().is_empty()),
            force: args.force,
            dry_run: args.dry_run,
        }
    }

    /// Options of announcements of the site at the time `now`, at the time `clock`. `environment`
    /// gives variables, `on_note` is called while the command waits.
    #[must_use]
    pub(crate) fn announce_options<'a>(
        &self,
        args: &AnnounceArgs,
        (now, clock): (DateTime<Utc>, DateTime<Utc>),
        environment: &'a dyn Fn(&str) -> Option<String>,
        on_note: &'a dyn Fn(&str),
    ) -> announce::Options<'a> {
        announce::Options {
            build: self.plain_build(args.base_url.as_ref(), now),
            targets: args.targets.clone(),
            dry_run: args.dry_run,
            wait: Duration::from_secs(u64::from(args.wait)),
            allow_private: args.allow_private,
            clock,
            environment,
            limits: announce::Limits::default(),
            on_note,
        }
    }

    /// Options of a deployment to stores of the site at the time `now`. `progress` is called with
    /// the number of bytes sent and the total.
    #[must_use]
    pub(crate) fn store_options<'a>(
        &self,
        args: &DeployArgs,
        now: DateTime<Utc>,
        note: Arc<dyn Fn(&str) + Send + Sync>,
        progress: &'a (dyn Fn(u64, u64) + Sync),
    ) -> deploy::store::Options<'a> {
        deploy::store::Options {
            check: self.deploy_check(args, now),
            to: args.to.clone(),
            replace: args.replace,
            allow_private: args.allow_private,
            then: args.then.clone(),
            dry_run: args.dry_run,
            note,
            progress,
        }
    }

    /// Options of the check before a deployment.
    fn deploy_check(&self, args: &DeployArgs, now: DateTime<Utc>) -> check::Options {
        check::Options {
            build: Options { strict: args.strict, ..self.plain_build(args.base_url.as_ref(), now) },
            clock: now,
            terms_only: false,
            strict: args.strict,
            allowed: args.allow.clone(),
            external: None,
            published: None,
        }
    }

    /// Options of an edition at the time `now`. `is_terminal` says whether standard output is a
    /// terminal.
    #[must_use]
    pub(crate) fn edition_options(
        &self,
        args: &EditionArgs,
        now: DateTime<Utc>,
        is_terminal: bool,
    ) -> EditionOptions {
        EditionOptions {
            build: Options {
                drafts: args.drafts,
                draws: matches!(args.form, EditionForm::Poster),
                ..self.plain_build(args.base_url.as_ref(), now)
            },
            wanted: args.edition,
            form: match args.form {
                EditionForm::Mail => Form::Mail,
                EditionForm::Wechat => Form::Wechat,
                EditionForm::Text => Form::Text,
                EditionForm::Markdown => Form::Markdown,
                EditionForm::Epub => Form::Epub,
                EditionForm::Poster => Form::Poster,
            },
            // `-` is standard output, as for other programs.
            output: args.output.clone().filter(|file| file.as_os_str() != "-"),
            limit: args.limit.map(|limit| limit as usize),
            eml: args.eml,
            unsubscribe: args.unsubscribe.clone(),
            from: args.from.clone(),
            to: args.to.clone(),
            may_return_binary: !is_terminal && !self.json,
        }
    }

    /// Options of an import. `now` gives the date of `--date today`; `progress` is called with the
    /// number of bytes read and the total, `on_wait` with a message if another process has the
    /// lock.
    #[must_use]
    pub(crate) fn import_options<'a>(
        &self,
        args: &'a ImportArgs,
        now: DateTime<Utc>,
        progress: &'a (dyn Fn(u64, u64) + Sync),
        on_wait: &'a (dyn Fn(&str) + Sync),
    ) -> import::Options<'a> {
        let format = args.format.map(|format| match format {
            ImportFormat::Records => Format::Records,
            ImportFormat::Json => Format::Json,
            ImportFormat::Csv => Format::Csv,
            ImportFormat::Feed => Format::Feed,
        });
        import::Options {
            files: &args.files,
            into: &args.into,
            date: args.date.as_deref(),
            now,
            format,
            generator: args.from.map(generator),
            encoding: args.encoding,
            scheme: args.alias.as_ref(),
            ai: args.ai.map(|part| match part {
                AiPart::Generated => Ai::Generated,
                AiPart::Assisted => Ai::Assisted,
                AiPart::None => Ai::None,
            }),
            reviewed: args.reviewed,
            raw: args.raw,
            images: args.images,
            allow_private: args.allow_private,
            on_timeout: None,
            update: match args.update {
                None => import::Update::Ask,
                Some(Whose::Theirs) => import::Update::Theirs,
                Some(Whose::Ours) => import::Update::Ours,
            },
            dry_run: args.dry_run,
            progress: Some(progress),
            on_wait,
        }
    }

    /// Options of a preview: of the site at the time `now`, or if `--now` is not given, at the time
    /// of each build.
    #[must_use]
    pub(crate) fn serve_options(&self, args: &ServeArgs, now: DateTime<Utc>) -> serve::Options {
        let clock: Option<fn() -> DateTime<Utc>> = args.now.is_none().then_some(Utc::now);
        serve::Options {
            build: Options { drafts: args.drafts, clock, ..self.plain_build(args.base_url.as_ref(), now) },
            interface: args.interface,
            port: args.port,
            open: args.open,
            poll: args.poll,
        }
    }
}

/// The generator that an argument names.
fn generator(written: Generator) -> import::Generator {
    match written {
        Generator::Hugo => import::Generator::Hugo,
        Generator::Zola => import::Generator::Zola,
        Generator::Hexo => import::Generator::Hexo,
        Generator::Jekyll => import::Generator::Jekyll,
        Generator::Eleventy => import::Generator::Eleventy,
        Generator::Astro => import::Generator::Astro,
        Generator::VitePress => import::Generator::VitePress,
        Generator::Pelican => import::Generator::Pelican,
        Generator::WordPress => import::Generator::WordPress,
        Generator::Obsidian => import::Generator::Obsidian,
    }
}

/// The generator and the folder of the old site in the arguments of `init --from`.
///
/// # Errors
/// The first argument is not the name of a generator.
pub(crate) fn old_site(arguments: &[String]) -> Result<(import::Generator, &Path), Box<Diagnostic>> {
    let [name, path] = arguments else {
        return Err(Box::new(Diagnostic::error(tr!("--from needs a generator and the folder of its site"))));
    };
    let written = Generator::from_str(name, true).map_err(|_| {
        let names: Vec<String> = Generator::value_variants()
            .iter()
            .filter_map(|value| Some(value.to_possible_value()?.get_name().to_owned()))
            .collect();
        let message = tr!("--from: `{name}` is not a generator", name);
        Box::new(Diagnostic::error(message).help(tr!("write one of {}", names.join(&tr!("list" => ", ")))))
    })?;
    Ok((generator(written), Path::new(path)))
}
