//! Loads the fonts of social cards and posters: those of `cards: {font: […]}`, or installed ones.

use std::path::Path;

use crate::config::images::{NOT_BUILT, NOT_BUILT_HELP};
use crate::config::{self, Config, Font, Language};
use crate::diagnostic::{Diagnostic, Place};
use crate::fs::{Root, SymlinkPolicy};
use crate::image::{Fonts, Wanted};

/// Maximum size of a font file in bytes. The four collections of Noto Sans CJK have 20 MB each.
const MAX_BYTES: u64 = 64 << 20;

/// The families of a language that are looked for if the digest names none. They have the shapes of
/// Han of the language: those of Japan are first in the files of Noto.
fn preferred(language: Language) -> &'static [&'static str] {
    match language {
        Language::ZhCn => &[
            "Noto Sans CJK SC",
            "Source Han Sans SC",
            "Source Han Sans CN",
            "Noto Sans SC",
            "PingFang SC",
            "Hiragino Sans GB",
            "Microsoft YaHei",
            "WenQuanYi Zen Hei",
        ],
        Language::ZhTw => &[
            "Noto Sans CJK TC",
            "Source Han Sans TC",
            "Source Han Sans TW",
            "Noto Sans TC",
            "PingFang TC",
            "Microsoft JhengHei",
        ],
        Language::ZhHk => &[
            "Noto Sans CJK HK",
            "Source Han Sans HC",
            "Source Han Sans HK",
            "Noto Sans HK",
            "PingFang HK",
            "Noto Sans CJK TC",
            "Noto Sans TC",
        ],
        Language::En => &[
            "Noto Sans CJK SC",
            "Source Han Sans SC",
            "Noto Sans SC",
            "PingFang SC",
            "Microsoft YaHei",
            "Noto Sans",
            "DejaVu Sans",
            "Arial",
        ],
    }
}

/// Loads the fonts.
///
/// # Errors
/// Fonts of the settings are missing, or all preferred ones, or the program cannot draw.
pub fn load(root: &Path, links: SymlinkPolicy, config: &Config) -> Result<Fonts, Vec<Diagnostic>> {
    if !cfg!(feature = "images") {
        return Err(vec![Diagnostic::error(tr!(NOT_BUILT)).help(tr!(NOT_BUILT_HELP))]);
    }
    let folder = Root::open(root, links);
    let mut problems = Vec::new();
    let mut wanted = Vec::new();
    for font in &config.cards.fonts {
        match read(&folder, font) {
            Ok(font) => wanted.push(font),
            Err(problem) => problems.push(problem),
        }
    }
    let missing = match Fonts::find(wanted, preferred(config.language)) {
        Ok(fonts) if problems.is_empty() => return Ok(fonts),
        Ok(_) => Vec::new(),
        Err(missing) => missing,
    };
    if config.cards.fonts.is_empty() {
        let none = Diagnostic::error(tr!("no font for social cards and posters is installed"));
        return Err(vec![none.at(Place::file(config::FILE)).help(no_font())]);
    }
    problems.extend(config.cards.fonts.iter().filter(|font| missing.contains(&font.name)).map(not_found));
    Err(problems)
}

/// Reads a font of the settings, if it is a file.
fn read(folder: &Root, font: &Font) -> Result<(String, Wanted), Diagnostic> {
    let Font { name, place } = font;
    let error = |message: String| Diagnostic::error(message).at(place.clone());
    let wanted = match is_file(name) {
        false => Wanted::Family(name.clone()),
        true if Path::new(name).is_absolute() => {
            let message = tr!("the font `{name}` of `cards` is not a path in the digest", name);
            return Err(error(message).help(tr!(
                "name its family, or name a file below the digest's folder, such as `fonts/a.otf`"
            )));
        }
        true => Wanted::File(folder.read(name, MAX_BYTES).map_err(|problem| {
            error(tr!("the font `{name}` of `cards` cannot be read: {problem}", name, problem))
                .help(tr!("name a file below the digest's folder, such as `fonts/a.otf`"))
        })?),
    };
    Ok((name.clone(), wanted))
}

/// The error for a family that is not installed, or a file that is no font.
fn not_found(Font { name, place }: &Font) -> Diagnostic {
    match is_file(name) {
        true => Diagnostic::error(tr!("`{name}` of `cards` is no font", name))
            .help(tr!("name a file in the format TrueType or OpenType")),
        false => Diagnostic::error(tr!("the font `{name}` of `cards` is not installed", name))
            .help(tr!("install it, or name a file below the digest's folder, such as `fonts/a.otf`")),
    }
    .at(place.clone())
}

/// The help if no font with Han is installed.
fn no_font() -> String {
    tr!("install Noto Sans CJK (Debian and Ubuntu: `fonts-noto-cjk`, \
         Fedora: `google-noto-sans-cjk-fonts`, Arch: `noto-fonts-cjk`, \
         macOS: `brew install font-noto-sans-cjk`), or name a font in `cards: {font: […]}`")
}

/// True for the name of a file, not of a family.
fn is_file(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| ["ttf", "otf", "ttc", "otc"].contains(&&*ending))
}
