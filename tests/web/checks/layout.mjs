import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE } from "../browser.mjs";
import { KINDS } from "../kinds.mjs";

const WIDTHS = [320, 390, 768, 1280, 1920];

/** Empty if the page needs no horizontal scrolling, else the element that overflows most. */
export function overflow(page, when) {
  return page.evaluate((when) => {
    const width = document.scrollingElement.scrollWidth;
    if (width <= innerWidth) return [];
    const edge = (element) => element.getBoundingClientRect().right;
    const widest = [...document.body.querySelectorAll("*")].sort((a, b) => edge(b) - edge(a))[0];
    return [`${width} wide in ${innerWidth}${when}: ${widest?.outerHTML.slice(0, 160)}`];
  }, when);
}

export default function layout(web) {
  for (const kind of KINDS) {
    test(`${kind}: needs no horizontal scrolling at any width, nor on a phone with text at 200 %`, async (t) => {
      const page = await web.newPage(t);
      await web.open(page, kind);
      await web.complete(page, kind);
      const found = [];
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        found.push(...(await overflow(page, "")));
      }
      await page.setViewportSize(PHONE);
      const size = () => page.locator("main").evaluate((main) => parseFloat(getComputedStyle(main).fontSize));
      const before = await size();
      await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
      assert.equal(await size(), before * 2, "the text does not follow the reader's font size");
      found.push(...(await overflow(page, " with text at 200 %")));
      assert.deepEqual(found, [], page.url());
    });
  }
}
