//! Runs a deployment: targets, check, build, then one store after the other.

use tokio::runtime::Runtime;

use super::after;
use super::client::Client;
use super::kind;
use super::local::Site;
use super::options::Options;
use super::plan::{File, Plan};
use super::report::{Report, TargetReport};
use super::secrets::Access;
use super::send::{Deployment, Known};
use crate::config::{BaseUrl, DeployTarget, StoreAddress, StoreScheme};
use crate::deploy::{check_and_build, lock, published_base_url};
use crate::diagnostic::{Diagnostic, Place, nearest};
use crate::http::{Transport, is_private_host};
use crate::load;
use crate::site::permalink::encoded;

/// Bytes of a key in S3, Google Cloud Storage and Azure: "Creating object key names", "Object
/// naming guidelines" (2026-11); Azure counts characters, and allows as many.
const MAX_KEY_BYTES: usize = 1024;

/// Keys of others, and files that cannot be stored, that are named in an error.
const MAX_NAMED: usize = 10;

/// The message of a failed check.
const FAILED: &str = marked!("the check failed, so nothing is deployed");

/// A target with its store.
struct Open {
    target: DeployTarget,
    access: Access,
    transport: Transport,
    client: Client,
}

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
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
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
    // Requests that are on their way after an error are not waited for.
    runtime.shutdown_background();
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
        match deploy(options, runtime, (base_url, open), &mut target) {
            Ok(()) => target.success = true,
            Err(problems) => {
                report.diagnostics.extend(problems.into_iter().map(|problem| open.name_in(problem)));
            }
        }
        report.targets.push(target);
    }
    report.success = report.targets.iter().all(|target| target.success);
}

/// Deploys the built site to one store.
fn deploy(
    options: &Options<'_>,
    runtime: &Runtime,
    (base_url, open): (&BaseUrl, &Open),
    report: &mut TargetReport,
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
    };
    let plan = runtime.block_on(deployment.plan(options.replace)).map_err(one)?;
    refuse_foreign(&plan, &open.target).map_err(one)?;
    fill(report, &plan, &files, base_url);
    if options.dry_run {
        return Ok(());
    }
    runtime.block_on(deployment.run(&plan)).map_err(one)?;
    if report.addresses.is_empty() {
        return Ok(());
    }
    let mut problems = Vec::new();
    if let Some(to) = &open.target.purge {
        let token = open.access.purge_token.as_deref();
        problems.extend(after::purge(&open.transport, to, token, &report.addresses).err());
    }
    if let Some(program) = &options.then {
        problems.extend(after::run(program, &report.addresses).err());
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Fills the counts and addresses of a report.
fn fill(report: &mut TargetReport, plan: &Plan, files: &[File], base_url: &BaseUrl) {
    let size = |at: &usize| files[*at].size;
    report.new = plan.new.iter().map(size).collect();
    report.changed = plan.changed.iter().map(size).collect();
    report.deleted = plan.deleted.iter().map(|(_, size)| *size).collect();
    report.unchanged =
        files.iter().filter(|file| plan.kept.contains_key(&file.path)).map(|file| file.size).collect();
    let sent = plan.new.iter().chain(&plan.changed).map(|&at| files[at].path.as_str());
    let paths = sent.chain(plan.deleted.iter().map(|(path, _)| path.as_str()));
    report.addresses = paths.map(|path| address(path, base_url)).collect();
    report.addresses.sort_unstable();
}

/// The address of a file of the site, as readers ask for it.
fn address(path: &str, base_url: &BaseUrl) -> String {
    let path = match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => path,
    };
    base_url.absolute(&format!("/{}", encoded(path)))
}

/// Finds all targets and opens their stores. Everything that the command line, the settings and the
/// environment have wrong is reported at once.
fn open_all(options: &Options<'_>) -> Result<(BaseUrl, Vec<Open>), Vec<Diagnostic>> {
    let build = &options.check.build;
    let mut problems = Vec::new();
    let base_url = published_base_url(build).map_err(|found| problems.extend(found)).ok();
    let (config, found) = load::configuration(&build.root, build.config.as_deref(), build.links);
    // With a wrong setting there would be errors that follow from it.
    if found.iter().any(Diagnostic::is_error) {
        return Err(found);
    }
    let mut stores = Vec::new();
    for written in &options.to {
        let opened = find(written, &config.deploy)
            .and_then(|target| open(target, &config.user_agent(), options.allow_private));
        match opened {
            Ok(open) => stores.push(open),
            Err(problem) => problems.push(problem),
        }
    }
    match base_url {
        Some(base_url) if problems.is_empty() => Ok((base_url, stores)),
        _ => Err(problems),
    }
}

/// The target of a name, or at an address.
fn find(written: &str, targets: &[DeployTarget]) -> Result<DeployTarget, Diagnostic> {
    if written.contains("://") {
        let parsed = StoreAddress::parse(written).and_then(|to| to.check_complete().map(|()| to));
        return match parsed {
            Ok(to) => Ok(DeployTarget::new(None, to)),
            Err((message, help)) => Err(Diagnostic::error(tr!("--to: {message}", message)).help(help)),
        };
    }
    let names = || targets.iter().filter_map(|target| target.name.as_deref());
    if let Some(target) = targets.iter().find(|target| target.name.as_deref() == Some(written)) {
        return Ok(target.clone());
    }
    let help = match (nearest(written, names()), targets.is_empty()) {
        (Some(near), _) => tr!("did you mean `--to {near}`?", near),
        (None, true) => tr!(
            "write it under `deploy:` in newsprint.yaml, or give an address such as `--to s3://my-bucket/site`"
        ),
        (None, false) => tr!("the targets are {}", names().collect::<Vec<_>>().join(", ")),
    };
    Err(Diagnostic::error(tr!("there is no target `{written}`", written)).help(help))
}

/// Opens the store of a target.
fn open(target: DeployTarget, user_agent: &str, allow_private: bool) -> Result<Open, Diagnostic> {
    let scheme = target.to.scheme;
    let in_settings = |text: String| Diagnostic::error(text).at(Place::file(crate::config::FILE));
    if target.compress.is_some() && (scheme == StoreScheme::Az || !kind::has_headers(scheme)) {
        let message = tr!("files cannot be stored in an encoding by `{}`", scheme.name());
        return Err(in_settings(message).help(tr!("remove `compress` from this target")));
    }
    let access = Access::find(&target, &|name| std::env::var(name).ok())?;
    // The user has typed an address of the command line, and may not have read the settings.
    let allow_private = allow_private || target.name.is_none();
    // `ssh` opens the connection by itself.
    if scheme == StoreScheme::Sftp && !allow_private && is_private_host(&target.to.name) {
        let message = tr!("{}: the host is in a private network", target.to);
        return Err(
            in_settings(message).help(tr!("allow it with `--allow-private`, if you know this digest"))
        );
    }
    let transport = Transport::new(user_agent, allow_private);
    let client = Client::new(&target, &access, transport.clone())?;
    Ok(Open { target, access, transport, client })
}

impl Open {
    /// Masks the secrets of the target.
    fn name_in(&self, problem: Diagnostic) -> Diagnostic {
        self.access.secrets.mask_all(problem)
    }
}

/// Checks that the store can have the keys of all files.
fn check_keys(files: &[File], target: &DeployTarget) -> Result<(), Vec<Diagnostic>> {
    let prefix = &target.to.prefix;
    let mut problems = Vec::new();
    for file in files {
        let key = format!("{prefix}{}", file.path);
        let why = if key.len() > MAX_KEY_BYTES && !target.to.scheme.has_host() {
            tr!(
                "its key in {} would have {} bytes, and {MAX_KEY_BYTES} are allowed",
                target.to,
                key.len(),
                MAX_KEY_BYTES
            )
        } else if key.trim() != key || key.contains("//") {
            tr!("its key would have a blank at an end, or an empty part")
        } else {
            continue;
        };
        let help = tr!("shorten the slug or the name of the file, or the folder behind the bucket");
        problems.push(Diagnostic::error(why).at(Place::file(&file.path)).help(help));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Refuses to replace objects of others.
fn refuse_foreign(plan: &Plan, target: &DeployTarget) -> Result<(), Diagnostic> {
    let Some(first) = plan.foreign.first() else { return Ok(()) };
    let to = &target.to;
    let message = match plan.foreign.len() {
        1 => tr!("{to} has a file at {first} that newsprint did not write", to, first),
        all => {
            let named: Vec<&str> = plan.foreign.iter().take(MAX_NAMED).map(String::as_str).collect();
            let more = if all > MAX_NAMED { " …" } else { "" };
            tr!(
                "{to} has {all} files that newsprint did not write: {}{more}",
                named.join(", "),
                to,
                all,
                more
            )
        }
    };
    Err(Diagnostic::error(message)
        .help(tr!("deploy to another folder, or replace what the site needs with `--replace`")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::Fingerprint;

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

    #[test]
    fn keys_that_are_too_long_are_all_reported() {
        let file =
            |path: &str| File { path: path.into(), hash: Fingerprint(0), md5: [0; 16], size: 0, tag: 0 };
        let target = |to: &str| DeployTarget::new(None, StoreAddress::parse(to).unwrap());
        let long = "a/".repeat(500) + "index.html";
        let files = [file(&long), file("ok"), file("\u{3000}x"), file("x ")];
        assert_eq!(check_keys(&files, &target("s3://b")).map_err(|found| found.len()), Err(2));
        let prefixed = target(&format!("s3://b/{}", "p".repeat(100)));
        assert_eq!(check_keys(&files, &prefixed).map_err(|found| found.len()), Err(2));
        assert_eq!(check_keys(&files, &target("davs://h/")).map_err(|found| found.len()), Err(2));
    }

    #[test]
    fn targets_are_found_by_name_or_address() {
        let cdn = DeployTarget::new(Some("cdn".into()), StoreAddress::parse("s3://b").unwrap());
        let targets = [cdn.clone()];
        assert_eq!(find("cdn", &targets), Ok(cdn));
        assert!(find("s3://c", &targets).is_ok_and(|target| target.name.is_none()));
        let missing = find("cdm", &targets).unwrap_err();
        assert_eq!(missing.help.as_deref(), Some("did you mean `--to cdn`?"));
        assert!(find("oss://c", &[]).is_err());
    }
}
