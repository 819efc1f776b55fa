//! Finds the targets of a deployment, and opens their stores.

use std::sync::Arc;

use super::client::Client;
use super::kind;
use super::options::Options;
use super::plan::File;
use super::secrets::Access;
use crate::config::{BaseUrl, DeployTarget, StoreAddress, StoreScheme};
use crate::deploy::published_base_url;
use crate::diagnostic::{Diagnostic, Place, nearest};
use crate::http::{Transport, is_private_host};
use crate::load;

/// Bytes of a key in S3, Google Cloud Storage and Azure: "Creating object key names", "Object
/// naming guidelines" (2026-11); Azure counts characters, and allows as many.
const MAX_KEY_BYTES: usize = 1024;

/// A target with its store.
pub(super) struct Open {
    pub(super) target: DeployTarget,
    pub(super) access: Access,
    pub(super) transport: Transport,
    pub(super) client: Client,
}

/// Finds all targets and opens their stores. Everything that the command line, the settings and the
/// environment have wrong is reported at once.
pub(super) fn open_all(options: &Options<'_>) -> Result<(BaseUrl, Vec<Open>), Vec<Diagnostic>> {
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
        let opened = find(written, &config.deploy).and_then(|target| {
            let opened = open(target.clone(), &config.user_agent(), options);
            opened.map_err(|problem| of_target(&target, problem))
        });
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
        (None, false) => tr!("the targets are {}", names().collect::<Vec<_>>().join(&tr!("list" => ", "))),
    };
    Err(Diagnostic::error(tr!("there is no target `{written}`", written)).help(help))
}

/// Opens the store of a target.
fn open(target: DeployTarget, user_agent: &str, options: &Options<'_>) -> Result<Open, Diagnostic> {
    let scheme = target.to.scheme;
    let in_settings = |text: String| Diagnostic::error(text).at(Place::file(crate::config::FILE));
    if target.compress.is_some() && (scheme == StoreScheme::Az || !kind::has_headers(scheme)) {
        let message = tr!("files cannot be stored in an encoding by `{}`", scheme.name());
        return Err(in_settings(message).help(tr!("remove `compress` from this target")));
    }
    let access = Access::find(&target, &|name| std::env::var(name).ok())?;
    // The user has typed an address of the command line, and may not have read the settings.
    let allow_private = options.allow_private || target.name.is_none();
    // `ssh` opens the connection by itself.
    if scheme == StoreScheme::Sftp && !allow_private && is_private_host(&target.to.name) {
        let message = tr!("{}: the host is in a private network", target.to);
        return Err(
            in_settings(message).help(tr!("allow it with `--allow-private`, if you know this digest"))
        );
    }
    let transport = Transport::new(user_agent, allow_private, Some(Arc::clone(&options.note)));
    let client = Client::new(&target, &access, transport.clone())?;
    Ok(Open { target, access, transport, client })
}

impl Open {
    /// Names the target in an error, and masks its secrets.
    pub(super) fn name_in(&self, problem: Diagnostic) -> Diagnostic {
        self.access.secrets.mask_all(of_target(&self.target, problem))
    }
}

/// Names the target in an error that does not.
fn of_target(target: &DeployTarget, mut problem: Diagnostic) -> Diagnostic {
    let to = target.to.to_string();
    let name = target.name.as_ref().unwrap_or(&to);
    if !problem.message.contains(&to) && !problem.message.contains(&format!("`{name}`")) {
        problem.message = tr!("{name}: {problem}", name, problem = problem.message);
    }
    problem
}

/// Checks that the store can have the keys of all files.
pub(super) fn check_keys(files: &[File], target: &DeployTarget) -> Result<(), Vec<Diagnostic>> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::Fingerprint;

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
