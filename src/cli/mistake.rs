//! Prints help and errors of the command line in the language of messages. clap has its own words
//! in English only.

use std::io::Write as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Error};
use newsprint::Language;

/// Prints help or an error, and ends the process: 0 after help, 2 after an error.
pub(super) fn exit(error: &Error) -> ! {
    if newsprint::language() == Language::English {
        error.exit();
    }
    let text = if error.use_stderr() && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        described(error)
    } else {
        with_words(&error.render().to_string())
    };
    if error.use_stderr() {
        let _ = writeln!(std::io::stderr(), "{}", text.trim_end());
    } else {
        let _ = writeln!(std::io::stdout(), "{}", text.trim_end());
    }
    std::process::exit(error.exit_code());
}

/// Help with clap's own words replaced.
fn with_words(help: &str) -> String {
    let mut help = with_headings(help);
    for (english, text) in [
        ("Usage: ", tr!("Usage: ")),
        ("[OPTIONS]", tr!("[OPTIONS]")),
        ("<COMMAND>", tr!("<COMMAND>")),
        ("[default: ", tr!("[default: ")),
        ("[possible values: ", tr!("[possible values: ")),
        ("[aliases: ", tr!("[aliases: ")),
        ("Possible values:", tr!("Possible values:")),
        ("Print help (see more with '--help')", tr!("Print help (see more with '--help')")),
        ("Print help (see a summary with '-h')", tr!("Print help (see a summary with '-h')")),
        ("Print help", tr!("Print help")),
        ("Print version", tr!("Print version")),
        (
            "Print this message or the help of the given subcommand(s)",
            tr!("Print this message or the help of the given subcommand(s)"),
        ),
    ] {
        help = help.replace(english, &text);
    }
    let mut command = super::Cli::command();
    command.build();
    let values = possible_values(&command);
    help.lines().map(|line| with_value(line, &values)).collect::<Vec<_>>().join("\n")
}

/// A line such as `- csv:     A table …` with the help of the value translated.
fn with_value(line: &str, values: &[String]) -> String {
    let help = line.trim_start().strip_prefix("- ").and_then(|value| value.split_once(": "));
    match help.and_then(|(_, help)| values.iter().find(|known| *known == help.trim_start())) {
        Some(english) => {
            let english = english.as_str();
            format!("{}{}", line.trim_end_matches(english), tr!(english))
        }
        None => line.to_owned(),
    }
}

/// Help whose headings have a colon of the language. The headings of clap are translated here: it
/// gives its own options `-h` and `-V` the heading that options without one have.
fn with_headings(help: &str) -> String {
    let line = |line: &str| match line.strip_suffix(':').filter(|_| !line.starts_with(' ')) {
        Some(heading) => {
            let heading = match heading {
                "Options" => tr!("Options"),
                "Arguments" => tr!("Arguments"),
                heading => heading.to_owned(),
            };
            tr!("{heading}:", heading)
        }
        None => line.to_owned(),
    };
    help.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The help texts of the possible values of all options.
pub(super) fn possible_values(command: &clap::Command) -> Vec<String> {
    let own = command.get_arguments().flat_map(|argument| argument.get_possible_values());
    let own = own.filter_map(|value| Some(value.get_help()?.to_string()));
    own.chain(command.get_subcommands().flat_map(possible_values)).collect()
}

/// An error in the language of messages: what is wrong, the nearest name, the usage.
fn described(error: &Error) -> String {
    let get = |kind| context(error, kind);
    let argument = get(ContextKind::InvalidArg);
    let value = get(ContextKind::InvalidValue);
    let what = match error.kind() {
        ErrorKind::UnknownArgument => tr!("unexpected argument `{argument}`", argument),
        ErrorKind::InvalidSubcommand => {
            tr!("there is no command `{command}`", command = get(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => {
            tr!("`{command}` needs a command behind it", command = get(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => tr!("arguments are missing: {argument}", argument),
        ErrorKind::ArgumentConflict if argument == get(ContextKind::PriorArg) => {
            tr!("`{argument}` is written more than once", argument)
        }
        ErrorKind::ArgumentConflict => {
            tr!("`{argument}` cannot be used with `{other}`", argument, other = get(ContextKind::PriorArg))
        }
        ErrorKind::InvalidValue if value.is_empty() => tr!("`{argument}` needs a value", argument),
        ErrorKind::InvalidValue => tr!("`{value}` is not a value of `{argument}`", value, argument),
        ErrorKind::ValueValidation => {
            let reason = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            let reason = plain_reason(reason);
            tr!("`{value}` is not a value of `{argument}`: {reason}", value, argument, reason)
        }
        ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues | ErrorKind::TooManyValues => tr!(
            "`{argument}` needs another number of values: {expected}, not {actual}",
            argument,
            expected = get(ContextKind::ExpectedNumValues),
            actual = get(ContextKind::ActualNumValues)
        ),
        _ => return with_words(&error.render().to_string()),
    };
    let mut text = format!("{}: {what}\n", tr!("error"));
    let valid = get(ContextKind::ValidValue);
    if !valid.is_empty() {
        text.push_str(&format!("  {}\n", tr!("possible values: {valid}", valid)));
    }
    let suggested = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
        ContextKind::SuggestedCommand,
    ];
    for near in suggested.map(get).iter().filter(|near| !near.is_empty()) {
        text.push_str(&format!("  {}\n", tr!("did you mean `{near}`?", near)));
    }
    let tip = get(ContextKind::Suggested);
    if !tip.is_empty() {
        let english = tip.as_str();
        text.push_str(&format!("  {}\n", tr!(english)));
    }
    let usage = get(ContextKind::Usage);
    if !usage.is_empty() {
        text.push_str(&format!("\n{}\n", with_words(&usage)));
    }
    text.push_str(&format!("\n{}\n", tr!("`--help` shows more")));
    text
}

/// What std and clap say of a number, in the language of messages.
fn plain_reason(said: String) -> String {
    if said.contains("invalid digit") || said.contains("empty string") {
        return tr!("a whole number is expected");
    }
    match said.split_once(" is not in ").and_then(|(_, range)| range.split_once("..=")) {
        Some((least, most)) => tr!("a number from {least} to {most} is expected", least, most),
        None => said,
    }
}

/// A part of an error as text; empty if it has none.
fn context(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(ContextValue::StyledStrs(texts)) => {
            texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}
