//! Runs a deployment: targets, check, build, then one store after the other.

use std::cell::Cell;

use super::after;
use super::known::Known;
use super::local::Site;
use super::options::Options;
use super::plan::Plan;
use super::report::{Reached, Report, TargetReport};
use super::runtime::Runtime;
use super::send::Deployment;
use super::targets::{Open, check_keys, open_all};
use crate::config::{BaseUrl, DeployTarget};
use crate::deploy::{check_and_build, lock};
use crate::diagnostic::Diagnostic;
use crate::site::permalink::encoded;

/// Keys of others, and files that cannot be stored, that are named in an error.
const MAX_NAMED: usize = 10;

/// The message of a failed check.
const FAILED: &str = marked!("the check failed, so nothing is deployed");

/// Checks, builds and deploys.
pub(super) fn run(mut options: Options<'_>) -> Report {
    let mut report = Report { dry_run: options.dry_run, ..Report::default() };
    let (base_url, stores) = match open_all(&options) {
        Ok(open) => open,
        Err(problems) => {
            report.diagnostics = problems;
            return report;
        }
    };
    let runtime = match Runtime::start(&options.check.build.cancellation) {
        Ok(runtime) => runtime,
        Err(error) => {
            let message = tr!("cannot start a deployment: {error}", error);
            report
                .diagnostics
                .push(Diagnostic::error(message).help(tr!("close other programs, and try again")));
            return report;
        }
    };
    check_build_deploy(&mut options, &runtime, (&base_url, &stores), &mut report);
    runtime.close();
    report
}

fn check_build_deploy(
    options: &mut Options<'_>,
    runtime: &Runtime,
    (base_url, stores): (&BaseUrl, &[Open]),
    report: &mut Report,
) {
    // The check compares with the store that has the most files.
    let mut published = Vec::new();
    for open in stores {
        match runtime.block_on(Known::read(&open.client, options.replace)) {
            Ok(known) if known.list.entries.len() > published.len() => {
                published = known.list.entries.into_keys().collect();
            }
            Ok(_) => {}
            Err(problem) => report.diagnostics.push(open.name_in(problem)),
        }
    }
    if !report.diagnostics.is_empty() {
        return;
    }
    options.check.published = Some(published);
    if !check_and_build(&options.check, FAILED, &mut report.check, &mut report.diagnostics) {
        return;
    }
    // Keeps builds from changing the output folder.
    let _lock = match lock(&options.check.build) {
        Ok(lock) => lock,
        Err(problem) => {
            report.diagnostics.push(problem);
            return;
        }
    };
    for open in stores {
        let mut target = TargetReport {
            name: open.target.name.clone(),
            to: open.target.to.to_string(),
            ..TargetReport::default()
        };
        let mut found = Vec::new();
        match deploy(options, runtime, (base_url, open), (&mut target, &mut found)) {
            Ok(()) => target.success = true,
            Err(problems) => found.extend(problems),
        }
        report.diagnostics.extend(found.into_iter().map(|problem| open.name_in(problem)));
        report.targets.push(target);
    }
    report.success = report.targets.iter().all(|target| target.success);
}

/// Deploys the built site to one store. Adds warnings to `found`.
fn deploy(
    options: &Options<'_>,
    runtime: &Runtime,
    (base_url, open): (&BaseUrl, &Open),
    (report, found): (&mut TargetReport, &mut Vec<Diagnostic>),
) -> Result<(), Vec<Diagnostic>> {
    let one = |problem: Diagnostic| vec![problem];
    let site = Site::new(&options.check.build.output_folder());
    let files = site.files(&options.check.build.root, &open.target)?;
    check_keys(&files, &open.target)?;
    let known = runtime.block_on(Known::read(&open.client, options.replace)).map_err(one)?;
    let deployment = Deployment {
        client: &open.client,
        target: &open.target,
        site: &site,
        files: &files,
        known: &known,
        progress: options.progress,
        has_begun: Cell::new(false),
    };
    let plan = runtime.block_on(deployment.plan(options.replace)).map_err(one)?;
    refuse_foreign(&plan, &open.target).map_err(one)?;
    found.extend(name_altered(&plan, &open.target));
    fill(report, &plan, base_url);
    if options.dry_run {
        return Ok(());
    }
    let tells = open.target.purge.is_some() || options.then.is_some();
    let result = runtime.block_on(deployment.run(&plan, tells));
    if deployment.has_begun.get() {
        report.reached = Reached::Some;
    }
    let list = result.map_err(one)?;
    report.reached = Reached::Site;
    if !tells || report.addresses.is_empty() {
        return Ok(());
    }
    tell(options, open, report)?;
    runtime.block_on(deployment.told(list)).map_err(one)
}

/// Tells the changed addresses to `purge` and `--then`.
fn tell(options: &Options<'_>, open: &Open, report: &mut TargetReport) -> Result<(), Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let token = open.access.purge_token.as_deref();
    if let Some(to) = &open.target.purge
        && let Err(problem) = after::purge(&open.transport, to, token, &report.addresses)
    {
        problems.push(problem);
        report.failed.push("purge".into());
    }
    if let Some(program) = &options.then
        && let Err(problem) = after::run(program, &report.addresses)
    {
        problems.push(problem);
        report.failed.push(program.clone());
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Fills the counts and addresses of a report.
fn fill(report: &mut TargetReport, plan: &Plan, base_url: &BaseUrl) {
    let size = |at: &usize| plan.sent.get(at).map_or(0, |stored| stored.size);
    report.new = plan.new.iter().map(size).collect();
    report.changed = plan.changed.iter().map(size).collect();
    report.deleted = plan.deleted.values().copied().collect();
    report.unchanged = plan.kept.values().map(|entry| entry.size).collect();
    report.addresses = plan.untold.iter().map(|path| address(path, base_url)).collect();
    report.addresses.sort_unstable();
    report.addresses.dedup();
}

/// The address of a file of the site, as readers ask for it.
fn address(path: &str, base_url: &BaseUrl) -> String {
    let path = match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => path,
    };
    base_url.absolute(&format!("/{}", encoded(path)))
}

/// Refuses to replace objects of others.
fn refuse_foreign(plan: &Plan, target: &DeployTarget) -> Result<(), Diagnostic> {
    let Some(first) = plan.foreign.first() else { return Ok(()) };
    let to = &target.to;
    let message = match plan.foreign.len() {
        1 => tr!("{to} has a file at {first} that newsprint did not write", to, first),
        all => {
            let files = named(&plan.foreign);
            tr!("{to} has {all} files that newsprint did not write: {files}", to, all, files)
        }
    };
    Err(Diagnostic::error(message)
        .help(tr!("deploy to another folder, or replace what the site needs with `--replace`")))
}

/// The warning that files are not deleted, since they are not what newsprint wrote.
fn name_altered(plan: &Plan, target: &DeployTarget) -> Option<Diagnostic> {
    if plan.altered.is_empty() {
        return None;
    }
    let (to, files) = (&target.to, named(&plan.altered));
    let message = tr!(
        "{to}: another program changed {files}; the site has no such file any more, but it is kept"
            | "{to}: another program changed {n} files: {files}; the site has no such files any more, but they are kept"
                % plan.altered.len(),
        to,
        files
    );
    Some(Diagnostic::warning(message).help(tr!("delete there yourself what you do not need")))
}

/// Some of the paths.
fn named(paths: &[String]) -> String {
    let some: Vec<&str> = paths.iter().take(MAX_NAMED).map(String::as_str).collect();
    let more = if paths.len() > MAX_NAMED { " …" } else { "" };
    format!("{}{more}", some.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_that_browsers_ask_for() {
        let base = BaseUrl::parse("https://news.test/digest/").unwrap();
        for (path, wanted) in [
            ("index.html", "https://news.test/digest/"),
            ("articles/开源/index.html", "https://news.test/digest/articles/%E5%BC%80%E6%BA%90/"),
            ("keywords/C++/a b/index.html", "https://news.test/digest/keywords/C%2B%2B/a%20b/"),
            ("a/100%/x?#.html", "https://news.test/digest/a/100%25/x%3F%23.html"),
            ("xindex.html", "https://news.test/digest/xindex.html"),
        ] {
            assert_eq!(address(path, &base), wanted);
        }
    }
}
