//! Plans the forms in which an edition leaves the site: beside its page those of
//! `outputs.editions`, and one for the command `newsprint edition`.
//!
//! The articles and their order are those of the edition's page: both come from the same groups
//! (`plan/edition.rs`).

use std::collections::HashSet;

use rayon::prelude::*;

use crate::config::Form;
use crate::plan::card::{self, Cards};
use crate::plan::edition;
use crate::plan::input::Input;
use crate::plan::page::{Body, Page};
use crate::plan::view::form::{
    EditionForm, FormFile, FormGroup, FormItem, FormLink, FormReport, FormView, PosterWords,
};
use crate::plan::view::page::BodyRef;
use crate::site::calendar::Span;
use crate::site::edition::{Edition, Editions};
use crate::site::{ArticleId, BodyId};

/// The files of a form.
fn files(form: Form) -> &'static [FormFile] {
    match form {
        Form::Mail => &[FormFile::Mail, FormFile::MailText],
        Form::Wechat => &[FormFile::Wechat],
        Form::Text => &[FormFile::Text],
        Form::Markdown => &[FormFile::Markdown],
        Form::Epub => &[FormFile::Epub],
        Form::Poster => &[FormFile::Poster],
    }
}

/// All editions; `None` if the digest has none.
pub(crate) fn editions(input: Input<'_>) -> Option<&Editions> {
    input.connections.browsed().editions.as_ref()
}

/// The days, weeks and months, each newest first.
fn all_series(editions: &Editions) -> [&[Edition]; 3] {
    [&editions.days, &editions.weeks, &editions.months]
}

/// The edition of a span as a form; `None` if there is no such edition.
pub(crate) fn edition(input: Input<'_>, span: Span, file: FormFile) -> Option<EditionForm<'_>> {
    let series = all_series(editions(input)?);
    let series = series.into_iter().find(|series| series.iter().any(|edition| edition.span == span))?;
    let at = series.iter().position(|edition| edition.span == span)?;
    Some(form(input, series, at, file))
}

/// Plans the forms of all editions.
pub(super) fn pages<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    let Some(editions) = editions(input) else { return };
    let files: Vec<FormFile> = input.config.outputs.editions.iter().flat_map(files).copied().collect();
    if files.is_empty() {
        return;
    }
    for series in all_series(editions) {
        let planned = (0..series.len()).into_par_iter().flat_map_iter(|at| {
            let files = files.iter();
            files.map(move |&file| page(input, series, at, file))
        });
        pages.par_extend(planned);
    }
}

/// Plans the books that show the bodies of the `edited` articles.
pub(super) fn pages_of_bodies<'s>(input: Input<'s>, edited: &HashSet<ArticleId>, pages: &mut Vec<Page<'s>>) {
    if !input.config.outputs.editions.contains(Form::Epub) {
        return;
    }
    let Some(editions) = editions(input) else { return };
    for series in all_series(editions) {
        for (at, edition) in series.iter().enumerate() {
            if edition.articles.iter().any(|id| edited.contains(id)) {
                pages.push(page(input, series, at, FormFile::Epub));
            }
        }
    }
}

fn page<'s>(input: Input<'s>, series: &'s [Edition], at: usize, file: FormFile) -> Page<'s> {
    let address = card::span_address(series[at].span, input.config).beside(file.name());
    Page::new(address.file, Body::Form(Box::new(form(input, series, at, file))))
}

/// Makes the form of the edition at a position of `series`, which is sorted newest first.
fn form<'s>(input: Input<'s>, series: &'s [Edition], at: usize, file: FormFile) -> EditionForm<'s> {
    let (edition, config) = (&series[at], input.config);
    let is_book = file == FormFile::Epub;
    let groups = edition::all_groups(input, edition).into_iter().map(|group| FormGroup {
        name: group.name,
        items: group.titles.iter().map(|card| item(input, edition, card.id, is_book)).collect(),
    });
    let unsubscribe = config.browse.editions.as_ref().and_then(|editions| editions.unsubscribe.as_ref());
    let is_letter = matches!(file, FormFile::Mail | FormFile::MailText);
    let (first, last) = (edition.span.first(), edition.span.last());
    let is_week = matches!(edition.span, Span::Week(..));
    let older = series.get(at + 1).map(|older| FormLink {
        title: edition::title(input, older.span),
        permalink: card::span_address(older.span, config).permalink,
    });
    let groups: Vec<FormGroup<'_>> = groups.collect();
    EditionForm {
        file,
        poster: (file == FormFile::Poster).then(|| poster_words(input, &groups)),
        edition: FormView {
            kind: edition.span.kind(),
            title: edition::title(input, edition.span),
            dates: is_week.then(|| input.locale.day_range(first, last)),
            first: first.to_string(),
            last: last.to_string(),
            permalink: card::span_address(edition.span, config).permalink,
            count: edition.articles.len(),
            older,
        },
        groups,
        modified: is_book.then(|| modified(input, edition)).flatten(),
        unsubscribe: unsubscribe.filter(|_| is_letter).map(ToString::to_string),
    }
}

/// Headlines on a poster.
pub(crate) const POSTER_ITEMS: usize = 10;

fn poster_words(input: Input<'_>, groups: &[FormGroup<'_>]) -> PosterWords {
    let items: usize = groups.iter().map(|group| group.items.len()).sum();
    let left = items.saturating_sub(POSTER_ITEMS);
    PosterWords {
        style: input.style.map(|style| style.fingerprint),
        scan: input.locale.word("poster_scan").to_owned(),
        more: (left > 0).then(|| input.locale.fill("poster_more", &[("n", &left.to_string())])),
    }
}

fn item<'s>(input: Input<'s>, edition: &Edition, id: ArticleId, is_book: bool) -> FormItem<'s> {
    let cards: &'s Cards<'s> = input.cards;
    let content = |id: ArticleId| BodyRef { id: BodyId::Article(id), file: &input.site.articles[id].file };
    let others = input.connections.stories.reports(id).iter().copied().filter(|&other| other != id);
    let reports = cards.card(id).same_event.iter().zip(others).map(|(report, other)| FormReport {
        title: report.title,
        title_language: report.title_language,
        source: report.source,
        label: report.label,
        link: cards.card(other).link,
        permalink: report.permalink,
        chapter: (is_book && edition.articles.contains(&other))
            .then(|| (cards.reference(other), content(other))),
    });
    FormItem { card: cards.reference(id), reports: reports.collect(), content: is_book.then(|| content(id)) }
}

/// The newest publication or change of an edition's articles, in UTC.
fn modified(input: Input<'_>, edition: &Edition) -> Option<String> {
    let times = edition.articles.iter().filter_map(|&id| {
        let article = &input.site.articles[id];
        article.updated.max(article.date).map(|date| date.at.to_utc())
    });
    times.max().map(|time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}
