import assert from "node:assert/strict";
import { test } from "node:test";

/** The text of the focused element. */
const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim());

export default function shortcuts(web) {
  test("j and k move through the headlines of a list, and Enter opens one", async (t) => {
    const page = await web.newPage(t);
    await web.open(page, "term");
    const headlines = await page.locator(".card h3 a").allInnerTexts();
    assert.ok(headlines.length >= 2, "the term has fewer than two headlines");
    await page.keyboard.press("j");
    assert.equal(await focused(page), headlines[0]);
    await page.keyboard.press("j");
    assert.equal(await focused(page), headlines[1]);
    const outlined = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.notEqual(outlined, "none", "the focused headline has no outline");
    await page.keyboard.press("k");
    assert.equal(await focused(page), headlines[0]);
    await page.keyboard.press("k");
    assert.equal(await focused(page), headlines[0], "k moved beyond the first headline");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/articles\//);
    assert.equal(await page.locator("h1").innerText(), headlines[0]);
  });

  test("j starts at the scroll position, not at the top", async (t) => {
    const page = await web.newPage(t);
    await web.open(page, "home");
    await page.evaluate(() => scrollTo(0, 1200));
    await page.keyboard.press("j");
    const at = await page.evaluate(() => document.activeElement.getBoundingClientRect().top + scrollY);
    assert.ok(at >= 1200, `the headline is at ${at} pixels`);
  });

  test("on an article, j opens the older and k the newer article", async (t) => {
    const page = await web.newPage(t);
    await web.open(page, "article");
    const older = await page.locator(".neighbours .older").evaluate((link) => link.href);
    await page.keyboard.press("j");
    await page.waitForURL(older);
    await page.keyboard.press("k");
    await page.waitForURL(web.kinds.article);
  });

  test("/ focuses the search box of a page, and the search field on the search page", async (t) => {
    const page = await web.newPage(t);
    for (const kind of ["article", "taxonomy index", "search"]) {
      await web.open(page, kind);
      await page.locator("h1").click();
      await page.keyboard.press("/");
      assert.equal(await page.evaluate(() => document.activeElement.name), "q", kind);
      assert.equal(await page.evaluate(() => document.activeElement.value), "", kind);
    }
  });

  test("a field above an index filters the terms", async (t) => {
    const page = await web.newPage(t);
    await web.open(page, "taxonomy index");
    await page.locator(".find input").focus();
    const terms = page.locator(".index li");
    const before = await terms.count();
    await page.keyboard.type("ＯＰＥＮ ai");
    const shown = await page.locator(".index li:visible .term").allInnerTexts();
    assert.ok(shown.length > 0 && shown.length < before, `${shown.length} of ${before}`);
    assert.ok(shown.every((name) => name.toLowerCase().replaceAll(" ", "").includes("openai")), shown.join(", "));
    assert.equal(await page.locator(".find output").innerText(), `${shown.length} 个词条`);
    await page.keyboard.type("没有这样的词");
    assert.equal(await page.locator(".index li:visible").count(), 0);
    assert.ok((await page.locator(".find output").innerText()).length > 3, "no message for an empty filter result");
    await page.locator(".find input").fill("");
    assert.equal(await page.locator(".index li.found").count(), await terms.count());
  });

  test("? opens the keyboard help, Escape closes it, and the focus returns", async (t) => {
    const page = await web.newPage(t);
    await web.open(page, "home");
    await page.keyboard.press("j");
    const before = await focused(page);
    await page.keyboard.press("?");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    assert.deepEqual(await dialog.locator("kbd").allInnerTexts(), ["j", "k", "f", "s", "/", "?"]);
    await page.keyboard.press("j");
    await page.keyboard.press("Escape");
    assert.equal(await dialog.count(), 0);
    assert.equal(await focused(page), before);
  });

  test("the keys can be switched off, stay off after a reload, and are switched on in the footer", async (t) => {
    const page = await web.newPage(t);
    await web.open(page, "home");
    const start = page.url();
    await page.locator(".colophon button").click();
    await page.getByRole("checkbox").check();
    await page.getByRole("dialog").getByRole("button").click();
    for (const at of ["at once", "after a reload"]) {
      const before = await focused(page);
      for (const key of ["j", "k", "f", "s", "/", "?"]) await page.keyboard.press(key);
      assert.equal(await focused(page), before, at);
      assert.equal(await page.getByRole("dialog").count(), 0, at);
      assert.equal(page.url(), start, at);
      await page.reload();
    }
    await page.locator(".colophon button").click();
    await page.getByRole("checkbox").uncheck();
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    assert.equal(await page.evaluate(() => document.activeElement.localName), "a");
  });

  test("keys with Ctrl, Alt or Meta, in a field or during IME composition are left to the browser", async (t) => {
    const page = await web.newPage(t);
    await web.open(page, "taxonomy index");
    for (const key of ["Control+j", "Alt+j", "Meta+k", "Control+/"]) await page.keyboard.press(key);
    assert.equal(await page.evaluate(() => document.activeElement.localName), "body");
    await page.evaluate(() =>
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "j", isComposing: true, bubbles: true })),
    );
    assert.equal(await page.evaluate(() => document.activeElement.localName), "body");
    await page.locator(".find input").focus();
    await page.keyboard.type("jk/?");
    assert.equal(await page.locator(".find input").inputValue(), "jk/?");
    assert.equal(await page.getByRole("dialog").count(), 0);
  });

  test("a theme with the first of data-words has no shortcuts, but the theme switch and the filter", async (t) => {
    const page = await web.newPage(t);
    const troubles = web.watch(page);
    await page.route(web.kinds["taxonomy index"], async (route) => {
      const response = await route.fetch();
      const body = await response.text();
      assert.match(body, / data-words="[^"|]+[|]/);
      await route.fulfill({ response, body: body.replace(/( data-words="[^"|]*)[^"]*"/, '$1"') });
    });
    await web.open(page, "taxonomy index");
    await page.keyboard.press("j");
    await page.keyboard.press("?");
    assert.equal(await page.evaluate(() => document.activeElement.localName), "body");
    assert.equal(await page.getByRole("dialog").count(), 0);
    assert.equal(await page.locator(".masthead .theme").count(), 1);
    assert.equal(await page.locator(".find input").count(), 1);
    assert.deepEqual(troubles, []);
  });
}
