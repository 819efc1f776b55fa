//! Renders planned pages to bytes (page → bytes). Only this folder uses Tera.
//!
//! A template sees its page's context, the configuration and the words of the interface. It has no
//! clock, no environment, no file access and no function that reads the rest of the site. So a
//! page's fingerprint covers everything that decides its bytes.

mod absolute;
pub(crate) mod announce;
mod bounded;
mod bounds;
mod context;
mod data;
mod ended;
mod form;
mod json_ld;
mod lists;
mod opml;
mod order;
mod parts;
mod pictures;
mod problem;
mod sitemap;
mod social;
mod template;
mod toc;
mod value;

use serde::Serialize;
use tera::{Kwargs, State, Tera};

use crate::config::{BaseUrl, Config, FeedSet, Limits, MenuItem, Policy, Translation};
use crate::diagnostic::Diagnostic;
use crate::fingerprint::{FORMAT, Fingerprint};
use crate::image::Fonts;
use crate::load::Theme;
use crate::locale::{Locale, Words};
use crate::plan::card::{self, Cards};
use crate::plan::style;
use crate::plan::view::card::TaxonomyView;
use crate::plan::view::form::EditionForm;
use crate::plan::view::search::IndexFile;
use crate::plan::{self, Body, Page};
use crate::search::{self, Index};
use crate::site::{Address, Bodies};
use crate::watchdog::{Task, Watchdog};
use crate::yaml::Node;
use bounded::Bounded;
pub(crate) use ended::is_notice;
use form::Failure;
pub(crate) use form::Rendered;
use parts::{Parts, Problem};
pub(crate) use problem::TemplateProblem;
pub(crate) use problem::{outdated, summarise};

/// Renders the pages of a site.
pub(crate) struct Renderer<'s> {
    parts: Parts<'s>,
    /// The templates of pictures, which see neither `config` nor `words`: a card changes with its
    /// own data only.
    pictures: Tera,
    fonts: Option<&'s Fonts>,
    theme: &'s Theme,
    config: &'s Config,
    fingerprint: Fingerprint,
    limits: Limits,
    watch: &'s Watchdog,
    /// The word for an image without a description.
    image: &'s str,
}

/// The style sheet of a digest that every page loads after the theme's.
const CUSTOM_CSS: &str = "custom.css";

/// The variables of every template: `config` and `words`.
#[derive(Serialize)]
struct Globals<'s> {
    config: ConfigView<'s>,
    words: &'s Words,
}

#[derive(Serialize)]
struct ConfigView<'s> {
    title: &'s str,
    description: &'s str,
    author: &'s str,
    language: &'s str,
    base_url: String,
    base_path: &'s str,
    root_url: String,
    root_path: &'s str,
    feed: String,
    feed_json: Option<String>,
    feeds: String,
    hub: Option<&'s str>,
    taxonomies: Vec<TaxonomyView<'s>>,
    archive: String,
    trends: Option<String>,
    search: Option<String>,
    crossings: Option<String>,
    weekly: Option<String>,
    mine: Option<String>,
    subscribe: String,
    custom_css: Option<String>,
    image: Option<String>,
    translations: &'s [Translation],
    menu: Vec<MenuItem>,
    csp: Option<String>,
    rel: &'s str,
    extra: &'s Node,
}

impl<'s> Renderer<'s> {
    /// Parses all templates. `watch` limits the time of rendering a page.
    ///
    /// # Errors
    /// The theme exceeds a limit, a template cannot be parsed, or templates do not fit together.
    pub(crate) fn new(
        theme: &'s Theme,
        config: &'s Config,
        locale: &'s Locale,
        cards: &'s Cards<'s>,
        watch: &'s Watchdog,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut tera = Tera::new();
        order::register(&mut tera);
        form::register(&mut tera);
        tera.autoescape_on([".html", ".htm", ".xml", ".xhtml"]);
        register_feed_id(&mut tera, config);
        let mut diagnostics = bounds::check(theme);
        if !diagnostics.is_empty() {
            return Err(diagnostics);
        }
        let templates: Vec<_> = theme
            .templates
            .iter()
            .map(|(name, template)| (name.as_str(), order::with_sorted_dump(&template.text)))
            .collect();
        for (name, text) in &templates {
            // Each template by itself first, so that the syntax errors of all templates are
            // reported.
            if let Err(error) = Tera::new().add_raw_template(name, text) {
                diagnostics.extend(problem::syntax_error(&error, theme));
            }
        }
        if !diagnostics.is_empty() {
            return Err(diagnostics);
        }
        let (drawn, templates): (Vec<_>, Vec<_>) =
            templates.into_iter().partition(|(name, _)| name.ends_with(style::ENDING));
        let mut pictures = Tera::new();
        pictures.autoescape_on([style::ENDING]);
        for (tera, templates) in [(&mut tera, templates), (&mut pictures, drawn)] {
            if let Err(error) = tera.add_raw_templates(templates) {
                return Err(vec![problem::theme_error(&error, theme)]);
            }
        }
        let globals = Globals { config: config_view(config, locale, theme), words: &locale.words };
        tera.global_context().insert("config", &globals.config);
        tera.global_context().insert("words", &globals.words);
        let texts: Vec<_> = theme.templates.iter().map(|(name, template)| (name, &*template.text)).collect();
        let id_base = config.feeds.id_base.as_ref().map(BaseUrl::url);
        let fingerprint = Fingerprint::of(&(FORMAT, env!("CARGO_PKG_VERSION"), texts, &globals, id_base));
        let limits = config.limits;
        let parts = Parts::new(tera, cards, limits.page_bytes);
        let image = locale.word("image");
        Ok(Self {
            parts,
            pictures,
            fonts: theme.fonts.as_ref(),
            theme,
            config,
            fingerprint,
            limits,
            watch,
            image,
        })
    }

    /// Fingerprint of everything that decides a page's bytes besides its own context: templates,
    /// words, configuration and the version of newsprint.
    #[must_use]
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Renders a page and appends it to `bytes`.
    ///
    /// # Errors
    /// A template fails, a static or source file is gone or has changed, or the cached index is
    /// damaged.
    pub(crate) fn render(
        &self,
        page: &Page<'_>,
        bodies: &Bodies,
        index: Option<&Index>,
        bytes: &mut Vec<u8>,
    ) -> Result<(), TemplateProblem> {
        let failed = |problem| self.failed(problem, &page.path);
        match &page.body {
            Body::Template(kind) => {
                let _entered = self.watch.enter(Task::Page(&page.path));
                let (template, context) =
                    context::build(kind, self.config, &self.parts, bodies).map_err(failed)?;
                // Rendered to bytes: `Tera::render` would validate hundreds of megabytes as UTF-8
                // that cannot be anything else.
                let limit = bytes.len() + self.limits.page_bytes;
                let rendered = self.parts.tera().render_to(template, &context, Bounded { bytes, limit });
                return rendered.map_err(|error| failed(Problem::Template(template, error)));
            }
            Body::Data(data) => {
                let _entered = self.watch.enter(Task::Page(&page.path));
                return data::write(data, self.config, &self.parts, bodies, bytes).map_err(failed);
            }
            Body::Form(form) => {
                return self.render_form(form, &page.path, None, bodies, bytes).map(|_| ());
            }
            Body::Outline(outline) => bytes.extend(opml::outline(outline).as_bytes()),
            Body::EndedFeed(feed) => bytes.extend(ended::notice(feed, self.config).as_bytes()),
            Body::Sitemap(entries) => bytes.extend(sitemap::urls(entries).as_bytes()),
            Body::SitemapIndex(files) => bytes.extend(sitemap::index(files).as_bytes()),
            Body::Text(text) => bytes.extend(text.as_bytes()),
            Body::Bytes(written) => bytes.extend(written),
            Body::Index(file) => match (file, index) {
                (IndexFile::Head(head), Some(index)) => bytes.extend(index.head(head)),
                (IndexFile::Table(part, files), Some(index)) => bytes.extend(index.table(*part, files)),
                (IndexFile::Shard(part, shard), Some(index)) => {
                    let found = index.shard(*part, *shard);
                    bytes.extend(found.map_err(|_| problem::damaged_index(&page.path))?);
                }
                (_, None) => {}
            },
            Body::Social(card) => {
                let _entered = self.watch.enter(Task::Page(&page.path));
                if let Some(fonts) = self.fonts {
                    let limit = self.limits.page_bytes;
                    social::write(card, fonts, (&self.pictures, limit), bytes).map_err(failed)?;
                }
            }
            Body::Static(file) => {
                let found = file
                    .bytes()
                    .map_err(|error| problem::unreadable_static(&error, &page.path, page.origin))?;
                // Not copied into an empty buffer: pictures are large.
                if bytes.is_empty() { *bytes = found } else { bytes.extend(found) }
            }
            // The survey found this file unchanged, so it was changed since then. A deferred page has
            // its data before it comes here.
            Body::Kept(_) | Body::Deferred(..) => return Err(outdated(&page.path)),
        }
        Ok(())
    }

    /// Renders an edition's form and appends it to `bytes`. `path` is that of its file on the site,
    /// for errors. A text has at most `limit` UTF-16 units.
    ///
    /// # Errors
    /// A template fails, a source file is gone or has changed, or the limit is too small.
    pub(crate) fn render_form(
        &self,
        form: &EditionForm<'_>,
        path: &str,
        limit: Option<usize>,
        bodies: &Bodies,
        bytes: &mut Vec<u8>,
    ) -> Result<Rendered, TemplateProblem> {
        let _entered = self.watch.enter(Task::Page(path));
        let pictures = self.fonts.map(|fonts| (fonts, (&self.pictures, self.limits.page_bytes)));
        let source =
            form::Source { parts: &self.parts, config: self.config, bodies, image: self.image, pictures };
        form::write(form, limit, &source, bytes).map_err(|failure| match failure {
            Failure::Problem(problem) => self.failed(problem, path),
            Failure::Limit(units) => problem::small_limit(path, units),
        })
    }

    /// The error for a file that cannot be rendered.
    fn failed(&self, problem: Problem, path: &str) -> TemplateProblem {
        match problem {
            Problem::Template(template, error) => {
                problem::rendering_error(&error, template, path, self.theme)
            }
            Problem::Body(diagnostic) => {
                TemplateProblem { page: path.to_owned(), diagnostic: *diagnostic, outdated: true }
            }
        }
    }
}

/// Registers the filter `feed_id`: the id in feeds of the page or feed at a URL.
fn register_feed_id(tera: &mut Tera, config: &Config) {
    let (feeds, base) = (config.feeds.clone(), config.base_url.clone());
    let id = move |url: &str, _: Kwargs, _: &State<'_>| feeds.id(url, &base).into_owned();
    tera.register_filter("feed_id", id);
}

/// The variable `config`.
fn config_view<'s>(config: &'s Config, locale: &'s Locale, theme: &Theme) -> ConfigView<'s> {
    let custom_css = theme.statics.contains_key(CUSTOM_CSS);
    let rebase = |item: &MenuItem| MenuItem {
        name: item.name.clone(),
        url: match item.url.starts_with('/') {
            true => config.root_url().path_of(&item.url),
            false => item.url.clone(),
        },
    };
    ConfigView {
        title: &config.title,
        description: &config.description,
        author: &config.author,
        language: config.language.tag(),
        base_url: config.base_url.url(),
        base_path: &config.base_url.path,
        root_url: config.root_url().url(),
        root_path: &config.root_url().path,
        feed: Address::file(&[], "feed.xml", config).path,
        feed_json: (config.feeds.json != FeedSet::None).then(|| Address::file(&[], "feed.json", config).path),
        feeds: plan::outline_address(config).path,
        hub: config.feeds.hub.as_deref(),
        taxonomies: card::taxonomies(config, locale),
        archive: Address::new(&["archive"], config).path,
        trends: config.browse.trends.then(|| Address::new(&["trends"], config).path),
        search: config.search.as_ref().map(|_| Address::new(&[search::FOLDER], config).path),
        crossings: config.browse.crossings.as_ref().map(|_| Address::new(&["crossings"], config).path),
        weekly: config.browse.editions.as_ref().map(|_| Address::file(&[], "weekly.xml", config).path),
        mine: plan::reader::mine_address(config).map(|address| address.path),
        subscribe: plan::reader::subscribe_address(config).path,
        custom_css: custom_css.then(|| format!("{}{CUSTOM_CSS}", config.root_url().path)),
        image: config.sharing.image.as_ref().map(|image| config.root_url().absolute(image)),
        translations: &config.sharing.translations,
        menu: config.menu.iter().map(rebase).collect(),
        csp: config.policy.as_ref().map(Policy::text),
        rel: &config.markdown.rel,
        extra: &config.extra,
    }
}
