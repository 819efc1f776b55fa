//! Traces the system calls of a program with `strace`.

use std::path::Path;
use std::process::Command;

/// Runs a program in `folder` and returns its system calls, one a line, or `None` if `strace` is
/// missing or cannot trace, which is a failure in CI. Paths that are relative to an open folder are
/// absolute in the result.
pub(crate) fn trace(folder: &Path, program: &str, arguments: &[&str]) -> Option<String> {
    let options = ["-e", "trace=%file,%network,%process,ftruncate,fchmod,fchown"];
    let calls = strace(folder, &options, program, arguments)?;
    Some(calls.lines().map(|call| with_absolute_paths(call) + "\n").collect())
}

/// As [`trace`], but of the calls that open, sync and rename files, as strace writes them. File
/// descriptors are followed by their paths: `fsync(5</home/a>)`.
pub(crate) fn trace_syncs(folder: &Path, program: &str, arguments: &[&str]) -> Option<String> {
    strace(folder, &["-e", "trace=%file,%process,fsync,fdatasync"], program, arguments)
}

/// As [`trace`], but of the calls that read files.
pub(crate) fn trace_reads(folder: &Path, program: &str, arguments: &[&str]) -> Option<String> {
    strace(folder, &["-e", "trace=execve,read,pread64"], program, arguments)
}

fn strace(folder: &Path, options: &[&str], program: &str, arguments: &[&str]) -> Option<String> {
    let log = tempfile::NamedTempFile::new().unwrap();
    let ran = Command::new("strace")
        .args(["-f", "-qq", "-y", "-s", "300"])
        .args(options)
        .arg("-o")
        .arg(log.path())
        .arg(program)
        .args(arguments)
        .current_dir(folder)
        .output();
    let calls = std::fs::read_to_string(log.path()).unwrap_or_default();
    if ran.is_err() || !calls.contains("execve(") {
        assert!(std::env::var_os("CI").is_none(), "strace is missing or cannot trace: {ran:?}");
        return None;
    }
    Some(calls)
}

/// Resolves paths relative to open folders: `unlinkat(5</a/b>, "c", 0)`, as strace writes the call
/// with `-y`, becomes `unlinkat(AT_FDCWD, "/a/b/c", 0)`. Removes the paths of other descriptors.
fn with_absolute_paths(call: &str) -> String {
    let mut resolved = String::with_capacity(call.len());
    let mut rest = call;
    // Not within the quoted text of an argument.
    while let Some((before, after)) = rest.split_once('<') {
        let quoted = before.matches('"').count() % 2 == 1;
        let folder = after.split_once('>').filter(|(path, _)| !quoted && !path.contains('"'));
        let Some((folder, behind)) = folder else {
            let end = if quoted { after.find('"').map_or(after.len(), |end| end + 1) } else { 0 };
            resolved.push_str(&rest[..before.len() + 1 + end]);
            rest = &after[end..];
            continue;
        };
        match behind.strip_prefix(", \"").filter(|name| !name.starts_with('/') && folder.starts_with('/')) {
            Some(name) => {
                let name = name.trim_start_matches("./");
                let descriptor = before.rfind(['(', ' ']).map_or(0, |at| at + 1);
                resolved.push_str(&before[..descriptor]);
                resolved.push_str("AT_FDCWD, \"");
                resolved.push_str(folder);
                resolved.push('/');
                let end = name.find('"').map_or(name.len(), |end| end + 1);
                resolved.push_str(&name[..end]);
                rest = &name[end..];
            }
            None => {
                resolved.push_str(before);
                rest = behind;
            }
        }
    }
    resolved + rest
}

#[test]
fn paths_relative_to_open_folders_are_resolved() {
    for (call, wanted) in [
        ("9 unlinkat(5</a/b>, \"c\", 0) = 0", "9 unlinkat(AT_FDCWD, \"/a/b/c\", 0) = 0"),
        (
            "9 openat(AT_FDCWD</a>, \"b/c\", O_RDONLY) = 3</a/b/c>",
            "9 openat(AT_FDCWD, \"/a/b/c\", O_RDONLY) = 3",
        ),
        ("9 openat(AT_FDCWD</a>, \"/b<c\", O_RDONLY) = 3</b>", "9 openat(AT_FDCWD, \"/b<c\", O_RDONLY) = 3"),
        (
            "9 renameat(5</a>, \"b\", 6</c>, \"d\") = 0",
            "9 renameat(AT_FDCWD, \"/a/b\", AT_FDCWD, \"/c/d\") = 0",
        ),
        ("9 mkdir(AT_FDCWD</a>, \"./b\") = 0", "9 mkdir(AT_FDCWD, \"/a/b\") = 0"),
        ("9 ftruncate(3</a/b>, 0) = 0", "9 ftruncate(3, 0) = 0"),
    ] {
        assert_eq!(with_absolute_paths(call), wanted);
    }
}
