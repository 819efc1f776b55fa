//! Reads the catalogues of messages. `tests/messages.rs` compares them with the sources, a unit test
//! of the program with its help; both include this file by path.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A key of the catalogues: context, text and plural; the first and the last may be empty.
pub(crate) type Key = (String, String, String);

/// The catalogues by file: keys and translations.
#[allow(clippy::disallowed_methods)]
pub(crate) fn catalogues() -> BTreeMap<String, Vec<(Key, String)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales/zh-CN");
    let header = fs::read_to_string(folder.join("header.po")).unwrap();
    let mut all = BTreeMap::new();
    for file in fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name == "header.po" {
            continue;
        }
        let text = format!("{header}{}", fs::read_to_string(&path).unwrap());
        let catalogue = polib::po_file::parse_from_reader(text.as_bytes())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let entries = catalogue.messages().map(|message| {
            let plural = message.msgid_plural().unwrap_or_default();
            let translation = match message.msgstr_plural() {
                Ok(forms) => forms.first().cloned().unwrap_or_default(),
                Err(_) => message.msgstr().unwrap_or_default().to_owned(),
            };
            let context = message.msgctxt().unwrap_or_default();
            let key = (context.to_owned(), message.msgid().to_owned(), plural.to_owned());
            (key, translation)
        });
        all.insert(name, entries.collect());
    }
    assert!(all.len() > 5, "{:?}", all.keys());
    all
}

/// An entry of a catalogue, to be copied and filled in.
pub(crate) fn entry((context, english, plural): &Key) -> String {
    let quoted =
        |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"));
    let mut entry = String::new();
    if !context.is_empty() {
        entry += &format!("msgctxt {}\n", quoted(context));
    }
    entry += &format!("msgid {}\n", quoted(english));
    if plural.is_empty() {
        return entry + "msgstr \"\"\n";
    }
    entry + &format!("msgid_plural {}\nmsgstr[0] \"\"\n", quoted(plural))
}
