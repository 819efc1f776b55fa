//! Makes the links to terms on other pages.

use crate::plan::input::Input;
use crate::plan::view::term::TermView;
use crate::site::TermRef;

/// A link to a term; `count` is the number of articles to show beside it, 0 if none is shown.
pub(super) fn term_link(input: Input<'_>, term: TermRef, count: usize) -> TermView<'_> {
    let taxonomy = &input.config.taxonomies[term.taxonomy].name;
    let term = input.site.term(term);
    TermView { taxonomy, name: &term.name, path: term.address.path.as_str().into(), count }
}
