// Bounded: programs run in this process that may not come to an end, or print without one: those made smaller by chance above all.

import { Script } from "node:vm";

/** How such a program is said to have ended. No program ends like that by itself. */
export const ENDLESS = "it went on without end";
/** For one program. They run for milliseconds; the machine may be busy. */
export const PATIENCE_SECONDS = 60;
/** No program prints nearly as much. */
export const PRINTED_LIMIT = 8 << 20;

const NAME = "$bounded";
const script = new Script(`globalThis.${NAME}()`);

/** Calls it; false where it did not come back in that time. What it throws is thrown on. */
export function callBounded(program: () => void, seconds: number): boolean {
  (globalThis as unknown as Record<string, () => void>)[NAME] = program;
  try {
    script.runInThisContext({ timeout: seconds * 1000 });
    return true;
  } catch (error) {
    if (isTimeout(error) || error instanceof TooMuch) return false;
    throw error;
  }
}

/** Thrown by who takes what is printed, where it is too much. */
export class TooMuch extends Error {}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}
