//! Reads the configuration of an old site: YAML, TOML or JSON. No configuration is run.

use std::path::{Path, PathBuf};

use serde_json::value::RawValue;

use crate::diagnostic::{Diagnostic, Place};
use crate::fields::Document;
use crate::fs::guarded;
use crate::import::front_matter;
use crate::import::generator::kind::Generator;
use crate::import::generator::{python, script};
use crate::import::input::Input;
use crate::import::json;
use crate::yaml::Node;

/// Bytes of the largest configuration that is read. The largest ones of themes have 60 KB.
const MAX_BYTES: u64 = 1 << 20;
/// Nesting depth of the deepest configuration that is read.
const MAX_DEPTH: usize = 64;
/// Files that are read of Hugo's folder `config/_default`.
const MAX_FILES: usize = 100;

/// The files that the data of sites of Eleventy are usually in, such as that of eleventy-base-blog.
const DATA_OF_ELEVENTY: [&str; 2] = ["_data/metadata.json", "_data/site.json"];
/// The setting that holds these data.
pub(super) const DATA: &str = "_data";

/// The name of Bundler's lock file, and of the setting that holds what is read of it.
pub(super) const LOCK_OF_GEMS: &str = "Gemfile.lock";

/// The extensions of Hugo's configurations, in its order.
const HUGO_EXTENSIONS: [&str; 4] = ["toml", "yaml", "yml", "json"];

/// The names of the file that holds a site's configuration, the first that exists counts.
fn names(generator: Generator) -> &'static [&'static str] {
    match generator {
        Generator::Hugo => &[
            "hugo.toml",
            "hugo.yaml",
            "hugo.yml",
            "hugo.json",
            "config.toml",
            "config.yaml",
            "config.yml",
            "config.json",
        ],
        Generator::Pelican => &["pelicanconf.py"],
        Generator::Hexo => &["_config.yml", "_config.yaml", "_config.json"],
        Generator::Jekyll => &["_config.yml", "_config.yaml", "_config.toml"],
        Generator::Zola => &["zola.toml", "config.toml"],
        Generator::WordPress | Generator::Obsidian => &[],
        Generator::Eleventy => {
            &[".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs"]
        }
        Generator::Astro => &["astro.config.mjs", "astro.config.ts", "astro.config.js", "astro.config.mts"],
        Generator::VitePress => &[
            ".vitepress/config.js",
            ".vitepress/config.ts",
            ".vitepress/config.mjs",
            ".vitepress/config.mts",
            ".vitepress/config/index.ts",
            ".vitepress/config/index.js",
        ],
    }
}

/// The configuration in a folder; `None` if the folder has none. Symbolic links are not followed in
/// a digest (`follow`): their author may be another one than the user. A file that cannot be read
/// is a warning, and counts as empty.
pub(super) fn of_folder(
    generator: Generator,
    folder: &Path,
    follow: bool,
) -> Option<(Node, Vec<Diagnostic>)> {
    let mut diagnostics = Vec::new();
    let mut found = None;
    if let Some(file) =
        names(generator).iter().map(|name| folder.join(name)).find(|file| is_file(file, follow))
    {
        found = Some(read(&file, &mut diagnostics));
    }
    // The settings of the published site: `from pelicanconf import *`, then others.
    let published = folder.join("publishconf.py");
    if generator == Generator::Pelican && found.is_some() && is_file(&published, follow) {
        found = Some(replace(found.unwrap_or_default(), read(&published, &mut diagnostics)));
    }
    if generator == Generator::Jekyll
        && found.is_some()
        && let Some(version) = version_of_gem("addressable", &folder.join(LOCK_OF_GEMS), follow)
    {
        let lock = Node::Map(vec![("addressable".to_owned(), Node::Text(version))]);
        found = Some(merge(found.unwrap_or_default(), Node::Map(vec![(LOCK_OF_GEMS.to_owned(), lock)])));
    }
    if generator == Generator::Eleventy && found.is_some() {
        let mut files = DATA_OF_ELEVENTY.iter().map(|name| folder.join(name));
        if let Some(file) = files.find(|file| is_file(file, follow)) {
            let data = read(&file, &mut diagnostics);
            found = Some(merge(found.unwrap_or_default(), Node::Map(vec![(DATA.to_owned(), data)])));
        }
    }
    if generator == Generator::Obsidian && folder.join(".obsidian").is_dir() {
        found = Some(Node::Null);
    }
    if generator == Generator::Hugo {
        for (key, file) in files_of_hugo(&folder.join("config/_default"), follow) {
            let node = read(&file, &mut diagnostics);
            let node = if key.is_empty() { node } else { Node::Map(vec![(key, node)]) };
            found = Some(merge(found.unwrap_or_default(), node));
        }
    }
    found.map(|node| (node, diagnostics))
}

/// The version of a gem in the lock file of Bundler: `    addressable (2.8.7)`. A line below another
/// gem says what that gem needs: `      addressable (~> 2.4)`.
fn version_of_gem(name: &str, file: &Path, follow: bool) -> Option<String> {
    let bytes = is_file(file, follow).then(|| guarded::read_named(file, MAX_BYTES).ok())??;
    let text = String::from_utf8_lossy(&bytes);
    let version = |line: &str| {
        let rest = line.trim().strip_prefix(name)?.trim().strip_prefix('(')?;
        rest.strip_suffix(')')
            .filter(|text| text.starts_with(|c: char| c.is_ascii_digit()))
            .map(str::to_owned)
    };
    text.lines().find_map(version)
}

/// True if there is a file, behind a symbolic link only if `follow` is true.
fn is_file(file: &Path, follow: bool) -> bool {
    file.is_file() && (follow || !file.is_symlink())
}

/// The files of Hugo's folder of configurations, each with the key that its name is:
/// `permalinks.toml`, `menus.zh.toml`, and none for `hugo.toml` and `config.toml`.
fn files_of_hugo(folder: &Path, follow: bool) -> Vec<(String, PathBuf)> {
    if !follow && [folder, folder.parent().unwrap_or(folder)].iter().any(|path| path.is_symlink()) {
        return Vec::new();
    }
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).take(MAX_FILES).collect();
    files.sort();
    let keyed = |file: PathBuf| {
        let name = file.file_name()?.to_str()?;
        let (stem, extension) = name.rsplit_once('.')?;
        if !HUGO_EXTENSIONS.contains(&extension) || !is_file(&file, follow) {
            return None;
        }
        let key = stem.split('.').next().unwrap_or(stem).to_owned();
        let is_root = matches!(key.as_str(), "hugo" | "config");
        Some((if is_root { String::new() } else { key }, file))
    };
    files.into_iter().filter_map(keyed).collect()
}

/// Merges two mappings. Of a key in both, mappings are merged, else the second counts.
fn merge(first: Node, second: Node) -> Node {
    match (first, second) {
        (Node::Map(mut entries), Node::Map(others)) => {
            for (key, node) in others {
                match entries.iter_mut().find(|(name, _)| *name == key) {
                    Some((_, known)) => *known = merge(std::mem::take(known), node),
                    None => entries.push((key, node)),
                }
            }
            Node::Map(entries)
        }
        (first, Node::Null) => first,
        (_, second) => second,
    }
}

/// The entries of both mappings. Of a key in both, the second counts.
fn replace(first: Node, second: Node) -> Node {
    match (first, second) {
        (Node::Map(mut entries), Node::Map(others)) => {
            entries.retain(|(key, _)| !others.iter().any(|(other, _)| other == key));
            entries.extend(others);
            Node::Map(entries)
        }
        (first, Node::Null) => first,
        (_, second) => second,
    }
}

/// Reads one file of a configuration.
fn read(file: &Path, diagnostics: &mut Vec<Diagnostic>) -> Node {
    let shown = file.to_string_lossy().into_owned();
    let unread = |diagnostic: Diagnostic| {
        let help = tr!("the import goes on without it; `--alias` names the scheme of the old addresses");
        let message = tr!("the configuration of the old site cannot be read: {}", diagnostic.message);
        let warning = Diagnostic::warning(message);
        match diagnostic.place {
            Some(place) => warning.at(place),
            None => warning.at(Place::file(&shown)),
        }
        .help(help)
    };
    let bytes = match guarded::read_named(file, MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(error) => {
            diagnostics.push(unread(Diagnostic::warning(error.to_string())));
            return Node::Null;
        }
    };
    let text = String::from_utf8_lossy(&bytes).trim_start_matches('\u{FEFF}').replace("\r\n", "\n");
    if json::nesting(&text) > MAX_DEPTH {
        diagnostics.push(unread(Diagnostic::warning(tr!("its brackets are nested more than 64 deep"))));
        return Node::Null;
    }
    let parsed = match file.extension().and_then(|extension| extension.to_str()) {
        Some("toml") => {
            let input = Input { name: shown.clone(), text: text.into() };
            front_matter::parse_toml(&input, 0, &input.text).map(Node::Map)
        }
        Some("json") => serde_json::from_str::<&RawValue>(&text)
            .map(json::node)
            .map_err(|error| Box::new(Diagnostic::warning(error.to_string()))),
        Some("py") => Ok(python::settings(&shown, &text, diagnostics)),
        Some("js" | "ts" | "mjs" | "cjs" | "mts") => {
            let (settings, code) = script::literals(&text);
            diagnostics.extend(code.map(|line| {
                let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
                Diagnostic::warning(tr!("the value of `rewrites` is code, which is not run"))
                    .at(Place::at(&shown, &text.clone().into(), start..start))
                    .help(tr!("write the old addresses with `--alias`, or its value as literals in a copy of this file"))
            }));
            Ok(settings)
        }
        _ => parse_yaml(&shown, &text),
    };
    parsed.unwrap_or_else(|diagnostic| {
        diagnostics.push(unread(*diagnostic));
        Node::Null
    })
}

/// The data that Eleventy reads for the posts of a folder: `posts/posts.11tydata.json`, then
/// `posts/posts.json`. A file that is not JSON counts as empty.
pub(super) fn data_of_folder(folder: &Path) -> Vec<(String, Node)> {
    let Some(name) = folder.file_name().and_then(|name| name.to_str()) else { return Vec::new() };
    let mut found = Vec::new();
    for ending in ["11tydata.json", "json"] {
        let file = folder.join(format!("{name}.{ending}"));
        if is_file(&file, false)
            && let Node::Map(entries) = read(&file, &mut Vec::new())
        {
            found.extend(entries);
        }
    }
    found
}

/// Parses YAML. A field that is there twice is no error: the generators take the last one.
fn parse_yaml(shown: &str, text: &str) -> Result<Node, Box<Diagnostic>> {
    if let Ok(node) = crate::yaml::parse(text) {
        return Ok(node);
    }
    let lined = text.to_owned().into();
    let document = Document { path: shown, source: &lined, start: 0, yaml: text };
    let fields = document.parse().map_err(|mut found| Box::new(found.swap_remove(0)))?;
    Ok(Node::Map(fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    fn flow(generator: Generator, files: &[(&str, &str)]) -> (String, usize) {
        let folder = folder(files);
        of_folder(generator, folder.path(), true).map_or_else(
            || ("none".to_owned(), 0),
            |(node, problems)| (crate::yaml::flow(&node), problems.len()),
        )
    }

    #[test]
    fn the_version_of_a_gem_is_that_of_the_lock_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(LOCK_OF_GEMS);
        let lock = "GEM\n  specs:\n    jekyll (4.3.1)\n      addressable (~> 2.4)\n    addressable (2.8.1)\n";
        std::fs::write(&file, lock).unwrap();
        assert_eq!(version_of_gem("addressable", &file, true).as_deref(), Some("2.8.1"));
        assert_eq!(version_of_gem("public_suffix", &file, true), None);
        assert_eq!(version_of_gem("addressable", &folder.path().join("none"), true), None);
    }

    #[test]
    fn the_configuration_of_each_generator_is_found_by_its_name() {
        for (generator, name, text, wanted) in [
            (Generator::Hugo, "hugo.toml", "title = 'a'", "{title: a}"),
            (Generator::Hugo, "config.yaml", "title: a", "{title: a}"),
            (Generator::Hugo, "hugo.json", "{\"title\": \"a\"}", "{title: a}"),
            (Generator::Hexo, "_config.yml", "title: a", "{title: a}"),
            (Generator::Jekyll, "_config.toml", "title = 'a'", "{title: a}"),
            (Generator::Zola, "config.toml", "title = 'a'", "{title: a}"),
            (Generator::Hexo, "config.toml", "title = 'a'", "none"),
            (Generator::Zola, "_config.yml", "title: a", "none"),
        ] {
            assert_eq!(flow(generator, &[(name, text)]), (wanted.to_owned(), 0), "{name}");
        }
    }

    #[test]
    fn code_in_a_script_is_a_warning_with_its_place() {
        let folder = folder(&[(".vitepress/config.ts", "export default {\n  rewrites: rules,\n}")]);
        let (_, problems) = of_folder(Generator::VitePress, folder.path(), true).unwrap();
        assert!(problems[0].message.contains("`rewrites`"), "{problems:?}");
        assert_eq!(problems[0].place.as_ref().map(|place| place.line), Some(2));
    }

    #[test]
    fn settings_of_the_published_site_replace_those_of_pelican() {
        let files = [
            ("pelicanconf.py", "SITENAME = 'a'\nSITEURL = ''\nPATH = 'content'\nPATH = f()\n"),
            ("publishconf.py", "from pelicanconf import *\nSITEURL = 'https://o.example'\n"),
        ];
        let (found, problems) = flow(Generator::Pelican, &files);
        assert_eq!((found.as_str(), problems), ("{SITENAME: a, SITEURL: \"https://o.example\"}", 1));
    }

    #[test]
    fn data_of_a_folder_is_that_of_its_file() {
        let folder = folder(&[("posts/posts.json", "{\"permalink\": \"/a/\"}"), ("news/news.json", "{")]);
        let data = data_of_folder(&folder.path().join("posts"));
        assert_eq!(data, [("permalink".to_owned(), Node::Text("/a/".to_owned()))]);
        assert!(data_of_folder(&folder.path().join("news")).is_empty());
        assert!(data_of_folder(&folder.path().join("none")).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_configuration_is_not_followed_in_a_digest() {
        let folder = folder(&[("real.toml", "title = 'a'"), ("deep/_default/hugo.toml", "title = 'b'")]);
        let link = |to: &str, at: &str| {
            std::os::unix::fs::symlink(folder.path().join(to), folder.path().join(at)).unwrap();
        };
        link("real.toml", "hugo.toml");
        link("deep", "config");
        assert!(of_folder(Generator::Hugo, folder.path(), true).is_some());
        assert!(of_folder(Generator::Hugo, folder.path(), false).is_none());
    }

    #[test]
    fn the_folder_of_hugo_is_merged_by_the_names_of_its_files() {
        let files = [
            ("config/_default/hugo.toml", "title = 'a'\n[permalinks]\nnews = '/n/:slug/'"),
            ("config/_default/permalinks.yaml", "posts: /p/:slug/"),
            ("config/_default/languages.toml", "[zh-cn]\nweight = 1"),
            ("config/_default/notes.txt", "x"),
        ];
        let (found, problems) = flow(Generator::Hugo, &files);
        assert_eq!(problems, 0);
        assert!(
            found.contains("posts: ") && found.contains("news: ") && found.contains("zh-cn: "),
            "{found}"
        );
        assert!(!found.contains("notes"), "{found}");
    }

    #[test]
    fn a_broken_configuration_is_a_warning_with_its_place() {
        let folder = folder(&[("hugo.toml", "a = 1\nb = = 2\n")]);
        let (node, problems) = of_folder(Generator::Hugo, folder.path(), true).unwrap();
        assert_eq!(node, Node::Null);
        assert!(!problems[0].is_error() && problems[0].message.contains("TOML"), "{problems:?}");
        assert_eq!(problems[0].place.as_ref().map(|place| place.line), Some(2));
        for (name, text) in [("hugo.json", "{"), ("hugo.yaml", "a: [")] {
            assert_eq!(flow(Generator::Hugo, &[(name, text)]).1, 1, "{name}");
        }
        let deep = format!("a: {}", "[".repeat(70));
        assert_eq!(flow(Generator::Hexo, &[("_config.yml", &deep)]), ("null".to_owned(), 1));
    }
}
