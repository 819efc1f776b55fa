//! What a check needs to know of a page's HTML: what it names, what it can be named by, and what it shows.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// What stands in a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    /// Addresses, as they are written.
    pub(super) links: Vec<String>,
    /// What a `#` can lead to.
    pub(super) anchors: Vec<String>,
    /// Images that have no words at all (`alt` is missing or, with `strict`, empty): their addresses.
    pub(super) wordless: Vec<String>,
    /// Text that is no code, a piece for each run.
    pub(super) texts: Vec<String>,
}

/// What is asked of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// A whole page: addresses and anchors; an empty `alt` says that an image is for decoration.
    Page,
    /// An article's body: texts, and images, all of which are there to be seen.
    Body,
}

/// Reads HTML as browsers do, but for the tree.
pub(super) fn look(html: &str, look: Look) -> Page {
    let sink = Sink { page: RefCell::new(Page::default()), look, code: RefCell::new(0) };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts { discard_bom: true, ..TokenizerOpts::default() });
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    // It stops early only if its sink asks for that, as for a script; this one never does.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.page.into_inner()
}

struct Sink {
    page: RefCell<Page>,
    look: Look,
    /// Elements of code that are open.
    code: RefCell<usize>,
}

/// Attributes that hold an address.
const ADDRESSES: [&str; 6] = ["href", "src", "poster", "action", "data", "cite"];

impl Sink {
    fn start(&self, tag: &Tag) {
        let mut page = self.page.borrow_mut();
        let value = |name: &str| {
            tag.attrs.iter().find(|attr| &*attr.name.local == name).map(|attr| attr.value.to_string())
        };
        if &*tag.name == "img" {
            let words = value("alt");
            let wordless = match self.look {
                Look::Page => words.is_none(),
                Look::Body => words.is_none_or(|words| words.trim().is_empty()),
            };
            if wordless {
                page.wordless.push(value("src").unwrap_or_default());
            }
        }
        if self.look == Look::Body {
            return;
        }
        // A page may say what its own address is.
        let rel = value("rel").unwrap_or_default();
        let says_itself = &*tag.name == "link" && rel.split(' ').any(|word| word == "canonical");
        // What to be connected with is no page.
        let only_host = rel.split(' ').any(|word| matches!(word, "preconnect" | "dns-prefetch"));
        for attr in tag.attrs.iter() {
            let name = &*attr.name.local;
            if ADDRESSES.contains(&name) && !says_itself && !only_host && &*tag.name != "base" {
                page.links.push(attr.value.trim().to_owned());
            }
            if matches!(name, "srcset" | "imagesrcset") {
                page.links.extend(candidates(&attr.value).map(str::to_owned));
            }
            if name == "id" || (name == "name" && &*tag.name == "a") {
                page.anchors.push(attr.value.to_string());
            }
        }
        if &*tag.name == "meta" && value("property").is_some_and(|name| name == "og:image") {
            page.links.extend(value("content"));
        }
        if &*tag.name == "meta"
            && value("http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("refresh"))
        {
            let target = value("content").and_then(|content| {
                let (_, target) =
                    content.split_once(['=']).filter(|(before, _)| before.to_lowercase().contains("url"))?;
                Some(target.trim().trim_matches(['"', '\'']).to_owned())
            });
            page.links.extend(target);
        }
    }
}

/// The addresses of a `srcset` (HTML, section 4.8.4.2.1): up to white space each, since an address may hold a comma, and a descriptor behind it.
fn candidates(srcset: &str) -> impl Iterator<Item = &str> {
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
                if matches!(&*tag.name, "code" | "pre" | "kbd" | "samp") && !tag.self_closing {
                    let mut open = self.code.borrow_mut();
                    *open = if is_start { *open + 1 } else { open.saturating_sub(1) };
                }
                if !is_start {
                    return TokenSinkResult::Continue;
                }
                self.start(&tag);
                // As the tree builder says (HTML, section 13.2.6.4.4 and following).
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
            Token::CharacterTokens(text) if self.look == Look::Body && *self.code.borrow() == 0 => {
                self.page.borrow_mut().texts.push(text.to_string());
                TokenSinkResult::Continue
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
        let page = look(
            "<!doctype html><link rel=canonical href=/me/><link rel=stylesheet href='a.css'><title><a href=no></title>\
             <script>'<a href=no>'</script><a href=\" /a/?b&amp;c#d \" id=x>1</a><img src=b.png srcset='c.png 2x, d.png, data:a,b 3x, e.png'>\
             <a name=old></a><meta http-equiv=refresh content='0; url=/new/'>",
            Look::Page,
        );
        assert_eq!(
            page.links,
            ["a.css", "/a/?b&c#d", "b.png", "c.png", "d.png", "data:a,b", "e.png", "/new/"]
        );
        assert_eq!(page.anchors, ["x", "old"]);
        assert_eq!(page.wordless, ["b.png"]);
    }

    #[test]
    fn what_is_code_is_no_text_of_a_body() {
        let page = look("<p>a **b**<code>**c**</code> d</p><img src=x alt=''><img src=y alt=z>", Look::Body);
        assert_eq!(page.texts.concat(), "a **b** d");
        assert_eq!(page.wordless, ["x"]);
    }
}
