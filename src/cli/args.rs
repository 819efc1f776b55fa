//! Defines the options of each command, with the help text that the terminal and the manual pages
//! show. The guide's chapter `commands` has the same options (tested in `mod.rs`).

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum, ValueHint};

use newsprint::internals::config::{Rule, Unsubscribe};
use newsprint::internals::edition::Wanted;
use newsprint::internals::import::{self, Scheme};

/// Options of `build`.
#[derive(Debug, Args)]
pub(crate) struct BuildArgs {
    /// Write the site to DIR [default: public in the digest's folder]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output_dir: Option<PathBuf>,
    /// The address of the site, instead of base_url in newsprint.yaml
    #[arg(short = 'u', long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Include drafts
    #[arg(short = 'D', long)]
    pub(crate) drafts: bool,
    /// Fail on warnings
    #[arg(long)]
    pub(crate) strict: bool,
    /// Build again from nothing and compare the two sites; differences are errors, listed by path
    #[arg(long)]
    pub(crate) verify: bool,
    /// Replace files in the output folder that newsprint did not write
    #[arg(long)]
    pub(crate) force: bool,
    /// Build as of TIME in the digest's zone, as in --now "2026-12-01 08:00" [default: now]
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

/// Options of `serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Listen at ADDRESS; everyone who can reach it can read the digest
    #[arg(short, long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_parser = parse_address)]
    pub(crate) interface: IpAddr,
    /// The port; 0: chosen by the system [default: the first free port from 1111]
    #[arg(short, long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// Open a browser
    #[arg(short = 'O', long)]
    pub(crate) open: bool,
    /// The address of the site, instead of base_url in newsprint.yaml; the preview has its path
    #[arg(short = 'u', long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Include drafts
    #[arg(short = 'D', long)]
    pub(crate) drafts: bool,
    /// Look for changed files twice a second instead of using notifications of the system, which
    /// some network disks do not send
    #[arg(long)]
    pub(crate) poll: bool,
    /// Show the site as of TIME in the digest's zone, as in --now "2026-12-01 08:00" [default: now]
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

/// Options of `check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Check links to other sites, a few at a time; answers are kept for a week
    #[arg(long)]
    pub(crate) external: bool,
    /// With --external: also request hosts of private networks and of this machine
    #[arg(long, requires = "external")]
    pub(crate) private: bool,
    /// Let the findings of a rule pass this time, as in --allow fewer-pages; separate several rules
    /// with commas
    #[arg(long, value_name = "RULE", value_parser = rule_parser(), hide_possible_values = true, value_delimiter = ',')]
    pub(crate) allow: Vec<Rule>,
    /// Fail on warnings
    #[arg(long)]
    pub(crate) strict: bool,
    /// Check only the terms, including those of drafts
    #[arg(long, conflicts_with_all = ["external", "base_url", "drafts"])]
    pub(crate) terms: bool,
    /// The output folder of the last build, for comparison [default: public in the digest's folder]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output_dir: Option<PathBuf>,
    /// The address of the site, instead of base_url in newsprint.yaml
    #[arg(short = 'u', long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Include drafts
    #[arg(short = 'D', long)]
    pub(crate) drafts: bool,
    /// Check as of TIME in the digest's zone, as in --now "2026-12-01 08:00" [default: now]
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

/// Options of `deploy`.
#[derive(Debug, Args)]
pub(crate) struct DeployArgs {
    /// The name of a remote, a URL or a path
    #[arg(long, value_name = "REMOTE", default_value = "origin")]
    pub(crate) remote: String,
    /// The branch to replace
    #[arg(long, value_name = "BRANCH", default_value = "gh-pages")]
    pub(crate) branch: String,
    /// Deploy to a store instead of a branch: the name of a target in newsprint.yaml, or an address
    /// such as s3://my-bucket/site; give it again for further stores
    #[arg(long, value_name = "TARGET", value_hint = ValueHint::Url, conflicts_with_all = ["remote", "branch", "message", "force"])]
    pub(crate) to: Vec<String>,
    /// The message of the commit [default: the number of articles and the current commit of the
    /// digest's repository]
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) message: Option<String>,
    /// Let the findings of a rule pass this time, as in --allow fewer-pages; separate several rules
    /// with commas
    #[arg(long, value_name = "RULE", value_parser = rule_parser(), hide_possible_values = true, value_delimiter = ',')]
    pub(crate) allow: Vec<Rule>,
    /// Do not publish if the check or the build has warnings
    #[arg(long)]
    pub(crate) strict: bool,
    /// The address of the site, instead of base_url in newsprint.yaml
    #[arg(short = 'u', long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Replace a branch that newsprint did not write
    #[arg(long)]
    pub(crate) force: bool,
    /// With --to: replace files of a store that newsprint did not write
    #[arg(long, requires = "to")]
    pub(crate) replace: bool,
    /// With --to: also connect to hosts of private networks that newsprint.yaml names
    #[arg(long, requires = "to")]
    pub(crate) allow_private: bool,
    /// With --to: run PROGRAM with the changed addresses on its standard input, if there are some
    #[arg(long, value_name = "PROGRAM", requires = "to", value_hint = ValueHint::CommandName)]
    pub(crate) then: Option<String>,
    /// Do everything except the push or the upload
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Build as of TIME in the digest's zone, as in --now "2026-12-01 08:00" [default: now]
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

/// Options of `announce`.
#[derive(Debug, Args)]
pub(crate) struct AnnounceArgs {
    /// Announce to this target alone; may be repeated [default: all targets of newsprint.yaml]
    #[arg(long = "to", value_name = "NAME", value_hint = ValueHint::Other)]
    pub(crate) targets: Vec<String>,
    /// Print the requests without secrets; send nothing and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Wait up to SECONDS until the live pages show the build
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u32).range(0..=86400))]
    pub(crate) wait: u32,
    /// Also request hosts of private networks and of this machine
    #[arg(long)]
    pub(crate) allow_private: bool,
    /// The address of the site, instead of base_url in newsprint.yaml
    #[arg(short = 'u', long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Announce the site of TIME in the digest's zone, as in --now "2026-12-01 08:00" [default: now]
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

/// Options of `edition`.
#[derive(Debug, Args)]
pub(crate) struct EditionArgs {
    /// A day (2026-11-23, today, yesterday), a week (2026-w48), a month (2026-11) or `latest`, the
    /// newest day that is not in the future
    #[arg(value_name = "EDITION", default_value = "latest", value_parser = Wanted::parse, value_hint = ValueHint::Other)]
    pub(crate) edition: Wanted,
    /// The form
    #[arg(long = "as", value_name = "mail|wechat|text|markdown|epub|poster")]
    pub(crate) form: EditionForm,
    /// Write to FILE instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// With text and markdown: leave out the last items, so that at most N characters remain,
    /// counted in UTF-16 units as Telegram does (its limit is 4096)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: Option<u32>,
    /// With mail: write a whole message (RFC 5322) with a text part
    #[arg(long)]
    pub(crate) eml: bool,
    /// With mail: the unsubscribe address, which is buttondown, listmonk, mailchimp or a URL
    /// [default: editions.unsubscribe in newsprint.yaml]
    #[arg(long, value_name = "WHERE", value_parser = Unsubscribe::parse, value_hint = ValueHint::Url)]
    pub(crate) unsubscribe: Option<Unsubscribe>,
    /// With --eml: the sender [default: newsletter@ and the site's host]
    #[arg(long, value_name = "ADDRESS", requires = "eml", value_hint = ValueHint::EmailAddress)]
    pub(crate) from: Option<String>,
    /// With --eml: the recipient
    #[arg(long, value_name = "ADDRESS", requires = "eml", value_hint = ValueHint::EmailAddress)]
    pub(crate) to: Option<String>,
    /// The address of the site, instead of base_url in newsprint.yaml
    #[arg(short = 'u', long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Include drafts
    #[arg(short = 'D', long)]
    pub(crate) drafts: bool,
    /// Render the edition as of TIME in the digest's zone, as in --now "2026-12-01 08:00" [default: now]
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
}

/// Forms of an edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EditionForm {
    /// A letter in HTML, for a mailing platform
    Mail,
    /// HTML to paste into the editor of a WeChat account
    Wechat,
    /// Plain text for chat groups
    Text,
    /// Markdown for chat groups and bots
    Markdown,
    /// A book for e-readers
    Epub,
    /// A picture for chat groups, with a code of the edition's address
    Poster,
}

/// Options of `new`.
#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The article's title, in quotes if it contains blanks
    #[arg(required = true, value_name = "TITLE", value_hint = ValueHint::Other)]
    pub(crate) title: Vec<String>,
    /// The article's date: `today` or YYYY-MM-DD
    #[arg(long, value_name = "DATE", default_value = "today", value_hint = ValueHint::Other)]
    pub(crate) date: String,
    /// The address of the article that it reports
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub(crate) link: Option<String>,
    /// Create a draft, which is not published
    #[arg(long)]
    pub(crate) draft: bool,
}

/// Options of `import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Files, folders of files, or `-` for standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The date of records without one: `today` or YYYY-MM-DD [default: a date in the name of the
    /// file or folder]
    #[arg(long, value_name = "DATE", value_hint = ValueHint::Other)]
    pub(crate) date: Option<String>,
    /// Write article files to DIR, a folder in the digest
    #[arg(long, value_name = "DIR", default_value = "content/articles")]
    pub(crate) into: PathBuf,
    /// The files are posts of another generator: Markdown with front matter
    #[arg(long, value_name = "GENERATOR", conflicts_with = "format")]
    pub(crate) from: Option<Generator>,
    /// With --from: the scheme of the posts' old addresses, as in /posts/:slug/ or
    /// /:year/:month/:day/:title/ [default: of the old site's configuration, else of the generator]
    #[arg(long, value_name = "SCHEME", requires = "from", value_parser = Scheme::parse)]
    pub(crate) alias: Option<Scheme>,
    /// The format of the files [default: detected by file name and content]
    #[arg(long)]
    pub(crate) format: Option<ImportFormat>,
    /// The encoding of the files, such as gb18030, big5 or shift_jis [default: detected]
    #[arg(long, value_name = "NAME", value_parser = parse_encoding)]
    pub(crate) encoding: Option<&'static encoding_rs::Encoding>,
    /// The part of a model in the texts: the field `ai` of articles whose records do not have it
    #[arg(long, value_name = "PART")]
    pub(crate) ai: Option<AiPart>,
    /// A person has reviewed the texts; needs --ai or import.ai in newsprint.yaml
    #[arg(long)]
    pub(crate) reviewed: bool,
    /// Keep texts as they are: do not split paragraphs, do not remove scrape residue
    #[arg(long)]
    pub(crate) raw: bool,
    /// Fetch the pictures of other hosts that the texts show, and store them beside the articles
    #[arg(long)]
    pub(crate) images: bool,
    /// With --images: also request hosts of private networks and of this machine
    #[arg(long)]
    pub(crate) allow_private: bool,
    /// Which version to use if an article was edited and its record changed [default: keep the
    /// article file and show the difference]
    #[arg(long, value_name = "WHOSE")]
    pub(crate) update: Option<Whose>,
    /// Report what would be done, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Options of `fetch`.
#[derive(Debug, Args)]
pub(crate) struct FetchArgs {
    /// The names of the sources to fetch [default: all that are on]
    #[arg(value_name = "SOURCE", value_hint = ValueHint::Other)]
    pub(crate) sources: Vec<String>,
    /// Take only entries from this date on: YYYY-MM-DD, or a number of days as in `3d`
    #[arg(long, value_name = "DATE", value_hint = ValueHint::Other)]
    pub(crate) since: Option<String>,
    /// Add the records to FILE instead of writing a file in records/; with `-`, also print them on
    /// standard output
    #[arg(long, value_name = "FILE", conflicts_with = "articles")]
    pub(crate) to: Option<PathBuf>,
    /// Import the entries as articles instead of writing records
    #[arg(long)]
    pub(crate) articles: bool,
    /// Also request hosts of private networks and of this machine
    #[arg(long)]
    pub(crate) allow_private: bool,
    /// Request the sources and report what is new, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Generators whose posts can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Generator {
    /// YAML, TOML or JSON front matter
    Hugo,
    /// TOML front matter
    Zola,
    /// YAML front matter
    Hexo,
    /// YAML front matter, dates in file names
    Jekyll,
    /// Markdown files of an Eleventy site
    Eleventy,
    /// Markdown files of a content collection of Astro
    Astro,
    /// Markdown files of a VitePress site
    #[value(name = "vitepress")]
    VitePress,
    /// Markdown files of a Pelican site
    Pelican,
    /// An export of WordPress (WXR)
    #[value(name = "wordpress", alias = "wxr")]
    WordPress,
    /// A vault of Obsidian
    Obsidian,
}

/// Formats of record files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImportFormat {
    /// Labelled lines, `标题: …`
    Records,
    /// JSON or JSON Lines
    Json,
    /// A table whose first row names the columns
    Csv,
    /// RSS, Atom or JSON Feed
    Feed,
}

/// The part of a model in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AiPart {
    /// A model wrote them
    #[value(alias = "生成")]
    Generated,
    /// A person wrote them with the help of a model
    #[value(aliases = ["辅助", "輔助"])]
    Assisted,
    /// No model had a part in them
    #[value(aliases = ["无", "無"])]
    None,
}

/// The version that wins if an article was edited and its record changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Whose {
    /// The record
    Theirs,
    /// The article file, without a warning
    Ours,
}

/// Accepts the codes of rules. Shells complete them, and clap suggests the nearest one for a typo.
fn rule_parser() -> impl TypedValueParser<Value = Rule> {
    PossibleValuesParser::new(Rule::ALL.map(Rule::code))
        .try_map(|written| Rule::named(&written).ok_or_else(|| tr!("there is no such rule")))
}

fn parse_encoding(written: &str) -> Result<&'static encoding_rs::Encoding, String> {
    import::decode::named(written)
        .ok_or_else(|| tr!("write a name of the Encoding Standard, such as utf-8, utf-16le, gb18030 or big5"))
}

/// Parses an IP address. The only host name that is accepted is `localhost`.
fn parse_address(written: &str) -> Result<IpAddr, String> {
    match written {
        "localhost" => Ok(Ipv4Addr::LOCALHOST.into()),
        _ => written.parse().map_err(|_| tr!("write an address such as 127.0.0.1 or 0.0.0.0")),
    }
}
