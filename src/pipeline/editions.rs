//! Renders single editions of a planned site, for the command `newsprint edition`.

use crate::plan;
use crate::plan::view::form::{FormFile, FormView};
use crate::render::{self, Rendered, Renderer, TemplateProblem};
use crate::site::Bodies;
use crate::site::calendar::Span;
use crate::site::edition::Editions;

/// Gives the editions of a site.
pub(crate) trait EditionSource: Sync {
    /// All editions; `None` if the digest has none.
    fn editions(&self) -> Option<&Editions>;

    /// Renders the edition of a span.
    ///
    /// # Errors
    /// A template fails, a source file has changed, or the limit is too small.
    fn render(&self, request: &FormRequest) -> Result<RenderedEdition, TemplateProblem>;
}

/// A rendered edition.
pub(crate) struct RenderedEdition {
    pub(crate) bytes: Vec<u8>,
    pub(crate) rendered: Rendered,
    /// The edition's title.
    pub(crate) title: String,
    /// URL of the edition's page.
    pub(crate) permalink: String,
}

/// Which edition to render, and how.
pub(crate) struct FormRequest {
    pub(crate) span: Span,
    pub(crate) file: FormFile,
    /// Maximum length of a text in UTF-16 units.
    pub(crate) limit: Option<usize>,
    /// Replaces the unsubscribe address of the settings.
    pub(crate) unsubscribe: Option<String>,
}

/// Renders an edition from the plan of a site.
pub(super) struct EditionMaker<'p, 's> {
    pub(super) input: plan::Input<'s>,
    pub(super) renderer: &'p Renderer<'s>,
    pub(super) bodies: &'p Bodies,
}

impl EditionSource for EditionMaker<'_, '_> {
    fn editions(&self) -> Option<&Editions> {
        plan::form::editions(self.input)
    }

    fn render(&self, request: &FormRequest) -> Result<RenderedEdition, TemplateProblem> {
        let path = request.span.parts().join("/") + "/" + request.file.name();
        let Some(mut form) = plan::form::edition(self.input, request.span, request.file) else {
            return Err(render::outdated(&path));
        };
        if let Some(unsubscribe) = &request.unsubscribe {
            form.unsubscribe = Some(unsubscribe.clone());
        }
        let mut bytes = Vec::new();
        let rendered = self.renderer.render_form(&form, &path, request.limit, self.bodies, &mut bytes)?;
        let FormView { title, permalink, .. } = form.edition;
        Ok(RenderedEdition { bytes, rendered, title, permalink })
    }
}
