import assert from "node:assert/strict";
import { test } from "node:test";
import { KINDS } from "../kinds.mjs";

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", "#39": "'", "#x27": "'", "#x2F": "/" };

const decode = (text) => text.replace(/&(#?\w+);/g, (whole, entity) => ENTITIES[entity] ?? whole);

/** The values of an attribute on all elements. The theme writes all values in double quotes. */
function attributes(text, name) {
  const found = text.matchAll(new RegExp(`<[a-z][^<>]*?\\s${name}="([^"]*)"`, "gi"));
  return [...found].map(([, value]) => decode(value));
}

/** The targets of all links in a page, a feed or a sitemap. */
function targets(text) {
  const places = [...text.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, place]) => decode(place));
  return [...attributes(text, "href"), ...attributes(text, "src"), ...places];
}

/**
 * Follows every link below `base`, beginning at `starts`. Returns all addresses, all links and all
 * faults.
 */
async function crawl(base, starts) {
  const pages = new Map(); // address → status, ids and the first page that links to it
  const links = [];
  const waiting = [];
  const add = (address, from) => {
    if (pages.has(address)) return;
    pages.set(address, { from });
    waiting.push(address);
  };
  const visit = async (address) => {
    const response = await fetch(address, { redirect: "manual" });
    const text = await response.text();
    const type = response.headers.get("content-type") ?? "";
    const page = Object.assign(pages.get(address), { status: response.status, ids: new Set() });
    if (!/^(text\/html|application\/xml)/.test(type)) return;
    page.ids = new Set(attributes(text, "id"));
    for (const raw of targets(text)) {
      const target = URL.canParse(raw, address) ? new URL(raw, address) : null;
      links.push({ from: address, raw, target });
      if (target?.href.startsWith(base)) add(target.href.split("#")[0], address);
    }
  };
  for (const start of starts) add(start, "the test");
  while (waiting.length) await Promise.all(waiting.splice(0, 8).map(visit));

  const faults = [];
  for (const { from, raw, target } of links) {
    if (target?.protocol !== "http:" && target?.protocol !== "https:") {
      faults.push(`${from} links to ${raw}, which is not an http(s) URL`);
    } else if (target.origin === new URL(base).origin && !target.href.startsWith(base)) {
      faults.push(`${from} links to ${raw}, outside the site's folder`);
    } else if (target.hash && target.href.startsWith(base)) {
      const { ids } = pages.get(target.href.split("#")[0]);
      const id = decodeURIComponent(target.hash.slice(1));
      if (!ids.has(id)) faults.push(`${from} links to ${raw}, but that page has no element with this id`);
    }
  }
  return { pages, links, faults };
}

export default function links(web) {
  test("no link of the site, its feeds and its sitemap is broken", async () => {
    const { base } = web.site;
    const missing = web.kinds["404"];
    const { pages, links, faults } = await crawl(base, [base, missing, new URL("sitemap.xml", base).href]);
    for (const [address, { status, from }] of pages) {
      if (status !== (address === missing ? 404 : 200)) {
        faults.push(`${from} links to ${address}, which answers ${status}`);
      }
    }
    assert.deepEqual(faults, []);
    assert.ok(pages.size > 100, `only ${pages.size} addresses were found`);
    assert.ok(links.length > 1000, `only ${links.length} links were found`);
    // The search is opened by a form, not by a link.
    for (const kind of KINDS.filter((kind) => !kind.startsWith("search"))) assert.ok(pages.has(web.kinds[kind]), `no link points to ${kind}: ${web.kinds[kind]}`);
  });
}
