import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { KEYS, SHEET } from "../../conduit/widgets/js/edit/keys.js";
import { keysTable, refreshed } from "../../conduit/widgets/js/keys_page.mjs";

const PAGE = new URL("../../docs/roll.md", import.meta.url);

test("the page of the roll has today's keys", async () => {
  const page = await readFile(PAGE, "utf8");

  assert.equal(refreshed(page), page, "run: node conduit/widgets/js/keys_page.mjs docs/roll.md");
});

test("a page without a table is refused", () => {
  assert.throws(() => refreshed("words"), /no line/);
});

test("every key that acts is shown, and once", () => {
  const shown = SHEET.flatMap(([, rows]) => rows.flatMap(([, keys]) => keys));

  assert.deepEqual(new Set(shown), new Set(Object.keys(KEYS)));
  assert.equal(shown.length, new Set(shown).size);
});

test("the table groups its keys and spells them for every machine", () => {
  const lines = keysTable().split("\n");

  assert.ok(lines.includes("| **Play** | |"));
  assert.ok(lines.includes("| `Alt Shift ↓`, `Alt Shift ↑` | Tilt velocities |"));
  assert.ok(lines.includes("| `Mod Shift Z`, `Mod Y` | Redo |"));
  assert.ok(!lines.some((line) => line.includes("drag a copy") || line.includes("wheel")));
});
