//! Makes the data of a page when the page is rendered.
//!
//! The data of a page has some kilobytes. A plan that holds the data of all pages until the last one
//! is written takes more memory than the articles. Nearly all pages of a site show an article, a
//! term, a crossing, a day or a week, and the files of search results hold the texts of all articles'
//! cards. A plan with keys (`plan/keep.rs`) makes their data for the fingerprint alone, and holds
//! their [`Subject`], from which rendering makes the data again.

use crate::plan::input::Input;
use crate::plan::page::Body;
use crate::plan::subject::{ListSubject, Subject};
use crate::plan::{article, crossing, edition, search, term};

/// The data of the page with a subject of the same site; `None` if the site has no such subject.
#[must_use]
pub(crate) fn body(input: Input<'_>, subject: Subject) -> Option<Body<'_>> {
    let input = input.without_keys();
    let kind = match subject {
        Subject::Article(id) => article::kind(input, id),
        Subject::List(ListSubject::Term(at), number) => term::kind(input, at, number),
        Subject::List(ListSubject::Crossing(at), number) => crossing::kind(input, at, number)?,
        Subject::Edition(subject) => edition::kind(input, subject)?,
        Subject::Results(at) => return Some(Body::Text(search::results(input, at).0)),
    };
    Some(Body::template(kind))
}
