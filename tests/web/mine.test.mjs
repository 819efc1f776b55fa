// The reader's own view: what newsprint.js, newsprint-own.js, mine.js and mine-file.js store and show, on a
// digest of its own.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { PHONE, VIEWS, launchBrowser, newPage, watch } from "./browser.mjs";
import { violations } from "./checks/accessibility.mjs";
import { startSite } from "./site.mjs";

/** The day of the newest articles, and noon of that day in the zone of the browser contexts. */
const DAY = "2026-11-24";
const NOON = new Date(`${DAY}T12:00:00+08:00`);
const HOUR = 3_600_000;

const KEY = "newsprint:/my-digest/";
const ARTICLES = [
  ["a1", "青禾公司发布模型", "2026-11-24", "[青禾公司, 开源]"],
  ["a2", "白鹭实验室公开数据", "2026-11-24", "[白鹭实验室, 开源]"],
  ["b1", "青禾公司招聘", "2026-11-23", "[青禾公司]"],
  ["b2", "海港港口扩建", "2026-11-23", "[海港]"],
  ["c1", "白鹭实验室搬迁", "2026-11-10", "[白鹭实验室]"],
  ["d1", "海港旧闻", "2025-03-02", "[海港]"],
];

async function makeDigest() {
  const root = await mkdtemp(join(tmpdir(), "newsprint-mine-"));
  const write = async (path, text) => {
    await mkdir(join(root, path, ".."), { recursive: true });
    await writeFile(join(root, path), text);
  };
  await write("newsprint.yaml", "title: 读者日报\nbase_url: https://example.org/\nfeeds:\n  terms: 2\n");
  for (const [name, title, date, keywords] of ARTICLES) {
    await write(`content/articles/${name}.md`, `---\ntitle: ${title}\ndate: ${date}\nsource: 甲报\nkeywords: ${keywords}\n---\n\n正文。\n`);
  }
  return { root, write };
}

describe("the reader's own view", { concurrency: 2, timeout: 300_000 }, () => {
  let digest;
  let site;
  let browser;
  before(async () => {
    digest = await makeDigest();
    site = await startSite(digest.root);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    await rm(digest.root, { recursive: true, force: true });
  });

  const path = (name) => new URL(name, site.base).pathname;
  const term = (name) => new URL(`keywords/${name}/`, site.base).href;
  const article = (name) => new URL(`articles/${name}/`, site.base).href;
  const mine = () => new URL("mine/", site.base).href;
  const stored = (page, name) => page.evaluate((key) => JSON.parse(localStorage.getItem(key)), KEY + name);
  const open = async (t, options = {}) => {
    const page = await newPage(browser, t, { timezoneId: "Asia/Shanghai", ...options });
    page.troubles = watch(page, site.origin);
    await page.clock.setFixedTime(NOON);
    return page;
  };
  const follow = async (page, ...names) => {
    for (const name of names) {
      await page.goto(term(name));
      await page.getByRole("button", { name: "关注", exact: true }).click();
      await page.getByRole("button", { name: "已关注" }).waitFor();
    }
  };
  /** Opens /mine/ and waits until all of it is read: the last section comes after the news. */
  const openMine = async (page, hash = "") => {
    await page.goto("about:blank");
    await page.goto(mine() + hash);
    await page.locator(".take").waitFor();
  };
  const news = (page) => page.locator(".news .titles a").allInnerTexts();

  test("articles of followed terms are on /mine/ by day, the newest first, each once", async (t) => {
    const page = await open(t);
    await follow(page, "白鹭实验室", "开源", "青禾公司");
    await openMine(page);
    const shown = await news(page);
    assert.deepEqual([...shown.slice(0, 2)].sort(), ["白鹭实验室公开数据", "青禾公司发布模型"].sort());
    assert.deepEqual(shown.slice(2), ["青禾公司招聘", "白鹭实验室搬迁"]);
    const days = await page.locator(".news .day > h2 time").evaluateAll((all) => all.map((time) => time.dateTime));
    assert.deepEqual(days, ["2026-11-24", "2026-11-23", "2026-11-10"]);
    const named = await page.locator(".followed .kept a").allInnerTexts();
    assert.deepEqual(named.sort(), ["开源", "白鹭实验室", "青禾公司"].sort());
    await page.locator(".followed li", { hasText: "开源" }).getByRole("button", { name: "已关注" }).click();
    await page.waitForFunction((key) => Object.keys(JSON.parse(localStorage.getItem(key))).length === 2, `${KEY}terms`);
    assert.deepEqual(page.troubles, []);
  });

  test("an article's terms are followed by button and by key, at any size of the button from 24 pixels", async (t) => {
    const page = await open(t);
    await page.goto(article("a1"));
    const buttons = page.locator(".filed .follow");
    assert.deepEqual(
      await buttons.evaluateAll((all) => all.map((button) => [button.textContent, button.ariaLabel, button.title])),
      [["+", "关注 青禾公司", "关注 青禾公司"], ["+", "关注 开源", "关注 开源"]],
    );
    for (const button of await page.locator("main button").all()) {
      const { width, height } = await button.boundingBox();
      assert.ok(width >= 24 && height >= 24, `${width} × ${height}`);
    }
    await buttons.nth(1).click();
    await page.locator(".follow[aria-pressed=true]").waitFor();
    assert.equal(await buttons.nth(1).innerText(), "✓");
    await page.keyboard.press("f");
    await page.waitForFunction(() => document.querySelectorAll(".follow[aria-pressed=true]").length === 2);
    const terms = await stored(page, "terms");
    assert.deepEqual(Object.values(terms).map(({ name, as }) => `${name} ${as}`).sort(), ["开源 follow", "青禾公司 follow"]);
    assert.ok(Object.keys(terms).every((key) => key.startsWith("/my-digest/keywords/")), Object.keys(terms).join());
    await page.keyboard.press("f");
    await page.waitForFunction(() => document.querySelectorAll(".follow[aria-pressed=true]").length === 1);
    assert.deepEqual(page.troubles, []);
  });

  test("a hidden term's articles leave all lists but its own, which say how many and show them", async (t) => {
    const page = await open(t);
    await page.goto(term("海港"));
    await page.getByRole("button", { name: "隐藏", exact: true }).click();
    await page.waitForFunction((key) => localStorage.getItem(key)?.includes("d1"), `${KEY}hidden`);
    assert.ok(await page.locator("main a", { hasText: "海港旧闻" }).isVisible(), "hidden on its own page");
    await page.goto(site.base);
    const harbour = page.locator("main a", { hasText: "海港港口扩建" });
    assert.equal(await harbour.isVisible(), false);
    assert.ok(await page.locator("main a", { hasText: "青禾公司招聘" }).first().isVisible());
    assert.match(await page.locator(".veiled").innerText(), /隐藏了 [12] 篇/);
    await page.locator(".veiled button").click();
    assert.ok(await harbour.isVisible());
    assert.equal(await page.locator(".veiled").count(), 0);

    await follow(page, "青禾公司");
    await openMine(page);
    assert.deepEqual(await news(page), ["青禾公司发布模型", "青禾公司招聘"]);
    await page.locator(".followed li", { hasText: "海港" }).getByRole("button", { name: "已隐藏" }).click();
    await page.locator(".said", { hasText: "已取消：海港" }).waitFor();
    await page.goto(site.base);
    assert.ok(await harbour.isVisible(), "still hidden");
    assert.deepEqual(page.troubles, []);
  });

  test("a day of which all articles are hidden leaves no heading", async (t) => {
    const page = await open(t);
    await page.goto(new URL("archive/", site.base).href);
    const of = async (selector) => page.locator(selector).count();
    await page.goto(site.base);
    const paths = await page.evaluate(() => {
      const section = [...document.querySelectorAll("main section")].find((section) => section.querySelector(".card, .titles > li"));
      section.id = "all";
      return [...section.querySelectorAll(":is(.card > h3, .titles > li) > a")].map((link) => link.getAttribute("href"));
    });
    assert.ok(paths.length > 0 && (await of("main section:visible")) > 0);
    await page.evaluate(
      ([key, paths]) => {
        localStorage.setItem(`${key}terms`, JSON.stringify({ "/my-digest/x/": { name: "x", as: "hide" } }));
        localStorage.setItem(`${key}hidden`, JSON.stringify({ "/my-digest/x/": { at: Date.now(), paths } }));
        window.dispatchEvent(new Event("storage"));
      },
      [KEY, paths],
    );
    await page.locator("#all").waitFor({ state: "hidden" });
    await page.locator(".veiled button").click();
    await page.locator("#all").waitFor();
  });

  test("followed news leave out the articles of hidden terms, and days without any other", async (t) => {
    const page = await open(t);
    await follow(page, "青禾公司");
    await page.goto(term("开源"));
    await page.getByRole("button", { name: "隐藏", exact: true }).click();
    await page.waitForFunction((key) => localStorage.getItem(key)?.includes("a1"), `${KEY}hidden`);
    await openMine(page);
    assert.deepEqual(await news(page), ["青禾公司招聘"]);
    assert.equal(await page.locator(".news .day").count(), 1);
    assert.deepEqual(page.troubles, []);
  });

  test("the page of a hidden term is read once in six hours", async (t) => {
    const page = await open(t);
    await page.goto(term("海港"));
    await page.getByRole("button", { name: "隐藏", exact: true }).click();
    await page.waitForFunction((key) => localStorage.getItem(key)?.includes("d1"), `${KEY}hidden`);
    let count = 0;
    page.on("request", (request) => (count += request.resourceType() === "fetch"));
    const visit = async (time, expected) => {
      await page.clock.setFixedTime(time);
      const asked = count < expected && page.waitForRequest((request) => request.resourceType() === "fetch");
      await page.goto(site.base);
      await asked;
      await page.waitForLoadState("networkidle");
      assert.equal(count, expected, `after ${(time - NOON) / HOUR} hours`);
    };
    await visit(new Date(NOON.getTime() + 5 * HOUR), 0);
    await visit(new Date(NOON.getTime() + 7 * HOUR), 1);
    await visit(new Date(NOON.getTime() + 8 * HOUR), 1);
  });

  test("an article is kept by button and key, is listed with its date, and is removed", async (t) => {
    const page = await open(t);
    await page.goto(article("d1"));
    await page.locator(".act").getByRole("button", { name: "稍后读" }).click();
    await page.locator(".byline").getByRole("button", { name: "已保存" }).waitFor();
    await page.goto(site.base);
    await page.keyboard.press("j");
    const title = await page.evaluate(() => document.activeElement.textContent);
    await page.keyboard.press("s");
    await page.locator(".said", { hasText: `已保存：${title}` }).waitFor();
    const mark = (text) =>
      page.evaluate((text) => {
        const link = [...document.querySelectorAll("main h3 > a, main li > a")].find((link) => link.textContent === text);
        return getComputedStyle(link, "::after").content;
      }, text);
    assert.match(await mark(title), /★.*已保存/);
    assert.equal(await mark("青禾公司招聘"), "none");
    await openMine(page);
    assert.deepEqual(await page.locator(".saved a").allInnerTexts(), [title, "海港旧闻"]);
    assert.match(await page.locator(".saved li", { hasText: "海港旧闻" }).locator("time").innerText(), /2025年3月2日 星期日/);
    await page.locator(".saved").getByRole("button", { name: "移除 海港旧闻" }).click();
    await page.waitForFunction((key) => JSON.parse(localStorage.getItem(key)).length === 1, `${KEY}saved`);
    assert.deepEqual(await page.locator(".saved a").allInnerTexts(), [title]);
    assert.deepEqual(page.troubles, []);
  });

  test("what was exported comes back by file and by address, after a button is pressed", async (t) => {
    const page = await open(t);
    page.on("dialog", (dialog) => dialog.accept());
    await follow(page, "青禾公司");
    await page.goto(article("d1"));
    await page.keyboard.press("s");
    await page.locator(".byline").getByRole("button", { name: "已保存" }).waitFor();
    await openMine(page);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "下载文件" }).click()]);
    const file = await download.path();
    await page.getByRole("button", { name: "复制为地址" }).click();
    const address = await page.locator(".take input[readonly]").inputValue();
    assert.ok(address.startsWith(`${mine()}#`), address);
    for (const way of ["file", "address"]) {
      await page.getByRole("button", { name: "清除全部" }).click();
      await page.locator(".unfollowed").waitFor();
      assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.endsWith("terms")).length), 0);
      if (way === "file") await page.locator("input[type=file]").setInputFiles(file);
      else await openMine(page, new URL(address).hash);
      await page.locator(".offer").waitFor();
      assert.match(await page.locator(".offer").innerText(), /1 个词条、1 篇.*关注 “青禾公司”、稍后读 “海港旧闻”/);
      assert.equal(await page.locator(".followed").count(), 0, `${way}: imported without being asked`);
      await page.getByRole("button", { name: "导入", exact: true }).click();
      await page.locator(".followed a", { hasText: "青禾公司" }).waitFor();
      await page.locator(".saved a", { hasText: "海港旧闻" }).waitFor();
      await page.locator(".news .titles a").first().waitFor();
      assert.equal(new URL(page.url()).hash, "");
    }
    assert.deepEqual(page.troubles, []);
  });

  test("the feeds of followed terms are an outline, and terms without a feed are named", async (t) => {
    const page = await open(t);
    await follow(page, "青禾公司", "海港");
    await page.evaluate(() => {
      const [key] = Object.keys(localStorage).filter((key) => key.endsWith("terms"));
      const terms = JSON.parse(localStorage.getItem(key));
      terms["/my-digest/trends/"] = { name: "没有<源>", as: "follow" };
      localStorage.setItem(key, JSON.stringify(terms));
    });
    await openMine(page);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /OPML/ }).click()]);
    const text = await readFile(await download.path(), "utf8");
    const feeds = await page.evaluate((text) => {
      const parsed = new DOMParser().parseFromString(text, "text/xml");
      if (parsed.querySelector("parsererror")) return parsed.textContent;
      return [...parsed.querySelectorAll("outline")].map((it) => [it.getAttribute("text"), it.getAttribute("xmlUrl"), it.getAttribute("type")]);
    }, text);
    assert.deepEqual(feeds.map(([name, , type]) => `${name} ${type}`).sort(), ["海港 rss", "青禾公司 rss"], text);
    for (const [, url] of feeds) {
      const answer = await fetch(url);
      assert.equal(answer.status, 200, url);
      assert.match(await answer.text(), /<feed /);
    }
    assert.match(await page.locator(".missing").innerText(), /没有<源>/);
    assert.deepEqual(page.troubles, []);
  });

  test("imports of any other shape are refused with a sentence and change nothing", async (t) => {
    const page = await open(t);
    const good = { newsprint: 1, terms: {}, saved: [] };
    const terms = (path, name = "甲", as = "follow") => ({ ...good, terms: { [path]: { name, as } } });
    const saved = (path, more = {}) => ({ ...good, saved: [{ path, title: "甲", date: "2026-11-24", ...more }] });
    const many = (count) => Array.from({ length: count }, (_, n) => n);
    const hostile = {
      "nothing": "",
      "no JSON": "{",
      "a number": 1,
      "null": null,
      "a list": [],
      "another version": { ...good, newsprint: 2 },
      "no terms": { newsprint: 1, saved: [] },
      "terms as a list": { ...good, terms: [] },
      "terms as null": { ...good, terms: null },
      "kept articles as an object": { ...good, saved: {} },
      "kept articles as a text": { ...good, saved: "abc" },
      "a term as null": { ...good, terms: { "/my-digest/keywords/a/": null } },
      "a script as a path": terms("javascript:alert(1)"),
      "a script as an article": saved("javascript:alert(1)"),
      "data as an article": saved("data:text/html,x"),
      "another host": terms("https://example.com/my-digest/"),
      "another host without a scheme": saved("//example.com/my-digest/"),
      "another host with a backslash": saved("/\\example.com/my-digest/"),
      "outside of the base path": saved("/other/"),
      "out of the base path by dots": saved("/my-digest/../other/"),
      "out of the base path by encoded dots": saved("/my-digest/%2e%2e/other/"),
      "a path with a line": saved("/my-digest/\n/"),
      "a prototype as a path": JSON.parse('{"newsprint":1,"terms":{"__proto__":{"name":"x","as":"follow"}},"saved":[]}'),
      "a name that is no text": terms("/my-digest/keywords/a/", { a: 1 }),
      "another verb": terms("/my-digest/keywords/a/", "甲", "eval"),
      "a title that is no text": saved("/my-digest/articles/a1/", { title: 1 }),
      "a date that is no text": saved("/my-digest/articles/a1/", { date: 1 }),
      "a name of 10 MB": terms("/my-digest/keywords/a/", "长".repeat(3_400_000)),
      "a name of 501 characters": terms("/my-digest/keywords/a/", "长".repeat(501)),
      "201 terms": { ...good, terms: Object.fromEntries(many(201).map((n) => [`/my-digest/${n}/`, { name: "x", as: "hide" }])) },
      "301 articles": { ...good, saved: many(301).map((n) => ({ path: `/my-digest/${n}/`, title: "x" })) },
    };
    await openMine(page);
    for (const [what, value] of Object.entries(hostile)) {
      const text = typeof value === "string" ? value : JSON.stringify(value);
      await page.evaluate(() => document.querySelector(".offer")?.remove());
      await page.locator("input[type=file]").setInputFiles({ name: "x.json", mimeType: "application/json", buffer: Buffer.from(text) });
      await page.locator(".offer").waitFor();
      assert.match(await page.locator(".offer").innerText(), /^没有导入/, what);
      if (text.length < 20_000 && text) {
        await openMine(page, `#import=${Buffer.from(text).toString("base64url")}`);
        assert.match(await page.locator(".offer").innerText(), /^没有导入/, `${what}, as an address`);
      }
    }
    for (const hash of ["#import=%", "#import=!!!", "#import=_w", `#import=${"A".repeat(1_600_000)}`]) {
      await openMine(page, hash);
      assert.match(await page.locator(".offer").innerText(), /^没有导入/, hash.slice(0, 16));
    }
    assert.equal(await stored(page, "terms"), null);
    assert.equal(await stored(page, "saved"), null);
    // Markup in names is text.
    const markup = terms("/my-digest/keywords/a/", "<img src=x onerror=alert(1)>");
    await openMine(page, `#import=${Buffer.from(JSON.stringify(markup)).toString("base64url")}`);
    assert.match(await page.locator(".offer").innerText(), /<img src=x/);
    assert.equal(await page.locator("main img").count(), 0);
    assert.deepEqual(page.troubles, []);
  });

  /** Each thing that a reader does on pages; none may fail without storage. */
  const useEverything = async (page) => {
    await page.goto(site.base);
    await page.locator(".masthead .theme").click();
    await page.keyboard.press("j");
    await page.keyboard.press("s");
    await page.locator(".said").filter({ hasText: /\S/ }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog").getByRole("checkbox").waitFor();
    await page.keyboard.press("Escape");
    await page.goto(term("海港"));
    await page.getByRole("button", { name: "关注", exact: true }).click();
    await page.getByRole("button", { name: "已关注" }).waitFor();
    await page.getByRole("button", { name: "隐藏", exact: true }).click();
    await page.getByRole("button", { name: "已隐藏" }).waitFor();
    await page.goto(article("a1"));
    await page.locator(".filed .follow").first().click();
    await page.locator(".follow[aria-pressed=true]").waitFor();
    await page.keyboard.press("s");
    await page.locator(".byline").getByRole("button", { name: "已保存" }).waitFor();
    await page.goto(new URL("keywords/", site.base).href);
    await page.locator(".find input").fill("海港");
    assert.equal(await page.locator(".index li:visible").count(), 1);
    await openMine(page);
    await page.goto(new URL("subscribe/", site.base).href);
    await page.waitForLoadState("networkidle");
  };

  test("everything works while storage throws", async (t) => {
    const page = await open(t);
    await page.addInitScript(() => {
      Object.defineProperty(window, "localStorage", {
        get() {
          throw new DOMException("blocked", "SecurityError");
        },
      });
    });
    await useEverything(page);
    assert.deepEqual(page.troubles, []);
  });

  test("everything works while storage is full", async (t) => {
    const page = await open(t);
    await page.addInitScript(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
    });
    await page.goto(article("a1"));
    await page.keyboard.press("s");
    await page.locator(".said", { hasText: "未能保存：" }).waitFor();
    await page.goto(site.base);
    await useEverything(page);
    assert.deepEqual(page.troubles, []);
  });

  test("everything works whatever is stored", async (t) => {
    const names = ["theme", "keys", "view", "terms", "saved", "hidden", "visit", "shown"];
    const values = [
      "", "x", "null", "1", '"x"', "[]", "[null]", "{}", "[[1],[{}]]", '{"at":"x","since":{}}', '{"at":1e400,"since":-1}',
      '{"at":1,"since":8.64e15}', '{"/my-digest/":null,"x":{"as":"hide","name":1}}', '[{"path":{}},{"path":"javascript:1","title":"x"}]',
      '{"/my-digest/keywords/x/":{"as":"hide","name":"x","paths":[1,{"trim":1},"\\"]{}","\\u0000"]}}', '[["a",{"toString":1}],5]',
    ];
    const page = await open(t);
    await page.goto(site.base);
    for (const value of values) {
      const set = () => page.evaluate(([key, names, value]) => names.forEach((name) => localStorage.setItem(key + name, value)), [KEY, names, value]);
      for (const url of [site.base, term("海港"), article("a1"), mine()]) {
        await set();
        await page.goto(url);
        await page.locator(".masthead .theme").waitFor();
      }
      await page.locator(".take").waitFor();
      // Hidden terms without a page of this site are not asked for.
      assert.deepEqual(page.troubles.filter((trouble) => !/keywords\/x\/|status of 404/.test(trouble)), [], value);
    }
  });

  test("two sites of one host do not share what they store", async (t) => {
    const page = await open(t);
    await page.goto(site.base);
    await page.locator(".masthead .theme").click();
    await follow(page, "海港");
    const keys = await page.evaluate(() => Object.keys(localStorage));
    assert.ok(keys.length >= 3 && keys.every((key) => key.startsWith(KEY)), keys.join());
    // The same files below another path of the same host.
    await page.route(`${site.origin}/other/**`, async (route) => {
      const url = route.request().url().replace("/other/", "/my-digest/");
      const response = await route.fetch({ url });
      const body = (await response.text()).replaceAll("/my-digest/", "/other/");
      await route.fulfill({ response, body });
    });
    await page.goto(`${site.origin}/other/mine/`);
    await page.locator(".take").waitFor();
    assert.ok(await page.locator(".unfollowed").isVisible(), "the other site's terms are shown");
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), undefined);
    page.on("dialog", (dialog) => dialog.accept());
    await page.getByRole("button", { name: "清除全部" }).click();
    await openMine(page);
    assert.equal(await page.locator(".followed a").count(), 1);
    assert.deepEqual(page.troubles, []);
  });

  test("an import drops none of the terms and articles that are there", async (t) => {
    const page = await open(t);
    await page.goto(site.base);
    const path = (number) => `/my-digest/keywords/t${number}/`;
    const own = Object.fromEntries([1, 2, 3].map((number) => [path(number), { name: `旧${number}`, as: "hide" }]));
    await page.evaluate(([key, value]) => localStorage.setItem(key, value), [`${KEY}terms`, JSON.stringify(own)]);
    await page.evaluate(([key, value]) => localStorage.setItem(key, value), [`${KEY}hidden`, JSON.stringify(Object.fromEntries(Object.keys(own).map((path) => [path, { at: Date.now(), paths: [] }])))]);
    const given = Object.fromEntries(Array.from({ length: 200 }, (_, number) => [path(1000 + number), { name: `新${number}`, as: "follow" }]));
    await page.route("**/keywords/t*/", (route) => route.fulfill({ contentType: "text/html", body: "<main></main>" }));
    await openMine(page, `#import=${Buffer.from(JSON.stringify({ newsprint: 1, terms: given, saved: [] })).toString("base64url")}`);
    await page.locator(".offer button").click();
    const all = await stored(page, "terms");
    assert.equal(Object.keys(all).length, 200);
    for (const path of Object.keys(own)) assert.equal(all[path]?.as, "hide", path);
  });

  test("the skip link of the page is no import", async (t) => {
    const page = await open(t);
    await openMine(page, "#content");
    assert.equal(await page.locator(".offer").count(), 0);
  });

  test("a hidden term whose page cannot be read keeps its articles hidden", async (t) => {
    const page = await open(t);
    await page.goto(site.base);
    const target = new URL(term("海港")).pathname;
    const first = await page.locator(".card h3 a").first().getAttribute("href");
    const old = { [target]: { at: Date.now() - 7 * 3_600_000, paths: [first] } };
    await page.evaluate(([key, value]) => localStorage.setItem(key, value), [`${KEY}terms`, JSON.stringify({ [target]: { name: "海港", as: "hide" } })]);
    await page.evaluate(([key, value]) => localStorage.setItem(key, value), [`${KEY}hidden`, JSON.stringify(old)]);
    await page.route(`**${target}`, (route) => route.fulfill({ status: 404, body: "" }));
    page.missing = site.origin + target;
    await page.goto(site.base);
    await page.waitForFunction((key) => Object.values(JSON.parse(localStorage.getItem(key)))[0].at > Date.now() - 60_000, `${KEY}hidden`);
    assert.deepEqual((await stored(page, "hidden"))[target].paths, [first]);
  });

  test("a renamed term is followed to its new page, and a term that is gone is named", async (t) => {
    const page = await open(t);
    await page.goto(site.base);
    const old = "/my-digest/keywords/old/";
    const gone = "/my-digest/keywords/gone/";
    await page.evaluate(
      ([key, value]) => localStorage.setItem(key, value),
      [`${KEY}terms`, JSON.stringify({ [old]: { name: "旧名", as: "follow" }, [gone]: { name: "不在", as: "follow" } })],
    );
    const target = new URL(term("海港")).pathname;
    await page.route(`**${old}`, (route) =>
      route.fulfill({ contentType: "text/html", body: `<!doctype html><meta http-equiv="refresh" content="0; url=${target}">` }),
    );
    page.missing = site.origin + gone;
    await openMine(page);
    assert.deepEqual(await news(page), ["海港港口扩建", "海港旧闻"]);
    // A host may answer 404 for a moment: the term stays followed.
    assert.match(await page.locator(".news").innerText(), /找不到这些词条的页面：不在/);
    assert.deepEqual(Object.keys(await stored(page, "terms")).sort(), [gone, target].sort());
    assert.deepEqual(page.troubles, []);
  });

  test("a redirect to another host or in a circle is not followed", async (t) => {
    const page = await open(t);
    await page.goto(site.base);
    const paths = ["https://example.com/", "//example.com/", "/other/", "/my-digest/keywords/r3/"].map((to, n) => [`/my-digest/keywords/r${n}/`, to]);
    for (const [from, to] of paths) {
      await page.route(`**${from}`, (route) =>
        route.fulfill({ contentType: "text/html", body: `<meta http-equiv="refresh" content="0; url=${to}">` }),
      );
    }
    const terms = Object.fromEntries(paths.map(([from]) => [from, { name: from, as: "follow" }]));
    await page.evaluate(([key, value]) => localStorage.setItem(key, value), [`${KEY}terms`, JSON.stringify(terms)]);
    await openMine(page);
    assert.deepEqual(await news(page), []);
    assert.deepEqual(page.troubles, []);
  });

  test("articles are new since the visit before, which ends after 30 minutes", async (t) => {
    const page = await open(t);
    const marked = () => page.locator("main .new").evaluateAll((all) => all.map((item) => item.querySelector("a").textContent));
    const visit = async (time, url = site.base) => {
      await page.clock.setFixedTime(new Date(time));
      await page.goto(url);
      return new Set(await marked());
    };
    assert.equal((await visit("2026-11-23T09:00:00+08:00")).size, 0, "something is new on the first visit");
    assert.equal((await visit("2026-11-23T09:29:00+08:00")).size, 0);
    assert.equal((await visit("2026-11-23T09:58:00+08:00")).size, 0, "the visit ended early");
    // Of the day of the last visit, what no page had shown; all of the next day.
    await page.evaluate((key) => {
      const [past, shown] = JSON.parse(localStorage.getItem(key));
      const all = shown.filter((path) => !path.endsWith("/b2/"));
      localStorage.setItem(key, JSON.stringify([past, all]));
    }, `${KEY}shown`);
    const later = await visit("2026-11-24T10:00:00+08:00");
    for (const title of ["白鹭实验室公开数据", "海港港口扩建"]) assert.ok(later.has(title), `${title}: ${[...later]}`);
    for (const title of ["青禾公司招聘", "白鹭实验室搬迁"]) assert.ok(!later.has(title), title);
    assert.equal(await page.locator(".new .hidden").first().textContent(), "新");
    const again = await visit("2026-11-24T10:20:00+08:00", term("开源"));
    assert.ok(again.size >= 1, "the marks are gone within one visit");
    assert.equal((await visit("2026-11-24T10:51:00+08:00")).size, 0, "something is new twice");
    assert.deepEqual(page.troubles, []);
  });

  test("today and yesterday are named by the reader's clock, and the current year is left out", async (t) => {
    const page = await open(t);
    await follow(page, "海港", "青禾公司");
    await openMine(page);
    const before = (day) =>
      page.locator(`.day > h2 time[datetime="${day}"]`).evaluate((time) => getComputedStyle(time, "::before").content);
    assert.equal(await before("2026-11-24"), '"今天 "');
    assert.equal(await before("2026-11-23"), '"昨天 "');
    assert.equal(await before("2025-03-02"), "none");
    const texts = await page.locator(".news .day > h2 time").evaluateAll((all) => all.map((time) => time.innerText.trim()));
    assert.deepEqual(texts, ["11月24日 星期二", "11月23日 星期一", "2025年3月2日 星期日"]);
    await page.clock.setFixedTime(new Date("2027-01-01T00:30:00+08:00"));
    await openMine(page);
    assert.equal(await before("2026-11-24"), "none");
    assert.match(await page.locator(".news .day > h2 time").first().innerText(), /^2026年/);
  });

  test("the switch between titles and summaries is remembered", async (t) => {
    const page = await open(t);
    await page.goto(site.base);
    const views = page.locator(".view button").first();
    assert.ok(await page.locator(".card .summary").first().isVisible());
    await views.click();
    assert.equal(await page.locator(".card .summary").first().isVisible(), false);
    assert.ok(await page.locator(".card .source").first().isVisible());
    await page.reload();
    assert.equal(await page.locator(".card .summary").first().isVisible(), false);
    assert.equal(await page.evaluate(() => document.documentElement.dataset.view), "titles");
    await views.click();
    assert.ok(await page.locator(".card .byline").first().isVisible());
    assert.deepEqual(page.troubles, []);
  });

  test("an article is shared and its link copied", async (t) => {
    const page = await open(t, { permissions: ["clipboard-read", "clipboard-write"] });
    await page.addInitScript(() => (navigator.share = async (what) => (window.shared = what)));
    await page.goto(`${article("a1")}#content`);
    await page.getByRole("button", { name: "复制链接" }).click();
    await page.locator(".said", { hasText: "已复制" }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), article("a1"));
    await page.getByRole("button", { name: "分享" }).click();
    await page.waitForFunction(() => window.shared);
    assert.deepEqual(await page.evaluate(() => window.shared), { title: "青禾公司发布模型", url: article("a1") });
    assert.deepEqual(page.troubles, []);
  });

  test("devices without a pointer that hovers have no button for keyboard shortcuts", async (t) => {
    const page = await open(t, { hasTouch: true, isMobile: true, viewport: PHONE });
    await page.goto(site.base);
    await page.locator(".masthead .theme").waitFor();
    assert.ok(await page.evaluate(() => matchMedia("(hover: none)").matches));
    assert.equal(await page.locator(".colophon button").count(), 1);
    assert.equal(await page.locator(".colophon button").isVisible(), false);
  });

  test("without JavaScript, /mine/ says what it needs, and /subscribe/ is whole", async (t) => {
    const page = await open(t, { javaScriptEnabled: false });
    await page.goto(mine());
    assert.match(await page.locator("main").innerText(), /只保存在这个浏览器里[^]*需要 JavaScript/);
    await page.goto(new URL("subscribe/", site.base).href);
    assert.match(await page.locator("main").innerText(), /feeds\.opml/);
  });

  test("axe finds no violation on /mine/ with content, nor does anything overflow at 320 pixels", async (t) => {
    const page = await open(t);
    await follow(page, "青禾公司", "白鹭实验室");
    await page.goto(term("海港"));
    await page.getByRole("button", { name: "隐藏", exact: true }).click();
    // A navigation before that would cancel it.
    await page.waitForFunction((key) => localStorage.getItem(key)?.includes("d1"), `${KEY}hidden`);
    await page.goto(article("a1"));
    await page.keyboard.press("s");
    await page.locator(".byline").getByRole("button", { name: "已保存" }).waitFor();
    const text = JSON.stringify({ newsprint: 1, terms: {}, saved: [{ path: "/my-digest/articles/c1/", title: "很长的标题".repeat(40) }] });
    await openMine(page, `#import=${Buffer.from(text).toString("base64url")}`);
    await page.getByRole("button", { name: "复制为地址" }).click();
    await page.locator(".news .titles a").first().waitFor();
    const marked = page.locator(".news .titles li").first();
    await marked.evaluate((item) => item.classList.add("new"));
    for (const view of VIEWS) {
      await page.setViewportSize(view.viewport);
      await page.emulateMedia({ colorScheme: view.colorScheme });
      assert.deepEqual(await violations(page), [], view.name);
    }
    for (const url of [null, article("a1"), term("海港")]) {
      if (url) await page.goto(url);
      await page.setViewportSize({ width: 320, height: 800 });
      assert.ok((await page.evaluate(() => document.scrollingElement.scrollWidth)) <= 320, url ?? "mine");
    }
    assert.deepEqual(page.troubles, []);
  });

  test("nothing moves when the buttons arrive and when news arrives", async (t) => {
    for (const viewport of [PHONE, { width: 320, height: 700 }, { width: 1280, height: 900 }]) {
      const page = await open(t, { viewport });
      await follow(page, "海港", "白鹭实验室");
      for (const url of [mine(), article("a1"), term("海港"), site.base]) {
        // The script comes late, so that the page is painted before.
        await page.route("**/newsprint-own.js", async (route) => {
          await new Promise((resolve) => setTimeout(resolve, 100));
          await route.continue();
        });
        await page.goto(url);
        await page.waitForLoadState("networkidle");
        const shifts = await page.evaluate(
          () =>
            new Promise((resolve) => {
              const found = [];
              new PerformanceObserver((list) => {
                for (const { value, sources } of list.getEntries()) found.push(`${value}: ${sources.map(({ node }) => node?.outerHTML?.slice(0, 80))}`);
              }).observe({ type: "layout-shift", buffered: true });
              requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(found), 100)));
            }),
        );
        assert.deepEqual(shifts, [], `${url} ${viewport.width}`);
      }
    }
  });

  test("the files stay small", async () => {
    const size = async (...names) => {
      const files = await Promise.all(names.map((name) => readFile(join(site.folder, name))));
      return files.reduce((sum, bytes) => sum + gzipSync(bytes, { level: 9 }).length, 0);
    };
    const limits = [
      [["newsprint.js"], 4_092],
      [["newsprint-more.js"], 1_200],
      [["mine/index.html", "mine.js", "newsprint-own.js"], 6_144],
      [["mine-file.js"], 2_300],
    ];
    for (const [names, limit] of limits) {
      const bytes = await size(...names);
      assert.ok(bytes <= limit, `${names.join(" + ")}: ${bytes} bytes of ${limit}`);
    }
    const html = await readFile(join(site.folder, "index.html"), "utf8");
    const words = html.match(/ data-words="([^"]*)"/)[1];
    assert.ok(Buffer.byteLength(words) <= 280, `${Buffer.byteLength(words)} bytes of words`);
  });
});
