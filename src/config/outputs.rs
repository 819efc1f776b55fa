//! Settings of data files for programs: `outputs:` in `newsprint.yaml`.

use crate::fields::Fields;

/// The data files to write.
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
}

impl Default for Outputs {
    fn default() -> Self {
        Self { api: true, json: false, markdown: false, llms: true, llms_full: 512 << 10 }
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
        fields.absorb(inner.finish());
        outputs
    }
}
