//! Reads the old addresses of an article or a page from the field `aliases`.

use crate::fields::Fields;
use crate::paths::alias;

/// Maximum number of old addresses of one file. No real page moved more often.
const MAX_ALIASES: usize = 1000;

/// Returns the aliases as paths from the site's root. A path that could lead outside of the site is
/// an error.
pub(super) fn aliases(fields: &mut Fields<'_>) -> Vec<String> {
    let mut written = fields.texts("aliases");
    if written.len() > MAX_ALIASES {
        let message = tr!("this file has {} old addresses", written.len());
        fields.error(
            "aliases",
            message,
            tr!("keep at most {MAX_ALIASES}: each becomes a file of the site", MAX_ALIASES),
        );
        written.clear();
    }
    let mut aliases = Vec::with_capacity(written.len());
    for written in written {
        match alias(&written) {
            Some(path) => aliases.push(path),
            None => fields.error(
                "aliases",
                tr!("`{written}` cannot be an alias", written),
                tr!(
                    "write the old path from the digest's home, `/2024/old-name/`, without `..`, `?`, `#` or `%`, at most 32 folders deep"
                ),
            ),
        }
    }
    aliases
}
