// Runs the queries of `search draw` with Pagefind: node benches/pagefind.mjs SITE < QUERIES
//
// SITE contains Pagefind's index in pagefind/. Needs the packages of tests/web (`npm ci` there) and
// Chromium. Prints recall and precision for each kind of queries, as typed and in quotation marks.

import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { launchBrowser } from "../tests/web/browser.mjs";

const folder = process.argv[2];
const drawn = readFileSync(0, "utf8").trim().split("\n").map((line) => JSON.parse(line));
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".json": "application/json", ".wasm": "application/wasm" };
const server = createServer(async (request, response) => {
  const path = normalize(decodeURIComponent(request.url.split("?")[0]));
  const body = await readFile(join(folder, path.endsWith("/") ? `${path}index.html` : path)).catch(() => null);
  response.writeHead(body ? 200 : 404, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" }).end(body);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await launchBrowser();
const page = await browser.newPage();
await page.goto(`${origin}/404.html`);
const answers = await page.evaluate(async (drawn) => {
  const pagefind = await import("/pagefind/pagefind.js");
  await pagefind.init();
  const paths = async (query) => {
    const { results } = await pagefind.search(query);
    return Promise.all(results.map(async (result) => (await result.data()).raw_url ?? (await result.data()).url));
  };
  const answers = [];
  for (const { query } of drawn) answers.push([await paths(query), await paths(`"${query}"`)]);
  return answers;
}, drawn);
await browser.close();
server.close();

const kinds = new Map();
for (const [i, { kind, found }] of drawn.entries()) {
  const truth = new Set(found.map((path) => decodeURIComponent(path).split("/articles/")[1]));
  const sums = kinds.get(kind) ?? kinds.set(kind, { queries: 0, there: 0, plain: [0, 0], quoted: [0, 0] }).get(kind);
  sums.queries += 1;
  sums.there += truth.size;
  for (const [j, form] of ["plain", "quoted"].entries()) {
    const returned = new Set(answers[i][j].map((path) => decodeURIComponent(path).split("/articles/")[1]));
    sums[form][0] += [...returned].filter((path) => truth.has(path)).length;
    sums[form][1] += returned.size;
  }
}
const share = (part, whole) => (whole ? `${((100 * part) / whole).toFixed(1)} %` : "–");
console.log("| queries | number | recall | precision | recall, quoted | precision, quoted |\n|---|--:|--:|--:|--:|--:|");
for (const [kind, { queries, there, plain, quoted }] of kinds) {
  console.log(`| ${kind} | ${queries} | ${share(plain[0], there)} | ${share(plain[0], plain[1])} | ${share(quoted[0], there)} | ${share(quoted[0], quoted[1])} |`);
}
