//! Scans HTML for addresses, anchors and images without alternative text.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// The parts of a page or body that the check needs.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Scanned {
    /// Addresses as written, trimmed. Only of a [`Scope::Page`].
    pub(super) links: Vec<String>,
    /// Names that a fragment can refer to. Only of a [`Scope::Page`].
    pub(super) anchors: Vec<String>,
    /// The addresses of images without alternative text.
    pub(super) images_without_text: Vec<String>,
}

/// The kind of HTML to scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// A whole page. An empty `alt` marks an image as decorative.
    Page,
    /// The body of an article. An image with an empty `alt` lacks alternative text.
    Body,
}

/// Scans HTML with the tokenizer of the HTML standard, without building a tree.
pub(super) fn scan(html: &str, scope: Scope) -> Scanned {
    let sink = Sink { scanned: RefCell::new(Scanned::default()), scope };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts { discard_bom: true, ..TokenizerOpts::default() });
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    // The tokenizer stops early only if its sink asks for it; this sink never does.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.scanned.into_inner()
}

struct Sink {
    scanned: RefCell<Scanned>,
    scope: Scope,
}

/// Attributes that hold one address.
const ADDRESS_ATTRIBUTES: [&str; 6] = ["href", "src", "poster", "action", "data", "cite"];

impl Sink {
    fn scan_start_tag(&self, tag: &Tag) {
        let mut scanned = self.scanned.borrow_mut();
        let value = |name: &str| {
            tag.attrs.iter().find(|attr| &*attr.name.local == name).map(|attr| attr.value.to_string())
        };
        if &*tag.name == "img" {
            let alt = value("alt");
            let lacks_text = match self.scope {
                Scope::Page => alt.is_none(),
                Scope::Body => alt.is_none_or(|alt| alt.trim().is_empty()),
            };
            if lacks_text {
                scanned.images_without_text.push(value("src").unwrap_or_default());
            }
        }
        if self.scope == Scope::Body {
            return;
        }
        // The canonical address of a page is not a link.
        let rel = value("rel").unwrap_or_default();
        let is_canonical = &*tag.name == "link" && rel.split(' ').any(|word| word == "canonical");
        // These name a host to connect to, not a page.
        let only_host = rel.split(' ').any(|word| matches!(word, "preconnect" | "dns-prefetch"));
        for attr in tag.attrs.iter() {
            let name = &*attr.name.local;
            if ADDRESS_ATTRIBUTES.contains(&name) && !is_canonical && !only_host && &*tag.name != "base" {
                scanned.links.push(attr.value.trim().to_owned());
            }
            if matches!(name, "srcset" | "imagesrcset") {
                scanned.links.extend(srcset_addresses(&attr.value).map(str::to_owned));
            }
            if name == "id" || (name == "name" && &*tag.name == "a") {
                scanned.anchors.push(attr.value.to_string());
            }
        }
        if &*tag.name == "meta" && value("property").is_some_and(|name| name == "og:image") {
            scanned.links.extend(value("content"));
        }
        if &*tag.name == "meta"
            && value("http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("refresh"))
        {
            let target = value("content").and_then(|content| {
                let (_, target) =
                    content.split_once(['=']).filter(|(before, _)| before.to_lowercase().contains("url"))?;
                Some(target.trim().trim_matches(['"', '\'']).to_owned())
            });
            scanned.links.extend(target);
        }
    }
}

/// The addresses of a `srcset` (HTML, section 4.8.4.2.1). Each ends at white space, because it may
/// contain a comma; a descriptor may follow.
fn srcset_addresses(srcset: &str) -> impl Iterator<Item = &str> {
    let mut rest = srcset;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (address, behind) = rest.split_at(end);
        rest = match address.ends_with(',') {
            true => behind,
            false => behind.split_once(',').map_or("", |(_, behind)| behind),
        };
        Some(address.trim_end_matches(',')).filter(|address| !address.is_empty())
    })
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => {
                let is_start = tag.kind == TagKind::StartTag;
                if !is_start {
                    return TokenSinkResult::Continue;
                }
                self.scan_start_tag(&tag);
                // The tree builder would set these states (HTML, section 13.2.6.4.4 and following).
                match &*tag.name {
                    "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
                    "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
                        TokenSinkResult::RawData(RawKind::Rawtext)
                    }
                    "script" => TokenSinkResult::RawData(RawKind::ScriptData),
                    "plaintext" => TokenSinkResult::Plaintext,
                    _ => TokenSinkResult::Continue,
                }
            }
            _ => TokenSinkResult::Continue,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_anchors_of_a_page_are_found() {
        let page = scan(
            "<!doctype html><link rel=canonical href=/me/><link rel=stylesheet href='a.css'><title><a href=no></title>\
             <script>'<a href=no>'</script><a href=\" /a/?b&amp;c#d \" id=x>1</a><img src=b.png srcset='c.png 2x, d.png, data:a,b 3x, e.png'>\
             <a name=old></a><meta http-equiv=refresh content='0; url=/new/'>",
            Scope::Page,
        );
        assert_eq!(
            page.links,
            ["a.css", "/a/?b&c#d", "b.png", "c.png", "d.png", "data:a,b", "e.png", "/new/"]
        );
        assert_eq!(page.anchors, ["x", "old"]);
        assert_eq!(page.images_without_text, ["b.png"]);
    }

    #[test]
    fn an_empty_description_is_missing_in_a_body_and_decorative_on_a_page() {
        let html = "<img src=x alt=''><img src=y alt=z><img src=w>";
        assert_eq!(scan(html, Scope::Body).images_without_text, ["x", "w"]);
        assert_eq!(scan(html, Scope::Page).images_without_text, ["w"]);
        assert_eq!(scan("<a href=b id=c>", Scope::Body), Scanned::default());
    }
}
