//! Makes the links between the posts of an export of WordPress lead to their articles.

use url::Url;

use crate::diagnostic::Diagnostic;
use crate::import::draft::{Body, Draft};
use crate::import::files::{self, Format, Source};
use crate::import::generator::kind::Generator;
use crate::import::importer::Importer;
use crate::import::input::Input;
use crate::import::links;
use crate::import::reader::{self, CleanOptions};
use crate::import::record::{Found, Record, Spot};
use crate::import::wordpress;

impl Importer<'_> {
    /// Chooses the files of all posts of exports before the first one is written, so that links
    /// lead to them. Files that can be read only once, such as pipes, have no such links.
    pub(super) fn choose_files_of_exports(&mut self, sources: &[Source]) {
        if self.options.generator != Some(Generator::WordPress) {
            return;
        }
        for source in sources.iter().filter(|source| source.is_file()) {
            let Ok((input, _)) = source.read(self.options.encoding, &self.watchdog) else { continue };
            let labels = std::mem::take(&mut self.labels);
            for found in files::records(&input, Format::Feed, &labels) {
                let Found::Record(mut record) = found else { continue };
                if !wordpress::is_post(&record) {
                    continue;
                }
                let number = record.number.clone();
                wordpress::convert(&mut record);
                let base = record.base.as_deref().and_then(|base| Url::parse(base).ok());
                let options = CleanOptions { config: self.config, raw: self.options.raw };
                let drafted: Result<_, Vec<Diagnostic>> = reader::draft(&input, record, options);
                let Ok((draft, _)) = drafted else { continue };
                let Some(post) = draft.post.clone() else { continue };
                let file = self.file_of(&input, &draft);
                let targets = self.posts.targets.entry(draft.site.clone()).or_default();
                targets.add_page(&post, &draft.title, (base.as_ref(), number.as_deref()), &file);
            }
            self.labels = labels;
        }
        self.add_known_targets(Generator::WordPress);
    }

    /// True for an item of an export that is no post. It is counted.
    pub(super) fn is_passed_over(&mut self, record: &Record) -> bool {
        if wordpress::is_post(record) {
            return false;
        }
        let kind = record.kind.clone().unwrap_or_default();
        let passed_over = &mut self.posts.passed_over;
        if kind == "page" {
            let name = wordpress::name_of(record);
            passed_over.pages.push((name.clone(), format!("{name}.md")));
        } else {
            *passed_over.types.entry(kind).or_default() += 1;
        }
        true
    }

    /// Warns about shortcodes that are left in the text of an item.
    pub(super) fn warn_about_shortcodes(&mut self, input: &Input, record: &Record, left: &[String]) {
        if left.is_empty() {
            return;
        }
        let shown: Vec<String> = left.iter().map(|tag| format!("`{tag}`")).collect();
        let shown = shown.join(&tr!("list" => ", "));
        let message = tr!(
            "{n} shortcode of the old site left in the text: {shown}"
                | "{n} shortcodes of the old site left in the text: {shown}" % left.len(),
            shown
        );
        self.add_problem(
            Diagnostic::warning(message)
                .at(input.place(Spot { end: record.spot.start, ..record.spot }))
                .help(tr!("write what they show as Markdown")),
        );
    }

    /// Converts the links in the text of a post of an export.
    pub(super) fn link_exported(&self, draft: &mut Draft) {
        let Some(targets) = self.posts.targets.get(&draft.site) else { return };
        let Some(file) = draft.post.as_deref().and_then(|post| targets.file(post)) else { return };
        let Body::Markdown(text) = &mut draft.body else { return };
        let line = draft.spot.line;
        draft.repairs.extend(links::convert_pages(text, (file, line), targets));
    }
}
