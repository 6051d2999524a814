// Runs the unit tests of the browser code in Node: tests/NAME.test.ts, bundled by esbuild, under node's own test runner.
//
// `node test.mjs` runs all of them, `node test.mjs room signal` those whose names begin so.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, "tests");
const wanted = process.argv.slice(2);

const names = (existsSync(folder) ? await readdir(folder) : [])
  .filter((name) => name.endsWith(".test.ts"))
  .filter((name) => wanted.length === 0 || wanted.some((start) => name.startsWith(start)))
  .sort();
if (names.length === 0) {
  console.error("There is no such test.");
  process.exit(1);
}

// Below node_modules, so that the bundles find the packages which they import.
const output = await mkdtemp(join(here, "node_modules", ".tests-"));
try {
  await build({
    entryPoints: names.map((name) => join(folder, name)),
    absWorkingDir: here,
    outdir: output,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    logLevel: "warning",
  });
  const files = names.map((name) => join(output, name.replace(/\.ts$/, ".mjs")));
  const child = spawn(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" });
  process.exitCode = await new Promise((done) => child.on("exit", (code) => done(code ?? 1)));
} finally {
  await rm(output, { recursive: true });
}
