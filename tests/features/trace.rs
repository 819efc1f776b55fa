//! Traces the system calls of a program with `strace`.

use std::path::Path;
use std::process::Command;

/// Runs a program in `folder` and returns its system calls, one a line, or `None` if `strace` is
/// missing or cannot trace, which is a failure in CI.
pub(crate) fn trace(folder: &Path, program: &str, arguments: &[&str]) -> Option<String> {
    strace(folder, &["-e", "trace=%file,%network,%process,ftruncate,fchmod,fchown"], program, arguments)
}

/// As [`trace`], but of the calls that open, sync and rename files. File descriptors are followed by
/// their paths: `fsync(5</home/a>)`.
pub(crate) fn trace_syncs(folder: &Path, program: &str, arguments: &[&str]) -> Option<String> {
    strace(folder, &["-y", "-e", "trace=%file,%process,fsync,fdatasync"], program, arguments)
}

fn strace(folder: &Path, options: &[&str], program: &str, arguments: &[&str]) -> Option<String> {
    let log = tempfile::NamedTempFile::new().unwrap();
    let ran = Command::new("strace")
        .args(["-f", "-qq", "-s", "300"])
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
