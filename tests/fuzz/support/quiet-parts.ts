/** Time and chance for fuzz targets: the input decides the one, the other is the same in every run. */
import { Clock } from "../../../src/device/clock.ts";
import { Entropy } from "../../../src/device/entropy.ts";

export class FuzzClock implements Clock {
  seconds: u64 = 1767709800n;
  private nanoseconds: u64 = 0n;

  /** As new. */
  set(seconds: u64): void {
    this.seconds = seconds;
    this.nanoseconds = 0n;
  }

  monotonicNs(): u64 {
    this.nanoseconds = u64(this.nanoseconds + 1000n);
    return this.nanoseconds;
  }

  unixSeconds(): u64 {
    return this.seconds;
  }

  unixSecondsAt(monotonicNs: u64): u64 {
    return this.seconds;
  }
}

/** Numerical Recipes' generator, from the same start for each input. */
export class FuzzChance implements Entropy {
  private next: u32 = 1;

  reset(): void {
    this.next = 1;
  }

  fill(target: Bytes): void {
    for (let i: u32 = 0; i < target.length; i++) {
      this.next = (Math.imul(this.next, 1664525) + 1013904223) >>> 0;
      target.setU8(i, this.next >>> 24);
    }
  }
}
