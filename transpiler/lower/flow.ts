// Flow: what is known of integer variables at a point of a function, beyond their types.
//
// Known of a variable: an interval, and arrays or views whose length it is below. Knowledge comes from conditions and
// assignments, and goes when the variable is assigned, or when a loop that assigns it begins. It makes checks vanish; it
// never changes what a program means.

import { interval, meet, type Interval } from "../interval.ts";
import type { CompareOperator, Expression, Local } from "../tree.ts";

interface Knowledge {
  readonly interval: Interval;
  /** Locals that hold arrays or views with more elements than this variable's value. */
  readonly below: ReadonlySet<Local>;
}

export type Snapshot = ReadonlyMap<Local, Knowledge>;

const NONE: ReadonlySet<Local> = new Set();

export class Flow {
  private known = new Map<Local, Knowledge>();

  snapshot(): Snapshot {
    return new Map(this.known);
  }

  restore(snapshot: Snapshot): void {
    this.known = new Map(snapshot);
  }

  intervalOf(local: Local): Interval | null {
    return this.known.get(local)?.interval ?? local.interval;
  }

  isBelow(index: Local, array: Local): boolean {
    return this.known.get(index)?.below.has(array) ?? false;
  }

  forget(locals: Iterable<Local>): void {
    for (const local of locals) this.known.delete(local);
  }

  /** `local` was given a value of this interval. */
  assign(local: Local, value: Interval | null): void {
    this.known.delete(local);
    if (value !== null && local.interval !== null)
      this.known.set(local, { interval: meet(local.interval, value), below: NONE });
  }

  /** Keeps what holds on both ways that meet here. */
  merge(other: Snapshot): void {
    for (const [local, mine] of this.known) {
      const theirs = other.get(local);
      if (theirs === undefined) {
        this.known.delete(local);
        continue;
      }
      const low = mine.interval.low < theirs.interval.low ? mine.interval.low : theirs.interval.low;
      const high = mine.interval.high > theirs.interval.high ? mine.interval.high : theirs.interval.high;
      const below = new Set([...mine.below].filter((array) => theirs.below.has(array)));
      this.known.set(local, { interval: interval(low, high), below });
    }
  }

  /** From here on `condition` is known to have been `outcome`. */
  assume(condition: Expression, outcome: boolean): void {
    switch (condition.kind) {
      case "not":
        this.assume(condition.operand, !outcome);
        return;
      case "and":
      case "or":
        if ((condition.kind === "and") === outcome) {
          this.assume(condition.left, outcome);
          this.assume(condition.right, outcome);
        }
        return;
      case "compare":
        this.assumeOrder(
          condition.left,
          outcome ? condition.operator : OPPOSITE[condition.operator],
          condition.right,
        );
        return;
    }
  }

  private assumeOrder(left: Expression, operator: CompareOperator, right: Expression): void {
    this.bound(left, operator, right);
    this.bound(right, MIRRORED[operator], left);
  }

  private bound(value: Expression, operator: CompareOperator, other: Expression): void {
    if (value.kind !== "local" || value.interval === null || other.interval === null) return;
    const { local } = value;
    const before = this.known.get(local);
    const range = before?.interval ?? value.interval;
    const limits = limitsOf(operator, range, other.interval);
    const below = new Set(before?.below ?? NONE);
    if (operator === "<") {
      if (other.kind === "length" && other.object.kind === "local" && other.object.local.stable)
        below.add(other.object.local);
      if (other.kind === "local")
        for (const array of this.known.get(other.local)?.below ?? NONE) below.add(array);
    }
    this.known.set(local, { interval: meet(range, limits), below });
  }
}

const OPPOSITE: Readonly<Record<CompareOperator, CompareOperator>> = {
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
  "===": "!==",
  "!==": "===",
};

const MIRRORED: Readonly<Record<CompareOperator, CompareOperator>> = {
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
  "===": "===",
  "!==": "!==",
};

function limitsOf(operator: CompareOperator, range: Interval, other: Interval): Interval {
  switch (operator) {
    case "<":
      return bounded(range, range.low, other.high - 1n);
    case "<=":
      return bounded(range, range.low, other.high);
    case ">":
      return bounded(range, other.low + 1n, range.high);
    case ">=":
      return bounded(range, other.low, range.high);
    case "===":
      return other;
    case "!==":
      if (other.low !== other.high) return range;
      if (other.low === range.low) return bounded(range, range.low + 1n, range.high);
      return other.low === range.high ? bounded(range, range.low, range.high - 1n) : range;
  }
}

/** A contradiction means dead code: the range stays as it was. */
function bounded(range: Interval, low: bigint, high: bigint): Interval {
  return low <= high ? interval(low, high) : range;
}
