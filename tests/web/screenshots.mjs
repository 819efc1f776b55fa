// Writes four small screenshots of the example digest to a folder: node screenshots.mjs FOLDER

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DESKTOP, PHONE, launchBrowser } from "./browser.mjs";
import { findKinds } from "./kinds.mjs";
import { shrink } from "./png.mjs";
import { startSite } from "./site.mjs";

const SHOTS = [
  { file: "home-desktop-light.png", kind: "home", viewport: DESKTOP, colorScheme: "light" },
  { file: "home-phone-dark.png", kind: "home", viewport: PHONE, colorScheme: "dark" },
  { file: "article-phone-light.png", kind: "article", viewport: PHONE, colorScheme: "light" },
  { file: "article-desktop-dark.png", kind: "article", viewport: DESKTOP, colorScheme: "dark" },
];
const LARGEST = 200_000;

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node screenshots.mjs FOLDER");
  process.exit(2);
}

await mkdir(folder, { recursive: true });
const site = await startSite();
let browser;
try {
  browser = await launchBrowser();
  const finder = await browser.newPage();
  const kinds = await findKinds(site, finder);
  await finder.close();
  for (const { file, kind, viewport, colorScheme } of SHOTS) {
    const context = await browser.newContext({ viewport, colorScheme, locale: "zh-CN", deviceScaleFactor: 1, bypassCSP: true });
    const page = await context.newPage();
    await page.goto(kinds[kind], { waitUntil: "load" });
    await page.evaluate(() => document.fonts.ready.then(() => {}));
    const png = await shrink(await page.screenshot(), page);
    if (png.length >= LARGEST) throw new Error(`${file} has ${png.length} bytes, but has to have fewer than ${LARGEST}`);
    await writeFile(join(folder, file), png);
    console.log(`${join(folder, file)}: ${png.length} bytes`);
    await context.close();
  }
} finally {
  await browser?.close();
  await site.close();
}
