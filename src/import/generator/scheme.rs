//! Parses schemes of addresses (`/:year/:month/:slug/`) and fills in their variables.

/// A part of a scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Words(String),
    /// A variable, and the part of a list that it takes, as written in brackets (Hugo:
    /// `:sections[1:]`).
    Variable(String, Option<String>),
}

/// A scheme of addresses: literal text and variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheme(Vec<Part>);

/// Variables that many posts share. A scheme of these alone gives them one address.
const SHARED: [&str; 22] = [
    "year",
    "month",
    "day",
    "i_month",
    "i_day",
    "section",
    "sections",
    "category",
    "categories",
    "monthname",
    "weekday",
    "weekdayname",
    "yearday",
    "y_day",
    "short_year",
    "week",
    "w_year",
    "w_day",
    "short_day",
    "lang",
    "output_ext",
    "short_month",
];

impl Scheme {
    /// Parses a scheme in the syntax of Hugo, Hexo and Jekyll.
    ///
    /// # Errors
    /// A variable has no name, or no variable distinguishes posts, so that they would share an
    /// address.
    pub fn parse(written: &str) -> Result<Self, String> {
        let scheme = Self::of_address(written);
        if scheme.0.iter().any(|part| matches!(part, Part::Variable(name, _) if name.is_empty())) {
            return Err(tr!("a `:` begins the name of a variable, such as :slug, :title or :year"));
        }
        let is_own =
            |part: &Part| matches!(part, Part::Variable(name, _) if !SHARED.contains(&name.as_str()));
        if scheme.0.iter().any(is_own) {
            Ok(scheme)
        } else {
            Err(tr!(
                "posts would share an address: the scheme needs a variable such as :slug, :title or :name"
            ))
        }
    }

    /// Parses the address of one post, which can contain variables. A `:` without a name is text.
    #[must_use]
    pub fn of_address(written: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = written;
        while let Some((words, named)) = rest.split_once(':') {
            parts.push(Part::Words(words.to_owned()));
            let end = named.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(named.len());
            let (name, behind) = named.split_at(end);
            rest = behind;
            let slice = behind.strip_prefix('[').and_then(|inner| inner.split_once(']'));
            parts.push(Part::Variable(
                name.to_owned(),
                slice.map(|(slice, after)| {
                    rest = after;
                    slice.to_owned()
                }),
            ));
        }
        parts.push(Part::Words(rest.to_owned()));
        Self(parts)
    }

    /// Fills in the variables. `value` returns the value of a variable by its name and its slice.
    ///
    /// # Errors
    /// The name of the first variable that has no value.
    pub fn fill(&self, value: impl Fn(&str, Option<&str>) -> Option<String>) -> Result<String, String> {
        let mut address = String::new();
        for part in &self.0 {
            match part {
                Part::Words(words) => address.push_str(words),
                Part::Variable(name, _) if name.is_empty() => address.push(':'),
                Part::Variable(name, slice) => {
                    address.push_str(&value(name, slice.as_deref()).ok_or_else(|| name.clone())?);
                }
            }
        }
        Ok(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(written: &str) -> Result<String, String> {
        Scheme::of_address(written).fill(|name, slice| match name {
            "year" => Some("2024".to_owned()),
            "title" => Some("标题".to_owned()),
            "sections" => Some(format!("<{}>", slice.unwrap_or_default())),
            _ => None,
        })
    }

    #[test]
    fn variables_are_filled_in() {
        for (written, wanted) in [
            ("/:year/:title/", Ok("/2024/标题/")),
            (":year年:title", Ok("2024年标题")),
            ("/:sections[1:]/:title.html", Ok("/<1:>/标题.html")),
            ("/a:/b", Ok("/a:/b")),
            ("/plain", Ok("/plain")),
            ("/:year/:abbrlink/", Err("abbrlink")),
            ("/:sections[1", Ok("/<>[1")),
        ] {
            assert_eq!(filled(written).as_deref().map_err(String::as_str), wanted, "{written}");
        }
    }

    #[test]
    fn a_scheme_has_to_distinguish_posts() {
        for good in ["/posts/:slug/", "/:title/", "/:abbrlink.html", ":id"] {
            assert!(Scheme::parse(good).is_ok(), "{good}");
        }
        for bad in ["/posts/", "/:year/:month/:day/", ":", "/:sections[1:]/", ""] {
            assert!(Scheme::parse(bad).is_err(), "{bad}");
        }
    }
}
