//! The page of rising, fading and new terms.

use serde::Serialize;

use crate::plan::Sources;
use crate::plan::card;
use crate::plan::chart;
use crate::plan::page::{Body, Kind, Meta, Page};
use crate::plan::term::{self, TermView};
use crate::site::Address;
use crate::site::trend::Trend;

/// What changes.
#[derive(Debug, Serialize)]
pub struct TrendsPage<'s> {
    /// The head.
    pub meta: Meta,
    /// What is compared, in a sentence; `None` for a digest too young for a comparison.
    pub compared: Option<String>,
    /// Terms with more articles than before.
    pub rising: Vec<TrendView<'s>>,
    /// Terms with fewer articles than before.
    pub fading: Vec<TrendView<'s>>,
    /// Terms that were not there before.
    pub new: Vec<TrendView<'s>>,
}

/// A term's way.
#[derive(Debug, Serialize)]
pub struct TrendView<'s> {
    /// With its articles of the latest span.
    pub term: TermView<'s>,
    /// What readers call its taxonomy.
    pub taxonomy_title: &'s str,
    /// Articles of the mean span before, with one decimal.
    pub before: String,
    /// The path of a bar chart, 10 units high.
    pub chart: String,
    /// Of the chart's view box.
    pub width: usize,
}

fn address(sources: Sources<'_>) -> Option<Address> {
    sources.config.browse.trends.then(|| Address::new(&["trends"], sources.config))
}

pub(super) fn pages<'s>(sources: Sources<'s>, pages: &mut Vec<Page<'s>>) {
    let Some(address) = address(sources) else { return };
    let locale = sources.locale;
    let views = card::shared_taxonomies(sources);
    let trends = sources.connections.browsed().trends.as_ref();
    let spans = trends.map_or(1, |trends| trends.spans).max(1);
    let shown = |trends: &'s [Trend]| -> Vec<TrendView<'s>> {
        let shown = trends.iter().map(|trend| TrendView {
            term: term::view(sources, trend.term, trend.now),
            taxonomy_title: views[trend.term.taxonomy].title,
            // In tenths and by whole numbers, so that no rounding of floats decides a byte.
            before: {
                let tenths = (trend.before * 20 / spans).div_ceil(2);
                format!("{}.{}", tenths / 10, tenths % 10)
            },
            chart: chart::bars(&trend.parts, 10, 3, 1),
            width: trend.parts.len() * 4,
        });
        shown.collect()
    };
    let heading = locale.word("trends");
    let description = locale.fill("trends_description", &[("site", &sources.config.title)]);
    let compared = trends.map(|trends| {
        let (days, until) = (trends.days.to_string(), locale.date(trends.until));
        let spans = trends.spans.to_string();
        locale.fill("trends_compared", &[("n", &days), ("date", &until), ("spans", &spans)])
    });
    let kind = Kind::Trends(TrendsPage {
        meta: Meta::new("trends", sources.title(&[heading]), description, &address)
            .below(Vec::new(), heading),
        compared,
        rising: trends.map(|trends| shown(&trends.rising)).unwrap_or_default(),
        fading: trends.map(|trends| shown(&trends.fading)).unwrap_or_default(),
        new: trends.map(|trends| shown(&trends.new)).unwrap_or_default(),
    });
    pages.push(Page::new(address.file.clone(), Body::template(kind)).in_sitemap(&address, None));
}
