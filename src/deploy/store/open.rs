//! Opens a store by its address: the protocol, the endpoint and the credentials.

use opendal::{Operator, services};

use super::secrets::{Access, Credentials};
use crate::config::{DeployTarget, StoreAddress, StoreScheme};
use crate::diagnostic::Diagnostic;

/// Opens the store of a target, and returns it with what all keys begin with. No request is sent.
///
/// # Errors
/// The settings cannot be used.
pub(super) fn open(target: &DeployTarget, access: &Access) -> Result<(Operator, String), Diagnostic> {
    let Access { credentials, secrets, .. } = access;
    let address = &target.to;
    let mut prefix = address.prefix.clone();
    let built = match address.scheme {
        scheme if scheme.speaks_s3() => s3(address, credentials),
        StoreScheme::Gs => gcs(address, credentials),
        StoreScheme::Az => azure(address, credentials),
        StoreScheme::Sftp => sftp(address, &mut prefix),
        _ => webdav(address, credentials),
    };
    match built {
        Ok(operator) => Ok((operator, prefix)),
        Err(error) => {
            // Before it is cut.
            let error = secrets.mask(&error.to_string());
            let found = Diagnostic::error(tr!("{address} cannot be opened: {error}", address, error))
                .help(tr!("check the settings of this target and its variables in the environment"));
            Err(secrets.mask_all(found))
        }
    }
}

fn s3(address: &StoreAddress, credentials: &Credentials) -> opendal::Result<Operator> {
    let (endpoint, has_bucket_in_host) = address.s3_endpoint();
    let region = match (&address.region, address.scheme) {
        (Some(region), _) => region.as_str(),
        // "S3 API compatibility" of Cloudflare R2.
        (None, StoreScheme::R2) => "auto",
        // Other servers ignore it.
        (None, _) => "us-east-1",
    };
    let mut builder = services::S3::default()
        .bucket(&address.name)
        .region(region)
        // The server refuses a body that was damaged on its way.
        .checksum_algorithm("md5")
        .disable_config_load()
        .disable_ec2_metadata();
    if let Some(endpoint) = &endpoint {
        builder = builder.endpoint(endpoint);
    }
    if has_bucket_in_host {
        builder = builder.enable_virtual_host_style();
    }
    if let Credentials::Keys(id, secret, token) = credentials {
        builder = builder.access_key_id(id).secret_access_key(secret);
        if let Some(token) = token {
            builder = builder.session_token(token);
        }
    }
    Operator::new(builder)
}

fn gcs(address: &StoreAddress, credentials: &Credentials) -> opendal::Result<Operator> {
    let mut builder =
        services::Gcs::default().bucket(&address.name).disable_config_load().disable_vm_metadata();
    if let Some(endpoint) = &address.endpoint {
        builder = builder.endpoint(endpoint);
    }
    match credentials {
        Credentials::Token(token) => builder = builder.token(token.clone()),
        Credentials::KeyFile(path) => builder = builder.credential_path(path),
        _ => {}
    }
    Operator::new(builder)
}

fn azure(address: &StoreAddress, credentials: &Credentials) -> opendal::Result<Operator> {
    let account = address.account.as_deref().unwrap_or_default();
    // "Storage account endpoints" of Azure Storage (2026-11).
    let of_account = || format!("https://{account}.blob.core.windows.net");
    let endpoint = address.endpoint.clone().unwrap_or_else(of_account);
    let builder =
        services::Azblob::default().container(&address.name).endpoint(&endpoint).account_name(account);
    // With one of these, opendal asks no other source of credentials.
    Operator::new(match credentials {
        Credentials::AccountKey(key) => builder.account_key(key),
        Credentials::Signature(text) => builder.sas_token(text),
        _ => builder,
    })
}

fn webdav(address: &StoreAddress, credentials: &Credentials) -> opendal::Result<Operator> {
    let scheme = if address.scheme == StoreScheme::Davs { "https" } else { "http" };
    let port = address.port.map(|port| format!(":{port}")).unwrap_or_default();
    let builder = services::Webdav::default().endpoint(&format!("{scheme}://{}{port}", address.name));
    Operator::new(match credentials {
        Credentials::Password(user, password) => builder.username(user).password(password),
        Credentials::Token(token) => builder.token(token),
        _ => builder,
    })
}

#[cfg(unix)]
fn sftp(address: &StoreAddress, prefix: &mut String) -> opendal::Result<Operator> {
    let port = address.port.map(|port| format!(":{port}")).unwrap_or_default();
    let mut builder = services::Sftp::default().endpoint(&format!("ssh://{}{port}", address.name));
    if let Some(user) = &address.user {
        builder = builder.user(user);
    }
    // A path is absolute unless it begins with the home folder, where sessions begin.
    match prefix.strip_prefix("~/") {
        Some(rest) => *prefix = rest.to_owned(),
        None => builder = builder.root("/"),
    }
    Operator::new(builder)
}

#[cfg(not(unix))]
fn sftp(_: &StoreAddress, _: &mut String) -> opendal::Result<Operator> {
    Err(opendal::Error::new(opendal::ErrorKind::Unsupported, tr!("SFTP is not available on this system")))
}
