//! The scripts of the preview, and the elements that load them. Their texts are in the language of
//! messages: the elements have them as data.

/// The script that updates open pages.
pub(super) const LIVE: &str = include_str!("live.js");

/// The script that copies an edition for the editor of a WeChat account.
pub(super) const COPY: &str = include_str!("copy.js");

/// The prefix of the preview's own addresses. No file of a site begins with it.
pub(super) const PREVIEW_PREFIX: &str = "/.newsprint/";

/// Inserts the preview's script before `</body>`. Only the response has it, so that the files remain
/// those of a build. `version` is that of the page's file. The WeChat form of an edition also gets
/// the script that copies it.
pub(super) fn add_to(page: &mut Vec<u8>, base: &str, version: &str, is_wechat: bool) {
    let live = script_element(
        "live.js",
        [
            ("base", base),
            ("version", version),
            ("close", &tr!("close")),
            ("ended", &tr!("The preview has ended. Start newsprint serve again.")),
        ],
    );
    let copy = is_wechat.then(|| {
        let texts = [
            ("article", tr!("Copy article")),
            ("text", tr!("Copy as text")),
            ("title", tr!("Copy title")),
            ("summary", tr!("Copy summary")),
            ("refused", tr!("the browser refused")),
        ];
        script_element("copy.js", texts.each_ref().map(|(name, text)| (*name, text.as_str())))
    });
    let script = live + &copy.unwrap_or_default();
    let end = b"</body>";
    let at = page.windows(end.len()).rposition(|window| window == end).unwrap_or(page.len());
    page.splice(at..at, script.into_bytes());
}

/// A `script` element of the preview, with its data.
fn script_element<const N: usize>(name: &str, data: [(&str, &str); N]) -> String {
    let data = data.map(|(name, value)| format!(" data-{name}=\"{}\"", escape_attribute(value)));
    format!("<script src=\"{PREVIEW_PREFIX}{name}\"{}></script>\n", data.concat())
}

/// A text for the value of an attribute in quotes.
pub(super) fn escape_attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}
