//! Plans what an expired article leaves: a notice at its address, and redirects to it at its old
//! addresses, or redirects to a page of another site. `old_address` plans those to pages of the site.

use crate::load::redirects;
use crate::plan::input::Input;
use crate::plan::page::{Body, Kind, Page};
use crate::plan::view::expired::ExpiredPage;
use crate::plan::view::page::Meta;
use crate::plan::view::redirect::Redirect;
use crate::site::expired::Left;
use crate::site::{Address, ExpiredArticle};

/// Plans the notices, and the redirects to other sites.
pub(super) fn pages<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    for expired in &input.site.expired {
        match &expired.left {
            Left::Succession => {}
            Left::Notice => pages.extend(notices(input, expired)),
            Left::Url { url, host } => {
                let (title, path, target) = (host.into(), url.clone(), url.clone());
                let to = Redirect { title, path, target, label: None, feed: None };
                pages.extend(redirects(expired, &to));
            }
        }
    }
}

/// The notice at the address of an expired article, and redirects to it at its old addresses.
pub(super) fn notices<'s>(input: Input<'s>, expired: &'s ExpiredArticle) -> Vec<Page<'s>> {
    let Address { path, permalink, .. } = expired.address.clone();
    let title = input.locale.word("expired").into();
    let to = Redirect { title, path, target: permalink, label: None, feed: None };
    page(expired, notice(input, expired), &to)
}

fn notice<'s>(input: Input<'s>, expired: &ExpiredArticle) -> Kind<'s> {
    let word = input.locale.word("expired");
    let notice = input.locale.fill("expired_on", &[("date", &input.locale.plain_date(expired.day))]);
    let meta = Meta::new("expired", input.title(&[word]), notice.clone(), &expired.address);
    Kind::Expired(ExpiredPage { meta: Meta { noindex: true, ..meta }, notice })
}

/// Plans the redirects of an expired article to its successor.
pub(super) fn redirects<'s>(expired: &'s ExpiredArticle, to: &Redirect<'s>) -> Vec<Page<'s>> {
    page(expired, Kind::Redirect(to.clone()), to)
}

/// The page at the address of an expired article, and a redirect at each old address.
fn page<'s>(expired: &'s ExpiredArticle, own: Kind<'s>, to: &Redirect<'s>) -> Vec<Page<'s>> {
    let redirect = |alias: &String| (redirects::file(alias, false, false), Kind::Redirect(to.clone()));
    let own = std::iter::once((expired.address.file.clone(), own));
    let pages = own.chain(expired.aliases.iter().map(redirect));
    pages.map(|(file, kind)| Page::new(file, Body::template(kind)).at(&expired.place)).collect()
}
