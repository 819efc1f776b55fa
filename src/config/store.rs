//! The address of an object store, as in `s3://BUCKET/PREFIX`, and what belongs to it.

use std::fmt;

use percent_encoding::percent_decode_str;
use url::Url;

use crate::diagnostic::nearest;

/// The protocols and vendors of stores, by the scheme of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreScheme {
    /// Amazon S3, and servers that speak its protocol.
    S3,
    /// Cloudflare R2.
    R2,
    /// Alibaba Cloud OSS.
    Oss,
    /// Tencent Cloud COS.
    Cos,
    /// Huawei Cloud OBS.
    Obs,
    /// A MinIO server.
    Minio,
    /// Google Cloud Storage.
    Gs,
    /// Azure Blob Storage.
    Az,
    /// WebDAV over HTTP.
    Dav,
    /// WebDAV over HTTPS.
    Davs,
    /// SFTP, by the program `ssh`.
    Sftp,
}

/// The schemes by name.
const SCHEMES: [(&str, StoreScheme); 11] = [
    ("s3", StoreScheme::S3),
    ("r2", StoreScheme::R2),
    ("oss", StoreScheme::Oss),
    ("cos", StoreScheme::Cos),
    ("obs", StoreScheme::Obs),
    ("minio", StoreScheme::Minio),
    ("gs", StoreScheme::Gs),
    ("az", StoreScheme::Az),
    ("dav", StoreScheme::Dav),
    ("davs", StoreScheme::Davs),
    ("sftp", StoreScheme::Sftp),
];

impl StoreScheme {
    /// The name in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        SCHEMES.iter().find(|(_, scheme)| *scheme == self).map_or("s3", |(name, _)| name)
    }

    /// True for S3 and its kin.
    #[must_use]
    pub fn speaks_s3(self) -> bool {
        matches!(self, Self::S3 | Self::R2 | Self::Oss | Self::Cos | Self::Obs | Self::Minio)
    }

    /// True if the address names a host.
    #[must_use]
    pub fn has_host(self) -> bool {
        matches!(self, Self::Dav | Self::Davs | Self::Sftp)
    }
}

/// The place of a site in a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreAddress {
    /// The protocol or vendor.
    pub scheme: StoreScheme,
    /// The bucket, the container or the host.
    pub name: String,
    /// The port of a host.
    pub port: Option<u16>,
    /// The user of SFTP and WebDAV.
    pub user: Option<String>,
    /// What all keys begin with: empty, or with a slash at its end.
    pub prefix: String,
    /// The region of the vendor.
    pub region: Option<String>,
    /// The address of the service, as in `https://s3.example.net`.
    pub endpoint: Option<String>,
    /// The account of Azure and R2.
    pub account: Option<String>,
}

/// A message and its help.
pub(crate) type Problem = (String, String);

fn problem<T>(message: impl Into<String>, help: impl Into<String>) -> Result<T, Problem> {
    Err((message.into(), help.into()))
}

impl StoreAddress {
    /// Parses an address. A query may have `endpoint`, `region` and `account`.
    ///
    /// # Errors
    /// It is not the address of a store. Neither text contains a password.
    pub(crate) fn parse(written: &str) -> Result<Self, Problem> {
        let example =
            || tr!("write it as `s3://BUCKET/FOLDER`, `gs://…`, `az://…`, `davs://HOST/PATH` or `sftp://…`");
        let Some((scheme, _)) = written.split_once("://") else {
            return problem(tr!("this is not the address of a store"), example());
        };
        let Some((_, scheme)) = SCHEMES.iter().find(|(name, _)| *name == scheme) else {
            let help = match (scheme, nearest(scheme, SCHEMES.iter().map(|(name, _)| *name))) {
                ("https" | "http" | "webdav" | "webdavs", _) => {
                    tr!("WebDAV is written as `davs://HOST/PATH`, S3 as `s3://BUCKET` with `endpoint`")
                }
                (_, Some(near)) => tr!("did you mean `{near}://`?", near),
                _ => example(),
            };
            return problem(tr!("`{scheme}` is not the scheme of a store", scheme), help);
        };
        let Ok(url) = Url::parse(written) else {
            return problem(tr!("this address is not a valid URL"), example());
        };
        if url.fragment().is_some() {
            let message = tr!("the address has `#`, which begins a part that no store gets");
            return problem(message, tr!("write `%23` for a `#` in the name of a folder, or remove it"));
        }
        if url.password().is_some() {
            let help =
                tr!("remove it here and from your history; passwords are read from the environment only");
            return problem(tr!("the address contains a password"), help);
        }
        let decode =
            |text: &str| percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned);
        let (Some(name), Some(path)) = (url.host_str().and_then(decode), decode(url.path())) else {
            return problem(tr!("the address has no bucket or host, or it is not UTF-8"), example());
        };
        let user = (!url.username().is_empty()).then(|| decode(url.username())).flatten();
        let mut address = Self {
            scheme: *scheme,
            name,
            port: url.port(),
            user,
            prefix: prefix(&path)?,
            region: None,
            endpoint: None,
            account: None,
        };
        for (key, value) in url.query_pairs() {
            match key.as_ref() {
                "region" => address.region = Some(value.into_owned()),
                "endpoint" => address.endpoint = Some(value.into_owned()),
                "account" => address.account = Some(value.into_owned()),
                _ => {
                    let help = tr!("the query may have endpoint, region and account");
                    return problem(tr!("`{key}` is not known in the address of a store", key), help);
                }
            }
        }
        address.check_parts()?;
        Ok(address)
    }

    /// Checks the characters of all parts: they become parts of host names and of URLs.
    pub(super) fn check_parts(&self) -> Result<(), Problem> {
        let is_word = |text: &str, more: &str| {
            !text.is_empty()
                && text.len() <= 253
                && !text.starts_with(['-', '.'])
                && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
        };
        let scheme = self.scheme;
        if scheme.has_host() {
            let is_numbers = self.name.starts_with('[') && self.name.ends_with(']');
            if !is_numbers && !is_word(&self.name, "-.") {
                return problem(tr!("`{}` is not the name of a host", self.name), tr!("write it in ASCII"));
            }
        } else if !(is_word(&self.name, "-._") || is_reserved_container(scheme, &self.name))
            || self.port.is_some()
            || self.user.is_some()
        {
            let help = tr!("write its name alone; the host of another service belongs into `endpoint`");
            return problem(tr!("`{}` is not the name of a bucket", self.name), help);
        }
        if self.user.as_deref().is_some_and(|user| !is_word(user, "-._@+")) {
            return problem(
                tr!("the user in the address is not a plain name"),
                tr!("write it as `sftp://USER@HOST/PATH`"),
            );
        }
        for (what, value) in [("region", &self.region), ("account", &self.account)] {
            if value.as_deref().is_some_and(|value| !is_word(value, "-")) {
                return problem(
                    tr!("`{what}` has characters other than letters, digits and `-`", what),
                    tr!("write it as the vendor shows it, as in `cn-hangzhou`"),
                );
            }
        }
        match self.endpoint.as_deref() {
            Some(endpoint) => check_endpoint(endpoint),
            None => Ok(()),
        }
    }

    /// Checks that the service can be found.
    ///
    /// # Errors
    /// A region, an account or an endpoint is missing, or one is given that the scheme does not
    /// use.
    pub(crate) fn check_complete(&self) -> Result<(), Problem> {
        let scheme = self.scheme.name();
        let (has_endpoint, has_region) = (self.endpoint.is_some(), self.region.is_some());
        let missing = |what: String, example: &str| {
            let option = example.replace(": ", "=");
            problem(
                tr!("`{scheme}` needs {what}", scheme, what),
                tr!("write {example} in newsprint.yaml, or `?{option}` behind the address", example, option),
            )
        };
        match self.scheme {
            StoreScheme::R2 if self.account.is_none() && !has_endpoint => {
                missing(tr!("the ID of the account"), "account: 0123456789abcdef")
            }
            StoreScheme::Az if self.account.is_none() => {
                missing(tr!("the name of the account"), "account: myaccount")
            }
            StoreScheme::Oss if !has_region => missing(tr!("a region"), "region: cn-hangzhou"),
            StoreScheme::Cos if !has_region => missing(tr!("a region"), "region: ap-guangzhou"),
            StoreScheme::Obs if !has_region => missing(tr!("a region"), "region: cn-north-4"),
            StoreScheme::Minio if !has_endpoint => {
                missing(tr!("an endpoint"), "endpoint: https://minio.example.net")
            }
            StoreScheme::Dav | StoreScheme::Davs | StoreScheme::Sftp if has_endpoint => {
                problem(tr!("`{scheme}` has no endpoint", scheme), tr!("write the host into the address"))
            }
            _ => Ok(()),
        }
    }

    /// True if requests go to a host of the vendor, over TLS.
    ///
    /// Sources (2026-11): "Storage account endpoints" of Azure, "Compare Azure Government and global
    /// Azure", "Azure China developer guide"; "Request endpoints" of Google Cloud Storage.
    #[cfg(feature = "stores")]
    pub(crate) fn is_at_vendor(&self) -> bool {
        let hosts: &[&str] = match self.scheme {
            StoreScheme::Az => &[
                ".core.windows.net",
                ".storage.azure.net",
                ".core.chinacloudapi.cn",
                ".core.usgovcloudapi.net",
            ],
            StoreScheme::Gs => &[".googleapis.com"],
            _ => &[],
        };
        let Some(endpoint) = &self.endpoint else { return true };
        Url::parse(endpoint).is_ok_and(|url| {
            let name = url.domain().unwrap_or_default().to_ascii_lowercase();
            url.scheme() == "https" && hosts.iter().any(|host| name.ends_with(host))
        })
    }

    /// The URL of the service for S3 and its kin, and whether the bucket is a part of its host
    /// name. `None`: that of Amazon, by the region.
    ///
    /// Sources (2026-11): "S3 API compatibility" of Cloudflare R2; "Accessing OSS with the AWS
    /// SDK", which allows no buckets in paths; "Using an AWS S3 SDK to access COS"; "Endpoints and
    /// access domain names" of OBS; opendal 0.59, "Compatible Services".
    #[must_use]
    pub fn s3_endpoint(&self) -> (Option<String>, bool) {
        let region = self.region.as_deref().unwrap_or_default();
        let account = self.account.as_deref().unwrap_or_default();
        let by_vendor = match self.scheme {
            StoreScheme::R2 => Some(format!("https://{account}.r2.cloudflarestorage.com")),
            StoreScheme::Oss => Some(format!("https://s3.oss-{region}.aliyuncs.com")),
            StoreScheme::Cos => Some(format!("https://cos.{region}.myqcloud.com")),
            StoreScheme::Obs => Some(format!("https://obs.{region}.myhuaweicloud.com")),
            _ => None,
        };
        let endpoint = self.endpoint.clone().or(by_vendor);
        let of_vendor = match self.scheme {
            StoreScheme::Oss | StoreScheme::Cos | StoreScheme::Obs => true,
            // A dot in a bucket's name does not match the certificate of the host.
            StoreScheme::S3 => endpoint.is_none() && !self.name.contains('.'),
            _ => false,
        };
        // An address in numbers has no names below it.
        let host = endpoint.as_deref().and_then(|endpoint| Url::parse(endpoint).ok());
        let is_name = host.as_ref().is_none_or(|url| url.domain().is_some_and(|name| name != "localhost"));
        (endpoint, of_vendor && is_name)
    }
}

/// Without user, password, query and secrets.
impl fmt::Display for StoreAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.name(), self.name)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        write!(f, "/{}", self.prefix.trim_end_matches('/'))
    }
}

/// True for the container of a static website of Azure ("Static website hosting in Azure Storage",
/// 2026-11).
fn is_reserved_container(scheme: StoreScheme, name: &str) -> bool {
    scheme == StoreScheme::Az && matches!(name, "$web" | "$root")
}

/// What keys begin with, of the path of an address.
fn prefix(path: &str) -> Result<String, Problem> {
    let inside = path.trim_matches('/');
    if inside.is_empty() {
        return Ok(String::new());
    }
    let is_plain = inside.split('/').all(|part| !matches!(part, "" | "." | ".."))
        && !inside.chars().any(char::is_control)
        && inside.trim() == inside
        && inside.len() <= 500;
    match is_plain {
        true => Ok(format!("{inside}/")),
        false => problem(
            tr!(
                "the folder in the address has an empty part, `..`, a blank at its ends, or more than 500 bytes"
            ),
            tr!("write plain names, as in `s3://my-bucket/site`"),
        ),
    }
}

fn check_endpoint(endpoint: &str) -> Result<(), Problem> {
    let is_plain = Url::parse(endpoint).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    });
    match is_plain {
        true => Ok(()),
        false => problem(
            tr!("`endpoint` is not the URL of a service, or it has a user, a password or a query"),
            tr!("write it as `endpoint: https://s3.example.net`"),
        ),
    }
}

#[cfg(test)]
mod tests;
