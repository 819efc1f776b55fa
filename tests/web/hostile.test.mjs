// Hostile articles: more than a thousand payloads in every field, as Markdown files and as imported
// records, opened in a real browser. The browser ignores the pages' Content-Security-Policy, since
// escaping has to be sufficient without it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launchBrowser, newPage, progress } from "./browser.mjs";
import { payloads } from "./payloads.mjs";
import { findNewsprint, startSite } from "./site.mjs";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
/** The Big List of Naughty Strings (MIT; not part of this project), tested if the file exists. */
const NAUGHTY = join(REPOSITORY, "..", "shared", "data", "blns.json");
/**
 * The browser parses all pages, opens every tenth, and searches for every third payload.
 * `HOSTILE=all` opens every page and searches for every payload.
 */
const [OPENED, SEARCHED] = process.env.HOSTILE === "all" ? [1, 1] : [10, 3];

const CONFIG = "title: 测试\nbase_url: https://example.org/\npaginate_by: 100\ntaxonomies: [{name: keywords, min_articles: 1}]\n";

/** A YAML scalar: a JSON string in which characters that YAML forbids are escaped. */
const yaml = (text) => JSON.stringify(text).replace(/[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
/** Whether a text is not empty without white space and the characters that newsprint drops. */
const hasText = (text) => text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFFFE\uFFFF]/g, "").trim() !== "";
const day = (n) => new Date(Date.UTC(2024, 0, 1) + (n % 300) * 86_400_000).toISOString().slice(0, 10);

/** An article file with the payload in every field and as the body. */
function article(text, n) {
  const words = yaml(text);
  const link = yaml(`https://example.org/a${n}?${text}`.replace(/[\s\u0000-\u001F]/g, ""));
  const lines = [
    `title: ${words}`,
    `link: ${link}`,
    `date: ${day(n)}`,
    `source: ${words}`,
    `event: ${words}`,
    `summary: ${words}`,
    `keywords: [${words}]`,
    `ai_technologies: [${words}, 大模型]`,
    `industries: [${words}, 医疗]`,
    `slug: ${yaml(`m${n}-${text}`)}`,
    `image: ${link}`,
    `extra: {x: ${words}}`,
  ];
  return `---\n${lines.join("\n")}\n---\n\n${text.replaceAll("\u0000", "")}\n`;
}

/** The same article as a record of JSON Lines. */
function record(text, n) {
  const link = `https://example.org/r${n}?${encodeURIComponent(text)}`;
  return JSON.stringify({ title: text, link, date: day(n), source: text, event: text, content: text, keywords: [text], ai_technologies: [text], industries: [text], slug: `r${n}-${text}`, mood: text });
}

/**
 * Creates a digest of payloads and serves its site. `files` are written to the digest and can
 * override the theme.
 */
async function digestOf(texts, { files = {}, config = "", records = true } = {}) {
  const root = await mkdtemp(join(tmpdir(), "newsprint-hostile-"));
  await mkdir(join(root, "content", "articles"), { recursive: true });
  await writeFile(join(root, "newsprint.yaml"), CONFIG + config);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(root, name, ".."), { recursive: true });
    await writeFile(join(root, name), text);
  }
  for (const [n, text] of texts.entries()) {
    if (hasText(text)) await writeFile(join(root, "content", "articles", `m${n}.md`), article(text, n));
  }
  if (records) {
    const lines = texts.map((text, n) => [text, n]).filter(([text]) => hasText(text)).map(([text, n]) => record(text, n));
    await writeFile(join(root, "records.jsonl"), `${lines.join("\n")}\n`);
    const run = spawnSync(findNewsprint(), ["import", "records.jsonl", "--quiet", "--json"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
    const report = JSON.parse(run.stdout);
    // Records with only white space or an invalid link are refused; nearly all records are
    // imported.
    assert.ok(report.imported.length > lines.length * 0.95, `${report.imported.length} of ${lines.length}: ${JSON.stringify(report.diagnostics.slice(0, 3))}`);
  }
  return { root, site: await startSite(root, { cacheAssets: true }) };
}

/** The paths of all pages of a site, sorted. */
function pagesOf(folder) {
  const found = readdirSync(folder, { recursive: true }).filter((path) => path.endsWith("index.html") || path === "404.html");
  return found.sort().map((path) => path.replace(/index\.html$/, "").split("/").map(encodeURIComponent).join("/"));
}

/** Runs in the page before any other script: replaces functions that payloads call by recorders. */
function recordCalls() {
  const ran = (name) => () => void window.__ran.push(name);
  window.__ran = [];
  for (const name of ["alert", "prompt", "confirm", "print", "open", "injected"]) window[name] = ran(name);
  for (const name of ["log", "error", "warn", "info", "debug"]) console[name] = ran(`console.${name}`);
  const write = ran("document.write");
  Document.prototype.write = write;
}

/**
 * The elements of a page with the names of their attributes, each combination once: `text` within
 * the body of an article, `page` for all others. Also the functions that ran (`ran`), and attributes
 * whose URL has another scheme than http, https or mailto (`addresses`).
 */
function skeleton({ document, __ran = [] }) {
  const bodies = new Set(document.querySelectorAll("[data-search] *"));
  const found = { page: new Set(), text: new Set(), addresses: new Set() };
  const schemes = new Map();
  const scheme = (value) => {
    if (!schemes.has(value)) schemes.set(value, URL.parse(value, document.baseURI)?.protocol ?? "broken:");
    return schemes.get(value);
  };
  for (const element of document.querySelectorAll("*")) {
    // Whether an element is hidden or unfolded is a state.
    const names = element.getAttributeNames().filter((name) => !["hidden", "open"].includes(name)).sort();
    const within = bodies.has(element);
    // Within a body only headings and footnotes may have an id.
    const named = element.id && !/^(h|fn)-./.test(element.id) ? [`id=${element.id}`] : [];
    const marks = within ? named : ["id", "class", "name", "http-equiv", "property", "rel", "type"].filter((name) => element.hasAttribute(name)).map((name) => `${name}=${element.getAttribute(name).replace(/^heat-\d$/, "heat")}`);
    found[within ? "text" : "page"].add([element.localName, ...names, ...marks].join(" "));
    for (const name of ["href", "src", "action", "xlink:href"]) {
      const value = element.getAttribute(name);
      if (value === null || ["http:", "https:", "mailto:"].includes(scheme(value))) continue;
      found.addresses.add(`${element.localName} ${name}=${value}`);
    }
  }
  return { ran: __ran, page: [...found.page], text: [...found.text], addresses: [...found.addresses] };
}

/** Elements and attributes that Markdown produces. */
const TEXT = new RegExp(
  `^(${[
    "(p|span)( lang)?",
    "h[2-6]( id)?( lang)?",
    "(ul|li|blockquote|pre|em|strong|del|br|hr|table( tabindex)?|thead|tbody|tr|td( class)?|th( class)?|code( class)?)",
    "pre tabindex",
    "ol( start)?",
    "a href( rel)?( title)?",
    "img alt src( title)?",
    "sup class",
    "div class id",
  ].join("|")})$`,
);

/**
 * Collects everything unexpected on pages. `known` is the set of elements that pages of harmless
 * text have.
 */
class Findings {
  constructor(site, known) {
    this.site = site;
    this.known = known;
    this.list = [];
  }

  add(path, what) {
    this.list.push(`${path}: ${what}`);
  }

  /** Opens a page whose dialogs, windows, errors, requests and navigations are recorded. */
  async page(browser, options = {}) {
    const context = await browser.newContext({ bypassCSP: true, serviceWorkers: "block", ...options });
    context.setDefaultTimeout(30_000);
    await context.addInitScript(recordCalls);
    const page = await context.newPage();
    page.at = "";
    page.expected = new Set(["about:blank"]);
    page.on("dialog", (dialog) => (this.add(page.at, `dialog: ${dialog.message()}`), dialog.dismiss().catch(() => {})));
    page.on("popup", (popup) => this.add(page.at, `a window: ${popup.url()}`));
    page.on("pageerror", (error) => this.add(page.at, `script error: ${error.message}`));
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.origin !== this.site.origin && url.protocol !== "data:") this.add(page.at, `request to ${url.href.slice(0, 100)}`);
    });
    page.on("framenavigated", (frame) => {
      if (!page.expected.has(frame.url())) this.add(page.at, `went to ${frame.url()}`);
    });
    // Other pages are opened in frames of this page, ten at a time: twice as fast as one by one.
    await this.go(page, "robots.txt");
    return page;
  }

  /** Adds a finding for everything unexpected in the skeleton of a loaded page. */
  judge(at, { ran, page, text, addresses }) {
    for (const name of ran) this.add(at, `ran ${name}`);
    for (const address of addresses) this.add(at, `unexpected scheme: ${address}`);
    for (const element of page) if (!this.known.has(element)) this.add(at, `unexpected page element: ${element}`);
    for (const element of text) if (!TEXT.test(element)) this.add(at, `unexpected text element: ${element}`);
  }

  async go(page, path) {
    const url = new URL(path, this.site.base).href;
    page.at = path;
    page.expected.add(url);
    await page.goto(url, { waitUntil: "load" });
  }

  /** Opens pages in frames and judges each. */
  async inspectInFrames(page, paths) {
    const urls = paths.map((path) => new URL(path, this.site.base).href);
    page.at = `one of ${paths.join(" ")}`;
    for (const url of urls) page.expected.add(url);
    const found = await page.evaluate(
      async ({ urls, source }) => {
        const skeleton = (0, eval)(`(${source})`);
        const open = (url) =>
          new Promise((done) => {
            const frame = Object.assign(document.createElement("iframe"), { width: 390, height: 300, src: url });
            // Waits for what happens without user input: focus, image errors, refreshes,
            // animations.
            frame.onload = () => setTimeout(() => (done(skeleton(frame.contentWindow)), frame.remove()), 30);
            document.body.append(frame);
          });
        // One text: Playwright takes long to transfer many small values.
        return JSON.stringify(await Promise.all(urls.map(open)));
      },
      { urls, source: skeleton.toString() },
    );
    for (const [n, one] of JSON.parse(found).entries()) this.judge(paths[n], one);
  }

  /**
   * Judges what the browser's parser makes of pages, without opening them: no script runs and
   * nothing is loaded or painted. The browser fetches the pages in one file, since each request
   * would cost more than the parsing of its page.
   */
  async parse(page, paths) {
    const texts = paths.map((path) => readFileSync(join(this.site.folder, decodeURIComponent(path).replace(/(^|\/)$/, "$1index.html")), "utf8"));
    const file = "parsed.json";
    await writeFile(join(this.site.folder, file), JSON.stringify(texts));
    const found = await page.evaluate(
      async ({ file, source }) => {
        const skeleton = (0, eval)(`(${source})`);
        const parser = new DOMParser();
        const texts = await (await fetch(file)).json();
        return JSON.stringify(texts.map((text) => skeleton({ document: parser.parseFromString(text, "text/html") })));
      },
      { file: new URL(file, this.site.base).href, source: skeleton.toString() },
    );
    await rm(join(this.site.folder, file));
    for (const [n, one] of JSON.parse(found).entries()) this.judge(paths[n], one);
  }

  /** Parses and judges all pages, and opens every `opened`th, ten at a time. */
  async inspectAll(browser, paths, opened = 1) {
    const page = await this.page(browser);
    const inBatches = async (size, what, paths, inspect) => {
      const report = progress(`batches of ${size} pages ${what}`, Math.ceil(paths.length / size));
      for (let n = 0; n < paths.length; n += size) {
        report(paths[n]);
        await inspect(paths.slice(n, n + size));
      }
    };
    await inBatches(200, "parsed", paths, (batch) => this.parse(page, batch));
    await inBatches(10, "opened", paths.filter((_, n) => n % opened === 0), (batch) => this.inspectInFrames(page, batch));
    await page.context().close();
  }

  /** Opens a search page outside of a frame. */
  async openSearch(browser, path = "search/") {
    const page = await this.page(browser);
    await this.go(page, path);
    return page;
  }
}

/** The elements that pages of all kinds have in a digest of harmless text. */
async function harmlessElements(browser) {
  const words = Array.from({ length: 40 }, (_, n) => `词 ${n}`);
  const english = Array.from({ length: 10 }, (_, n) => `The model number ${n} is one of the best of the year`);
  const others = ["生成AIの利用が広がる", "인공지능 반도체 시장이 커지고 있다"];
  const article = (fields) => `---\n${fields}\n---\n\n正文。\n`;
  // Enough articles of one week, one initial letter and one term, so that lists have all their
  // elements.
  const many = Object.fromEntries(
    Array.from({ length: 420 }, (_, n) => [
      `content/articles/many-${n}.md`,
      article(`title: 许多 ${n}\ndate: 2024-11-2${5 + (n % 5)}\nevent: 事 ${n}\nkeywords: [词甲${n}, b${n}, 常]\nai_technologies: [c${n}, 大模型${n % 100 ? "" : ", 罕"}]\nindustries: [d${n}, 医疗${n % 100 ? "" : ", 罕"}]`),
    ]),
  );
  const files = {
    ...many,
    "content/articles/bare.md": article("title: 只有标题"),
    "content/articles/other.md": article("title: 另一篇\ndate: 2024-02-03\nupdated: 2024-03-04\nkeywords: [词 1, 词 2]"),
    "content/articles/2024-12-01-more.md": article("title: 最新一篇\nevent: 事件\nkeywords: [词 1, 词 2]\nai_technologies: [大模型]\nindustries: [医疗]"),
  };
  const { root, site } = await digestOf([...words, ...english, ...others], { files });
  const findings = new Findings(site, new Set());
  try {
    await findings.inspectAll(browser, pagesOf(site.folder), OPENED);
    const page = await findings.openSearch(browser);
    // Excerpts from bodies are shown when the article page is loaded.
    await search(page, findings, "正文");
    await page.locator(".excerpt").first().waitFor();
    for (const query of ["正文", "词", "大模型", "没有的", "model best", "\"", "医疗 -词"]) await search(page, findings, query);
    // A search that is narrowed has a button that clears its filters.
    await findings.go(page, `search/?${new URLSearchParams({ q: "正文", industry: "没有的", from: "没有的" })}`);
    await page.locator(".clear:not([hidden])").waitFor({ state: "attached" });
    findings.judge(page.at, await resultsOf(page));
    await page.context().close();
  } finally {
    await site.close();
    await rm(root, { recursive: true, force: true });
  }
  const elements = findings.list.map((found) => found.split("unexpected page element: ")[1]);
  const unexpected = findings.list.filter((found) => !found.includes("unexpected page element: "));
  assert.deepEqual(unexpected, [], "findings in a digest of harmless text");
  return new Set([...elements, ...LATE]);
}

/**
 * Elements that few pages have: the filter of an index, which its script adds when it has loaded, and
 * the gap in the pager of a long list.
 */
const LATE = [
  "input aria-label autocomplete id placeholder type id=find type=search",
  "output aria-live",
  "span class class=gap",
];

/** Runs a query on an open search page and judges the page when the results are shown. */
async function search(page, findings, query) {
  page.at = `search/?q=${query}`;
  page.expected.add(new URL(`search/?${new URLSearchParams({ q: query })}`, findings.site.base).href);
  await page.evaluate((query) => {
    // Sets the query in the URL without a navigation: any navigation is caused by a payload.
    history.replaceState(null, "", `?${new URLSearchParams({ q: query })}`);
    dispatchEvent(new PopStateEvent("popstate"));
  }, query);
  findings.judge(page.at, await resultsOf(page));
}

/**
 * The skeleton of a search page when the search has ended and nothing has changed for 25 milliseconds:
 * excerpts come after the results.
 */
async function resultsOf(page) {
  const found = await page.evaluate(async (source) => {
    const list = document.querySelector(".results");
    await new Promise((done, failed) => {
      setTimeout(() => failed(new Error("the search has no end")), 30_000);
      let timer;
      const changed = () => {
        clearTimeout(timer);
        if (list.ariaBusy === "false") timer = setTimeout(() => (observer.disconnect(), done()), 25);
      };
      const observer = new MutationObserver(changed);
      observer.observe(document.querySelector(".found"), { attributes: true, childList: true, subtree: true, characterData: true });
      changed();
    });
    return JSON.stringify((0, eval)(`(${source})`)(window));
  }, skeleton.toString());
  return JSON.parse(found);
}

describe("hostile articles", { timeout: 1_500_000 }, () => {
  const texts = payloads();
  let browser, known, hostile;
  before(async () => {
    browser = await launchBrowser();
    known = await harmlessElements(browser);
    if (existsSync(NAUGHTY)) texts.push(...JSON.parse(readFileSync(NAUGHTY, "utf8")).filter(hasText));
    hostile = await digestOf(texts);
  });
  after(async () => {
    await browser?.close();
    await hostile?.site.close();
    if (hostile) await rm(hostile.root, { recursive: true, force: true });
  });

  test("the digest has pages for more than a thousand payloads", () => {
    assert.ok(texts.length > 1000, `${texts.length}`);
    assert.equal(new Set(texts.slice(0, 1000)).size, 1000);
    const articles = readdirSync(join(hostile.site.folder, "articles"));
    assert.ok(articles.filter((name) => name.startsWith("m")).length > texts.length * 0.98);
    assert.ok(articles.filter((name) => name.startsWith("r")).length > texts.length * 0.95);
  });

  test("no page runs code, loads anything or has unexpected elements", async () => {
    const findings = new Findings(hostile.site, known);
    const paths = pagesOf(hostile.site.folder);
    assert.ok(paths.length > texts.length * 2);
    await findings.inspectAll(browser, paths, OPENED);
    assert.deepEqual(findings.list.slice(0, 20), []);
  });

  test("the search page runs no code and has no unexpected elements for payloads as query and result", async () => {
    const findings = new Findings(hostile.site, known);
    const searched = texts.filter((_, n) => n % SEARCHED === 0);
    const report = progress("searches", searched.length);
    const page = await findings.openSearch(browser);
    for (const text of searched) {
      report(text);
      await search(page, findings, text.slice(0, 300));
    }
    // Every fortieth payload in all parameters of the URL.
    const some = texts.filter((_, n) => n % 40 === 0);
    const asked = (text) => new URLSearchParams({ q: text, industry: text, tech: text, sort: text, from: text, to: text });
    for (const text of some) {
      await findings.go(page, `search/?${asked(text)}`);
      findings.judge(page.at, await resultsOf(page));
    }
    await page.context().close();
    assert.deepEqual(findings.list.slice(0, 20), []);
  });

  test("pages and search work with the Content-Security-Policy and do not violate it", async (t) => {
    const page = await newPage(browser, t);
    const violations = [];
    await page.exposeBinding("violated", (_, what) => violations.push(what));
    await page.addInitScript(() =>
      addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => window.violated(`${violatedDirective} ${blockedURI}`)),
    );
    const paths = pagesOf(hostile.site.folder).filter((_, n) => n % 60 === 0);
    for (const path of ["", "search/?q=script", ...paths]) {
      await page.goto(new URL(path, hostile.site.base).href, { waitUntil: "load" });
    }
    await page.goto(new URL("search/?q=script", hostile.site.base).href);
    await page.locator(".results .card").first().waitFor();
    assert.deepEqual(violations, []);
  });

  describe("a planted vulnerability is found", () => {
    const few = ["<img src=x onerror=alert(1)>", "<b>x</b>", '"><svg onload=injected()>', "词"];
    const found = async (options, then) => {
      const { root, site } = await digestOf(few, { records: false, ...options });
      const findings = new Findings(site, known);
      try {
        if (then) await then(findings);
        else await findings.inspectAll(browser, pagesOf(site.folder));
      } finally {
        await site.close();
        await rm(root, { recursive: true, force: true });
      }
      return findings.list.join("\n");
    };
    const template = (name) => readFileSync(join(REPOSITORY, "templates", name), "utf8");

    test("in a template without escaping", async () => {
      const safe = template("parts/card.html");
      const text = safe.replace("{{ article.title }}", "{{ article.title | safe }}");
      assert.notEqual(text, safe);
      const files = { "templates/parts/card.html": text };
      const list = await found({ files });
      assert.match(list, /ran alert/);
      assert.match(list, /ran injected/);
      assert.match(list, /unexpected page element: b\b/);
    });

    test("in an attribute without quotation marks", async () => {
      const safe = template("article.html");
      const text = safe.replace('<span class="source">{{ article.source }}', "<span title={{ article.source }}>x");
      assert.notEqual(text, safe);
      assert.match(await found({ files: { "templates/article.html": text } }), /unexpected page element: span .*(onerror|onload|src|title)/);
    });

    test("in bodies with trusted HTML", async () => {
      const list = await found({ config: "markdown: {html: trusted}\n" });
      assert.match(list, /unexpected text element: img onerror src/);
      assert.match(list, /ran alert/);
    });

    test("in a script that inserts a title as HTML", async () => {
      const script = readFileSync(join(REPOSITORY, "static", "search-page.js"), "utf8");
      const vulnerable = script.replace(
        'make("a", { href: address(path) }, ...marked(engine, title, runs))',
        "Object.assign(document.createElement('a'), { href: address(path), innerHTML: title })",
      );
      assert.notEqual(vulnerable, script);
      const list = await found({ files: { "static/search-page.js": vulnerable } }, async (findings) => {
        const page = await findings.openSearch(browser);
        await search(page, findings, "alert");
        // The image fails asynchronously.
        await page.waitForFunction(() => window.__ran.length > 0);
        await search(page, findings, "alert");
        await page.context().close();
      });
      assert.match(list, /ran alert/);
    });
  });
});
