//! Gives the maps of templates an order that does not change with the process.
//!
//! Tera 2.4 keeps the order in which a map was filled (feature `preserve_order`), but fills two maps
//! from a hash table with a random seed: the result of the filter `group_by` (`src/filters.rs`) and
//! `__tera_context` (`dump_context` in `src/vm/state.rs`). Both are replaced here.

use std::borrow::Cow;
use std::ops::Range;

use tera::value::Key;
use tera::{Error, Kwargs, Map, State, Tera, TeraResult, Value};

/// The variable with all variables, which Tera fills from a hash table.
const DUMP: &str = "__tera_context";

/// What is written around [`DUMP`] in a template: a filter that sorts by name.
const BEFORE: &str = "(";
const AFTER: &str = "|__by_name)";

/// Registers the filters whose results have an order.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("group_by", group_by);
    tera.register_filter("__by_name", by_name);
}

/// Tera's filter `group_by`, with the groups in the order of their first values. Values without the
/// attribute are an error; those where it is null are in no group.
#[allow(clippy::needless_pass_by_value)] // The signature of a filter.
fn group_by(values: &[Value], arguments: Kwargs, _: &State<'_>) -> TeraResult<Map> {
    if values.is_empty() {
        return Ok(Map::new());
    }
    let attribute = arguments.must_get::<&str>("attribute")?;
    let mut positions = Map::new();
    let mut groups: Vec<Vec<Value>> = Vec::new();
    for (at, value) in values.iter().enumerate() {
        let Some(found) = value.get_from_path(attribute) else {
            return Err(Error::message(tr!(
                "Value at index {at} (a {kind}) does not have an attribute at path: {attribute}",
                at,
                kind = value.name(),
                attribute
            )));
        };
        if found.is_none() {
            continue;
        }
        let group = position(found, groups.len(), &mut positions)?;
        match groups.get_mut(group) {
            Some(group) => group.push(value.clone()),
            None => groups.push(vec![value.clone()]),
        }
    }
    Ok(positions.into_keys().zip(groups).map(|(key, group)| (key, Value::from(group))).collect())
}

/// The position of the group of a key. A new key gets the position `next`.
fn position(key: &Value, next: usize, positions: &mut Map) -> TeraResult<usize> {
    let key = if let Some(text) = key.as_str() {
        Key::from(text.to_owned())
    } else if let Some(flag) = key.as_bool() {
        Key::Bool(flag)
    } else if let Some(number) = key.as_i128() {
        Key::from(number)
    } else if let Some(number) = key.as_u128() {
        Key::from(number)
    } else {
        let message =
            tr!("Not a valid key type: {kind} (a text, an integer or a boolean is)", kind = key.name());
        return Err(Error::message(message));
    };
    let known = positions.get(&key).and_then(Value::as_u64);
    match known.and_then(|at| usize::try_from(at).ok()) {
        Some(at) => Ok(at),
        None => {
            positions.insert(key, Value::from(next as u64));
            Ok(next)
        }
    }
}

/// Sorts a map by its keys.
fn by_name(map: &Map, _: Kwargs, _: &State<'_>) -> Map {
    let mut sorted = map.clone();
    sorted.sort_unstable_keys();
    sorted
}

/// The text of a template as Tera gets it: `__tera_context` is sorted by name where a template
/// prints it or walks it. Where it reads one variable of it (`__tera_context.config`), or in a text
/// outside of tags, nothing changes.
pub(super) fn with_sorted_dump(template: &str) -> Cow<'_, str> {
    let found = dumps(template);
    if found.is_empty() {
        return template.into();
    }
    let mut text = String::with_capacity(template.len() + found.len() * (BEFORE.len() + AFTER.len()));
    let mut done = 0;
    for Range { start, end } in found {
        text.push_str(&template[done..start]);
        text.push_str(BEFORE);
        text.push_str(&template[start..end]);
        text.push_str(AFTER);
        done = end;
    }
    text.push_str(&template[done..]);
    text.into()
}

/// Converts a byte range in the text that Tera got ([`with_sorted_dump`]) to the range in the
/// template as written.
pub(super) fn range_as_written(template: &str, range: Range<usize>) -> Range<usize> {
    let found = dumps(template);
    let as_written = |at: usize| {
        let mut shift = 0;
        for name in &found {
            if at <= name.start + shift {
                return at - shift;
            }
            shift += BEFORE.len();
            if at <= name.end + shift {
                return (at - shift).max(name.start);
            }
            shift += AFTER.len();
            if at <= name.end + shift {
                return name.end;
            }
        }
        at - shift
    };
    as_written(range.start)..as_written(range.end)
}

/// The byte ranges of [`DUMP`] in the tags of a template, without those that read one variable or
/// give it a value. Tags, texts in quotes, comments and `raw` are those of Tera's lexer.
fn dumps(template: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !template.contains(DUMP) {
        return found;
    }
    let mut at = 0;
    while let Some(start) = template[at..].find(['{']) {
        at += start;
        let rest = &template[at..];
        let end = if rest.starts_with("{#") {
            rest.find("#}").map(|end| end + 2)
        } else if let Some(inner) = tag_named(rest, "raw") {
            let ends =
                rest.match_indices("{%").find_map(|(at, _)| Some(at + tag_named(&rest[at..], "endraw")?));
            Some(ends.unwrap_or(inner))
        } else if rest.starts_with("{{") || rest.starts_with("{%") {
            let close = if rest.starts_with("{{") { "}}" } else { "%}" };
            Some(scan_tag(rest, close, at, &mut found))
        } else {
            Some(1)
        };
        at += end.unwrap_or(rest.len());
    }
    found
}

/// The length of the tag `{% name %}` that a text begins with, also with `-` at its ends.
fn tag_named(text: &str, name: &str) -> Option<usize> {
    let inner = text.strip_prefix("{%")?;
    let inner = inner.strip_prefix('-').unwrap_or(inner).trim_ascii_start();
    let inner = inner.strip_prefix(name)?.trim_ascii_start();
    let rest = inner.strip_prefix('-').unwrap_or(inner).strip_prefix("%}")?;
    Some(text.len() - rest.len())
}

/// Scans the tag that `text` begins with, up to its `close`. Adds the ranges of [`DUMP`], moved by
/// `offset`, and returns the length of the tag.
fn scan_tag(text: &str, close: &str, offset: usize, found: &mut Vec<Range<usize>>) -> usize {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut at = 2;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if rest.starts_with(close) {
            return at + close.len();
        }
        at += match c {
            '"' | '\'' | '`' => quoted_length(rest),
            _ if is_name(c) => {
                let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
                let is_attribute =
                    text[..at].trim_end().ends_with('.') && !text[..at].trim_end().ends_with("...");
                if &rest[..length] == DUMP && !is_attribute && is_whole(&rest[length..]) {
                    found.push(offset + at..offset + at + length);
                }
                length
            }
            _ => c.len_utf8(),
        };
    }
    text.len()
}

/// The length of the text in quotes that `text` begins with.
fn quoted_length(text: &str) -> usize {
    let mut characters = text.char_indices();
    let quote = characters.next().map(|(_, quote)| quote);
    while let Some((at, c)) = characters.next() {
        if c == '\\' {
            characters.next();
        } else if Some(c) == quote {
            return at + c.len_utf8();
        }
    }
    text.len()
}

/// True if what follows a variable neither reads a part of it nor gives it a value.
fn is_whole(rest: &str) -> bool {
    let rest = rest.trim_start();
    let is_part = rest.starts_with(['.', '[']) || rest.starts_with("?.") || rest.starts_with("?[");
    let is_name = rest.starts_with('=') && !rest.starts_with("==");
    !is_part && !is_name
}

#[cfg(test)]
mod tests {
    use super::*;
    use tera::Context;

    fn render(template: &str) -> Result<String, String> {
        let mut tera = Tera::new();
        register(&mut tera);
        tera.add_raw_template("a", &with_sorted_dump(template)).map_err(|error| error.to_string())?;
        let mut context = Context::new();
        let item = |key: Value, n: u64| {
            let mut map = Map::new();
            map.insert("k".into(), key);
            map.insert("n".into(), Value::from(n));
            Value::from(map)
        };
        let keys =
            [Value::from("丁"), Value::from("甲"), Value::from("丁"), Value::none(), Value::from("乙")];
        let list: Vec<Value> = keys.into_iter().zip(1..).map(|(key, n)| item(key, n)).collect();
        context.insert_value("list", Value::from(list));
        let mixed = [Value::from(true), Value::from(7_u64), Value::from(-1_i64), Value::from(7_i64)];
        let mixed: Vec<Value> = mixed.into_iter().zip(1..).map(|(key, n)| item(key, n)).collect();
        context.insert_value("mixed", Value::from(mixed));
        context.insert_value("floats", Value::from(vec![item(Value::from(0.5), 1)]));
        context.insert_value("empty", Value::from(Vec::<Value>::new()));
        tera.render("a", &context).map_err(|error| error.to_string())
    }

    fn groups(list: &str) -> Result<String, String> {
        render(&format!(
            "{{% for k, v in {list} | group_by(attribute=\"k\") %}}{{{{ k }}}}:{{% for i in v %}}{{{{ i.n }}}}{{% endfor %}} {{% endfor %}}"
        ))
    }

    #[test]
    fn groups_are_in_the_order_of_their_first_values() {
        assert_eq!(groups("list").unwrap(), "丁:13 甲:2 乙:5 ");
        assert_eq!(groups("mixed").unwrap(), "true:1 7:24 -1:3 ");
        assert_eq!(groups("empty").unwrap(), "");
    }

    #[test]
    fn what_cannot_be_grouped_is_an_error() {
        let error = groups("floats").unwrap_err();
        assert!(error.contains("Not a valid key type: f64"), "{error}");
        let error = render("{{ list | group_by(attribute=\"x.y\") }}").unwrap_err();
        assert!(
            error.contains("Value at index 0 (a map/struct) does not have an attribute at path: x.y"),
            "{error}"
        );
        let error = render("{{ list | group_by }}").unwrap_err();
        assert!(error.contains("attribute"), "{error}");
    }

    #[test]
    fn all_variables_are_sorted_by_name_in_each_place() {
        let names = "c d empty floats list mixed ";
        for walk in [
            "{% for k, v in __tera_context %}{{ k }} {% endfor %}",
            "{%for k, v in __tera_context%}{{ k }} {%endfor%}",
            "{% for k in __tera_context | keys %}{{ k }} {% endfor %}",
            "{% for p in __tera_context | pairs %}{{ p[0] }} {% endfor %}",
            "{% set all = __tera_context %}{% for k, v in all %}{{ k }} {% endfor %}",
            "{% for k, v in {...__tera_context} %}{{ k }} {% endfor %}",
        ] {
            let found = render(&format!("{{% set d = 1 %}}{{% set c = 2 %}}{walk}")).unwrap();
            assert_eq!(found, names, "{walk}");
        }
        let printed = render("{% set b = 1 %}{{ __tera_context }}").unwrap();
        assert!(printed.starts_with("{&quot;b&quot;: 1,") || printed.starts_with("{\"b\": 1,"), "{printed}");
    }

    #[test]
    fn only_the_whole_variable_in_a_tag_is_sorted() {
        for same in [
            "__tera_context",
            "{# __tera_context #}",
            "{% raw %}{{ __tera_context }}{% endraw %}",
            "{%- raw -%}{{ __tera_context }}{%- endraw -%}",
            "{{ \"__tera_context\" }}",
            "{{ '\\'__tera_context' }}",
            "{{ `__tera_context` }}",
            "{{ __tera_context.list }}",
            "{{ __tera_context[\"list\"] }}",
            "{{ __tera_context?.list }}",
            "{{ __tera_context ?[\"list\"] }}",
            "{{ a.__tera_context }}",
            "{{ __tera_contexts }}{{ a__tera_context }}",
            "{% set __tera_context = 1 %}",
            "{ __tera_context }",
            "{{ x }} __tera_context",
            "{% if x %} __tera_context {% endif %}",
            "{{ __tera_context.list",
            "{# __tera_context",
            "{% raw %}{{ 1 }}",
        ] {
            assert_eq!(with_sorted_dump(same), same);
        }
        for (template, text) in [
            ("{{ __tera_context }}", "{{ (__tera_context|__by_name) }}"),
            ("{{__tera_context}}文", "{{(__tera_context|__by_name)}}文"),
            ("{{ \"文\" ~ __tera_context }}", "{{ \"文\" ~ (__tera_context|__by_name) }}"),
            ("{% if __tera_context == x %}", "{% if (__tera_context|__by_name) == x %}"),
            ("{# x #}{{ __tera_context }}", "{# x #}{{ (__tera_context|__by_name) }}"),
            (
                "{% raw %}{{ x }}{% endraw %}{{ __tera_context }}",
                "{% raw %}{{ x }}{% endraw %}{{ (__tera_context|__by_name) }}",
            ),
            ("{{ 'a' }}{{ f(x=__tera_context) }}", "{{ 'a' }}{{ f(x=(__tera_context|__by_name)) }}"),
            ("{{ __tera_context", "{{ (__tera_context|__by_name)"),
        ] {
            assert_eq!(with_sorted_dump(template), text);
        }
    }

    #[test]
    fn places_are_those_of_the_template_as_written() {
        let template = "a {{ __tera_context }} b {{ __tera_context }} c";
        let text = with_sorted_dump(template);
        for word in ["a ", " }} b", "__tera_context", " c"] {
            let (written, at) = (template.rfind(word).unwrap(), text.rfind(word).unwrap());
            let range = range_as_written(template, at..at + word.len());
            assert_eq!(range, written..written + word.len(), "{word}");
        }
        let (start, end) = (text.find("|__by").unwrap(), text.find(") }}").unwrap());
        assert_eq!(range_as_written(template, start..end), 19..19);
        assert_eq!(range_as_written("x {{ y }}", 2..9), 2..9);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn no_template_is_changed_twice_or_in_its_text(template in "(\\{\\{|\\}\\}|\\{%|%\\}|\\{#|#\\}|raw|endraw|__tera_context| |\"|'|\\.|=|文|\\\\){0,16}") {
            let text = with_sorted_dump(&template);
            proptest::prop_assert_eq!(text.replace("(__tera_context|__by_name)", "__tera_context"), template.replace("(__tera_context|__by_name)", "__tera_context"));
            let whole = range_as_written(&template, 0..text.len());
            proptest::prop_assert_eq!(whole, 0..template.len());
        }
    }
}
