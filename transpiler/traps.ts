// Which expressions may trap, and how, besides what a call does inside.

import type { Expression } from "./tree.ts";
import { parts } from "./types.ts";

export type TrapKind = "range" | "index" | "null" | "divide";

/** The traps of the checks in an expression and its operands. */
export function trapsOf(e: Expression): ReadonlySet<TrapKind> {
  const found = new Set<TrapKind>();
  const visit = (part: Expression): void => {
    const kind = ownTrap(part);
    if (kind !== null) found.add(kind);
    parts(part).forEach(visit);
  };
  visit(e);
  return found;
}

function ownTrap(e: Expression): TrapKind | null {
  if (e.kind === "narrow") return "range";
  if (e.kind === "nonNull") return "null";
  if (e.kind === "index") return e.proven ? null : "index";
  if (e.kind !== "library" || !e.traps) return null;
  return e.name === "nonzero" ? "divide" : "index";
}

/** Whether a library function checks a place in a view, which may be proven: C has an unchecked twin of each. */
export function checksPlace(name: string): boolean {
  return /^(?:span|bytes_(?:copy|slice|(?:set_)?u\d+(?:[lb]e)?))$/.test(name);
}

export function canTrap(e: Expression): boolean {
  return trapsOf(e).size > 0;
}
