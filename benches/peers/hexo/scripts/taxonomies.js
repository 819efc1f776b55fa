// Hexo knows tags and categories. The pages of the three taxonomies: an index of each, and numbered
// lists of each term.
"use strict";

const pagination = require("hexo-pagination");

const TAXONOMIES = [
  { field: "keywords", path: "keywords", title: "关键词" },
  { field: "ai_technologies", path: "ai-technologies", title: "AI 技术" },
  { field: "industries", path: "industries", title: "行业" },
];
const slug = (name) => name.toLowerCase().replace(/[\s/]+/g, "-");

hexo.extend.helper.register("terms_of", (post) =>
  TAXONOMIES.map(({ field, path }) =>
    (post[field] ?? []).map((name) => ({ name, href: encodeURI(`/digest/${path}/${slug(name)}/`) })),
  ),
);

hexo.extend.generator.register("taxonomies", ({ posts }) => {
  const newest = posts.sort("-date");
  return TAXONOMIES.flatMap(({ field, path, title }) => {
    const terms = new Map();
    newest.forEach((post) => {
      for (const name of post[field] ?? []) {
        const at = slug(name);
        if (!terms.has(at)) terms.set(at, { name, href: encodeURI(`/digest/${path}/${at}/`), posts: [] });
        terms.get(at).posts.push(post);
      }
    });
    const lists = [...terms].flatMap(([at, { name, posts: found }]) => {
      const query = new newest.constructor(found);
      return pagination(`${path}/${at}/`, query, {
        perPage: 20,
        layout: ["index"],
        format: "page/%d/",
        data: { title: name },
      });
    });
    const counted = [...terms.values()].map(({ name, href, posts: found }) => ({ name, href, count: found.length }));
    return [{ path: `${path}/index.html`, layout: ["taxonomy"], data: { title, terms: counted } }, ...lists];
  });
});
