import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const JAR = fileURLToPath(new URL("../node_modules/vnu-jar/build/dist/vnu.jar", import.meta.url));

// The checker guesses the language by the letters, and a page that names terms in Latin letters leads it astray.
const GUESS = /^This document appears to be written in/;

// It reads files, whose origin no file of the site shares; in a browser `theme.test.mjs` finds no such message.
const NOT_SERVED = /^Resource violates Content Security Policy \(meta tag\): external \w+ “\//;

// Data in a script element is never run, and no policy asks about it (HTML, "prepare the script element").
const isData = ({ message, extract }) =>
  message.startsWith("Inline script violates Content Security Policy") && extract?.includes("application/ld+json");

/** What the Nu Html Checker says of the pages, style sheets and pictures in a folder. */
function check(folder) {
  const options = ["-jar", JAR, "--format", "json", "--skip-non-html", "--also-check-css", "--also-check-svg", folder];
  return new Promise((resolve, reject) => {
    // Its exit code is 1 where it finds something.
    execFile("java", options, { maxBuffer: 1 << 28 }, (error, _out, report) => {
      try {
        resolve(JSON.parse(report).messages);
      } catch {
        reject(error ?? new Error(`the checker says: ${report.slice(0, 500)}`));
      }
    });
  });
}

export default function nu(web) {
  const java = spawnSync("java", ["-version"]).status === 0;
  const skip = java ? false : "Java is not installed";
  test("the Nu Html Checker finds nothing on any page, style sheet or picture of the site", { skip }, async () => {
    const counts = (found) => !GUESS.test(found.message) && !NOT_SERVED.test(found.message) && !isData(found);
    const messages = (await check(web.site.folder)).filter(counts);
    const shown = messages.map(({ url, lastLine, message, extract }) => `${url}:${lastLine}: ${message} (${extract})`);
    assert.deepEqual([...new Set(shown)].slice(0, 20), []);
  });
}
