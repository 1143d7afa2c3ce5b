// Which expressions may trap, besides what a call does inside.

import type { Expression } from "./tree.ts";
import { parts } from "./types.ts";

/** Whether a check stands in the expression itself or in one of its operands. */
export function canTrap(e: Expression): boolean {
  if (e.kind === "narrow" || e.kind === "nonNull") return true;
  if (e.kind === "index" && !e.proven) return true;
  if (e.kind === "library" && e.traps) return true;
  return parts(e).some(canTrap);
}
