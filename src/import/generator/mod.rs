//! Models how other generators name a post, and which address each makes of it.
//!
//! `place` is what the path of a file says, `site` what the configuration of the old site says.
//! Each generator has a module with its rules; `address` chooses among them.

pub mod address;
mod astro;
pub mod base;
pub mod characters;
pub mod config;
pub mod defaults;
mod eleventy;
mod escapes;
pub mod feed_id;
pub mod glob;
mod hexo;
mod hexo_date;
mod hugo;
mod jekyll;
pub mod kind;
pub mod language;
pub mod lists;
pub mod moment;
mod pattern;
pub mod pelican;
pub mod place;
pub mod post;
pub mod proposal;
mod python;
mod rewrite;
pub mod scheme;
mod script;
pub mod section;
pub mod site;
pub mod translation;
mod vitepress;
mod zola;
