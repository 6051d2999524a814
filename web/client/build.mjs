// Builds the browser code: src/ → ../static/, minified, hashed by content, compressed beforehand.
//
// src/pages/NAME.ts      → NAME-HASH.js (ES module; what it loads later is split off into chunk-HASH.js)
// src/styles/NAME.css    → NAME-HASH.css
// src/icons/NAME.svg     → one sprite, icons-HASH.svg, each icon a <symbol id="NAME">
// src/assets/NAME.EXT    → NAME-HASH.EXT, as it is
// manifest.json          → {"NAME.js": "NAME-HASH.js", …}: how templates find the files
// preload.json           → {"NAME.js": ["chunk-HASH.js", …]}: what a page needs at once, for <link rel=modulepreload>
// licenses.txt           → the licences of the packages that ended up in the bundles
//
// Every file also stands there as .br (quality 11) and .gz, unless compressing it does not pay.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { build } from "esbuild";

import { websocketOnly } from "./websocket-only.mjs";
import { whole } from "./whole.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const target = resolve(process.argv[2] ?? join(here, "../static"));

/** The files of a source folder that end in `extension`, sorted; none if there is no such folder. */
async function filesOf(folder, extension = "") {
  const path = join(source, folder);
  if (!existsSync(path)) return [];
  const names = await readdir(path);
  return names
    .filter((name) => name.endsWith(extension) && !name.startsWith("."))
    .sort()
    .map((name) => join(path, name));
}

const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 10);
const hashed = (name, bytes) => `${basename(name, extname(name))}-${hashOf(bytes)}${extname(name)}`;

/**
 * Bundles the page modules and style sheets; answers esbuild's results as one, nothing written yet.
 *
 * Each page is bundled for itself: parts shared between pages would be cut into ever more files, one round trip each,
 * and nobody visits more than one kind of page. Only what a page loads later (`import()`) becomes a chunk of its own,
 * which takes what both need from the page's file (whole.mjs).
 */
async function bundle() {
  const entries = [...(await filesOf("pages", ".ts")), ...(await filesOf("styles", ".css"))];
  const results = await Promise.all(entries.map(async (entry) => whole(await bundleOne(entry))));
  const files = new Map(results.flatMap((one) => one.outputFiles).map((file) => [file.path, file]));
  const metafile = { outputs: Object.assign({}, ...results.map((one) => one.metafile.outputs)) };
  return { outputFiles: [...files.values()], metafile };
}

function bundleOne(entry) {
  return build({
    entryPoints: [entry],
    absWorkingDir: here,
    outdir: target,
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2020",
    charset: "utf8",
    legalComments: "none",
    metafile: true,
    write: false,
    logLevel: "warning",
    loader: { ".svg": "dataurl" },
    plugins: [websocketOnly],
  });
}

/** One SVG sprite of all icons: what stands inside each <svg> becomes a <symbol> of the same viewBox. */
async function sprite() {
  const symbols = [];
  for (const file of await filesOf("icons", ".svg")) {
    const text = await readFile(file, "utf8");
    const parts = /<svg\b([^>]*)>([\s\S]*)<\/svg>/.exec(text);
    const box = /viewBox="([^"]+)"/.exec(parts?.[1] ?? "");
    if (!parts || !box) throw new Error(`${basename(file)}: an icon is one <svg viewBox="…">…</svg>`);
    const kept = [...parts[1].matchAll(/\s(fill|stroke[a-z-]*)="[^"]*"/g)].map((match) => match[0]).join("");
    const inside = parts[2].replace(/\s+/g, " ").replace(/> </g, "><").trim();
    symbols.push(`<symbol id="${basename(file, ".svg")}" viewBox="${box[1]}"${kept}>${inside}</symbol>`);
  }
  return symbols.length ? `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>` : null;
}

/** The page's entry in the manifest, and the chunks that it imports statically, directly or through others. */
function describe(metafile) {
  const manifest = {};
  const preload = {};
  const outputs = metafile.outputs;
  const importsOf = (path) =>
    outputs[path].imports
      .filter((one) => one.kind === "import-statement" && outputs[one.path])
      .flatMap((one) => [one.path, ...importsOf(one.path)]);
  for (const [path, output] of Object.entries(outputs)) {
    if (!output.entryPoint) continue;
    const name = basename(output.entryPoint).replace(/\.ts$/, ".js");
    manifest[name] = basename(path);
    if (name.endsWith(".js")) preload[name] = [...new Set(importsOf(path))].map((one) => basename(one));
  }
  return { manifest, preload };
}

/** The licence texts of every package with at least one byte in an output. */
async function licenses(metafile) {
  const used = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
  const names = used.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  const texts = [];
  for (const name of [...new Set(names)].sort()) {
    const folder = join(here, "node_modules", name);
    const file = (await readdir(folder)).find((one) => /^licen[cs]e/i.test(one));
    if (!file) throw new Error(`${name} has no licence file, so it cannot be shipped`);
    texts.push(`${name}\n\n${(await readFile(join(folder, file), "utf8")).trim()}\n`);
  }
  return texts.join(`\n${"-".repeat(78)}\n\n`);
}

/** The compressed twins of one file, as [name, bytes]; none for what is compressed already. */
function compressed(name, bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 22,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  const twins = [
    [`${name}.br`, brotliCompressSync(bytes, { params })],
    [`${name}.gz`, gzipSync(bytes, { level: 9 })],
  ];
  return twins.filter(([, twin]) => twin.length < bytes.length);
}

/** Writes the new files first and takes the old ones away afterwards, so that a running server is never without. */
async function write(files) {
  await mkdir(target, { recursive: true });
  for (const [name, bytes] of files) await writeFile(join(target, name), bytes);
  for (const name of await readdir(target)) {
    if (!files.has(name)) await rm(join(target, name), { recursive: true });
  }
}

async function main() {
  const result = await bundle();
  const { manifest, preload } = describe(result.metafile);
  const files = new Map(result.outputFiles.map((file) => [basename(file.path), Buffer.from(file.contents)]));
  const copies = (await filesOf("assets")).map(async (file) => [basename(file), await readFile(file)]);
  const symbols = await sprite();
  if (symbols) copies.push(["icons.svg", Buffer.from(symbols)]);
  for (const [name, bytes] of await Promise.all(copies)) {
    manifest[name] = hashed(name, bytes);
    files.set(manifest[name], bytes);
  }
  for (const [name, bytes] of [...files]) {
    for (const [twin, content] of compressed(name, bytes)) files.set(twin, content);
  }
  files.set("manifest.json", JSON.stringify(manifest, null, 2) + "\n");
  files.set("preload.json", JSON.stringify(preload, null, 2) + "\n");
  files.set("licenses.txt", await licenses(result.metafile));
  await write(files);
  const sent = Object.values(manifest).map((file) => (files.get(`${file}.br`) ?? files.get(file)).length);
  const all = sent.reduce((sum, each) => sum + each, 0);
  console.log(`  ${sent.length} files, ${Math.round(all / 1000)} kB together as they are sent`);
}

await main();
