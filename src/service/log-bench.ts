/**
 * LogBench: how fast the disk of the log takes entries: each durable by itself, or in groups of one write and one flush.
 *
 *     begin → step … until false → finish
 *
 * The entries are real ones, of the component "bench", and stay in the log. Whoever counts instructions from outside
 * does so from one call of `begin` to the next. Called by `log bench`.
 */
import { TextWriter } from "../base/text-writer.ts";
import { Clock } from "../device/clock.ts";
import { LogLevel } from "../format/log-entry.ts";
import { GROUP_ENTRIES, LogError, PersistentLog } from "./persistent-log.ts";

/** Some tens of milliseconds on a slow disk. */
const ENTRIES_PER_STEP = 64;
const DETAILS_BYTES = 64;
const COMPONENT: string = "bench";
const EVENT: string = "append";

export class LogBench {
  private isGrouped: boolean = false;
  private left: u32 = 0;
  private startNs: u64 = 0n;
  private detailsLength: u32 = 0;
  private readonly details = new Uint8Array(DETAILS_BYTES);

  constructor(
    private readonly log: PersistentLog,
    private readonly clock: Clock,
  ) {}

  /** Sets out for `count` entries. */
  begin(count: u32, isGrouped: boolean): void {
    const out = new TextWriter(bytesOf(this.details));
    out.text('text="an entry of the usual length, as most are"');
    this.detailsLength = out.written().length;
    this.isGrouped = isGrouped;
    this.left = count;
    this.startNs = this.clock.monotonicNs();
  }

  /** Writes some of the entries, durable on return; false when all are. */
  step(): Result<boolean, LogError> {
    const count: u32 = this.left < ENTRIES_PER_STEP ? this.left : ENTRIES_PER_STEP;
    const ended = this.isGrouped ? this.writeGroups(count) : this.writeSingly(count);
    if (!ended.ok) return err(ended.error);
    this.left -= count;
    return ok(this.left > 0);
  }

  /** All are durable; the nanoseconds since `begin`. Begins anew with nothing to do, so that a count from outside has its end. */
  finish(): u64 {
    const elapsedNs: u64 = this.clock.monotonicNs() - this.startNs;
    this.begin(0, false);
    return elapsedNs;
  }

  private writeSingly(count: u32): Result<void, LogError> {
    const details = bytesOf(this.details).slice(0, this.detailsLength);
    for (let i: u32 = 0; i < count; i++) {
      const written = this.log.write(LogLevel.info, utf8(COMPONENT), utf8(EVENT), details);
      if (!written.ok) return written;
    }
    return ok();
  }

  private writeGroups(count: u32): Result<void, LogError> {
    const details = bytesOf(this.details).slice(0, this.detailsLength);
    let waiting: u32 = 0;
    for (let i: u32 = 0; i < count; i++) {
      this.log.append(LogLevel.info, utf8(COMPONENT), utf8(EVENT), details);
      waiting++;
      if (waiting < GROUP_ENTRIES && i + 1 < count) continue;
      waiting = 0;
      const flushed = this.log.flush();
      if (!flushed.ok) return err(flushed.error);
    }
    return ok();
  }
}
