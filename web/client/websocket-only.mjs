// Leaves out of socket.io-client what this service never uses: polling, WebTransport, and binary messages.
//
// The server speaks WebSocket only and text only (signaling/PROTOCOL.md), so these parts could never run. Each stand-in
// has the interface of the module that it replaces; a build in which one of them is not met any more fails, so that a
// new version of the package cannot bring the dead code back unseen.

const stands = [
  {
    path: /engine\.io-client\/build\/esm\/transports\/index\.js$/,
    contents: 'import { WS } from "./websocket.js";\nexport const transports = { websocket: WS };',
  },
  {
    path: /engine\.io-client\/build\/esm\/transports\/polling-xhr\.js$/,
    contents: "export const XHR = undefined;",
  },
  {
    path: /socket\.io-parser\/build\/esm\/is-binary\.js$/,
    contents: "export const isBinary = () => false;\nexport const hasBinary = () => false;",
  },
  {
    path: /socket\.io-parser\/build\/esm\/binary\.js$/,
    contents:
      'const refuse = () => { throw new Error("binary messages are not spoken here"); };\n' +
      "export { refuse as deconstructPacket, refuse as reconstructPacket };",
  },
  {
    path: /engine\.io-parser\/build\/esm\/contrib\/base64-arraybuffer\.js$/,
    contents: "export const decode = () => new ArrayBuffer(0);\n" + 'export const encode = () => "";',
  },
];

export const websocketOnly = {
  name: "websocket-only",
  setup(build) {
    const met = new Set();
    let usesSockets = false;
    build.onStart(() => {
      met.clear();
      usesSockets = false;
    });
    build.onLoad({ filter: /(socket|engine)\.io-(client|parser)\/build\/esm\/.*\.js$/ }, ({ path }) => {
      usesSockets = true;
      const stand = stands.find((one) => one.path.test(path.replaceAll("\\", "/")));
      if (!stand) return undefined;
      met.add(stand);
      return { contents: stand.contents, loader: "js", resolveDir: path.replace(/[^/\\]+$/, "") };
    });
    build.onEnd(() => {
      const missing = usesSockets ? stands.filter((one) => !met.has(one)) : [];
      return {
        errors: missing.map((one) => ({ text: `no module ${one.path} any more: adapt websocket-only.mjs` })),
      };
    });
  },
};
