//! Makes the template variables of forms from an edition's articles, once for all the attempts that
//! a limit takes.

use std::borrow::Cow;
use std::cell::OnceCell;

use tera::{Context, Value};

use crate::plan::view::form::{EditionForm, FormItem, FormReport};
use crate::render::form::address::valid;
use crate::render::form::notes::Notes;
use crate::render::parts::Parts;
use crate::render::value::map;

/// An item whose key event takes more than this share of a limit is shortened to title and address,
/// so that the others have room.
pub(super) const LONGEST_SHARE: usize = 4;

/// The articles of a form as template variables.
pub(super) struct Prepared<'f, 's> {
    form: &'f EditionForm<'s>,
    /// By group, then item.
    groups: Vec<(Value, Vec<Item>)>,
    edition: OnceCell<Value>,
}

/// An item in its two versions.
struct Item {
    whole: Value,
    /// Title and address alone.
    short: Value,
    /// Length of the key event in UTF-16 units.
    length: usize,
}

/// How many items a form shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    /// Number of items that are shown whole, from the first.
    pub(super) whole: usize,
    /// Number of items that are shown at all; those after the whole ones as title and address.
    pub(super) shown: usize,
}

impl<'f, 's> Prepared<'f, 's> {
    /// Prepares all items. With `notes`, each address gets the number of its note.
    pub(super) fn new(form: &'f EditionForm<'s>, parts: &Parts<'_>, mut notes: Option<&mut Notes>) -> Self {
        let mut number = 0;
        let groups = form.groups.iter().map(|group| {
            let items = group.items.iter().map(|item| {
                number += 1;
                prepare(item, number, parts, notes.as_deref_mut())
            });
            (Value::from_serializable(&group.name), items.collect())
        });
        Self { form, groups: groups.collect(), edition: OnceCell::new() }
    }

    /// Shortens the items whose key event is longer than `longest` to title and address.
    pub(super) fn shorten(&mut self, longest: usize) {
        for item in self.groups.iter_mut().flat_map(|(_, items)| items) {
            if item.length > longest {
                item.whole = item.short.clone();
            }
        }
    }

    /// Number of items.
    pub(super) fn len(&self) -> usize {
        self.groups.iter().map(|(_, items)| items.len()).sum()
    }

    /// All items.
    pub(super) fn all(&self) -> Cut {
        Cut { whole: self.len(), shown: self.len() }
    }

    /// The variables `edition`, `groups` and `left`.
    pub(super) fn context(&self, cut: Cut) -> Context {
        let mut context = Context::new();
        let edition = self.edition.get_or_init(|| Value::from_serializable(&self.form.edition));
        context.insert_value("edition", edition.clone());
        let mut at = 0;
        let mut groups: Vec<Value> = Vec::with_capacity(self.groups.len());
        for (name, items) in &self.groups {
            let mut shown: Vec<Value> = Vec::with_capacity(items.len());
            for item in items {
                if at < cut.shown {
                    shown.push(if at < cut.whole { &item.whole } else { &item.short }.clone());
                }
                at += 1;
            }
            if !shown.is_empty() {
                groups.push(map([("name", name.clone()), ("items", Value::from(shown))]));
            }
        }
        context.insert_value("groups", Value::from(groups));
        context.insert_value("left", Value::from(self.len() - cut.shown.min(self.len())));
        context
    }
}

fn prepare(item: &FormItem<'_>, number: usize, parts: &Parts<'_>, mut notes: Option<&mut Notes>) -> Item {
    let card = parts.card(item.card.id);
    let mut note = |title: &str, label: Option<&str>, url: &str| match &mut notes {
        Some(notes) => Value::from(notes.number(&labelled(title, label), url)),
        None => Value::none(),
    };
    let url = valid(card.link.unwrap_or(card.permalink));
    let note_of_item = note(card.title, card.label, &url);
    let reports: Vec<Value> = item
        .reports
        .iter()
        .map(|report| {
            let url = report_url(report);
            let note = note(report.title, report.label, &url);
            map([
                ("title", Value::from_serializable(&report.title)),
                ("title_language", Value::from_serializable(&report.title_language)),
                ("source", Value::from_serializable(&report.source)),
                ("label", Value::from_serializable(&report.label)),
                ("url", Value::from_serializable(&url)),
                ("permalink", Value::from_serializable(&report.permalink)),
                ("note", note),
            ])
        })
        .collect();
    let article = parts.article(item.card.id);
    let version = |is_short: bool, reports: Vec<Value>| {
        map([
            ("article", article.clone()),
            ("number", Value::from(number)),
            ("url", Value::from_serializable(&url)),
            ("note", note_of_item.clone()),
            ("is_short", Value::from(is_short)),
            ("reports", Value::from(reports)),
        ])
    };
    let units = |text: &str| text.encode_utf16().count();
    let length = units(card.summary);
    Item { whole: version(false, reports), short: version(true, Vec::new()), length }
}

/// A title, followed by the label of machine-written text if there is one.
pub(super) fn labelled<'t>(title: &'t str, label: Option<&str>) -> Cow<'t, str> {
    match label {
        Some(label) => Cow::Owned(format!("{title} [{label}]")),
        None => Cow::Borrowed(title),
    }
}

/// The address of a report: that of the original, or else of its page.
pub(super) fn report_url(report: &FormReport<'_>) -> String {
    valid(report.link.unwrap_or(report.permalink))
}

/// The largest number from 0 to `most` for which `fits` holds, which holds for every smaller number
/// then; `None` if it does not hold for 0.
///
/// # Errors
/// Those of `fits`.
pub(super) fn largest<E>(
    most: usize,
    mut fits: impl FnMut(usize) -> Result<bool, E>,
) -> Result<Option<usize>, E> {
    if fits(most)? {
        return Ok(Some(most));
    }
    if most == 0 || !fits(0)? {
        return Ok(None);
    }
    let (mut fitting, mut failing) = (0, most);
    while failing - fitting > 1 {
        let middle = fitting + (failing - fitting) / 2;
        if fits(middle)? { fitting = middle } else { failing = middle }
    }
    Ok(Some(fitting))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_number_that_fits_is_found() {
        let found = |most: usize, limit: usize| largest(most, |n| Ok::<bool, ()>(n < limit)).unwrap();
        for most in 0..9 {
            assert_eq!(found(most, 0), None);
            for limit in 1..12 {
                assert_eq!(found(most, limit), Some(most.min(limit - 1)), "{most} {limit}");
            }
        }
        assert_eq!(largest(3, |_| Err::<bool, u8>(7)), Err(7));
    }
}
