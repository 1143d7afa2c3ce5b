// Entries appended to a ring: the code of `src/service/log-ring.ts` and `src/format/log-entry.ts`.
//
// The input holds records: a length of 16 bits, then so many bytes of text.

import { LogLevel, makeEntry, sealEntry } from "../../../src/format/log-entry.ts";
import { LogRing } from "../../../src/service/log-ring.ts";

const ring = new LogRing();
const COMPONENT: string = "bench";
const EVENT: string = "append";

/** Appends everything; copies the newest entry to `work`. */
export function run(input: Bytes, work: Bytes): u32 {
  ring.clear();
  let at: u32 = 0;
  while (at < input.length) {
    const length = input.u16le(at);
    const block = ring.add();
    makeEntry(block, LogLevel.info, utf8(COMPONENT), utf8(EVENT), input.slice(at + 2, length));
    sealEntry(block, 7, BigInt(ring.newestNumber()), 0);
    at += 2 + length;
  }
  const newest = ring.block(ring.newestNumber());
  work.slice(0, newest.length).copyFrom(newest);
  return ring.newestNumber();
}
