// rayc: TypeScript of the subset → C, or checked JavaScript. The command line.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { format } from "./diagnostics.ts";
import { loadSources } from "./frontend/program.ts";
import { lowerProgram } from "./lower/program.ts";
import { printC } from "./print/c/program.ts";
import { printJavaScript } from "./print/js/program.ts";
import { Reporter } from "./reporter.ts";

const HELP = `rayc <entry.ts> [options]

  --emit c|js        what to write (default c)
  --out-dir DIR      where (default build/c); files.txt lists what was written
  --root DIR         what file names are relative to (default: the nearest folder with a package.json)
  --target T         kernel, efi or host: recorded in files.txt for the build (default host)
  --check            report diagnostics, write nothing
  --json             diagnostics as JSON
  --help             this text

Exit code 0: no errors. 1: errors in the source. 2: a wrong command line.`;

interface Options {
  readonly entry: string;
  readonly root: string;
  readonly emit: "c" | "js";
  readonly outDir: string;
  readonly check: boolean;
  readonly json: boolean;
}

function main(): number {
  const options = readOptions();
  if (typeof options === "number") return options;
  const reporter = new Reporter(options.root);
  const sources = loadSources(options.root, options.entry, reporter);
  // A tree is only made of sources that type-check; on errors of tsc's the rules of the subset are still reported.
  const program = sources === null ? null : lowerProgram(sources, reporter, true);
  const diagnostics = reporter.all();
  if (options.json) console.log(JSON.stringify(diagnostics, null, 2));
  else for (const diagnostic of diagnostics) console.error(format(diagnostic));
  if (diagnostics.length > 0 || program === null) {
    if (!options.json) console.error(`${diagnostics.length} error${diagnostics.length === 1 ? "" : "s"}.`);
    return 1;
  }
  if (!options.check) {
    const files = options.emit === "c" ? printC(program) : printJavaScript(program);
    writeFiles(options.outDir, files);
  }
  return 0;
}

function readOptions(): Options | number {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        emit: { type: "string", default: "c" },
        "out-dir": { type: "string", default: "build/c" },
        root: { type: "string" },
        target: { type: "string", default: "host" },
        check: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      console.log(HELP);
      return 0;
    }
    const [entry] = positionals;
    if (entry === undefined || positionals.length > 1) return usage("Name one entry file.");
    if (values.emit !== "c" && values.emit !== "js")
      return usage(`--emit takes c or js, not '${values.emit}'.`);
    const path = resolve(entry);
    return {
      entry: path,
      root: resolve(values.root ?? nearestRoot(dirname(path))),
      emit: values.emit,
      outDir: resolve(values["out-dir"]),
      check: values.check,
      json: values.json,
    };
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
}

function usage(message: string): number {
  console.error(`rayc: ${message}\n\n${HELP}`);
  return 2;
}

function nearestRoot(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, "package.json"))) return at;
    if (dirname(at) === at) return folder;
  }
}

/** Writes what changed, and removes what an earlier run left, so that a build tool sees only real changes. */
function writeFiles(folder: string, files: ReadonlyMap<string, string>): void {
  mkdirSync(folder, { recursive: true });
  const all = new Map([...files, ["files.txt", `${[...files.keys()].join("\n")}\n`]]);
  for (const [name, text] of all) {
    const path = join(folder, name);
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
  }
  for (const name of readdirSync(folder)) {
    if (/\.(c|h|js|mjs)$/.test(name) && !all.has(name)) rmSync(join(folder, name));
  }
}

process.exitCode = main();
