// The articles, newest first, and the terms of the three taxonomies.
import { getCollection } from "astro:content";
import { createHash } from "node:crypto";

export const PER_PAGE = 20;
export const TITLE = "语料日报";
export const TAXONOMIES = [
  { field: "keywords", path: "keywords", title: "关键词" },
  { field: "ai_technologies", path: "ai-technologies", title: "AI 技术" },
  { field: "industries", path: "industries", title: "行业" },
];

export const slug = (name) => name.toLowerCase().replace(/[\s/]+/g, "-");
export const day = ({ data }) => new Date(data.date).toISOString().slice(0, 10);
export const href = (path) => encodeURI(`/digest/${path}`);

let newest;
export const articles = () =>
  (newest ??= getCollection("articles").then((all) =>
    all.sort((a, b) => new Date(b.data.date) - new Date(a.data.date) || (a.id < b.id ? 1 : -1)),
  ));

let found;
export const terms = () =>
  (found ??= articles().then((all) =>
    TAXONOMIES.map((taxonomy) => {
      const terms = new Map();
      for (const article of all) {
        for (const name of article.data[taxonomy.field] ?? []) {
          const key = slug(name);
          if (!terms.has(key)) terms.set(key, { name, path: `${taxonomy.path}/${key}/`, articles: [] });
          terms.get(key).articles.push(article);
        }
      }
      return { ...taxonomy, terms: [...terms.values()] };
    }),
  ));

const hash = (value) => createHash("sha256").update(JSON.stringify(value)).digest("hex");

// The pages of a list: 20 articles each, with a key of what they show.
export const pages = (title, path, all) => {
  const count = Math.max(1, Math.ceil(all.length / PER_PAGE));
  const at = (number) => href(number === 1 ? path : `${path}page/${number}/`);
  return Array.from({ length: count }, (_, index) => {
    const cards = all
      .slice(index * PER_PAGE, (index + 1) * PER_PAGE)
      .map((article) => ({ href: href(`articles/${article.id}/`), title: article.data.title, day: day(article) }));
    const page = {
      title,
      cards,
      newer: index > 0 ? at(index) : undefined,
      older: index + 1 < count ? at(index + 2) : undefined,
    };
    return { number: index + 1, page, cacheKey: hash(page) };
  });
};

export const keyOf = hash;
