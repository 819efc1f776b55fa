//! The order of the modules in `src/`: an import goes down the table of ARCHITECTURE.md, never up, and
//! neither files nor folders import each other in a circle.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use syn::visit::{self, Visit};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A module by its parts: `["load", "markdown"]`. The program's modules stand beside the library's.
type Module = Vec<String>;

/// What one file imports, and which names it passes on.
#[derive(Default)]
struct Imports {
    module: Module,
    file: String,
    /// Absolute paths, with the text to look for in the file.
    paths: Vec<Module>,
    /// Names that `pub use` gives to paths.
    passed_on: BTreeMap<String, Module>,
}

impl Imports {
    /// The absolute form of a path in this module; `None` for paths into other crates.
    fn absolute(&self, path: &[String], children: &BTreeSet<Module>) -> Option<Module> {
        let rest = |from: usize| path[from..].to_vec();
        match path[0].as_str() {
            "crate" => Some(rest(1)),
            "self" => Some([self.module.clone(), rest(1)].concat()),
            "super" => {
                let supers = path.iter().take_while(|part| *part == "super").count();
                let kept = self.module.len().checked_sub(supers)?;
                Some([self.module[..kept].to_vec(), rest(supers)].concat())
            }
            "newsprint" if path.get(1).is_some_and(|part| part == "internals") => Some(rest(2)),
            first => {
                let child = [self.module.clone(), vec![first.to_owned()]].concat();
                children.contains(&child).then(|| [self.module.clone(), rest(0)].concat())
            }
        }
    }
}

/// Collects the paths of one file, without what is compiled for tests alone.
struct Collector<'a> {
    imports: &'a mut Imports,
    children: &'a BTreeSet<Module>,
}

fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

fn leaves(tree: &syn::UseTree, prefix: &[String], found: &mut Vec<Module>) {
    let longer = |name: &syn::Ident| [prefix, &[name.to_string()]].concat();
    match tree {
        syn::UseTree::Path(path) => leaves(&path.tree, &longer(&path.ident), found),
        syn::UseTree::Name(name) if name.ident == "self" => found.push(prefix.to_vec()),
        syn::UseTree::Name(name) => found.push(longer(&name.ident)),
        syn::UseTree::Rename(rename) => found.push(longer(&rename.ident)),
        syn::UseTree::Glob(_) => found.push(prefix.to_vec()),
        syn::UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, prefix, found)),
    }
}

impl<'ast> Visit<'ast> for Collector<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes = match item {
            syn::Item::Mod(item) => &item.attrs,
            syn::Item::Use(item) => &item.attrs,
            syn::Item::Fn(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_for_tests(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let mut found = Vec::new();
        leaves(&item.tree, &[], &mut found);
        for path in found {
            let Some(path) = self.imports.absolute(&path, self.children) else { continue };
            if matches!(item.vis, syn::Visibility::Inherited) {
                self.imports.paths.push(path);
            } else if let Some(name) = path.last().cloned() {
                self.imports.passed_on.insert(name, path);
            }
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            let parts: Vec<String> = path.segments.iter().map(|part| part.ident.to_string()).collect();
            self.imports.paths.extend(self.imports.absolute(&parts, self.children));
        }
        visit::visit_path(self, path);
    }

    // A visibility is no import.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
}

/// All modules of `src/` but the root of the library, which only lists them.
fn read() -> Vec<Imports> {
    let mut files: Vec<(Module, String)> = Vec::new();
    for entry in walkdir::WalkDir::new(Path::new(ROOT).join("src")).sort_by_file_name() {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(ROOT).unwrap().to_str().unwrap().replace('\\', "/");
        let Some(name) = path.strip_prefix("src/").and_then(|path| path.strip_suffix(".rs")) else {
            continue;
        };
        if name == "lib" {
            continue;
        }
        let parts = name.split('/').filter(|part| *part != "mod").map(str::to_owned).collect();
        files.push((parts, path));
    }
    let modules: BTreeSet<Module> = files.iter().map(|(module, _)| module.clone()).collect();
    let read_one = |(module, file): (Module, String)| {
        let parsed = syn::parse_file(&fs::read_to_string(Path::new(ROOT).join(&file)).unwrap()).unwrap();
        let mut imports = Imports { module, file, ..Imports::default() };
        Collector { imports: &mut imports, children: &modules }.visit_file(&parsed);
        imports
    };
    files.into_iter().map(read_one).collect()
}

/// One file imports another: the importer, the imported module, and the line to change.
struct Arrow<'a> {
    from: &'a Imports,
    to: Module,
    line: usize,
}

impl Arrow<'_> {
    fn show(&self) -> String {
        format!("{}:{} imports crate::{}", self.from.file, self.line, self.to.join("::"))
    }
}

/// The module in which a path's item is defined: what another module passes on is no part of it.
fn definer(path: &[String], modules: &BTreeMap<&Module, &Imports>, depth: usize) -> Option<Module> {
    let length = (1..=path.len()).rev().find(|&length| modules.contains_key(&path[..length].to_vec()))?;
    let module = path[..length].to_vec();
    match path.get(length).and_then(|name| modules[&module].passed_on.get(name)) {
        Some(passed_on) if depth < 8 => {
            definer(&[passed_on.clone(), path[length + 1..].to_vec()].concat(), modules, depth + 1)
        }
        _ => Some(module),
    }
}

fn arrows(all: &[Imports]) -> Vec<Arrow<'_>> {
    let modules: BTreeMap<&Module, &Imports> = all.iter().map(|one| (&one.module, one)).collect();
    let mut arrows = Vec::new();
    for from in all {
        let text = fs::read_to_string(Path::new(ROOT).join(&from.file)).unwrap();
        for path in &from.paths {
            let Some(to) = definer(path, &modules, 0).filter(|to| *to != from.module) else { continue };
            let word = path.last().unwrap();
            let is_code = |line: &str| !line.trim_start().starts_with("//");
            let line = text.lines().position(|line| is_code(line) && line.contains(word.as_str()));
            arrows.push(Arrow { from, to, line: line.map_or(1, |at| at + 1) });
        }
    }
    arrows
}

/// The rows of the table in ARCHITECTURE.md, from the top: the modules of each.
fn table() -> Vec<Vec<String>> {
    let page = fs::read_to_string(Path::new(ROOT).join("ARCHITECTURE.md")).unwrap();
    let (_, rest) = page.split_once("```layers\n").expect("ARCHITECTURE.md has a block `layers`");
    let block = rest.split("```").next().unwrap();
    let names = |line: &str| line.split("  ").next().unwrap().split(' ').map(str::to_owned).collect();
    block.lines().map(names).collect()
}

#[test]
fn an_import_goes_down_the_table_of_layers() {
    let all = read();
    let rows = table();
    let row = |module: &str| rows.iter().position(|row| row.iter().any(|name| name == module));
    let mut wrong = Vec::new();
    for one in &all {
        if row(&one.module[0]).is_none() {
            wrong.push(format!("{}: `{}` is in no row of the table", one.file, one.module[0]));
        }
    }
    for arrow in arrows(&all) {
        let (from, to) = (&arrow.from.module[0], &arrow.to[0]);
        let is_down = row(from).zip(row(to)).is_none_or(|(from, to)| from < to);
        if from != to && !is_down {
            wrong.push(format!(
                "{}, which is not below `{from}`: move what it needs to a row below both",
                arrow.show()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_imports_in_a_circle() {
    let all = read();
    let arrows = arrows(&all);
    let mut wrong = Vec::new();
    let folders: BTreeSet<Module> = all
        .iter()
        .flat_map(|one| (0..one.module.len()).map(|length| one.module[..length].to_vec()))
        .collect();
    for folder in &folders {
        // The entries of a folder: its files, the folders in it as a whole, and its own `mod.rs`.
        let entry = |module: &Module| {
            let inside = module.strip_prefix(folder.as_slice())?;
            Some(inside.first().map_or("mod.rs", String::as_str).to_owned())
        };
        let mut imports: BTreeMap<String, BTreeMap<String, &Arrow<'_>>> = BTreeMap::new();
        for arrow in &arrows {
            if let (Some(from), Some(to)) = (entry(&arrow.from.module), entry(&arrow.to))
                && from != to
            {
                imports.entry(from).or_default().entry(to).or_insert(arrow);
            }
        }
        // What imports nothing that is left cannot be in a circle.
        loop {
            let ends: BTreeSet<String> = imports
                .values()
                .flat_map(BTreeMap::keys)
                .filter(|to| !imports.contains_key(*to))
                .cloned()
                .collect();
            let before = imports.len();
            imports.values_mut().for_each(|to| to.retain(|name, _| !ends.contains(name)));
            // Nor what nothing imports.
            let imported: BTreeSet<String> = imports.values().flat_map(BTreeMap::keys).cloned().collect();
            imports.retain(|from, to| !to.is_empty() && imported.contains(from));
            if ends.is_empty() && imports.len() == before {
                break;
            }
        }
        let circle: Vec<String> =
            imports.values().flat_map(BTreeMap::values).map(|arrow| arrow.show()).collect();
        if !circle.is_empty() {
            wrong.push(format!(
                "src/{}: a circle, break one of\n  {}",
                folder.join("/"),
                circle.join("\n  ")
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
