import assert from "node:assert/strict";
import { test } from "node:test";
import { KINDS } from "../kinds.mjs";

export default function scripting(web) {
  test("every kind of page has the same text without JavaScript, and no buttons or fields", async (t) => {
    const plain = await web.newPage(t, { javaScriptEnabled: false });
    const scripted = await web.newPage(t);
    // The search and the reader's own view need JavaScript; search.test.mjs and mine.test.mjs test
    // their pages without it.
    for (const kind of KINDS.filter((kind) => !kind.startsWith("search") && kind !== "mine")) {
      await Promise.all([web.open(plain, kind), web.open(scripted, kind)]);
      assert.ok(await plain.locator("main").isVisible(), `${kind}: the main content is hidden`);
      assert.equal(await plain.locator("main h1").count(), 1, `${kind}: headings`);
      const text = await plain.locator("main").innerText();
      assert.ok(text.trim().length > 10, `${kind}: the main content is only “${text}”`);
      // The buttons of the reader's own view need JavaScript, too.
      await scripted.locator("main button").evaluateAll((buttons) => buttons.forEach((button) => button.remove()));
      // The script hides the running year.
      const year = `${new Date().getFullYear()}年`;
      const shown = await scripted.locator("main").innerText();
      assert.equal(text.replaceAll(year, ""), shown.replaceAll(year, ""), kind);
      const buttons = plain.locator(":is(button, [role=button], input, select, textarea):visible");
      assert.equal(await buttons.count(), 0, `${kind}: buttons`);
    }
  });

  test("without JavaScript, links work and the theme follows the system", async (t) => {
    const page = await web.newPage(t, { javaScriptEnabled: false });
    await web.open(page, "home");
    const paper = () => page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
    const light = await paper();
    await page.emulateMedia({ colorScheme: "dark" });
    assert.notEqual(await paper(), light);
    await page.locator(".card h3 a").first().click();
    await page.waitForURL(web.kinds.article);
    assert.ok(await page.locator(".story .text").isVisible());
  });
}
