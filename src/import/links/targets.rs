//! The posts of a run by their old names and addresses, and the article file of each.

use std::collections::{HashMap, HashSet};

use url::Url;

use crate::import::generator::characters::decode;
use crate::import::generator::language::{looks_like_language, path_of};
use crate::import::generator::place::{Place, split_date};
use crate::import::languages::Languages;
use crate::paths::fold;

/// The post whose text is converted.
#[derive(Debug, Clone, Copy)]
pub struct Own<'a> {
    /// Its place.
    pub place: &'a Place,
    /// Its first old address, against which its relative links are resolved.
    pub address: Option<&'a str>,
    /// The line of the input on which its text begins.
    pub line: usize,
}

/// What is known of a post that others link to.
#[derive(Debug, Clone)]
struct Target {
    /// The path of its article file.
    file: String,
    title: String,
    /// The number of its language.
    language: usize,
}

/// The posts of a language by a name; `None` for a name of several posts.
type ByName = HashMap<String, Option<usize>>;

/// The posts that links can lead to.
#[derive(Debug, Default)]
pub struct Targets {
    targets: Vec<Target>,
    /// The files of `targets`.
    files: HashSet<String>,
    by_post: HashMap<String, usize>,
    /// By the folded path of an old address, without slashes at its ends.
    by_address: HashMap<String, usize>,
    /// By language: by the path of the file below the content, with and without extension, and by
    /// its name.
    by_name: Vec<ByName>,
    /// By language: by these without the language in the name of the file.
    by_plain_name: Vec<ByName>,
    /// The languages of the digest.
    languages: Languages,
    /// By the number of a post of WordPress.
    by_number: HashMap<String, usize>,
    /// The host of the old site.
    host: Option<String>,
}

/// A path without its extension and `index`.
fn stem(path: &str) -> &str {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    stem.strip_suffix("/index").unwrap_or(stem)
}

/// The last part of a path.
pub(in crate::import) fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

impl Targets {
    /// No targets, of the site with this address, in a digest with these languages.
    #[must_use]
    pub fn new(base_url: Option<&str>, languages: &Languages) -> Self {
        let host = base_url.and_then(|url| Url::parse(url).ok()?.host_str().map(str::to_owned));
        Self { host, languages: languages.clone(), ..Self::default() }
    }

    /// Adds a post with its old addresses and the article file that it becomes.
    pub fn add(&mut self, place: &Place, title: &str, addresses: &[String], file: &str) {
        let names = [place.name.as_str(), place.split_date().0];
        self.add_post((&place.identity(), &place.path), &names, title, addresses, file);
    }

    /// Adds an article of an earlier import with its aliases, unless the run has the post.
    pub fn add_known(&mut self, post: &str, title: &str, aliases: &[String], file: &str) {
        let Some(path) = path_of(post) else { return };
        if self.by_post.contains_key(post) || self.files.contains(file) {
            return;
        }
        let name = last(stem(path));
        // Of `x.zh.md`, the name is `x`.
        let without_language =
            name.rsplit_once('.').filter(|(_, language)| looks_like_language(language)).map(|(name, _)| name);
        let name = without_language.unwrap_or(name);
        self.add_post((post, path), &[name, split_date(name).0], title, aliases, file);
    }

    /// Adds other names of a post, which no other post has.
    pub fn add_names(&mut self, post: &str, names: &[String]) {
        let Some(at) = self.by_post.get(post) else { return };
        let language = self.targets[*at].language;
        for name in names {
            of_language(&mut self.by_name, language).entry(fold(name)).or_insert(Some(*at));
        }
    }

    fn add_post(
        &mut self,
        (post, path): (&str, &str),
        own_names: &[&str],
        title: &str,
        addresses: &[String],
        file: &str,
    ) {
        let at = self.targets.len();
        let (_, language) = self.languages.split(file);
        self.files.insert(file.to_owned());
        self.targets.push(Target { file: file.to_owned(), title: title.to_owned(), language });
        self.by_post.insert(post.to_owned(), at);
        for address in addresses {
            self.by_address.entry(key(address)).or_insert(at);
        }
        let stem = stem(path);
        let mut names = vec![path, stem, last(path), last(stem)];
        names.extend(own_names);
        names.sort_unstable();
        names.dedup();
        let add = |all: &mut Vec<ByName>, name: &str| {
            let known = of_language(all, language).entry(fold(name)).or_insert(Some(at));
            if *known != Some(at) {
                *known = None;
            }
        };
        for name in names.into_iter().filter(|name| *name != "index.md") {
            add(&mut self.by_name, name);
        }
        if let Some(plain) = without_language(path) {
            let mut names = vec![plain.as_str(), self::stem(&plain), last(&plain), last(self::stem(&plain))];
            names.sort_unstable();
            names.dedup();
            for name in names.into_iter().filter(|name| *name != "index.md") {
                add(&mut self.by_plain_name, name);
            }
        }
    }

    /// Adds a post of WordPress with its address, its number in the database and the article file
    /// that it becomes. The host of the first post is that of the site.
    pub fn add_page(
        &mut self,
        post: &str,
        title: &str,
        (address, number): (Option<&Url>, Option<&str>),
        file: &str,
    ) {
        let at = self.targets.len();
        self.files.insert(file.to_owned());
        self.targets.push(Target { file: file.to_owned(), title: title.to_owned(), language: 0 });
        self.by_post.insert(post.to_owned(), at);
        if let Some(number) = number {
            self.by_number.entry(number.to_owned()).or_insert(at);
        }
        let Some(url) = address else { return };
        self.host = self.host.take().or_else(|| url.host_str().map(str::to_owned));
        // A post that was never published has the number alone: `/?p=3`.
        if url.query().is_none() && url.path() != "/" {
            self.by_address.entry(key(url.path())).or_insert(at);
        }
    }

    /// The article file that a whole address of WordPress leads to: by its path, or by the number
    /// of the post (`?p=3`, `?page_id=3`).
    #[must_use]
    pub fn by_page(&self, written: &str) -> Option<&str> {
        let url = Url::parse(written).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let host = |host: &str| host.strip_prefix("www.").unwrap_or(host).to_owned();
        if url.host_str().map(host) != self.host.as_deref().map(host) {
            return None;
        }
        let number = url.query_pairs().find(|(name, _)| matches!(&**name, "p" | "page_id"));
        let at = match number {
            Some((_, number)) => self.by_number.get(&*number),
            None if url.path() == "/" => None,
            None => self.by_address.get(&key(url.path())),
        };
        at.map(|at| self.targets[*at].file.as_str())
    }

    /// The article file of a post.
    #[must_use]
    pub fn file(&self, post: &str) -> Option<&str> {
        self.by_post.get(post).map(|at| self.targets[*at].file.as_str())
    }

    /// The article file of the post that a name means, in the text of `own`: a path from the
    /// content's folder, one beside the post, or the name alone. The post in the language of `own`
    /// counts first, as for `ref` of Hugo (<https://gohugo.io/shortcodes/ref/>), then the one in the
    /// default language, then any other.
    #[must_use]
    pub fn by_name(&self, name: &str, own: &Place) -> Option<&str> {
        self.named(name, own).map(|target| target.file.as_str())
    }

    /// The title of that post.
    #[must_use]
    pub fn title(&self, name: &str, own: &Place) -> Option<String> {
        self.named(name, own).map(|target| target.title.clone())
    }

    fn named(&self, name: &str, own: &Place) -> Option<&Target> {
        let name = decode(name).unwrap_or_else(|| name.to_owned());
        let path = name.trim_matches('/').trim_start_matches("./").trim_end_matches("/index.md");
        let path = path.strip_prefix("_posts/").unwrap_or(path);
        let beside = match own.path.rsplit_once('/') {
            Some((folder, _)) if !name.starts_with('/') => joined(folder, path),
            _ => None,
        };
        let names = beside.into_iter().chain([path.to_owned(), format!("_posts/{path}")]);
        let names: Vec<String> = names.map(|name| fold(&name)).collect();
        let of = |all: &[ByName], language: usize| {
            let all = all.get(language)?;
            names.iter().find_map(|name| all.get(name).copied().flatten())
        };
        let of_language =
            |language| of(&self.by_name, language).or_else(|| of(&self.by_plain_name, language));
        let own = self.by_post.get(&own.identity()).map_or(0, |at| self.targets[*at].language);
        let others = || (0..self.by_name.len()).find_map(|language| of(&self.by_name, language));
        let found = of_language(own).or_else(|| of_language(0)).or_else(others)?;
        self.targets.get(found)
    }

    /// The article file that an address in the text of a post leads to.
    #[must_use]
    pub fn by_link(&self, written: &str, own: Own<'_>) -> Option<&str> {
        if written.is_empty() || written.contains('?') {
            return None;
        }
        if let Some(path) = written.strip_prefix("@/") {
            return self.by_name(&format!("/{path}"), own.place);
        }
        let base = Url::parse("https://old.invalid/").ok()?;
        let base = base.join(own.address.unwrap_or("/")).unwrap_or(base);
        let url = base.join(written).ok()?;
        let host = url.host_str()?;
        if host != "old.invalid" && Some(host) != self.host.as_deref() {
            return None;
        }
        let is_file = written.ends_with(".md") && host == "old.invalid";
        let by_file = || self.by_name(written, own.place).filter(|_| is_file);
        let at = self.by_address.get(&key(url.path()));
        at.map(|at| self.targets[*at].file.as_str()).or_else(by_file)
    }
}

/// The posts of a language by name.
fn of_language(all: &mut Vec<ByName>, language: usize) -> &mut ByName {
    if all.len() <= language {
        all.resize_with(language + 1, ByName::new);
    }
    &mut all[language]
}

/// A path without the language in its name: `posts/x.en.md` is `posts/x.md`.
fn without_language(path: &str) -> Option<String> {
    let (stem, extension) = path.rsplit_once('.')?;
    let (plain, _) = stem.rsplit_once('.').filter(|(_, language)| looks_like_language(language))?;
    (!plain.is_empty() && !plain.ends_with('/')).then(|| format!("{plain}.{extension}"))
}

/// A path below a folder; `None` if it leads out of all folders.
pub(super) fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// An address as posts are looked up by it.
fn key(address: &str) -> String {
    let path = decode(address).unwrap_or_else(|| address.to_owned());
    let path = path.trim_end_matches("index.html").trim_matches('/');
    fold(path.strip_suffix(".html").unwrap_or(path))
}

/// The path from one file to another, both from the digest's root.
#[must_use]
pub fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let to: Vec<&str> = to.split('/').collect();
    let folders = from.len() - 1;
    let common = from[..folders].iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", folders - common);
    up.chain(to[common..].iter().copied()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::kind::Generator;
    use crate::import::generator::site::Site;

    #[test]
    fn a_path_leads_from_one_file_to_another() {
        for (from, to, wanted) in [
            ("content/articles/a.md", "content/articles/b.md", "b.md"),
            ("content/articles/a.md", "content/articles/2024/b.md", "2024/b.md"),
            ("content/articles/2024/a.md", "content/articles/b.md", "../b.md"),
            ("content/articles/x/y/a.md", "content/articles/z/b.md", "../../z/b.md"),
        ] {
            assert_eq!(relative(from, to), wanted);
        }
    }

    #[test]
    fn a_name_of_two_posts_means_neither_without_its_folder() {
        let site = Site::unknown(chrono_tz::Tz::UTC, "zh-CN");
        let place =
            |file: &str| Place::of(Generator::Hugo, file.as_ref(), Some("/old/posts".as_ref()), &site);
        let mut targets = Targets::new(None, &Languages::default());
        for (file, article) in [
            ("/old/posts/a/x.md", "1.md"),
            ("/old/posts/b/x.md", "2.md"),
            ("/old/posts/b/包/index.md", "3.md"),
        ] {
            targets.add(&place(file), "t", &[], article);
        }
        let own = place("/old/posts/a/own.md");
        let root = place("/old/posts/own.md");
        for (name, own, wanted) in [
            ("x.md", &own, Some("1.md")),
            ("x", &root, None),
            ("posts/b/x.md", &root, Some("2.md")),
            ("/posts/b/x", &own, Some("2.md")),
            ("../b/x.md", &own, Some("2.md")),
            ("包", &own, Some("3.md")),
            ("posts/b/包/index.md", &own, Some("3.md")),
            ("none", &own, None),
        ] {
            assert_eq!(targets.by_name(name, own), wanted, "{name}");
        }
    }

    #[test]
    fn a_name_means_the_post_in_the_language_of_the_text() {
        let site = Site::unknown(chrono_tz::Tz::UTC, "zh-CN").with_further(vec!["en".to_owned()], false);
        let place =
            |file: &str| Place::of(Generator::Hugo, file.as_ref(), Some("/old/posts".as_ref()), &site);
        let mut targets = Targets::new(None, &Languages::new(&["zh-CN", "en"]));
        for (file, article) in [
            ("a.zh-cn", "a"),
            ("a.en", "a.en"),
            ("b", "b"),
            ("b.en", "b.en"),
            ("c", "c"),
            ("d.en", "d.en"),
            ("e/index", "e"),
            ("e/index.en", "e.en"),
        ] {
            let file = format!("/old/posts/{file}.md");
            targets.add(&place(&file), "t", &[], &format!("content/articles/{article}.md"));
        }
        let (chinese, english) = (place("/old/posts/a.zh-cn.md"), place("/old/posts/a.en.md"));
        for (name, in_chinese, in_english) in [
            ("b.md", "b", "b.en"),
            ("posts/b", "b", "b.en"),
            ("b", "b", "b.en"),
            ("a.md", "a", "a.en"),
            ("a.zh-cn.md", "a", "a"),
            ("b.en.md", "b.en", "b.en"),
            ("c.md", "c", "c"),
            ("d.md", "none", "d.en"),
            ("d.en.md", "d.en", "d.en"),
            ("e/index.md", "e", "e.en"),
        ] {
            for (own, wanted) in [(&chinese, in_chinese), (&english, in_english)] {
                let found = targets.by_name(name, own).unwrap_or("none");
                let found = found.trim_start_matches("content/articles/").trim_end_matches(".md");
                assert_eq!(found, wanted, "{name} in {}", own.path);
            }
        }
    }
}
