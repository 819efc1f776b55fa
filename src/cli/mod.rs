//! The command line; clap is known to this folder alone.

mod manual;
mod options;

#[cfg(test)]
#[path = "../../tests/support/guide_tables.rs"]
mod guide_tables;

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

pub(crate) use manual::{completions, man_page, man_pages};
use newsprint::internals::config::Rule;
use newsprint::internals::import::{self, Scheme};

/// The heading of options that every command has.
const EVERYWHERE: &str = "For every command";

/// Builds a browsable news digest from a folder of annotated articles.
#[derive(Debug, Parser)]
#[command(
    name = "newsprint",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    after_help = "A first digest:\n\
        \n  newsprint init my-digest        make a folder with a configuration and an article\
        \n  cd my-digest\
        \n  newsprint serve --open          read it in a browser, and see every change at once\
        \n  newsprint build                 write the site to public/\n\
        \nThe site in public/ is plain files: any web server shows it, GitHub Pages as it is."
)]
pub(crate) struct Cli {
    /// The digest's folder
    #[arg(short, long, global = true, help_heading = EVERYWHERE, value_name = "DIR", default_value = ".")]
    pub(crate) root: PathBuf,
    /// Another configuration file than newsprint.yaml
    #[arg(short, long, global = true, help_heading = EVERYWHERE, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Follow symbolic links that lead out of the digest's folder
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub(crate) outside_links: bool,
    /// Print the report as JSON on standard output
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub(crate) json: bool,
    /// Print nothing but errors
    #[arg(short, long, global = true, help_heading = EVERYWHERE, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more: the milliseconds of a build's stages, every article and repair of an import
    #[arg(short, long, global = true, help_heading = EVERYWHERE)]
    pub(crate) verbose: bool,
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a new digest in DIR
    ///
    /// DIR gets a commented newsprint.yaml, a sample article, content/terms.yaml, a GitHub Pages workflow and a
    /// .gitignore, and can be built at once. Files that are there already are left alone.
    Init {
        /// The folder to make; `.` for this one
        dir: PathBuf,
    },
    /// Make an article file with today's date and empty fields
    New {
        /// The article's title, as in: newsprint new "OpenAI 发布新模型"
        title: String,
    },
    /// Turn annotated records into article files
    ///
    /// Reads labelled lines (`标题:`, `链接:`, `总结:`, `关键词:`, `AI技术:`, `行业:`, `重大事件摘要:` … in any order and dress), JSON and
    /// JSON Lines, CSV, RSS and Atom, and the posts of other generators; UTF-8, UTF-16, GB18030 and Big5. What is set right
    /// on the way is listed. Importing again does no harm: a record that did not change is passed over, one that did
    /// updates its article unless a person edited that.
    #[command(
        after_help = "Exit code: 0 if everything was read, 1 if something was refused (the rest is imported).\n\n\
        Examples:\n  newsprint import records/ --date today\n  newsprint import today.jsonl --dry-run\n  \
        curl https://example.org/feed.xml | newsprint import -\n  newsprint import --from hugo ../old-site/content/posts"
    )]
    Import(ImportArgs),
    /// Build the site
    ///
    /// Reads content/, templates/, static/ and newsprint.yaml, and writes only the files that changed. If anything is
    /// wrong, everything that is wrong is listed, each with its line, and the published folder stays as it was.
    #[command(
        after_help = "Exit code: 0 if the site was built, 1 if something is wrong, 2 if the command was."
    )]
    Build(BuildArgs),
    /// Show the site while you work on it
    ///
    /// Builds at every save and tells browsers what is new: pages reload, style sheets are exchanged in place, and what
    /// is wrong stands over the page until it is mended. public/ is not touched. Ctrl-C ends it.
    #[command(after_help = "Examples:\n  newsprint serve --open\n  newsprint serve --drafts -p 8080\n\n\
        Exit code: 0 when it was ended, 1 if it could not begin.")]
    Serve(ServeArgs),
    /// Tell what is wrong with the digest and the site that is made from it
    ///
    /// The gate before publishing: makes the site without writing it, reads every page, and lists links that lead
    /// nowhere, feeds that cannot be read, articles that are there twice, empty or unclean texts, dates to come, what
    /// weighs too much, pages that are gone since the last build, and terms that are likely the same. Each finding has
    /// its rule's name, a place, and what to do about it. `check:` in newsprint.yaml switches rules off or weighs them
    /// otherwise. Nothing is changed.
    #[command(
        after_help = "Exit code: 0 if the site may be published, 1 if the digest cannot be built or a finding is an \
        error (with --strict, a warning), 2 if the command was wrong.\n\nExamples:\n  newsprint check\n  newsprint check --external\n  \
        newsprint check --allow fewer-pages"
    )]
    Check(CheckArgs),
    /// Publish the site to a branch of a git remote, as GitHub Pages can serve it
    ///
    /// Checks the digest, builds it, and replaces the branch by one commit that holds exactly the site, with .nojekyll and, for
    /// a domain of your own, CNAME. Your work tree, index and branches are not touched. A branch that newsprint did not
    /// write is not replaced without --force.
    #[command(
        after_help = "Exit code: 0 if the branch has the site, 1 if it could not be published, 2 if the command was wrong.\n\n\
        Examples:\n  newsprint deploy\n  newsprint deploy --dry-run\n  \
        newsprint deploy --remote git@github.com:user/user.github.io.git --branch main"
    )]
    Deploy(DeployArgs),
    /// List terms, or merge some into one
    #[command(subcommand)]
    Terms(TermsCommand),
    /// Print what completes newsprint's commands and options in your shell
    #[command(
        after_help = "Where shells look for it:\n  newsprint completions bash > ~/.local/share/bash-completion/completions/newsprint\n  \
        newsprint completions zsh > ~/.zfunc/_newsprint       (with `fpath+=~/.zfunc` before `compinit` in ~/.zshrc)\n  \
        newsprint completions fish > ~/.config/fish/completions/newsprint.fish"
    )]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write one for every command
    #[command(
        after_help = "Examples:\n  newsprint man | man -l -\n  newsprint man -o ~/.local/share/man/man1"
    )]
    Man {
        /// Write newsprint.1, newsprint-build.1 … into this folder instead
        #[arg(short, long, value_name = "DIR")]
        output_dir: Option<PathBuf>,
    },
}

/// Options of `serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// The address to listen at; others than this machine's own can be reached from the network
    #[arg(short, long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_parser = address)]
    pub(crate) interface: IpAddr,
    /// The port; 0 lets the system choose [default: the first free one from 1111]
    #[arg(short, long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// Open a browser
    #[arg(short = 'O', long)]
    pub(crate) open: bool,
    /// Where the site will stand, instead of newsprint.yaml's base_url: its path is the preview's
    #[arg(short = 'u', long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Show drafts too
    #[arg(short = 'D', long)]
    pub(crate) drafts: bool,
    /// Look at the files twice a second instead of being told of changes, as network disks may need
    #[arg(long)]
    pub(crate) poll: bool,
}

/// Options of `check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Ask other sites whether links to them still lead somewhere, a few at a time; answers are kept for a week
    #[arg(long)]
    pub(crate) external: bool,
    /// With --external, ask hosts of private networks and of this machine, too
    #[arg(long, requires = "external")]
    pub(crate) private: bool,
    /// Let the findings of a rule pass this time, as in: --allow fewer-pages
    #[arg(long, value_name = "RULE", value_parser = rules(), hide_possible_values = true, value_delimiter = ',')]
    pub(crate) allow: Vec<Rule>,
    /// Let warnings fail the check, too
    #[arg(long)]
    pub(crate) strict: bool,
    /// Look at the terms alone, those of drafts too
    #[arg(long, conflicts_with_all = ["external", "base_url", "drafts"])]
    pub(crate) terms: bool,
    /// Where the site is written, to compare with what the last build left there [default: public in the digest's folder]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output_dir: Option<PathBuf>,
    /// Where the site will stand, instead of newsprint.yaml's base_url
    #[arg(short = 'u', long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Check drafts too
    #[arg(short = 'D', long)]
    pub(crate) drafts: bool,
}

/// Options of `deploy`.
#[derive(Debug, Args)]
pub(crate) struct DeployArgs {
    /// A remote of this repository, a URL or a path
    #[arg(long, value_name = "REMOTE", default_value = "origin")]
    pub(crate) remote: String,
    /// The branch that is replaced
    #[arg(long, value_name = "BRANCH", default_value = "gh-pages")]
    pub(crate) branch: String,
    /// The commit's message [default: what is published, and from which commit]
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) message: Option<String>,
    /// Let the findings of a rule pass this time, as in: --allow fewer-pages
    #[arg(long, value_name = "RULE", value_parser = rules(), hide_possible_values = true, value_delimiter = ',')]
    pub(crate) allow: Vec<Rule>,
    /// Let warnings of the check and of the build keep the site from being published, too
    #[arg(long)]
    pub(crate) strict: bool,
    /// Where the site will stand, instead of newsprint.yaml's base_url
    #[arg(short = 'u', long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Replace a branch that newsprint did not write
    #[arg(long)]
    pub(crate) force: bool,
    /// Do everything but the push
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// The rules by their names, which shells complete and mistakes are compared with.
fn rules() -> impl TypedValueParser<Value = Rule> {
    PossibleValuesParser::new(Rule::ALL.map(Rule::code))
        .try_map(|written| Rule::named(&written).ok_or("there is no such rule"))
}

/// What can be done with terms.
#[derive(Debug, Subcommand)]
pub(crate) enum TermsCommand {
    /// List all terms, the most used first, with their aliases
    List {
        /// Only those of this taxonomy, as in: newsprint terms list keywords
        #[arg(value_hint = ValueHint::Other)]
        taxonomy: Option<String>,
    },
    /// Make terms aliases of another in content/terms.yaml
    ///
    /// The file's comments, order and style stay. The old addresses lead to the term's page from the next build on, and
    /// whoever subscribed to an old feed goes on getting it.
    #[command(after_help = "Example:\n  newsprint terms merge keywords GPT4 'gpt 4' --into GPT-4")]
    Merge {
        /// The taxonomy, as in newsprint.yaml
        #[arg(value_hint = ValueHint::Other)]
        taxonomy: String,
        /// The terms that shall become aliases
        #[arg(required = true, value_name = "FROM")]
        from: Vec<String>,
        /// The term that stays
        #[arg(long, value_name = "TO")]
        into: String,
    },
}

/// Options of `import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Files, folders of files, or `-` for standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The date of records that name none: `today` or YYYY-MM-DD [default: a date in the file's or folder's name]
    #[arg(long, value_name = "DATE", value_hint = ValueHint::Other)]
    pub(crate) date: Option<String>,
    /// Where article files go, below the digest's folder
    #[arg(long, value_name = "DIR", default_value = "content/articles")]
    pub(crate) into: PathBuf,
    /// The files are posts of another generator: Markdown with front matter
    #[arg(long, value_name = "GENERATOR", conflicts_with = "format")]
    pub(crate) from: Option<Generator>,
    /// Where posts stood on their old site, as in /posts/:slug/ or /:year/:month/:day/:name/; each old address leads on
    #[arg(long, value_name = "SCHEME", requires = "from", value_parser = Scheme::parse)]
    pub(crate) alias: Option<Scheme>,
    /// What the files hold [default: told by their endings and beginnings]
    #[arg(long)]
    pub(crate) format: Option<ImportFormat>,
    /// What their characters are read by, as in `gb18030`, `big5`, `shift_jis` [default: told by their bytes]
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    pub(crate) encoding: Option<&'static encoding_rs::Encoding>,
    /// Leave texts as they came: no paragraphs made, no scrape residue removed
    #[arg(long)]
    pub(crate) raw: bool,
    /// For articles that were edited and whose records changed: take the record's words, or ours without a word about it
    /// [default: leave them alone and show the difference]
    #[arg(long, value_name = "WHOSE")]
    pub(crate) update: Option<Whose>,
    /// Only say what would be done
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
}

/// What files of records may hold.
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

/// Whose words win.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Whose {
    /// The record's
    Theirs,
    /// The article file's
    Ours,
}

fn encoding(written: &str) -> Result<&'static encoding_rs::Encoding, String> {
    import::decode::named(written).ok_or_else(|| {
        "write a name that the Encoding Standard knows, such as utf-8, utf-16le, gb18030 or big5".to_owned()
    })
}

/// Options of `build`.
#[derive(Debug, Args)]
pub(crate) struct BuildArgs {
    /// Where to write the site [default: public in the digest's folder]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output_dir: Option<PathBuf>,
    /// Where the site will stand, instead of newsprint.yaml's base_url
    #[arg(short = 'u', long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Build drafts too
    #[arg(short = 'D', long)]
    pub(crate) drafts: bool,
    /// Let warnings fail the build
    #[arg(long)]
    pub(crate) strict: bool,
    /// Build once more from nothing and prove that the site is the same; exit 1 with the paths that differ
    #[arg(long)]
    pub(crate) verify: bool,
    /// Take over files in the output folder that newsprint did not write
    #[arg(long)]
    pub(crate) force: bool,
}

/// An address, by number or as the one name that every machine has.
fn address(written: &str) -> Result<IpAddr, String> {
    match written {
        "localhost" => Ok(Ipv4Addr::LOCALHOST.into()),
        _ => written.parse().map_err(|_| "write an address such as 127.0.0.1 or 0.0.0.0".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    /// Options as they are typed, those of all commands left out.
    fn options(command: &clap::Command, everywhere: bool) -> BTreeSet<String> {
        let arguments = command.get_arguments().filter(|argument| argument.is_global_set() == everywhere);
        let typed = |argument: &clap::Arg| {
            let short = argument.get_short().map(|name| format!("-{name}"));
            short.into_iter().chain(argument.get_long().map(|name| format!("--{name}")))
        };
        arguments.flat_map(|argument| typed(argument).collect::<Vec<_>>()).collect()
    }

    fn check(command: &clap::Command, name: &str, documented: &mut BTreeMap<String, BTreeSet<String>>) {
        if !command.has_subcommands() {
            let known = documented.remove(name).unwrap_or_else(|| panic!("`## {name}` is not in the guide"));
            assert_eq!(options(command, false), known, "{name}");
        }
        for inner in command.get_subcommands() {
            check(inner, &format!("{name} {}", inner.get_name()), documented);
        }
    }

    #[test]
    fn the_commands_and_options_of_the_guide_are_those_that_are_accepted() {
        let guide = guide_tables::chapter("commands");
        let section = |section: &str| {
            let rows = guide_tables::rows(section).into_iter();
            let named = rows.flat_map(|cells| guide_tables::words(&cells[0])).collect::<BTreeSet<String>>();
            (section.lines().next().unwrap_or_default().to_owned(), named)
        };
        let mut documented: BTreeMap<_, _> = guide.split("\n## ").skip(1).map(section).collect();
        let mut everywhere = documented.remove("For every command").unwrap();
        for of_clap in ["-h", "--help", "-V", "--version"] {
            assert!(everywhere.remove(of_clap));
        }
        assert_eq!(options(&Cli::command(), true), everywhere);
        check(&Cli::command(), "newsprint", &mut documented);
        documented.retain(|name, _| name.starts_with("newsprint"));
        assert!(documented.is_empty(), "there are no such commands: {documented:?}");
    }
}
