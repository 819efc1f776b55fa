//! Holds the sets of characters that the programs escape in URLs.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

/// The characters that Go escapes in a path (`shouldEscape` for `encodePath`).
pub(super) const GO_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b',')
    .remove(b'/')
    .remove(b':')
    .remove(b';')
    .remove(b'=')
    .remove(b'@');

/// The characters that a path escapes: all but `pchar` and `/` (RFC 3986, section 3.3).
pub(super) const PATH: &AsciiSet = &GO_PATH.remove(b'!').remove(b'\'').remove(b'(').remove(b')').remove(b'*');

/// The characters that a fragment escapes (RFC 3986, section 3.5).
pub(super) const FRAGMENT: &AsciiSet = &PATH.remove(b'?');

/// The characters that `encodeURI` escapes (ECMA-262, section 19.2.6.4).
pub(super) const ENCODE_URI: &AsciiSet = &FRAGMENT.remove(b'#');
