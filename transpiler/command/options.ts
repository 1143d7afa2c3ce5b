// Options: the command line of rayc as one record, or what is wrong with it.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { EMITS, type Emit } from "../compiler.ts";

export const TARGETS = ["kernel", "efi", "host"] as const;
export type Target = (typeof TARGETS)[number];

export const HELP = `rayc ENTRY.ts [options]

Compiles the program that ENTRY.ts begins, TypeScript of the subset, into C or into checked JavaScript.

  --check            say what is wrong, write nothing
  --emit c|js        what to write (default: c)
  --out-dir DIR      write a file for each module into DIR, and their names into files.txt (default: build/c)
  -o, --out FILE.c   write all of it, ray.h included, as one C file
  --target T         kernel, efi or host (default: host). For host, the file of -o also holds the host's
                     run-time: any C compiler makes a program of it. For the others the run-time is yours
  --watch            compile again whenever a source changes, until Ctrl-C
  --json             print diagnostics as JSON: [{ code, message, file, line, column, source, width }]
  --root DIR         what file names are relative to (default: the nearest folder above with a package.json)
  --cache FILE       remember in FILE which modules type-check; it makes the next run quicker, nothing else
  --batch            no ENTRY, but programs as JSON on the standard input: [{ entry, outputs: [{ emit, folder }] }]
  --version          print the version
  -h, --help         print this

Diagnostics go to the standard error, JSON to the standard output.
Exit code 0: written, or checked without errors. 1: errors in the source. 2: a wrong command line, or a place
that cannot be written.`;

export interface Options {
  /** Absolute; "" for a batch. */
  readonly entry: string;
  readonly root: string;
  readonly emit: Emit;
  readonly target: Target;
  readonly outDir: string;
  /** One C file for all, or `null`. */
  readonly out: string | null;
  readonly cache: string | null;
  readonly check: boolean;
  readonly json: boolean;
  readonly watch: boolean;
  readonly batch: boolean;
}

/** A command line that asks for a text instead of a compilation. */
export interface Answer {
  readonly text: string;
  readonly exitCode: number;
}

const WORDS = {
  emit: { type: "string", default: "c" },
  "out-dir": { type: "string", default: "build/c" },
  out: { type: "string", short: "o" },
  root: { type: "string" },
  target: { type: "string", default: "host" },
  cache: { type: "string" },
  check: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  watch: { type: "boolean", default: false },
  batch: { type: "boolean", default: false },
  version: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

export function readOptions(args: readonly string[]): Options | Answer {
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: WORDS });
    if (values.help) return { text: HELP, exitCode: 0 };
    if (values.version) return { text: version(), exitCode: 0 };
    const { emit, target } = values;
    if (!isOneOf(EMITS, emit)) return wrong(`--emit takes c or js, not '${emit}'.`);
    if (!isOneOf(TARGETS, target)) return wrong(`--target takes kernel, efi or host, not '${target}'.`);
    if (values.out !== undefined && emit !== "c") return wrong("-o writes C. For JavaScript take --out-dir.");
    if (values.watch && values.batch) return wrong("--watch and --batch do not go together.");
    if (positionals.length !== (values.batch ? 0 : 1))
      return wrong(values.batch ? "--batch takes no entry file." : "Name one entry file.");
    const entry = values.batch ? "" : resolve(positionals[0]!);
    return {
      entry,
      root: resolve(values.root ?? nearestPackage(values.batch ? process.cwd() : dirname(entry))),
      emit,
      target,
      outDir: resolve(values["out-dir"]),
      out: values.out === undefined ? null : resolve(values.out),
      cache: values.cache === undefined ? null : resolve(values.cache),
      check: values.check,
      json: values.json,
      watch: values.watch,
      batch: values.batch,
    };
  } catch (fault) {
    return wrong(fault instanceof Error ? fault.message : String(fault));
  }
}

function isOneOf<T extends string>(all: readonly T[], word: string): word is T {
  return all.some((one) => one === word);
}

function wrong(message: string): Answer {
  return { text: `rayc: ${message}\n\nrayc --help says what there is.`, exitCode: 2 };
}

function nearestPackage(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, "package.json"))) return at;
    if (dirname(at) === at) return folder;
  }
}

/** Of the package that holds the compiler. */
function version(): string {
  const folder = nearestPackage(dirname(fileURLToPath(import.meta.url)));
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  return `rayc ${version}`;
}
