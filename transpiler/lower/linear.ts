// Linear forms: an integer expression as a sum of variables, lengths and a constant. What two such forms have in common
// falls away, which is how a comparison is read as a fact, and a check as a question.
//
// A term is a local: an integer one stands for its value, a view for its length.

import type { Expression, Local } from "../tree.ts";

export interface Linear {
  /** What each term is multiplied by; never 0. */
  readonly terms: ReadonlyMap<Local, bigint>;
  readonly constant: bigint;
}

export function constantForm(constant: bigint): Linear {
  return { terms: new Map(), constant };
}

export function termForm(local: Local): Linear {
  return { terms: new Map([[local, 1n]]), constant: 0n };
}

/** `a + factor · b`. */
export function combined(a: Linear, b: Linear, factor: bigint): Linear {
  const terms = new Map(a.terms);
  for (const [local, count] of b.terms) {
    const sum = (terms.get(local) ?? 0n) + factor * count;
    if (sum === 0n) terms.delete(local);
    else terms.set(local, sum);
  }
  return { terms, constant: a.constant + factor * b.constant };
}

/** The exact value of an expression, or `null` where it is no sum. */
export function linearOf(e: Expression): Linear | null {
  switch (e.kind) {
    case "constant":
      return typeof e.value === "bigint" ? constantForm(e.value) : null;
    case "local":
      return e.local.storage.kind === "value" && e.interval !== null ? termForm(e.local) : null;
    case "length":
      return e.object.kind === "local" ? termForm(e.object.local) : null;
    case "narrow":
    case "widen":
      return linearOf(e.operand);
    case "arithmetic": {
      if (e.operator !== "+" && e.operator !== "-") return null;
      const left = linearOf(e.left);
      const right = linearOf(e.right);
      if (left === null || right === null) return null;
      return combined(left, right, e.operator === "+" ? 1n : -1n);
    }
    default:
      return null;
  }
}

/** Two terms whose difference a form bounds: `smaller + distance <= larger` where the form is no more than zero. */
export interface Difference {
  readonly smaller: Local;
  readonly larger: Local;
  readonly distance: bigint;
}

/** Reads `form <= 0` as a difference of two terms. */
export function differenceOf(form: Linear): Difference | null {
  if (form.terms.size !== 2) return null;
  const [[one, count], [other, opposite]] = [...form.terms] as [[Local, bigint], [Local, bigint]];
  if (count === 1n && opposite === -1n) return { smaller: one, larger: other, distance: form.constant };
  if (count === -1n && opposite === 1n) return { smaller: other, larger: one, distance: form.constant };
  return null;
}
