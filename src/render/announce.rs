//! Renders the messages of `newsprint announce`: the data of a message → text, by a template below
//! `templates/announce/`.

use std::io::{self, Write};

use serde::Serialize;
use tera::{Context, Tera, Value};

use crate::diagnostic::{Diagnostic, nearest};
use crate::load::Theme;
use crate::locale::Words;
use crate::render::bounded::Bounded;
use crate::render::value::map;
use crate::render::{bounds, order, problem};

/// Writes a text in the syntax of a platform, so that it shows as it is.
pub(crate) type EscapeText = fn(&str, &mut dyn Write) -> io::Result<()>;

/// Maximum size of a rendered message in bytes, before it is split.
const MAX_BYTES: usize = 4 << 20;

/// The data of a message.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Message {
    /// Version of the format, for programs.
    pub version: u32,
    /// The digest.
    pub digest: Digest,
    /// The edition of the day; `None` if the message is about one article.
    pub edition: Option<Edition>,
    /// The new articles, in the order of the page.
    pub articles: Vec<Article>,
    /// The number of the message, from 1, of those into which a long one is split.
    #[serde(skip)]
    pub part: usize,
}

/// The digest of a message.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Digest {
    /// Its title.
    pub title: String,
    /// URL of the home page.
    pub url: String,
}

/// The edition of a message.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Edition {
    /// Its title, such as `2026年11月23日 星期一`.
    pub title: String,
    /// URL of its page.
    pub url: String,
    /// The day: `2026-11-23`.
    pub date: String,
}

/// An article in a message.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Article {
    /// Its title.
    pub title: String,
    /// URL of its page.
    pub url: String,
    /// The publisher; may be empty.
    pub source: String,
    /// URL of the original.
    pub link: Option<String>,
    /// The key event, or else the beginning of the text; may be empty.
    pub summary: String,
    /// The names of its terms, of all taxonomies.
    pub terms: Vec<String>,
    /// A day or RFC 3339.
    pub date: Option<String>,
}

/// The templates of one platform's messages.
pub(crate) struct Messages<'t> {
    tera: Tera,
    theme: &'t Theme,
    /// Writes an address in the syntax of the platform.
    url: fn(&str) -> String,
}

impl<'t> Messages<'t> {
    /// Parses the templates of `theme`. Texts are written by `escape`, addresses by `url`.
    ///
    /// # Errors
    /// A template cannot be parsed, or templates do not fit together.
    pub(crate) fn new(
        theme: &'t Theme,
        words: &Words,
        escape: EscapeText,
        url: fn(&str) -> String,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut diagnostics = bounds::check(theme);
        let mut tera = Tera::new();
        order::register(&mut tera);
        tera.set_escape_fn(escape);
        // Every name ends with an empty text.
        tera.autoescape_on([""]);
        let templates: Vec<_> = theme
            .templates
            .iter()
            .map(|(name, template)| (name.as_str(), order::with_sorted_dump(&template.text)))
            .collect();
        if diagnostics.is_empty() {
            for (name, text) in &templates {
                if let Err(error) = Tera::new().add_raw_template(name, text) {
                    diagnostics.extend(problem::syntax_error(&error, theme));
                }
            }
        }
        if diagnostics.is_empty()
            && let Err(error) = tera.add_raw_templates(templates)
        {
            diagnostics.push(problem::theme_error(&error, theme));
        }
        if !diagnostics.is_empty() {
            return Err(diagnostics);
        }
        tera.global_context().insert("words", words);
        Ok(Self { tera, theme, url })
    }

    /// Renders a message by the template of this name. Blanks around it are removed.
    ///
    /// # Errors
    /// The template fails.
    pub(crate) fn render(&self, template: &str, message: &Message) -> Result<String, Diagnostic> {
        let mut context = Context::new();
        let url = |url: &str| Value::safe_string(&(self.url)(url));
        let text = |text: &str| Value::from_serializable(&text);
        let Message { digest, edition, articles, part, .. } = message;
        context.insert_value("digest", map([("title", text(&digest.title)), ("url", url(&digest.url))]));
        let edition = edition.as_ref().map(|edition| {
            map([("title", text(&edition.title)), ("url", url(&edition.url)), ("date", text(&edition.date))])
        });
        context.insert_value("edition", edition.unwrap_or_else(Value::none));
        let articles: Vec<Value> = articles
            .iter()
            .map(|article| {
                map([
                    ("title", text(&article.title)),
                    ("url", url(&article.url)),
                    ("source", text(&article.source)),
                    ("link", article.link.as_deref().map_or_else(Value::none, url)),
                    ("summary", text(&article.summary)),
                    ("terms", Value::from_serializable(&article.terms)),
                    ("date", Value::from_serializable(&article.date)),
                ])
            })
            .collect();
        context.insert_value("articles", Value::from(articles));
        context.insert("part", part);
        let mut bytes = Vec::new();
        let written =
            self.tera.render_to(template, &context, Bounded { bytes: &mut bytes, limit: MAX_BYTES });
        written
            .map_err(|error| problem::rendering_error(&error, template, template, self.theme).diagnostic)?;
        Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
    }
}

/// The error of a template that a target names and that does not exist.
pub(crate) fn missing_template(theme: &Theme, name: &str) -> (String, String) {
    let help = nearest(name, theme.templates.keys().map(String::as_str)).map_or_else(
        || tr!("create templates/{name}, or remove `template`", name),
        |near| tr!("did you mean `{}`?", near.trim_start_matches("announce/")),
    );
    (tr!("there is no template templates/{name}", name), help)
}
