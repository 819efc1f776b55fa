//! Writes the newsprint.yaml of a digest that takes over an old site, for `init --from`.

use std::path::Path;

use crate::diagnostic::{Diagnostic, Place};
use crate::import::generator::kind::Generator;
use crate::import::generator::proposal::{self, Proposal};
use crate::import::generator::site::Site;
use crate::yaml;

/// Reads the configuration of the site at `path`, and returns `template` with its settings, and
/// warnings about the configuration.
///
/// # Errors
/// There is no configuration of the generator in the folder or above it.
pub fn settings(
    template: &str,
    (generator, path): (Generator, &Path),
) -> Result<(String, Vec<Diagnostic>), Box<Diagnostic>> {
    let shown = path.to_string_lossy();
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let unknown = Site::unknown(chrono_tz::Tz::UTC, "");
    let (site, warnings) = Site::find(generator, &absolute, Path::new("\0"), unknown);
    if site.root.is_none() {
        let message = format!("there is no configuration of {} in this folder", generator.name());
        let help = "name the folder of the old site, which has its configuration; that of Eleventy, Astro and VitePress is code, which is not run";
        return Err(Box::new(Diagnostic::error(message).at(Place::file(&shown)).help(help)));
    }
    Ok((filled(template, &proposal::of_site(generator, &site), generator), warnings))
}

/// The template with the settings of a proposal, and a comment for each thing that was left.
fn filled(template: &str, proposal: &Proposal, generator: Generator) -> String {
    let mut found = String::with_capacity(template.len() + 1000);
    for line in template.lines() {
        let key = line.split_once(':').map(|(key, _)| key).filter(|key| !key.starts_with([' ', '#']));
        let value = key.and_then(|key| proposal.settings.iter().find(|(name, _)| *name == key));
        if let Some((name, value)) = value {
            found.push_str(&format!("{name}: {}\n", scalar(name, value)));
        } else if line == "# taxonomies:" && has_taxonomies(proposal) {
            found.push_str(&taxonomies(proposal));
            found.push_str("# Further settings of a taxonomy:\n# taxonomies:\n");
        } else {
            found.push_str(line);
            found.push('\n');
        }
        // The ids of feed entries stay when the digest moves to another address later.
        if line == "feeds:"
            && let Some((_, url)) = proposal.settings.iter().find(|(name, _)| *name == "base_url")
        {
            found.push_str(
                "  # The address that the ids of feeds and entries begin with, also after a move.\n",
            );
            found.push_str(&format!("  id_base: {}\n", yaml::scalar(url)));
        }
        // The template's own link follows those of the old site.
        if line == "menu:" {
            for (name, url) in &proposal.menu {
                found.push_str(&format!(
                    "  - name: {}\n    url: {}\n",
                    yaml::scalar(name),
                    yaml::scalar(url)
                ));
            }
        }
    }
    if !proposal.left.is_empty() {
        found.push_str(&format!("\n# Not carried over from the configuration of {}:\n", generator.name()));
    }
    for left in &proposal.left {
        found.push_str(&format!("# - {}\n", left.replace(['\n', '\r'], " ")));
    }
    found
}

fn has_taxonomies(proposal: &Proposal) -> bool {
    proposal.path_of_keywords.is_some() || !proposal.taxonomies.is_empty()
}

/// A number stays one.
fn scalar(name: &str, value: &str) -> String {
    if name == "paginate_by" { value.to_owned() } else { yaml::scalar(value) }
}

fn taxonomies(proposal: &Proposal) -> String {
    let mut found = String::from("taxonomies:\n");
    if let Some(path) = &proposal.path_of_keywords {
        found.push_str(&format!("  - name: keywords\n    path: {}\n", yaml::scalar(path)));
    }
    for name in &proposal.taxonomies {
        found.push_str(&format!("  - name: {}\n", yaml::scalar(name)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_filled_with_the_settings_of_a_site() {
        let template = "# x\ntitle: a\nfeeds:\n  title: b\npaginate_by: 20\n# taxonomies:\n#   - name: c\nmenu:\n  - name: d\n    url: /d/\n\nextra: {}\n";
        let proposal = Proposal {
            settings: vec![
                ("title", "旧: 站".to_owned()),
                ("paginate_by", "7".to_owned()),
                ("base_url", "https://o.example/".to_owned()),
            ],
            path_of_keywords: Some("tags".to_owned()),
            taxonomies: vec!["series".to_owned()],
            menu: vec![("e".to_owned(), "https://e.org/".to_owned())],
            left: vec!["`theme`: x".to_owned()],
        };
        let wanted = "# x\ntitle: \"旧: 站\"\nfeeds:\n  # The address that the ids of feeds and entries begin with, also after a move.\n  id_base: https://o.example/\n  title: b\npaginate_by: 7\ntaxonomies:\n  - name: keywords\n    path: tags\n  - name: series\n# Further settings of a taxonomy:\n# taxonomies:\n#   - name: c\nmenu:\n  - name: e\n    url: https://e.org/\n  - name: d\n    url: /d/\n\nextra: {}\n\n# Not carried over from the configuration of hugo:\n# - `theme`: x\n";
        assert_eq!(filled(template, &proposal, Generator::Hugo), wanted);
        assert_eq!(filled(template, &Proposal::default(), Generator::Hugo), template);
    }
}
