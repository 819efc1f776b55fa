//! The metadata of a post of Pelican: of the configuration, of its path and of its file.
//!
//! Source: `default_metadata`, `path_metadata` and `parse_path_metadata` in `pelican/readers.py` of
//! Pelican 4.12.0.

use crate::import::generator::pelican::head::processed;
use crate::import::generator::place::{Place, split_day};
use crate::import::generator::site::Site;
use crate::yaml::Node;

/// The fields of a post: those in its file, before them those of its path and of the configuration.
/// A category that nothing but the program's default names (`misc`) is not among them.
pub fn of_post(own: Vec<(String, Node)>, place: &Place, site: &Site) -> Vec<(String, Node)> {
    let mut found: Vec<(String, Node)> = Vec::new();
    let mut set = |name: &str, node: Node| {
        let name = name.to_lowercase();
        match found.iter_mut().find(|(known, _)| *known == name) {
            _ if node == Node::Null => {}
            Some((_, known)) => *known = node,
            None => found.push((name, node)),
        }
    };
    let node =
        |name: &str, node: &Node| node.text().map_or_else(|| node.clone(), |text| processed(name, text));
    if let Some(Node::Map(entries)) = site.get(&["DEFAULT_METADATA"]) {
        entries.iter().for_each(|(name, value)| set(name, node(name, value)));
    }
    if let Some(category) = site.text(&["DEFAULT_CATEGORY"]) {
        set("category", processed("category", category));
    }
    if let Some(date) = default_date(site) {
        set("date", date);
    }
    if let Some(Node::Map(paths)) = site.get(&["EXTRA_PATH_METADATA"]) {
        let mut paths: Vec<_> = paths.iter().collect();
        paths.sort_by_key(|(path, _)| path.as_str());
        for (path, values) in paths {
            let below = place.path.strip_prefix(path.trim_end_matches('/'));
            let Node::Map(entries) = values else { continue };
            if below.is_some_and(|below| below.is_empty() || below.starts_with('/')) {
                entries.iter().for_each(|(name, value)| set(name, node(name, value)));
            }
        }
    }
    for (name, value) in of_path(place, site) {
        set(&name, processed(&name, &value));
    }
    for (name, value) in own {
        set(&name, value);
    }
    found
}

/// `DEFAULT_DATE`: a text, or the numbers of a date. The time of the file (`fs`) is not known.
fn default_date(site: &Site) -> Option<Node> {
    match site.get(&["DEFAULT_DATE"])? {
        Node::List(numbers) => {
            let mut numbers = numbers.iter().map(|number| number.text()?.parse::<u32>().ok());
            let mut next = || numbers.next().flatten();
            let (year, month, day) = (next()?, next()?, next()?);
            let (hour, minute) = (next().unwrap_or(0), next().unwrap_or(0));
            Some(Node::Text(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")))
        }
        node => node.text().filter(|text| *text != "fs").map(|text| Node::Text(text.to_owned())),
    }
}

/// What the patterns for paths find, and the folder as the category. The first value of a name
/// counts.
fn of_path(place: &Place, site: &Site) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: &str| {
        let name = name.to_lowercase();
        if !found.iter().any(|(known, _)| *known == name) {
            found.push((name, value.to_owned()));
        }
    };
    let patterns = site.patterns();
    if site.get(&["FILENAME_METADATA"]).is_none()
        && let Some(day) = split_day(&place.name)
    {
        add("date", day);
    }
    for (name, text) in [("FILENAME_METADATA", place.name.as_str()), ("PATH_METADATA", place.path.as_str())] {
        let Some(pattern) = patterns.of_path(name) else { continue };
        let Some(captures) = pattern.captures(text) else { continue };
        for name in pattern.capture_names().flatten() {
            if let Some(value) = captures.name(name) {
                add(name, value.as_str());
            }
        }
    }
    let is_off = matches!(site.get(&["USE_FOLDER_AS_CATEGORY"]), Some(Node::Bool(false, _)));
    if let Some(folder) = place.folders.last().filter(|_| !is_off) {
        add("category", folder);
    }
    found
}
