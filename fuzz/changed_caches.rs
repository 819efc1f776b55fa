//! A small digest whose caches are changed and sealed again before each build.
//!
//! The first byte of an input is a set of flags, see [`Flags`]. Then come edits, each of these
//! bytes:
//!
//! ```text
//! file, operation and part · offset, 2 bytes · length of the operand · operand
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use newsprint::internals::fingerprint::Fingerprint;
use newsprint::internals::fs::sealed::{self, Seal};
use newsprint::internals::output;
use newsprint::{Options, Report};
use tempfile::TempDir;

/// The state files in the order of their numbers in an edit.
const FILES: [&str; 9] =
    ["sources", "articles", "relations", "segment", "manifest", "journal", "built", "plan", "parts"];
/// The numbers of two of them.
const SEGMENT: usize = 3;
const PARTS: usize = 8;
/// Numbers at the bounds of their types.
const EXTREMES: [u64; 12] = [
    0,
    1,
    0x7f,
    0xff,
    0xffff,
    1 << 20,
    (1 << 31) - 1,
    1 << 31,
    u32::MAX as u64,
    1 << 32,
    i64::MAX as u64,
    u64::MAX,
];
/// The times that the operation "repeat" repeats its operand for each unit of the offset's high
/// byte.
const REPEATS: usize = 64;
/// The article whose body a flag edits.
const EDITED: &str = "content/articles/edited.md";
/// The article that a flag adds.
const ADDED: &str = "content/articles/added.md";

/// What an input does besides its edits: one bit each.
struct Flags(u8);

impl Flags {
    const REMOVE_BUILT: u8 = 1;
    const EDIT_BODY: u8 = 1 << 1;
    const REMOVE_SITE: u8 = 1 << 2;
    /// Writes the first line of the changed manifest into the plan, which names it.
    const KEEP_PLAN: u8 = 1 << 3;
    const ADD_ARTICLE: u8 = 1 << 4;
    const REMOVE_PLAN: u8 = 1 << 5;
    /// Both bits: checks a build without caches afterwards.
    const RECOVER: u8 = 0b11 << 6;

    fn has(&self, flag: u8) -> bool {
        self.0 & flag == flag
    }
}

/// True if the input asks for [`Digest::check_recovery`].
pub(super) fn is_recovery_checked(data: &[u8]) -> bool {
    data.first().is_some_and(|&flags| Flags(flags).has(Flags::RECOVER))
}

/// A file of the output folder as the first builds left it.
struct Published {
    bytes: Vec<u8>,
    modified: SystemTime,
}

/// The digest, and what its folder contained after the first builds.
pub(super) struct Digest {
    /// The folder around the digest, so that a path with `..` stays within a folder that is
    /// checked.
    around: TempDir,
    root: PathBuf,
    /// The fingerprint in the names of the manifest's files.
    manifest: String,
    segment: String,
    sources: BTreeMap<String, Vec<u8>>,
    site: BTreeMap<String, Published>,
    /// The data of each state file without its seal; by number.
    caches: Vec<Vec<u8>>,
    /// The blocks of the segment.
    blocks: Vec<u8>,
}

/// The head of a segment: number of articles, parameters of cells, hashes and lengths of the blocks.
type Head = (u32, [u32; 4], Vec<u64>, Vec<u32>);
/// A stored plan: first line of the manifest, key, bodies, settings, keys of files, and the data of
/// the pipeline.
type Plan = (String, Fingerprint, Vec<Fingerprint>, Fingerprint, Vec<[u64; 2]>, Vec<u8>);
/// The stored articles: fingerprint of the reader, chunks.
type Articles = (Fingerprint, Vec<Vec<u8>>);

impl Digest {
    /// Creates the digest in a temporary folder, and builds it until all caches exist.
    pub(super) fn build() -> Self {
        let around = tempfile::tempdir().unwrap();
        let base = around.path().canonicalize().unwrap();
        let root = base.join("a/b/digest");
        fs::create_dir_all(&root).unwrap();
        fs::create_dir_all(base.join("victim")).unwrap();
        fs::write(base.join("victim/index.html"), "x").unwrap();
        for (name, text) in sources() {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        for _ in 0..2 {
            let report = newsprint::build(&Options::new(&root));
            assert!(report.success && report.diagnostics.is_empty(), "{report:?}");
        }
        let state = root.join(".newsprint");
        let name_of = |folder: &Path, wanted: &dyn Fn(&str) -> bool| {
            let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
            names.map(|name| name.into_string().unwrap()).find(|name| wanted(name)).unwrap()
        };
        let manifest = name_of(&state, &|name| name.starts_with("manifest-") && !name.contains('.'));
        let segment = name_of(&state.join("search"), &|name| name != "parts");
        let mut digest = Self {
            sources: tree(&base, &|path| path.starts_with("a/b/digest/.newsprint") || is_output(path)),
            site: BTreeMap::new(),
            around,
            root,
            manifest,
            segment,
            caches: Vec::new(),
            blocks: Vec::new(),
        };
        for (path, bytes) in tree(&digest.public(), &|_| false) {
            let modified = fs::metadata(digest.public().join(&path)).unwrap().modified().unwrap();
            digest.site.insert(path, Published { bytes, modified });
        }
        digest.read_caches();
        digest
    }

    fn public(&self) -> PathBuf {
        self.root.join("public")
    }

    fn path(&self, file: usize) -> PathBuf {
        let state = self.root.join(".newsprint");
        let manifest = state.join(&self.manifest);
        match FILES[file] {
            "segment" => state.join("search").join(&self.segment),
            "parts" => state.join("search/parts"),
            "manifest" => manifest,
            ending @ ("journal" | "built" | "plan") => manifest.with_extension(ending),
            name => state.join(name),
        }
    }

    fn read_caches(&mut self) {
        for (file, name) in FILES.into_iter().enumerate() {
            let path = self.path(file);
            let data = match name {
                "journal" => b"ours index.html\nstaged robots.txt\n".to_vec(),
                "manifest" => {
                    let text = fs::read_to_string(path).unwrap();
                    text.split_once('\n').unwrap().1.as_bytes().to_vec()
                }
                "segment" => {
                    let bytes = fs::read(path).unwrap();
                    let (length, rest) = bytes.split_first_chunk().unwrap();
                    let (head, rest) = rest.split_at(u64::from_le_bytes(*length) as usize);
                    self.blocks = rest[16..].to_vec();
                    head.to_vec()
                }
                _ => sealed::read_data(&path).unwrap_or_else(|| panic!("no {name}")),
            };
            self.caches.push(data);
        }
        // The edits need the formats that newsprint writes.
        assert_eq!(self.manifest_of(&self.caches[4]), fs::read_to_string(self.path(4)).unwrap());
        postcard::from_bytes::<Head>(&self.caches[3]).unwrap();
        let articles: Articles = postcard::from_bytes(&self.caches[1]).unwrap();
        assert_eq!(articles.1.len(), 1);
        postcard::from_bytes::<Plan>(&self.caches[7]).unwrap();
    }

    /// Restores the digest, changes it as the input says, and builds it.
    pub(super) fn run(&self, data: &[u8]) -> Report {
        let (&flags, edits) = data.split_first().unwrap_or((&0, &[]));
        let flags = Flags(flags);
        self.restore();
        let mut caches: Vec<Option<Vec<u8>>> = self.caches.iter().cloned().map(Some).collect();
        caches[5] = None;
        let mut blocks = self.blocks.clone();
        for edit in Edits(edits).take(32) {
            self.change(&edit, &mut caches, &mut blocks);
        }
        if flags.has(Flags::KEEP_PLAN) {
            self.keep_plan(&mut caches);
        }
        if flags.has(Flags::REMOVE_BUILT) {
            caches[6] = None;
        }
        if flags.has(Flags::REMOVE_PLAN) {
            caches[7] = None;
        }
        for (file, data) in caches.into_iter().enumerate() {
            let path = self.path(file);
            match data {
                Some(data) => self.seal(file, &path, data, &blocks),
                None => drop(fs::remove_file(path)),
            }
        }
        if flags.has(Flags::EDIT_BODY) {
            fs::write(self.root.join(EDITED), edited("另一段正文。")).unwrap();
        }
        if flags.has(Flags::ADD_ARTICLE) {
            fs::write(self.root.join(ADDED), "---\ntitle: 新的一篇\n---\n\n正文\n").unwrap();
        }
        if flags.has(Flags::REMOVE_SITE) {
            fs::remove_dir_all(self.public()).unwrap();
        }
        let report = newsprint::build(&Options::new(&self.root));
        if flags.has(Flags::EDIT_BODY) {
            fs::write(self.root.join(EDITED), edited("正文。")).unwrap();
        }
        if flags.has(Flags::ADD_ARTICLE) {
            fs::remove_file(self.root.join(ADDED)).unwrap();
        }
        report
    }

    /// Restores the output folder. Unchanged files have the same times afterwards, as the manifest
    /// lists them.
    fn restore(&self) {
        let public = self.public();
        for path in files(&public, &|_| false) {
            if !self.site.contains_key(&path) {
                fs::remove_file(public.join(path)).unwrap();
            }
        }
        for (path, published) in &self.site {
            let path = public.join(path);
            let is_same = fs::symlink_metadata(&path).is_ok_and(|found| {
                found.len() == published.bytes.len() as u64
                    && found.modified().is_ok_and(|time| time == published.modified)
            });
            if !is_same {
                write(&path, &published.bytes);
                let file = fs::File::options().write(true).open(&path).unwrap();
                file.set_modified(published.modified).unwrap();
            }
        }
    }

    fn change(&self, edit: &Edit<'_>, caches: &mut [Option<Vec<u8>>], blocks: &mut Vec<u8>) {
        let Some(data) = caches[edit.file].take().or_else(|| self.caches.get(edit.file).cloned()) else {
            return;
        };
        let mut data = data;
        match FILES[edit.file] {
            "articles" if !edit.part => match postcard::from_bytes::<Articles>(&data) {
                Ok(mut articles) if !articles.1.is_empty() => {
                    edit.apply(&mut articles.1[0]);
                    data = postcard::to_allocvec(&articles).unwrap();
                }
                _ => edit.apply(&mut data),
            },
            "plan" if edit.part => match postcard::from_bytes::<Plan>(&data) {
                Ok(mut plan) => {
                    edit.apply(&mut plan.5);
                    data = postcard::to_allocvec(&plan).unwrap();
                }
                _ => edit.apply(&mut data),
            },
            "segment" if edit.part => {
                if let Ok(mut head) = postcard::from_bytes::<Head>(&data) {
                    edit_block(edit, &mut head, blocks);
                    data = postcard::to_allocvec(&head).unwrap();
                }
            }
            _ => edit.apply(&mut data),
        }
        caches[edit.file] = Some(data);
    }

    /// Writes a state file as newsprint would write this data.
    fn seal(&self, file: usize, path: &Path, data: Vec<u8>, blocks: &[u8]) {
        match FILES[file] {
            "journal" => {
                let text = String::from_utf8_lossy(&data);
                let lines = text.trim_end_matches('\n');
                fs::write(path, format!("{lines}\nseal {}\n", self.seal_text(lines))).unwrap();
            }
            "manifest" => fs::write(path, self.manifest_of(&data)).unwrap(),
            "segment" => {
                let folder = path.parent().unwrap();
                fs::create_dir_all(folder).unwrap();
                let seal = Seal::of_folder(folder).expect("a disk with creation times").seal(&data);
                let length = (data.len() as u64).to_le_bytes();
                fs::write(path, [&length, &*data, &seal, blocks].concat()).unwrap();
            }
            _ => sealed::write_data(path, data).unwrap(),
        }
    }

    /// The manifest with these lines.
    fn manifest_of(&self, lines: &[u8]) -> String {
        let text = output::sealed(&String::from_utf8_lossy(lines));
        let (first, lines) = text.split_once('\n').unwrap();
        let checksum = first.rsplit(' ').next().unwrap();
        format!("{first} {}\n{lines}", self.seal_text(checksum))
    }

    /// The seal of a text in the state folder, in hexadecimal digits.
    fn seal_text(&self, text: &str) -> String {
        let seal = Seal::of_folder(&self.root.join(".newsprint")).expect("a disk with creation times");
        format!("{:032x}", u128::from_be_bytes(seal.seal(text.as_bytes())))
    }

    /// Writes the first line of the manifest into the plan.
    fn keep_plan(&self, caches: &mut [Option<Vec<u8>>]) {
        let [Some(manifest), Some(stored)] = [&caches[4], &caches[7]] else { return };
        if let Ok(mut plan) = postcard::from_bytes::<Plan>(stored) {
            plan.0 = self.manifest_of(manifest).lines().next().unwrap().to_owned();
            caches[7] = Some(postcard::to_allocvec(&plan).unwrap());
        }
    }

    /// Asserts that the files outside of the output folder and `.newsprint` are as they were.
    pub(super) fn check_surroundings(&self) {
        let base = self.around.path();
        let found = tree(base, &|path| path.starts_with("a/b/digest/.newsprint") || is_output(path));
        assert!(found == self.sources, "{:?}", found.keys());
    }

    /// Asserts that a build without state files makes the first site.
    pub(super) fn check_recovery(&self) {
        fs::remove_dir_all(self.root.join(".newsprint")).unwrap();
        let report = newsprint::build(&Options { force: true, ..Options::new(&self.root) });
        assert!(report.success, "{report:?}");
        let found = tree(&self.public(), &|_| false);
        for (path, published) in &self.site {
            assert!(found.get(path) == Some(&published.bytes), "{path}");
        }
        // Other files may stay, as far as they do not name newsprint as their generator.
        for path in output::marked_files(&self.public()) {
            assert!(self.site.contains_key(&path), "{path}");
        }
    }
}

/// Changes the first block that is not empty, with its hash and length.
fn edit_block(edit: &Edit<'_>, head: &mut Head, blocks: &mut Vec<u8>) {
    let Some(bucket) = head.3.iter().position(|&length| length > 0) else { return };
    let length = (head.3[bucket] as usize).min(blocks.len());
    let mut block: Vec<u8> = blocks.drain(..length).collect();
    edit.apply(&mut block);
    if let Some(hash) = head.2.get_mut(bucket) {
        *hash = Fingerprint::of_bytes(&block).0 as u64;
    }
    head.3[bucket] = block.len() as u32;
    blocks.splice(..0, block);
}

/// One change of a state file.
struct Edit<'d> {
    file: usize,
    operation: u8,
    /// For `articles` the whole file instead of its articles, for `plan` the data of the pipeline,
    /// for a segment its first block.
    part: bool,
    offset: u16,
    operand: &'d [u8],
}

/// Reads the edits of an input.
struct Edits<'d>(&'d [u8]);

impl<'d> Iterator for Edits<'d> {
    type Item = Edit<'d>;

    fn next(&mut self) -> Option<Edit<'d>> {
        let ([kind, low, high, length], rest) = self.0.split_first_chunk()?;
        let (operand, rest) = rest.split_at((*length as usize).min(rest.len()));
        self.0 = rest;
        Some(Edit {
            // The highest bit tells two files of the same folder apart.
            file: match usize::from(kind & 7) {
                SEGMENT if kind & 0x80 != 0 => PARTS,
                file => file,
            },
            operation: kind >> 3 & 7,
            part: kind & 64 != 0,
            offset: u16::from_le_bytes([*low, *high]),
            operand,
        })
    }
}

impl Edit<'_> {
    fn apply(&self, data: &mut Vec<u8>) {
        let (offset, is_from_end) = (usize::from(self.offset & 0x7fff), self.offset & 0x8000 != 0);
        let offset = offset % (data.len() + 1);
        let at = if is_from_end { data.len() - offset } else { offset };
        let count = usize::from(self.operand.first().copied().unwrap_or(1));
        match self.operation {
            0 => {
                let end = data.len().min(at + self.operand.len());
                data.splice(at..end, self.operand.iter().copied());
            }
            1 => drop(data.splice(at..at, self.operand.iter().copied())),
            2 => drop(data.drain(at..data.len().min(at + count))),
            3 => *data = self.operand.to_vec(),
            // A number at its bounds in place of the number there.
            4 => {
                let (_, length) = varint(&data[at..]);
                let extreme = EXTREMES[count % EXTREMES.len()];
                data.splice(at..at + length, postcard::to_allocvec(&extreme).unwrap());
            }
            // The operand many times, such as lists within each other.
            5 => {
                let [times, repeated @ ..] = self.operand else { return };
                data.splice(at..at, repeated.repeat(usize::from(*times) * REPEATS));
            }
            // A text in place of the text there, with its length.
            6 => {
                let (old, length) = varint(&data[at..]);
                let end =
                    usize::try_from(old).unwrap_or(usize::MAX).saturating_add(at + length).min(data.len());
                let text = postcard::to_allocvec(self.operand).unwrap();
                data.splice(at..end, text);
            }
            _ => data.truncate(at),
        }
    }
}

/// The number at the beginning of data in postcard's format, and the number of its bytes.
fn varint(data: &[u8]) -> (u64, usize) {
    match postcard::take_from_bytes::<u64>(data) {
        Ok((number, rest)) => (number, data.len() - rest.len()),
        Err(_) => (0, data.len().min(1)),
    }
}

fn is_output(path: &str) -> bool {
    path.starts_with("a/b/digest/public")
}

/// The paths of all files below a folder with `/`, without those that `is_skipped` names.
fn files(folder: &Path, is_skipped: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(inside) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder.join(&inside)) else { continue };
        for entry in entries {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let path = if inside.is_empty() { name } else { format!("{inside}/{name}") };
            if is_skipped(&path) {
                continue;
            }
            let list = if entry.file_type().unwrap().is_dir() { &mut folders } else { &mut found };
            list.push(path);
        }
    }
    found
}

/// The bytes of all files below a folder, by path.
fn tree(folder: &Path, is_skipped: &dyn Fn(&str) -> bool) -> BTreeMap<String, Vec<u8>> {
    let read = |path: String| (fs::read(folder.join(&path)).unwrap(), path);
    files(folder, is_skipped).into_iter().map(read).map(|(bytes, path)| (path, bytes)).collect()
}

fn write(path: &Path, bytes: &[u8]) {
    if fs::write(path, bytes).is_err() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// An article with a summary: an edit of its body changes nothing else, such as its excerpt.
fn edited(body: &str) -> String {
    format!(
        "---\ntitle: 谷歌发布模型\ndate: 2024-02-03\nsummary: 摘要\nsource: 甲报\nkeywords: [模型, 谷歌]\n---\n\n{body}\n"
    )
}

/// The sources of the digest: articles with every field, a story of two reports, related articles,
/// several months, a draft, a registry and a page.
fn sources() -> Vec<(&'static str, String)> {
    let article = |front_matter: &str| format!("---\n{front_matter}\n---\n\n第一段**正文**，微软 OpenAI。\n");
    vec![
        ("newsprint.yaml", "title: 日报\nbase_url: https://example.org/\n".to_owned()),
        ("content/terms.yaml", "keywords:\n  - name: 模型\n    aliases: [models]\n".to_owned()),
        ("content/pages/about.md", "---\ntitle: 关于\n---\n\n正文\n".to_owned()),
        (
            "content/articles/2024-01-02-buys.md",
            article(
                "title: 微软完成收购\nlink: https://example.com/a?b=1\nsource: 乙报\nevent: 微软完成收购\n\
                 summary: 摘要\naliases: [/old/page.html, /alt/]\nimage: https://example.com/i.png\n\
                 keywords: [收购, 微软, models]\nindustries: [软件]\nai_technologies: [大模型]\n\
                 extra: {a: [1, {b: c}], d: 2.50, e: true}\nupdated: 2024-01-05",
            ),
        ),
        (
            "content/articles/2024-01-03-bought.md",
            article("title: 微软完成收购\nevent: 微软完成收购\nkeywords: [收购, 微软]\nindustries: [软件]"),
        ),
        (
            "content/articles/2023-11-20-chips.md",
            article("title: 芯片新品\nkeywords: [芯片]\nai_technologies: [大模型]"),
        ),
        (
            "content/articles/timed.md",
            article("title: 有时间\ndate: 2024-02-29T08:30:00+08:00\nkeywords: [模型]"),
        ),
        ("content/articles/undated.md", article("title: 没有日期\nkeywords: [微软, 芯片]")),
        ("content/articles/draft.md", article("title: 草稿\ndraft: true")),
        (EDITED, edited("正文。")),
    ]
}
