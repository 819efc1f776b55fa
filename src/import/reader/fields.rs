//! Reads the entries of a record into the draft, and the fields that hold one plain text.

use crate::config::Ai;
use crate::import::clean;
use crate::import::html;
use crate::import::reader::roles::Roles;
use crate::import::reader::state::Reader;
use crate::import::reader::words::{is_no_title, is_placeholder, one_line, without_emphasis};
use crate::import::record::{Entry, Field, Spot, Value};
use crate::import::repair::Kind;
use crate::yaml::Node;

impl Reader<'_> {
    /// Reads one entry. `written` collects the texts of the article as written, for its hash.
    pub(super) fn read_entry(&mut self, entry: Entry, roles: &Roles, written: &mut String) {
        let Entry { field, value, spot } = entry;
        match roles.resolve(field) {
            Field::Extra(name) => self.keep_extra(&name, value, spot),
            Field::Terms(taxonomy) => self.add_terms(taxonomy, value, spot),
            Field::Aliases => self.add_aliases(value, spot),
            Field::Body => self.add_body(value, spot, written),
            field => self.read_field(&field, value, spot),
        }
    }

    /// Reads a field that holds one value. Further values and nested data are kept under `extra`.
    fn read_field(&mut self, field: &Field, value: Value, spot: Spot) {
        let name = field_name(field);
        let value = match value {
            Value::Html(html) => {
                let mut changes = Vec::new();
                let line = html::one_line(&html, &mut changes);
                self.add_repairs(changes, spot);
                line
            }
            Value::Text(text) | Value::Markdown(text) => text,
            Value::Items(items) => items.join("\n"),
            Value::Data(node) => match node.text() {
                Some(text) => text.to_owned(),
                // `source: {name: …}`: the field cannot hold it.
                None => return self.keep_extra(name, Value::Data(node), spot),
            },
        };
        if self.seen.contains(field) {
            self.warn(
                tr!("this record has a second `{name}`", name),
                spot,
                tr!("the first is used; the others are kept under `extra`"),
            );
            return self.keep_extra(name, Value::Text(value), spot);
        }
        self.warn_if_damaged(&value, spot);
        let mut changes = Vec::new();
        let text = clean::clean(&value, &mut changes);
        let is_nothing = match field {
            Field::Title => is_no_title(&text, self.draft.name.is_some(), self.options.config),
            // `none` (无) is a value.
            Field::Ai if Ai::parse(&text).is_some() => false,
            _ => is_placeholder(&text, self.options.config),
        };
        if *field == Field::Title && (is_nothing || one_line(&text).is_empty()) && !value.trim().is_empty() {
            self.refused_title = Some((value.trim().to_owned(), spot));
        }
        if is_nothing {
            changes.push((Kind::Placeholder, text.trim().to_owned(), String::new()));
            return self.add_repairs(changes, spot);
        }
        if !text.trim().is_empty() {
            self.seen.push(field.clone());
        }
        let line = || Some(one_line(&text)).filter(|line| !line.is_empty());
        match field {
            Field::Title => self.draft.title = without_emphasis(&one_line(&text)).to_owned(),
            Field::Event => self.draft.event = line(),
            Field::Summary => self.draft.summary = line(),
            Field::Source => {
                let sources: Vec<&str> =
                    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
                self.draft.source = Some(one_line(&sources.join("、"))).filter(|text| !text.is_empty());
            }
            Field::Slug => self.draft.slug = line(),
            Field::Image => self.set_image(&text, spot),
            Field::Draft => self.set_draft(&text, spot, &mut changes),
            Field::Ai => self.set_ai(&text, spot, &mut changes),
            Field::Reviewed => self.set_reviewed(&text, spot, &mut changes),
            Field::Link => self.set_link(&text, spot, &mut changes),
            // A switch, which other generators have under this name.
            Field::Publish if Node::Text(text.trim().to_owned()).switch().is_some() => {
                self.keep_extra(name, Value::Text(text.clone()), spot);
            }
            Field::Date | Field::Updated | Field::Publish | Field::Expires => {
                self.set_date(field, &text, spot, &mut changes);
            }
            _ => {}
        }
        self.add_repairs(changes, spot);
    }

    /// Warns about a text that contains U+FFFD.
    pub(super) fn warn_if_damaged(&mut self, text: &str, spot: Spot) {
        if text.contains(char::REPLACEMENT_CHARACTER) {
            self.warn(
                tr!("this text contains U+FFFD: a character was lost before the import"),
                spot,
                tr!("get the record again from its source; it was imported unchanged"),
            );
        }
    }
}

/// The name under `extra` of a value that its field cannot hold.
fn field_name(field: &Field) -> &'static str {
    match field {
        Field::Title => "title",
        Field::Link => "link",
        Field::Body => "body",
        Field::Summary => "summary",
        Field::Abstract => "abstract",
        Field::Event => "event",
        Field::Date => "date",
        Field::Updated => "updated",
        Field::Publish => "publish",
        Field::Expires => "expires",
        Field::Source => "source",
        Field::Slug => "slug",
        Field::Image => "image",
        Field::Draft => "draft",
        Field::Ai => "ai",
        Field::Reviewed => "reviewed",
        Field::Aliases => "aliases",
        Field::Terms(_) | Field::Extra(_) => "extra",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::import::draft::Draft;
    use crate::import::input::Input;
    use crate::import::reader::state::CleanOptions;

    /// The draft of some fields, and the number of warnings.
    fn read(fields: Vec<(Field, Value)>) -> (Draft, usize) {
        let input = Input { name: "in.txt".into(), text: String::new().into() };
        let config = Config::default();
        let mut reader = Reader::new(&input, CleanOptions { config: &config, raw: false });
        for (field, value) in fields {
            reader.read_field(&field, value, Spot::default());
        }
        (reader.draft, reader.problems.len())
    }

    #[test]
    fn texts_of_one_line_are_cleaned() {
        let (draft, warnings) = read(vec![
            (Field::Title, Value::Text(" **开源&amp;闭源** ".into())),
            (Field::Source, Value::Text("甲报\n乙报".into())),
            (Field::Event, Value::Html("<b>发布</b>\n模型".into())),
        ]);
        assert_eq!(draft.title, "开源&闭源");
        assert_eq!(draft.source.as_deref(), Some("甲报、乙报"));
        assert_eq!(draft.event.as_deref(), Some("发布模型"));
        assert_eq!(warnings, 0);
    }

    #[test]
    fn a_second_value_is_kept_under_extra_with_a_warning() {
        let text = |text: &str| Value::Text(text.into());
        let (draft, warnings) = read(vec![(Field::Title, text("一")), (Field::Title, text("二"))]);
        assert_eq!((draft.title.as_str(), warnings), ("一", 1));
        assert_eq!(draft.extra, [("title".to_owned(), Node::Text("二".to_owned()))]);
    }

    #[test]
    fn a_placeholder_leaves_room_for_a_value() {
        let text = |text: &str| Value::Text(text.into());
        let (draft, warnings) = read(vec![(Field::Source, text("无")), (Field::Source, text("甲报"))]);
        assert_eq!((draft.source.as_deref(), warnings), (Some("甲报"), 0));
        assert_eq!(draft.repairs[0].kind, Kind::Placeholder);
    }

    #[test]
    fn none_is_a_value_of_ai_and_a_placeholder_is_not() {
        for (written, ai) in [("无", Some(Ai::None)), ("none", Some(Ai::None)), ("N/A", None), ("暂无", None)]
        {
            let (draft, warnings) = read(vec![(Field::Ai, Value::Text(written.into()))]);
            assert_eq!((draft.authorship.ai, draft.extra.len(), warnings), (ai, 0, 0), "{written}");
        }
    }

    #[test]
    fn nested_data_is_kept_under_extra() {
        let node = Node::Map(vec![("name".to_owned(), Node::Text("甲报".to_owned()))]);
        let (draft, _) = read(vec![(Field::Source, Value::Data(node.clone()))]);
        assert_eq!((draft.source, draft.extra), (None, vec![("source".to_owned(), node)]));
    }

    #[test]
    fn a_lost_character_is_a_warning() {
        assert_eq!(read(vec![(Field::Title, Value::Text("坏\u{FFFD}字".into()))]).1, 1);
    }
}
