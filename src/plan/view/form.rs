//! Defines the contents of an edition's forms: letter, WeChat article, text, Markdown, book.

use serde::Serialize;

use crate::fingerprint::Fingerprint;
use crate::plan::view::card::CardRef;
use crate::plan::view::page::BodyRef;
use crate::site::BodyId;

/// The file of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum FormFile {
    /// `mail.html`
    Mail,
    /// `mail.txt`, the text part of the letter.
    MailText,
    /// `wechat.html`
    Wechat,
    /// `edition.txt`
    Text,
    /// `edition.md`
    Markdown,
    /// `edition.epub`
    Epub,
    /// `poster.png`
    Poster,
}

impl FormFile {
    /// The file's name, beside the edition's page.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Mail => "mail.html",
            Self::MailText => "mail.txt",
            Self::Wechat => "wechat.html",
            Self::Text => "edition.txt",
            Self::Markdown => "edition.md",
            Self::Epub => "edition.epub",
            Self::Poster => "poster.png",
        }
    }
}

/// An edition in one of its forms.
#[derive(Debug, Serialize)]
pub(crate) struct EditionForm<'s> {
    /// The file that is written.
    pub file: FormFile,
    /// The edition.
    pub edition: FormView,
    /// The articles of the edition's page, in the same groups and order.
    pub groups: Vec<FormGroup<'s>>,
    /// Time of the newest publication or change of an article, RFC 3339 in UTC. Of a book only.
    pub modified: Option<String>,
    /// The unsubscribe address, or a platform's merge tag for it. Of a letter only.
    pub unsubscribe: Option<String>,
    /// The words of a poster, and what it is drawn with.
    pub poster: Option<PosterWords>,
}

/// The words of a poster besides the headlines.
#[derive(Debug, Serialize)]
pub(crate) struct PosterWords {
    /// Fingerprint of the templates of pictures, and of the fonts.
    pub style: Option<Fingerprint>,
    /// What to do with the code.
    pub scan: String,
    /// How many articles are left out; `None` if there are none.
    pub more: Option<String>,
}

/// The summary of an edition in its forms.
#[derive(Debug, Serialize)]
pub(crate) struct FormView {
    /// `day`, `week` or `month`.
    pub kind: &'static str,
    /// Title, such as `2026年11月23日 星期一` or `2026年第48周`.
    pub title: String,
    /// First and last day of a week, such as `11月23日至29日`; `None` for days and months.
    pub dates: Option<String>,
    /// First day, as `2026-11-23`.
    pub first: String,
    /// Last day, as `2026-11-29`.
    pub last: String,
    /// URL of the edition's page.
    pub permalink: String,
    /// Number of articles.
    pub count: usize,
    /// The next older edition of the same length.
    pub older: Option<FormLink>,
}

/// A link to another edition.
#[derive(Debug, Serialize)]
pub(crate) struct FormLink {
    /// Title in the digest's language.
    pub title: String,
    /// URL of the edition's page.
    pub permalink: String,
}

/// The articles of an edition that share a term.
#[derive(Debug, Serialize)]
pub(crate) struct FormGroup<'s> {
    /// Name of the shared term; `None` for the group of articles without such a term.
    pub name: Option<&'s str>,
    /// The articles; of a story, the report that the page shows.
    pub items: Vec<FormItem<'s>>,
}

/// An article of an edition.
#[derive(Debug, Serialize)]
pub(crate) struct FormItem<'s> {
    /// The article's card.
    pub card: CardRef,
    /// The other reports of the same event, in the order of the card.
    pub reports: Vec<FormReport<'s>>,
    /// Its body. In a book only.
    pub content: Option<BodyRef<'s>>,
}

/// Another report of an item's event.
#[derive(Debug, Serialize)]
pub(crate) struct FormReport<'s> {
    /// Title of the article.
    pub title: &'s str,
    /// Language of the title; `None` if it is the site's language.
    pub title_language: Option<&'static str>,
    /// The publisher; may be empty.
    pub source: &'s str,
    /// The label of machine-written text; `None` if the article has none.
    pub label: Option<&'s str>,
    /// URL of the original.
    pub link: Option<&'s str>,
    /// URL of the article's page.
    pub permalink: &'s str,
    /// Its card and body, if it belongs to the same edition. In a book only.
    pub chapter: Option<(CardRef, BodyRef<'s>)>,
}

impl EditionForm<'_> {
    /// Iterates over the bodies that the form shows.
    pub(crate) fn bodies(&self) -> impl Iterator<Item = BodyId> {
        self.groups.iter().flat_map(|group| &group.items).flat_map(|item| {
            let reports = item.reports.iter().filter_map(|report| report.chapter.as_ref());
            let reports = reports.map(|(_, content)| content.id);
            item.content.iter().map(|content| content.id).chain(reports)
        })
    }
}
