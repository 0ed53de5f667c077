// Writes the table of keys into a page, from the table that acts: `node keys_page.mjs ../../../docs/roll.md`.

import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { SHEET } from "./edit/keys.js";
import { spelt } from "./words.js";

const START = "<!-- keys: the table of conduit/widgets/js/edit/keys.js -->\n";
const TABLE = new RegExp(`${START}(\\|.*\\n)*`);
/** What pointers do stands in a table of its own, in other words. */
const NO_KEYS = "Pointer";

/** The table in Markdown, a line in bold before each group. */
export function keysTable() {
  const row = ([label, keys]) => `| ${keys.map((key) => `\`${spelt(key, "Mod")}\``).join(", ")} | ${label} |`;
  const groups = SHEET.filter(([group]) => group !== NO_KEYS).flatMap(([group, rows]) => [`| **${group}** | |`, ...rows.map(row)]);
  return ["| key | what it does |", "|---|---|", ...groups, ""].join("\n");
}

/** A page with the table of today. */
export function refreshed(page) {
  if (!TABLE.test(page)) throw new Error(`the page has no line ${START}`);
  return page.replace(TABLE, () => START + keysTable());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , path] = process.argv;
  await writeFile(path, refreshed(await readFile(path, "utf8")));
}
