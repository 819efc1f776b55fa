//! Loads the theme: the default one in the binary, overridden by the digest's `templates/` and
//! `static/`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use crate::diagnostic::{Diagnostic, Place, nearest};
use crate::fingerprint::Fingerprint;
use crate::fs::{Root, SymlinkPolicy};
use crate::image::Fonts;
use crate::load::snapshot::MAX_HASHED_BYTES;
use crate::load::{Cache, metadata, script, source, walk};

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");
static STATIC: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/static");

/// Templates, interface words and static files.
#[derive(Debug, Default)]
pub struct Theme {
    /// Templates by name, relative to `templates/`; without `i18n/` and `announce/`.
    pub templates: BTreeMap<String, Template>,
    /// The files `i18n/<tag>.yaml` by language tag: first the default theme's, then the digest's
    /// own.
    pub words: BTreeMap<String, Vec<Template>>,
    /// Static files by path, relative to `static/`.
    pub statics: BTreeMap<String, StaticFile>,
    /// The fonts of pictures; `None` if nothing is drawn.
    pub fonts: Option<Fonts>,
    /// Errors and warnings about files of the theme.
    pub diagnostics: Vec<Diagnostic>,
}

/// A template's text and its origin.
#[derive(Debug, Clone)]
pub struct Template {
    /// The name in diagnostics: `templates/article.html`, or `default theme: article.html`.
    pub shown: String,
    /// The template's source text.
    pub text: Arc<str>,
}

/// A static file and the fingerprint of its bytes, or of what they are made from.
#[derive(Debug, Clone)]
pub struct StaticFile {
    /// Fingerprint of everything that decides the bytes.
    pub fingerprint: Fingerprint,
    origin: Origin,
}

#[derive(Debug, Clone)]
enum Origin {
    Embedded(Cow<'static, [u8]>),
    Disk(Arc<Root>, String),
    /// A picture of an article, published without its metadata, and the fingerprint of its file.
    Picture(Arc<Root>, String, Fingerprint),
    #[cfg(feature = "images")]
    Made(Made),
}

/// Makes the bytes of a file when they are needed.
#[cfg(feature = "images")]
#[derive(Clone)]
struct Made(Arc<dyn Fn() -> std::io::Result<Vec<u8>> + Send + Sync>);

#[cfg(feature = "images")]
impl std::fmt::Debug for Made {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Made")
    }
}

impl StaticFile {
    /// A file of a digest whose bytes have this fingerprint.
    pub(super) fn on_disk(root: &Arc<Root>, path: &str, fingerprint: Fingerprint) -> Self {
        Self { fingerprint, origin: Origin::Disk(Arc::clone(root), path.to_owned()) }
    }

    /// A picture of an article whose file has this fingerprint.
    pub(super) fn picture(root: &Arc<Root>, path: &str, of_file: Fingerprint) -> Self {
        let fingerprint = Fingerprint::of(&("picture", metadata::VERSION, of_file));
        Self { fingerprint, origin: Origin::Picture(Arc::clone(root), path.to_owned(), of_file) }
    }

    /// A file whose bytes are made when they are needed, from what has this fingerprint.
    #[cfg(feature = "images")]
    pub(super) fn made(
        fingerprint: Fingerprint,
        make: impl Fn() -> std::io::Result<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        Self { fingerprint, origin: Origin::Made(Made(Arc::new(make))) }
    }

    /// True if the file belongs to the default theme in the binary.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        matches!(self.origin, Origin::Embedded(_))
    }

    /// Reads the bytes now. They are not kept in memory, because static files can be large.
    ///
    /// # Errors
    /// The file is gone, cannot be read, or has changed since it was hashed.
    pub fn bytes(&self) -> std::io::Result<Vec<u8>> {
        match &self.origin {
            Origin::Embedded(bytes) => Ok(bytes.to_vec()),
            Origin::Disk(root, path) => read(root, path, self.fingerprint),
            Origin::Picture(root, path, of_file) => read(root, path, *of_file).map(metadata::remove),
            #[cfg(feature = "images")]
            Origin::Made(made) => made.0(),
        }
    }
}

/// Reads a file that has this fingerprint.
fn read(root: &Root, path: &str, fingerprint: Fingerprint) -> std::io::Result<Vec<u8>> {
    let bytes = root.read(path, MAX_HASHED_BYTES)?;
    match Fingerprint::of_bytes(&bytes) == fingerprint {
        true => Ok(bytes),
        false => Err(std::io::Error::other(tr!("it changed while the site was built"))),
    }
}

/// The folder of the templates of `newsprint announce`, below `templates/`. They make no page.
const MESSAGES: &str = "announce/";

/// Loads the templates of messages, by name relative to `templates/` (`announce/feishu.md`): those
/// of the default theme, replaced by those of the digest.
#[must_use]
pub fn messages(root: &Path, links: SymlinkPolicy) -> Theme {
    let mut theme = Theme::default();
    for (name, bytes) in embedded_files(&TEMPLATES).into_iter().filter(|(name, _)| name.starts_with(MESSAGES))
    {
        let text = String::from_utf8_lossy(bytes).into_owned();
        theme.add_template(&name, Template { shown: tr!("default theme: {name}", name), text: text.into() });
    }
    theme.read_templates(&Root::open(root, links), links, root, |name| name.starts_with(MESSAGES));
    theme
}

/// Loads the default theme and replaces its files with those of the digest. `dot_files` names the
/// hidden static files to publish besides those that hosts read.
#[must_use]
pub fn load(root: &Path, links: SymlinkPolicy, dot_files: &[String], cache: &mut Cache) -> Theme {
    let mut theme = Theme::default();
    for (name, bytes) in
        embedded_files(&TEMPLATES).into_iter().filter(|(name, _)| !name.starts_with(MESSAGES))
    {
        let text = String::from_utf8_lossy(bytes).into_owned();
        theme.add_template(&name, Template { shown: tr!("default theme: {name}", name), text: text.into() });
    }
    // Fingerprints of the default theme's scripts as written, by name.
    let mut scripts = BTreeMap::new();
    for (name, source) in embedded_files(&STATIC) {
        let bytes = if is_script(&name) {
            scripts.insert(name.clone(), Fingerprint::of_bytes(source));
            script::without_comments(source)
        } else {
            Cow::Borrowed(source)
        };
        let file = StaticFile { fingerprint: Fingerprint::of_bytes(&bytes), origin: Origin::Embedded(bytes) };
        theme.statics.insert(name, file);
    }
    let folder = Arc::new(Root::open(root, links));
    theme.read_templates(&folder, links, root, |name| !name.starts_with(MESSAGES));
    theme.warn_of_unused_templates();
    let (files, problems) = walk::static_files(root, links, dot_files);
    theme.diagnostics.extend(problems);
    for (file, digest) in files.iter().zip(cache.static_fingerprints(&folder, &files)) {
        match digest {
            Ok(digest) => {
                let name = file.strip_prefix("static/").unwrap_or(file);
                // An unchanged copy of a script of the default theme is published as that is.
                if scripts.get(name) != Some(&digest) {
                    theme.statics.insert(name.to_owned(), StaticFile::on_disk(&folder, file, digest));
                }
            }
            Err(error) => theme.diagnostics.push(
                Diagnostic::error(tr!("this static file cannot be read: {error}", error))
                    .at(Place::file(file)),
            ),
        }
    }
    theme
}

impl Theme {
    /// Returns the fingerprint of all templates, words and static files.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let texts = |template: &Template| Fingerprint::of_bytes(template.text.as_bytes());
        let templates: Vec<_> =
            self.templates.iter().map(|(name, template)| (name, texts(template))).collect();
        let words: Vec<_> = self
            .words
            .iter()
            .map(|(tag, layers)| (tag, layers.iter().map(texts).collect::<Vec<_>>()))
            .collect();
        let statics: Vec<_> = self.statics.iter().map(|(name, file)| (name, file.fingerprint)).collect();
        let fonts = self.fonts.as_ref().map(Fonts::fingerprint);
        Fingerprint::of(&(templates, words, statics, fonts))
    }

    /// Reads the templates of a digest whose names are `wanted`.
    fn read_templates(&mut self, folder: &Root, links: SymlinkPolicy, root: &Path, wanted: fn(&str) -> bool) {
        let (files, problems) = walk::files(root, "templates", links);
        self.diagnostics.extend(problems);
        for file in files {
            let name = file.strip_prefix("templates/").unwrap_or(&file).to_owned();
            if !wanted(&name) {
                continue;
            }
            let read = folder
                .read(&file, source::MAX_FILE_BYTES)
                .map_err(|error| {
                    Diagnostic::error(tr!("this template cannot be read: {error}", error))
                        .at(Place::file(&file))
                })
                .and_then(|bytes| source::decode(&file, bytes));
            match read {
                Ok(text) => self.add_template(&name, Template { shown: file, text: text.into() }),
                Err(diagnostic) => self.diagnostics.push(diagnostic),
            }
        }
    }

    /// Warns of templates that neither a page nor another template uses: most likely they are
    /// misnamed.
    fn warn_of_unused_templates(&mut self) {
        let names = embedded_files(&TEMPLATES).into_iter().map(|(name, _)| name);
        let known: Vec<String> = names.filter(|name| !name.starts_with(MESSAGES)).collect();
        let unused = self.templates.iter().filter(|(name, _)| {
            let quoted = [format!("\"{name}\""), format!("'{name}'")];
            let used = |template: &Template| quoted.iter().any(|name| template.text.contains(name.as_str()));
            // A file of components is used by the names of its components, not by its file name.
            let components = self.templates[*name].text.contains("{% component");
            !known.contains(name) && !components && !self.templates.values().any(used)
        });
        let warnings: Vec<Diagnostic> = unused
            .map(|(name, template)| {
                let help = nearest(name, known.iter().map(String::as_str)).map_or_else(
                    || tr!("see the guide on theming for the templates that pages use"),
                    |name| tr!("did you mean `{name}`?", name),
                );
                Diagnostic::warning(tr!("no page and no other template uses this template"))
                    .at(Place::file(&template.shown))
                    .help(help)
            })
            .collect();
        self.diagnostics.extend(warnings);
        let languages: Vec<&str> =
            known.iter().filter_map(|name| language_of(name)).chain(["zh-HK"]).collect();
        let unknown = self.words.iter().filter(|(tag, _)| !languages.contains(&tag.as_str()));
        let warnings: Vec<Diagnostic> = unknown
            .flat_map(|(_, layers)| layers)
            .map(|template| {
                Diagnostic::warning(tr!("no language of the interface has these words"))
                    .at(Place::file(&template.shown))
                    .help(tr!(
                        "name the file `<tag>.yaml` with one of {}",
                        languages.join(&tr!("list" => ", "))
                    ))
            })
            .collect();
        self.diagnostics.extend(warnings);
    }

    fn add_template(&mut self, name: &str, template: Template) {
        match language_of(name) {
            Some(tag) => self.words.entry(tag.to_owned()).or_default().push(template),
            None => {
                self.templates.insert(name.to_owned(), template);
            }
        }
    }
}

/// The language tag of a file `i18n/<tag>.yaml`.
fn language_of(name: &str) -> Option<&str> {
    name.strip_prefix("i18n/").and_then(|name| name.strip_suffix(".yaml"))
}

/// The files of the default theme, by path in a digest: `templates/base.html`,
/// `static/newsprint.css`.
#[must_use]
pub fn default_files() -> BTreeMap<String, &'static [u8]> {
    let files = |folder: &'static str, dir| {
        embedded_files(dir).into_iter().map(move |(name, bytes)| (format!("{folder}/{name}"), bytes))
    };
    files("templates", &TEMPLATES).chain(files("static", &STATIC)).collect()
}

/// Returns the paths of the default theme's static files, relative to `static/`.
#[must_use]
pub fn static_names() -> Vec<String> {
    embedded_files(&STATIC).into_iter().map(|(name, _)| name).collect()
}

fn is_script(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == "js")
}

/// The sources of the default theme's scripts, by name.
#[cfg(test)]
pub(super) fn static_scripts() -> Vec<(String, &'static [u8])> {
    embedded_files(&STATIC).into_iter().filter(|(name, _)| is_script(name)).collect()
}

fn embedded_files(dir: &'static Dir<'static>) -> Vec<(String, &'static [u8])> {
    let mut files: Vec<_> =
        dir.files().map(|file| (file.path().to_string_lossy().replace('\\', "/"), file.contents())).collect();
    files.extend(dir.dirs().flat_map(embedded_files));
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_static_file_that_changes_after_hashing_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("static/a.txt");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "one").unwrap();
        let theme = load(folder.path(), SymlinkPolicy::Inside, &[], &mut Cache::none());
        assert_eq!(theme.statics["a.txt"].bytes().unwrap(), b"one");
        std::fs::write(&path, "two").unwrap();
        assert!(theme.statics["a.txt"].bytes().is_err());
    }

    #[test]
    fn templates_and_words_that_nothing_uses_are_reported() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        let read = || load(folder.path(), SymlinkPolicy::Inside, &[], &mut Cache::none());
        let before = read();
        assert_eq!(before.diagnostics, []);
        assert!(before.statics["search.js"].is_embedded());
        assert!(static_names().contains(&"search.js".to_owned()));
        write("templates/articel.html", "x");
        write("templates/zzzzzzzzzz.html", "x");
        write("templates/parts/used.html", "x");
        write("templates/article.html", "{% include \"parts/used.html\" %}");
        write("templates/components.html", "{% component a() %}{% endcomponent %}");
        write("templates/i18n/en.yaml", "a: b\n");
        write("templates/i18n/xx.yaml", "a: b\n");
        write("static/search.js", "x");
        let after = read();
        assert!(!after.statics["search.js"].is_embedded());
        let found: Vec<(&str, &str)> = after
            .diagnostics
            .iter()
            .map(|found| {
                (found.place.as_ref().unwrap().path.as_str(), found.help.as_deref().unwrap_or_default())
            })
            .collect();
        let help = "see the guide on theming for the templates that pages use";
        assert_eq!(
            found[..2],
            [("templates/articel.html", "did you mean `article.html`?"), ("templates/zzzzzzzzzz.html", help)]
        );
        assert_eq!((found.len(), found[2].0), (3, "templates/i18n/xx.yaml"), "{found:?}");
        assert_eq!(after.fingerprint(), read().fingerprint());
        for path in ["templates/article.html", "templates/i18n/en.yaml", "static/search.js"] {
            let fingerprint = read().fingerprint();
            write(path, "c: d\n");
            assert_ne!(read().fingerprint(), fingerprint, "{path}");
        }
    }
}
