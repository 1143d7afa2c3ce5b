// SHA-256 of a buffer: the code of `src/base/sha256.ts`.

import { Sha256, SHA256_BYTES } from "../../../src/base/sha256.ts";

const hash = new Sha256();

export function run(input: Bytes, work: Bytes): u32 {
  hash.begin();
  hash.update(input);
  hash.finish(work.slice(0, SHA256_BYTES));
  return work.u32le(0);
}
