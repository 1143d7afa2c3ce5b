/**
 * The sieve of Eratosthenes: every number below the limit that no smaller prime divides.
 */
import { TextWriter } from "../../src/base/text-writer.ts";

const LIMIT = 10000;
const LINE_BYTES = 80;

const composite = new Uint8Array(LIMIT);
const line = new Uint8Array(LINE_BYTES);

export function main(): void {
  let count: u32 = 0;
  let last: u32 = 0;
  for (let candidate: u32 = 2; candidate < LIMIT; candidate++) {
    if (composite[candidate] !== 0) continue;
    count++;
    last = candidate;
    for (let multiple: u32 = candidate * 2; multiple < LIMIT; multiple += candidate) composite[multiple] = 1;
  }
  const out = new TextWriter(bytesOf(line));
  out.text(`${count} primes below ${LIMIT}, the last is ${last}\n`);
  print(out.written());
}
