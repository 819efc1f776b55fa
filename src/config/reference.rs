//! Compares the guide's table of settings with the settings that are read, and with their defaults.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Rule;
use crate::config::{Config, FILE, deploy, taxonomy};
use crate::fields::asked;
use crate::guide_tables;

/// The settings of the guide by path, each with its default as written, if it has one.
fn documented() -> BTreeMap<String, Option<String>> {
    let rows = guide_tables::rows(&guide_tables::chapter("configuration"));
    let row = |cells: Vec<String>| {
        let [setting, default] = [0, 1].map(|at| guide_tables::words(&cells[at]).into_iter().next());
        (setting.unwrap_or_else(|| panic!("{cells:?} names no setting")), default)
    };
    rows.into_iter().map(row).collect()
}

/// A configuration with every documented default.
fn config_with_defaults(settings: &BTreeMap<String, Option<String>>) -> String {
    let mut text = String::new();
    let mut open = None;
    for (path, default) in settings {
        let Some(default) = default else { continue };
        match path.split_once('.') {
            None => text.push_str(&format!("{path}: {default}\n")),
            Some((parent, name)) => {
                if open != Some(parent) {
                    text.push_str(&format!("{parent}:\n"));
                    open = Some(parent);
                }
                text.push_str(&format!("  {name}: {default}\n"));
            }
        }
    }
    text
}

#[test]
fn the_defaults_of_the_guide_are_those_of_the_program() {
    let settings = documented();
    assert!(settings.len() > 50, "{settings:#?}");
    let text = config_with_defaults(&settings);
    let (config, diagnostics) = Config::parse(FILE, &text);
    assert!(diagnostics.is_empty(), "{diagnostics:#?} in\n{text}");
    let default = Config { base_url_is_missing: false, ..Config::default() };
    assert_eq!(format!("{config:#?}"), format!("{default:#?}"));
}

#[test]
fn every_setting_is_in_the_guide_and_no_other() {
    let settings = documented();
    // Fields of a mapping are read only if the mapping is present. The others have a default.
    let text = config_with_defaults(&settings) + "csp: {}\nimages: {}\n";
    let mut asked = asked::during(|| drop(Config::parse(FILE, &text)));
    // Rules are read as settings of `check`, too, to report a wrong place.
    asked.retain(|path| path.strip_prefix("check.").is_none_or(|name| Rule::named(name).is_none()));
    let mut known: BTreeSet<String> = settings.into_keys().collect();
    known.retain(|path| !path.contains("[]."));
    // Mappings are read themselves, and are not in the table.
    let parents: BTreeSet<String> =
        known.iter().filter_map(|path| Some(path.split_once('.')?.0.to_owned())).collect();
    asked.retain(|path| !parents.contains(path));
    assert_eq!(asked, known);
}

#[test]
fn the_settings_of_taxonomies_menu_items_and_targets_are_in_the_guide() {
    let settings = documented();
    let below = |list: &str| -> Vec<String> {
        let inside = settings.keys().filter_map(|path| path.strip_prefix(list)?.strip_prefix("[]."));
        inside.map(str::to_owned).collect()
    };
    let mut known = taxonomy::SETTINGS.map(str::to_owned).to_vec();
    known.sort();
    assert_eq!(below("taxonomies"), known);
    assert_eq!(below("menu"), ["name", "url"]);
    let mut known = deploy::SETTINGS.map(str::to_owned).to_vec();
    known.sort();
    assert_eq!(below("deploy"), known);
}
