//! Says in plain words why a store refused a request.

use crate::diagnostic::Diagnostic;
use crate::http::Failure;
use crate::text::excerpt::one_line;

/// Characters of an answer that an error shows.
const MAX_CHARACTERS: usize = 300;

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
/// `prefix` is what the names of the target's variables begin with.
pub(super) fn explain(error: &opendal::Error, what: &str, store: &str, prefix: &str) -> Diagnostic {
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if let Some(failure) = inner.downcast_ref::<Failure>() {
            return no_answer(failure, what, store);
        }
        source = inner.source();
    }
    let text = error.to_string();
    if let Some(&(_, why, help)) = CODES.iter().find(|(code, ..)| text.contains(code)) {
        let why = tr!(why);
        return Diagnostic::error(tr!("{store}: cannot {what}: {why}", store, what, why)).help(tr!(help));
    }
    let (why, help) = match error.kind() {
        opendal::ErrorKind::PermissionDenied => (
            tr!("the store refuses it (403)"),
            tr!("check that these credentials may list, read, write and delete in this bucket or folder"),
        ),
        opendal::ErrorKind::NotFound => {
            (tr!("there is no such place (404)"), tr!("create the bucket or folder, or correct the address"))
        }
        opendal::ErrorKind::RateLimited => {
            (tr!("the store has too many requests (429)"), tr!("wait some minutes, and deploy again"))
        }
        _ if text.contains("status: 401") => {
            let message = tr!("{store}: cannot {what}: the store wants other credentials (401)", store, what);
            return Diagnostic::error(message).help(tr!(
                "set {prefix}USER and {prefix}PASSWORD, or {prefix}TOKEN, in the environment",
                prefix
            ));
        }
        _ if text.contains("too long for Unix domain socket") => (
            tr!("the path of the socket of `ssh` is too long"),
            tr!("set XDG_STATE_HOME to a folder with a short path, such as /tmp/newsprint"),
        ),
        _ if text.contains("=> ssh error") => {
            let help = tr!("check that `ssh` reaches this host without a question, and knows its key");
            return Diagnostic::error(tr!(
                "{store}: cannot {what}: {}",
                one_line(&cause(error), MAX_CHARACTERS),
                store,
                what
            ))
            .help(help);
        }
        _ => {
            let message =
                tr!("{store}: cannot {what}: {}", one_line(&said(error), MAX_CHARACTERS), store, what);
            let help = tr!("the site is unchanged as far as it was not written; deploy again to finish");
            return Diagnostic::error(message).help(help);
        }
    };
    Diagnostic::error(tr!("{store}: cannot {what}: {why}", store, what, why)).help(help)
}

fn no_answer(failure: &Failure, what: &str, store: &str) -> Diagnostic {
    let help = match failure {
        Failure::Private => {
            tr!("newsprint.yaml names this host, and it may be a stranger's: allow it with `--allow-private`")
        }
        Failure::NoHost => tr!("check the address, the region and the connection"),
        _ => tr!("check the connection and the address, and deploy again: what was sent is not sent again"),
    };
    Diagnostic::error(tr!("{store}: cannot {what}: {failure}", store, what, failure)).help(help)
}

/// The message of the store, without opendal's context: that has headers.
fn said(error: &opendal::Error) -> String {
    let text = error.to_string();
    let status = text
        .find("status: ")
        .map(|at| text[at + 8..].chars().take_while(char::is_ascii_digit).collect::<String>());
    let message = text.rsplit_once("} => ").map_or(text.as_str(), |(_, message)| message);
    // A server may send back what it got.
    let of_header = |line: &str| line.to_ascii_lowercase().starts_with("authorization:");
    let message: String = message.lines().filter(|line| !of_header(line)).collect::<Vec<_>>().join(" ");
    let message = message.trim();
    match status {
        Some(status) if message.is_empty() => tr!("the store answered {status}", status),
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
    use opendal::{Error, ErrorKind};

    use super::*;

    #[test]
    fn codes_of_stores_are_explained() {
        for (error, wanted) in [
            (
                Error::new(ErrorKind::PermissionDenied, "S3Error { code: \"RequestTimeTooSkewed\" }"),
                "s3://b: cannot list: the clock of this computer is wrong",
            ),
            (
                Error::new(ErrorKind::ConfigInvalid, "<Code>NoSuchBucket</Code>"),
                "s3://b: cannot list: the bucket does not exist",
            ),
            (Error::new(ErrorKind::PermissionDenied, ""), "s3://b: cannot list: the store refuses it (403)"),
            (
                Error::new(ErrorKind::Unexpected, "x").set_source(Failure::Refused),
                "s3://b: cannot list: the connection was refused",
            ),
        ] {
            let found = explain(&error, "list", "s3://b", "X_");
            assert_eq!(found.message, wanted);
            assert!(found.help.is_some());
        }
        let long = Error::new(ErrorKind::Unexpected, "开".repeat(1000));
        assert!(explain(&long, "list", "s3://b", "X_").message.chars().count() < 400);
    }
}
