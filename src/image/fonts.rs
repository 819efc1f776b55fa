//! Finds fonts, and tells which of them has a character and how wide it is.

use std::collections::HashSet;
use std::sync::Arc;

use fontdb::{Database, FaceInfo, ID, Source, Style, Weight};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

use crate::fingerprint::Fingerprint;
use crate::image::{VERSION, Wanted};

/// The weight from which a face counts as bold.
pub(super) const BOLD: u16 = 600;

/// The fonts of pictures, in the order in which a character is looked for.
#[derive(Debug)]
pub struct Fonts {
    /// These faces and no others, so that what is installed besides changes no pixel.
    pub(super) database: Arc<Database>,
    pub(super) faces: Vec<Face>,
    fingerprint: Fingerprint,
}

/// A regular or bold face.
#[derive(Debug)]
pub(super) struct Face {
    pub(super) id: ID,
    family: String,
    pub(super) is_bold: bool,
    bytes: Arc<Vec<u8>>,
    index: u32,
}

impl Fonts {
    /// Finds the wanted fonts, each with its name, else those of `preferred` that are installed. Fonts
    /// of symbols that are installed follow.
    ///
    /// # Errors
    /// The names of wanted fonts that are not installed or no fonts. An empty list: all of
    /// `preferred` are missing.
    pub(crate) fn find(wanted: Vec<(String, Wanted)>, preferred: &[&str]) -> Result<Self, Vec<String>> {
        let mut installed = Database::new();
        installed.load_system_fonts();
        let mut fonts = Builder::default();
        let is_chosen = !wanted.is_empty();
        let mut missing = Vec::new();
        for (name, wanted) in wanted {
            let found = match wanted {
                Wanted::Family(family) => fonts.add_family(&installed, &family),
                Wanted::File(bytes) => fonts.add_file(bytes, preferred),
            };
            if !found {
                missing.push(name);
            }
        }
        let has_none = !is_chosen && !preferred.iter().any(|family| fonts.add_family(&installed, family));
        if has_none || !missing.is_empty() {
            return Err(missing);
        }
        for family in SYMBOLS {
            fonts.add_family(&installed, family);
        }
        Ok(fonts.finish())
    }

    /// Fingerprint of the fonts' bytes and of the way to draw.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The families, in their order.
    pub(crate) fn names(&self) -> String {
        let mut names: Vec<&str> = self.faces.iter().map(|face| face.family.as_str()).collect();
        names.dedup();
        names.join(", ")
    }

    /// The visible characters of texts that no font has, sorted.
    pub(crate) fn missing<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Vec<char> {
        let characters: HashSet<char> = texts.flat_map(str::chars).collect();
        let measure = self.measure(false);
        let is_missing = |&c: &char| is_visible(c) && measure.face(c).is_none();
        let mut missing: Vec<char> = characters.into_iter().filter(is_missing).collect();
        missing.sort_unstable();
        missing
    }

    /// Measures texts in the bold or the regular faces.
    pub(super) fn measure(&self, is_bold: bool) -> Measure<'_> {
        // A family without a bold face is drawn in its regular one.
        let of_weight = |face: &&Face| face.is_bold == is_bold;
        let others = |face: &&Face| face.is_bold != is_bold;
        let faces = self.faces.iter().filter(of_weight).chain(self.faces.iter().filter(others));
        let opened = faces.filter_map(|face| {
            let font = FontRef::from_index(&face.bytes, face.index).ok()?;
            Some((face.id, font))
        });
        Measure { faces: opened.collect() }
    }
}

/// Families with symbols and letters of other scripts than Han, which follow the first font.
const SYMBOLS: [&str; 5] =
    ["Noto Sans", "Noto Sans Symbols", "Noto Sans Symbols 2", "Noto Sans Math", "DejaVu Sans"];

/// True for characters that have a shape of their own.
pub(super) fn is_visible(c: char) -> bool {
    // Joiners and variation selectors choose between shapes of other characters.
    let joins = matches!(
        c,
        '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E0FFF}');
    !(c.is_whitespace() || c.is_control() || joins)
}

/// Collects the faces of [`Fonts`].
#[derive(Default)]
struct Builder {
    database: Database,
    faces: Vec<Face>,
    files: Vec<Fingerprint>,
}

impl Builder {
    /// Adds the regular and the bold face of a family. Returns false if it is not installed.
    fn add_family(&mut self, installed: &Database, family: &str) -> bool {
        let has_name = |face: &&FaceInfo| {
            face.style == Style::Normal
                && face.families.iter().any(|(name, _)| name.eq_ignore_ascii_case(family))
        };
        let faces: Vec<&FaceInfo> = installed.faces().filter(has_name).collect();
        let nearest = |weight: Weight| {
            faces.iter().copied().min_by_key(|face| (face.weight.0.abs_diff(weight.0), face.index))
        };
        let (Some(regular), Some(bold)) = (nearest(Weight::NORMAL), nearest(Weight::BOLD)) else {
            return false;
        };
        let mut chosen = vec![regular];
        if bold.id != regular.id && bold.weight.0 >= BOLD {
            chosen.push(bold);
        }
        let mut is_added = false;
        for face in chosen {
            let (Source::File(path) | Source::SharedFile(path, _)) = &face.source else { continue };
            // Fonts of the system are outside of every digest.
            #[allow(clippy::disallowed_methods, clippy::disallowed_types)]
            let Ok(bytes) = std::fs::read(path) else { continue };
            is_added |= self.add(&Arc::new(bytes), family, |other| other.index == face.index);
        }
        is_added
    }

    /// Adds the faces of a font file: of a collection, those of one family, a preferred one if it
    /// has one. Returns false if it is no font.
    fn add_file(&mut self, bytes: Vec<u8>, preferred: &[&str]) -> bool {
        let bytes = Arc::new(bytes);
        let mut file = Database::new();
        file.load_font_source(Source::Binary(Arc::clone(&bytes) as Arc<dyn AsRef<[u8]> + Sync + Send>));
        let of = |face: &FaceInfo| face.families.first().map(|(name, _)| name.clone());
        let families: Vec<String> = file.faces().filter_map(of).collect();
        let own = preferred.iter().find(|family| families.iter().any(|name| name == *family));
        let Some(family) = own.map(|family| (*family).to_owned()).or_else(|| families.first().cloned())
        else {
            return false;
        };
        self.add(&bytes, &family, |face| {
            face.style == Style::Normal && face.families.iter().any(|(name, _)| *name == family)
        })
    }

    /// Adds those faces of a file that `is_wanted`.
    fn add(&mut self, bytes: &Arc<Vec<u8>>, family: &str, is_wanted: impl Fn(&FaceInfo) -> bool) -> bool {
        let source = Source::Binary(Arc::clone(bytes) as Arc<dyn AsRef<[u8]> + Sync + Send>);
        let loaded = self.database.load_font_source(source);
        let mut is_added = false;
        for id in loaded {
            let Some(face) = self.database.face(id) else { continue };
            if !is_wanted(face) || FontRef::from_index(bytes, face.index).is_err() {
                self.database.remove_face(id);
                continue;
            }
            let family = face.families.first().map_or(family, |(name, _)| name.as_str()).to_owned();
            let (is_bold, index) = (face.weight.0 >= BOLD, face.index);
            self.faces.push(Face { id, family, is_bold, bytes: Arc::clone(bytes), index });
            is_added = true;
        }
        if is_added {
            self.files.push(Fingerprint::of_bytes(bytes));
        }
        is_added
    }

    fn finish(self) -> Fonts {
        let Self { mut database, faces, files } = self;
        if let Some(first) = faces.first() {
            database.set_sans_serif_family(&first.family);
        }
        let chosen: Vec<_> = faces.iter().map(|face| (&face.family, face.is_bold, face.index)).collect();
        let fingerprint = Fingerprint::of(&(VERSION, files, chosen));
        Fonts { database: Arc::new(database), faces, fingerprint }
    }
}

/// Widths of characters in the faces of one weight.
pub(super) struct Measure<'f> {
    faces: Vec<(ID, FontRef<'f>)>,
}

impl<'f> Measure<'f> {
    /// The first face with a character.
    pub(super) fn face(&self, c: char) -> Option<&(ID, FontRef<'f>)> {
        self.faces.iter().find(|(_, font)| font.charmap().map(c).is_some_and(|glyph| glyph.to_u32() != 0))
    }

    /// Width of a text in parts of the font size.
    pub(super) fn text(&self, text: &str) -> f32 {
        text.chars().map(|c| self.width(c)).sum()
    }

    /// Width of a character in parts of the font size. Kerning is left out: a line is at most some
    /// pixels narrower.
    pub(super) fn width(&self, c: char) -> f32 {
        let Some((_, font)) = self.face(c) else { return 0.0 };
        let glyph = font.charmap().map(c).unwrap_or_default();
        let metrics = font.glyph_metrics(Size::new(1.0), LocationRef::default());
        metrics.advance_width(glyph).unwrap_or(1.0)
    }
}
