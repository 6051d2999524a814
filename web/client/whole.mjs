// Puts what a page shares with its later chunks back into the page's own file: one request less before anything shows.
// The later chunks take it from the page itself, which is there before them.

import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";

import { build } from "esbuild";

const hashOf = (text) => createHash("sha256").update(text).digest("hex").slice(0, 10);

/** The page's own file and those that it shares with later chunks, by their paths in the metafile; or undefined. */
function parts(outputs) {
  const page = Object.keys(outputs).find((path) =>
    /\bpages\/[^/]+\.ts$/.test(outputs[path].entryPoint ?? ""),
  );
  const needed = (path) =>
    outputs[path].imports
      .filter((one) => one.kind === "import-statement" && outputs[one.path])
      .flatMap((one) => [one.path, ...needed(one.path)]);
  const commons = page ? [...new Set(needed(page))] : [];
  return commons.length ? { page, commons } : undefined;
}

/** What a shared file exports as `name`, as the page exports it: two files may use the same short name. */
const outer = (name, file) => `${name}_${file}`;

/** `text` with its imports from the shared files in the names of the page's exports. */
function retold(text, commons) {
  return commons.reduce(
    (so, common, at) =>
      so.replace(
        new RegExp(`import\\{([^}]*)\\}from"\\./${common.replaceAll(".", "\\.")}"`, "g"),
        (_, list) => {
          const items = list.split(",").map((item) => item.split(" as "));
          const told = items.map(([name, own = name]) => `${outer(name, at)} as ${own}`);
          return `import{${told.join(",")}}from"./${common}"`;
        },
      ),
    text,
  );
}

/** The text of all in one module that exports what the shared ones exported. */
async function joined(page, commons, exported, texts) {
  const own = {
    name: "own",
    setup(build) {
      build.onResolve({ filter: /^\.\// }, ({ path }) => {
        const name = basename(path);
        return name === page || commons.includes(name)
          ? { path: name, namespace: "own" }
          : { path, external: true };
      });
      build.onLoad({ filter: /./, namespace: "own" }, ({ path }) => ({ contents: texts.get(path) }));
    },
  };
  const lines = commons.map((common, at) => {
    const names = exported[at].map((name) => `${name} as ${outer(name, at)}`);
    return `export { ${names.join(", ")} } from "./${common}";`;
  });
  const result = await build({
    stdin: { contents: `${lines.join("")} import "./${page}";` },
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
  const found = parts(outputs);
  if (!found) return result;
  const texts = new Map(result.outputFiles.map((file) => [basename(file.path), file.text]));
  const page = basename(found.page);
  const commons = found.commons.map((path) => basename(path));
  const exported = found.commons.map((path) => outputs[path].exports);
  // The page names its later chunks and they name the page, so their names are made of everything before the joining.
  const all = hashOf([...texts.values()].join(""));
  const names = new Map();
  for (const name of texts.keys()) {
    if (name !== page && !commons.includes(name)) names.set(name, `chunk-${hashOf(name + all)}.js`);
  }
  const named = (text) =>
    [...names].reduce((so, [old, name]) => so.replaceAll(`"./${old}"`, `"./${name}"`), text);
  texts.set(page, named(await joined(page, commons, exported, texts)));
  const target = `${basename(outputs[found.page].entryPoint, ".ts")}-${hashOf(texts.get(page))}.js`;
  for (const name of texts.keys()) {
    if (name !== page) texts.set(name, retold(texts.get(name), commons));
  }
  for (const name of [page, ...commons]) names.set(name, target);
  for (const name of texts.keys()) {
    if (name !== page) texts.set(name, named(texts.get(name)));
  }
  return renamed(result, found, texts, names);
}

function renamed({ outputFiles, metafile: { outputs } }, { page, commons }, texts, names) {
  const moved = (path) => join(dirname(path), names.get(basename(path)) ?? basename(path));
  const gone = new Set(commons.map((path) => basename(path)));
  const kept = outputFiles.filter((file) => !gone.has(basename(file.path)));
  const described = Object.entries(outputs)
    .filter(([path]) => !commons.includes(path))
    .map(([path, output]) => {
      const imports = output.imports
        .filter((one) => path !== page || !commons.includes(one.path))
        .map((one) => ({ ...one, path: moved(one.path) }));
      const shared = path === page ? commons.map((common) => outputs[common].inputs) : [];
      const inputs = Object.assign({}, output.inputs, ...shared);
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
