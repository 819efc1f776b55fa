//! Converts a site in Simplified Chinese to Traditional: its texts, not its addresses.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::{Config, Language, SiteLanguage};
use crate::fingerprint::Fingerprint;
use crate::load::Registry;
use crate::load::markdown::Rendered;
use crate::site::calendar::{self, Span};
use crate::site::{Address, Bodies, BodyId, RenderBody, Site, Term};
use crate::slug;
use crate::text::han::is_han;
use crate::text::traditional::{self, Region, Traditional};

/// Converts the texts of one language.
#[derive(Clone)]
pub struct Conversion {
    converter: Arc<Traditional>,
    /// The fingerprint of everything that decides the result but the text.
    fingerprint: Fingerprint,
    /// The base path of the first language.
    from: String,
    /// The base path of this language.
    to: String,
    /// The origin of the site: scheme and host.
    origin: String,
    /// The paths of the pages of this language from its home page, encoded.
    pages: Arc<HashSet<String>>,
    /// Names and descriptions of terms that the registry gives in this language.
    own: Arc<HashSet<String>>,
}

impl Conversion {
    /// The conversion for a language; `None` if its texts are its own. Names of terms in the
    /// language are exceptions, as those of the settings are.
    #[must_use]
    pub fn of(config: &Config, registry: &Registry) -> Option<Self> {
        let exceptions = config.converted()?;
        let region = match config.language {
            Language::ZhHk => Region::HongKong,
            _ => Region::Taiwan,
        };
        let entries = || registry.taxonomies.iter().flatten();
        let names = entries().filter(|entry| entry.name_in(config.language) != entry.name);
        let names = names.flat_map(|entry| {
            let name = entry.name_in(config.language).to_owned();
            // A name with other words would replace parts of words, or double them.
            is_other_form(&entry.name, &name).then(|| (entry.name.clone(), name))
        });
        let mut all: Vec<(String, String)> = exceptions.to_vec();
        all.extend(names.filter(|(from, _)| !exceptions.iter().any(|(known, _)| known == from)));
        let own = entries().flat_map(|entry| entry.names.iter().chain(&entry.descriptions));
        let own = own.filter(|(language, _)| *language == config.language).map(|(_, text)| text.text.clone());
        Some(Self {
            fingerprint: Fingerprint::of(&("traditional", config.language.tag(), &all)),
            converter: Arc::new(Traditional::new(region, all)),
            from: config.root_url().path.clone(),
            to: config.base_url.path.clone(),
            origin: config.root_url().origin.clone(),
            pages: Arc::default(),
            own: Arc::new(own.collect()),
        })
    }

    fn text(&self, text: &mut String) {
        if let std::borrow::Cow::Owned(changed) = self.converter.text(text) {
            *text = changed;
        }
    }

    /// Converts the HTML of a body. Links to pages of the first language lead to those of this one.
    fn html(&self, html: &str) -> String {
        self.converter.html(html, &|href| Some(format!("{}{}", self.to, self.below(href, &self.from)?)))
    }

    /// Learns the pages of the assembled site, for links.
    pub fn learn_pages(&mut self, site: &Site, config: &Config) {
        let mut pages: HashSet<String> = HashSet::new();
        let home = &config.base_url.path;
        let mut add = |path: &str| {
            let below = path.strip_prefix(home.as_str()).unwrap_or(path);
            pages.insert(below.to_owned());
        };
        for parts in [&[][..], &["archive"]] {
            add(&Address::new(parts, config).path);
        }
        add(&Address::file(&[], "feed.xml", config).path);
        if config.search.is_some() {
            add(&Address::new(&["search"], config).path);
        }
        site.addresses.iter().for_each(|address| add(&address.path));
        for page in &site.pages {
            add(&Address::new(&[&slug::page(&page.path)], config).path);
        }
        for all in &site.taxonomies {
            add(&all.path);
            all.terms.iter().filter_map(Term::path).for_each(&mut add);
        }
        for (Reverse(year), months) in &site.archive {
            add(&Address::new(&[&year.to_string()], config).path);
            for Reverse(month) in months.keys() {
                add(&Address::new(&[&year.to_string(), &format!("{month:02}")], config).path);
            }
        }
        let dates = site.articles.iter().filter_map(|article| article.date);
        for day in dates.map(|date| calendar::day(&date)).filter(|_| config.browse.editions.is_some()) {
            let parts = Span::Day(day).parts();
            add(&Address::new(&parts.iter().map(String::as_str).collect::<Vec<_>>(), config).path);
        }
        self.pages = Arc::new(pages);
    }

    /// The path of a page of this language from its home page, for the address of the page in the
    /// first language; `None` for everything else. `home` is the path of the home page.
    fn below<'a>(&self, address: &'a str, home: &str) -> Option<&'a str> {
        let below = address.strip_prefix(&self.origin).unwrap_or(address).strip_prefix(home)?;
        let page = below.split(['#', '?']).next().unwrap_or_default();
        self.pages.contains(page).then_some(below)
    }

    /// Converts the settings that readers see, but for those that the language has of its own.
    pub fn settings(&self, config: &mut Config) {
        let Some(site) = config.languages.get(config.language_at).cloned() else { return };
        let SiteLanguage { own, prefix, .. } = site;
        if own.title.is_none() {
            self.text(&mut config.title);
        }
        if own.description.is_none() {
            self.text(&mut config.description);
        }
        if own.author.is_none() {
            self.text(&mut config.author);
        }
        if own.menu.is_none() {
            for item in &mut config.menu {
                self.text(&mut item.name);
                // A path of a menu begins at the root of the site.
                let url = self.below(&item.url, "/").map(|below| format!("/{prefix}{below}"));
                item.url = url.unwrap_or_else(|| std::mem::take(&mut item.url));
            }
        }
        if own.extra.is_none() {
            config.extra = config.extra.map_values(&|text| self.converter.text(text).into_owned());
        }
        for taxonomy in &mut config.taxonomies {
            let is_own = own.taxonomies.iter().any(|(name, _)| *name == taxonomy.name);
            if let Some(title) = taxonomy.title.as_mut().filter(|_| !is_own) {
                self.text(title);
            }
        }
    }

    /// Converts the texts of articles, pages and terms.
    pub fn site(&self, site: &mut Site) {
        let change = |text: &str| self.converter.text(text).into_owned();
        site.articles.par_iter_mut().for_each(|article| {
            let article = Arc::make_mut(article);
            self.text(&mut article.title);
            self.text(&mut article.source);
            self.text(&mut article.excerpt);
            article.event.iter_mut().chain(&mut article.summary).for_each(|text| self.text(text));
            article.extra = article.extra.map_values(&change);
        });
        for page in &mut site.pages {
            self.text(&mut page.title);
            self.text(&mut page.description);
            page.extra = page.extra.map_values(&change);
        }
        for term in site.taxonomies.iter_mut().flat_map(|all| &mut all.terms) {
            if !self.own.contains(&term.name) {
                self.text(&mut term.name);
            }
            let description = term.description.iter_mut().filter(|text| !self.own.contains(*text));
            description.for_each(|text| self.text(text));
        }
    }

    /// Converts the rendered bodies of a site. Those whose HTML is absent are converted when they are
    /// rendered. The fingerprint of a body covers which of its links this language has.
    #[must_use]
    pub fn bodies(&self, bodies: Bodies, site: &Site, render_body: Arc<RenderBody>) -> Bodies {
        let is_followed = |href: &String| self.below(href, &self.from).is_some();
        let own = |id: BodyId, body: &Rendered| {
            let followed: Vec<bool> = match id {
                BodyId::Article(id) => site.articles[id].links.iter().map(is_followed).collect(),
                // The HTML of pages is there: they are read in each build.
                BodyId::Page(_) => {
                    let html = body.html.as_deref().unwrap_or_default();
                    traditional::addresses(html).iter().map(is_followed).collect()
                }
            };
            Fingerprint::of(&(self.fingerprint, body.fingerprint, followed))
        };
        let before: HashMap<Fingerprint, Fingerprint> =
            bodies.ids().map(|id| (own(id, &bodies[id]), bodies[id].fingerprint)).collect();
        let conversion = self.clone();
        let render = move |file: &str, fingerprint: Fingerprint| {
            let written = before.get(&fingerprint).copied().unwrap_or(fingerprint);
            render_body(file, written).map(|html| conversion.html(&html))
        };
        let change = |id: BodyId, body: &mut Rendered| {
            body.fingerprint = own(id, body);
            body.html = body.html.as_deref().map(|html| self.html(html));
            self.text(&mut body.excerpt);
        };
        bodies.changed(change, Arc::new(render))
    }
}

/// True if two names are the same word in other characters: of Han alone, with as many characters, and
/// more than one.
fn is_other_form(name: &str, other: &str) -> bool {
    let count = name.chars().count();
    count > 1 && count == other.chars().count() && name.chars().chain(other.chars()).all(is_han)
}
