//! Targets of `newsprint announce`: `announce:` in `newsprint.yaml`.
//!
//! No address with a token is a setting: those are read from the environment
//! (`announce/access.rs`).

use url::Url;

use crate::diagnostic::{Diagnostic, Place, nearest};
use crate::fields::Fields;

/// Where a target's messages go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// 飞书 and Lark: a custom bot of a group.
    Feishu,
    /// 钉钉: a custom robot of a group.
    DingTalk,
    /// 企业微信: message push to a group.
    WeCom,
    /// Telegram: a bot.
    Telegram,
    /// Slack: an incoming webhook.
    Slack,
    /// Discord: a webhook.
    Discord,
    /// Any address that takes JSON.
    Json,
    /// Search engines, by the protocol IndexNow.
    IndexNow,
    /// Subscribers of feeds, by a hub of WebSub.
    WebSub,
}

impl Platform {
    /// All platforms, in the order of the guide.
    pub const ALL: [Self; 9] = [
        Self::Feishu,
        Self::DingTalk,
        Self::WeCom,
        Self::Telegram,
        Self::Slack,
        Self::Discord,
        Self::Json,
        Self::IndexNow,
        Self::WebSub,
    ];

    /// The name in the settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Feishu => "feishu",
            Self::DingTalk => "dingtalk",
            Self::WeCom => "wecom",
            Self::Telegram => "telegram",
            Self::Slack => "slack",
            Self::Discord => "discord",
            Self::Json => "json",
            Self::IndexNow => "indexnow",
            Self::WebSub => "websub",
        }
    }

    /// True if people read the messages, which are made by a template.
    #[must_use]
    pub fn has_template(self) -> bool {
        !matches!(self, Self::Json | Self::IndexNow | Self::WebSub)
    }

    /// True if the messages are about articles, not about pages.
    #[must_use]
    pub fn is_about_articles(self) -> bool {
        !matches!(self, Self::IndexNow | Self::WebSub)
    }
}

/// What one message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Each {
    /// One article.
    Article,
    /// The new articles of one day.
    Edition,
}

/// A target of `newsprint announce`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Where it is in the settings, for errors.
    pub place: Place,
    /// Its name in the settings: small letters, digits, `-` and `_`.
    pub name: String,
    /// Where its messages go.
    pub to: Platform,
    /// What one message is about.
    pub each: Each,
    /// Articles that are more days older than this are never announced.
    pub days: usize,
    /// A template below `templates/announce/`, instead of that of the platform.
    pub template: Option<String>,
    /// The public key of IndexNow.
    pub key: Option<String>,
    /// The address of IndexNow that gets the requests.
    pub endpoint: String,
    /// The hub of WebSub.
    pub hub: Option<String>,
}

/// The address that passes requests on to all search engines that take part in IndexNow
/// (indexnow.org/faq, read 2026-11-30).
const ENDPOINT: &str = "https://api.indexnow.org/indexnow";

/// The age in days from which on articles are not announced.
const DAYS: usize = 3;

/// Reads `announce:`. A target with a mistake is left out. `hub` is that of the feeds, `has_days`
/// tells whether the digest has editions.
pub(super) fn read(fields: &mut Fields<'_>, hub: Option<&str>, has_days: bool) -> Vec<Target> {
    let Some(mut inner) = fields.inner("announce") else { return Vec::new() };
    let names = inner.names();
    let mut targets: Vec<Target> = Vec::new();
    for name in names {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(is_plain) {
            let _ = inner.get(name);
            let help = tr!("write small letters, digits, `-` and `_`, as in `team:`");
            inner.error(name, tr!("`{name}` cannot be the name of a target", name), help);
            continue;
        }
        if let Some(other) = targets.iter().find(|other| variable(&other.name) == variable(name)) {
            let message = tr!("`{name}` and `{other}` have the same variables", name, other = other.name);
            let help = tr!("rename one of them: `-` and `_` make no difference there");
            let _ = inner.get(name);
            inner.error(name, message, help);
            continue;
        }
        let Some(mut settings) = inner.inner(name) else { continue };
        let target = read_target(&mut settings, name, hub, has_days);
        let found = settings.finish();
        let has_errors = found.iter().any(Diagnostic::is_error);
        inner.absorb(found);
        targets.extend(target.filter(|_| !has_errors));
    }
    fields.absorb(inner.finish());
    targets
}

/// The part of the names of environment variables that stands for a target: `TEAM_A` of `team-a`.
#[must_use]
pub fn variable(name: &str) -> String {
    name.to_ascii_uppercase().replace('-', "_")
}

fn read_target(fields: &mut Fields<'_>, name: &str, hub: Option<&str>, has_days: bool) -> Option<Target> {
    let to = read_platform(fields, name);
    let each = read_each(fields, has_days);
    let days = fields.number("days", 0..=3650);
    let template = read_template(fields);
    let key = read_key(fields);
    let endpoint = read_address(fields, "endpoint");
    let own_hub = read_address(fields, "hub");
    let to = to?;
    let platform = to.name();
    for (setting, is_given, applies, whose) in [
        ("each", each.is_some(), to.is_about_articles(), marked!("targets that tell of articles")),
        ("days", days.is_some(), to.is_about_articles(), marked!("targets that tell of articles")),
        ("template", template.is_some(), to.has_template(), marked!("targets that people read")),
        ("key", key.is_some(), to == Platform::IndexNow, "`to: indexnow`"),
        ("endpoint", endpoint.is_some(), to == Platform::IndexNow, "`to: indexnow`"),
        ("hub", own_hub.is_some(), to == Platform::WebSub, "`to: websub`"),
    ] {
        if is_given && !applies {
            let message = tr!("`{setting}` does not apply to `{platform}`", setting, platform);
            let whose = tr!(whose);
            fields.error(setting, message, tr!("remove the line; it is a setting of {whose}", whose));
        }
    }
    if to == Platform::IndexNow && key.is_none() && fields.get("key").is_none() {
        let help = tr!(
            "write `key:` with 8 to 128 letters, digits and `-`, and put the file KEY.txt with the key in it into static/"
        );
        fields.error("to", tr!("`indexnow` needs a key"), help);
    }
    let hub = own_hub.or_else(|| hub.map(str::to_owned));
    if to == Platform::WebSub && hub.is_none() && fields.get("hub").is_none() {
        let help = tr!(
            "write `{setting}`, which also names the hub in the feeds",
            setting = "feeds: {hub: https://…}"
        );
        fields.error("to", tr!("`websub` needs a hub"), help);
    }
    let default = if has_days { Each::Edition } else { Each::Article };
    Some(Target {
        place: fields.place("to"),
        name: name.to_owned(),
        to,
        each: each.unwrap_or(default),
        days: days.unwrap_or(DAYS),
        template,
        key,
        endpoint: endpoint.unwrap_or_else(|| ENDPOINT.to_owned()),
        hub,
    })
}

fn read_platform(fields: &mut Fields<'_>, name: &str) -> Option<Platform> {
    let names = Platform::ALL.map(Platform::name);
    let Some((_, written)) = fields.text(&["to"]) else {
        if fields.get("to").is_none() {
            let help = tr!("write `to:` with one of {}", names.join(&tr!("list" => ", ")));
            fields.error("to", tr!("the target `{name}` needs `to`", name), help);
        }
        return None;
    };
    let found = Platform::ALL.into_iter().find(|platform| platform.name() == written);
    if found.is_none() {
        let help = nearest(&written, names).map_or_else(
            || tr!("write one of {}", names.join(&tr!("list" => ", "))),
            |near| tr!("did you mean `{near}`?", near),
        );
        fields.error("to", tr!("`to` cannot be `{written}`", written), help);
    }
    found
}

fn read_each(fields: &mut Fields<'_>, has_days: bool) -> Option<Each> {
    let (_, written) = fields.text(&["each"])?;
    match written.as_str() {
        "article" => Some(Each::Article),
        "edition" if has_days => Some(Each::Edition),
        "edition" => {
            let message = tr!("`each: edition` needs editions, and `editions` is off");
            fields.error("each", message, tr!("write `each: article`, or remove `editions: off`"));
            None
        }
        _ => {
            let message = tr!("`each` cannot be `{written}`", written);
            fields.error("each", message, tr!("write `edition` (one message a day) or `article`"));
            None
        }
    }
}

fn read_template(fields: &mut Fields<'_>) -> Option<String> {
    let (_, written) = fields.text(&["template"])?;
    let is_plain = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains('\\');
    if written.split('/').all(is_plain) {
        return Some(written);
    }
    let message = tr!("`template` cannot be `{written}`", written);
    fields.error("template", message, tr!("write the name of a file below templates/announce/"));
    None
}

/// The key of IndexNow: 8 to 128 characters of `a-z`, `A-Z`, `0-9` and `-`
/// (indexnow.org/documentation, read 2026-11-30).
fn read_key(fields: &mut Fields<'_>) -> Option<String> {
    let (_, written) = fields.text(&["key"])?;
    let is_key = (8..=128).contains(&written.len())
        && written.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_key {
        let help = tr!("write 8 to 128 letters, digits and `-`, as `openssl rand -hex 16` prints them");
        fields.error("key", tr!("this is not a key of IndexNow"), help);
    }
    is_key.then_some(written)
}

/// An address with `http` or `https`, without user name and password.
pub(super) fn read_address(fields: &mut Fields<'_>, name: &'static str) -> Option<String> {
    let (_, written) = fields.text(&[name])?;
    let is_plain = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none()
    };
    let url = Url::parse(&written).ok().filter(is_plain);
    if url.is_none() {
        let help = tr!("write it as `https://example.org/…`");
        fields.error(name, tr!("`{name}` has to be an address", name), help);
    }
    url.map(String::from)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config::{Config, FILE};

    fn read(settings: &str) -> (Vec<Target>, Vec<String>) {
        let (config, found) = Config::parse(FILE, &format!("base_url: https://a.cn/\n{settings}"));
        (config.announce, found.into_iter().map(|found| found.message).collect())
    }

    #[test]
    fn targets_keep_their_order_and_have_defaults() {
        let (targets, found) = read(
            "feeds: {hub: 'https://hub.example/'}\nannounce:\n  team: {to: feishu}\n  a-b: {to: slack, each: \
             article, days: 0, template: x/y.txt}\n  engines: {to: indexnow, key: 0123-abcD}\n  \
             subscribers: {to: websub}\n",
        );
        assert_eq!(found, [""; 0]);
        let names: Vec<&str> = targets.iter().map(|target| target.name.as_str()).collect();
        assert_eq!(names, ["team", "a-b", "engines", "subscribers"]);
        assert_eq!((targets[0].each, targets[0].days), (Each::Edition, 3));
        assert_eq!((targets[1].each, targets[1].days), (Each::Article, 0));
        assert_eq!(targets[2].endpoint, ENDPOINT);
        assert_eq!(targets[3].hub.as_deref(), Some("https://hub.example/"));
        assert_eq!(variable("a-b"), "A_B");
        let (targets, _) = read("editions: off\nannounce:\n  team: {to: feishu}\n");
        assert_eq!(targets[0].each, Each::Article);
    }

    #[test]
    fn the_settings_of_a_target_are_those_of_the_guide() {
        use crate::guide_tables;
        let guide = guide_tables::chapter("announce");
        let section = guide.split("## Settings of a target").nth(1).unwrap_or_default();
        let table = section.split("Addresses of webhooks").next().unwrap_or_default();
        let rows = guide_tables::rows(table);
        let documented: BTreeSet<String> =
            rows.iter().flat_map(|cells| guide_tables::words(&cells[0])).collect();
        let asked =
            crate::fields::asked::during(|| drop(read("announce:\n  t: {to: indexnow, key: 12345678}\n")));
        let asked: BTreeSet<String> =
            asked.iter().filter_map(|path| path.strip_prefix("announce.t.").map(str::to_owned)).collect();
        assert_eq!(asked, documented);
        for platform in Platform::ALL {
            assert!(guide.contains(&format!("`to: {}`", platform.name())), "{platform:?}");
        }
        for (setting, default) in [("days", DAYS.to_string()), ("endpoint", ENDPOINT.to_owned())] {
            assert!(rows.iter().any(|cells| cells[0].contains(setting) && cells[1].contains(&default)));
        }
    }

    #[test]
    fn mistakes_are_reported_and_leave_the_target_out() {
        for (settings, wanted) in [
            ("t: {}", "the target `t` needs `to`"),
            ("t: {to: feishuu}", "`to` cannot be `feishuu`"),
            ("T: {to: feishu}", "`T` cannot be the name of a target"),
            ("t: {to: feishu, each: week}", "`each` cannot be `week`"),
            ("t: {to: feishu, key: 0123456789}", "`key` does not apply to `feishu`"),
            ("t: {to: indexnow}", "`indexnow` needs a key"),
            ("t: {to: indexnow, key: short}", "this is not a key of IndexNow"),
            ("t: {to: websub}", "`websub` needs a hub"),
            ("t: {to: websub, hub: 'https://u:p@h.example/'}", "`hub` has to be an address"),
            ("t: {to: json, template: a.md}", "`template` does not apply to `json`"),
            ("t: {to: slack, template: ../a.md}", "`template` cannot be `../a.md`"),
            ("t: {to: slack, url: https://a.example}", ""),
            ("t: feishu", "`t` has to be"),
        ] {
            let (targets, found) = read(&format!("announce:\n  {settings}\n"));
            assert!(found.len() == 1 && found[0].contains(wanted), "{settings}: {found:?}");
            assert_eq!(targets.len(), usize::from(wanted.is_empty()), "{settings}");
        }
        let (targets, found) = read("announce:\n  a-b: {to: json}\n  a_b: {to: json}\n");
        assert_eq!((targets.len(), found.len()), (1, 1), "{found:?}");
    }
}
