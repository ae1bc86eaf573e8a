// Bundles src/ into portal/static/dist: files named by their content, which may be
// cached for ever, and manifest.json, which tells what each is called today.

import { rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.join(here, "..", "portal", "static", "dist");
const fresh = `${target}.new`;

await rm(fresh, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: ["portal.css", "portal.js", "writing.js", "desk.js"].map((name) => `src/${name}`),
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]-[hash]",
  outdir: fresh,
  bundle: true,
  splitting: true,
  format: "esm",
  minify: true,
  charset: "utf8",
  legalComments: "eof",
  target: ["es2019", "chrome79", "safari14.1"],
  loader: { ".svg": "file", ".woff2": "file" },
  metafile: true,
  logLevel: "info",
}).catch(() => process.exit(1)); // esbuild has said why

const manifest = {};
for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
  if (entryPoint) manifest[path.basename(entryPoint)] = path.basename(file);
}
await writeFile(path.join(fresh, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
await rm(target, { recursive: true, force: true });
await rename(fresh, target);
