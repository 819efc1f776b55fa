//! Settings of data files for programs, and of the forms of editions: `outputs:` in
//! `newsprint.yaml`.

use crate::config::images::needs_feature;
use crate::diagnostic::nearest;
use crate::fields::Fields;

/// The files to write besides the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outputs {
    /// Lists of all articles and terms in `api/`: one file for each taxonomy, and one for every
    /// thousand articles.
    pub api: bool,
    /// `index.json` beside every article.
    pub json: bool,
    /// `index.md` beside every article.
    pub markdown: bool,
    /// `llms.txt` and `llms-full.txt`.
    pub llms: bool,
    /// Maximum size of `llms-full.txt`, in bytes.
    pub llms_full: usize,
    /// The forms of every edition that a build writes beside the edition's page.
    pub editions: Forms,
}

/// A form in which an edition leaves the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// A letter: `mail.html`, and its text part `mail.txt`.
    Mail,
    /// HTML to paste into the editor of a WeChat account: `wechat.html`.
    Wechat,
    /// Plain text for chat groups: `edition.txt`.
    Text,
    /// Markdown for chat groups and bots: `edition.md`.
    Markdown,
    /// A book for e-readers: `edition.epub`.
    Epub,
    /// A picture for chat groups: `poster.png`.
    Poster,
}

impl Form {
    /// All forms, in the order of the guide.
    pub const ALL: [Self; 6] =
        [Self::Mail, Self::Wechat, Self::Text, Self::Markdown, Self::Epub, Self::Poster];

    /// The name in settings and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Wechat => "wechat",
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Epub => "epub",
            Self::Poster => "poster",
        }
    }

    /// The form with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }
}

/// A set of forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Forms(u8);

impl Forms {
    /// Adds a form.
    pub fn insert(&mut self, form: Form) {
        self.0 |= 1 << form as u8;
    }

    /// Removes a form.
    fn remove(&mut self, form: Form) {
        self.0 &= !(1 << form as u8);
    }

    /// Whether a form is in the set.
    #[must_use]
    pub fn contains(self, form: Form) -> bool {
        self.0 & (1 << form as u8) != 0
    }

    /// Iterates over the forms of the set, in the order of [`Form::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Form> {
        Form::ALL.into_iter().filter(move |&form| self.contains(form))
    }

    /// Reads a list of names; an unknown one is reported.
    fn read<'a>(fields: &mut Fields<'a>, name: &'a str) -> Self {
        let mut forms = Self::default();
        for written in fields.texts(name) {
            match Form::named(&written) {
                Some(form) => forms.insert(form),
                None => {
                    let names = Form::ALL.map(Form::name);
                    let help = nearest(&written, names).map_or_else(
                        || tr!("the forms are {}", names.join(&tr!("list" => ", "))),
                        |name| tr!("did you mean `{name}`?", name),
                    );
                    fields.error(name, tr!("there is no form `{written}` of an edition", written), help);
                }
            }
        }
        forms
    }
}

impl Default for Outputs {
    fn default() -> Self {
        Self {
            api: true,
            json: false,
            markdown: false,
            llms: true,
            llms_full: 512 << 10,
            editions: Forms::default(),
        }
    }
}

impl Outputs {
    /// Whether any of the files has one of newsprint's JSON schemas.
    #[must_use]
    pub fn with_schemas(&self) -> bool {
        self.api || self.json
    }

    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let mut outputs = Self::default();
        let Some(mut inner) = fields.inner("outputs") else { return outputs };
        for (name, flag) in [
            ("api", &mut outputs.api),
            ("json", &mut outputs.json),
            ("markdown", &mut outputs.markdown),
            ("llms", &mut outputs.llms),
        ] {
            *flag = inner.switch(name).unwrap_or(*flag);
        }
        if let Some(number) = inner.number("llms_full_kb", 1..=100 << 10) {
            outputs.llms_full = number << 10;
        }
        outputs.editions = Forms::read(&mut inner, "editions");
        if outputs.editions.contains(Form::Poster) && needs_feature(&mut inner, "editions") {
            outputs.editions.remove(Form::Poster);
        }
        fields.absorb(inner.finish());
        outputs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, FILE};

    fn forms(setting: &str) -> (Vec<&'static str>, Vec<String>) {
        let (config, found) =
            Config::parse(FILE, &format!("base_url: https://e.org/\noutputs:\n{setting}\n"));
        let helps = found.into_iter().map(|found| found.help.unwrap_or_default()).collect();
        (config.outputs.editions.iter().map(Form::name).collect(), helps)
    }

    #[test]
    fn the_forms_are_a_list_of_names() {
        let none = Vec::<String>::new();
        assert_eq!(forms("  api: on"), (vec![], none.clone()));
        assert_eq!(forms("  editions: [epub, mail, epub]"), (vec!["mail", "epub"], none.clone()));
        assert_eq!(forms("  editions: text"), (vec!["text"], none.clone()));
        let all = "  editions: [markdown, text, wechat, mail, epub]";
        assert_eq!(forms(all), (vec!["mail", "wechat", "text", "markdown", "epub"], none));
        assert_eq!(forms("  editions: [epup]"), (vec![], vec!["did you mean `epub`?".to_owned()]));
        let (found, helps) = forms("  editions: [zzzzzz, text]");
        assert_eq!((found, helps.len()), (vec!["text"], 1));
        let off = forms("  editions: [text]\neditions: off");
        assert_eq!(off.1, ["remove `editions: off`, or the forms"]);
        assert_eq!(helps[0], "the forms are mail, wechat, text, markdown, epub, poster");
    }
}
