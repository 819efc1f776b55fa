//! Plans the index of a taxonomy's terms: by use, by recency and from A to Z, in pages of limited
//! size.

use std::collections::BTreeMap;

use crate::plan::input::Input;
use crate::plan::page::{Body, Kind, Page};
use crate::plan::view::card::TaxonomyView;
use crate::plan::view::index::{IndexPage, IndexTerm, LetterLink, OrderLink};
use crate::plan::view::page::{Crumb, Meta};
use crate::site::{Address, Term, TermId};
use crate::slug::key::term_key;
use crate::slug::pinyin;

/// Maximum number of terms on a page of an index: about 150 KB of HTML, at most 300 KB with long
/// Han names.
const TERMS_PER_PAGE: usize = 400;

/// One order of a taxonomy's index, or one letter of the alphabetical order.
struct Order<'s> {
    name: &'static str,
    /// Parts of its path, below the taxonomy's folder.
    parts: Vec<String>,
    terms: Vec<&'s Term>,
    /// The letter, if the alphabetical order has one page a letter and this is one of them.
    letter: Option<char>,
    /// Links to the pages of letters, if there are any.
    letters: Vec<LetterLink>,
}

/// Plans the index of a taxonomy in all orders. `taxonomy` is its position in the configuration.
pub(super) fn pages<'s>(
    input: Input<'s>,
    taxonomy: usize,
    view: &TaxonomyView<'s>,
    pages: &mut Vec<Page<'s>>,
) {
    let all = &input.site.taxonomies[taxonomy].terms;
    let path = &input.config.taxonomies[taxonomy].path;
    let terms: Vec<&'s Term> = all.iter().filter(|term| term.has_page).collect();
    let order = |name, terms| Order { name, parts: Vec::new(), terms, letter: None, letters: Vec::new() };
    let mut orders = vec![order("use", terms.clone())];
    if !terms.is_empty() {
        let mut recent: Vec<(TermId, &Term)> = terms.iter().copied().enumerate().collect();
        // Articles are numbered newest first: a term's first article is its newest. One page of
        // terms is enough: the pages after it would change with every new article.
        recent.sort_by_key(|(at, term)| (term.articles.first().copied(), *at));
        recent.truncate(TERMS_PER_PAGE);
        let recent = recent.into_iter().map(|(_, term)| term).collect();
        orders.push(Order { parts: vec!["recent".to_owned()], ..order("recent", recent) });
        orders.extend(alphabetical(input, path, &terms));
    }
    for order in &orders {
        order_pages(input, view, path, terms.len(), order, pages);
    }
}

/// The alphabetical order: one page if all terms fit, else a page of letters and pages for each
/// letter.
fn alphabetical<'s>(input: Input<'_>, path: &str, terms: &[&'s Term]) -> Vec<Order<'s>> {
    let mut sorted: Vec<(String, &Term)> =
        terms.iter().map(|term| (pinyin::sort_key(&term_key(&term.name)), *term)).collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    let sorted: Vec<&Term> = sorted.into_iter().map(|(_, term)| term).collect();
    let name = "a-z";
    let folder = name.to_owned();
    if sorted.len() <= TERMS_PER_PAGE {
        return vec![Order { name, parts: vec![folder], terms: sorted, letter: None, letters: Vec::new() }];
    }
    let mut by_letter: BTreeMap<(bool, char), Vec<&'s Term>> = BTreeMap::new();
    for term in sorted {
        let letter = pinyin::initial(&term_key(&term.name));
        by_letter.entry((letter == '#', letter)).or_default().push(term);
    }
    let folder_of = |letter: char| match letter {
        '#' => "0".to_owned(),
        letter => letter.to_ascii_lowercase().to_string(),
    };
    let letters: Vec<LetterLink> = by_letter
        .iter()
        .map(|(&(_, letter), terms)| LetterLink {
            letter,
            path: Address::new(&[path, name, &folder_of(letter)], input.config).path,
            count: terms.len(),
        })
        .collect();
    let of_letter = by_letter.into_iter().map(|((_, letter), terms)| Order {
        name,
        parts: vec![folder.clone(), folder_of(letter)],
        terms,
        letter: Some(letter),
        letters: letters.clone(),
    });
    let all = Order {
        name,
        parts: vec![folder.clone()],
        terms: Vec::new(),
        letter: None,
        letters: letters.clone(),
    };
    std::iter::once(all).chain(of_letter).collect()
}

/// Plans the pages of one order. `path` is the taxonomy's folder, `total` its number of terms with
/// a page.
fn order_pages<'s>(
    input: Input<'s>,
    view: &TaxonomyView<'s>,
    path: &str,
    total: usize,
    order: &Order<'s>,
    pages: &mut Vec<Page<'s>>,
) {
    let locale = input.locale;
    let folder: Vec<&str> = std::iter::once(path).chain(order.parts.iter().map(String::as_str)).collect();
    let by_use = order.name == "use";
    let count = order.terms.len().div_ceil(TERMS_PER_PAGE).max(1);
    // Numbered from the first page, unlike lists of articles: the order is a ranking.
    let address = |part: usize| input.list_address(&folder, (part > 0).then_some(part + 1));
    let orders = |current: &str| {
        let link = |name: &'static str, parts: &[&str]| OrderLink {
            name,
            path: Address::new(parts, input.config).path,
            current: name == current,
        };
        vec![link("use", &[path]), link("recent", &[path, "recent"]), link("a-z", &[path, "a-z"])]
    };
    let order_word = match order.name {
        "recent" => Some(locale.word("order_recent")),
        "a-z" => Some(locale.word("order_a_z")),
        _ => None,
    };
    let is_crossed = |crossings: &&crate::config::Crossings| {
        crossings.of.iter().any(|&at| input.config.taxonomies[at].path == path)
    };
    let crossings = input.config.browse.crossings.as_ref().filter(is_crossed);
    let crossings = crossings.map(|_| Address::new(&["crossings"], input.config).path);
    let letter_word = order.letter.map(|letter| letter.to_string());
    for part in 0..count {
        let here = address(part);
        let number = (part > 0).then(|| locale.fill("page_number", &[("n", &(part + 1).to_string())]));
        let titles: Vec<&str> = [Some(view.title), order_word, letter_word.as_deref(), number.as_deref()]
            .into_iter()
            .flatten()
            .collect();
        let description =
            locale.fill("taxonomy_description", &[("taxonomy", view.title), ("n", &total.to_string())]);
        let details = [order_word, letter_word.as_deref(), number.as_deref()];
        let description =
            details.into_iter().flatten().fold(description, |text, word| format!("{text} {word}"));
        let of_part = order.terms.iter().skip(part * TERMS_PER_PAGE).take(TERMS_PER_PAGE);
        let (used_once, terms): (Vec<&&Term>, Vec<&&Term>) =
            of_part.partition(|term| by_use && term.articles.len() == 1);
        let mut last_letter = None;
        let mut index_term = |term: &&&'s Term| {
            let letter = (order.name == "a-z" && order.letter.is_none())
                .then(|| pinyin::initial(&term_key(&term.name)))
                .filter(|letter| last_letter.replace(*letter) != Some(*letter));
            // The pages of letters are for finding a name: with counts, each of them would change
            // every day.
            let count = if order.letter.is_some() { 0 } else { term.articles.len() };
            IndexTerm { name: &term.name, path: &term.address.path, count, letter }
        };
        let mut meta = Meta::new("taxonomy", input.title(&titles), description, &here);
        meta.crumbs = vec![Crumb::new(view.title, &*view.path)];
        // Such a page repeats the terms in another order, or lists only terms with one article,
        // whose own pages are not indexed either.
        meta.noindex = !by_use || (part > 0 && terms.is_empty());
        let is_main = by_use && part == 0;
        let kind = Kind::Taxonomy(IndexPage {
            meta,
            taxonomy: view.clone(),
            total,
            order: order.name,
            crossings: crossings.clone(),
            orders: if total > 0 { orders(order.name) } else { Vec::new() },
            letters: order.letters.clone(),
            letter: order.letter,
            terms: terms.iter().map(&mut index_term).collect(),
            used_once: used_once.iter().map(&mut index_term).collect(),
            next: (part + 1 < count).then(|| address(part + 1).path),
            previous: part.checked_sub(1).map(|part| address(part).path),
        });
        let page = Page::new(here.file.clone(), Body::template(kind));
        pages.push(if is_main { page.in_sitemap(&here, None) } else { page });
    }
}
