//! Turns Tera's errors into diagnostics with a place in the template.

use tera::{Error, ErrorKind, ReportError};

use crate::config;
use crate::diagnostic::{Diagnostic, Place};
use crate::load::Theme;
use crate::render::order;
use crate::text::lines::LinedText;

/// An error that occurred while a page was rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TemplateProblem {
    /// Path of the page in the output folder.
    pub page: String,
    /// The error without the page: many pages may have the same one.
    pub diagnostic: Diagnostic,
    /// True if a file changed during the build, so that another build may succeed.
    pub outdated: bool,
}

/// Merges equal errors of several pages into one diagnostic. It names the first page and the number
/// of the others.
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
                more => tr!(" and {n} more page" | " and {n} more pages" % more),
            };
            diagnostic.message =
                tr!("{} (while rendering `{page}`{others})", diagnostic.message, page, others);
            diagnostic
        })
        .collect()
}

/// The diagnostic for a template that cannot be parsed; `None` for errors that involve other
/// templates.
pub(super) fn syntax_error(error: &Error, theme: &Theme) -> Option<Diagnostic> {
    match error.kind() {
        ErrorKind::SyntaxError(report) => Some(report_diagnostic(report, theme)),
        _ => None,
    }
}

/// The diagnostic for templates that do not fit together: missing, circular, or with unknown names.
pub(super) fn theme_error(error: &Error, theme: &Theme) -> Diagnostic {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            report_diagnostic(report, theme)
        }
        ErrorKind::MissingParent { current, parent } => {
            let help = tr!("create `templates/{parent}`, or extend a template that exists", parent);
            at_name(
                theme,
                current,
                parent,
                tr!("`{current}` extends `{parent}`, which does not exist", current, parent),
            )
            .help(help)
        }
        ErrorKind::CircularExtend { tpl, inheritance_chain } => {
            let chain = inheritance_chain.join(" → ");
            at_name(theme, tpl, tpl, tr!("`{tpl}` extends itself: {chain}", tpl, chain))
                .help(tr!("remove `extends` from one of these templates"))
        }
        ErrorKind::CircularInclude { tpl, include_chain } => {
            let chain = include_chain.join(" → ");
            at_name(theme, tpl, tpl, tr!("`{tpl}` includes itself: {chain}", tpl, chain))
                .help(tr!("remove `include` from one of these templates"))
        }
        _ => {
            let message = first_line(error);
            let message = message.trim_start_matches("error: ");
            // Tera names a block, a filter or a template, but not the template that uses it.
            let Some(word) = message.split('`').nth(1) else {
                return Diagnostic::error(tr!("the theme is not valid: {message}", message));
            };
            let (help, needle) = match message.to_lowercase().starts_with("block") {
                true => (
                    tr!("the default theme's blocks are `og_type`, `card`, `head`, `folio` and `content`"),
                    format!("block {word}"),
                ),
                false => (see_tera(), word.to_owned()),
            };
            // The error is more likely in a template of the digest than in one of the default
            // theme.
            let mut users: Vec<_> =
                theme.templates.iter().filter(|(_, template)| template.text.contains(&needle)).collect();
            users.sort_by_key(|(_, template)| !template.shown.starts_with("templates/"));
            match users.first() {
                Some((name, _)) => at_name(theme, name, &needle, message.to_owned()).help(help),
                None => Diagnostic::error(tr!("the theme is not valid: {message}", message)),
            }
        }
    }
}

/// The error for a template that fails while `page` is rendered.
pub(super) fn rendering_error(error: &Error, template: &str, page: &str, theme: &Theme) -> TemplateProblem {
    let diagnostic = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            report_diagnostic(report, theme)
        }
        ErrorKind::Io(std::io::ErrorKind::FileTooLarge) => {
            let message = tr!("this template writes more bytes than a page may have");
            at_name(theme, template, "", message)
                .help(tr!("shorten its loops, or raise `limits: {page_mb: …}` in newsprint.yaml"))
        }
        ErrorKind::TemplateNotFound(name) => Diagnostic::error(tr!("there is no template `{name}`", name))
            .at(Place::file(&format!("templates/{name}")))
            .help(tr!("add this template to the theme")),
        _ => at_name(theme, template, "", first_line(error)),
    };
    TemplateProblem { page: page.to_owned(), diagnostic, outdated: false }
}

/// The error for a static file that disappeared or changed during the build.
pub(super) fn unreadable_static(
    error: &std::io::Error,
    page: &str,
    origin: Option<&Place>,
) -> TemplateProblem {
    let in_static = || Place::file(&format!("static/{page}"));
    let diagnostic = Diagnostic::error(tr!("this static file cannot be read: {error}", error))
        .at(origin.cloned().unwrap_or_else(in_static))
        .help(tr!("build again"));
    TemplateProblem { page: page.to_owned(), diagnostic, outdated: true }
}

/// The error for a cached segment of the search index that cannot be read.
pub(super) fn damaged_index(page: &str) -> TemplateProblem {
    let diagnostic = Diagnostic::error(tr!("the cache of the search index is damaged"))
        .at(Place::file(&format!("{}/search", config::STATE)))
        .help(tr!("build again"));
    TemplateProblem { page: page.to_owned(), diagnostic, outdated: true }
}

/// The error for a limit below the length of a text with one item: this number of UTF-16 units.
pub(super) fn small_limit(page: &str, units: usize) -> TemplateProblem {
    let diagnostic = Diagnostic::error(tr!("the limit leaves no room for one item of the edition"))
        .help(tr!("`--limit` has to be at least {units}", units));
    TemplateProblem { page: page.to_owned(), diagnostic, outdated: false }
}

/// The error for a page whose file in the output folder changed during the build, so that it has to
/// be rendered after all.
pub(crate) fn outdated(page: &str) -> TemplateProblem {
    let diagnostic = Diagnostic::error(tr!("this file of the site changed during the build"))
        .at(Place::file(page))
        .help(tr!("build again"));
    TemplateProblem { page: page.to_owned(), diagnostic, outdated: true }
}

/// The help for an error of Tera without a better one.
fn see_tera() -> String {
    tr!("see https://keats.github.io/tera/ for the template language")
}

/// The diagnostic for Tera's own report, at its place in the template.
fn report_diagnostic(report: &ReportError, theme: &Theme) -> Diagnostic {
    let message = report.message().to_owned();
    let help = if message.contains("not defined")
        || message.contains("undefined")
        || message.contains("not found in context")
    {
        tr!(
            "see the guide on theming for the variables of each template, or give a default: `{example}`",
            example = r#"{{ x | default(value="") }}"#
        )
    } else {
        see_tera()
    };
    let diagnostic = Diagnostic::error(message).help(help);
    match theme.templates.get(report.filename()) {
        Some(template) => diagnostic.at(Place::at(
            &template.shown,
            &LinedText::new(&*template.text),
            order::range_as_written(&template.text, report.span().range.clone()),
        )),
        None => diagnostic.at(Place::file(report.filename())),
    }
}

/// A diagnostic at the place where a template first contains `name`.
fn at_name(theme: &Theme, template: &str, name: &str, message: String) -> Diagnostic {
    let diagnostic = Diagnostic::error(message);
    match theme.templates.get(template) {
        Some(template) => {
            let at = template.text.find(name).unwrap_or(0);
            diagnostic.at(Place::at(&template.shown, &LinedText::new(&*template.text), at..at + name.len()))
        }
        None => diagnostic.at(Place::file(template)),
    }
}

fn first_line(error: &Error) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}
