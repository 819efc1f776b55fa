//! Keys and passwords of stores, which are read from the environment alone.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::config::{self, DeployTarget, StoreScheme};
use crate::diagnostic::Diagnostic;

/// What the target of an address on the command line is called in the names of variables.
const UNNAMED: &str = "DEPLOY";

/// The shortest text that is masked: shorter ones are in too many words.
const MIN_MASKED_BYTES: usize = 4;

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

/// The secrets of a target, for hiding them.
#[derive(Clone, Default)]
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    fn new(credentials: &Credentials, purge: Option<&str>) -> Self {
        let mut texts: Vec<String> = match credentials {
            Credentials::None | Credentials::KeyFile(_) => Vec::new(),
            Credentials::Keys(_, secret, token) => {
                [secret.clone()].into_iter().chain(token.clone()).collect()
            }
            Credentials::AccountKey(text) | Credentials::Signature(text) | Credentials::Token(text) => {
                vec![text.clone()]
            }
            // Also as it is in a header: a server may send it back.
            Credentials::Password(user, password) => {
                vec![password.clone(), STANDARD.encode(format!("{user}:{password}"))]
            }
        };
        // The parts of a signature of Azure are secret by themselves: `sig=`.
        if let Credentials::Signature(text) = credentials {
            texts.extend(text.split('&').filter_map(|part| Some(part.strip_prefix("sig=")?.to_owned())));
        }
        texts.extend(purge.map(str::to_owned));
        texts.retain(|text| text.len() >= MIN_MASKED_BYTES);
        let encoded = |text: &String| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
        };
        let all: Vec<String> = texts.iter().map(encoded).collect();
        texts.extend(all);
        // A secret may be a part of another one.
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        Self(texts)
    }

    /// The text without secrets.
    pub(super) fn mask(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "…"))
    }

    /// The diagnostic without secrets.
    pub(super) fn mask_all(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        diagnostic.message = self.mask(&diagnostic.message);
        diagnostic.help = diagnostic.help.map(|help| self.mask(&help));
        diagnostic
    }
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
        let secrets = Secrets::new(&credentials, purge_token.as_deref());
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
            StoreScheme::Az => {
                let key = self.own("ACCOUNT_KEY").or_else(|| self.usual("AZURE_STORAGE_KEY"));
                let signature = self.own("TOKEN").or_else(|| self.usual("AZURE_STORAGE_SAS_TOKEN"));
                match (key, signature) {
                    (Some(key), _) => Ok(Credentials::AccountKey(key)),
                    (None, Some(text)) => Ok(Credentials::Signature(text.trim_start_matches('?').to_owned())),
                    _ => {
                        let usual = tr!("AZURE_STORAGE_KEY, or AZURE_STORAGE_SAS_TOKEN");
                        Err(self.missing(target, &self.name("ACCOUNT_KEY"), &usual))
                    }
                }
            }
            StoreScheme::Gs => match (self.own("TOKEN"), self.usual("GOOGLE_APPLICATION_CREDENTIALS")) {
                (Some(token), _) => Ok(Credentials::Token(token)),
                (None, Some(path)) => Ok(Credentials::KeyFile(path)),
                _ => {
                    let usual = tr!("GOOGLE_APPLICATION_CREDENTIALS with the path of a key file");
                    Err(self.missing(target, &self.name("TOKEN"), &usual))
                }
            },
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
    fn secrets_are_masked_in_every_spelling() {
        let variables =
            [("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "p/w+d"), ("AWS_SESSION_TOKEN", "tok")];
        let secrets = find("s3://b", &variables).unwrap_or_else(|_| panic!("refused")).secrets;
        assert_eq!(secrets.mask("a p/w+d b p%2Fw%2Bd c"), "a … b … c");
        let found = secrets.mask_all(Diagnostic::error("p/w+d").help("p/w+d"));
        assert_eq!((found.message.as_str(), found.help.as_deref()), ("…", Some("…")));
        let variables = [("NEWSPRINT_MY_CDN_USER", "me"), ("NEWSPRINT_MY_CDN_PASSWORD", "geheim")];
        let secrets = find("dav://h/", &variables).unwrap_or_else(|_| panic!("refused")).secrets;
        assert_eq!(secrets.mask("geheim Basic bWU6Z2VoZWlt"), "… Basic …");
        let variables = [("AZURE_STORAGE_SAS_TOKEN", "?sv=2026&sig=abcd%3D")];
        let secrets = find("az://b", &variables).unwrap_or_else(|_| panic!("refused")).secrets;
        assert_eq!(secrets.mask("x?sig=abcd%3D&y"), "x?sig=…&y");
    }
}
