//! Plans the page of rising, fading and new terms.

use crate::plan::chart;
use crate::plan::input::{Input, shared_taxonomies};
use crate::plan::page::{Body, Kind, Page};
use crate::plan::term_link::term_link;
use crate::plan::view::page::Meta;
use crate::plan::view::trend::{TrendView, TrendsPage};
use crate::site::Address;
use crate::site::trend::Trend;

/// The address of the trends page; `None` if the digest has none.
fn address(input: Input<'_>) -> Option<Address> {
    input.config.browse.trends.then(|| Address::new(&["trends"], input.config))
}

/// Plans the trends page, if the digest has one.
pub(super) fn pages<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    let Some(address) = address(input) else { return };
    let locale = input.locale;
    let views = shared_taxonomies(input);
    let trends = input.connections.browsed().trends.as_ref();
    let spans = trends.map_or(1, |trends| trends.spans).max(1);
    let trend_views = |trends: &'s [Trend]| -> Vec<TrendView<'s>> {
        let all = trends.iter().map(|trend| TrendView {
            term: term_link(input, trend.term, trend.now),
            taxonomy_title: views[trend.term.taxonomy].title,
            // Computed in tenths with integers, so that no rounding of floats decides a byte.
            before: {
                let tenths = (trend.before * 20 / spans).div_ceil(2);
                format!("{}.{}", tenths / 10, tenths % 10)
            },
            chart: chart::bars(&trend.parts, 10, 3, 1),
            width: trend.parts.len() * 4,
        });
        all.collect()
    };
    let heading = locale.word("trends");
    let description = locale.fill("trends_description", &[("site", &input.config.title)]);
    let compared = trends.map(|trends| {
        let (days, until) = (trends.days.to_string(), locale.date(trends.until));
        let spans = trends.spans.to_string();
        locale.fill("trends_compared", &[("n", &days), ("date", &until), ("spans", &spans)])
    });
    let kind = Kind::Trends(TrendsPage {
        meta: Meta::new("trends", input.title(&[heading]), description, &address).below(Vec::new(), heading),
        compared,
        rising: trends.map(|trends| trend_views(&trends.rising)).unwrap_or_default(),
        fading: trends.map(|trends| trend_views(&trends.fading)).unwrap_or_default(),
        new: trends.map(|trends| trend_views(&trends.new)).unwrap_or_default(),
    });
    pages.push(Page::new(address.file.clone(), Body::template(kind)).in_sitemap(&address, None));
}
