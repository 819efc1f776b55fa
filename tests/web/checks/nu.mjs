import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const JAR = fileURLToPath(new URL("../node_modules/vnu-jar/build/dist/vnu.jar", import.meta.url));

// The checker guesses the language from the letters: many terms in Latin letters mislead it.
const GUESS = /^This document appears to be written in/;

// The checker reads files, so that no URL has the page's origin. `theme.test.mjs` finds no such
// message in a browser.
const NOT_SERVED = /^Resource violates Content Security Policy \(meta tag\): (external \w+ “\/|image “[^:”]+” blocked)/;

// The renderer of Markdown writes `<img … />`, which HTML allows and the checker advises against.
const SLASH = /^Trailing slash on void elements/;

// A data block in a script element is not run, so that no policy applies (HTML, "prepare the script
// element").
const isData = ({ message, extract }) =>
  message.startsWith("Inline script violates Content Security Policy") && extract?.includes("application/ld+json");

/** The messages of the Nu Html Checker about the pages, style sheets and SVG images in a folder. */
function check(folder) {
  // The first compiler of the machine is enough for a program that runs for seconds; its code needs a
  // larger stack.
  const machine = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss16m"];
  const options = [...machine, "-jar", JAR, "--format", "json", "--skip-non-html", "--also-check-css", "--also-check-svg", folder];
  return new Promise((resolve, reject) => {
    // The exit code is 1 if there are messages.
    execFile("java", options, { maxBuffer: 1 << 28 }, (error, _out, report) => {
      try {
        resolve(JSON.parse(report).messages);
      } catch {
        reject(error ?? new Error(`the checker printed: ${report.slice(0, 500)}`));
      }
    });
  });
}

export default function nu(web) {
  const java = spawnSync("java", ["-version"]).status === 0;
  const skip = java ? false : "Java is not installed";
  test("the Nu Html Checker reports nothing for any page, style sheet or SVG image of the site", { skip }, async () => {
    const counts = (found) => ![GUESS, NOT_SERVED, SLASH].some((known) => known.test(found.message)) && !isData(found);
    const messages = (await check(web.site.folder)).filter(counts);
    const shown = messages.map(({ url, lastLine, message, extract }) => `${url}:${lastLine}: ${message} (${extract})`);
    assert.deepEqual([...new Set(shown)].slice(0, 20), []);
  });
}
