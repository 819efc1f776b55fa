// The user guide in docs/ in a browser, in both languages: every chapter, search, links, markup.

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { launchBrowser, newPage, PHONE, VIEWS, watch } from "./browser.mjs";
import { violations } from "./checks/accessibility.mjs";
import nu from "./checks/nu.mjs";
import { startSite } from "./site.mjs";

const web = { site: null, browser: null };

/** The home pages of the languages, below that of the guide. */
const HOMES = ["", "zh-cn/"];

/** The names of the chapters of a language. */
async function chaptersOf(home) {
  const chapters = [];
  const folder = join(web.site.folder, home, "articles");
  for (const name of await readdir(folder)) {
    const html = await readFile(join(folder, name, "index.html"), "utf8");
    // The page at an old address leads on at once.
    if (!html.includes('http-equiv="refresh"')) chapters.push(name);
  }
  assert.ok(chapters.length > 10);
  return chapters;
}

describe("the guide", { concurrency: 2, timeout: 900_000 }, () => {
  before(async () => {
    web.site = await startSite(fileURLToPath(new URL("../../docs", import.meta.url)));
    web.browser = await launchBrowser();
  });
  after(async () => {
    await web.browser?.close();
    await web.site?.close();
  });

  nu(web);

  it("every chapter loads without console messages, fits the width and passes axe in every view", async (t) => {
    const page = await newPage(web.browser, t);
    const troubles = watch(page, web.site.origin);
    const pages = [];
    for (const home of HOMES) {
      const chapters = (await chaptersOf(home)).map((name) => `articles/${name}/`);
      // The pages of the languages differ in their texts alone: two views are enough for the second.
      const views = home === "" ? VIEWS : [VIEWS[0], VIEWS[3]];
      pages.push(...["", "index/", ...chapters].map((path) => [home + path, views]));
    }
    for (const [path, views] of pages) {
      const show = async (view) => {
        await page.setViewportSize(view.viewport);
        await page.emulateMedia({ colorScheme: view.colorScheme });
        return `${path}, ${view.name}`;
      };
      for (const view of views) {
        const where = await show(view);
        await page.goto(web.site.base + path);
        assert.deepEqual(troubles, [], where);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${where} is ${wide} pixels too wide`);
      }
      // One load for all views: axe itself takes as long to load as a page.
      for (const view of views) {
        const where = await show(view);
        assert.deepEqual(await violations(page), [], where);
      }
    }
  });

  it("a link to a heading of another chapter opens that heading", async (t) => {
    const page = await newPage(web.browser, t);
    await page.goto(`${web.site.base}articles/writing/`);
    await page.locator("main a", { hasText: "the settings" }).first().click();
    await page.waitForURL(/articles\/security\/#h-html-links-and-images-in-articles$/);
    assert.equal(await page.locator(":target").textContent(), "HTML, links and images in articles");
  });

  it("a button copies a code block, and says so", async (t) => {
    const page = await newPage(web.browser, t, { permissions: ["clipboard-read", "clipboard-write"] });
    await page.goto(`${web.site.base}articles/tour/`);
    const block = page.locator(".code", { hasText: "newsprint init my-digest" }).first();
    await block.hover();
    await block.getByRole("button", { name: "Copy", exact: true }).click();
    await page.getByRole("status").filter({ hasText: /^Copied$/ }).waitFor({ state: "attached" });
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied, "newsprint init my-digest\ncd my-digest\nnewsprint serve --open");
  });

  it("the links at the end lead through all chapters in the order of the contents", async (t) => {
    const page = await newPage(web.browser, t);
    for (const home of HOMES) {
      await page.goto(web.site.base + home);
      const listed = await page.locator("#chapters li a").evaluateAll((links) => links.map((a) => a.href));
      const neighbours = [];
      for (const address of listed) {
        assert.ok(address.startsWith(`${web.site.base}${home}articles/`), address);
        await page.goto(address);
        const links = await page.locator(".neighbours a").evaluateAll((found) => found.map((a) => [a.className, a.href]));
        neighbours.push(Object.fromEntries(links));
      }
      assert.deepEqual(neighbours.map(({ older }) => older), [undefined, ...listed.slice(0, -1)]);
      assert.deepEqual(neighbours.map(({ newer }) => newer), [...listed.slice(1), undefined]);
    }
  });

  it("the switch leads to the same chapter in the other language, and back", async (t) => {
    assert.deepEqual(await chaptersOf("zh-cn/"), await chaptersOf(""));
    const page = await newPage(web.browser, t);
    for (const path of ["", "index/a-z/", "search/", "articles/tour/", "articles/configuration/"]) {
      await page.goto(web.site.base + path);
      await page.getByRole("link", { name: "简体中文", exact: true }).click();
      await page.waitForURL(`${web.site.base}zh-cn/${path}`);
      await page.getByRole("link", { name: "English", exact: true }).click();
      await page.waitForURL(web.site.base + path);
    }
  });

  it("a Chinese chapter has a button that copies, and a search of Chinese chapters", async (t) => {
    const page = await newPage(web.browser, t, { permissions: ["clipboard-read", "clipboard-write"] });
    await page.goto(`${web.site.base}zh-cn/articles/tour/`);
    const block = page.locator(".code", { hasText: "newsprint init my-digest" }).first();
    await block.hover();
    await block.getByRole("button", { name: "复制", exact: true }).click();
    await page.getByRole("status").filter({ hasText: /^已复制$/ }).waitFor({ state: "attached" });
    await page.locator(".find-all input").fill("订阅源与数据格式");
    await page.locator(".find-all input").press("Enter");
    await page.locator(".found a", { hasText: "订阅源与数据格式" }).first().waitFor();
    const found = await page.locator(".found a").evaluateAll((links) => links.map((a) => a.href));
    assert.deepEqual(found.filter((address) => !address.includes("/zh-cn/")), []);
  });

  it("on a phone, no button covers the link to the other language", async (t) => {
    const page = await newPage(web.browser, t);
    await page.setViewportSize(PHONE);
    for (const home of HOMES) {
      await page.goto(web.site.base + home);
      const ends = await page.locator(".masthead .tongue a").evaluate((link) => {
        const { left, right, top, bottom } = link.getBoundingClientRect();
        return [left + 2, right - 2].map((x) => document.elementFromPoint(x, (top + bottom) / 2) === link);
      });
      assert.deepEqual(ends, [true, true], home);
    }
  });

  it("on a phone, a chapter page links the list of chapters, and its search finds a word", async (t) => {
    const page = await newPage(web.browser, t);
    await page.setViewportSize(PHONE);
    await page.goto(`${web.site.base}articles/tour/`);
    await page.getByRole("link", { name: "Chapters", exact: true }).click();
    assert.ok(await page.locator("#chapters a", { hasText: "Templates" }).isVisible());
    // On a phone, the search is an icon that leads to its page.
    await page.locator(".find-all button").click();
    await page.locator(".search input").fill("actions/checkout");
    await page.locator(".search button").click();
    await page.locator(".found a", { hasText: "Publishing" }).first().waitFor();
  });
});
