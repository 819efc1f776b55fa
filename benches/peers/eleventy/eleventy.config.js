// The digest as an Eleventy site. compare.py copies this folder and links the articles into
// `content/`.
const BASE = "/digest/";
const ORIGIN = "https://example.org";
const PER_PAGE = 20;
const TAXONOMIES = [
  { name: "keywords", path: "keywords", title: "关键词" },
  { name: "ai_technologies", path: "ai-technologies", title: "AI 技术" },
  { name: "industries", path: "industries", title: "行业" },
];

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escape = (text) => String(text ?? "").replace(/[&<>"']/g, (c) => ENTITIES[c]);
const slug = (name) => name.toLowerCase().replace(/[\s/]+/g, "-");
const day = (date) => date.toISOString().slice(0, 10);
const link = (path) => encodeURI(BASE + path);

// Caches the result for each article: cards and feed entries are rendered once, as in newsprint.
const cached = (make) => {
  const texts = new Map();
  return (article) => {
    let text = texts.get(article.inputPath);
    if (text === undefined) texts.set(article.inputPath, (text = make(article)));
    return text;
  };
};

const termsOf = (data) =>
  TAXONOMIES.map((taxonomy) => ({
    ...taxonomy,
    terms: (data[taxonomy.name] ?? []).map((name) => ({ name, href: link(`${taxonomy.path}/${slug(name)}/`) })),
  }));

const card = ({ url, data }) => `<article class="card">
<h3><a href="${link(url.slice(1))}">${escape(data.title)}</a></h3>
<p class="summary">${escape(data.event)}</p>
<p class="byline"><span class="source">${escape(data.source)}</span>${termsOf(data)
  .flatMap(({ name, terms }) => terms.map((term) => `<a class="term ${name}" href="${term.href}">${escape(term.name)}</a>`))
  .join("")}</p>
</article>
`;

const entry = ({ url, date, data }) => `<entry>
<title>${escape(data.title)}</title>
<id>${ORIGIN}${link(url.slice(1))}</id>
<link rel="alternate" type="text/html" href="${ORIGIN}${link(url.slice(1))}"/>
<link rel="via" href="${escape(data.link)}"/>
<published>${date.toISOString()}</published>
<updated>${date.toISOString()}</updated>
<author><name>${escape(data.source)}</name></author>
${TAXONOMIES.flatMap(({ name }) => (data[name] ?? []).map((term) => `<category term="${escape(term)}" scheme="${ORIGIN}${BASE}#${name}"/>\n`)).join("")}<summary>${escape(data.event)}</summary>
`;

// The pages of a list of articles, newest first, 20 articles to a page.
const pagesOf = (head, articles) => {
  const total = Math.max(1, Math.ceil(articles.length / PER_PAGE));
  const path = (number) => (number === 1 ? head.path : `${head.path}page/${number}/`);
  return Array.from({ length: total }, (_, at) => {
    const days = new Map();
    for (const article of articles.slice(at * PER_PAGE, (at + 1) * PER_PAGE)) {
      const key = day(article.date);
      days.has(key) ? days.get(key).push(article) : days.set(key, [article]);
    }
    return {
      ...head,
      number: at + 1,
      count: articles.length,
      file: `${path(at + 1)}index.html`,
      days: [...days].map(([date, articles]) => ({ date, articles })),
      newer: at > 0 ? link(path(at)) : "",
      older: at + 1 < total ? link(path(at + 2)) : "",
      pages: total > 1 ? Array.from({ length: Math.min(5, total) }, (_, n) => ({ number: n + 1, href: link(path(n + 1)) })) : [],
    };
  });
};

export default function (eleventyConfig) {
  let site;
  // All collections are made in one pass over the articles, once per build.
  const gather = (api) => {
    const articles = api.getFilteredByGlob("content/articles/**/*.md").sort((a, b) => b.date - a.date || (a.url < b.url ? 1 : -1));
    if (site?.articles.length === articles.length && site.articles[0] === articles[0]) return site;
    const taxonomies = TAXONOMIES.map((taxonomy) => {
      const terms = new Map();
      for (const article of articles) {
        for (const name of article.data[taxonomy.name] ?? []) {
          const key = slug(name);
          const term = terms.get(key) ?? { name, path: `${taxonomy.path}/${key}/`, taxonomy, articles: [] };
          term.articles.push(article);
          terms.set(key, term);
        }
      }
      return { ...taxonomy, terms: [...terms.values()].sort((a, b) => b.articles.length - a.articles.length) };
    });
    const months = new Map();
    for (const article of articles) {
      const key = day(article.date).slice(0, 7);
      months.has(key) ? months.get(key).push(article) : months.set(key, [article]);
    }
    const terms = taxonomies.flatMap((taxonomy) => taxonomy.terms);
    const lists = [
      ...pagesOf({ kind: "home", title: "语料日报", path: "" }, articles),
      ...terms.flatMap((term) =>
        pagesOf({ kind: "term", title: `${term.name} · ${term.taxonomy.title}`, name: term.name, path: term.path, feed: link(`${term.path}feed.xml`), up: { href: link(`${term.taxonomy.path}/`), title: term.taxonomy.title } }, term.articles)),
      ...[...months].flatMap(([month, articles]) =>
        pagesOf({ kind: "month", title: month, name: month, path: `archive/${month}/`, up: { href: link("archive/"), title: "归档" } }, articles)),
    ];
    const neighbours = new Map(articles.map((article, at) => [article.inputPath, { newer: articles[at - 1], older: articles[at + 1] }]));
    return (site = { articles, taxonomies, terms, lists, neighbours, months: [...months].map(([name, all]) => ({ name, href: link(`archive/${name}/`), count: all.length })) });
  };
  eleventyConfig.addCollection("articles", (api) => gather(api).articles);
  eleventyConfig.addCollection("lists", (api) => gather(api).lists);
  eleventyConfig.addCollection("terms", (api) => gather(api).terms);
  eleventyConfig.addCollection("taxonomies", (api) => gather(api).taxonomies);
  eleventyConfig.addCollection("months", (api) => gather(api).months);

  eleventyConfig.addGlobalData("base", BASE);
  eleventyConfig.addGlobalData("origin", ORIGIN);
  eleventyConfig.addGlobalData("menu", [...TAXONOMIES.map(({ path, title }) => ({ href: link(`${path}/`), title })), { href: link("archive/"), title: "归档" }]);
  eleventyConfig.addFilter("card", cached(card));
  eleventyConfig.addFilter("entry", cached(entry));
  eleventyConfig.addFilter("link", (path) => link(path.replace(/^\//, "")));
  eleventyConfig.addFilter("day", day);
  eleventyConfig.addFilter("iso", (date) => date.toISOString());
  eleventyConfig.addFilter("firsts", (list, count) => list.slice(0, count));
  eleventyConfig.addFilter("minutes", (html) => Math.ceil((html.match(/\p{Script=Han}/gu)?.length ?? 0) / 400));
  eleventyConfig.addFilter("termsOf", (page, keywords, technologies, industries) => termsOf({ keywords, ai_technologies: technologies, industries }));
  eleventyConfig.addFilter("neighbours", (page) => site.neighbours.get(page.inputPath) ?? {});
  eleventyConfig.addFilter("jsonLd", (page, title, event, source, original, keywords) =>
    JSON.stringify({ "@context": "https://schema.org", "@type": "NewsArticle", author: { "@type": "Organization", name: source }, datePublished: day(page.date), description: event, headline: title, inLanguage: "zh-CN", isBasedOn: original, keywords, mainEntityOfPage: ORIGIN + link(page.url.slice(1)), publisher: { "@type": "Organization", name: "语料日报" } }).replace(/</g, "\\u003c"));
  eleventyConfig.on("eleventy.before", () => { site = undefined; });

  return {
    dir: { input: "content", includes: "../_includes", output: "_site" },
    markdownTemplateEngine: false,
    htmlTemplateEngine: "njk",
    templateFormats: ["md", "njk"],
  };
}
