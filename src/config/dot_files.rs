//! Reads `dot_files:` in `newsprint.yaml`, the names of hidden static files to publish.

use crate::fields::Fields;
use crate::paths::names::{self, Treatment};

/// What newsprint's own folder is called; the names of its files in a store begin with it and `-`.
const OWN: &str = ".newsprint";

/// The names that the setting lists. A name that is published anyway, or never, is an error.
pub(super) fn read(fields: &mut Fields<'_>) -> Vec<String> {
    let written = fields.texts("dot_files");
    let (names, wrong): (Vec<String>, Vec<String>) =
        written.into_iter().partition(|name| problem(name).is_none());
    for name in wrong {
        let (message, help) = problem(&name).unwrap_or_default();
        fields.error_within("dot_files", &name, message, help);
    }
    names
}

/// The error of a name that cannot be in the list, and what to do; `None` if it can.
fn problem(name: &str) -> Option<(String, String)> {
    if !name.starts_with('.') || name.contains(['/', '\\']) || name.trim_matches('.').is_empty() {
        let help = tr!("write the name of a file or folder below `static/` that begins with a dot: `.name`");
        return Some((tr!("`{name}` is not the name of a hidden file", name), help));
    }
    if name == OWN || name.strip_prefix(OWN).is_some_and(|rest| rest.starts_with('-')) {
        let message = tr!(
            "`{name}` is never published: newsprint keeps its own lists under such names in a store",
            name
        );
        return Some((message, tr!("remove it here, and rename the file below `static/`")));
    }
    let message = match names::treatment(name, false) {
        Treatment::Unknown if name != names::WELL_KNOWN => return None,
        Treatment::Unknown | Treatment::Published => tr!("`{name}` is always published", name),
        Treatment::Ignored => {
            tr!("`{name}` is never published: editors and systems leave such files", name)
        }
        Treatment::Private => tr!("`{name}` is never published: it may hold passwords or keys", name),
    };
    Some((message, tr!("remove it")))
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, FILE};

    #[test]
    fn names_of_unknown_hidden_files_can_be_listed() {
        let read = |list: &str| Config::parse(FILE, &format!("base_url: https://a.cn/\ndot_files: {list}\n"));
        let (config, problems) = read("[.foo, .Bar.json]");
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(config.dot_files, [".foo", ".Bar.json"]);
        for bad in [
            ".env",
            ".git",
            ".DS_Store",
            ".htaccess",
            ".well-known",
            "foo",
            ".",
            "..",
            "a/.b",
            ".a/b",
            ".npmrc",
            ".newsprint",
            ".newsprint-files",
            ".newsprint-pending",
            ".newsprint-part-0123456789abcdef",
        ] {
            let (config, problems) = read(&format!("['{bad}', .ok]"));
            assert_eq!(config.dot_files, [".ok"], "{bad}");
            assert_eq!(problems.len(), 1, "{bad}");
            assert!(problems[0].message.starts_with(&format!("`{bad}` is ")), "{bad}");
            assert_eq!(problems[0].place.as_ref().map(|place| place.line), Some(2), "{bad}");
        }
    }
}
