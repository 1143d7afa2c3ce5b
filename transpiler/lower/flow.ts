// Flow: what is known of integer variables, and of the lengths of views, at a point of a function, beyond their types.
//
// Known of a term (an integer variable, or a view's length): an interval, and how far it stays below other terms. Knowledge
// comes from conditions, from assignments and from checks that were passed, and goes when a variable is assigned, or when
// a loop that assigns it begins. It makes checks vanish; it never changes what a program means.
//
// A check that stands in an expression counts only from the next statement on: within an expression C may do what is behind
// a check before it.

import { interval, meet, type Interval } from "../interval.ts";
import { isBroken } from "../sabotage.ts";
import type { CompareOperator, Expression, Local } from "../tree.ts";
import { knownLength, rangeOf, U32, VOID } from "../types.ts";
import { Members, type MembersSnapshot } from "./members.ts";
import { combined, constantForm, differenceOf, linearOf, termForm, type Linear } from "./linear.ts";

interface Knowledge {
  readonly interval: Interval;
  /** Terms that are no less than this one plus so much. */
  readonly below: ReadonlyMap<Local, bigint>;
}

export interface Snapshot {
  readonly known: ReadonlyMap<Local, Knowledge>;
  readonly members: MembersSnapshot;
}

/** Tells nothing: zero is no more than zero. */
const NO_FORM = constantForm(0n);
const NONE: ReadonlyMap<Local, bigint> = new Map();
const LENGTHS = rangeOf(U32)!;
/** Stands among the variables that were assigned for whatever a call, or a loop, may assign elsewhere. */
const ELSEWHERE: Local = {
  name: "",
  type: VOID,
  storage: { kind: "value" },
  stable: false,
  interval: null,
  wide: null,
};
/** Of how many others a term is known to stay below, the newest: thousands of variables that have to do with each other have millions of relations. */
const RELATIONS_KEPT = 64;

export class Flow {
  /** Of which classes unions are. */
  readonly members = new Members();
  private known = new Map<Local, Knowledge>();
  /** Forms that are no more than zero once the statement at hand has been executed. */
  private passed: Linear[] = [];
  /** Forms of three terms that are no more than zero, until control flows together. */
  private sums: Linear[] = [];
  /** Every variable that was assigned, in the order of the text. */
  private readonly assigned: Local[] = [];

  /** A place in the text, to forget later what was assigned behind it. */
  position(): number {
    return this.assigned.length;
  }

  /** What was known at `snapshot`, without what was assigned since `position`. */
  rejoin(snapshot: Snapshot, position: number): void {
    this.restore(snapshot);
    this.forgetSince(position);
  }

  forgetSince(position: number): void {
    this.forget(this.assigned.slice(position));
  }

  /** Something is called here, or a loop begins: fields and variables of modules may be assigned. */
  open(): void {
    this.assigned.push(ELSEWHERE);
    this.members.forgetOpen();
  }

  /** A field, an element, or a variable of a module was given this value. */
  store(target: Expression, value: Expression): void {
    this.assigned.push(ELSEWHERE);
    this.members.store(target, value);
  }

  /** Lowers something that is not kept: what it assigns is not known, what it checks is not checked. */
  probe(work: () => void): void {
    const { known, passed, sums } = this;
    const members = this.members.snapshot();
    [this.known, this.passed, this.sums] = [new Map(known), [...passed], [...sums]];
    work();
    [this.known, this.passed, this.sums] = [known, passed, sums];
    this.members.restore(members);
  }

  /** Statements within an expression: its own checks are not passed when they run, and tell nothing afterwards. */
  interrupt(work: () => void): void {
    const count = this.passed.length;
    this.passed = [];
    work();
    this.passed = Array.from({ length: count }, () => NO_FORM);
  }

  snapshot(): Snapshot {
    return { known: new Map(this.known), members: this.members.snapshot() };
  }

  restore(snapshot: Snapshot): void {
    this.known = new Map(snapshot.known);
    this.members.restore(snapshot.members);
    this.sums = [];
  }

  intervalOf(local: Local): Interval | null {
    return local.interval === null ? null : (this.known.get(local)?.interval ?? local.interval);
  }

  /** Forgets variables, and what others have to do with them. */
  forget(locals: Iterable<Local>): void {
    const gone = new Set(locals);
    this.members.forget(gone);
    if (gone.has(ELSEWHERE)) this.members.forgetOpen();
    for (const local of gone) this.known.delete(local);
    if (isBroken("relation")) return;
    this.sums = this.sums.filter((form) => ![...form.terms.keys()].some((term) => gone.has(term)));
    for (const [local, { interval: range, below }] of this.known) {
      if (!isAnyOf(below, gone)) continue;
      const kept = new Map([...below].filter(([other]) => !gone.has(other)));
      this.known.set(local, { interval: range, below: kept });
    }
  }

  /** A variable that a loop only makes smaller keeps what bounds it above, one that it only makes larger what is below it. */
  weaken(local: Local, direction: "up" | "down"): void {
    const before = this.known.get(local);
    const range = before?.interval ?? local.interval;
    this.forget([local]);
    if (range === null || local.interval === null) return;
    const { low, high } = local.interval;
    const isUp = direction === "up";
    const left = isBroken("count") ? range : isUp ? { low: range.low, high } : { low, high: range.high };
    this.known.set(local, { interval: left, below: isUp ? NONE : (before?.below ?? NONE) });
  }

  /** A variable whose value lies in this interval, whatever was assigned. */
  widen(local: Local, range: Interval): void {
    this.forget([local]);
    if (local.interval !== null)
      this.known.set(local, { interval: meet(local.interval, range), below: NONE });
  }

  /** `local` was given this value. */
  assign(local: Local, value: Expression): void {
    this.assigned.push(local);
    const form = value.interval === null ? null : linearOf(value);
    const below = form === null ? new Map<Local, bigint>() : this.boundsOf(form);
    const above = form === null ? [] : this.boundedBy(form);
    // What was known of all that was added up is known of the sum.
    const rests = form === null ? [] : this.sums.map((sum) => combined(sum, form, -1n));
    this.forget([local]);
    if (value.interval !== null && local.interval !== null) {
      below.delete(local);
      this.known.set(local, { interval: meet(local.interval, value.interval), below });
      for (const [other, distance] of above) if (other !== local) this.relate(other, local, distance);
    }
    for (const rest of rests)
      if (rest.terms.size <= 1 && !rest.terms.has(local)) this.learn(combined(rest, termForm(local), 1n));
    if (value.type.kind === "bytes" || value.type.kind === "view") this.assignView(local, value);
    this.members.assign(local, value);
  }

  /** The length of a slice or span is that which was asked for. */
  private assignView(local: Local, value: Expression): void {
    const length = lengthForm(value);
    // A part of itself: its length is said in that of what the variable no longer holds.
    if (length === null || length.terms.has(local)) return;
    if (length.terms.size === 0) {
      this.known.set(local, { interval: interval(length.constant, length.constant), below: NONE });
      return;
    }
    this.learn(combined(termForm(local), length, -1n));
    this.learn(combined(length, termForm(local), -1n));
  }

  /** What is no less than the value of a form of one term. */
  private boundsOf(form: Linear): Map<Local, bigint> {
    const [term] = form.terms;
    if (form.terms.size !== 1 || term![1] !== 1n) return new Map();
    const known = this.known.get(term![0])?.below ?? NONE;
    const all = new Map([...known].map(([other, distance]) => [other, distance - form.constant]));
    return newest(all.set(term![0], -form.constant));
  }

  /** What is no more than the value of a form of one term, and how far. */
  private boundedBy(form: Linear): [Local, bigint][] {
    const [term] = form.terms;
    if (form.terms.size !== 1 || term![1] !== 1n) return [];
    const all: [Local, bigint][] = [[term![0], form.constant]];
    for (const [local, { below }] of this.known) {
      const distance = below.get(term![0]);
      if (distance !== undefined) all.push([local, distance + form.constant]);
    }
    return all.slice(-RELATIONS_KEPT);
  }

  /** Keeps what holds on both ways that meet here. */
  merge({ known: other, members }: Snapshot): void {
    this.sums = [];
    this.members.merge(members);
    if (isBroken("merge")) return;
    for (const [local, mine] of this.known) {
      const theirs = other.get(local);
      if (theirs === undefined) {
        this.known.delete(local);
        continue;
      }
      const low = mine.interval.low < theirs.interval.low ? mine.interval.low : theirs.interval.low;
      const high = mine.interval.high > theirs.interval.high ? mine.interval.high : theirs.interval.high;
      const below = new Map<Local, bigint>();
      for (const [term, distance] of mine.below) {
        const there = theirs.below.get(term);
        if (there !== undefined) below.set(term, distance < there ? distance : there);
      }
      this.known.set(local, { interval: interval(low, high), below });
    }
  }

  /** A check in the statement at hand traps unless this form is no more than zero. */
  willHold(form: Linear): void {
    this.passed.push(form);
  }

  /** How many checks the statement at hand has so far: those behind it may be left out, where a part of it may not run. */
  mark(): number {
    return this.passed.length;
  }

  dropBehind(mark: number): void {
    if (isBroken("skipped")) return;
    this.passed.length = mark;
  }

  /** The statement at hand was executed: its checks were passed. */
  settle(): void {
    for (const form of this.passed) this.learn(form);
    this.passed = [];
  }

  /** Takes `form <= 0` for true. */
  learn(form: Linear): void {
    if (form.terms.size === 3) this.sums.push(form);
    const difference = differenceOf(form);
    if (difference !== null) this.relate(difference.smaller, difference.larger, difference.distance);
    for (const [local, count] of form.terms) {
      if (count !== 1n && count !== -1n) continue;
      const rest = this.rangeOfForm({
        ...form,
        terms: new Map([...form.terms].filter(([term]) => term !== local)),
      });
      const range = this.rangeOfTerm(local);
      if (rest === null || range === null) continue;
      const limits =
        count === 1n ? bounded(range, range.low, -rest.low) : bounded(range, rest.low, range.high);
      this.known.set(local, { interval: meet(range, limits), below: this.known.get(local)?.below ?? NONE });
    }
  }

  private relate(smaller: Local, larger: Local, distance: bigint): void {
    const range = this.rangeOfTerm(smaller);
    if (range === null || smaller === larger) return;
    const below = new Map(this.known.get(smaller)?.below ?? NONE);
    const before = below.get(larger);
    if (before === undefined || before < distance) below.set(larger, distance);
    this.known.set(smaller, { interval: range, below: newest(below) });
  }

  private rangeOfTerm(local: Local): Interval | null {
    return this.known.get(local)?.interval ?? (isView(local) ? LENGTHS : local.interval);
  }

  private rangeOfForm(form: Linear): Interval | null {
    let low = form.constant;
    let high = form.constant;
    for (const [local, count] of form.terms) {
      const range = this.rangeOfTerm(local);
      if (range === null) return null;
      low += count * (count > 0n ? range.low : range.high);
      high += count * (count > 0n ? range.high : range.low);
    }
    return interval(low, high);
  }

  /** The interval of a sum; without what is below zero where it is certain that nothing is. */
  tightened(form: Linear, range: Interval): Interval {
    const spansZero = range.low < 0n && range.high >= 0n;
    const isNatural = spansZero && (isBroken("sign") || this.holds(combined(constantForm(0n), form, -1n)));
    return meet(
      isNatural ? interval(0n, range.high) : range,
      interval(range.low, this.mostOf(form, range.high)),
    );
  }

  /** What a form of several terms is no more than, by the sums that were checked. */
  private mostOf(form: Linear, high: bigint): bigint {
    let most = high;
    for (const sum of this.sums) {
      const rest = combined(sum, form, -1n);
      const range = rest.terms.size <= 1 ? this.rangeOfForm(rest) : null;
      if (range !== null && -range.low < most) most = -range.low;
    }
    return most;
  }

  /** The most that is known of how far `smaller` stays below `larger`. */
  private distance(smaller: Local, larger: Local): bigint | null {
    let most: bigint | null = null;
    for (const [middle, first] of this.known.get(smaller)?.below ?? NONE) {
      const second = middle === larger ? 0n : this.known.get(middle)?.below.get(larger);
      if (second !== undefined && (most === null || first + second > most)) most = first + second;
    }
    return most;
  }

  /** Whether `form <= 0` is certain. */
  holds(form: Linear): boolean {
    const range = this.rangeOfForm(form);
    if (range !== null && this.mostOf(form, range.high) <= 0n) return true;
    const difference = differenceOf(form);
    if (difference === null) return false;
    const known = this.distance(difference.smaller, difference.larger);
    return known !== null && known >= difference.distance;
  }

  /** From here on `condition` is known to have been `outcome`. */
  assume(condition: Expression, outcome: boolean): void {
    this.members.assume(condition, outcome);
    this.learnFrom(condition, outcome);
  }

  private learnFrom(condition: Expression, outcome: boolean): void {
    switch (condition.kind) {
      case "not":
        this.learnFrom(condition.operand, !outcome);
        return;
      case "and":
      case "or":
        if ((condition.kind === "and") === outcome || isBroken("either")) {
          this.learnFrom(condition.left, outcome);
          this.learnFrom(condition.right, outcome);
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
    if (left.interval === null || right.interval === null) return;
    this.bound(left, operator, right);
    this.bound(right, MIRRORED[operator], left);
    const [a, b] = [linearOf(left), linearOf(right)];
    if (a === null || b === null || operator === "!==") return;
    const isStrict = operator === "<" || operator === ">" || (operator === "<=" && isBroken("limit"));
    const apart = constantForm(isStrict ? 1n : 0n);
    const upward = combined(combined(a, b, -1n), apart, 1n);
    const downward = combined(combined(b, a, -1n), apart, 1n);
    if (operator !== ">" && operator !== ">=") this.learn(upward);
    if (operator !== "<" && operator !== "<=") this.learn(downward);
  }

  private bound(value: Expression, operator: CompareOperator, other: Expression): void {
    if (value.kind !== "local" || value.interval === null || other.interval === null) return;
    const { local } = value;
    const before = this.known.get(local);
    const range = before?.interval ?? value.interval;
    const limits = limitsOf(operator, range, other.interval);
    this.known.set(local, { interval: meet(range, limits), below: before?.below ?? NONE });
  }
}

function isAnyOf(below: ReadonlyMap<Local, bigint>, gone: ReadonlySet<Local>): boolean {
  for (const local of gone) if (below.has(local)) return true;
  return false;
}

/** Without the oldest relations, where there are too many. */
function newest(below: Map<Local, bigint>): Map<Local, bigint> {
  for (const local of below.keys()) {
    if (below.size <= RELATIONS_KEPT) break;
    below.delete(local);
  }
  return below;
}

function isView(local: Local): boolean {
  return local.type.kind === "bytes" || local.type.kind === "view";
}

/** How long the view is that an expression gives, where that is a sum. */
export function lengthForm(value: Expression): Linear | null {
  const known = knownLength(value);
  if (known !== null) return constantForm(BigInt(known));
  if (value.kind === "local") return termForm(value.local);
  if (value.kind !== "library") return null;
  // Where tsc has something against the source, parameters may be missing.
  const [first, , third] = value.parameters;
  if (value.name === "bytes_of") return first === undefined ? null : lengthForm(first);
  if (value.name === "bytes_slice" || value.name === "span")
    return third === undefined ? null : linearOf(third);
  return null;
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
