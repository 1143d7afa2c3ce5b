// Bounded: programs run in this process that may not come to an end, or print without one: those made smaller by chance above all.

import { Script } from "node:vm";

/** How such a program is said to have ended. No program ends like that by itself. */
export const ENDLESS = "it went on without end";
/** Of processor time, for one program. They run for milliseconds. */
export const PATIENCE_SECONDS = 20;
/** No program prints nearly as much. */
export const PRINTED_LIMIT = 8 << 20;

/** Each time by so much. */
const MORE_PATIENCE = 4;
/** The clocks do not agree to the millisecond. */
const NEARLY = 0.9;

const NAME = "$bounded";
const script = new Script(`globalThis.${NAME}()`);

/**
 * Calls what `begin` gives; false where it does not come back within so many seconds of processor time. Node knows only the clock on
 * the wall: where the machine was at something else meanwhile, all begins again with more time. What it throws is thrown on.
 */
export function callBounded(begin: () => () => void, seconds: number): boolean {
  for (let patience = seconds; ; patience *= MORE_PATIENCE) {
    (globalThis as unknown as Record<string, () => void>)[NAME] = begin();
    const before = process.cpuUsage();
    try {
      script.runInThisContext({ timeout: patience * 1000 });
      return true;
    } catch (error) {
      if (error instanceof TooMuch) return false;
      if (!isTimeout(error)) throw error;
      const { user, system } = process.cpuUsage(before);
      if (user + system >= seconds * NEARLY * 1e6) return false;
    }
  }
}

/** Thrown by who takes what is printed, where it is too much. */
export class TooMuch extends Error {}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}
