//! Fields that a post takes from its folders or the configuration: `defaults` of Jekyll, `cascade` of
//! Hugo.

use std::path::Path;

use crate::import::generator::site::Site;
use crate::import::generator::{glob, section};
use crate::yaml::Node;

type Fields = Vec<(String, Node)>;

/// The default fields of Jekyll for the file with a path below the source (Jekyll 4.3.1,
/// `FrontmatterDefaults#all`): of two sets with one field, the one with the longer path counts, else
/// the one with a type, else the later one.
pub(super) fn of_jekyll(path: &str, site: &Site) -> Fields {
    let Some(Node::List(sets)) = site.get(&["defaults"]) else { return Vec::new() };
    let collections = site.text(&["collections_dir"]).map(|folder| format!("{}/", folder.trim_matches('/')));
    let is_draft = path.split('/').any(|folder| folder == "_drafts");
    let mut found = Vec::new();
    let mut last: Option<(usize, bool)> = None;
    for set in sets {
        let Some(Node::Map(values)) = set.get("values") else { continue };
        let text = |name: &str| set.get("scope").and_then(|scope| scope.get(name)).and_then(Node::text);
        let scope = text("path").unwrap_or_default();
        let scope = scope.strip_prefix('/').unwrap_or(scope);
        let below = collections.as_deref().and_then(|folder| scope.strip_prefix(folder)).unwrap_or(scope);
        let fits_type = match text("type") {
            None => true,
            Some("drafts" | "draft") => is_draft,
            Some(kind) => !is_draft && matches!(kind, "posts" | "post"),
        };
        let fits_path =
            if below.contains('*') { glob::matches_start(below, path) } else { path.starts_with(below) };
        if !fits_type || !fits_path {
            continue;
        }
        let (length, has_type) = (scope.chars().count(), text("type").is_some());
        let precedes = last.is_none_or(
            |(old, had_type)| {
                if length == old { has_type || !had_type } else { length > old }
            },
        );
        if precedes {
            found = merged(values.clone(), &found);
            last = Some((length, has_type));
        } else {
            found = merged(found, values);
        }
    }
    found
}

/// Where a post of Hugo is.
pub(super) struct Spot<'a> {
    /// Its file.
    pub(super) file: &'a Path,
    /// Its path below the content without extension and language, `index` of a bundle too.
    pub(super) path: String,
    /// Its language, if the name or the folder says it.
    pub(super) language: Option<&'a str>,
    /// The number of folders above it whose `_index.md` counts.
    pub(super) levels: usize,
    /// True for the `index.md` of a folder.
    pub(super) is_bundle: bool,
}

/// The fields that the sections above a post of Hugo and the configuration hand down, the nearest
/// first (<https://gohugo.io/configuration/cascade/>, Hugo 0.168.0).
pub(super) fn of_hugo(spot: &Spot<'_>, site: &Site) -> Fields {
    let above = spot.file.ancestors().skip(1 + usize::from(spot.is_bundle)).take(spot.levels);
    let of_sections = above.filter_map(|folder| section::index(folder, spot.language));
    let cascade = |fields: Fields| fields.into_iter().find(|(key, _)| key.eq_ignore_ascii_case("cascade"));
    let of_sections = of_sections.filter_map(cascade).map(|(_, node)| node);
    let path = format!("/{}", spot.path.to_lowercase().replace(' ', "-"));
    let language = spot.language.or_else(|| site.default_language());
    let mut found = Vec::new();
    for node in of_sections.chain(site.get(&["cascade"]).cloned()) {
        let sets = if let Node::List(sets) = node { sets } else { vec![node] };
        for set in sets {
            let Node::Map(values) = set else { continue };
            let is_target = |(key, _): &(String, Node)| matches!(key.as_str(), "target" | "_target");
            let (targets, values): (Fields, Fields) = values.into_iter().partition(is_target);
            let is_meant = targets.iter().all(|(_, target)| {
                let fits = |name: &str, value: &str| {
                    let pattern = target.get(name).and_then(Node::text);
                    pattern.is_none_or(|pattern| glob::matches(&pattern.to_lowercase(), value))
                };
                let fits_language = language.is_none_or(|language| fits("lang", &language.to_lowercase()));
                fits("path", &path)
                    && fits("kind", "page")
                    && fits("environment", "production")
                    && fits_language
            });
            if is_meant {
                found = merged(found, &values);
            }
        }
    }
    found
}

/// The fields with those of `others` that they lack, in any case. Mappings are merged.
#[must_use]
pub fn merged(mut fields: Fields, others: &[(String, Node)]) -> Fields {
    for (key, node) in others {
        match fields.iter_mut().rev().find(|(own, _)| own.eq_ignore_ascii_case(key)) {
            Some((_, own)) => {
                if let (Node::Map(inner), Node::Map(others)) = (&mut *own, node) {
                    *own = Node::Map(merged(std::mem::take(inner), others));
                }
            }
            None => fields.push((key.clone(), node.clone())),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::site::tests::site;
    use crate::yaml;

    fn shown(fields: &Fields) -> String {
        fields.iter().map(|(key, node)| format!("{key}={}", yaml::flow(node))).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_longer_path_of_defaults_counts() {
        let site = site(
            "defaults: [{scope: {path: _posts/a}, values: {layout: a, category: x}}, \
             {scope: {path: '', type: posts}, values: {layout: b, published: false}}, \
             {scope: {path: '', type: pages}, values: {layout: c}}, \
             {scope: {path: '_posts/*/c'}, values: {tags: t}}]",
        );
        let of = |path: &str| shown(&of_jekyll(path, &site));
        assert_eq!(of("_posts/a/2024-01-02-x.md"), "layout=a category=x published=false");
        assert_eq!(of("_posts/2024-01-02-x.md"), "layout=b published=false");
        assert_eq!(of("_posts/b/c/2024-01-02-x.md"), "tags=t layout=b published=false");
        assert_eq!(of("_drafts/x.md"), "");
    }
}
