// Sabotage: faults of a compiler, put in on purpose, so that a test can show that the random programs find them.
//
// None is ever on by itself. No option and no variable of the environment turns one on, only a call within the same process,
// and only tests/transpiler/support/worker.ts contains one.

/** What goes wrong, and where. */
export const BREAKS = {
  wrap: "a value is not cut to the bits that it wraps to (C)",
  narrow: "a value goes into a narrower place unchecked (both back ends)",
  bound: "an index may be the length (C)",
  compare: "integers are compared as if none were negative (C)",
  shift: "a shift to the right brings zeros instead of the sign (C)",
  divide: "integers are divided as if none were negative (C)",
  effect: "bytes that are filled or copied stay as they were (C)",
  order: "a call is made before what stands left of it is read (both back ends)",
  null: "a reference is followed without asking whether it is null (C)",
  join: "of two ways to a value only the first counts for its interval (both back ends)",
  loop: "what was known before a loop is believed within it (both back ends)",
  fall: "a case of a switch runs into the next one (C)",
  endian: "big-endian numbers are read as little-endian ones (C)",
  zero: "a divisor is not asked whether it is zero (C)",
  // Of the proofs: a check is left out where nothing shows that it would be passed.
  relation: "how others compare with a variable is believed after it was assigned (both back ends)",
  count: "of what a loop counts both bounds are believed in every round (both back ends)",
  merge: "where two ways meet what is known on one of them is believed (both back ends)",
  skipped: "a check that may not have been made is believed passed (both back ends)",
  either: "of two conditions of which one holds both are believed (both back ends)",
  limit: "what is no more than a bound is believed to be less (both back ends)",
  sign: "a difference is believed to be no negative number (both back ends)",
  width: "an access of several bytes is proven like one of a single byte (both back ends)",
} as const;

export type BreakName = keyof typeof BREAKS;

let active: BreakName | null = null;

/** Breaks the compiler, for as long as this process lives or until the next call. */
export function sabotage(name: BreakName | null): void {
  active = name;
}

/** Whether any is on. */
export function isSabotaged(): boolean {
  return active !== null;
}

export function isBroken(name: BreakName): boolean {
  return active === name;
}
