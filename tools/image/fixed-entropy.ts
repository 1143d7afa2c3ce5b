// FixedEntropy: bytes for ids that follow from a content, so that the same release gives the same image.

import { createHash } from "node:crypto";
import type { Entropy } from "../../src/device/entropy.ts";

export class FixedEntropy implements Entropy {
  private drawn = 0;

  constructor(private readonly seed: string) {}

  fill(target: Bytes): void {
    for (let at = 0; at < target.length; at++) {
      const draw = createHash("sha256").update(`${this.seed}:${this.drawn++}`).digest();
      target.setU8(at, draw[0]!);
    }
  }
}
