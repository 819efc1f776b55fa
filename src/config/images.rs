//! Settings of smaller copies of pictures: `images:` in `newsprint.yaml`.

use crate::config::browse::{is_off, settings};
use crate::fields::Fields;
use crate::yaml::Node;

/// The widths of copies in pixels, unless the digest names others: a phone, and a column of text on
/// a screen with two pixels for each CSS pixel.
const WIDTHS: [u32; 2] = [480, 960];

/// Maximum number of widths.
const MAX_WIDTHS: usize = 4;

/// The quality of WebP, unless the digest names another.
const QUALITY: u8 = 78;

/// The formats of copies that are known.
const FORMATS: [&str; 1] = ["webp"];

/// Settings of the smaller copies of pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Images {
    /// The widths of copies in pixels, ascending.
    pub widths: Vec<u32>,
    /// The quality of WebP, from 1 to 100.
    pub quality: u8,
}

impl Images {
    /// Reads `images:`; `None` without it, and for `images: off`.
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        fields.get("images")?;
        if is_off(fields, "images") || needs_feature(fields, "images") {
            return None;
        }
        let mut images = Self { widths: WIDTHS.to_vec(), quality: QUALITY };
        let Some(mut inner) = settings(fields, "images") else { return Some(images) };
        if let Some(node) = inner.get("widths") {
            match read_widths(node) {
                Some(widths) => images.widths = widths,
                None => inner.error(
                    "widths",
                    tr!(
                        "`widths` needs 1 to {most} whole numbers from 16 to 4000, in ascending order",
                        most = MAX_WIDTHS
                    ),
                    tr!("write `widths: [480, 960]`"),
                ),
            }
        }
        if inner.get("formats").is_some() {
            let names = inner.texts("formats");
            for name in names.iter().filter(|name| !FORMATS.contains(&name.as_str())) {
                inner.error(
                    "formats",
                    tr!("newsprint cannot write copies of pictures as `{name}`", name),
                    tr!("write `formats: [{}]`", FORMATS.join(", ")),
                );
            }
            if names.is_empty() {
                let help = tr!("write `formats: [webp]`, or `images: off`");
                inner.error("formats", tr!("`formats` is empty"), help);
            }
        }
        if let Some(quality) = inner.number("quality", 1..=100) {
            images.quality = u8::try_from(quality).unwrap_or(QUALITY);
        }
        fields.absorb(inner.finish());
        Some(images)
    }
}

fn read_widths(node: &Node) -> Option<Vec<u32>> {
    let items = match node {
        Node::List(items) => items.as_slice(),
        other => std::slice::from_ref(other),
    };
    let width = |item: &Node| match item {
        Node::Number(written) => written.parse().ok().filter(|width| (16..=4000).contains(width)),
        _ => None,
    };
    let widths: Vec<u32> = items.iter().map(width).collect::<Option<_>>()?;
    let is_ascending = widths.windows(2).all(|pair| pair[0] < pair[1]);
    ((1..=MAX_WIDTHS).contains(&widths.len()) && is_ascending).then_some(widths)
}

/// The error for a wish that needs the Cargo feature `images`, in a program without it.
pub(crate) const NOT_BUILT: &str = marked!("this program was built without the drawing of pictures");
/// Its help.
pub(crate) const NOT_BUILT_HELP: &str =
    marked!("take the program from an archive of a release, or compile it with `--features images`");

/// Reports a setting that needs the Cargo feature `images`, and returns true, if this program was
/// built without it.
pub(super) fn needs_feature(fields: &mut Fields<'_>, name: &str) -> bool {
    let is_missing = !cfg!(feature = "images");
    if is_missing {
        fields.error(name, tr!(NOT_BUILT), tr!(NOT_BUILT_HELP));
    }
    is_missing
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, FILE, Images};

    fn read(written: &str) -> (Option<Images>, Vec<String>) {
        let (config, found) = Config::parse(FILE, &format!("images: {written}\n"));
        (config.images, found.into_iter().map(|found| found.message).collect())
    }

    #[cfg(feature = "images")]
    #[test]
    fn copies_have_widths_and_a_quality() {
        let images = |widths: &[u32], quality| Some(Images { widths: widths.to_vec(), quality });
        for (written, wanted) in [
            ("on", images(&[480, 960], 78)),
            ("{}", images(&[480, 960], 78)),
            ("{widths: [16, 4000], formats: [webp], quality: 1}", images(&[16, 4000], 1)),
            ("{widths: 640, formats: webp, quality: 100}", images(&[640], 100)),
            ("off", None),
        ] {
            assert_eq!(read(written), (wanted, Vec::new()), "{written}");
        }
        let widths = "`widths` needs 1 to 4 whole numbers from 16 to 4000, in ascending order";
        for (written, message) in [
            ("{widths: []}", widths),
            ("{widths: [15]}", widths),
            ("{widths: [4001]}", widths),
            ("{widths: [960, 480]}", widths),
            ("{widths: [480, 480]}", widths),
            ("{widths: [1.5e2]}", widths),
            ("{widths: [20, 30, 40, 50, 60]}", widths),
            ("{formats: [avif]}", "newsprint cannot write copies of pictures as `avif`"),
            ("{formats: []}", "`formats` is empty"),
        ] {
            let (_, found) = read(written);
            assert_eq!(found, [message], "{written}");
        }
        assert_eq!(read("{quality: 0}").1.len(), 1);
        assert_eq!(read("{width: 480}").1.len(), 1);
    }

    #[cfg(not(feature = "images"))]
    #[test]
    fn a_program_without_pictures_refuses_the_setting() {
        let message = super::NOT_BUILT.to_owned();
        for written in ["on", "{}", "{widths: [480]}"] {
            assert_eq!(read(written), (None, vec![message.clone()]), "{written}");
        }
        assert_eq!(read("off"), (None, Vec::new()));
    }
}
