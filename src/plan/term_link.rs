//! A term as pages name it.

use crate::plan::input::Input;
use crate::plan::view::term::TermView;
use crate::site::TermRef;

/// A term as a page names it.
pub(super) fn term_link(input: Input<'_>, term: TermRef, count: usize) -> TermView<'_> {
    let taxonomy = &input.config.taxonomies[term.taxonomy].name;
    let term = input.site.term(term);
    TermView { taxonomy, name: &term.name, path: term.address.path.as_str().into(), count }
}
