// Bundles: TypeScript of the tools, the transpiler and the test drivers, made into one file that Node runs.
//
// Beside every bundle stands a list of the files it was made from with their SHA-256. As long as they agree nothing is
// built and esbuild is not even loaded. Plain JavaScript, because build.mjs needs it before there is any bundle.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const sha256 = (data) => createHash("sha256").update(data).digest("hex");

/** A bundle of the kind that `require` takes: it is its entry's default export, and knows its own place as modules do. */
const FOR_REQUIRE = {
  format: "cjs",
  define: { "import.meta.url": "ownUrl" },
  banner: { js: 'const ownUrl = require("node:url").pathToFileURL(__filename).href;' },
  footer: { js: "module.exports = module.exports.default;" },
};

/**
 * Builds `entry` into `output` (both relative to `root`) unless that is up to date; returns the path of the bundle. A module, or with the
 * ending `.cjs` a bundle for `require`.
 */
export async function bundle(root, entry, output) {
  const path = join(root, output);
  const list = `${path}.inputs.json`;
  if (existsSync(path) && isCurrent(root, list)) return path;
  const { build } = await import(pathToFileURL(join(root, "node_modules/esbuild/lib/main.js")).href);
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: output,
    bundle: true,
    platform: "node",
    target: "node20",
    ...(output.endsWith(".cjs") ? FOR_REQUIRE : { format: "esm" }),
    packages: "external",
    alias: { "ts-morph": join(root, "transpiler/frontend/loaded-typescript.ts") },
    sourcemap: "inline",
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  const inputs = {};
  for (const name of Object.keys(result.metafile.inputs))
    inputs[name] = sha256(readFileSync(join(root, name)));
  mkdirSync(dirname(path), { recursive: true });
  const { contents } = result.outputFiles[0];
  // What says who runs it is a command.
  const isCommand = contents[0] === 0x23 && contents[1] === 0x21;
  replaceFile(path, contents, isCommand ? 0o755 : 0o644);
  replaceFile(list, `${JSON.stringify(inputs, null, 1)}\n`, 0o644);
  return path;
}

/** Whole or not at all, for another run may be reading it. */
function replaceFile(path, content, mode) {
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, content, { mode });
  renameSync(fresh, path);
}

function isCurrent(root, list) {
  try {
    const inputs = Object.entries(JSON.parse(readFileSync(list, "utf8")));
    return inputs.every(([name, hash]) => sha256(readFileSync(join(root, name))) === hash);
  } catch {
    return false;
  }
}
