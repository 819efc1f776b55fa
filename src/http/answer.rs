//! Judges the answers of object stores: whether a file is stored, and whether a listing has an end.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, PoisonError};

use ureq::http::{Method, Response, Uri, header};

/// Pages of a listing. Vendors put 1,000 objects or more on each ("ListObjectsV2", "List Blobs",
/// "Objects: list", 2026-11).
const MAX_PAGES: usize = 20_000;

/// The pages of one listing that were asked for.
#[derive(Default)]
pub(super) struct Pages {
    hasher: RandomState,
    seen: Mutex<HashSet<u64>>,
}

impl Pages {
    /// Notes that a page is asked for.
    ///
    /// # Errors
    /// It was asked for before, or there were too many.
    pub(super) fn visit(&self, uri: &Uri) -> Result<(), String> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MAX_PAGES {
            return Err(tr!("the list of files has more than {MAX_PAGES} pages", MAX_PAGES));
        }
        match seen.insert(self.hasher.hash_one(uri.to_string())) {
            true => Ok(()),
            false => Err(tr!("the list of files has no end: the same page comes again")),
        }
    }
}

/// False if a request to store a file was answered, and the answer does not identify what is
/// stored: a server before the store may have made it. "PutObject" of Amazon S3 and "Put Blob" of
/// Azure give an ETag; "Objects: insert" and "Resumable uploads" of Google Cloud Storage, the object in
/// JSON, or the address of the upload (2026-11).
pub(super) fn stores((method, uri): (&Method, &Uri), response: &Response<Vec<u8>>) -> bool {
    let is_upload = *method == Method::POST && uri.path().contains("/upload/storage/");
    if !response.status().is_success() || !(*method == Method::PUT || is_upload) {
        return true;
    }
    let has = |name| response.headers().get(name).is_some_and(|value| !value.is_empty());
    // The first of the two requests of an upload with a condition has no file.
    let is_begun = is_upload && has(header::LOCATION);
    let body = String::from_utf8_lossy(response.body());
    let is_described = body.trim_start().starts_with('{')
        && ["\"etag\"", "\"generation\""].iter().any(|name| body.contains(name));
    (has(header::ETAG) || is_described || is_begun) && !body.contains("<Error>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_ends_when_a_page_comes_again() {
        let pages = Pages::default();
        let page = |number: usize| format!("https://s3.test/b?token={number}").parse::<Uri>().unwrap();
        assert_eq!(pages.visit(&page(1)), Ok(()));
        assert_eq!(pages.visit(&page(2)), Ok(()));
        assert!(pages.visit(&page(1)).unwrap_err().contains("no end"));
        let pages = Pages::default();
        assert!((0..MAX_PAGES).all(|number| pages.visit(&page(number)).is_ok()));
        assert!(pages.visit(&page(MAX_PAGES)).unwrap_err().contains("20000"));
    }

    #[test]
    fn an_answer_that_identifies_nothing_stores_nothing() {
        let stored = |method: &Method, path: &str, tag: &str, body: &str| {
            let answer = Response::builder().status(200).header(header::ETAG, tag);
            let uri = format!("https://store.test{path}").parse().unwrap();
            stores((method, &uri), &answer.body(body.as_bytes().to_vec()).unwrap())
        };
        let error = "<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code></Error>";
        assert!(stored(&Method::PUT, "/b/k", "\"x\"", ""));
        assert!(!stored(&Method::PUT, "/b/k", "", ""));
        assert!(!stored(&Method::PUT, "/b/k", "\"x\"", error));
        let upload = "/upload/storage/v1/b/x/o";
        assert!(stored(&Method::POST, upload, "", "{\"generation\": \"1\"}"));
        assert!(!stored(&Method::POST, upload, "", "<html>"));
        assert!(stored(&Method::PUT, "/upload/resumable/1", "", "{\"etag\": \"1\"}"));
        assert!(!stored(&Method::PUT, "/upload/resumable/1", "", "{}"));
        let begun = Response::builder().status(200).header(header::LOCATION, "https://x.test/1");
        let uri = format!("https://store.test{upload}").parse().unwrap();
        assert!(stores((&Method::POST, &uri), &begun.body(Vec::new()).unwrap()));
        assert!(stored(&Method::GET, "/b/k", "", ""));
        assert!(stored(&Method::POST, "/b?delete", "", ""));
    }
}
