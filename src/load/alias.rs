//! Old addresses of an article or a page: the field `aliases`.

use crate::fields::Fields;
use crate::paths::alias;

/// Old addresses that one file may have: nothing moved more often.
const MAX_ALIASES: usize = 1000;

/// Aliases are paths from the digest's home; anything that could leave it is an error.
pub(super) fn aliases(fields: &mut Fields<'_>) -> Vec<String> {
    let mut written = fields.texts("aliases");
    if written.len() > MAX_ALIASES {
        let message = format!("this has {} old addresses", written.len());
        fields.error("aliases", message, format!("each is a file; keep at most {MAX_ALIASES}"));
        written.clear();
    }
    let mut aliases = Vec::with_capacity(written.len());
    for written in written {
        match alias(&written) {
            Some(path) => aliases.push(path),
            None => fields.error(
                "aliases",
                format!("`{written}` cannot be an alias"),
                "write the old path from the digest's home, `/2024/old-name/`, without `..`, `?`, `#` or `%`, at most 32 folders deep",
            ),
        }
    }
    aliases
}
