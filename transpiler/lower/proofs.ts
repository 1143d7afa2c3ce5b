// Proofs: checks of views and arrays that what is known makes needless, and what is known once the others were passed.

import { isBroken } from "../sabotage.ts";
import type { Expression } from "../tree.ts";
import { lengthForm, type Flow } from "./flow.ts";
import { combined, constantForm, linearOf, type Linear } from "./linear.ts";

/** Bytes that each accessor takes, by the end of its name. */
const WIDTHS: Readonly<Record<string, bigint>> = { u8: 1n, "16": 2n, "32": 4n, "64": 8n };

/** The library functions whose checks may be proven; C has an unchecked twin of each. */
const ACCESS = /^bytes_(?:set_)?(?:u8|u(16|32|64)[lb]e)$/;

/** Each is no more than zero exactly where `count` elements from `from` on lie within `length`. */
function within(from: Linear, count: Linear, length: Linear): Linear[] {
  const none = constantForm(0n);
  return [
    combined(none, from, -1n),
    combined(none, count, -1n),
    combined(combined(from, count, 1n), length, -1n),
  ];
}

/** The conditions of a library function's check, or `null` where they are no sums. */
function conditionsOf(e: Expression & { kind: "library" }): Linear[] | null {
  const [first, second, third] = e.parameters;
  const length = first === undefined ? null : lengthForm(first);
  if (length === null || second === undefined) return null;
  if (e.name === "bytes_copy") {
    const source = lengthForm(second);
    return source === null ? null : [combined(length, source, -1n), combined(source, length, -1n)];
  }
  const from = second.interval === null ? null : linearOf(second);
  if (from === null) return null;
  const access = ACCESS.exec(e.name);
  const width = isBroken("width") ? "u8" : (access?.[1] ?? "u8");
  if (access !== null) return within(from, constantForm(WIDTHS[width]!), length);
  if ((e.name !== "bytes_slice" && e.name !== "span") || third === undefined) return null;
  const count = linearOf(third);
  return count === null ? null : within(from, count, length);
}

/** The same access without its check where that is proven; otherwise what follows may rely on it. */
export function proveAccess(flow: Flow, e: Expression): Expression {
  if (e.kind !== "library" || !e.traps) return e;
  const conditions = conditionsOf(e);
  if (conditions === null) return e;
  if (conditions.every((form) => flow.holds(form))) return { ...e, traps: false };
  for (const form of conditions) flow.willHold(form);
  return e;
}

/** Whether `object[index]` is certain to be there; otherwise what follows may rely on it. */
export function proveIndex(flow: Flow, object: Expression, index: Expression): boolean {
  const length = lengthForm(object);
  if (length === null) return false;
  const { low, high } = index.interval!;
  if (low >= 0n && length.terms.size === 0 && high < length.constant) return true;
  const from = linearOf(index);
  if (from === null) return false;
  const conditions = within(from, constantForm(1n), length);
  if (conditions.every((form) => flow.holds(form))) return true;
  for (const form of conditions) flow.willHold(form);
  return false;
}
