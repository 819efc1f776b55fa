// `newsprint serve` in a browser: the open page is updated after every save.

import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { launchBrowser, newPage } from "./browser.mjs";
import { startPreview } from "./preview.mjs";

const ARTICLE = "content/articles/2026-10-07-article-7.md";

describe("the preview", { concurrency: 2, timeout: 600_000 }, () => {
  let browser;
  before(async () => (browser = await launchBrowser()));
  after(() => browser?.close());

  /** Starts a preview and opens a page whose loads are counted. */
  async function open(t, path = "articles/article-7/", options = {}) {
    const preview = await startPreview(t, options);
    const page = await newPage(browser, t);
    const loads = { count: 0 };
    page.on("load", () => (loads.count += 1));
    page.on("pageerror", (error) => assert.fail(`script error: ${error.message}`));
    await page.goto(new URL(path, preview.url).href);
    await listening(page);
    return { preview, page, loads };
  }

  /** Waits until the script of the page receives events. */
  const listening = (page) =>
    page.waitForFunction(() =>
      performance.getEntriesByType("resource").some(({ name }) => name.includes("/.newsprint/state")),
    );
  /**
   * Waits until the path of the page has this ending. Polls, since one navigation may abort
   * another.
   */
  const arrives = async (page, end) => {
    const until = Date.now() + 30_000;
    while (!new URL(page.url()).pathname.endsWith(end)) {
      assert.ok(Date.now() < until, `${page.url()} does not end with ${end}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await page.waitForLoadState();
  };
  /**
   * Waits until the page was loaded `count` times, and asserts that it was not loaded more often.
   */
  const loaded = async (loads, count) => {
    const until = Date.now() + 30_000;
    while (loads.count < count && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(loads.count, count);
  };
  const overlay = (page) => page.locator("#newsprint-problems");

  test("a saved text appears in the open page, which keeps its scroll position", async (t) => {
    const { preview, page, loads } = await open(t);
    await page.evaluate(() => scrollTo({ top: 900, behavior: "instant" }));
    preview.write(ARTICLE, preview.read(ARTICLE).replace("一段正文。", "改过的第一段。"));
    await page.getByText("改过的第一段。").waitFor();
    // The text is visible before the load event.
    await loaded(loads, 2);
    await page.waitForFunction(() => Math.abs(scrollY - 900) < 2);
  });

  test("a page that does not show the saved text is not reloaded", async (t) => {
    const { preview, page, loads } = await open(t, "articles/article-9/");
    const other = await page.context().newPage();
    await other.goto(new URL("articles/article-7/", preview.url).href);
    await listening(other);
    preview.write(ARTICLE, preview.read(ARTICLE).replace("一段正文。", "只在这里。"));
    await other.getByText("只在这里。").waitFor();
    assert.equal(loads.count, 1);
  });

  test("a changed style sheet is replaced without a reload", async (t) => {
    const { preview, page, loads } = await open(t);
    await page.evaluate(() => (window.kept = "still here"));
    const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const css = await (await page.request.get(new URL("newsprint.css", preview.url).href)).text();
    preview.write("static/newsprint.css", `${css}\nbody { background: rgb(1, 2, 3) !important; }\n`);
    await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor === "rgb(1, 2, 3)");
    preview.write("static/newsprint.css", `${css}\nbody { background: rgb(4, 5, 6) !important; }\n`);
    await page.waitForFunction(() => getComputedStyle(document.body).backgroundColor === "rgb(4, 5, 6)");
    assert.equal(await colour(), "rgb(4, 5, 6)");
    assert.equal(await page.evaluate(() => window.kept), "still here");
    assert.equal(loads.count, 1);
    await page.waitForFunction(() => document.querySelectorAll("link[rel=stylesheet]").length === 1);
  });

  test("a changed script reloads the page", async (t) => {
    const { preview, page } = await open(t);
    preview.write("static/newsprint.js", "document.documentElement.dataset.own = 'yes';");
    await page.waitForFunction(() => document.documentElement.dataset.own === "yes");
  });

  test("errors are shown as text in an overlay, which closes when they are fixed", async (t) => {
    const { preview, page, loads } = await open(t);
    const good = preview.read(ARTICLE);
    preview.write(ARTICLE, good.replace("event: 第 7 件事", "date: <img src=x onerror=alert(1)>"));
    const shown = overlay(page);
    await shown.getByText("content/articles/2026-10-07-article-7.md:3:7").waitFor();
    await shown.getByText("<img src=x onerror=alert(1)>").first().waitFor();
    assert.equal(await shown.locator("img").count(), 0);
    // The page below the overlay is unchanged, and a page opened now shows the overlay, too.
    assert.equal(await page.locator("body main h1").first().innerText(), "第 7 篇");
    const later = await page.context().newPage();
    await later.goto(preview.url);
    await overlay(later).getByText("The site cannot be built: 1 error").waitFor();
    preview.write(ARTICLE, good);
    await shown.waitFor({ state: "detached" });
    await overlay(later).waitFor({ state: "detached" });
    assert.equal(loads.count, 1);
  });

  test("the overlay can be closed with the keyboard and opens again for the next error", async (t) => {
    const { preview, page } = await open(t);
    const good = preview.read(ARTICLE);
    preview.write(ARTICLE, good.replace("title:", "titel:"));
    await overlay(page).getByRole("button", { name: "close" }).press("Enter");
    await overlay(page).waitFor({ state: "detached" });
    preview.write(ARTICLE, good.replace("title:", "tittel:"));
    await overlay(page).getByText("tittel").first().waitFor();
  });

  test("a page whose URL contains %2B is updated", async (t) => {
    const preview = await startPreview(t);
    preview.write(ARTICLE, preview.read(ARTICLE).replace("[共同]", "[C++]"));
    const page = await newPage(browser, t);
    await page.goto(new URL("keywords/c%2B%2B/", preview.url).href);
    await listening(page);
    preview.write(ARTICLE, preview.read(ARTICLE).replace("第 7 件事", "第 7 件新事"));
    await page.getByText("第 7 件新事").first().waitFor();
  });

  test("a delayed state response does not close the overlay", async (t) => {
    const preview = await startPreview(t);
    const page = await newPage(browser, t);
    let answer;
    const asked = new Promise((resolve) => (answer = resolve));
    await page.route("**/.newsprint/state*", async (route) => {
      const response = await route.fetch();
      answer();
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await route.fulfill({ response });
    });
    await page.goto(new URL("articles/article-7/", preview.url).href);
    await asked;
    preview.write(ARTICLE, preview.read(ARTICLE).replace("title:", "titel:"));
    await overlay(page).waitFor();
    await page.waitForTimeout(1500);
    assert.equal(await overlay(page).count(), 1);
  });

  test("Escape closes the overlay", async (t) => {
    const { preview, page } = await open(t);
    preview.write(ARTICLE, preview.read(ARTICLE).replace("title:", "titel:"));
    await overlay(page).waitFor();
    await page.keyboard.press("Escape");
    await overlay(page).waitFor({ state: "detached" });
  });

  test("the page shows a message when the preview has ended", async (t) => {
    const { preview, page } = await open(t);
    preview.child.kill("SIGINT");
    await page.locator("#newsprint-gone").getByText("The preview has ended").waitFor();
  });

  test("an alias redirects within the preview", async (t) => {
    const { preview, page } = await open(t);
    preview.write(ARTICLE, preview.read(ARTICLE).replace("title:", "slug: elsewhere\naliases: [/articles/article-7/]\ntitle:"));
    await arrives(page, "/articles/elsewhere/");
    assert.equal(new URL(page.url()).origin, preview.origin);
  });

  test("the error page of a failed first build is replaced by the site when the errors are fixed", async (t) => {
    const preview = await startPreview(t, { baseUrl: "not an address" });
    const page = await newPage(browser, t);
    await page.goto(preview.url);
    await page.getByRole("heading", { name: "The site cannot be built: 1 error" }).first().waitFor();
    preview.write("newsprint.yaml", "title: 修好了\nbase_url: https://example.org/elsewhere/\n");
    await arrives(page, "/elsewhere/");
    await page.getByText("修好了").first().waitFor();
  });

  test("the page of a renamed article opens its new address at the same scroll position", async (t) => {
    const { preview, page } = await open(t);
    await page.evaluate(() => scrollTo({ top: 700, behavior: "instant" }));
    renameSync(preview.path(ARTICLE), preview.path("content/articles/2026-10-07-新名字.md"));
    await arrives(page, `/articles/${encodeURIComponent("新名字")}/`);
    assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), "第 7 篇");
    await page.waitForFunction(() => Math.abs(scrollY - 700) < 2);
  });

  test("an open 404 page shows the article when it is written", async (t) => {
    const { preview, page } = await open(t, "articles/later/");
    assert.equal(await page.locator("main h1").innerText(), "没有这个页面");
    preview.write("content/articles/later.md", "---\ntitle: 后来写的\n---\n");
    await page.getByRole("heading", { level: 1, name: "后来写的" }).waitFor();
  });

  test("the open page follows a changed base path", async (t) => {
    const { preview, page } = await open(t);
    preview.write("newsprint.yaml", "title: 搬家\nbase_url: https://example.org/moved/here/\n");
    await arrives(page, "/moved/here/articles/article-7/");
    await page.getByText("搬家").first().waitFor();
  });

  test("eight open pages of one browser are all updated", async (t) => {
    const { preview, page } = await open(t);
    const pages = [page];
    for (let n = 0; n < 7; n += 1) {
      const more = await page.context().newPage();
      await more.goto(new URL("articles/article-7/", preview.url).href);
      pages.push(more);
    }
    await Promise.all(pages.map(listening));
    preview.write(ARTICLE, preview.read(ARTICLE).replace("一段正文。", "八页都有。"));
    await Promise.all(pages.map((one) => one.getByText("八页都有。").waitFor()));
    // The first page holds the connection for all pages: another one takes over when it is closed.
    await pages.shift().close();
    preview.write(ARTICLE, preview.read(ARTICLE).replace("八页都有。", "七页也有。"));
    await Promise.all(pages.map((one) => one.getByText("七页也有。").waitFor()));
  });

  test("the page sends requests only to the preview and logs nothing to the console", async (t) => {
    const { preview, page } = await open(t, "");
    const troubles = [];
    page.on("console", (message) => troubles.push(message.text()));
    page.on("request", (request) => {
      if (!request.url().startsWith(preview.origin)) troubles.push(request.url());
    });
    // The home page shows the events of its newest articles.
    const newest = "content/articles/2026-10-30-article-30.md";
    preview.write(newest, preview.read(newest).replace("第 30 件事", "第 30 件新事"));
    await page.getByText("第 30 件新事").first().waitFor();
    assert.deepEqual(troubles, []);
  });
});
