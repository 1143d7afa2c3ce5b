// A stock Linux: the kernel of the distribution with its modules, as a judge that has drivers for every disk.
//
// The one that this machine runs or has installed serves; where there is none (a container) the distribution's package is
// fetched and unpacked under build/linux/, which needs neither root nor changes how the machine boots.

import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Paths } from "../paths.ts";

const DEADLINE_MS = 600_000;
/** Debian's and Ubuntu's names for "the current kernel". */
const META_PACKAGES: readonly string[] = ["linux-image-amd64", "linux-image-virtual"];

export interface LinuxFiles {
  readonly version: string;
  readonly kernel: string;
  /** The folder below which the modules lie. */
  readonly modules: string;
}

export function findLinux(paths: Paths): LinuxFiles {
  const fetched = paths.of("build/linux");
  const found = findBelow("/") ?? findBelow(fetched);
  if (found !== null) return found;
  fetch(fetched);
  const unpacked = findBelow(fetched);
  if (unpacked === null)
    throw new Error("there is no stock Linux kernel: install linux-image-amd64, or run apt-get update");
  return unpacked;
}

function findBelow(root: string): LinuxFiles | null {
  const names = existsSync(join(root, "boot")) ? readdirSync(join(root, "boot")) : [];
  for (const name of names
    .filter((each) => each.startsWith("vmlinuz-"))
    .sort()
    .reverse()) {
    const version = name.slice("vmlinuz-".length);
    const kernel = join(root, "boot", name);
    const modules = ["lib/modules", "usr/lib/modules"]
      .map((each) => join(root, each, version, "kernel"))
      .find(existsSync);
    if (modules !== undefined && isReadable(kernel)) return { version, kernel, modules };
  }
  return null;
}

/** Ubuntu lets only root read its kernels. */
function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function fetch(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const run = (program: string, args: readonly string[]): string =>
    spawnSync(program, args, { cwd: folder, encoding: "utf8", timeout: DEADLINE_MS }).stdout ?? "";
  for (const meta of META_PACKAGES) {
    const names = run("apt-cache", ["depends", meta]).match(/linux-(image|modules)-\d\S+/g) ?? [];
    const modules = names.flatMap(
      (name) => run("apt-cache", ["depends", name]).match(/linux-modules-\d\S+/g) ?? [],
    );
    if (names.length === 0) continue;
    run("apt-get", ["download", ...new Set([...names, ...modules])]);
    for (const archive of readdirSync(folder).filter((name) => name.endsWith(".deb")))
      run("dpkg-deb", ["-x", archive, "."]);
    return;
  }
}

/** The modules that `wanted` need, each behind those that it needs itself, as [name, content]. */
export function loadModules(linux: LinuxFiles, wanted: readonly string[]): [string, Buffer][] {
  const files = new Map<string, string>();
  for (const entry of readdirSync(linux.modules, { recursive: true, withFileTypes: true })) {
    const match = /^(.+)\.ko(\.xz|\.zst)?$/.exec(entry.name);
    if (match !== null) files.set(plain(match[1]!), join(entry.parentPath ?? entry.path, entry.name));
  }
  const ordered = new Map<string, Buffer>();
  const visit = (name: string): void => {
    const file = files.get(plain(name));
    // What is no module is built into the kernel.
    if (file === undefined || ordered.has(plain(name))) return;
    const content = unpack(file);
    const needs = /\0depends=([^\0]*)\0/.exec(content.toString("latin1"))?.[1] ?? "";
    for (const need of needs.split(",")) if (need !== "") visit(need);
    ordered.set(plain(name), content);
  };
  for (const name of wanted) visit(name);
  return [...ordered];
}

const plain = (name: string): string => name.replaceAll("-", "_");

function unpack(file: string): Buffer {
  if (file.endsWith(".ko")) return readFileSync(file);
  const program = file.endsWith(".zst") ? "zstd" : "xz";
  const outcome = spawnSync(program, ["-dc", file], { maxBuffer: 64 * 1024 * 1024 });
  if (outcome.status !== 0)
    throw new Error(`${program} is missing: Linux' modules here are compressed with it`);
  return outcome.stdout;
}
