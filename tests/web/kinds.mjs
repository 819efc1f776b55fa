// Finds one page of each kind on the built site, so that no test depends on a particular article.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

export const KINDS = [
  "home",
  "home's first page in the row",
  "article",
  "article with a table",
  "article with a picture",
  "taxonomy index",
  "taxonomy index from A to Z",
  "term",
  "crossing",
  "matrix of crossings",
  "trends",
  "archive",
  "year",
  "month",
  "week",
  "day",
  "undated",
  "content page",
  "search",
  "search results",
  "mine",
  "subscribe",
  "404",
];

/** The address of an article whose body has an element of this kind. */
async function articleWith(tag, { base, folder }) {
  for (const slug of (await readdir(join(folder, "articles"))).sort()) {
    const html = await readFile(join(folder, "articles", slug, "index.html"), "utf8").catch(() => "");
    if (html.includes(`<${tag}`)) return `${base}articles/${encodeURIComponent(slug)}/`;
  }
  assert.fail(`the example digest has no article with a <${tag}>`);
}

/** The address of a page of each kind. */
export async function findKinds(site, page) {
  const first = async (from, selector) => {
    await page.goto(from);
    const link = page.locator(selector).first();
    assert.ok(await link.count(), `${from} has no link ${selector}`);
    return link.evaluate((a) => a.href);
  };
  const at = (path) => new URL(path, site.base).href;
  return {
    "home": at(""),
    "home's first page in the row": at("page/1/"),
    "article": await first(at(""), ".card h3 a"),
    "article with a table": await articleWith("table", site),
    "article with a picture": await articleWith("img", site),
    "taxonomy index": at("keywords/"),
    // A term in Han, so that its URL is percent-encoded.
    "term": await first(at("keywords/"), "main a.term[href*='%E']"),
    "taxonomy index from A to Z": at("keywords/a-z/"),
    "crossing": await first(at("crossings/"), ".matrix td a"),
    "matrix of crossings": at("crossings/"),
    "trends": at("trends/"),
    "archive": at("archive/"),
    "year": await first(at("archive/"), ".year h2 a"),
    "month": await first(at("archive/"), ".year li a"),
    "week": await first(await first(at("archive/"), ".year h2 a"), "main a[href*='/w']"),
    "day": await first(at(""), ".day h2 a"),
    "undated": at("archive/undated/"),
    "content page": at("about/"),
    "search": at("search/"),
    "search results": at(`search/?q=${encodeURIComponent("大语言模型 OpenAI")}`),
    "mine": at("mine/"),
    "subscribe": at("subscribe/"),
    "404": at("no-such-page/"),
  };
}
