// Target: one thing that `node build.mjs fuzz` makes up inputs for. Each has a row in targets.ts.

import { spawn } from "node:child_process";
import { bundle } from "../bundle.mjs";
import type { Purpose, Toolbox } from "../environment.ts";
import type { Paths } from "../paths.ts";

/** What was asked for on the command line. */
export interface FuzzWishes {
  /** How many inputs, or for how many seconds. */
  readonly count: number;
  /** The first one: the same seed and count give the same inputs on every machine. */
  readonly seed: number;
  /** Words behind the options, for targets that have parts. */
  readonly words: readonly string[];
}

export interface FuzzTarget {
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** So many inputs where --count does not say; seconds, by --seconds, for one that goes on by time; states, by --states. */
  readonly count: number;
  readonly counts?: "inputs" | "seconds" | "states";
  /** What must be installed for it. */
  readonly purposes: readonly Purpose[];
  /** Returns the exit status: 0 where nothing was found, and the line that reproduces it was printed where something was. */
  run(paths: Paths, tools: Toolbox, wishes: FuzzWishes): Promise<number>;
}

/** Bundles a program of the tests and runs it to its end, as `node <bundle> --count N --seed S words…` in the root. */
export async function runDriver(paths: Paths, entry: string, wishes: FuzzWishes): Promise<number> {
  const script = await bundle(paths.root, entry, `build/tool/${entry.replace(/\.ts$/, "")}.mjs`);
  const args = ["--count", `${wishes.count}`, "--seed", `${wishes.seed}`, ...wishes.words];
  const child = spawn(process.execPath, ["--enable-source-maps", script, ...args], {
    cwd: paths.root,
    stdio: "inherit",
    env: { ...process.env, RAYOS_ROOT: paths.root },
  });
  return new Promise((resolve) => child.on("close", (status) => resolve(status ?? 1)));
}
