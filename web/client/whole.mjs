// Puts what a page shares with its later chunks back into the page's own file: one request less before anything shows.
// The later chunks take it from the page itself, which is there before them.

import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";

import { build } from "esbuild";

const hashOf = (text) => createHash("sha256").update(text).digest("hex").slice(0, 10);

/** The page's own file and the one that it shares with later chunks, by their paths in the metafile; or undefined. */
function pair(outputs) {
  const page = Object.keys(outputs).find((path) =>
    /\bpages\/[^/]+\.ts$/.test(outputs[path].entryPoint ?? ""),
  );
  const shared = page && outputs[page].imports.filter((one) => one.kind === "import-statement");
  return shared?.length === 1 ? { page, common: shared[0].path } : undefined;
}

/** The text of both in one module that exports what the shared one exported. */
async function joined(page, common, texts) {
  const own = {
    name: "own",
    setup(build) {
      build.onResolve({ filter: /^\.\// }, ({ path }) => {
        const name = basename(path);
        return name === page || name === common ? { path: name, namespace: "own" } : { path, external: true };
      });
      build.onLoad({ filter: /./, namespace: "own" }, ({ path }) => ({ contents: texts.get(path) }));
    },
  };
  const result = await build({
    stdin: { contents: `export * from "./${common}"; import "./${page}";` },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2020",
    charset: "utf8",
    legalComments: "none",
    write: false,
    plugins: [own],
  });
  return result.outputFiles[0].text;
}

/** esbuild's result of one page with at most the page's file and its later chunks. */
export async function whole(result) {
  const { outputs } = result.metafile;
  const found = pair(outputs);
  if (!found) return result;
  const texts = new Map(result.outputFiles.map((file) => [basename(file.path), file.text]));
  const [page, common] = [basename(found.page), basename(found.common)];
  // The page names its later chunks and they name the page, so their names are made of everything before the joining.
  const all = hashOf([...texts.values()].join(""));
  const names = new Map();
  for (const name of texts.keys()) {
    if (name !== page && name !== common) names.set(name, `chunk-${hashOf(name + all)}.js`);
  }
  const named = (text) =>
    [...names].reduce((so, [old, name]) => so.replaceAll(`"./${old}"`, `"./${name}"`), text);
  texts.set(page, named(await joined(page, common, texts)));
  const target = `${basename(outputs[found.page].entryPoint, ".ts")}-${hashOf(texts.get(page))}.js`;
  names.set(page, target).set(common, target);
  for (const name of texts.keys()) {
    if (name !== page) texts.set(name, named(texts.get(name)));
  }
  return renamed(result, found, texts, names);
}

function renamed({ outputFiles, metafile: { outputs } }, { page, common }, texts, names) {
  const moved = (path) => join(dirname(path), names.get(basename(path)) ?? basename(path));
  const kept = outputFiles.filter((file) => basename(file.path) !== basename(common));
  const described = Object.entries(outputs)
    .filter(([path]) => path !== common)
    .map(([path, output]) => {
      const imports = output.imports
        .filter((one) => path !== page || one.path !== common)
        .map((one) => ({ ...one, path: moved(one.path) }));
      const inputs = path === page ? { ...output.inputs, ...outputs[common].inputs } : output.inputs;
      return [moved(path), { ...output, imports, inputs }];
    });
  return {
    outputFiles: kept.map((file) => ({
      path: moved(file.path),
      contents: Buffer.from(texts.get(basename(file.path))),
    })),
    metafile: { outputs: Object.fromEntries(described) },
  };
}
