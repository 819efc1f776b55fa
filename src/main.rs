//! The program: parses the command line, runs one command, and sets the exit code.
#![allow(clippy::print_stdout, clippy::print_stderr)]

#[macro_use]
extern crate tr;

mod cli;
mod commands;
mod terminal;

use std::process::ExitCode;

/// Cargo.toml explains the choice of the allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::parse();
    // The only clock whose time gets into files: `today` is read here and passed down.
    let now = chrono::Utc::now();
    if commands::run(&cli, now) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
