//! Stage 1, disk to articles: the only stage that reads a digest's folder.
//!
//! Sources are read and parsed in parallel, each once. Nothing is looked up across files here: what needs more than
//! one article belongs to `site`.

pub mod article;
pub mod date;
pub mod list;
pub mod markdown;
pub mod source;
pub mod theme;
pub mod walk;

use std::path::Path;

use rayon::prelude::*;

use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Place};
pub use article::{Article, ContentPage};
pub use theme::Theme;

/// Everything that a digest's folder holds.
#[derive(Debug, Default)]
pub struct Content {
    /// In the order of their paths; drafts only when they were asked for.
    pub articles: Vec<Article>,
    /// `content/pages`, in the order of their paths.
    pub pages: Vec<ContentPage>,
    /// Drafts that were left out.
    pub drafts: usize,
    /// What is wrong with any of it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads `newsprint.yaml`. A digest without one is no digest: the message says how to begin.
#[must_use]
pub fn configuration(root: &Path, file: Option<&Path>) -> (Config, Vec<Diagnostic>) {
    let path = file.map_or_else(|| root.join(config::FILE), Path::to_path_buf);
    let shown = walk::shown(root, &path);
    match std::fs::read(&path) {
        Ok(bytes) => match source::decode(&shown, bytes) {
            Ok(text) => Config::parse(&shown, &text),
            Err(diagnostic) => (Config::default(), vec![diagnostic]),
        },
        Err(error) => {
            let (message, help) = if !root.is_dir() {
                (format!("there is no folder {}", root.display()), "name the digest's folder with `--root`")
            } else if file.is_some() {
                (
                    format!("the configuration cannot be read: {error}"),
                    "`--config` is looked for from where you are",
                )
            } else {
                let help = "run `newsprint init DIR` to begin a digest, or name its folder with `--root`";
                (format!("the configuration cannot be read: {error}"), help)
            };
            let diagnostic = Diagnostic::error(message).at(Place::file(&shown)).help(help);
            (Config::default(), vec![diagnostic])
        }
    }
}

/// Reads `content/articles` and `content/pages`.
#[must_use]
pub fn content(root: &Path, config: &Config, drafts: bool) -> Content {
    let mut content = Content::default();
    let (files, problems) = walk::markdown_files(root, "content/articles");
    content.diagnostics.extend(problems);
    if !root.join("content/articles").is_dir() {
        content.diagnostics.push(
            Diagnostic::warning("there is no folder `content/articles`: the site has no articles")
                .at(Place::file("content/articles"))
                .help("make it with `newsprint new TITLE` or `newsprint import FILE`"),
        );
    }
    let read: Vec<_> = files
        .par_iter()
        .map(|file| source::read(root, file).map(|source| article::article(&source, config)))
        .collect();
    for result in read {
        match result {
            Ok((article, diagnostics)) => {
                content.diagnostics.extend(diagnostics);
                keep(article, |article| article.draft, drafts, &mut content.drafts, &mut content.articles);
            }
            Err(diagnostic) => content.diagnostics.push(*diagnostic),
        }
    }
    let (files, problems) = walk::markdown_files(root, "content/pages");
    content.diagnostics.extend(problems);
    for file in files {
        match source::read(root, &file).map(|source| article::page(&source, config)) {
            Ok((page, diagnostics)) => {
                content.diagnostics.extend(diagnostics);
                keep(page, |page| page.draft, drafts, &mut content.drafts, &mut content.pages);
            }
            Err(diagnostic) => content.diagnostics.push(*diagnostic),
        }
    }
    content
}

fn keep<T>(item: Option<T>, is_draft: fn(&T) -> bool, drafts: bool, left_out: &mut usize, kept: &mut Vec<T>) {
    match item {
        Some(item) if is_draft(&item) && !drafts => *left_out += 1,
        Some(item) => kept.push(item),
        None => {}
    }
}
