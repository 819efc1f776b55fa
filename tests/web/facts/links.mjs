import assert from "node:assert/strict";
import { test } from "node:test";

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#x27": "'", "#x2F": "/" };

function attributes(html, name) {
  const found = html.matchAll(new RegExp(`<[a-z][^<>]*?\\s${name}="([^"]*)"`, "gi"));
  return [...found].map(([, value]) => value.replace(/&(#?\w+);/g, (whole, entity) => ENTITIES[entity] ?? whole));
}

/** Fetches the whole site from its home page on: every address with its status, its ids and who links to it. */
async function crawl(base) {
  const pages = new Map();
  const faults = [];
  const fragments = [];
  let links = 0;
  const waiting = [base, new URL("no-such-page/", base).href];
  const visit = async (url) => {
    const response = await fetch(url, { redirect: "manual" });
    const isHtml = response.headers.get("content-type")?.startsWith("text/html") ?? false;
    const html = await response.text();
    const page = pages.get(url);
    page.status = response.status;
    if (!isHtml) return;
    page.ids = new Set(attributes(html, "id"));
    for (const raw of [...attributes(html, "href"), ...attributes(html, "src")]) {
      links += 1;
      const target = URL.parse ? URL.parse(raw, url) : new URL(raw, url);
      if (target?.protocol !== "http:" && target?.protocol !== "https:") {
        faults.push(`${url} links to ${raw}, which is no address on the web`);
        continue;
      }
      if (target.origin !== new URL(base).origin) continue;
      if (!target.href.startsWith(base)) {
        faults.push(`${url} links to ${raw}, outside the site's folder`);
        continue;
      }
      if (target.hash) fragments.push({ from: url, raw, target: target.href.split("#")[0], hash: target.hash });
      const address = target.href.split("#")[0];
      if (!pages.has(address)) {
        pages.set(address, { from: url });
        waiting.push(address);
      }
    }
  };
  for (const url of waiting) pages.set(url, { from: "the crawl's start" });
  while (waiting.length) await Promise.all(waiting.splice(0, 8).map(visit));

  const start = new URL("no-such-page/", base).href;
  for (const [url, { status, from }] of pages) {
    if (status !== (url === start ? 404 : 200)) faults.push(`${from} links to ${url}, which answers ${status}`);
  }
  for (const { from, raw, target, hash } of fragments) {
    if (!pages.get(target).ids?.has(decodeURIComponent(hash.slice(1)))) {
      faults.push(`${from} links to ${raw}, but there is no such place on that page`);
    }
  }
  return { pages, links, faults };
}

export default function links(web) {
  test("every link of the whole site leads to a page below its folder, or to the web, and every fragment exists", async () => {
    const { pages, links, faults } = await crawl(web.site.base);
    assert.deepEqual([...new Set(faults)], []);
    assert.ok(pages.size > 100, `only ${pages.size} addresses were found`);
    assert.ok(links > 1000, `only ${links} links were found`);
    for (const kind of Object.keys(web.kinds)) {
      assert.ok(pages.has(web.kinds[kind]), `no way leads to ${kind}: ${web.kinds[kind]}`);
    }
  });
}
