//! Media types of published files.

/// The media type of a file by the end of its name, as in `text/html; charset=utf-8`. All text of a
/// site is UTF-8.
pub(crate) fn media_type(file: &str) -> String {
    let guessed = match file.rsplit_once('.') {
        Some((_, "xml")) => "application/xml".to_owned(),
        _ => mime_guess::from_path(file).first_or_octet_stream().to_string(),
    };
    match is_text(&guessed) && !guessed.contains("charset") {
        true => format!("{guessed}; charset=utf-8"),
        false => guessed,
    }
}

/// True if files of a media type are text.
pub(crate) fn is_text(media_type: &str) -> bool {
    let kind = media_type.split(';').next().unwrap_or_default();
    kind.starts_with("text/")
        || kind.ends_with("+xml")
        || kind.ends_with("json")
        || matches!(kind, "application/xml" | "application/javascript")
}
