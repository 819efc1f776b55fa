//! Computes the addresses that posts had on another generator's site, from the scheme in its
//! configuration (`/:year/:month/:slug/`).

use chrono::Datelike;

use crate::import::draft::Draft;

/// A part of a scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Words(String),
    Slug,
    Name,
    Year,
    Month,
    Day,
}

/// A scheme of addresses: literal text and variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme(Vec<Part>);

impl Scheme {
    /// Parses a scheme in the syntax of Hugo, Hexo and Jekyll.
    ///
    /// # Errors
    /// A variable is not one of `:slug`, `:name`, `:year`, `:month` and `:day`, or the scheme has
    /// neither `:slug` nor `:name`, so that posts would share an address.
    pub fn parse(written: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = written;
        while let Some((words, named)) = rest.split_once(':') {
            let end = named.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(named.len());
            parts.push(Part::Words(words.to_owned()));
            parts.push(match &named[..end] {
                "slug" => Part::Slug,
                "name" => Part::Name,
                "year" => Part::Year,
                "month" => Part::Month,
                "day" => Part::Day,
                other => {
                    return Err(format!(
                        "`:{other}` is not a variable; use :slug, :name, :year, :month and :day"
                    ));
                }
            });
            rest = &named[end..];
        }
        parts.push(Part::Words(rest.to_owned()));
        let is_distinct = parts.iter().any(|part| matches!(part, Part::Slug | Part::Name));
        if is_distinct {
            Ok(Self(parts))
        } else {
            Err("posts would share an address: the scheme needs :slug or :name".to_owned())
        }
    }

    /// Returns the address that a post had. `None` if the scheme needs a date or a name that the
    /// post does not have.
    #[must_use]
    pub fn address(&self, draft: &Draft) -> Option<String> {
        let name = draft.name.as_deref();
        let mut address = String::new();
        for part in &self.0 {
            let date = || draft.date.map(|date| date.at);
            match part {
                Part::Words(words) => address.push_str(words),
                Part::Slug => address.push_str(draft.slug.as_deref().or(name)?),
                Part::Name => address.push_str(name?),
                Part::Year => address.push_str(&format!("{:04}", date()?.year())),
                Part::Month => address.push_str(&format!("{:02}", date()?.month())),
                Part::Day => address.push_str(&format!("{:02}", date()?.day())),
            }
        }
        // Hugo, Hexo and Jekyll write spaces as hyphens.
        Some(address.trim().replace(' ', "-"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::date;

    #[test]
    fn schemes_of_other_generators_are_read() {
        let date = date::parse("2024-01-02", chrono_tz::Tz::UTC).ok();
        let draft = Draft { name: Some("My Post".to_owned()), date, ..Draft::default() };
        for (written, address) in [
            ("/posts/:slug/", "/posts/My-Post/"),
            (":year/:month/:day/:name/", "2024/01/02/My-Post/"),
            ("/:year:month/:slug.html", "/202401/My-Post.html"),
        ] {
            assert_eq!(
                Scheme::parse(written).unwrap().address(&draft).as_deref(),
                Some(address),
                "{written}"
            );
        }
        let undated = Draft { slug: Some("s".to_owned()), ..Draft::default() };
        assert_eq!(Scheme::parse("/:year/:slug/").unwrap().address(&undated), None);
        assert_eq!(Scheme::parse("/:slug/").unwrap().address(&undated).as_deref(), Some("/s/"));
        for bad in ["/posts/", "/:title/", "/:year/", ":"] {
            assert!(Scheme::parse(bad).is_err(), "{bad}");
        }
    }
}
