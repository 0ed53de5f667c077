// Joins the modules of each widget into ../static; with --check says whether the committed files are fresh.
// The synthesizer is joined on its own and carried as text: an audio worklet loads it from a blob.

import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const STATIC = join(HERE, "..", "static");
const LIMIT_BYTES = 80_000;
const COMMON = { bundle: true, minify: true, write: false, target: "es2022", legalComments: "none", absWorkingDir: HERE };

const asText = {
  name: "joined-text",
  setup(plugin) {
    plugin.onLoad({ filter: /worklet\.js$/ }, async ({ path }) => {
      const joined = await build({ ...COMMON, entryPoints: [path], format: "iife" });
      return { contents: joined.outputFiles[0].text, loader: "text" };
    });
  },
};

async function joined(name) {
  const script = await build({ ...COMMON, entryPoints: ["index.js"], format: "esm", plugins: [asText] });
  const style = await build({ ...COMMON, entryPoints: [`${name}.css`] });
  return { [`${name}.js`]: script.outputFiles[0].text, [`${name}.css`]: style.outputFiles[0].text };
}

const files = await joined("clip_view");
const bytes = Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
const stale = [];
for (const [name, text] of Object.entries(files)) {
  const path = join(STATIC, name);
  if (process.argv.includes("--check")) {
    if ((await readFile(path, "utf8").catch(() => "")) !== text) stale.push(name);
  } else await writeFile(path, text);
}
console.log(`${bytes} bytes of at most ${LIMIT_BYTES}`);
if (stale.length) console.error(`not fresh: ${stale.join(", ")}; run npm run build`);
if (stale.length || bytes > LIMIT_BYTES) process.exitCode = 1;
