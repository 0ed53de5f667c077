// Joins the modules of each widget, and of what all of a page share (the view and the sound engine), into ../static;
// with --check says whether the committed files are fresh. The synthesizer is joined on its own and carried as text: an
// audio worklet loads it from a blob. So is the look of the session grid and of the chat, which their
// modules put up once a page.

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
  { limit: 256_000, files: { "chat_panel.js": ["chat/index.js", { format: "esm" }] } },
];

/** Packages that are joined in with ours; their notices are shipped beside the files. */
const JOINED = ["marked", "prismjs"];

const asText = {
  name: "joined-text",
  setup(plugin) {
    plugin.onLoad({ filter: /(engine[/\\]worklet\.js|session_view\.css|chat\.css)$/ }, async ({ path }) => {
      const joined = await build({ ...COMMON, entryPoints: [path], format: "iife" });
      return { contents: joined.outputFiles[0].text, loader: "text" };
    });
  },
};

async function joined([entry, options]) {
  const made = await build({ ...COMMON, ...options, entryPoints: [entry], plugins: [asText] });
  return made.outputFiles[0].text;
}

async function notices() {
  const texts = JOINED.map(async (name) => {
    const { version } = JSON.parse(await readFile(join(HERE, "node_modules", name, "package.json"), "utf8"));
    const text = await readFile(join(HERE, "node_modules", name, "LICENSE"), "utf8");
    return `${name} ${version}\n\n${text.replace(/\r\n/g, "\n").trim()}\n`;
  });
  return ["Parts of chat_panel.js come from these packages.\n", ...(await Promise.all(texts))].join(`\n${"-".repeat(72)}\n\n`);
}

/** Write a file into ../static, or say whether it is there as it must be. */
async function kept(name, text) {
  const path = join(STATIC, name);
  if (process.argv.includes("--check")) return (await readFile(path, "utf8").catch(() => "")) === text;
  await writeFile(path, text);
  return true;
}

if (!(await kept("LICENSES.txt", await notices()))) {
  console.error("not fresh: LICENSES.txt; run npm run build");
  process.exitCode = 1;
}
for (const { limit, files } of BUNDLES) {
  let bytes = 0;
  const stale = [];
  for (const [name, parts] of Object.entries(files)) {
    const text = await joined(parts);
    bytes += Buffer.byteLength(text);
    if (!(await kept(name, text))) stale.push(name);
  }
  console.log(`${Object.keys(files).join(" + ")}: ${bytes} bytes of at most ${limit}`);
  if (stale.length) console.error(`not fresh: ${stale.join(", ")}; run npm run build`);
  if (stale.length || bytes > limit) process.exitCode = 1;
}
