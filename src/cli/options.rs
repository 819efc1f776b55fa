//! What was typed, as the options of the library's functions.

use chrono::{DateTime, Utc};

use crate::cli::{BuildArgs, CheckArgs, Cli, DeployArgs, ImportArgs, ImportFormat, ServeArgs, Whose};
use newsprint::internals::import::files::Format;
use newsprint::internals::{check, deploy, import, serve};
use newsprint::{Options, SymlinkPolicy};

impl Cli {
    /// Where symbolic links in the digest may lead.
    #[must_use]
    pub(crate) fn links(&self) -> SymlinkPolicy {
        if self.outside_links { SymlinkPolicy::Anywhere } else { SymlinkPolicy::Inside }
    }

    /// The options of a build.
    #[must_use]
    pub(crate) fn build_options(&self, args: &BuildArgs) -> Options {
        Options {
            output: args.output_dir.clone(),
            drafts: args.drafts,
            strict: args.strict,
            force: args.force,
            ..self.site(args.base_url.as_ref())
        }
    }

    /// A plain build of the digest, at another address than its own if there is one.
    fn site(&self, base_url: Option<&String>) -> Options {
        Options {
            config: self.config.clone(),
            base_url: base_url.cloned(),
            links: self.links(),
            ..Options::new(&self.root)
        }
    }

    /// The options of a check.
    #[must_use]
    pub(crate) fn check_options(&self, args: &CheckArgs, now: DateTime<Utc>) -> check::Options {
        check::Options {
            build: Options {
                output: args.output_dir.clone(),
                drafts: args.drafts,
                ..self.site(args.base_url.as_ref())
            },
            now,
            terms_only: args.terms,
            strict: args.strict,
            allowed: args.allow.clone(),
            external: args.external.then_some(check::External { private: args.private }),
            published: None,
        }
    }

    /// The options of a deployment.
    #[must_use]
    pub(crate) fn deploy_options(&self, args: &DeployArgs, now: DateTime<Utc>) -> deploy::Options {
        let build = Options { strict: args.strict, ..self.site(args.base_url.as_ref()) };
        deploy::Options {
            check: check::Options {
                build,
                now,
                terms_only: false,
                strict: args.strict,
                allowed: args.allow.clone(),
                external: None,
                published: None,
            },
            remote: args.remote.clone(),
            branch: args.branch.clone(),
            message: args.message.clone().filter(|text| !text.trim().is_empty()),
            force: args.force,
            dry_run: args.dry_run,
        }
    }

    /// The options of an import; `now` is what `today` is measured from.
    #[must_use]
    pub(crate) fn import_options<'a>(
        &self,
        args: &'a ImportArgs,
        now: DateTime<Utc>,
        progress: &'a (dyn Fn(u64, u64) + Sync),
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
            format: args.from.map(|_| Format::Post).or(format),
            encoding: args.encoding,
            scheme: args.alias.as_ref(),
            raw: args.raw,
            update: match args.update {
                None => import::Update::Ask,
                Some(Whose::Theirs) => import::Update::Theirs,
                Some(Whose::Ours) => import::Update::Ours,
            },
            dry_run: args.dry_run,
            progress: Some(progress),
        }
    }

    /// The options of a preview.
    #[must_use]
    pub(crate) fn serve_options(&self, args: &ServeArgs) -> serve::Options {
        serve::Options {
            build: Options { drafts: args.drafts, ..self.site(args.base_url.as_ref()) },
            interface: args.interface,
            port: args.port,
            open: args.open,
            poll: args.poll,
        }
    }
}
