// All articles in the folders below use this layout; the pages beside this file set their own.
export default { layout: "article.njk" };
