// Joins the modules of each widget, and of what all of a page share (the view and the sound engine), into ../static;
// with --check says whether the committed files are fresh. The synthesizer is joined on its own and carried as text: an
// audio worklet loads it from a blob. So is the session grid's look, which its module puts up once a page.

import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const STATIC = join(HERE, "..", "static");
const COMMON = { bundle: true, minify: true, write: false, target: "es2022", legalComments: "none", absWorkingDir: HERE };

/** What is joined: files by their parts, and how many bytes they may have together. */
const BUNDLES = [
  { limit: 60_000, files: { "engine.js": ["engine/index.js", { format: "iife" }] } },
  { limit: 120_000, files: { "view.js": ["mount.js", { format: "iife" }] } },
  { limit: 20_000, files: { "clip_view.css": ["clip_view.css", {}] } },
  { limit: 3000, files: { "clip_view.js": ["index.js", { format: "esm" }] } },
  { limit: 24_000, files: { "session_view.js": ["session/index.js", { format: "esm" }] } },
];

const asText = {
  name: "joined-text",
  setup(plugin) {
    plugin.onLoad({ filter: /(engine[/\\]worklet\.js|session_view\.css)$/ }, async ({ path }) => {
      const joined = await build({ ...COMMON, entryPoints: [path], format: "iife" });
      return { contents: joined.outputFiles[0].text, loader: "text" };
    });
  },
};

async function joined([entry, options]) {
  const made = await build({ ...COMMON, ...options, entryPoints: [entry], plugins: [asText] });
  return made.outputFiles[0].text;
}

for (const { limit, files } of BUNDLES) {
  let bytes = 0;
  const stale = [];
  for (const [name, parts] of Object.entries(files)) {
    const text = await joined(parts);
    const path = join(STATIC, name);
    bytes += Buffer.byteLength(text);
    if (!process.argv.includes("--check")) await writeFile(path, text);
    else if ((await readFile(path, "utf8").catch(() => "")) !== text) stale.push(name);
  }
  console.log(`${Object.keys(files).join(" + ")}: ${bytes} bytes of at most ${limit}`);
  if (stale.length) console.error(`not fresh: ${stale.join(", ")}; run npm run build`);
  if (stale.length || bytes > limit) process.exitCode = 1;
}
