//! Writes the newsprint.yaml of a digest that takes over an old site, for `init --from`.

use std::path::Path;

use crate::diagnostic::{Diagnostic, Place};
use crate::fs::guarded;
use crate::import::export_settings;
use crate::import::generator::kind::Generator;
use crate::import::generator::proposal::{self, Proposal};
use crate::import::generator::site::Site;
use crate::yaml;

/// Bytes of the largest export whose settings are read.
const MAX_EXPORT_BYTES: u64 = 1 << 30;

/// Reads the configuration of the site at `path`, and returns `template` with its settings, and
/// warnings about the configuration. The path of a site of WordPress is that of its export.
///
/// # Errors
/// There is no such folder or export, or no configuration of the generator in the folder or above
/// it. Eleventy, Astro and VitePress, whose configuration is code, and Obsidian need none.
pub fn settings(
    template: &str,
    (generator, path): (Generator, &Path),
) -> Result<(String, Vec<Diagnostic>), Box<Diagnostic>> {
    let shown = path.to_string_lossy();
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let refuse = |message: String, help: String| {
        Err(Box::new(Diagnostic::error(message).at(Place::file(&shown)).help(help)))
    };
    if generator == Generator::WordPress {
        let help = tr!("name the file that WordPress writes at Tools → Export, such as `export.xml`");
        let proposal = match guarded::read_named(path, MAX_EXPORT_BYTES) {
            Ok(bytes) => export_settings::of_export(&String::from_utf8_lossy(&bytes)),
            Err(error) => return refuse(tr!("this export cannot be read: {error}", error), help),
        };
        let Some(proposal) = proposal else {
            return refuse(tr!("this is not an export of WordPress"), help);
        };
        return Ok((filled(template, &complete(proposal, &absolute), generator), Vec::new()));
    }
    if !absolute.is_dir() {
        let message = tr!("there is no such folder");
        return refuse(message, tr!("name the folder of the old site, which has its configuration"));
    }
    let unknown = Site::unknown(chrono_tz::Tz::UTC, "");
    let (mut site, warnings) = Site::find(generator, &absolute, Path::new("\0"), unknown);
    let needs_none = matches!(
        generator,
        Generator::Eleventy | Generator::Astro | Generator::VitePress | Generator::Obsidian
    );
    if site.root.is_none() && needs_none {
        site.root = Some(absolute.clone());
    }
    if site.root.is_none() {
        let message = tr!("there is no configuration of {} in this folder", generator.name());
        return refuse(message, tr!("name the folder of the old site, which has its configuration"));
    }
    let proposal = complete(proposal::of_site(generator, &site), &absolute);
    Ok((filled(template, &proposal, generator), warnings))
}

/// The proposal with values for the settings of the template that are those of a sample.
fn complete(mut proposal: Proposal, path: &Path) -> Proposal {
    let has = |proposal: &Proposal, name: &str| proposal.settings.iter().any(|(key, _)| *key == name);
    if !has(&proposal, "title") {
        let title = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        proposal.left.push(tr!(
            "the title, which is not in the configuration: `{title}` is the name of its folder",
            title
        ));
        proposal.settings.push(("title", title));
    }
    if !has(&proposal, "description") {
        proposal.settings.push(("description", String::new()));
    }
    if !has(&proposal, "base_url") {
        proposal
            .left
            .push(tr!("the address of the site, which is not in the configuration: write `base_url` above"));
    }
    proposal
}

/// The template with the settings of a proposal, and a comment for each thing that was left.
fn filled(template: &str, proposal: &Proposal, generator: Generator) -> String {
    let mut found = String::with_capacity(template.len() + 1000);
    let mut is_menu = false;
    for line in template.lines() {
        // The links of the template lead to its sample page.
        if is_menu && line.starts_with(' ') {
            continue;
        }
        is_menu = line == "menu:";
        let key = line.split_once(':').map(|(key, _)| key).filter(|key| !key.starts_with([' ', '#']));
        let value = key.and_then(|key| proposal.settings.iter().find(|(name, _)| *name == key));
        if let Some((name, value)) = value {
            found.push_str(&format!("{name}: {}\n", scalar(name, value)));
        } else if line == "# taxonomies:" && has_taxonomies(proposal) {
            found.push_str(&taxonomies(proposal));
            found.push_str(&format!("# {}\n# taxonomies:\n", tr!("Further settings of a taxonomy:")));
        } else {
            found.push_str(line);
            found.push('\n');
        }
        // The ids of feed entries stay when the digest moves to another address later.
        if line == "feeds:"
            && let Some((_, url)) = proposal.settings.iter().find(|(name, _)| *name == "base_url")
        {
            let text = tr!("The address that the ids of feeds and entries begin with, also after a move.");
            found.push_str(&format!("  # {text}\n  id_base: {}\n", yaml::scalar(url)));
        }
        if is_menu && proposal.menu.is_empty() {
            found.truncate(found.len() - 1);
            found.push_str(" []\n");
        }
        for (name, url) in proposal.menu.iter().filter(|_| is_menu) {
            found.push_str(&format!("  - name: {}\n    url: {}\n", yaml::scalar(name), yaml::scalar(url)));
        }
    }
    if !proposal.left.is_empty() {
        let text = tr!("Not carried over from the configuration of {}:", generator.name());
        found.push_str(&format!("\n# {text}\n"));
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
        let wanted = "# x\ntitle: \"旧: 站\"\nfeeds:\n  # The address that the ids of feeds and entries begin with, also after a move.\n  id_base: https://o.example/\n  title: b\npaginate_by: 7\ntaxonomies:\n  - name: keywords\n    path: tags\n  - name: series\n# Further settings of a taxonomy:\n# taxonomies:\n#   - name: c\nmenu:\n  - name: e\n    url: https://e.org/\n\nextra: {}\n\n# Not carried over from the configuration of hugo:\n# - `theme`: x\n";
        assert_eq!(filled(template, &proposal, Generator::Hugo), wanted);
        let without = template.replace("menu:\n  - name: d\n    url: /d/\n", "menu: []\n");
        assert_eq!(filled(template, &Proposal::default(), Generator::Hugo), without);
    }
}
