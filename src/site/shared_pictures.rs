//! Gives each language the pictures of its articles. Translations share the pictures of one folder.

use std::collections::{HashMap, HashSet};

use crate::config::Config;
use crate::load::bundle;
use crate::load::pictures::Picture;
use crate::site::part::{Part, identity};

/// Gives each part the pictures of its articles. Those in the folder of the article's own file are
/// its own. Those in the folder that it shares with its translations are published beside its page if
/// the page has them, or if the page in the first language does not show them: both may link to them.
pub(super) fn share(parts: &mut [Part], pictures: Vec<Picture>, config: &Config) {
    if pictures.is_empty() {
        return;
    }
    let mut by_article: HashMap<String, Vec<Picture>> = HashMap::new();
    for picture in pictures {
        by_article.entry(identity(&picture.article, config)).or_default().push(picture);
    }
    let shown_first: HashSet<(String, String)> = parts[0]
        .content
        .articles
        .iter()
        .flat_map(|(article, _)| {
            let key = identity(&article.file, config);
            article.pictures.iter().map(move |name| (key.clone(), name.clone()))
        })
        .collect();
    let first = parts[0].content.articles.iter();
    let live_first: HashSet<String> = first.map(|(article, _)| identity(&article.file, config)).collect();
    for (at, part) in parts.iter_mut().enumerate() {
        for (article, _) in &part.content.articles {
            let key = identity(&article.file, config);
            let Some(all) = by_article.get(&key) else { continue };
            let own = bundle::folder(&article.file);
            let shared = bundle::folder(&config.language_of(&article.file).neutral);
            let is_own = |picture: &Picture| picture.place.path.starts_with(&own);
            let image = article.image.as_deref().unwrap_or_default();
            let is_needed = |picture: &Picture| {
                at == 0
                    || article.pictures.contains(&picture.name)
                    || image.strip_suffix(&*picture.name).is_some_and(|folder| folder.ends_with('/'))
                    || live_first.contains(&key)
                        && !shown_first.contains(&(key.clone(), picture.name.clone()))
            };
            let is_shared = |picture: &Picture| picture.place.path.starts_with(&shared) && is_needed(picture);
            let mut names = HashSet::new();
            // A picture of one's own replaces the shared one of its name.
            let chosen = all.iter().filter(|picture| is_own(picture));
            let chosen = chosen.chain(all.iter().filter(|picture| !is_own(picture) && is_shared(picture)));
            let chosen = chosen.filter(|picture| names.insert(picture.name.clone()));
            let chosen = chosen.map(|picture| Picture { article: article.file.clone(), ..picture.clone() });
            part.content.pictures.extend(chosen);
        }
    }
}
