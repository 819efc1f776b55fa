//! `newsprint edition`: renders one edition in a form that leaves the site, and writes it to a file
//! or returns it.

mod choice;
mod message;
mod output;

use std::path::PathBuf;

use serde::Serialize;

use crate::config::{Form, Unsubscribe};
use crate::diagnostic::Diagnostic;
use crate::pipeline::context::BuiltSite;
use crate::pipeline::editions::{FormRequest, RenderedEdition};
use crate::pipeline::{self, Options};
use crate::plan::view::form::FormFile;
use crate::render::Rendered;
use crate::site::calendar::Span;
pub use choice::Wanted;
pub(crate) use output::refuse_own_file;

/// The options of `newsprint edition`.
#[derive(Debug)]
pub struct EditionOptions {
    /// The options of the build whose edition is rendered. An edition that has not begun at its
    /// time is not rendered.
    pub build: Options,
    /// The edition.
    pub wanted: Wanted,
    /// The form.
    pub form: Form,
    /// The file to write; `None` returns the bytes.
    pub output: Option<PathBuf>,
    /// Maximum length of a text, in UTF-16 units.
    pub limit: Option<usize>,
    /// Whether a letter is written as a whole message (RFC 5322).
    pub eml: bool,
    /// The unsubscribe address, instead of that of the settings.
    pub unsubscribe: Option<Unsubscribe>,
    /// The sender of the message.
    pub from: Option<String>,
    /// The recipient of the message.
    pub to: Option<String>,
    /// Whether bytes that are no text may be returned: not if they would go to a terminal.
    pub may_return_binary: bool,
}

/// The report of `newsprint edition`.
#[derive(Debug, Default, Serialize)]
pub struct EditionReport {
    /// True if the edition was rendered and, with a file, written.
    pub success: bool,
    /// The edition, as on the command line: `2026-11-23`.
    pub edition: Option<String>,
    /// The number of items: articles, each with the other reports of its event.
    pub items: usize,
    /// The number of items that the limit left out.
    pub left: usize,
    /// The size in bytes.
    pub bytes: usize,
    /// The length of a text in UTF-16 units, as `--limit` counts it.
    pub characters: Option<usize>,
    /// The file that was written.
    pub file: Option<String>,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
    /// The edition, if no file was named and it is a text.
    pub text: Option<String>,
    /// The same as bytes, if it is not a text.
    #[serde(skip)]
    pub binary: Option<Vec<u8>>,
}

impl EditionReport {
    /// A summary in one sentence.
    #[must_use]
    pub fn summary(&self) -> String {
        let Some(edition) = self.edition.as_ref().filter(|_| self.success) else {
            return tr!("newsprint: no edition was written");
        };
        let left = match self.left {
            0 => String::new(),
            left => tr!(", {left} left out", left),
        };
        let written = self.file.as_ref().map_or_else(String::new, |file| tr!(" in {file}", file));
        let size = match self.characters {
            Some(characters) => tr!("{n} character" | "{n} characters" % characters),
            None => tr!("{n} byte" | "{n} bytes" % self.bytes),
        };
        let items = tr!("{n} item" | "{n} items" % self.items - self.left);
        tr!("newsprint: {edition}: {items}{left}, {size}{written}", edition, items, left, size, written)
    }

    fn fail(mut self, diagnostic: Diagnostic) -> Self {
        self.diagnostics.push(diagnostic);
        self.success = false;
        self
    }
}

/// Renders one edition. Nothing but the file that the options name is written.
#[must_use]
pub fn run(options: &EditionOptions) -> EditionReport {
    let may_write = |()| match &options.output {
        Some(file) => output::refuse_own_file(file, &options.build),
        None => Ok(()),
    };
    if let Err(diagnostic) = check_options(options).and_then(may_write) {
        return EditionReport::default().fail(diagnostic);
    }
    let mut made = None;
    let found = pipeline::inspect(&options.build, &mut |_, _| {}, &mut |built| {
        made = Some(make(options, built));
    });
    let mut report = EditionReport { diagnostics: found.diagnostics, ..EditionReport::default() };
    match made {
        None => report,
        Some(Err(diagnostic)) => report.fail(diagnostic),
        Some(Ok(Made { span, rendered, bytes, warnings })) => {
            report.edition = Some(span.parts().join("-"));
            (report.items, report.left, report.bytes) = (rendered.items, rendered.left, bytes.len());
            if matches!(options.form, Form::Text | Form::Markdown) {
                report.characters = Some(String::from_utf8_lossy(&bytes).trim_end().encode_utf16().count());
            }
            report.diagnostics.extend(warnings);
            if let Some(file) = &options.output {
                return match output::write(file, &bytes) {
                    Ok(file) => EditionReport { success: true, file: Some(file), ..report },
                    Err(diagnostic) => report.fail(diagnostic),
                };
            }
            report.success = true;
            match String::from_utf8(bytes) {
                Ok(text) => report.text = Some(text),
                Err(error) => report.binary = Some(error.into_bytes()),
            }
            report
        }
    }
}

/// Refuses options that do not fit the form.
fn check_options(options: &EditionOptions) -> Result<(), Diagnostic> {
    let form = options.form;
    let is_text = matches!(form, Form::Text | Form::Markdown);
    let refused = |option: &str, forms: &str| {
        let message = tr!("`{option}` does not apply to the form `{form}`", option, form = form.name());
        Err(Diagnostic::error(message).help(tr!("use it with {forms}", forms)))
    };
    if options.limit.is_some() && !is_text {
        return refused("--limit", &tr!("`--as text` or `--as markdown`"));
    }
    for (is_given, option) in [
        (options.eml, "--eml"),
        (options.unsubscribe.is_some(), "--unsubscribe"),
        (options.from.is_some(), "--from"),
        (options.to.is_some(), "--to"),
    ] {
        if is_given && form != Form::Mail {
            return refused(option, "`--as mail`");
        }
    }
    let is_message = |file: &PathBuf| file.extension().is_some_and(|ending| ending == "eml");
    if form == Form::Mail && !options.eml && options.output.as_ref().is_some_and(is_message) {
        return Err(Diagnostic::error(tr!("a file `.eml` is a whole message, not a letter in HTML"))
            .help(tr!("add `--eml`, or name the file `.html`")));
    }
    let binary = match form {
        Form::Epub => Some((marked!("a book is not printed on a terminal"), "edition.epub")),
        Form::Poster => Some((marked!("a poster is not printed on a terminal"), "poster.png")),
        _ => None,
    };
    if let Some((message, file)) = binary.filter(|_| options.output.is_none() && !options.may_return_binary) {
        return Err(Diagnostic::error(tr!(message))
            .help(tr!("name a file, as in `-o {file}`, or redirect standard output", file)));
    }
    message::check_addresses(options.from.as_deref(), options.to.as_deref())
}

/// A rendered edition.
struct Made {
    span: Span,
    rendered: Rendered,
    bytes: Vec<u8>,
    warnings: Vec<Diagnostic>,
}

/// The number of characters of an article that the interface of WeChat accepts, tags included
/// (developers.weixin.qq.com, "新增草稿": 必须少于2万字符).
const MAX_WECHAT: usize = 20_000;

fn make(options: &EditionOptions, built: &BuiltSite<'_>) -> Result<Made, Diagnostic> {
    let Some(editions) = built.editions.editions() else {
        return Err(Diagnostic::error(tr!("this digest has no editions"))
            .help(tr!("remove `editions: off` from newsprint.yaml")));
    };
    let today = options.build.now.with_timezone(&built.config.timezone).date_naive();
    let span = choice::choose(options.wanted, editions, today)?;
    let render = |file: FormFile| {
        let unsubscribe = options.unsubscribe.as_ref().map(ToString::to_string);
        let request = FormRequest { span, file, limit: options.limit, unsubscribe };
        built.editions.render(&request).map_err(|problem| problem.diagnostic)
    };
    let file = match options.form {
        Form::Mail => FormFile::Mail,
        Form::Wechat => FormFile::Wechat,
        Form::Text => FormFile::Text,
        Form::Markdown => FormFile::Markdown,
        Form::Epub => FormFile::Epub,
        Form::Poster => FormFile::Poster,
    };
    let RenderedEdition { mut bytes, rendered, title, permalink } = render(file)?;
    let mut warnings: Vec<Diagnostic> = message::unset_address(&built.config.base_url).into_iter().collect();
    if options.eml {
        let text = render(FormFile::MailText)?.bytes;
        let (from, to) = (options.from.as_deref(), options.to.as_deref());
        // The newest day of the edition: the month may not be over.
        let day = editions.days.iter().find(|day| day.span <= Span::Day(span.last()));
        let day = day.map_or(span.last(), |day| day.span.last());
        let letter = message::Letter { config: built.config, span, day, title, permalink, from, to };
        bytes = message::write(&letter, &text, &bytes);
    }
    if options.form == Form::Wechat {
        let length = String::from_utf8_lossy(&bytes).chars().count();
        if length >= MAX_WECHAT {
            let message = tr!("this edition has {length} characters with its tags", length);
            let help =
                tr!("WeChat's interface for drafts takes fewer than 20,000; publish it in several parts");
            warnings.push(Diagnostic::warning(message).help(help));
        }
    }
    Ok(Made { span, rendered, bytes, warnings })
}

#[cfg(test)]
mod tests;
