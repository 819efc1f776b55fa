// Finds Chromium, opens pages, and records everything that goes wrong on them.

import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 900 };

/** The views in which every page is tested. */
export const VIEWS = [
  { name: "phone, light", viewport: PHONE, colorScheme: "light" },
  { name: "phone, dark", viewport: PHONE, colorScheme: "dark" },
  { name: "desktop, light", viewport: DESKTOP, colorScheme: "light" },
  { name: "desktop, dark", viewport: DESKTOP, colorScheme: "dark" },
];

// Debian's headless shell is the same build of Chromium without its windows, which take more than half
// of the processor time of a test.
const NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export function findChromium() {
  const asked = process.env.CHROMIUM;
  if (asked) {
    if (!isProgram(asked)) throw new Error(`CHROMIUM names ${asked}, but there is no such program`);
    return asked;
  }
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
  if (!found) {
    throw new Error(`there is no browser: install one of ${NAMES.join(", ")}, or name a Chromium in CHROMIUM`);
  }
  return found;
}

export function launchBrowser() {
  return chromium.launch({
    executablePath: findChromium(),
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      // Containers have little shared memory, and pages crash when it is full.
      "--disable-dev-shm-usage",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Opens an empty page in a new browser context, which is closed at the end of test `t`. */
export async function newPage(browser, t, options = {}) {
  const context = await browser.newContext({ viewport: DESKTOP, colorScheme: "light", locale: "zh-CN", ...options });
  t.after(() => context.close());
  // Far above what a page takes, also beside other suites on a slow machine.
  context.setDefaultTimeout(30_000);
  return context.newPage();
}

/**
 * Records console messages, script errors, failed requests, responses with status 400 or higher,
 * and requests to other hosts than `origin`. Returns the list, which grows while the page is open.
 */
export function watch(page, origin) {
  const troubles = [];
  page.on("console", (message) => {
    // Chromium also reports the expected status of the 404 page.
    const expected = message.location().url === page.missing && message.text().includes("status of 404");
    if (!expected) troubles.push(`console.${message.type()}: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => troubles.push(`error: ${error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.origin !== origin) troubles.push(`request to another host: ${url}`);
  });
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    // The icon is fetched last: a navigation before that aborts the request, which is no error.
    if (reason !== "net::ERR_ABORTED") troubles.push(`failed request: ${request.url()} (${reason})`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400 && response.url() !== page.missing) {
      troubles.push(`status ${response.status()}: ${response.url()}`);
    }
  });
  return troubles;
}

/** Milliseconds between two lines of progress. */
const PROGRESS_INTERVAL = 10_000;

/**
 * Returns a function that is called with each page (or other item) of a long test. It prints at most
 * every ten seconds how many of `total` are done and which one is next.
 */
export function progress(what, total) {
  let done = 0;
  let printed = Date.now();
  return (item) => {
    if (Date.now() - printed >= PROGRESS_INTERVAL) {
      printed = Date.now();
      console.error(`${what}: ${done} of ${total}, now ${JSON.stringify(item).slice(0, 100)}`);
    }
    done += 1;
  };
}
