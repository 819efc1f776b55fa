// Builds a digest and serves it as GitHub Pages serves a project site: static files below a base
// path.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const BASE_PATH = "/my-digest/";

const CONTENT_TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/vnd.microsoft.icon",
  ".jpg": "image/jpeg",
  ".js": "application/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".xml": "application/xml",
};

/** The binary in NEWSPRINT, else the release build, else the debug build. */
export function findNewsprint() {
  const asked = process.env.NEWSPRINT;
  if (asked) {
    const path = resolve(REPOSITORY, asked);
    if (!existsSync(path)) throw new Error(`NEWSPRINT names ${path}, but there is no such file`);
    return path;
  }
  const name = process.platform === "win32" ? "newsprint.exe" : "newsprint";
  const built = ["release", "debug"].map((profile) => join(REPOSITORY, "target", profile, name)).find(existsSync);
  if (!built) throw new Error("there is no newsprint to test: run `cargo build`, or name a binary in NEWSPRINT");
  return built;
}

/** The manifests that newsprint keeps in the digest, one for each output folder. */
async function manifests(root) {
  const state = join(root, ".newsprint");
  const names = await readdir(state).catch(() => []);
  return names.filter((name) => name.startsWith("manifest-")).map((name) => join(state, name));
}

/**
 * Builds a digest into a folder, with the base URL of its settings or another one. Waits while another
 * suite builds the same digest: newsprint refuses to run twice in one.
 */
export async function buildInto(root, folder, baseUrl) {
  const newsprint = findNewsprint();
  const known = new Set(await manifests(root));
  const options = ["build", "--root", root, "--output-dir", folder, ...(baseUrl ? ["--base-url", baseUrl] : [])];
  const until = Date.now() + 60_000;
  let run;
  for (;;) {
    run = spawnSync(newsprint, options, { encoding: "utf8", env: { ...process.env, NEWSPRINT_LANG: "en" } });
    if (run.status === 0 || !run.stderr?.includes("already running in this digest") || Date.now() > until) break;
    await new Promise((done) => setTimeout(done, 100));
  }
  // Each run has a new output folder. Without this, its manifest would stay in the digest.
  for (const path of await manifests(root)) if (!known.has(path)) await rm(path, { force: true });
  if (run.status !== 0) {
    throw new Error(`${newsprint} built no site: ${run.error ?? `exit code ${run.status}\n${run.stderr}`}`);
  }
}

/**
 * The response to a request for `url`: a status, and the file to send or the location to redirect
 * to.
 */
async function answer(folder, url) {
  const [path, query] = url.split(/\?(.*)/s);
  const notFound = { status: 404, file: join(folder, "404.html") };
  if (path === BASE_PATH.slice(0, -1)) return { status: 301, location: BASE_PATH };
  if (!path.startsWith(BASE_PATH)) return { status: 404 };
  let relative;
  try {
    relative = decodeURIComponent(path.slice(BASE_PATH.length));
  } catch {
    return { status: 400 };
  }
  const file = resolve(folder, relative);
  if (relative.includes("\0") || (file !== folder && !file.startsWith(folder + sep))) return notFound;
  const found = await stat(file).catch(() => null);
  if (found?.isDirectory()) {
    if (!path.endsWith("/")) return { status: 301, location: `${path}/${query === undefined ? "" : `?${query}`}` };
    const index = join(file, "index.html");
    return existsSync(index) ? { status: 200, file: index } : notFound;
  }
  return found && !path.endsWith("/") ? { status: 200, file } : notFound;
}

async function respond(folder, request, response, cacheAssets) {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD" }).end();
    return;
  }
  const { status, file, location } = await answer(folder, request.url);
  // Thousands of pages in one run share a style sheet and a script.
  const isCached = cacheAssets && [".css", ".js"].includes(extname(file ?? ""));
  const headers = { "cache-control": isCached ? "max-age=3600" : "no-store" };
  if (location) headers.location = location;
  let body = "";
  if (file) {
    body = await readFile(file);
    headers["content-type"] = CONTENT_TYPES[extname(file)] ?? "application/octet-stream";
  } else {
    body = `${status}\n`;
    headers["content-type"] = "text/plain; charset=utf-8";
  }
  headers["content-length"] = Buffer.byteLength(body);
  response.writeHead(status, headers).end(request.method === "HEAD" ? undefined : body);
}

/**
 * Builds a digest (default: the example digest) into a temporary folder and serves it on a free
 * port until `close` is called. With `cacheAssets`, browsers may keep style sheets and scripts.
 */
export async function startSite(root = REPOSITORY, { cacheAssets = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "newsprint-web-"));
  const server = createServer((request, response) => {
    respond(folder, request, response, cacheAssets).catch((error) => response.destroy(error));
  });
  const close = async () => {
    server.closeAllConnections();
    if (server.listening) await new Promise((done) => server.close(done));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    // The port is chosen before the build, which writes it into canonical links.
    await new Promise((done, failed) => server.once("error", failed).listen(0, "127.0.0.1", done));
    const origin = `http://127.0.0.1:${server.address().port}`;
    const base = origin + BASE_PATH;
    await buildInto(root, folder, base);
    return { origin, base, folder, close };
  } catch (error) {
    await close();
    throw error;
  }
}
