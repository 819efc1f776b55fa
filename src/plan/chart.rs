//! Draws small bar charts, each as one SVG path with a text version for screen readers.

use std::fmt::Write as _;

use crate::locale::Locale;
use crate::plan::input::Input;
use crate::plan::view::chart::Chart;
use crate::site::{ArticleId, calendar};

/// Height of a chart, in units of its view box.
const CHART_HEIGHT: usize = 60;

/// Maximum number of months in a chart by month; a longer period is shown by year.
const MAX_MONTHS: i32 = 60;

/// Charts the number of articles by month, from the oldest dated article to the newest; `None` if
/// all are of one month. `articles` are sorted newest first, the undated last; `name` is the
/// term's.
pub(super) fn by_month(input: Input<'_>, name: &str, articles: &[ArticleId]) -> Option<Chart> {
    let Input { site, locale, .. } = input;
    let months: Vec<i32> = articles
        .iter()
        .map_while(|&id| site.articles[id].date.as_ref())
        .map(|date| calendar::month_number(calendar::day(date)))
        .collect();
    // Articles are sorted newest first.
    let (&last, &first) = (months.first()?, months.last()?);
    if first == last {
        return None;
    }
    let by_year = last - first >= MAX_MONTHS;
    let unit = |month: i32| if by_year { month.div_euclid(12) } else { month };
    let mut counts = vec![0_usize; usize::try_from(unit(last) - unit(first)).ok()? + 1];
    for &month in &months {
        counts[usize::try_from(unit(month) - unit(first)).ok()?] += 1;
    }
    let label = |month: i32| month_label(locale, month, by_year);
    let peak = counts.iter().enumerate().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(&a.0)))?;
    let peak_month = (unit(first) + i32::try_from(peak.0).ok()?) * if by_year { 12 } else { 1 };
    let words = |key: &str| {
        locale.fill(
            key,
            &[
                ("term", name),
                ("first", &label(first)),
                ("last", &label(last)),
                ("peak", &label(peak_month)),
                ("n", &peak.1.to_string()),
            ],
        )
    };
    let (bar, gap) = if counts.len() > 24 { (6, 2) } else { (12, 4) };
    Some(Chart {
        title: words(if by_year { "chart_by_year" } else { "chart_by_month" }),
        description: words("chart_description"),
        path: bars(&counts, CHART_HEIGHT, bar, gap),
        width: counts.len() * (bar + gap),
        height: CHART_HEIGHT,
        first: label(first),
        last: label(last),
        max: *peak.1,
    })
}

/// The label of a month, or of its year. `month` counts months as [`calendar::month_number`] does.
fn month_label(locale: &Locale, month: i32, by_year: bool) -> String {
    let year = month.div_euclid(12);
    if by_year {
        return locale.year(year);
    }
    locale.month(year, u32::try_from(month.rem_euclid(12)).unwrap_or_default() + 1)
}

/// Draws bars side by side as an SVG path, from the bottom of the view box up. The highest is
/// `height` units high, each count above zero at least one unit. `bar` is a bar's width, `gap` the
/// space after it.
pub(super) fn bars(counts: &[usize], height: usize, bar: usize, gap: usize) -> String {
    let max = counts.iter().copied().max().unwrap_or(0).max(1);
    let mut path = String::with_capacity(counts.len() * 16);
    for (at, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let tall = (count * height / max).max(1);
        let _ = write!(path, "M{} {height}v-{tall}h{bar}v{tall}z", at * (bar + gap));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::bars;

    #[test]
    fn bars_start_at_the_bottom_and_the_highest_fills_the_chart() {
        assert_eq!(bars(&[1, 0, 4], 40, 6, 2), "M0 40v-10h6v10zM16 40v-40h6v40z");
        assert_eq!(bars(&[1, 1000], 10, 1, 0), "M0 10v-1h1v1zM1 10v-10h1v10z");
        assert_eq!(bars(&[0, 0], 10, 1, 0), "");
    }
}
