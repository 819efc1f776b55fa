//! The command line; clap is known to this file alone.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::{Options, serve};

/// Builds a browsable news digest from a folder of annotated articles.
#[derive(Debug, Parser)]
#[command(
    name = "newsprint",
    version,
    arg_required_else_help = true,
    after_help = "A first digest:\n\
        \n  newsprint init my-digest        make a folder with a configuration and an article\
        \n  cd my-digest\
        \n  newsprint serve --open          read it in a browser, and see every change at once\
        \n  newsprint build                 write the site to public/\n\
        \nThe site in public/ is plain files: any web server shows it, GitHub Pages as it is."
)]
pub struct Cli {
    /// The digest's folder
    #[arg(short, long, global = true, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// Another configuration file than newsprint.yaml
    #[arg(short, long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print the report as JSON on standard output
    #[arg(long, global = true)]
    pub json: bool,
    /// Print nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print the milliseconds of each stage, too
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a new digest in DIR
    ///
    /// DIR gets a commented newsprint.yaml, a sample article, content/terms.yaml, a GitHub Pages workflow and a
    /// .gitignore, and builds at once. Files that are there already are left alone.
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
    /// A record is lines of `标题:`, `链接:`, `总结:`, `关键词:`, `AI技术:`, `行业:` and `重大事件摘要:` (also `日期:` and
    /// `来源:`); a file may hold several, each begun by its `标题:`. A record whose link is already in the digest is
    /// passed over, so that importing again does no harm. No file is ever overwritten.
    #[command(
        after_help = "Exit code: 0 if everything was read, 1 if something was not (the rest is imported).\n\n\
        Examples:\n  newsprint import records/*.txt --date today\n  newsprint import today.txt --date 2026-11-23"
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
    /// Tell what is likely wrong with the digest
    ///
    /// Lists terms that are likely the same, terms in two taxonomies, placeholders (无, N/A) and sentences, the best
    /// evidence first, each with its use, example articles and lines for content/terms.yaml. Nothing is changed.
    #[command(
        after_help = "Exit code: 0 if the digest can be read, 1 if something is wrong with its files; with --strict \
        also if anything was found."
    )]
    Check(CheckArgs),
    /// List terms, or merge some into one
    #[command(subcommand)]
    Terms(TermsCommand),
}

/// Options of `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// The address to listen at; others than this machine's own can be reached from the network
    #[arg(short, long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_parser = address)]
    pub interface: IpAddr,
    /// The port; 0 lets the system choose [default: the first free one from 1111]
    #[arg(short, long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Open a browser
    #[arg(short = 'O', long)]
    pub open: bool,
    /// Where the site will stand, instead of newsprint.yaml's base_url: its path is the preview's
    #[arg(short = 'u', long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Show drafts too
    #[arg(short = 'D', long)]
    pub drafts: bool,
    /// Look at the files twice a second instead of being told of changes, as network disks may need
    #[arg(long)]
    pub poll: bool,
}

/// Options of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Look at the terms (which is all that is checked so far)
    #[arg(long)]
    pub terms: bool,
    /// Let findings fail the check
    #[arg(long)]
    pub strict: bool,
}

/// What can be done with terms.
#[derive(Debug, Subcommand)]
pub enum TermsCommand {
    /// List all terms, the most used first, with their aliases
    List {
        /// Only those of this taxonomy, as in: newsprint terms list keywords
        taxonomy: Option<String>,
    },
    /// Make terms aliases of another in content/terms.yaml
    ///
    /// The file's comments, order and style stay. The old addresses lead to the term's page from the next build on, and
    /// whoever subscribed to an old feed goes on getting it.
    #[command(after_help = "Example:\n  newsprint terms merge keywords GPT4 'gpt 4' --into GPT-4")]
    Merge {
        /// The taxonomy, as in newsprint.yaml
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
pub struct ImportArgs {
    /// Files of records
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The date of records that name none: `today` or YYYY-MM-DD; without it they are undated
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// Where article files go, below the digest's folder
    #[arg(long, value_name = "DIR", default_value = "content/articles")]
    pub into: PathBuf,
}

/// Options of `build`.
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// Where to write the site [default: public in the digest's folder]
    #[arg(short, long, value_name = "DIR")]
    pub output_dir: Option<PathBuf>,
    /// Where the site will stand, instead of newsprint.yaml's base_url
    #[arg(short = 'u', long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Build drafts too
    #[arg(short = 'D', long)]
    pub drafts: bool,
    /// Let warnings fail the build
    #[arg(long)]
    pub strict: bool,
    /// Build once more from nothing and prove that the site is the same; exit 1 with the paths that differ
    #[arg(long)]
    pub verify: bool,
    /// Take over files in the output folder that newsprint did not write
    #[arg(long)]
    pub force: bool,
}

/// An address, by number or as the one name that every machine has.
fn address(written: &str) -> Result<IpAddr, String> {
    match written {
        "localhost" => Ok(Ipv4Addr::LOCALHOST.into()),
        _ => written.parse().map_err(|_| "write an address such as 127.0.0.1 or 0.0.0.0".to_owned()),
    }
}

impl Cli {
    /// The options of a build.
    #[must_use]
    pub fn build_options(&self, args: &BuildArgs) -> Options {
        Options {
            root: self.root.clone(),
            config: self.config.clone(),
            output: args.output_dir.clone(),
            base_url: args.base_url.clone(),
            drafts: args.drafts,
            strict: args.strict,
            force: args.force,
        }
    }

    /// The options of a preview.
    #[must_use]
    pub fn serve_options(&self, args: &ServeArgs) -> serve::Options {
        serve::Options {
            build: Options {
                config: self.config.clone(),
                base_url: args.base_url.clone(),
                drafts: args.drafts,
                ..Options::new(&self.root)
            },
            interface: args.interface,
            port: args.port,
            open: args.open,
            poll: args.poll,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
