//! Tera's errors as diagnostics with a place in the template.

use tera::{Error, ErrorKind, ReportError};

use crate::config;
use crate::diagnostic::{Diagnostic, Place};
use crate::load::Theme;

/// A mistake that showed while a page was rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TemplateProblem {
    /// The page's path in the output folder.
    pub page: String,
    /// The mistake, without the page: many pages share one.
    pub diagnostic: Diagnostic,
    /// Is it nobody's mistake? A file was not what it was when the build began.
    pub outdated: bool,
}

/// One diagnostic for each mistake, however many pages showed it.
pub(crate) fn summarise(mut problems: Vec<TemplateProblem>) -> Vec<Diagnostic> {
    problems.sort_by(|a, b| a.page.cmp(&b.page));
    let mut diagnostics: Vec<(Diagnostic, String, usize)> = Vec::new();
    for problem in problems {
        match diagnostics.iter_mut().find(|(known, ..)| *known == problem.diagnostic) {
            Some((.., more)) => *more += 1,
            None => diagnostics.push((problem.diagnostic, problem.page, 0)),
        }
    }
    diagnostics
        .into_iter()
        .map(|(mut diagnostic, page, more)| {
            let others = match more {
                0 => String::new(),
                1 => " and 1 more page".to_owned(),
                more => format!(" and {more} more pages"),
            };
            diagnostic.message = format!("{} (while rendering `{page}`{others})", diagnostic.message);
            diagnostic
        })
        .collect()
}

/// A template that cannot be parsed; `None` for what only concerns other templates.
pub(super) fn syntax(error: &Error, theme: &Theme) -> Option<Diagnostic> {
    match error.kind() {
        ErrorKind::SyntaxError(report) => Some(report_diagnostic(report, theme)),
        _ => None,
    }
}

/// Templates that do not fit together.
pub(super) fn between(error: &Error, theme: &Theme) -> Diagnostic {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            report_diagnostic(report, theme)
        }
        ErrorKind::MissingParent { current, parent } => {
            let help = format!("create `templates/{parent}`, or extend a template that is there");
            at_name(theme, current, parent, format!("`{current}` extends `{parent}`, which is not there"))
                .help(help)
        }
        ErrorKind::CircularExtend { tpl, inheritance_chain } => {
            let chain = inheritance_chain.join(" → ");
            at_name(theme, tpl, tpl, format!("`{tpl}` extends itself: {chain}"))
                .help("let one of them extend nothing")
        }
        ErrorKind::CircularInclude { tpl, include_chain } => {
            let chain = include_chain.join(" → ");
            at_name(theme, tpl, tpl, format!("`{tpl}` includes itself: {chain}")).help("break the circle")
        }
        _ => {
            let message = first_line(error);
            let message = message.trim_start_matches("error: ");
            // Tera names a block, a filter or a template, but not who uses it.
            let Some(word) = message.split('`').nth(1) else {
                return Diagnostic::error(format!("the templates do not fit together: {message}"));
            };
            let (help, needle) = match message.to_lowercase().starts_with("block") {
                true => (
                    "the default theme's blocks are `og_type`, `head`, `folio` and `content`",
                    format!("block {word}"),
                ),
                false => ("see https://keats.github.io/tera/ for the template language", word.to_owned()),
            };
            // The digest's own templates are the ones with mistakes in them.
            let mut holders: Vec<_> =
                theme.templates.iter().filter(|(_, template)| template.text.contains(&needle)).collect();
            holders.sort_by_key(|(_, template)| !template.shown.starts_with("templates/"));
            match holders.first() {
                Some((name, _)) => at_name(theme, name, &needle, message.to_owned()).help(help),
                None => Diagnostic::error(format!("the templates do not fit together: {message}")),
            }
        }
    }
}

/// A mistake that showed while `page` was rendered.
pub(super) fn rendering(error: &Error, template: &str, page: &str, theme: &Theme) -> TemplateProblem {
    let diagnostic = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            report_diagnostic(report, theme)
        }
        ErrorKind::Io(std::io::ErrorKind::FileTooLarge) => {
            let message = "this template writes more than a page may have".to_owned();
            at_name(theme, template, "", message)
                .help("does a loop go on for too long? `limits: {page_mb: …}` in newsprint.yaml allows more")
        }
        ErrorKind::TemplateNotFound(name) => Diagnostic::error(format!("there is no template `{name}`"))
            .at(Place::file(&format!("templates/{name}")))
            .help("the theme has to have it"),
        _ => at_name(theme, template, "", first_line(error)),
    };
    TemplateProblem { page: page.to_owned(), diagnostic, outdated: false }
}

/// A static file that disappeared or changed while the site was built.
pub(super) fn unreadable(error: &std::io::Error, page: &str) -> TemplateProblem {
    let diagnostic = Diagnostic::error(format!("this static file cannot be read: {error}"))
        .at(Place::file(&format!("static/{page}")))
        .help("build again");
    TemplateProblem { page: page.to_owned(), diagnostic, outdated: true }
}

/// What an earlier build noted of the index cannot be read any more.
pub(super) fn damaged(page: &str) -> TemplateProblem {
    let diagnostic = Diagnostic::error("what an earlier build noted of the search is damaged")
        .at(Place::file(&format!("{}/search", config::STATE)))
        .help("build again");
    TemplateProblem { page: page.to_owned(), diagnostic, outdated: true }
}

/// A page that was not to be rendered has to be: its file went while the site was built.
pub(crate) fn outdated(page: &str) -> TemplateProblem {
    let diagnostic = Diagnostic::error("this file of the site changed while it was built")
        .at(Place::file(page))
        .help("build again");
    TemplateProblem { page: page.to_owned(), diagnostic, outdated: true }
}

fn report_diagnostic(report: &ReportError, theme: &Theme) -> Diagnostic {
    let message = report.message().to_owned();
    let help = if message.contains("not defined")
        || message.contains("undefined")
        || message.contains("not found in context")
    {
        "see the guide on theming for the variables of each template, or give a default: `{{ x | default(value=\"\") }}`"
    } else {
        "see https://keats.github.io/tera/ for the template language"
    };
    let diagnostic = Diagnostic::error(message).help(help);
    match theme.templates.get(report.filename()) {
        Some(template) => {
            diagnostic.at(Place::at(&template.shown, &template.text, report.span().range.clone()))
        }
        None => diagnostic.at(Place::file(report.filename())),
    }
}

/// The place where a template first names something.
fn at_name(theme: &Theme, template: &str, name: &str, message: String) -> Diagnostic {
    let diagnostic = Diagnostic::error(message);
    match theme.templates.get(template) {
        Some(template) => {
            let at = template.text.find(name).unwrap_or(0);
            diagnostic.at(Place::at(&template.shown, &template.text, at..at + name.len()))
        }
        None => diagnostic.at(Place::file(template)),
    }
}

fn first_line(error: &Error) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}
