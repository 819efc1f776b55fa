import assert from "node:assert/strict";
import { test } from "node:test";
import { KINDS } from "../kinds.mjs";

export default function scripting(web) {
  for (const kind of KINDS) {
    test(`${kind}: is as readable without JavaScript, and has no button that does nothing`, async (t) => {
      const scripted = await web.newPage(t);
      await web.open(scripted, kind);
      const plain = await web.newPage(t, { javaScriptEnabled: false });
      await web.open(plain, kind);
      assert.ok(await plain.locator("main").isVisible(), "the main content is hidden");
      assert.ok(await plain.locator("main h1").count(), "there is no heading");
      const text = await plain.locator("main").innerText();
      assert.ok(text.trim().length > 10, `the main content is only “${text}”`);
      assert.equal(text, await scripted.locator("main").innerText());
      assert.equal(await plain.locator("button, [role=button], input, select, textarea").count(), 0, "buttons");
    });
  }

  test("with JavaScript off a reader still gets from home to an article, and the system's theme", async (t) => {
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
