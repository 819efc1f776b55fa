import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE } from "../browser.mjs";
import { KINDS } from "../kinds.mjs";

const WIDTHS = [320, 390, 768, 1280, 1920];

/** Null if nothing has to be scrolled sideways, else what stands out furthest. */
function sideways(page) {
  return page.evaluate(() => {
    const width = document.scrollingElement.scrollWidth;
    if (width <= innerWidth) return null;
    const edge = (element) => element.getBoundingClientRect().right;
    const widest = [...document.querySelectorAll("main *, header *, footer *")].sort((a, b) => edge(b) - edge(a))[0];
    return `${width} wide in ${innerWidth}: ${widest?.outerHTML.slice(0, 160)}`;
  });
}

export default function layout(web) {
  for (const kind of KINDS) {
    test(`${kind}: needs no horizontal scrolling between ${WIDTHS[0]} and ${WIDTHS.at(-1)} pixels`, async (t) => {
      const page = await web.newPage(t);
      await web.open(page, kind);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        assert.equal(await sideways(page), null, page.url());
      }
    });

    test(`${kind}: needs no horizontal scrolling on a phone with text at 200 %`, async (t) => {
      const page = await web.newPage(t, { viewport: PHONE });
      await web.open(page, kind);
      const size = () => page.locator("main").evaluate((main) => parseFloat(getComputedStyle(main).fontSize));
      const before = await size();
      await page.addStyleTag({ content: "html { font-size: 200% }" });
      assert.equal(await size(), before * 2, "the text follows the reader's font size");
      assert.equal(await sideways(page), null, page.url());
    });
  }
}
