//! Manual pages and shell completions, made from the same description that the command line is parsed by.

use std::io;
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;
use serde::Serialize;

use crate::cli::Cli;
use newsprint::internals::fs::atomic;
use newsprint::{Diagnostic, Place};

/// Manual pages that were written.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Manual {
    /// Is each of them there?
    pub(crate) success: bool,
    /// Their paths.
    pub(crate) created: Vec<String>,
    /// What went wrong.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Manual {
    /// A line for a person.
    #[must_use]
    pub(crate) fn summary(&self) -> String {
        match self.success {
            true => format!(
                "newsprint: wrote {}",
                newsprint::internals::text::count(self.created.len(), "manual page")
            ),
            false => "newsprint: not all manual pages could be written".to_owned(),
        }
    }
}

/// The script that a shell reads to complete commands and options.
#[must_use]
pub(crate) fn completions(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "newsprint", &mut script);
    script
}

/// The manual page of newsprint itself, as roff.
///
/// # Errors
/// None that writing to memory has.
pub(crate) fn man_page() -> io::Result<Vec<u8>> {
    page(&whole(), "newsprint")
}

/// Writes a page for newsprint and one for each of its commands into a folder, which is made if need be.
#[must_use]
pub(crate) fn man_pages(folder: &Path) -> Manual {
    let mut manual = Manual { success: true, ..Manual::default() };
    let mut failed = |path: &Path, error: io::Error| {
        manual.success = false;
        manual.diagnostics.push(
            Diagnostic::error(format!("a manual page cannot be written here: {error}"))
                .at(Place::file(&path.to_string_lossy()))
                .help("choose a folder that you may write to, or move away what stands in the way"),
        );
    };
    let mut all = Vec::new();
    if let Err(error) = std::fs::create_dir_all(folder).and_then(|()| pages(&whole(), "newsprint", &mut all))
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

/// The command with what clap adds by itself, but for `help`: all that it says is in the pages.
fn whole() -> clap::Command {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    command
}

/// The pages of a command and of all below it, by name.
fn pages(command: &clap::Command, name: &str, all: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    for inner in command.get_subcommands() {
        pages(inner, &format!("{name}-{}", inner.get_name()), all)?;
    }
    all.push((name.to_owned(), page(command, name)?));
    Ok(())
}

/// A page in roff. `man newsprint-build` is looked for by its file's name, which the head of the page has to repeat.
fn page(command: &clap::Command, name: &str) -> io::Result<Vec<u8>> {
    let source = format!("newsprint {}", env!("CARGO_PKG_VERSION"));
    let man = clap_mangen::Man::new(command.clone()).title(name).source(source);
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    // The generator's own would leave out what options want, and that there may be several.
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
            // A line that begins with a point or an apostrophe would be a command.
            page.extend(format!("\\&{}\n", line.replace('\\', "\\e").replace('-', "\\-")).bytes());
        }
        page.extend(b".fi\n");
    }
    Ok(page)
}
