// Endings: functions that never come back, ends that only tsc knows to be out of reach, results that are passed on.

import { number, word, yes } from "./support/output.ts";

type Mode = "read" | "write" | "both ways";

const enum Fault {
  missing = 4,
  late = 9,
}

interface Named {
  name(): string;
}

class Disk implements Named {
  sectors: u32 = 8;
  name(): string {
    return "disk";
  }
}

const disk = new Disk();

function fail(text: string): never {
  word(text);
  unreachable("failed");
}

/** What is left of the choices tsc knows; C does not. */
function rest(mode: Mode): u32 {
  if (mode === "read") return 1;
  switch (mode) {
    case "write":
      return 2;
    case "both ways":
      return 3;
  }
}

function known(mode: Mode): u32 {
  switch (mode) {
    case "read":
      return 10;
    case "write":
      return 20;
    default:
      fail("both ways");
  }
}

function half(value: u32): u32 {
  const even: u32 = (value & 1) === 0 ? value : fail("odd");
  return even >>> 1;
}

function third(value: u32): u32 {
  const whole = value % 3 === 0 ? value : unreachable("no third");
  return Math.trunc(whole / 3);
}

function byte(value: u32): Result<u8, Fault> {
  if (value > 255) return err(Fault.late);
  return ok(u8(value));
}

function word32(value: u32): Result<u32, Fault> {
  return byte(value);
}

function found(there: boolean): Result<Disk, Fault> {
  if (!there) return err(Fault.missing);
  return ok(disk);
}

function foundOrNothing(there: boolean): Result<Disk | null, Fault> {
  return found(there);
}

function foundNamed(there: boolean): Result<Named, Fault> {
  const result = found(there);
  return result;
}

/** Only the error is of the same type. */
function sectorsOf(there: boolean): Result<u8, Fault> {
  const result = found(there);
  if (!result.ok) return result;
  return byte(result.value.sectors);
}

export function results(): void {
  const small = word32(200);
  if (small.ok) number(small.value);
  const large = word32(300);
  if (!large.ok) number(large.error);
  const there = foundOrNothing(true);
  if (there.ok) yes(there.value === disk);
  const gone = foundOrNothing(false);
  if (!gone.ok) number(gone.error);
  const named = foundNamed(true);
  if (named.ok) word(named.value.name());
  const sectors = sectorsOf(true);
  if (sectors.ok) number(sectors.value);
  const none = sectorsOf(false);
  if (!none.ok) number(none.error);
}

export function choices(): void {
  number(rest("both ways") + rest("write") + rest("read"));
  number(known("read") + known("write"));
  number(half(8) + third(9));
}

export function unknown(): void {
  number(known("both ways"));
}

export function odd(): void {
  number(half(9));
}

export function remainder(): void {
  number(third(10));
}

export function statement(): void {
  if (half(4) === 2) fail("here");
  word("not here");
}
