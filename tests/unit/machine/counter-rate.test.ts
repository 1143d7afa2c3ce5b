/** The rate of a counter, by a clock and a counter that the test moves: both go on while nobody looks. */
import { Clock } from "../../../src/device/clock.ts";
import { Counter, measureHz } from "../../../src/machine/counter-rate.ts";
import { equalBig, isTrue, test } from "../harness.ts";

/** Counts at 62.5 MHz: one tick in 16 ns. A look at either takes a microsecond, and one look of all is held up. */
class TestTime implements Clock, Counter {
  private now: u64 = 0n;
  private looks: u32 = 0;
  stopAt: u32 = 0;
  stopNs: u64 = 0n;
  stands: boolean = false;

  restart(stopAt: u32, stopNs: u64): void {
    this.now = 1000n;
    this.looks = 0;
    this.stopAt = stopAt;
    this.stopNs = stopNs;
    this.stands = false;
  }

  monotonicNs(): u64 {
    this.look();
    return this.now;
  }

  unixSeconds(): u64 {
    return 0n;
  }

  unixSecondsAt(monotonicNs: u64): u64 {
    return 0n;
  }

  ticks(): u64 {
    this.look();
    return this.now / 16n;
  }

  private look(): void {
    this.looks++;
    if (this.stands) return;
    this.now = u64(this.now + 1000n);
    if (this.looks === this.stopAt) this.now = u64(this.now + this.stopNs);
  }
}

const time = new TestTime();

export function main(): void {
  test("a processor that stands still for a while, at whatever look, does not change the rate");
  let worst: u64 = 0n;
  // The looks at the beginning, some in the middle, and those at the end, of which the middle leaves fewer.
  for (let stopAt: u32 = 0; stopAt < 5100; stopAt += stopAt < 40 || stopAt > 4960 ? 1 : 40) {
    time.restart(stopAt, 200000000n);
    const hz = measureHz(time, time);
    const off = hz > 62500000n ? u64(hz - 62500000n) : u64(62500000n - hz);
    if (off > worst) worst = off;
  }
  isTrue(worst < 62500n);

  test("a clock that stands gives no rate");
  time.restart(0, 0n);
  time.stands = true;
  equalBig(measureHz(time, time), 0n);
}
