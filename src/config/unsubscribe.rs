//! The address by which a reader of a letter unsubscribes: a URL, or the merge tag by which a
//! mailing platform puts in the address of each reader.

use std::fmt::{self, Display, Formatter};

use crate::link;

/// The unsubscribe address of letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsubscribe {
    /// Buttondown: `{{ unsubscribe_url }}` (buttondown/docs, "Template Variables", read
    /// 2026-11-29).
    Buttondown,
    /// listmonk: `{{ UnsubscribeURL }}` (listmonk.app/docs/templating, read 2026-11-29).
    Listmonk,
    /// Mailchimp: `*|UNSUB|*` (its help pages, "All the Merge Tags: a Cheat Sheet", read
    /// 2026-11-29).
    Mailchimp,
    /// The same address for all readers.
    Address(String),
}

impl Unsubscribe {
    /// The names of platforms.
    pub const PLATFORMS: [&str; 3] = ["buttondown", "listmonk", "mailchimp"];

    /// Parses the name of a platform, or an address with `https:`, `http:` or `mailto:`.
    ///
    /// # Errors
    /// It is neither; the message says what is expected.
    pub fn parse(written: &str) -> Result<Self, String> {
        match written {
            "buttondown" => Ok(Self::Buttondown),
            "listmonk" => Ok(Self::Listmonk),
            "mailchimp" => Ok(Self::Mailchimp),
            _ if is_mailbox(written) => Ok(Self::Address(written.to_owned())),
            _ => link::written(written).map(Self::Address).map_err(|_| Self::expected()),
        }
    }

    fn expected() -> String {
        tr!(
            "write {}, or an address such as https://example.org/unsubscribe or mailto:out@example.org",
            Self::PLATFORMS.join(&tr!("list" => ", "))
        )
    }
}

/// True for `mailto:` and an ASCII address without blanks.
fn is_mailbox(written: &str) -> bool {
    written.strip_prefix("mailto:").is_some_and(|address| {
        let is_plain = address.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"'".contains(&byte));
        is_plain && address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
    })
}

impl Display for Unsubscribe {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Buttondown => "{{ unsubscribe_url }}",
            Self::Listmonk => "{{ UnsubscribeURL }}",
            Self::Mailchimp => "*|UNSUB|*",
            Self::Address(address) => address,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unsubscribe_address_is_a_platform_or_a_url() {
        let shown = |written: &str| Unsubscribe::parse(written).map(|found| found.to_string()).ok();
        assert_eq!(shown("buttondown").as_deref(), Some("{{ unsubscribe_url }}"));
        assert_eq!(shown("listmonk").as_deref(), Some("{{ UnsubscribeURL }}"));
        assert_eq!(shown("mailchimp").as_deref(), Some("*|UNSUB|*"));
        assert_eq!(shown("https://example.org/u").as_deref(), Some("https://example.org/u"));
        assert_eq!(
            shown("mailto:out@example.org?subject=x").as_deref(),
            Some("mailto:out@example.org?subject=x")
        );
        for wrong in [
            "mailto:",
            "mailto:a b@c.org",
            "mailto:@c.org",
            "",
            "Listmonk",
            "javascript:alert(1)",
            "/unsubscribe/",
            "{{ tag }}",
        ] {
            assert_eq!(shown(wrong), None, "{wrong}");
        }
        assert!(Unsubscribe::parse("x").unwrap_err().contains("buttondown, listmonk, mailchimp"));
    }
}
