//! Defines the commands of the command line. Only this folder imports clap.

mod args;
mod manual;
mod mistake;
mod options;
mod parse;

pub(crate) use options::old_site;

#[cfg(test)]
#[path = "../../tests/support/catalogues.rs"]
mod catalogues;
#[cfg(test)]
#[path = "../../tests/support/guide_tables.rs"]
mod guide_tables;

use std::path::PathBuf;

pub(crate) use args::{
    AiPart, AnnounceArgs, BuildArgs, CheckArgs, DeployArgs, EditionArgs, EditionForm, FetchArgs, Generator,
    ImportArgs, ImportFormat, NewArgs, ServeArgs, Whose,
};
use clap::{Parser, Subcommand, ValueEnum, ValueHint};
pub(crate) use manual::{completions, man_page, man_pages};
use newsprint::marked;
pub(crate) use parse::parse;

/// The help heading of the options that every command has.
const GLOBAL_HEADING: &str = marked!("For every command");

/// Builds a browsable news digest from a folder of annotated articles.
#[derive(Debug, Parser)]
#[command(
    name = "newsprint",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    after_help = "A first digest:\n\
        \n  newsprint init my-digest        create a folder with settings and a sample article\
        \n  cd my-digest\
        \n  newsprint serve --open          show it in a browser and rebuild it at every save\
        \n  newsprint build                 write the site to public/\n\
        \nThe site in public/ consists of static files: any web server can serve it, and so can GitHub Pages."
)]
pub(crate) struct Cli {
    /// Use the digest in DIR instead of the current folder
    #[arg(short, long, global = true, help_heading = GLOBAL_HEADING, value_name = "DIR", default_value = ".")]
    pub(crate) root: PathBuf,
    /// Use FILE instead of newsprint.yaml
    #[arg(short, long, global = true, help_heading = GLOBAL_HEADING, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Follow symbolic links that lead out of the digest's folder
    #[arg(long, global = true, help_heading = GLOBAL_HEADING)]
    pub(crate) outside_links: bool,
    /// Print the report as JSON on standard output
    #[arg(long, global = true, help_heading = GLOBAL_HEADING)]
    pub(crate) json: bool,
    /// Print only errors
    #[arg(short, long, global = true, help_heading = GLOBAL_HEADING, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Print more: the milliseconds of each stage of a build, every article and repair of an
    /// import, every finding of a check
    #[arg(short, long, global = true, help_heading = GLOBAL_HEADING)]
    pub(crate) verbose: bool,
    /// Print messages in this language, instead of that of NEWSPRINT_LANG or of the locale
    #[arg(long, global = true, help_heading = GLOBAL_HEADING, value_name = "LANGUAGE")]
    pub(crate) lang: Option<MessageLanguage>,
    /// The command to run
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The languages of messages.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum MessageLanguage {
    /// Chinese
    #[value(name = "zh-CN", alias = "zh")]
    Chinese,
    /// English
    #[value(name = "en")]
    English,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create a digest in DIR
    ///
    /// Creates a commented newsprint.yaml, a sample article, a sample page, content/terms.yaml, a
    /// GitHub Pages workflow and a .gitignore. The digest can be built at once. Existing files are
    /// not changed.
    Init {
        /// The folder of the digest; `.` for the current folder
        dir: PathBuf,
        /// Take title, language, addresses and taxonomies from the configuration of an old site:
        /// its generator and its folder, as in `--from hugo ../old-site`
        #[arg(long, num_args = 2, value_names = ["GENERATOR", "PATH"])]
        from: Option<Vec<String>>,
    },
    /// Create an article file with empty fields and today's date
    #[command(
        after_help = "Exit code: 0 the file is created, 1 it is not, 2 invalid arguments\n\nExamples:\n  newsprint new \"OpenAI 发布新模型\"\n  \
        newsprint new --date 2026-11-23 --link https://example.org/a --draft \"标题\""
    )]
    New(NewArgs),
    /// Convert annotated records to article files
    ///
    /// Reads labelled lines (`标题:`, `链接:`, `总结:`, `关键词:`, `AI技术:`, `行业:`,
    /// `重大事件摘要:` … in any order and markup style), JSON and JSON Lines, CSV, RSS and Atom,
    /// and the posts of other generators, in UTF-8, UTF-16, GB18030 or Big5. Every repair of a text
    /// is reported. Records can be imported again: a record that did not change is skipped, and a
    /// record that changed updates its article, unless a person has edited the article.
    #[command(
        after_help = "Exit code: 0 everything was read, 1 some input was refused (the rest is imported), 2 invalid arguments\n\n\
        Examples:\n  newsprint import records/ --date today\n  newsprint import today.jsonl --dry-run\n  \
        curl https://example.org/feed.xml | newsprint import -\n  newsprint import --from hugo ../old-site/content/posts"
    )]
    Import(ImportArgs),
    /// Fetch the new entries of other sites as records
    ///
    /// Asks the sources in sources.yaml (RSS, Atom, JSON Feed, sitemaps with news, lists of
    /// records), and writes the entries that the digest does not have to a file in records/. A
    /// source that fails is reported and stops no other. A build never fetches.
    #[command(
        after_help = "Exit code: 0 a source answered, 1 none did or sources.yaml has errors, 2 invalid arguments\n\n\
        Examples:\n  newsprint fetch\n  newsprint fetch --since 3d --dry-run\n  newsprint fetch --articles\n  \
        newsprint fetch --to - | python3 annotate.py | newsprint import -"
    )]
    Fetch(FetchArgs),
    /// Add, list or test the sources of `fetch`
    #[command(subcommand)]
    Sources(SourcesCommand),
    /// Build the site
    ///
    /// Reads content/, templates/, static/ and newsprint.yaml, and writes only the files that
    /// changed. If there are errors, all of them are listed with their lines, and the published
    /// folder is not changed.
    #[command(after_help = "Exit code: 0 built, 1 the digest has errors, 2 invalid arguments")]
    Build(BuildArgs),
    /// Show the site while you edit it
    ///
    /// Builds the digest at every save and updates open pages: pages are reloaded, style sheets are
    /// replaced without a reload, and errors are shown over the page until they are fixed. public/
    /// is not changed. Ctrl-C ends the preview.
    #[command(after_help = "Examples:\n  newsprint serve --open\n  newsprint serve --drafts -p 8080\n\n\
        Exit code: 0 ended by Ctrl-C, 1 the preview cannot start, 2 invalid arguments")]
    Serve(ServeArgs),
    /// Report problems of the digest and its site
    ///
    /// Run it before publishing. It builds the site without writing it, reads every page, and lists
    /// broken links, feeds that do not parse, duplicate articles, empty texts and texts with scrape
    /// residue, dates in the future, pages, files and texts that are too large, pages that are
    /// missing since the last build, and terms that are likely the same. Each finding has the name
    /// of its rule, a place and advice. `check:` in newsprint.yaml switches rules off or changes
    /// their severity. The digest and the site are not changed.
    #[command(
        after_help = "Exit code: 0 the site may be published, 1 the digest cannot be built or a finding is an error (with \
        --strict, also a warning), 2 invalid arguments\n\nExamples:\n  newsprint check\n  newsprint check --external\n  \
        newsprint check --allow fewer-pages"
    )]
    Check(CheckArgs),
    /// Publish the site to a branch of a git remote, for GitHub Pages, or to object stores
    ///
    /// Checks and builds the digest, and replaces the branch by one commit that contains exactly
    /// the site, .nojekyll and, for a domain of your own, CNAME. Your work tree, index and branches
    /// are not changed. A branch that newsprint did not write is replaced only with --force. With --to
    /// it deploys to object stores, WebDAV or SFTP instead, and sends only what changed.
    #[command(
        after_help = "Exit code: 0 the branch or store has the site, 1 the site was not published, 2 invalid arguments\n\n\
        Examples:\n  newsprint deploy\n  newsprint deploy --dry-run\n  \
        newsprint deploy --remote git@github.com:user/user.github.io.git --branch main\n  \
        newsprint deploy --to cdn --dry-run\n  newsprint deploy --to 's3://my-bucket/site?region=eu-west-1'"
    )]
    Deploy(DeployArgs),
    /// Tell chats, search engines and hubs what is new on the live site
    ///
    /// Run it after a deployment. It waits until the live site shows the build, and sends the new
    /// articles to the targets of `announce:` in newsprint.yaml: each article once, whatever is
    /// edited later. The first run sends nothing: what the digest has counts as announced. Tokens
    /// are read from the environment.
    #[command(
        after_help = "Exit code: 0 everything was sent, 1 something failed, 2 invalid arguments\n\nExamples:\n  newsprint announce\n  \
        newsprint announce --dry-run\n  NEWSPRINT_TEAM_URL=https://… newsprint announce --to team"
    )]
    Announce(AnnounceArgs),
    /// Print a day, a week or a month as a letter, a WeChat article, a text, a book or a poster
    ///
    /// The articles, their order, titles and key events are those of the edition's page. The digest
    /// and the site are not changed, and nothing is sent. `outputs: {editions: [mail, epub]}` in
    /// newsprint.yaml writes the same files at every build.
    #[command(
        after_help = "Exit code: 0 the edition is written, 1 it is not, 2 invalid arguments\n\nExamples:\n  newsprint edition --as text --limit 4096\n  \
        newsprint edition 2026-w48 --as epub -o week.epub\n  newsprint edition 2026-11-23 --as mail --eml --unsubscribe listmonk -o letter.eml"
    )]
    Edition(EditionArgs),
    /// List or merge terms
    #[command(subcommand)]
    Terms(TermsCommand),
    /// List, print or copy the files of the default theme
    #[command(subcommand)]
    Theme(ThemeCommand),
    /// Print a completion script for a shell
    #[command(
        after_help = "Where shells look for the script:\n  newsprint completions bash > ~/.local/share/bash-completion/completions/newsprint\n  \
        newsprint completions zsh > ~/.zfunc/_newsprint       (with `fpath+=~/.zfunc` before `compinit` in ~/.zshrc)\n  \
        newsprint completions fish > ~/.config/fish/completions/newsprint.fish"
    )]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write a page for every command
    #[command(
        after_help = "Examples:\n  newsprint man | man -l -\n  newsprint man -o ~/.local/share/man/man1"
    )]
    Man {
        /// Write newsprint.1, newsprint-build.1 … to DIR instead of printing the first
        #[arg(short, long, value_name = "DIR")]
        output_dir: Option<PathBuf>,
    },
}

/// The commands below `terms`.
#[derive(Debug, Subcommand)]
pub(crate) enum TermsCommand {
    /// List all terms with their number of articles and their aliases, the most used first
    List {
        /// List only the terms of this taxonomy, as in: newsprint terms list keywords
        #[arg(value_hint = ValueHint::Other)]
        taxonomy: Option<String>,
    },
    /// Make terms aliases of another term in content/terms.yaml
    ///
    /// Comments, order and style of the file are kept. After the next build, the old addresses
    /// redirect to the page of the term, and the old feeds remain and contain its articles.
    #[command(after_help = "Example:\n  newsprint terms merge keywords GPT4 'gpt 4' --into GPT-4")]
    Merge {
        /// The name of the taxonomy, as in newsprint.yaml
        #[arg(value_hint = ValueHint::Other)]
        taxonomy: String,
        /// The terms that become aliases
        #[arg(required = true, value_name = "FROM")]
        from: Vec<String>,
        /// The term that remains
        #[arg(long, value_name = "TO")]
        into: String,
    },
}

/// The commands below `theme`.
#[derive(Debug, Subcommand)]
pub(crate) enum ThemeCommand {
    /// List the files of the default theme, and which of them the digest replaces
    List,
    /// Print a file of the default theme
    #[command(after_help = "Example:\n  newsprint theme show base.html | diff - templates/base.html")]
    Show {
        /// The path in a digest, such as templates/base.html, or the name, such as newsprint.css
        #[arg(value_hint = ValueHint::Other)]
        file: String,
    },
    /// Copy files of the default theme into the digest, to change them
    ///
    /// A file of the digest replaces the default one of the same name. Existing files are not
    /// changed.
    #[command(after_help = "Example:\n  newsprint theme eject parts/card.html newsprint.css")]
    Eject {
        /// Paths in a digest, such as templates/base.html, or names, such as newsprint.css
        #[arg(required = true, value_name = "FILE", value_hint = ValueHint::Other)]
        files: Vec<String>,
    },
}

/// The commands below `sources`.
#[derive(Debug, Subcommand)]
pub(crate) enum SourcesCommand {
    /// Add the feed of a page to sources.yaml
    ///
    /// Requests the address. If it is a page, the first feed that it names is added, unless that is
    /// the one of comments. Comments, order and style of the file are kept.
    #[command(
        after_help = "Exit code: 0 the file has the source, 1 there is no feed, 2 invalid arguments\n\n\
        Example:\n  newsprint sources add https://example.org/ --name 某报"
    )]
    Add {
        /// The address of a page or a feed
        #[arg(value_hint = ValueHint::Url)]
        url: String,
        /// The name of the source [default: the title of the feed]
        #[arg(long, value_name = "NAME", value_hint = ValueHint::Other)]
        name: Option<String>,
        /// Which feed of a page: its number in the list, or its address
        #[arg(long, value_name = "FEED", value_hint = ValueHint::Url)]
        feed: Option<String>,
        /// Also request hosts of private networks and of this machine
        #[arg(long)]
        allow_private: bool,
    },
    /// Remove sources from sources.yaml
    ///
    /// Comments, order and style of the file are kept. Their records and articles stay.
    Remove {
        /// The names of the sources
        #[arg(required = true, value_name = "NAME", value_hint = ValueHint::Other)]
        names: Vec<String>,
    },
    /// Ask sources again that were switched off
    On {
        /// The names of the sources
        #[arg(required = true, value_name = "NAME", value_hint = ValueHint::Other)]
        names: Vec<String>,
    },
    /// Switch sources off: they stay in sources.yaml, and are not asked
    Off {
        /// The names of the sources
        #[arg(required = true, value_name = "NAME", value_hint = ValueHint::Other)]
        names: Vec<String>,
    },
    /// Add the feeds of an OPML file, which feed readers export, to sources.yaml
    Import {
        /// The OPML file
        #[arg(value_hint = ValueHint::FilePath)]
        file: PathBuf,
    },
    /// List the sources with their last answers and failures
    List,
    /// Show what a fetch would read at an address, and write nothing
    Test {
        /// The address of a page or a feed
        #[arg(value_hint = ValueHint::Url)]
        url: String,
        /// Which feed of a page: its number in the list, or its address
        #[arg(long, value_name = "FEED", value_hint = ValueHint::Url)]
        feed: Option<String>,
        /// Also request hosts of private networks and of this machine
        #[arg(long)]
        allow_private: bool,
    },
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_passes_the_assertions_of_clap() {
        Cli::command().debug_assert();
    }

    /// The options of a command, as in `-o` and `--output-dir`: the global ones, or all others.
    fn options(command: &clap::Command, is_global: bool) -> BTreeSet<String> {
        let arguments = command.get_arguments().filter(|argument| argument.is_global_set() == is_global);
        let typed = |argument: &clap::Arg| {
            let short = argument.get_short().map(|name| format!("-{name}"));
            short.into_iter().chain(argument.get_long().map(|name| format!("--{name}")))
        };
        arguments.flat_map(|argument| typed(argument).collect::<Vec<_>>()).collect()
    }

    /// Compares a command and all below it with the guide, and removes them from `documented`.
    fn compare(command: &clap::Command, name: &str, documented: &mut BTreeMap<String, BTreeSet<String>>) {
        if !command.has_subcommands() {
            let known = documented.remove(name).unwrap_or_else(|| panic!("`## {name}` is not in the guide"));
            assert_eq!(options(command, false), known, "{name}");
        }
        for inner in command.get_subcommands() {
            compare(inner, &format!("{name} {}", inner.get_name()), documented);
        }
    }

    #[test]
    fn the_guide_has_exactly_the_commands_and_options_that_are_accepted() {
        let guide = guide_tables::chapter("commands");
        let section = |section: &str| {
            let rows = guide_tables::rows(section).into_iter().filter(|cells| cells[0].starts_with("`-"));
            let named = rows.flat_map(|cells| guide_tables::words(&cells[0])).collect::<BTreeSet<String>>();
            (section.lines().next().unwrap_or_default().to_owned(), named)
        };
        let mut documented: BTreeMap<_, _> = guide.split("\n## ").skip(1).map(section).collect();
        let mut global = documented.remove("For every command").unwrap();
        for clap_option in ["-h", "--help", "-V", "--version"] {
            assert!(global.remove(clap_option));
        }
        assert_eq!(options(&Cli::command(), true), global);
        compare(&Cli::command(), "newsprint", &mut documented);
        documented.retain(|name, _| name.starts_with("newsprint"));
        assert!(documented.is_empty(), "there are no such commands: {documented:?}");
    }
}
