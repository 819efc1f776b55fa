//! Generates manual pages and shell completions from the definition of the command line.

use std::io;
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;
use serde::Serialize;

use crate::cli::Cli;
use crate::cli::parse::translated;
use newsprint::internals::fs::atomic;
use newsprint::{Diagnostic, Place};

/// The report of [`man_pages`].
#[derive(Debug, Default, Serialize)]
pub(crate) struct Manual {
    /// True if every page was written.
    pub(crate) success: bool,
    /// The paths of the written pages.
    pub(crate) created: Vec<String>,
    /// The pages or the folder that could not be written.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Manual {
    /// One line for the terminal.
    #[must_use]
    pub(crate) fn summary(&self) -> String {
        match self.success {
            true => {
                tr!("newsprint: wrote {n} manual page"
                    | "newsprint: wrote {n} manual pages" % self.created.len())
            }
            false => tr!("newsprint: not all manual pages could be written"),
        }
    }
}

/// The completion script of a shell, for commands and options.
#[must_use]
pub(crate) fn completions(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut translated(Cli::command()), "newsprint", &mut script);
    script
}

/// The manual page `newsprint.1` in roff.
///
/// # Errors
/// Writing to memory fails, which does not happen.
pub(crate) fn man_page() -> io::Result<Vec<u8>> {
    page(&command(), "newsprint")
}

/// Writes a page for newsprint and one for each command to `folder`, which is created if it does
/// not exist.
#[must_use]
pub(crate) fn man_pages(folder: &Path) -> Manual {
    let mut manual = Manual { success: true, ..Manual::default() };
    let mut failed = |path: &Path, error: io::Error| {
        manual.success = false;
        manual.diagnostics.push(
            Diagnostic::error(tr!("a manual page cannot be written here: {error}", error))
                .at(Place::file(&path.to_string_lossy()))
                .help(tr!(
                    "choose a folder that you can write to, or move existing files with these names away"
                )),
        );
    };
    let mut all = Vec::new();
    if let Err(error) =
        std::fs::create_dir_all(folder).and_then(|()| pages(&command(), "newsprint", &mut all))
    {
        failed(folder, error);
        return manual;
    }
    for (name, page) in all {
        let path = folder.join(format!("{name}.1"));
        match atomic::replace(&path, &page) {
            Ok(()) => manual.created.push(path.to_string_lossy().into_owned()),
            Err(error) => failed(&path, error),
        }
    }
    manual
}

/// The command line with the options that clap adds, without the command `help`, because the pages
/// have the same text.
fn command() -> clap::Command {
    let mut command = translated(Cli::command()).disable_help_subcommand(true);
    command.build();
    command
}

/// Appends the pages of a command and of all commands below it to `all`: name and roff.
fn pages(command: &clap::Command, name: &str, all: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    for inner in command.get_subcommands() {
        pages(inner, &format!("{name}-{}", inner.get_name()), all)?;
    }
    all.push((name.to_owned(), page(command, name)?));
    Ok(())
}

/// A page in roff. Its title repeats the name of its file, because `man newsprint-build` searches
/// by file name.
fn page(command: &clap::Command, name: &str) -> io::Result<Vec<u8>> {
    let source = format!("newsprint {}", env!("CARGO_PKG_VERSION"));
    let man = clap_mangen::Man::new(command.clone()).title(name).source(source);
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    // clap_mangen's synopsis omits the values of options and the `...` of repeatable arguments.
    let usage = command.clone().render_usage().to_string().replace('-', "\\-");
    let usage =
        usage.trim_start_matches("Usage: ").lines().map(str::trim).collect::<Vec<_>>().join("\n.br\n");
    page.extend(format!(".SH SYNOPSIS\n{usage}\n").bytes());
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    if let Some(notes) = command.get_after_help() {
        page.extend(b".SH NOTES\n.nf\n");
        for line in notes.to_string().lines() {
            // `\&`: roff reads a line that begins with a full stop or an apostrophe as a request.
            page.extend(format!("\\&{}\n", line.replace('\\', "\\e").replace('-', "\\-")).bytes());
        }
        page.extend(b".fi\n");
    }
    Ok(page)
}
