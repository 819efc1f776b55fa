//! Finds the page that a broken link probably means.

use std::collections::HashMap;

use crate::load::markdown::files;
use crate::pipeline::BuiltSite;
use crate::slug;

/// The paths of pages by the names of their source files and by the slugs that follow from these
/// names, so that a link to a file finds its page even if the file sets another `slug:`.
pub(super) fn pages_by_file_name<'m>(built: &'m BuiltSite<'_>) -> HashMap<String, &'m str> {
    let mut by_name = HashMap::new();
    for page in built.pages {
        let Some(name) = page.source().and_then(|file| file.rsplit('/').next()) else { continue };
        let slug = slug::article(files::named(name.trim_end_matches(".md"), built.config.date_in_slug));
        for name in [name.to_owned(), slug] {
            by_name.entry(name).or_insert(page.path.as_str());
        }
    }
    by_name
}

/// The address of the page that a broken link probably means; pages of the same section are
/// preferred. `address` is percent-decoded.
pub(super) fn nearest_page(
    built: &BuiltSite<'_>,
    by_file: &HashMap<String, &str>,
    address: &str,
) -> Option<String> {
    let wanted = address.split(['#', '?']).next()?.trim_end_matches('/');
    let name = wanted.rsplit('/').next()?.trim_end_matches(".html");
    if let Some(path) = by_file.get(name) {
        return Some(format!("/{}", path.trim_end_matches("index.html")));
    }
    let folders: Vec<&str> =
        built.pages.iter().filter_map(|page| page.path.strip_suffix("/index.html")).collect();
    let own = wanted.strip_prefix(built.config.base_url.path.as_str()).unwrap_or(wanted);
    let section = own.trim_start_matches('/').split('/').next().unwrap_or_default().to_lowercase();
    let (same, others): (Vec<&str>, Vec<&str>) =
        folders.into_iter().partition(|folder| folder.split('/').next() == Some(section.as_str()));
    let last = |folder: &&str| folder.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(name));
    let similar = |folders: &[&str]| -> Option<String> {
        let names = folders.iter().filter_map(|folder| folder.rsplit('/').next());
        let near = crate::diagnostic::nearest(name, names)?;
        folders
            .iter()
            .find(|folder| folder.rsplit('/').next() == Some(near))
            .map(|folder| (*folder).to_owned())
    };
    let exact = |folders: &[&str]| folders.iter().copied().find(|folder| last(folder)).map(str::to_owned);
    // ASCII names of one or two letters are similar to too many others.
    let is_long = name.chars().count() > 2 || !name.is_ascii();
    let found = exact(&same).or_else(|| if is_long { similar(&same) } else { None });
    let found = found.or_else(|| if is_long { exact(&others).or_else(|| similar(&others)) } else { None });
    found.map(|folder| format!("/{folder}/"))
}
