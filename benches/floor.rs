//! The lower bound of a build's cost: reads the sources of a digest and writes the files of a
//! finished site, and does nothing else.
//!
//! `floor DIGEST SITE OUT` reads SITE into memory before the measured time.
//! `floor stat DIGEST SITE` only requests the metadata of every source and output.
//! Both print seconds of wall clock and of processor time as JSON.
#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr)]

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use rayon::prelude::*;

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

/// User and system seconds of this process, from Linux's `/proc` (clock ticks of a hundredth); zero
/// elsewhere.
fn processor_time() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = |field: usize| {
        after_name.split_whitespace().nth(field).and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0)
    };
    (ticks(11) + ticks(12)) / 100.0
}

/// The content files and the configuration of a digest.
fn sources(digest: &Path) -> Vec<PathBuf> {
    let mut all = files(&digest.join("content"));
    all.push(digest.join("newsprint.yaml"));
    all
}

/// Reads the sources and writes the files of `site` to `out`; seconds of wall clock and processor
/// time.
fn write(digest: &Path, site: &Path, out: &Path) -> io::Result<(f64, f64)> {
    let tree: Vec<(PathBuf, Vec<u8>)> = files(site)
        .into_iter()
        .map(|path| {
            let bytes = fs::read(&path)?;
            Ok((out.join(path.strip_prefix(site).unwrap_or(&path)), bytes))
        })
        .collect::<io::Result<_>>()?;
    let folders: BTreeSet<PathBuf> = tree
        .iter()
        .flat_map(|(path, _)| path.ancestors().skip(1))
        .filter(|path| path.starts_with(out))
        .map(Path::to_path_buf)
        .collect();
    let (wall, cpu) = (Instant::now(), processor_time());
    let read: usize =
        sources(digest).par_iter().map(|path| fs::read(path).map_or(0, |bytes| bytes.len())).sum();
    folders.iter().try_for_each(fs::create_dir)?;
    tree.par_iter().try_for_each(|(path, bytes)| fs::write(path, bytes))?;
    assert!(read > 0, "the digest has no sources");
    Ok((wall.elapsed().as_secs_f64(), processor_time() - cpu))
}

/// Requests the metadata of all sources and outputs; seconds of wall clock and processor time.
fn stat(digest: &Path, site: &Path) -> io::Result<(f64, f64)> {
    let mut all = sources(digest);
    all.extend(files(site));
    let (wall, cpu) = (Instant::now(), processor_time());
    let found = all.par_iter().filter(|path| fs::symlink_metadata(path).is_ok()).count();
    assert_eq!(found, all.len());
    Ok((wall.elapsed().as_secs_f64(), processor_time() - cpu))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let measured = match arguments.as_slice() {
        ["stat", digest, site] => stat(Path::new(digest), Path::new(site)),
        [digest, site, out] => write(Path::new(digest), Path::new(site), Path::new(out)),
        _ => {
            eprintln!("usage: floor DIGEST SITE OUT, or: floor stat DIGEST SITE");
            return ExitCode::from(2);
        }
    };
    match measured {
        Ok((wall, cpu)) => {
            println!("{{\"wall\": {wall:.4}, \"cpu\": {cpu:.2}}}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("floor: {error}");
            ExitCode::FAILURE
        }
    }
}
