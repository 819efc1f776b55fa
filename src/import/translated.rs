//! Holds the files that were chosen for posts, and those of their translations.

/// The file of a new article.
#[derive(Debug, Clone, Default)]
pub(super) struct Chosen {
    /// The path, relative to the digest's root.
    pub(super) file: String,
    /// The slug that the file has to name, if its name says another one.
    pub(super) slug: Option<String>,
}

impl Chosen {
    /// A file whose name says the slug.
    pub(super) fn named(file: String) -> Self {
        Self { file, slug: None }
    }
}

/// Posts that are translations of each other.
#[derive(Debug, Clone)]
pub(super) struct Translated {
    /// The path of their file in the default language.
    pub(super) base: String,
    /// The name of the post that the file is called after.
    pub(super) name: String,
}
