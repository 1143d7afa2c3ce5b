/**
 * LogBenchDialogue: `log bench`: entries one by one or in groups, some a step, so that the system stays alive meanwhile.
 */
import { LogBench } from "../service/log-bench.ts";
import { Dialogue, DialogueState } from "./dialogue.ts";
import { Output } from "./output.ts";

const NANOSECONDS: u64 = 1_000_000_000n;
const NANOSECONDS_IN_MICROSECOND: u64 = 1_000n;

export class LogBenchDialogue implements Dialogue {
  private count: u32 = 0;
  private isGrouped: boolean = false;

  constructor(private readonly bench: LogBench) {}

  /** Sets out for `count` entries. */
  begin(count: u32, isGrouped: boolean): void {
    this.count = count;
    this.isGrouped = isGrouped;
    this.bench.begin(count, isGrouped);
  }

  step(out: Output): DialogueState {
    const more = this.bench.step();
    if (!more.ok) {
      out.text("log bench: the disk does not take the entries\n");
      return DialogueState.done;
    }
    if (more.value) return DialogueState.working;
    this.report(out, this.bench.finish());
    return DialogueState.done;
  }

  question(): string {
    return "";
  }

  answer(line: Bytes): void {
    assert(line.length === 0, "nothing was asked");
  }

  cancel(): void {
    unreachable("nothing was asked");
  }

  private report(out: Output, elapsedNs: u64): void {
    const perSecond: u64 = elapsedNs === 0n ? 0n : (BigInt(this.count) * NANOSECONDS) / elapsedNs;
    out.text(this.isGrouped ? "in groups of 32: " : "one by one: ");
    out.text(
      `${this.count} entries in ${elapsedNs / NANOSECONDS_IN_MICROSECOND} us, ${perSecond} a second\n`,
    );
  }
}
