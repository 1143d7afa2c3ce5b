// Child processes: run to the end with a deadline, or a clear word about why not. Nothing is run through a shell.

import { spawn } from "node:child_process";
import { basename } from "node:path";
import { Failure } from "./failure.ts";

export interface Outcome {
  /** The exit status; -1 if a signal or the deadline ended it. */
  readonly status: number;
  /** The signal that ended it, or "". */
  readonly signal: string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ChildOptions {
  readonly cwd?: string;
  readonly deadlineMs: number;
  /** Let the child write to our own standard error, for what a person wants to see as it happens. */
  readonly show?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Runs a program to its end. Whatever its status, it is returned; only a program that cannot start is a failure. */
export function run(program: string, args: readonly string[], options: ChildOptions): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.environment ?? process.env,
      stdio: options.show === true ? ["inherit", 2, 2] : ["ignore", "pipe", "pipe"],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
    const deadline = setTimeout(() => child.kill("SIGKILL"), options.deadlineMs);
    child.on("error", (fault) => {
      clearTimeout(deadline);
      reject(new Failure(`${program} does not start: ${fault.message}.`));
    });
    child.on("close", (status, signal) => {
      clearTimeout(deadline);
      const text = (parts: Buffer[]) => Buffer.concat(parts).toString("utf8");
      resolve({ status: status ?? -1, signal: signal ?? "", stdout: text(stdout), stderr: text(stderr) });
    });
  });
}

/** Runs a program that must succeed; what it said is in the failure otherwise. Returns its standard output. */
export async function runOrFail(
  program: string,
  args: readonly string[],
  options: ChildOptions,
): Promise<string> {
  const outcome = await run(program, args, options);
  if (outcome.status === 0) return outcome.stdout;
  const how = outcome.signal === "" ? `status ${outcome.status}` : `${outcome.signal}`;
  const said = `${outcome.stdout}${outcome.stderr}`.trimEnd();
  throw new Failure(
    `${said}${said === "" ? "" : "\n"}${basename(program)} failed (${how}): ${quote([program, ...args])}`,
  );
}

/** A command as it can be pasted into a shell. */
export function quote(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(" ");
}

/** Does `work` on every item, two at a time (or `width`), in order of the list; the first failure ends it. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const index = next++;
      try {
        results[index] = await work(items[index]!);
      } catch (fault) {
        failed = true;
        throw fault;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, width) }, lane));
  return results;
}
