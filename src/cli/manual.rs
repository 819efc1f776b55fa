//! Manual pages and shell completions, made from the same description that the command line is parsed by.

use std::io;
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;
use serde::Serialize;

use super::Cli;
use crate::diagnostic::{Diagnostic, Place};

/// Manual pages that were written.
#[derive(Debug, Default, Serialize)]
pub struct Manual {
    /// Is each of them there?
    pub success: bool,
    /// Their paths.
    pub created: Vec<String>,
    /// What went wrong.
    pub diagnostics: Vec<Diagnostic>,
}

impl Manual {
    /// A line for a person.
    #[must_use]
    pub fn summary(&self) -> String {
        match self.success {
            true => format!("newsprint: wrote {}", crate::count(self.created.len(), "manual page")),
            false => "newsprint: not all manual pages could be written".to_owned(),
        }
    }
}

/// The script that a shell reads to complete commands and options.
#[must_use]
pub fn completions(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "newsprint", &mut script);
    script
}

/// The manual page of newsprint itself, as roff.
///
/// # Errors
/// None that writing to memory has.
pub fn man_page() -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(whole()).render(&mut page)?;
    Ok(page)
}

/// Writes a page for newsprint and one for each of its commands into a folder, which is made if need be.
#[must_use]
pub fn man_pages(folder: &Path) -> Manual {
    let mut manual = Manual { success: true, ..Manual::default() };
    let mut written = || -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        pages(&whole(), "newsprint", &mut |name, page| {
            let path = folder.join(format!("{name}.1"));
            std::fs::write(&path, page)?;
            manual.created.push(path.to_string_lossy().into_owned());
            Ok(())
        })
    };
    if let Err(error) = written() {
        manual.success = false;
        manual.diagnostics.push(
            Diagnostic::error(format!("manual pages cannot be written here: {error}"))
                .at(Place::file(&folder.to_string_lossy()))
                .help("choose a folder that you may write to"),
        );
    }
    manual
}

/// The command with what clap adds by itself.
fn whole() -> clap::Command {
    let mut command = Cli::command();
    command.build();
    command
}

fn pages(
    command: &clap::Command,
    name: &str,
    write: &mut dyn FnMut(&str, &[u8]) -> io::Result<()>,
) -> io::Result<()> {
    // Everything about `help` is in the other pages.
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help" && !inner.is_hide_set())
    {
        pages(inner, &format!("{name}-{}", inner.get_name()), write)?;
    }
    let mut page = Vec::new();
    // `man newsprint-build` is looked for by its file's name, which the head of the page has to repeat.
    clap_mangen::Man::new(command.clone()).title(name).render(&mut page)?;
    write(name, &page)
}
