/**
 * Expectation: what must be on the disk and what may be, worked out from the journals of a run that was cut.
 *
 * It begins with the facts of the installed disk at rest (`reset`), then takes up the facts of the operations, then those of the recovery.
 */
import { Fact, Journal } from "./journal.ts";

export const MARK_LIMIT = 1024;
const SNAPSHOT_LIMIT = 8;

export const enum MarkState {
  unknown = 0,
  /** Given to the log, not acknowledged. */
  may = 1,
  must = 2,
}

export const enum InstallPhase {
  none = 0,
  begun = 1,
  done = 2,
}

export class Expectation {
  current: u32 = 0;
  /** May be the current one instead; 0 for none. */
  nextCurrent: u32 = 0;
  snapshotCount: u32 = 0;
  readonly snapshots = new Uint32Array(SNAPSHOT_LIMIT);
  /** Failed boots in a row, and boots ever. */
  failures: u32 = 0;
  boots: u32 = 0;
  isAttempting: boolean = false;
  isTurningGolden: boolean = false;
  /** The manifest that is the newest golden one; 0 for none. */
  kept: u32 = 0;
  keepingNext: u32 = 0;
  /** The manifest that has a copy in the recovery store; 0 for none. */
  copied: u32 = 0;
  /** At least so many golden ones are in the system store. */
  goldenCount: u32 = 0;
  /** Releases of the system store that were damaged on purpose: so many may be passed over. */
  damagedCopies: u32 = 0;
  install: InstallPhase = InstallPhase.none;
  lastMark: u32 = 0;
  private readonly marks = new Uint8Array(MARK_LIMIT);

  clear(): void {
    this.current = 0;
    this.nextCurrent = 0;
    this.snapshotCount = 0;
    this.failures = 0;
    this.boots = 0;
    this.isAttempting = false;
    this.isTurningGolden = false;
    this.kept = 0;
    this.keepingNext = 0;
    this.copied = 0;
    this.goldenCount = 0;
    this.damagedCopies = 0;
    this.install = InstallPhase.none;
    this.forgetMarks();
  }

  mark(number: u32): MarkState {
    const state = this.marks[number];
    if (state === 2) return MarkState.must;
    return state === 1 ? MarkState.may : MarkState.unknown;
  }

  /** Takes up what a cut at `event` leaves of a journal. */
  take(journal: Journal, event: u32): void {
    const length = journal.lengthAt(event);
    for (let i: u32 = 0; i < length; i++) this.takeFact(journal.fact(i), journal.value(i));
  }

  /** The power went: what was under way is over. What may have become true stays possible. */
  private takeFact(fact: Fact, value: u32): void {
    switch (fact) {
      case Fact.logging:
        this.setMark(value, 1);
        break;
      case Fact.logged:
        this.setMark(value, 2);
        break;
      case Fact.currentBegins:
        this.nextCurrent = value;
        break;
      case Fact.current:
        this.current = value;
        this.nextCurrent = 0;
        break;
      case Fact.snapshotBegins:
        break;
      case Fact.snapshot:
        this.addSnapshot(value);
        break;
      case Fact.attemptBegins:
        this.isAttempting = true;
        break;
      case Fact.attempt:
        this.isAttempting = false;
        this.failures++;
        this.boots++;
        break;
      case Fact.goldenBegins:
        this.isTurningGolden = true;
        break;
      case Fact.golden:
        this.isTurningGolden = false;
        this.failures = 0;
        break;
      case Fact.keepingBegins:
        this.keepingNext = value;
        break;
      case Fact.keeping:
        if (this.goldenCount < 3 && this.kept !== value) this.goldenCount++;
        this.kept = value;
        this.copied = value;
        this.keepingNext = 0;
        break;
      case Fact.installBegins:
        this.install = InstallPhase.begun;
        break;
      case Fact.mended:
        // What else names the damaged object still does.
        if (this.damagedCopies > 0) this.damagedCopies = 1;
        break;
      case Fact.install:
        this.beginAnew(value);
        break;
    }
  }

  /** What was before the installation is gone, as was agreed to twice. */
  private beginAnew(current: u32): void {
    this.clear();
    this.current = current;
    this.install = InstallPhase.done;
  }

  /** After a boot that was found to be as it may be: what it saw is durable, and from here on certain. */
  settle(current: u32, kept: u32, failures: u32, boots: u32): void {
    this.current = current;
    this.nextCurrent = 0;
    this.kept = kept;
    this.keepingNext = 0;
    this.failures = failures;
    this.boots = boots;
    this.isAttempting = false;
    this.isTurningGolden = false;
  }

  addSnapshot(id: u32): void {
    assert(this.snapshotCount < SNAPSHOT_LIMIT);
    this.snapshots[this.snapshotCount] = id;
    this.snapshotCount++;
  }

  /** The log was read: a mark that was seen stays, one that was not never comes. */
  settleMark(number: u32, wasSeen: boolean): void {
    this.marks[number] = wasSeen ? 2 : 0;
  }

  /** An installation that was under way turned out to be complete. */
  settleInstall(current: u32): void {
    this.beginAnew(current);
  }

  private forgetMarks(): void {
    bytesOf(this.marks).fill(0);
    this.lastMark = 0;
  }

  private setMark(number: u32, state: u8): void {
    assert(number < MARK_LIMIT);
    this.marks[number] = state;
    if (number > this.lastMark) this.lastMark = number;
  }
}
