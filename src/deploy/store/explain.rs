//! Says in plain words why a store refused a request.

use opendal::ErrorKind;

use super::mask::Secrets;
use crate::config::{StoreAddress, StoreScheme};
use crate::diagnostic::Diagnostic;
use crate::http::Failure;
use crate::text::excerpt::one_line;

/// Characters of an answer that an error shows.
const MAX_CHARACTERS: usize = 300;

/// Characters of an answer in which secrets are looked for.
const MAX_READ_CHARACTERS: usize = 10_000;

/// Codes of errors, and what they mean. Sources (2026-11): "Error responses" of Amazon S3, "Blob
/// Storage error codes" of Azure, "HTTP status and error codes for JSON" of Google Cloud Storage.
const CODES: [(&str, &str, &str); 16] = [
    (
        "RequestTimeTooSkewed",
        marked!("the clock of this computer is wrong"),
        marked!("set the clock: the store accepts differences of a few minutes"),
    ),
    (
        "RequestExpired",
        marked!("the clock of this computer is wrong"),
        marked!("set the clock, and deploy again"),
    ),
    (
        "SignatureDoesNotMatch",
        marked!("the store does not accept the secret key"),
        marked!("check the secret in the environment, and that region and endpoint are those of the bucket"),
    ),
    (
        "InvalidAccessKeyId",
        marked!("the store does not know the access key"),
        marked!("check the ID of the key in the environment"),
    ),
    (
        "ExpiredToken",
        marked!("the token of the session has expired"),
        marked!("get new credentials, and deploy again"),
    ),
    (
        "InvalidToken",
        marked!("the store does not accept the token of the session"),
        marked!("get new credentials"),
    ),
    (
        "AuthenticationFailed",
        marked!("the store does not accept the key of the account"),
        marked!("check the key in the environment, the name of the account and the clock of this computer"),
    ),
    (
        "AuthorizationHeaderMalformed",
        marked!("the bucket is in another region"),
        marked!("write the region of the bucket, as in `region: eu-west-1`"),
    ),
    (
        "PermanentRedirect",
        marked!("the bucket is in another region"),
        marked!("write the region of the bucket"),
    ),
    (
        "NoSuchBucket",
        marked!("the bucket does not exist"),
        marked!("create it, or correct the name behind `://`"),
    ),
    (
        "ContainerNotFound",
        marked!("the container does not exist"),
        marked!("create it, or correct the name behind `az://`"),
    ),
    (
        "SecondLevelDomainForbidden",
        marked!("the service wants the bucket in the name of the host"),
        marked!("leave out `endpoint`, so that the address of the vendor is used"),
    ),
    (
        "PublicEndpointForbidden",
        marked!("OSS does not let new users write through its public address in mainland China"),
        marked!(
            "use a bucket in another region such as cn-hongkong, or deploy from a server of Alibaba Cloud with `endpoint: https://s3.oss-REGION-internal.aliyuncs.com`"
        ),
    ),
    (
        "PathStyleDomainForbidden",
        marked!("the service wants the bucket in the name of the host"),
        marked!("write the store as `cos://BUCKET-APPID`, without `endpoint`"),
    ),
    ("QuotaExceeded", marked!("the store is full"), marked!("make room, and deploy again")),
    ("InsufficientStorage", marked!("the store is full"), marked!("make room, and deploy again")),
];

/// The error for a request that failed; `what` is an infinitive such as "list the files".
///
/// `prefix` is what the names of the target's variables begin with. The texts of servers and programs
/// are shown without `secrets`.
pub(super) fn explain(
    error: &opendal::Error,
    what: &str,
    store: &StoreAddress,
    prefix: &str,
    secrets: &Secrets,
) -> Diagnostic {
    let (why, help) = reason(error, store.scheme, prefix, secrets);
    secrets.mask_all(Diagnostic::error(tr!("{store}: cannot {what}: {why}", store, what, why)).help(help))
}

/// The reason, and what to do.
fn reason(error: &opendal::Error, scheme: StoreScheme, prefix: &str, secrets: &Secrets) -> (String, String) {
    let excerpt = |text: &str| excerpt(text, secrets);
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if let Some(failure) = inner.downcast_ref::<Failure>() {
            return no_answer(failure);
        }
        source = inner.source();
    }
    let text = error.to_string();
    if let Some(&(_, why, help)) = CODES.iter().find(|(code, ..)| text.contains(code)) {
        return (tr!(why), tr!(help));
    }
    if scheme == StoreScheme::Sftp {
        return of_sftp(error, &text, secrets);
    }
    let status = status(&text);
    match (error.kind(), status) {
        (ErrorKind::PermissionDenied, _) => (
            tr!("the store refuses it (403)"),
            tr!("check that these credentials may list, read, write and delete in this bucket or folder"),
        ),
        (ErrorKind::NotFound, _) => {
            (tr!("there is no such place (404)"), tr!("create the bucket or folder, or correct the address"))
        }
        (ErrorKind::RateLimited, _) => {
            (tr!("the store has too many requests (429)"), tr!("wait some minutes, and deploy again"))
        }
        (_, Some(401)) => (
            tr!("the store wants other credentials (401)"),
            tr!("set {prefix}USER and {prefix}PASSWORD, or {prefix}TOKEN, in the environment", prefix),
        ),
        (_, Some(405)) if scheme.has_host() => (
            tr!("the server does not offer WebDAV at this address (405)"),
            tr!("correct the path of the address, or turn WebDAV on for it"),
        ),
        (_, Some(409)) if scheme.has_host() => (
            tr!("the folder above does not exist, or is a file (409)"),
            tr!("create the folder that the address names, or correct the address"),
        ),
        (_, Some(300..=499)) => (
            excerpt(&said(&text, status)),
            tr!("check the address, the settings of the target and its variables in the environment"),
        ),
        _ => (
            excerpt(&said(&text, status)),
            tr!("the site is unchanged as far as it was not written; deploy again to finish"),
        ),
    }
}

/// The reason of a failure of SFTP, and what to do.
fn of_sftp(error: &opendal::Error, text: &str, secrets: &Secrets) -> (String, String) {
    match error.kind() {
        ErrorKind::PermissionDenied => (
            tr!("the server refuses it: permission denied"),
            tr!("check that this user may read and write in the folder"),
        ),
        ErrorKind::NotFound => (
            tr!("there is no such file or folder"),
            tr!("correct the path of the address, or create the folder"),
        ),
        _ if text.contains("too long for Unix domain socket") => (
            tr!("the path of the socket of `ssh` is too long"),
            tr!("set XDG_STATE_HOME to a folder with a short path, such as /tmp/newsprint"),
        ),
        _ if text.contains("=> ssh error") => (
            excerpt(&cause(error), secrets),
            tr!("check that `ssh` reaches this host without a question, and knows its key"),
        ),
        _ => (
            excerpt(&cause(error), secrets),
            tr!("the site is unchanged as far as it was not written; deploy again to finish"),
        ),
    }
}

fn no_answer(failure: &Failure) -> (String, String) {
    let help = match failure {
        Failure::Private => {
            tr!("newsprint.yaml names this host, and it may be a stranger's: allow it with `--allow-private`")
        }
        Failure::NoTls => {
            tr!("write `http://` in `endpoint`, or `dav://` for WebDAV; such a connection is not encrypted")
        }
        Failure::NoHost => tr!("check the address, the region and the connection"),
        Failure::TooLarge(_) => tr!("check that the address is that of a store"),
        Failure::Other(text) if text.contains("certificate") => {
            tr!("check the address, the certificate of the server and the clock of this computer")
        }
        _ => tr!("check the connection and the address, and deploy again: what was sent is not sent again"),
    };
    (failure.to_string(), help)
}

/// The status of the answer in an error.
fn status(text: &str) -> Option<u16> {
    let at = text.find("status: ")?;
    let digits: String = text[at + 8..].chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// The beginning of a foreign text. Secrets are hidden in the whole text, since an excerpt may end
/// within one.
fn excerpt(text: &str, secrets: &Secrets) -> String {
    let start = one_line(text, MAX_READ_CHARACTERS);
    let masked = secrets.mask(&start);
    // Otherwise the end may be that of the start, within a secret.
    let is_safe = start.chars().count() <= MAX_READ_CHARACTERS || masked.chars().count() > MAX_CHARACTERS * 2;
    if is_safe { one_line(&masked, MAX_CHARACTERS) } else { "…".to_owned() }
}

/// The message of the store, without opendal's context, which has headers, and without pages of
/// HTML.
fn said(text: &str, status: Option<u16>) -> String {
    let message = text.rsplit_once("} => ").map_or(text, |(_, message)| message);
    // A server may send back what it got.
    let of_header = |line: &str| line.to_ascii_lowercase().starts_with("authorization:");
    let message: String = message.lines().filter(|line| !of_header(line)).collect::<Vec<_>>().join(" ");
    let message = message.trim();
    let start = message.get(..200).unwrap_or(message).to_ascii_lowercase();
    let is_page = start.starts_with('<') && (start.contains("<html") || start.contains("<!doctype html"));
    match status {
        Some(status) if message.is_empty() || is_page => tr!("the store answered {status}", status),
        Some(status) => tr!("the store answered {status}: {message}", status, message),
        None => message.to_owned(),
    }
}

/// The innermost cause.
fn cause(error: &opendal::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

#[cfg(test)]
mod tests {
    use opendal::Error;

    use super::*;

    fn explained(error: &Error, store: &str, secrets: &Secrets) -> Diagnostic {
        explain(error, "list", &StoreAddress::parse(store).unwrap(), "X_", secrets)
    }

    #[test]
    fn codes_of_stores_are_explained() {
        for (error, wanted) in [
            (
                Error::new(ErrorKind::PermissionDenied, "S3Error { code: \"RequestTimeTooSkewed\" }"),
                "s3://b/: cannot list: the clock of this computer is wrong",
            ),
            (
                Error::new(ErrorKind::ConfigInvalid, "<Code>NoSuchBucket</Code>"),
                "s3://b/: cannot list: the bucket does not exist",
            ),
            (Error::new(ErrorKind::PermissionDenied, ""), "s3://b/: cannot list: the store refuses it (403)"),
            (
                Error::new(ErrorKind::Unexpected, "x").set_source(Failure::Refused),
                "s3://b/: cannot list: the connection was refused",
            ),
        ] {
            let found = explained(&error, "s3://b", &Secrets::default());
            assert_eq!(found.message, wanted);
            assert!(found.help.is_some());
        }
        let mut secrets = Secrets::default();
        secrets.add("geheim-4f1c9a+/=");
        for before in 0..MAX_CHARACTERS {
            let said = format!("{}geheim-4f1c9a+/=", "x".repeat(before));
            let shown = explained(&Error::new(ErrorKind::Unexpected, said), "s3://b", &secrets);
            assert!(!shown.message.contains("xg"), "a part of a secret at the end: {}", shown.message);
        }
        let long = Error::new(ErrorKind::Unexpected, "开".repeat(1000));
        assert!(explained(&long, "s3://b", &Secrets::default()).message.chars().count() < 400);
    }

    #[test]
    fn each_kind_of_store_has_its_own_words() {
        let none = Secrets::default();
        let answer = |status: u16, body: &str| {
            let text = format!("x, context: {{ response: Parts {{ status: {status}, h: {{}} }} }} => {body}");
            Error::new(ErrorKind::Unexpected, text)
        };
        let page = "<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>\n<html><head><title>x";
        for (error, store, wanted) in [
            (Error::new(ErrorKind::PermissionDenied, "sftp error"), "sftp://h/x", "permission denied"),
            (Error::new(ErrorKind::NotFound, "sftp error"), "sftp://h/x", "no such file or folder"),
            (answer(405, page), "davs://h/x", "does not offer WebDAV at this address (405)"),
            (answer(409, page), "davs://h/x", "the folder above does not exist, or is a file (409)"),
            (answer(418, page), "davs://h/x", "the store answered 418"),
            (answer(418, "no tea"), "davs://h/x", "the store answered 418: no tea"),
            (Error::new(ErrorKind::Unexpected, "x").set_source(Failure::NoTls), "davs://h/x", "without TLS"),
        ] {
            let found = explained(&error, store, &none);
            assert!(found.message.ends_with(wanted), "{}", found.message);
            let help = found.help.unwrap();
            assert!(!help.contains("deploy again"), "no deployment would help: {help}");
            assert!(!(store.starts_with("sftp") && help.contains("bucket")), "{help}");
        }
        assert!(explained(&answer(503, ""), "s3://b", &none).help.unwrap().contains("deploy again"));
    }
}
