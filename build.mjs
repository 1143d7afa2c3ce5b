// The front door: `node build.mjs <verb>`, which the npm scripts call.
//
// Plain JavaScript without dependencies, for it runs before anything is installed: it checks Node, installs the npm
// packages when they are not those of package-lock.json, bundles tools/main.ts when it changed, and runs it.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = dirname(fileURLToPath(import.meta.url));
const NODE_NEEDED = 20;

/** Ends with one sentence: whoever typed the command can act on it. */
function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}

function checkNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= NODE_NEEDED) return;
  refuse(
    `RayOS needs Node ${NODE_NEEDED} or newer, this is ${process.versions.node}: see https://nodejs.org/en/download.`,
  );
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return {};
  }
}

/** Whether node_modules holds what package-lock.json names; packages for other platforms may be missing. */
function packagesAreInstalled() {
  const installed = packagesOf(join(ROOT, "node_modules/.package-lock.json"));
  const wanted = Object.entries(packagesOf(join(ROOT, "package-lock.json")));
  return wanted.every(([path, { version, optional }]) => {
    if (path === "") return true;
    const found = installed[path];
    if (found === undefined) return optional === true;
    return found.version === version && existsSync(join(ROOT, path, "package.json"));
  });
}

function installPackages() {
  if (packagesAreInstalled()) return;
  console.error("Installing the npm packages of package-lock.json (npm ci).");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: ROOT,
    stdio: ["ignore", 2, 2],
  });
  if (npm.error) refuse("npm is missing: it comes with Node, or on Debian in the package npm.");
  if (npm.status !== 0 || !packagesAreInstalled())
    refuse("npm ci did not install the packages; what it says stands above.");
}

checkNode();
if (!existsSync(join(ROOT, "package-lock.json")))
  refuse("package-lock.json is missing: this is no whole checkout of RayOS.");
installPackages();

const { bundle } = await import("./tools/bundle.mjs");
const tool = await bundle(ROOT, "tools/main.ts", "build/tool/main.mjs").catch((fault) =>
  refuse(`The tools do not build: ${fault.message}`),
);
const { main } = await import(pathToFileURL(tool).href);
process.exitCode = await main(ROOT, process.argv.slice(2));
