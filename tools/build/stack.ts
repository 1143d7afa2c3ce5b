// The stack that a program needs at worst: along each chain of calls the frames that clang tells of (`-fstack-usage`), over the
// call graph that rayc writes (`calls.txt`). A function that is inlined somewhere counts there and for itself, so the figure is
// no less than what is needed. More than a stack holds is an error of the build. That the linked code takes no more and calls
// nothing else, tests/transpiler/stack-machine-code.test.ts reads from it.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import type { Paths } from "../paths.ts";

/** A way into a program: what runs there, one after the other on one stack, and how large that is. */
export interface StackEntry {
  readonly name: string;
  /** Each stands on top of the one before it, in the worst case at its deepest. */
  readonly functions: readonly string[];
  /** Beside the frames: what a processor and assembler push. */
  readonly extraBytes: number;
  readonly limitBytes: number;
}

export interface StackNeed {
  readonly entry: StackEntry;
  readonly bytes: number;
  /** The functions of the deepest chain, with the bytes of each. */
  readonly chain: readonly string[];
}

/** A function's own frame, by its C symbol. */
export type Frames = ReadonlyMap<string, number>;
/** The C functions that each may call. */
export type Callees = ReadonlyMap<string, readonly string[]>;

/** The return address of a call. */
const CALL_BYTES = 8;
/** Arguments that a function pushes for a call are in no frame that clang tells of; none pushes more. */
export const PUSHED_BYTES = 32;
/** A function in assembler, or one that clang inlines wherever it is called; none of them takes more. */
export const UNKNOWN_BYTES = 128;
const FRAME = /^.*:(?:\d+:)?(\w+)\t(\d+)\t(\S+)$/;

interface Deepest {
  readonly bytes: number;
  readonly chain: readonly string[];
}

/** What every entry of a program needs. `runtimeBytes`: what C that is not of rayc may put on top of any chain. */
export function stackNeeds(
  frames: Frames,
  callees: Callees,
  entries: readonly StackEntry[],
  runtimeBytes: number,
): StackNeed[] {
  const known = new Map<string, Deepest>();
  const open = new Set<string>();
  const deepest = (name: string): Deepest => {
    const found = known.get(name);
    if (found !== undefined) return found;
    if (open.has(name)) throw new Failure(`${name} comes back to itself: its stack has no bound.`);
    open.add(name);
    let below: Deepest = { bytes: 0, chain: [] };
    for (const callee of callees.get(name) ?? []) {
      const one = deepest(callee);
      if (one.bytes > below.bytes) below = one;
    }
    open.delete(name);
    const frame = frames.get(name);
    const own = (frame === undefined ? UNKNOWN_BYTES : frame + PUSHED_BYTES) + CALL_BYTES;
    const result = { bytes: own + below.bytes, chain: [`${own} ${name}`, ...below.chain] };
    known.set(name, result);
    return result;
  };
  return entries.map((entry) => {
    const parts = entry.functions.map((name) => {
      if (!frames.has(name))
        throw new Failure(`The stack of '${entry.name}' begins with ${name}, which has no frame.`);
      return deepest(name);
    });
    const fixed = entry.extraBytes + runtimeBytes;
    const bytes = parts.reduce((sum, part) => sum + part.bytes, fixed);
    return { entry, bytes, chain: [...parts.flatMap((part) => part.chain), `${fixed} beside them`] };
  });
}

/** What C of the run-time, whose calls are in no graph, puts on top of any chain: two of the largest frames are more than any does. */
export function runtimeNeed(runtime: Frames): number {
  return 2 * (Math.max(...runtime.values(), 0) + PUSHED_BYTES + CALL_BYTES);
}

/** The frames of all objects in these folders, which are relative to the root. */
export function framesIn(paths: Paths, folders: readonly string[]): Map<string, number> {
  const frames = new Map<string, number>();
  for (const folder of folders.filter((name) => existsSync(paths.of(name)))) {
    for (const file of readdirSync(paths.of(folder)).filter((name) => name.endsWith(".su"))) {
      for (const line of readFileSync(paths.of(join(folder, file)), "utf8").split("\n")) {
        const [, name, bytes, kind] = FRAME.exec(line) ?? [];
        if (name === undefined) continue;
        if (kind !== "static") throw new Failure(`${name} has a frame whose size is not known (${kind}).`);
        frames.set(name, Math.max(frames.get(name) ?? 0, Number(bytes)));
      }
    }
  }
  return frames;
}

/** What `calls.txt` says: a line a function, itself and those that it may call. */
export function calleesIn(text: string): Map<string, readonly string[]> {
  const lines = text.split("\n").filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const [name, ...callees] = line.split(" ");
      return [name!, callees];
    }),
  );
}

/** One line an entry; what does not fit is a Failure that shows the chain. */
export function reportStack(program: string, needs: readonly StackNeed[]): string[] {
  for (const { entry, bytes, chain } of needs) {
    if (bytes <= entry.limitBytes) continue;
    const text = `${program}: the stack of '${entry.name}' may need ${bytes} of ${entry.limitBytes} bytes:`;
    throw new Failure(`${text}\n  ${chain.join("\n  ")}`);
  }
  return needs.map(
    ({ entry, bytes }) => `${program} stack, ${entry.name}: at most ${bytes} of ${entry.limitBytes} bytes`,
  );
}
