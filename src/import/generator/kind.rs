//! Names the generators whose posts can be imported.

use chrono_tz::Tz;

/// A generator whose posts can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Generator {
    /// Hugo.
    Hugo,
    /// Hexo.
    Hexo,
    /// Jekyll.
    Jekyll,
    /// Zola.
    Zola,
    /// Eleventy.
    Eleventy,
    /// Astro.
    Astro,
    /// VitePress.
    VitePress,
    /// Pelican.
    Pelican,
    /// An export of WordPress (WXR).
    WordPress,
    /// A vault of Obsidian.
    Obsidian,
}

impl Generator {
    /// The name on the command line and in article files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hugo => "hugo",
            Self::Hexo => "hexo",
            Self::Jekyll => "jekyll",
            Self::Zola => "zola",
            Self::Eleventy => "eleventy",
            Self::Astro => "astro",
            Self::VitePress => "vitepress",
            Self::Pelican => "pelican",
            Self::WordPress => "wordpress",
            Self::Obsidian => "obsidian",
        }
    }

    /// True if each post is a Markdown file.
    #[must_use]
    pub fn has_files(self) -> bool {
        self != Self::WordPress
    }

    /// True if the generator makes a page of a Markdown file without front matter. Jekyll 4.3
    /// copies such a file outside of `_posts`; Zola 0.19 refuses it.
    #[must_use]
    pub fn takes_bare_files(self) -> bool {
        !matches!(self, Self::Jekyll | Self::Zola)
    }

    /// The zone of a time without an offset, given that of the site: Jekyll's YAML parser reads it
    /// in UTC, Hugo, Eleventy, Astro, VitePress and Pelican do so without a configured zone, and
    /// Hexo takes the zone of the machine, which is not known (`None`).
    #[must_use]
    pub fn zone_of_times(self, configured: Option<Tz>) -> Option<Tz> {
        match self {
            Self::Jekyll => Some(Tz::UTC),
            Self::Hugo | Self::Eleventy | Self::Astro | Self::VitePress | Self::Pelican => {
                Some(configured.unwrap_or(Tz::UTC))
            }
            Self::Hexo | Self::Zola | Self::WordPress | Self::Obsidian => configured,
        }
    }

    /// True if the generator leaves out posts whose date is in the future: Hugo without
    /// `buildFuture`, Jekyll without `future`. Hexo's `future` is true by default.
    #[must_use]
    pub fn hides_future_posts(self) -> bool {
        matches!(self, Self::Hugo | Self::Jekyll)
    }
}
