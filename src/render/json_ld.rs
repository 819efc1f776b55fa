//! schema.org data for the head of an article's page.

use serde_json::json;

use crate::plan::article::NewsArticle;

/// JSON that no text can break out of: `<`, `>`, `&` and the line separators are escaped, so that nothing ends the
/// `<script>` that holds it (HTML, section 4.12.1.3).
pub(super) fn news_article(article: &NewsArticle<'_>) -> String {
    let organization = |name: &str| json!({ "@type": "Organization", "name": name });
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.headline,
        "description": article.description,
        "inLanguage": article.language,
        "mainEntityOfPage": article.permalink,
        "publisher": organization(article.publisher),
        "keywords": article.keywords,
    });
    let author = (!article.source.is_empty()).then(|| organization(article.source));
    let optional = [
        ("datePublished", article.published.map(|text| json!(text))),
        ("dateModified", article.modified.map(|text| json!(text))),
        ("author", author),
        ("isBasedOn", article.based_on.map(|text| json!(text))),
        ("image", article.image.as_ref().map(|text| json!(text))),
    ];
    if let Some(fields) = data.as_object_mut() {
        fields.extend(optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }
    let json = data.to_string();
    // Nearly no article holds one of these; U+2028 and U+2029 begin with the byte E2.
    if !json.bytes().fold(false, |found, b| found | matches!(b, b'<' | b'>' | b'&' | 0xE2)) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        match c {
            '<' => escaped.push_str("\\u003c"),
            '>' => escaped.push_str("\\u003e"),
            '&' => escaped.push_str("\\u0026"),
            '\u{2028}' => escaped.push_str("\\u2028"),
            '\u{2029}' => escaped.push_str("\\u2029"),
            c => escaped.push(c),
        }
    }
    escaped
}
