//! Parses the command line, with help and errors in the language of messages.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue};
use clap::{Command, CommandFactory, FromArgMatches};
use newsprint::{Language, marked, set_language};

use super::{Cli, mistake};

/// Commands of other generators, and the tip for each.
const COMMANDS_ELSEWHERE: [(&[&str], &str); 7] = [
    (&["publish", "push", "upload", "gh-deploy"], marked!("to publish the site, run `newsprint deploy`")),
    (&["clean", "clear"], marked!("there is nothing to clean: `newsprint build` removes what is old")),
    (&["server", "preview", "watch", "dev", "start", "s"], marked!("to see the site, run `newsprint serve`")),
    (&["generate", "render", "make", "g"], marked!("to write the site, run `newsprint build`")),
    (&["add", "create", "post", "n"], marked!("to create an article, run `newsprint new \"TITLE\"`")),
    (&["lint", "validate", "doctor", "test"], marked!("to find problems, run `newsprint check`")),
    (&["convert", "migrate"], marked!("to take over articles, run `newsprint import FILE`")),
];

/// Parses the command line. Invalid arguments end the program with exit code 2, `--help` with 0.
/// Sets the language of messages before anything is written.
pub(crate) fn parse() -> Cli {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let variable = |name: &str| std::env::var(name).ok();
    set_language(language_of(&arguments, variable));
    let parsed = translated(Cli::command())
        .try_get_matches_from(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    parsed.unwrap_or_else(|error| mistake::exit(&with_tip(error)))
}

/// The language of messages: that of `--lang`, else of `NEWSPRINT_LANG`, else of the locale. It is
/// needed before the command line is parsed, because help and errors depend on it; a value that is
/// not valid is reported when it is parsed.
fn language_of(arguments: &[OsString], variable: impl Fn(&str) -> Option<String>) -> Language {
    let arguments = arguments.iter().map(|argument| argument.to_string_lossy());
    let mut arguments = arguments.take_while(|argument| argument != "--");
    let mut written = None;
    while let Some(argument) = arguments.next() {
        if argument == "--lang" {
            written = arguments.next().map(|value| value.into_owned());
        } else if let Some(value) = argument.strip_prefix("--lang=") {
            written = Some(value.to_owned());
        }
    }
    let asked = [written, variable("NEWSPRINT_LANG")].into_iter().flatten();
    asked
        .filter_map(|tag| Language::from_tag(&tag))
        .next()
        .unwrap_or_else(|| Language::from_environment(variable))
}

/// The command with its help in the language of messages.
pub(super) fn translated(command: Command) -> Command {
    if newsprint::language() == Language::English {
        return command;
    }
    let text = |english: &StyledStr| -> String {
        let english = english.to_string();
        let english = english.as_str();
        tr!(english)
    };
    let mut command = command.mut_args(|mut arg| {
        if let Some(help) = arg.get_help().map(text) {
            arg = arg.help(help);
        }
        if let Some(help) = arg.get_long_help().map(text) {
            arg = arg.long_help(help);
        }
        if let Some(heading) = arg.get_help_heading() {
            let heading = tr!(heading);
            arg = arg.help_heading(heading);
        }
        arg
    });
    if let Some(about) = command.get_about().map(text) {
        command = command.about(about);
    }
    if let Some(about) = command.get_long_about().map(text) {
        command = command.long_about(about);
    }
    if let Some(help) = command.get_after_help().map(text) {
        command = command.after_help(help);
    }
    command.subcommand_help_heading(tr!("Commands")).mut_subcommands(translated)
}

/// Adds the tip for a command that other generators have.
fn with_tip(mut error: clap::Error) -> clap::Error {
    let Some(ContextValue::String(written)) = error.get(ContextKind::InvalidSubcommand) else { return error };
    let tip = COMMANDS_ELSEWHERE.iter().find(|(names, _)| names.contains(&written.as_str()));
    if let Some((_, tip)) = tip {
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![(*tip).to_owned().into()]));
    }
    error
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::catalogues::{Key, catalogues, entry};
    use super::*;

    /// The texts of a command and of all below it that are shown in help.
    fn shown(command: &Command, texts: &mut Vec<String>) {
        let own = [command.get_about(), command.get_long_about(), command.get_after_help()];
        texts.extend(own.into_iter().flatten().map(ToString::to_string));
        // clap's own options have clap's words.
        let with_help = command
            .get_arguments()
            .filter(|argument| !matches!(argument.get_id().as_str(), "help" | "version"));
        for argument in with_help {
            texts.extend(argument.get_help_heading().map(str::to_owned));
            let help = [argument.get_help(), argument.get_long_help()];
            texts.extend(help.into_iter().flatten().map(ToString::to_string));
            let values = argument.get_possible_values();
            texts.extend(values.iter().filter_map(|value| Some(value.get_help()?.to_string())));
        }
        command.get_subcommands().for_each(|inner| shown(inner, texts));
    }

    #[test]
    fn every_text_of_help_is_in_the_catalogues_and_no_other_in_that_of_help() {
        let mut command = Cli::command().disable_help_subcommand(true);
        command.build();
        let mut texts = ["Arguments", "Commands", "Options"].map(str::to_owned).to_vec();
        shown(&command, &mut texts);
        let all = catalogues();
        let is_translated = |(_, translation): &&(Key, String)| !translation.is_empty();
        let known: BTreeSet<&str> =
            all.values().flatten().filter(is_translated).map(|((_, text, _), _)| text.as_str()).collect();
        let missing: BTreeSet<&String> = texts.iter().filter(|text| !known.contains(text.as_str())).collect();
        let key = |text: &String| (String::new(), text.clone(), String::new());
        let entries: Vec<String> = missing.into_iter().map(|text| entry(&key(text))).collect();
        assert!(entries.is_empty(), "the catalogues lack\n\n{}", entries.join("\n"));
        let of_help = all["help.po"].iter().map(|((_, text, _), _)| text);
        let stale: Vec<&String> = of_help.filter(|text| !texts.contains(text)).collect();
        assert!(stale.is_empty(), "no help has these texts of help.po: {stale:#?}");
    }
}
