// Writes one picture of twelve kinds of pages, on a phone and a desktop, light and dark:
// node contactsheet.mjs FILE.jpg [DIGEST]

import { writeFile } from "node:fs/promises";
import { VIEWS, launchBrowser } from "./browser.mjs";
import { findKinds } from "./kinds.mjs";
import { startSite } from "./site.mjs";

const KINDS = ["home", "article", "day", "week", "month", "term", "crossing", "taxonomy index", "matrix of crossings", "trends", "archive", "search"];
/** Width of a small picture in pixels, by the width of the window. */
const small = (width) => (width < 600 ? 120 : 190);
const QUALITY = 55;

const file = process.argv[2];
if (!file) {
  console.error("usage: node contactsheet.mjs FILE.jpg [DIGEST]");
  process.exit(2);
}

const site = await startSite(process.argv[3]);
const browser = await launchBrowser();
try {
  const finder = await browser.newPage();
  const kinds = await findKinds(site, finder);
  await finder.close();
  const rows = [];
  for (const { name, viewport, colorScheme } of VIEWS) {
    const context = await browser.newContext({ viewport, colorScheme, locale: "zh-CN", deviceScaleFactor: 1 });
    const page = await context.newPage();
    const cells = [];
    for (const kind of KINDS) {
      await page.goto(kinds[kind], { waitUntil: "load" });
      const png = await page.screenshot({ animations: "disabled" });
      cells.push(`<td><img width="${small(viewport.width)}" src="data:image/png;base64,${png.toString("base64")}"></td>`);
    }
    rows.push(`<tr><th>${name}</th>${cells.join("")}</tr>`);
    await context.close();
  }
  const sheet = await browser.newPage({ deviceScaleFactor: 1 });
  const heads = KINDS.map((kind) => `<th>${kind}</th>`).join("");
  await sheet.setContent(`<style>body{margin:8px;background:#888;font:12px sans-serif}td{vertical-align:top}th{padding:2px;text-align:left}table{border-spacing:4px}</style><table><tr><th></th>${heads}</tr>${rows.join("")}</table>`);
  const jpeg = await sheet.locator("table").screenshot({ type: "jpeg", quality: QUALITY });
  await writeFile(file, jpeg);
  console.log(`${file}: ${jpeg.length} bytes`);
} finally {
  await browser.close();
  await site.close();
}
