// Storage: what a field, a variable or a local holds in place, told by its initial value.

import type { Expression, Storage } from "../tree.ts";

export function storageOf(initial: Expression | null): Storage {
  if (initial === null) return { kind: "value" };
  if (initial.kind === "construct") return { kind: "struct", struct: initial.struct };
  if (initial.kind === "elements") {
    const struct = initial.make !== null && initial.make.kind === "construct" ? initial.make.struct : null;
    return { kind: "elements", element: initial.element, length: initial.length, struct };
  }
  return { kind: "value" };
}
