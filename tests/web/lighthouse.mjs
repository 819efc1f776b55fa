// Prints Lighthouse's four scores (mobile) for the main kinds of pages: node lighthouse.mjs
//
// A measurement, not a test: the performance score depends on the machine. npx fetches Lighthouse.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findChromium, launchBrowser } from "./browser.mjs";
import { findKinds } from "./kinds.mjs";
import { startSite } from "./site.mjs";

const PAGES = ["home", "article", "article with a picture", "term", "taxonomy index", "week", "archive"];
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo", "agentic-browsing"];
const LIGHTHOUSE = "lighthouse@13.5.0";

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), "lighthouse-"));
const site = await startSite();
try {
  const browser = await launchBrowser();
  const finder = await browser.newPage();
  const kinds = await findKinds(site, finder);
  await browser.close();
  console.log(`| page | ${CATEGORIES.join(" | ")} | layout shift |\n|---|${"---|".repeat(CATEGORIES.length + 1)}`);
  for (const kind of PAGES) {
    const file = join(folder, `${kind.replaceAll(" ", "-")}.json`);
    const flags = "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage";
    await run(
      "npx",
      ["--yes", LIGHTHOUSE, kinds[kind], "--quiet", "--output=json", `--output-path=${file}`, `--chrome-flags=${flags}`],
      { env: { ...process.env, CHROME_PATH: findChromium() } },
    );
    const { categories, audits } = JSON.parse(await readFile(file, "utf8"));
    const scores = CATEGORIES.map((name) => Math.round(categories[name].score * 100));
    console.log(`| ${kind} | ${scores.join(" | ")} | ${audits["cumulative-layout-shift"].numericValue} |`);
    const lost = CATEGORIES.flatMap((name) => categories[name].auditRefs)
      .filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1)
      .map(({ id }) => `${id}: ${audits[id].displayValue ?? audits[id].title}`);
    for (const line of lost) console.error(`  ${line}`);
  }
} finally {
  await site.close();
  await rm(folder, { recursive: true, force: true });
}
