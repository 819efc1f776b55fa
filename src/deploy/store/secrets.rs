//! Keys and passwords of stores, which are read from the environment alone.

use std::io::Read as _;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::mask::Secrets;
use crate::config::{self, DeployTarget, StoreScheme};
use crate::diagnostic::Diagnostic;

/// What the target of an address on the command line is called in the names of variables.
const UNNAMED: &str = "DEPLOY";

/// What the names of the target's own variables end with that hold a secret.
const SECRET_PARTS: [&str; 5] = ["SECRET_ACCESS_KEY", "ACCOUNT_KEY", "TOKEN", "PASSWORD", "PURGE_TOKEN"];

/// Bytes of a key file that are read. Those of Google have some 2,000.
const MAX_KEY_FILE_BYTES: u64 = 1 << 20;

/// The usual variables of the vendors that hold a secret.
const USUAL_SECRETS: [&str; 4] =
    ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AZURE_STORAGE_KEY", "AZURE_STORAGE_SAS_TOKEN"];

/// How a store knows who asks.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Credentials {
    /// The store lets everyone in, or another program knows.
    None,
    /// S3 and its kin: ID, secret, and the token of a session.
    Keys(String, String, Option<String>),
    /// The key of an account of Azure.
    AccountKey(String),
    /// A shared access signature of Azure.
    Signature(String),
    /// A bearer token.
    Token(String),
    /// The path of a key file of Google.
    KeyFile(String),
    /// A user and a password.
    Password(String, String),
}

/// What the environment says about a target.
pub(super) struct Access {
    pub(super) credentials: Credentials,
    /// The bearer token of `purge`.
    pub(super) purge_token: Option<String>,
    pub(super) secrets: Secrets,
    /// What the names of the target's own variables begin with.
    pub(super) prefix: String,
}

impl Access {
    /// Reads the variables of a target by `variable`, which gives the value of a name.
    ///
    /// # Errors
    /// The store needs credentials, and there are none, or only a part of them.
    pub(super) fn find(
        target: &DeployTarget,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, Diagnostic> {
        let name = config::variable(target.name.as_deref().unwrap_or(UNNAMED));
        let variables = Variables { prefix: format!("NEWSPRINT_{name}_"), get: variable };
        let credentials = variables.credentials(target)?;
        let purge_token = variables.own("PURGE_TOKEN");
        let secrets = variables.secrets(&credentials);
        Ok(Self { credentials, purge_token, secrets, prefix: variables.prefix })
    }
}

struct Variables<'a> {
    prefix: String,
    get: &'a dyn Fn(&str) -> Option<String>,
}

impl Variables<'_> {
    /// A variable of the target. An empty one counts as missing.
    fn own(&self, name: &str) -> Option<String> {
        self.usual(&self.name(name))
    }

    /// All secrets that a message must not show, also those that this store does not need: a program
    /// such as `ssh` has them in its environment, and may print them.
    fn secrets(&self, credentials: &Credentials) -> Secrets {
        let mut secrets = Secrets::default();
        let own = SECRET_PARTS.iter().filter_map(|part| self.own(part));
        for text in own.chain(USUAL_SECRETS.iter().filter_map(|name| self.usual(name))) {
            // A shared access signature of Azure has dates and names; only `sig` is secret.
            match text.split('&').find_map(|part| part.trim_start_matches('?').strip_prefix("sig=")) {
                Some(signature) => secrets.add_signature(&text, signature),
                None => secrets.add(&text),
            }
        }
        // As it is in a header.
        if let Credentials::Password(user, password) = credentials {
            secrets.add_pair(user, password);
        }
        secrets
    }

    fn usual(&self, name: &str) -> Option<String> {
        (self.get)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// The error of missing variables: the target's own ones, or the usual ones.
    fn missing(&self, to: &DeployTarget, own: &str, usual: &str) -> Diagnostic {
        Diagnostic::error(tr!("there are no credentials for {}", to.to)).help(tr!(
            "set the environment variables {own}, or {usual}; newsprint reads them from nowhere else",
            own,
            usual
        ))
    }

    /// The name of a variable of the target.
    fn name(&self, part: &str) -> String {
        format!("{}{part}", self.prefix)
    }

    fn credentials(&self, target: &DeployTarget) -> Result<Credentials, Diagnostic> {
        match target.to.scheme {
            scheme if scheme.speaks_s3() => self.keys(target),
            StoreScheme::Az => self.azure(target),
            StoreScheme::Gs => self.google(target),
            StoreScheme::Dav | StoreScheme::Davs => {
                let user = self.own("USER").or_else(|| target.to.user.clone());
                match (self.own("TOKEN"), user) {
                    (Some(token), _) => Ok(Credentials::Token(token)),
                    (None, Some(user)) => {
                        Ok(Credentials::Password(user, self.own("PASSWORD").unwrap_or_default()))
                    }
                    _ => Ok(Credentials::None),
                }
            }
            // `ssh` has its own keys.
            _ => Ok(Credentials::None),
        }
    }

    /// A variable of the vendor whose value is sent to the store as it is, or lets a token be made
    /// that is: only the vendor's own hosts get it, whatever `endpoint` is.
    fn for_vendor(&self, target: &DeployTarget, name: &str) -> Option<String> {
        self.usual(name).filter(|_| target.to.is_at_vendor())
    }

    /// The error of a variable that is set, and not used for this host.
    fn elsewhere(&self, target: &DeployTarget, name: &str) -> Option<Diagnostic> {
        self.usual(name)?;
        let message = tr!("{name} is not sent to `endpoint`, which is no host of the vendor", name);
        let own = self.name("TOKEN");
        Some(Diagnostic::error(format!("{}: {message}", target.to)).help(tr!(
            "set the environment variable {own} if this host may have it, or remove `endpoint`",
            own
        )))
    }

    fn azure(&self, target: &DeployTarget) -> Result<Credentials, Diagnostic> {
        const SIGNATURE: &str = "AZURE_STORAGE_SAS_TOKEN";
        for name in [self.name("ACCOUNT_KEY"), "AZURE_STORAGE_KEY".to_owned()] {
            let Some(key) = self.usual(&name) else { continue };
            if STANDARD.decode(&key).is_err() {
                let message = tr!("{name} is not the key of an account: it is not Base64", name);
                return Err(Diagnostic::error(format!("{}: {message}", target.to))
                    .help(tr!("copy the whole key that the vendor shows; its value is not shown here")));
            }
            // A request is signed with it, and the key stays here.
            return Ok(Credentials::AccountKey(key));
        }
        match self.own("TOKEN").or_else(|| self.for_vendor(target, SIGNATURE)) {
            Some(text) => Ok(Credentials::Signature(text.trim_start_matches('?').to_owned())),
            None => Err(self.elsewhere(target, SIGNATURE).unwrap_or_else(|| {
                let usual = tr!("AZURE_STORAGE_KEY, or AZURE_STORAGE_SAS_TOKEN");
                self.missing(target, &self.name("ACCOUNT_KEY"), &usual)
            })),
        }
    }

    fn google(&self, target: &DeployTarget) -> Result<Credentials, Diagnostic> {
        const KEY_FILE: &str = "GOOGLE_APPLICATION_CREDENTIALS";
        if let Some(token) = self.own("TOKEN") {
            return Ok(Credentials::Token(token));
        }
        let Some(path) = self.for_vendor(target, KEY_FILE) else {
            return Err(self.elsewhere(target, KEY_FILE).unwrap_or_else(|| {
                let usual = tr!("GOOGLE_APPLICATION_CREDENTIALS with the path of a key file");
                self.missing(target, &self.name("TOKEN"), &usual)
            }));
        };
        match key_file_problem(&path) {
            None => Ok(Credentials::KeyFile(path)),
            Some(why) => {
                let message = tr!("{KEY_FILE} names `{path}`: {why}", KEY_FILE, path, why);
                Err(Diagnostic::error(format!("{}: {message}", target.to)).help(tr!(
                    "write the path of the JSON file that Google Cloud made for the key of a service account"
                )))
            }
        }
    }

    fn keys(&self, target: &DeployTarget) -> Result<Credentials, Diagnostic> {
        let own = (self.own("ACCESS_KEY_ID"), self.own("SECRET_ACCESS_KEY"));
        let usual = (self.usual("AWS_ACCESS_KEY_ID"), self.usual("AWS_SECRET_ACCESS_KEY"));
        match (own, usual) {
            ((Some(id), Some(secret)), _) => Ok(Credentials::Keys(id, secret, self.own("TOKEN"))),
            ((None, None), (Some(id), Some(secret))) => {
                Ok(Credentials::Keys(id, secret, self.usual("AWS_SESSION_TOKEN")))
            }
            _ => {
                let both = |id: &str, secret: &str| tr!("{id} and {secret}", id, secret);
                let own = both(&self.name("ACCESS_KEY_ID"), &self.name("SECRET_ACCESS_KEY"));
                Err(self.missing(target, &own, &both("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")))
            }
        }
    }
}

/// Why a file cannot be the key file of Google; `None` if it can.
fn key_file_problem(path: &str) -> Option<String> {
    #[allow(clippy::disallowed_methods)] // No file of a digest.
    let file = std::fs::File::open(path);
    let mut bytes = Vec::new();
    if let Err(error) = file.and_then(|file| file.take(MAX_KEY_FILE_BYTES).read_to_end(&mut bytes)) {
        return Some(error.to_string());
    }
    let parsed: Option<serde_json::Value> = serde_json::from_slice(&bytes).ok();
    match parsed.as_ref().and_then(|parsed| parsed.get("type")).is_some_and(serde_json::Value::is_string) {
        true => None,
        false => Some(tr!("it is not a key file of Google")),
    }
}

/// Removes the variables of targets that hold a secret from the environment of a program. Those of
/// the vendors stay: they are for the vendors' own programs, too.
pub(super) fn remove_from(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_own_secret) {
            command.env_remove(&name);
        }
    }
}

/// True for `NEWSPRINT_NAME_TOKEN` and the like.
fn is_own_secret(name: &str) -> bool {
    let of_target = name.strip_prefix("NEWSPRINT_");
    of_target.is_some_and(|rest| SECRET_PARTS.iter().any(|part| rest.ends_with(&format!("_{part}"))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::StoreAddress;

    fn find(to: &str, variables: &[(&str, &str)]) -> Result<Access, Diagnostic> {
        let target = DeployTarget::new(Some("my-cdn".into()), StoreAddress::parse(to).unwrap());
        let get = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Access::find(&target, &get)
    }

    #[test]
    fn variables_of_a_target_come_before_the_usual_ones() {
        let own =
            [("NEWSPRINT_MY_CDN_ACCESS_KEY_ID", "a"), ("NEWSPRINT_MY_CDN_SECRET_ACCESS_KEY", "secret-b")];
        let usual = [
            ("AWS_ACCESS_KEY_ID", "c"),
            ("AWS_SECRET_ACCESS_KEY", "secret-d"),
            ("AWS_SESSION_TOKEN", "token-e"),
        ];
        let keys = |id: &str, secret: &str, token: Option<&str>| {
            Credentials::Keys(id.into(), secret.into(), token.map(str::to_owned))
        };
        let both = [own.as_slice(), usual.as_slice()].concat();
        assert!(find("s3://b", &both).is_ok_and(|found| found.credentials == keys("a", "secret-b", None)));
        let wanted = keys("c", "secret-d", Some("token-e"));
        assert!(find("s3://b", &usual).is_ok_and(|found| found.credentials == wanted));
        // Half of the own pair is not completed by another pair.
        assert!(find("s3://b", &[own[..1].to_vec(), usual.to_vec()].concat()).is_err());
        assert!(find("s3://b", &[]).is_err());
        assert!(find("az://b", &[("AZURE_STORAGE_KEY", "eA==")]).is_ok());
        assert!(find("dav://host/", &[]).is_ok_and(|found| found.credentials == Credentials::None));
    }

    #[test]
    fn each_secret_of_the_environment_is_masked() {
        let secrets = |to: &str, variables: &[(&str, &str)]| {
            find(to, variables).unwrap_or_else(|_| panic!("refused")).secrets
        };
        let variables =
            [("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "p/w+d"), ("AWS_SESSION_TOKEN", "tok")];
        assert_eq!(secrets("s3://b", &variables).mask("a p/w+d b p%2Fw%2Bd c"), "a … b … c");
        let variables = [("NEWSPRINT_MY_CDN_USER", "me"), ("NEWSPRINT_MY_CDN_PASSWORD", "geheim")];
        assert_eq!(secrets("dav://h/", &variables).mask("geheim Basic bWU6Z2VoZWlt"), "… Basic …");
        let variables = [("AZURE_STORAGE_SAS_TOKEN", "?sv=2026-11-30&sig=abcd%3Defgh%3D")];
        let masked = secrets("az://b", &variables).mask("x?sv=2026-11-30&sig=abcd%3Defgh%3D&y 2026-11-30");
        assert_eq!(masked, "x?…&y 2026-11-30");
        // `ssh` needs none of them, and has them in its environment.
        let variables = [("NEWSPRINT_MY_CDN_TOKEN", "tok-geheim"), ("AWS_SECRET_ACCESS_KEY", "aws-geheim")];
        assert_eq!(secrets("sftp://h/", &variables).mask("tok-geheim aws-geheim"), "… …");
    }

    #[test]
    fn a_token_of_the_vendor_goes_only_to_the_vendor() {
        let sas = [("AZURE_STORAGE_SAS_TOKEN", "sv=1&sig=abcdefgh")];
        let own = [("NEWSPRINT_MY_CDN_TOKEN", "sv=1&sig=abcdefgh"), sas[0]];
        let key = [("AZURE_STORAGE_KEY", "eA==")];
        for (endpoint, is_vendor) in [
            ("", true),
            ("&endpoint=https://me.blob.core.windows.net", true),
            ("&endpoint=https://me.blob.core.chinacloudapi.cn", true),
            ("&endpoint=http://me.blob.core.windows.net", false),
            ("&endpoint=https://me.blob.core.windows.net.evil.example", false),
            ("&endpoint=https://evilcore.windows.net", false),
            ("&endpoint=http://127.0.0.1:9", false),
        ] {
            let to = format!("az://b?account=me{endpoint}");
            let found = find(&to, &sas);
            assert_eq!(found.is_ok(), is_vendor, "{to}");
            if let Err(problem) = found {
                assert!(
                    problem.message.contains("AZURE_STORAGE_SAS_TOKEN is not sent"),
                    "{}",
                    problem.message
                );
                assert!(problem.help.unwrap().contains("NEWSPRINT_MY_CDN_TOKEN"));
            }
            assert!(find(&to, &own).is_ok() && find(&to, &key).is_ok(), "{to}");
        }
        let google = [("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/key.json")];
        let refused = |to: &str| find(to, &google).err().unwrap().message;
        assert!(refused("gs://b?endpoint=https://evil.example").contains("is not sent to `endpoint`"));
        let missing = refused("gs://b");
        assert!(
            missing.starts_with("gs://b/: GOOGLE_APPLICATION_CREDENTIALS names `/nowhere/key.json`: "),
            "{missing}"
        );
    }

    #[test]
    fn a_key_that_cannot_be_one_is_named_without_its_value() {
        for name in ["NEWSPRINT_MY_CDN_ACCOUNT_KEY", "AZURE_STORAGE_KEY"] {
            let refused = find("az://b?account=me", &[(name, "ge/heim!")]).err().unwrap();
            assert_eq!(
                refused.message,
                format!("az://b/: {name} is not the key of an account: it is not Base64")
            );
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.json");
        std::fs::write(&path, "{\"type\": \"service_account\"}").unwrap();
        assert_eq!(key_file_problem(path.to_str().unwrap()), None);
        std::fs::write(&path, "-----BEGIN").unwrap();
        assert_eq!(
            key_file_problem(path.to_str().unwrap()).as_deref(),
            Some("it is not a key file of Google")
        );
    }

    #[test]
    fn variables_of_targets_are_secret_by_their_end() {
        for name in ["NEWSPRINT_CDN_TOKEN", "NEWSPRINT_A_B_SECRET_ACCESS_KEY", "NEWSPRINT_X_PURGE_TOKEN"] {
            assert!(is_own_secret(name), "{name}");
        }
        for name in ["NEWSPRINT_CDN_USER", "AWS_SECRET_ACCESS_KEY", "PATH", "NEWSPRINT_TOKENS"] {
            assert!(!is_own_secret(name), "{name}");
        }
    }
}
