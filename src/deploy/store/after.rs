//! What follows a deployment that changed something: the address that empties a cache, and a
//! program.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::json;

use super::secrets;
use crate::diagnostic::Diagnostic;
use crate::http::Transport;

/// Addresses in a request of `purge`. Cloudflare takes 100 ("Purge cache by single-file", 2026-11).
const ADDRESSES: usize = 100;

/// Sends the changed addresses to an address, as `{"files": […]}`, with a bearer token if there is
/// one.
///
/// # Errors
/// A request is refused.
pub(super) fn purge(
    transport: &Transport,
    to: &str,
    token: Option<&str>,
    addresses: &[String],
) -> Result<(), Diagnostic> {
    let host = url::Url::parse(to).ok().and_then(|url| url.host_str().map(str::to_owned));
    let host = host.unwrap_or_default();
    let refused = |why: String| {
        Diagnostic::error(tr!("the site is deployed, but `purge` at {host} failed: {why}", host, why))
            .help(tr!("deploy again: `purge` gets the same addresses, and no file is sent again"))
    };
    for some in addresses.chunks(ADDRESSES) {
        let body = json!({ "files": some }).to_string();
        let status = transport.post_json(to, token, &body).map_err(|failure| refused(failure.to_string()))?;
        if !(200..300).contains(&status) {
            return Err(refused(tr!("the answer is {status}", status)));
        }
    }
    Ok(())
}

/// Runs a program with the changed addresses on its standard input, one a line.
///
/// # Errors
/// The program cannot be run, or fails.
pub(super) fn run(program: &str, addresses: &[String]) -> Result<(), Diagnostic> {
    let failed = |why: String| {
        Diagnostic::error(tr!("the site is deployed, but `{program}` failed: {why}", program, why)).help(tr!(
            "correct the program, and deploy again: it gets the same addresses, and no file is sent again"
        ))
    };
    let mut command = Command::new(program);
    secrets::remove_from(&mut command);
    let mut child = command
        .stdin(Stdio::piped())
        // Standard output belongs to the report.
        .stdout(std::io::stderr())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program need not read all of them.
        let lines: String = addresses.iter().map(|address| format!("{address}\n")).collect();
        let _ = stdin.write_all(lines.as_bytes());
    }
    match child.wait() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(failed(status.to_string())),
        Err(error) => Err(failed(error.to_string())),
    }
}
