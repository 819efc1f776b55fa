import assert from "node:assert/strict";
import { test } from "node:test";
import { violations } from "./accessibility.mjs";

export default function print(web) {
  for (const kind of ["article", "article with a table"]) {
    test(`${kind}: prints its text without navigation and buttons`, async (t) => {
      const page = await web.newPage(t);
      await web.open(page, kind);
      const visible = (selector) =>
        page.locator(selector).evaluateAll((all) => all.filter((element) => element.checkVisibility()).length);
      const extras = ["nav", "button", "a.skip", ".colophon"];
      const onScreen = await Promise.all(extras.map(visible));
      assert.ok(onScreen.every((count) => count > 0), `on screen: ${onScreen}`);
      await page.emulateMedia({ media: "print" });
      for (const selector of extras) assert.equal(await visible(selector), 0, `${selector} is printed`);
      assert.equal(await visible("h1"), 1);
      const paragraphs = await page.locator(".story .text p").count();
      assert.ok(paragraphs > 0, "the article has no paragraphs");
      assert.equal(await visible(".story .text p"), paragraphs, "printed paragraphs");
    });

    for (const theme of ["light", "dark"]) {
      test(`${kind}: prints dark text on white with the ${theme} theme`, async (t) => {
        const page = await web.newPage(t);
        await page.addInitScript((theme) => localStorage.setItem("newsprint:/my-digest/theme", theme), theme);
        await web.open(page, kind);
        await page.emulateMedia({ media: "print" });
        const paper = await page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
        assert.equal(paper, "rgb(255, 255, 255)");
        assert.deepEqual(await violations(page, { type: "rule", values: ["color-contrast"] }), []);
      });
    }
  }
}
