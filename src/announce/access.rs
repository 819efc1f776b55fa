//! Addresses and secrets of targets, from environment variables alone. None of them is shown.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use ring::hmac;
use url::Url;

use crate::config::{Platform, Target, variable};
use crate::diagnostic::Diagnostic;
use crate::fetch::Secrets;

/// What stands for a secret in a dry run.
pub(super) const MASK: &str = "***";

/// The server of the Bot API, unless `NEWSPRINT_NAME_URL` names one of one's own
/// (core.telegram.org/bots/api, "Using a Local Bot API Server").
const TELEGRAM: &str = "https://api.telegram.org";

/// The shortest part of an address that is removed from texts.
const MIN_PART: usize = 8;

/// How to reach a target. It is not `Debug`: nothing prints it by accident.
pub(super) struct Access {
    url: Url,
    secret: Option<String>,
    chat: String,
    /// Everything that no text may show.
    hidden: Secrets,
    /// True in a dry run: signatures, chat and secrets are `***`.
    is_masked: bool,
}

impl Access {
    /// Reads the variables of a target.
    ///
    /// # Errors
    /// A variable is missing or wrong. The errors name it, and not its value.
    pub(super) fn read(
        target: &Target,
        environment: &dyn Fn(&str) -> Option<String>,
        needs_https: bool,
    ) -> Result<Self, Vec<Diagnostic>> {
        let public = match target.to {
            Platform::IndexNow => Some(target.endpoint.clone()),
            Platform::WebSub => target.hub.clone(),
            _ => None,
        };
        if let Some(url) = public.and_then(|url| Url::parse(&url).ok()) {
            return Ok(Self::new(url, None, String::new(), Vec::new()));
        }
        let name = |part: &str| format!("NEWSPRINT_{}_{part}", variable(&target.name));
        let get = |part: &str| {
            environment(&name(part)).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let mut problems = Vec::new();
        let mut need = |part: &str, what: &str| {
            let found = get(part);
            if found.is_none() {
                problems.push(missing(&name(part), target, what));
            }
            found.unwrap_or_default()
        };
        let (written, chat, token) = match target.to {
            Platform::Telegram => {
                let token = need("TOKEN", marked!("the token of the bot"));
                let chat = need("CHAT", marked!("the number of the chat, or @channel"));
                (get("URL").unwrap_or_else(|| TELEGRAM.to_owned()), chat, Some(token))
            }
            _ => (need("URL", marked!("the address of the webhook")), String::new(), None),
        };
        let parsed = Url::parse(&written).ok().filter(|url| {
            let is_web = url.scheme() == "https" || (url.scheme() == "http" && !needs_https);
            is_web && url.has_host()
        });
        let is_token =
            |token: &str| token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":_-".contains(&byte));
        if problems.is_empty() && parsed.is_none() {
            let message = tr!("{} is not an address that begins with https://", name("URL"));
            let help = tr!("copy the whole address of the webhook; its value is not shown here");
            problems.push(Diagnostic::error(message).help(help));
        }
        if token.as_ref().is_some_and(|token| !is_token(token)) {
            let message = tr!("{} is not the token of a bot", name("TOKEN"));
            problems.push(
                Diagnostic::error(message).help(tr!("copy the token that @BotFather shows, as in 123:abc")),
            );
        }
        let Some(mut url) = parsed.filter(|_| problems.is_empty()) else { return Err(problems) };
        url.set_fragment(None);
        let mut hidden = vec![written, chat.clone()];
        if let Some(token) = token {
            let path = format!("{}/bot{token}/sendMessage", url.path().trim_end_matches('/'));
            url.set_path(&path);
            hidden.push(token);
        }
        let secret = get("SECRET").filter(|_| matches!(target.to, Platform::Feishu | Platform::DingTalk));
        Ok(Self::new(url, secret, chat, hidden))
    }

    fn new(url: Url, secret: Option<String>, chat: String, mut hidden: Vec<String>) -> Self {
        // Servers repeat parts of an address in their answers.
        if !hidden.is_empty() {
            hidden.push(url.to_string());
            hidden.extend(url.path_segments().into_iter().flatten().map(str::to_owned));
            hidden.extend(url.query_pairs().map(|(_, value)| value.into_owned()));
            hidden.extend(secret.clone());
            let decoded: Vec<String> =
                hidden.iter().map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned()).collect();
            hidden.extend(decoded);
            hidden.retain(|part| part.len() >= MIN_PART && part != "sendMessage");
            // The longest first: a part of an address would leave the rest of it.
            hidden.sort_by_key(|part| std::cmp::Reverse(part.len()));
            hidden.dedup();
        }
        Self { url, secret, chat, hidden: Secrets::new(hidden), is_masked: false }
    }

    /// The access of a dry run: signatures and chat are masked.
    pub(super) fn masked(self) -> Self {
        Self { is_masked: true, ..self }
    }

    /// The access of a dry run whose variables are missing.
    pub(super) fn unknown() -> Option<Self> {
        let url = Url::parse("https://webhook.invalid/").ok()?;
        Some(Self::new(url, None, String::new(), Vec::new()).masked())
    }

    /// The address of requests.
    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// The key of signatures, if there is one.
    pub(super) fn secret(&self) -> Option<&str> {
        self.secret.as_deref()
    }

    /// The chat of Telegram.
    pub(super) fn chat(&self) -> &str {
        if self.is_masked { MASK } else { &self.chat }
    }

    /// HMAC-SHA-256 of a text, in Base64.
    pub(super) fn signature(&self, key: &str, text: &str) -> String {
        if self.is_masked {
            return MASK.to_owned();
        }
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
        STANDARD.encode(hmac::sign(&key, text.as_bytes()))
    }

    /// A text of a server or of the system without secrets.
    pub(super) fn hide(&self, text: &str) -> String {
        self.hidden.hide(text).into_owned()
    }
}

/// The error of a variable that is missing. `what` is a text of `marked!`.
fn missing(variable: &str, target: &Target, what: &str) -> Diagnostic {
    let name = &target.name;
    let message =
        tr!("the environment variable {variable} of the target `{name}` is missing", variable, name);
    let help = tr!(
        "set it to {what}: in a workflow below `env:`, from a secret of the repository",
        what = tr!(what)
    );
    Diagnostic::error(message).at(target.place.clone()).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Each;

    fn target(to: Platform) -> Target {
        Target {
            place: crate::diagnostic::Place::file("newsprint.yaml"),
            name: "a-b".to_owned(),
            to,
            each: Each::Edition,
            days: 3,
            template: None,
            key: None,
            endpoint: "https://e.example/".to_owned(),
            hub: None,
        }
    }

    fn read(to: Platform, variables: &[(&str, &str)]) -> Result<Access, Vec<String>> {
        let get = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        let found = Access::read(&target(to), &get, true);
        found.map_err(|found| found.into_iter().map(|found| found.message).collect())
    }

    #[test]
    fn signatures_are_those_of_the_platforms() {
        let url = "https://oapi.example/robot/send?access_token=0123456789";
        let access = read(
            Platform::DingTalk,
            &[("NEWSPRINT_A_B_URL", url), ("NEWSPRINT_A_B_SECRET", "SEC-demo-secret")],
        )
        .ok()
        .unwrap();
        // printf '1700000000\nSEC' | openssl dgst -sha256 -hmac key -binary | base64, and the
        // empty text with that key.
        assert_eq!(access.signature("key", "1700000000\nSEC"), DIGEST_OF_TEXT);
        assert_eq!(access.signature("1700000000\nSEC", ""), DIGEST_OF_EMPTY);
        let said = format!("no such robot: {url}; 0123456789; SEC-DEMO-secret");
        assert_eq!(access.hide(&said), "no such robot: ***; ***; ***");
        assert_eq!(access.masked().signature("key", "x"), MASK);
    }

    const DIGEST_OF_TEXT: &str = "bEGSJapTeVyKiKcz5k+5MTFFFxIRRqcSzPjd+aW5bB4=";
    const DIGEST_OF_EMPTY: &str = "yKzlnG5gJbbUvULgjP0QN/V99n1fNH31XG8Rrvl9pfk=";

    #[test]
    fn a_missing_or_wrong_variable_is_named_without_its_value() {
        let missing = |name: &str| format!("the environment variable {name} of the target `a-b` is missing");
        let found = |to, variables: &[(&str, &str)]| read(to, variables).err().unwrap_or_default();
        assert_eq!(found(Platform::Slack, &[]), [missing("NEWSPRINT_A_B_URL")]);
        assert_eq!(
            found(Platform::Telegram, &[("NEWSPRINT_A_B_TOKEN", "  ")]),
            [missing("NEWSPRINT_A_B_TOKEN"), missing("NEWSPRINT_A_B_CHAT")]
        );
        for url in ["hooks.example/secret-part", "http://hooks.example/secret-part", "ftp://x/secret-part"] {
            let found = found(Platform::Slack, &[("NEWSPRINT_A_B_URL", url)]);
            assert_eq!(found, ["NEWSPRINT_A_B_URL is not an address that begins with https://"]);
        }
        let token = [("NEWSPRINT_A_B_TOKEN", "1:a/b"), ("NEWSPRINT_A_B_CHAT", "@channel")];
        assert_eq!(found(Platform::Telegram, &token), ["NEWSPRINT_A_B_TOKEN is not the token of a bot"]);
    }

    #[test]
    fn the_token_of_a_bot_is_part_of_the_address() {
        let access = read(
            Platform::Telegram,
            &[("NEWSPRINT_A_B_TOKEN", "123:abc_DEF-9"), ("NEWSPRINT_A_B_CHAT", "@channel")],
        );
        let access = access.ok().unwrap();
        assert_eq!(access.url().as_str(), "https://api.telegram.org/bot123:abc_DEF-9/sendMessage");
        assert_eq!(access.chat(), "@channel");
        assert_eq!(access.hide("https://api.telegram.org/bot123:abc_DEF-9/sendMessage"), "***");
    }
}
