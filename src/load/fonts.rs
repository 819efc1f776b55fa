//! Loads the fonts of social cards and posters: those of `cards: {font: […]}`, or installed ones.

use std::path::Path;

use crate::config::images::{NOT_BUILT, NOT_BUILT_HELP};
use crate::config::{self, Config, Language};
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
/// A font of the settings or all preferred ones are missing, or the program cannot draw.
pub fn load(root: &Path, links: SymlinkPolicy, config: &Config) -> Result<Fonts, Diagnostic> {
    if !cfg!(feature = "images") {
        return Err(Diagnostic::error(NOT_BUILT).help(NOT_BUILT_HELP));
    }
    let folder = Root::open(root, links);
    let at_setting = |message: String| Diagnostic::error(message).at(Place::file(config::FILE));
    let below = "name a file below the digest's folder, such as `fonts/a.otf`";
    let mut wanted = Vec::new();
    for name in &config.cards.fonts {
        wanted.push(match is_file(name) {
            false => Wanted::Family(name.clone()),
            true if Path::new(name).is_absolute() => {
                let message = format!("the font `{name}` of `cards` is not a path in the digest");
                return Err(at_setting(message).help(format!("name its family, or {below}")));
            }
            true => Wanted::File(folder.read(name, MAX_BYTES).map_err(|error| {
                at_setting(format!("the font `{name}` of `cards` cannot be read: {error}")).help(below)
            })?),
        });
    }
    Fonts::find(wanted, preferred(config.language)).map_err(|missing| {
        match missing.and_then(|at| config.cards.fonts.get(at)) {
            Some(name) if is_file(name) => at_setting(format!("`{name}` of `cards` is no font"))
                .help("name a file in the format TrueType or OpenType"),
            Some(name) => at_setting(format!("the font `{name}` of `cards` is not installed"))
                .help(format!("install it, or {below}")),
            None => at_setting("no font for social cards and posters is installed".to_owned()).help(NO_FONT),
        }
    })
}

/// The help if no font with Han is installed.
const NO_FONT: &str = "install Noto Sans CJK (Debian and Ubuntu: `fonts-noto-cjk`, \
    Fedora: `google-noto-sans-cjk-fonts`, Arch: `noto-fonts-cjk`, \
    macOS: `brew install font-noto-sans-cjk`), or name a font in `cards: {font: […]}`";

/// True for the name of a file, not of a family.
fn is_file(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| ["ttf", "otf", "ttc", "otc"].contains(&&*ending))
}
