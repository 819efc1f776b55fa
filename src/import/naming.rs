//! Chooses the names and the slugs of new articles.

use crate::fingerprint::Fingerprint;
use crate::import::draft::Draft;
use crate::import::existing::ExistingArticles;
use crate::load::bundle;
use crate::load::date::{self, Date};
use crate::paths::fold;
use crate::slug;

/// Characters and bytes of a title that are used in a file name. The limit leaves room for a date
/// and a hash in 200 bytes.
const MAX_NAME: (usize, usize) = (40, 120);

/// What a slug is made of.
#[derive(Debug, Clone, Copy)]
pub struct Naming<'a> {
    /// The slug or the name of the article itself, if it is not that of its file.
    pub own: Option<&'a str>,
    /// What identifies the article.
    pub identity: &'a str,
}

impl ExistingArticles {
    /// Takes a file for an article. Returns false if another article has it.
    pub fn take_file(&mut self, file: &str) -> bool {
        self.articles.insert(fold(file))
    }

    /// Takes the slug of a file in a further language. [`Self::free_name`] takes the name itself.
    pub fn take_slug(&mut self, file: &str) {
        let slug = format!("{}{}", self.prefix_of(file), self.slug_of(file));
        self.slugs.insert(slug);
    }

    /// Takes a slug for an article whose file is named after its translation: its own one, else that
    /// of its file, with a part of a hash if another article of the language has it. `None` if the
    /// file says it already.
    pub fn free_slug(&mut self, naming: Naming<'_>, file: &str) -> Option<String> {
        let prefix = self.prefix_of(file).to_owned();
        let of_file = self.slug_of(file);
        let own = naming.own.map_or_else(|| of_file.clone(), slug::article);
        // The name of a translation keeps the slug of the file in the default language.
        if prefix.is_empty() && own == of_file {
            return None;
        }
        let hash = Fingerprint::of_bytes(naming.identity.as_bytes()).to_string();
        let hashed = [4, 8, 16].map(|digits| format!("{of_file}-{}", hash.get(..digits).unwrap_or(&hash)));
        let mut all = [own, of_file.clone()].into_iter().chain(hashed);
        let found = all.find(|slug| self.slugs.insert(format!("{prefix}{slug}")));
        found.filter(|slug| *slug != of_file)
    }

    /// The slug of an article by its file.
    #[must_use]
    pub fn slug_of(&self, file: &str) -> String {
        self.slug_of_name(&self.languages.split(file).0)
    }

    /// True if the name of an article's file says this slug, with or without its language.
    #[must_use]
    pub fn is_named(&self, file: &str, slug: &str) -> bool {
        self.slug_of(file) == slug || self.slug_of_name(file) == slug
    }

    fn slug_of_name(&self, file: &str) -> String {
        let stem = bundle::name(file);
        let own = date::file_prefix(stem, chrono_tz::Tz::UTC).filter(|(_, rest)| !rest.is_empty());
        slug::article(own.filter(|_| !self.date_in_slug).map_or(stem, |(_, rest)| rest))
    }

    /// Makes a file name whose URL is not taken: the article's own name or its title, with a part
    /// of the hash of `identity` if another article has that name. The name has at most 200 bytes,
    /// and is unique on disks that ignore case, too.
    pub fn free_name(&mut self, draft: &Draft, identity: &str, date: Option<Date>) -> String {
        // The article's own name becomes the file name, which can be varied until it is free. A
        // `slug:` in the front matter could not.
        let own = draft.slug.as_deref().or(draft.name.as_deref());
        let mut short: String = own.map_or_else(
            || draft.title.chars().take(MAX_NAME.0).collect(),
            |own| own.chars().take(MAX_NAME.1).collect(),
        );
        while short.len() > MAX_NAME.1 {
            short.pop();
        }
        // Folding can replace one character by several.
        let mut slug = slug::article(&short);
        while slug.len() > MAX_NAME.1 || slug.ends_with('-') {
            slug.pop();
        }
        // A name that begins like a date would give a date to an article that has none.
        let base = if date::looks_like_prefix(&slug) { format!("article-{slug}") } else { slug };
        let hash = Fingerprint::of_bytes(identity.as_bytes()).to_string();
        let hashed = (1..=8).map(|quarter| format!("{base}-{}", &hash[..4 * quarter]));
        let counted = (2..).map(|n: usize| format!("{base}-{hash}-{n}"));
        let mut names = std::iter::once(base.clone()).chain(hashed).chain(counted);
        let dated = |name: &str| match date {
            Some(date) => format!("{}-{name}", date.at.format("%Y-%m-%d")),
            None => name.to_owned(),
        };
        let slug = |name: &str| if self.date_in_slug { slug::article(&dated(name)) } else { name.to_owned() };
        let name = names.find(|name| self.slugs.insert(slug(name))).unwrap_or(base);
        format!("{}.md", dated(&name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::languages::Languages;

    fn existing() -> ExistingArticles {
        let mut known = ExistingArticles::default();
        known.languages = Languages::new(&["zh-CN", "en"]);
        known
    }

    #[test]
    fn a_translation_has_a_slug_of_its_own_if_no_other_article_of_its_language_has_it() {
        let mut known = existing();
        let mut slug = |own: Option<&str>, file: &str| {
            let found = known.free_slug(Naming { own, identity: file }, file);
            found.unwrap_or_else(|| "of the file".to_owned())
        };
        assert_eq!(slug(Some("First One"), "content/articles/a.en.md"), "first-one");
        assert_eq!(slug(Some("first-one"), "content/articles/b.en.md"), "of the file");
        assert_eq!(slug(None, "content/articles/2024-05-06-c.en.md"), "of the file");
        assert_eq!(slug(Some("first-one"), "content/articles/d.md"), "first-one");
        assert_eq!(slug(Some("d"), "content/articles/d.md"), "of the file");
        let hashed = slug(None, "content/articles/first-one.en.md");
        assert!(hashed.starts_with("first-one-") && hashed.len() == 14, "{hashed}");
    }

    #[test]
    fn a_file_is_of_one_article_and_says_its_slug_without_the_language() {
        let mut known = existing();
        assert!(known.take_file("content/articles/a.en.md") && !known.take_file("content/articles/A.en.md"));
        for file in ["a.md", "a.en.md", "2024-05-06-a.en.md", "a/index.en.md", "en/a.md"] {
            assert_eq!(known.slug_of(&format!("content/articles/{file}")), "a", "{file}");
        }
        for slug in ["a", "a-en"] {
            assert!(known.is_named("content/articles/a.en.md", slug), "{slug}");
        }
        assert!(!known.is_named("content/articles/a.en.md", "b"));
    }
}
