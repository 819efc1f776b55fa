// Every article below takes the article's layout; the pages beside this file name their own.
export default { layout: "article.njk" };
