// Generating: runs of rayc, left out where no source that an entry reaches has changed. What is asked for at one time goes
// into one process, for programs share most of their modules.

import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { createInterface } from "node:readline";
import type { BatchJob, BatchReport } from "../../transpiler/command/batch.ts";
import { Failure } from "../failure.ts";
import type { Paths } from "../paths.ts";
import { contentHash, isFresh, keyOf, markFresh } from "./freshness.ts";

const DEADLINE_MS = 600_000;
const IMPORT = /^\s*(?:import|export)\b[^"']*?from\s+"(\.[^"]+)"/gm;
const CACHE = "build/rayc/type-checked.txt";
const LIST = "files.txt";

export interface Generation {
  /** The entry module, relative to the root. */
  readonly entry: string;
  readonly target: "kernel" | "efi" | "host";
  readonly emit: "c" | "js";
  /** Relative to the root. */
  readonly folder: string;
}

/** A generation that waits for rayc. */
interface Request extends Generation {
  readonly key: string;
  readonly done: () => void;
  readonly failed: (fault: Failure) => void;
}

/** Under way, by folder. */
const running = new Map<string, Promise<void>>();
let waiting: Request[] = [];

/** Runs rayc unless its output is fresh; returns the generated sources, relative to the root. */
export async function generate(paths: Paths, rayc: string, wanted: Generation): Promise<string[]> {
  const folder = paths.of(wanted.folder);
  const list = join(folder, LIST);
  const key = generationKey(paths, rayc, wanted);
  if (!running.has(folder) && !isFresh(list, key)) {
    const work = request(paths, rayc, { ...wanted, key }).finally(() => running.delete(folder));
    running.set(folder, work);
  }
  await running.get(folder);
  const names = readFileSync(list, "utf8").split("\n");
  return names.filter((name) => name !== "").map((name) => join(wanted.folder, name));
}

/** Joins the requests of this moment. */
function request(paths: Paths, rayc: string, wanted: Generation & { key: string }): Promise<void> {
  return new Promise((done, failed) => {
    if (waiting.length === 0) {
      setImmediate(() => {
        const requests = waiting;
        waiting = [];
        runTogether(paths, rayc, requests).catch((fault) => requests.forEach((one) => one.failed(fault)));
      });
    }
    waiting.push({ ...wanted, done, failed });
  });
}

/** One process; each request is answered as soon as its files are written. */
async function runTogether(paths: Paths, rayc: string, requests: readonly Request[]): Promise<void> {
  const byEntry = new Map<string, Request[]>();
  for (const one of requests) byEntry.set(one.entry, [...(byEntry.get(one.entry) ?? []), one]);
  const jobs: BatchJob[] = [...byEntry].map(([entry, outputs]) => ({
    entry,
    outputs: outputs.map(({ emit, folder }) => ({ emit, folder })),
  }));
  const args = [rayc, "--batch", "--root", paths.root, "--cache", paths.of(CACHE)];
  const child = spawn(process.execPath, args, { cwd: paths.root, stdio: "pipe" });
  child.stdin.end(JSON.stringify(jobs));
  const deadline = setTimeout(() => child.kill("SIGKILL"), DEADLINE_MS);
  const said: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  createInterface({ input: child.stdout }).on("line", (line) => {
    const report = JSON.parse(line) as BatchReport;
    for (const one of byEntry.get(report.entry) ?? []) answer(paths, one, report);
  });
  const status = await new Promise((resolve) => child.on("close", resolve));
  clearTimeout(deadline);
  // Whoever has an answer already hears nothing of this.
  throw new Failure(`rayc ended with status ${status}:\n${Buffer.concat(said).toString("utf8")}`);
}

function answer(paths: Paths, request: Request, report: BatchReport): void {
  if (report.errors !== "") {
    request.failed(new Failure(`rayc refuses ${request.entry}:\n${report.errors}`));
    return;
  }
  markFresh(paths.of(request.folder, LIST), request.key);
  request.done();
}

function generationKey(paths: Paths, rayc: string, wanted: Generation): string {
  const sources = reachedFrom(paths, wanted.entry);
  const library = ["transpiler/lib/lib.d.ts", "transpiler/lib/ray.d.ts"].map((name) => paths.of(name));
  const parts = [rayc, ...library, ...sources].flatMap((path) => [
    relative(paths.root, path),
    contentHash(path),
  ]);
  return keyOf([wanted.entry, wanted.target, wanted.emit, ...parts]);
}

/** The files that `entry` imports, directly or not, and itself; absolute. */
export function reachedFrom(paths: Paths, entry: string): string[] {
  const reached = new Set<string>([paths.of(entry)]);
  for (const path of reached) {
    if (!existsSync(path)) continue; // rayc says it better, with the line of the import
    for (const match of readFileSync(path, "utf8").matchAll(IMPORT))
      reached.add(join(dirname(path), match[1]!));
  }
  return [...reached].filter((path) => existsSync(path)).sort();
}
