// Scope: what a random program may name at a point, and what running this point costs.

import { RANGES, type Interval } from "../../../transpiler/interval.ts";
import type { Random } from "./random.ts";

export const INT_TYPES = ["u8", "u16", "u32", "i8", "i16", "i32"] as const;
export const BIG_TYPES = ["u64", "i64"] as const;
export type ScalarType = (typeof INT_TYPES)[number] | (typeof BIG_TYPES)[number] | "boolean";

const NESTING_LIMIT = 1;

export function isBig(type: ScalarType): boolean {
  return type === "u64" || type === "i64";
}

export function rangeOf(type: ScalarType): Interval {
  return RANGES[type]!;
}

/** Something that holds a value: `x`, `s0.count`. */
export interface Place {
  readonly text: string;
  readonly type: ScalarType;
  readonly writable: boolean;
}

/** Elements: of a typed array, a fixed array or a table. */
export interface Elements {
  readonly text: string;
  readonly type: ScalarType;
  /** A power of two, so that an index can be masked. */
  readonly length: number;
  readonly writable: boolean;
}

export interface Callable {
  /** `f1`, `s0.m2`, `shape.area`. */
  readonly text: string;
  readonly parameters: readonly ScalarType[];
  readonly result: ScalarType;
  /** How many statements a call runs, at most. */
  readonly cost: number;
}

export class Scope {
  readonly places: Place[] = [];
  readonly elements: Elements[] = [];
  readonly callables: Callable[] = [];
  /** References that may be null, and the fields behind them. */
  readonly optionals: { readonly text: string; readonly fields: readonly Place[] }[] = [];
  /** Places of references, and what may be stored there. */
  readonly references: { readonly text: string; readonly values: readonly string[] }[] = [];
  readonly buffers: { readonly text: string; readonly length: number }[] = [];
  /** How often this point runs, at most. */
  rounds = 1;
  /** Statements run so far, at most. */
  cost = 0;
  inLoop = false;
  result: ScalarType | null = null;
  /** How deep one stands in indexes of indexes and arguments of arguments. */
  private nesting = 0;

  constructor(
    readonly random: Random,
    readonly names: { count: number },
  ) {}

  /** The same, for a block within: what it declares ends with it. */
  inner(): Scope {
    const scope = new Scope(this.random, this.names);
    scope.places.push(...this.places);
    scope.elements.push(...this.elements);
    scope.callables.push(...this.callables);
    scope.optionals.push(...this.optionals);
    scope.references.push(...this.references);
    scope.buffers.push(...this.buffers);
    scope.rounds = this.rounds;
    scope.inLoop = this.inLoop;
    scope.result = this.result;
    return scope;
  }

  /** From here on this reference is never assigned null: what is named behind it would be refused. */
  neverNull(text: string): void {
    this.references.forEach((one, at) => {
      if (one.text !== text) return;
      this.references[at] = { text, values: one.values.filter((value) => value !== "null") };
    });
  }

  mayBeNull(text: string): boolean {
    return this.references.some((one) => one.text === text && one.values.includes("null"));
  }

  /** An operand within a place or a call, made by `make` of a depth: each level deep costs operators, or there would be no end. */
  within<T>(make: (depth: number) => T): T {
    this.nesting++;
    const made = make(this.nesting > NESTING_LIMIT ? 0 : 1);
    this.nesting--;
    return made;
  }

  /** Here stands a name or a number, nothing that has operands in turn. */
  get isDeep(): boolean {
    return this.nesting > NESTING_LIMIT;
  }

  fresh(prefix: string): string {
    return `${prefix}${this.names.count++}`;
  }

  /** A call that still is affordable here. */
  affordable(): Callable[] {
    return this.callables.filter((one) => one.cost * this.rounds < 3000);
  }
}
