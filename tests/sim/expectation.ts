/**
 * Expectation: what must be on the disk and what may be, worked out from the journals of a run that was cut.
 *
 * It begins with the facts of the installed disk at rest (`reset`), then takes up the facts of the operations, then those of the recovery.
 */
import { Fact, Journal } from "./journal.ts";
import { INSTALLED_VERSION } from "./release.ts";

export const MARK_LIMIT = 1024;
const SNAPSHOT_LIMIT = 8;
/** Failed boots in a row that are told apart: more than any scenario has. */
const ATTEMPT_LIMIT = 16;

export const enum MarkState {
  unknown = 0,
  /** Given to the log, not acknowledged. */
  may = 1,
  must = 2,
}

export const enum InstallPhase {
  none = 0,
  /** Agreed to, and perhaps a part of its first write on the disk. */
  begun = 1,
  /** Its record is durable: the disk boots as the new system, or says that it was cut short. */
  kept = 2,
  done = 3,
}

export class Expectation {
  current: u32 = 0;
  /** May be the current one instead; 0 for none. */
  nextCurrent: u32 = 0;
  /** It differs from the current one in its settings alone. */
  private isNextTheSame: boolean = false;
  snapshotCount: u32 = 0;
  readonly snapshots = new Uint32Array(SNAPSHOT_LIMIT);
  /** Failed boots in a row, and boots ever. */
  failures: u32 = 0;
  boots: u32 = 0;
  /** The manifest whose attempt is being recorded; 0 for none. */
  attempting: u32 = 0;
  isTurningGolden: boolean = false;
  /** How often recovery mode was entered since the last golden boot, and whether that was being recorded. */
  rescues: u32 = 0;
  isEnteringRescue: boolean = false;
  /** The manifest that is the newest golden one; 0 for none. */
  kept: u32 = 0;
  keepingNext: u32 = 0;
  /** The manifest that has a copy in the recovery store; 0 for none. */
  copied: u32 = 0;
  /** At least so many golden ones are in the system store. */
  goldenCount: u32 = 0;
  /** Releases of the system store that were damaged on purpose: so many may be passed over. */
  damagedCopies: u32 = 0;
  /** The current one is among them. */
  isCurrentDamaged: boolean = false;
  install: InstallPhase = InstallPhase.none;
  /** The installation that is complete was cut before it said so. */
  private wasInstallCut: boolean = false;
  /** How many installations over what was there are complete: which installation's id the stores bear. */
  installs: u32 = 0;
  /** The version whose boot manager the firmware finds, and the one that may be there instead; 0 for none. */
  bootFiles: u32 = 0;
  nextBootFiles: u32 = 0;
  /** Entries that stand in the log before anything is done. */
  fillings: u32 = 0;
  /** The log was going on in another file when the power went. */
  isRotating: boolean = false;
  lastMark: u32 = 0;
  private readonly marks = new Uint8Array(MARK_LIMIT);
  /** The manifests of the failed boots in a row, and which of them stood in for the current one. */
  private readonly failed = new Uint32Array(ATTEMPT_LIMIT);
  /** Of which manifest each of them was a try: of the one that boots the same now. 0 for none. */
  private readonly counted = new Uint32Array(ATTEMPT_LIMIT);
  private readonly stoodIn = new Uint8Array(ATTEMPT_LIMIT);

  clear(): void {
    this.current = 0;
    this.nextCurrent = 0;
    this.isNextTheSame = false;
    this.snapshotCount = 0;
    this.failures = 0;
    this.boots = 0;
    this.attempting = 0;
    this.isTurningGolden = false;
    this.rescues = 0;
    this.isEnteringRescue = false;
    this.kept = 0;
    this.keepingNext = 0;
    this.copied = 0;
    this.goldenCount = 0;
    this.damagedCopies = 0;
    this.isCurrentDamaged = false;
    this.install = InstallPhase.none;
    this.wasInstallCut = false;
    this.installs = 0;
    this.fillings = 0;
    this.isRotating = false;
    this.bootFiles = 0;
    this.nextBootFiles = 0;
    this.forgetMarks();
  }

  /** How often what a manifest boots was tried in vain since the last golden boot, and since somebody made it the current one. */
  failuresOf(manifestId: u32): u32 {
    let count: u32 = 0;
    for (let i: u32 = 0; i < this.failures; i++) {
      if (this.counted[i] === manifestId) count++;
    }
    return count;
  }

  /** Whether one of them stood in for the current one. */
  hasStoodIn(manifestId: u32): boolean {
    for (let i: u32 = 0; i < this.failures; i++) {
      if (this.failed[i] === manifestId && this.stoodIn[i] !== 0) return true;
    }
    return false;
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
      case Fact.logged:
        this.setMark(value, fact === Fact.logging ? 1 : 2);
        break;
      case Fact.currentBegins:
        this.expectCurrent(value, false);
        break;
      case Fact.current:
        this.recount(value, 0);
        this.setCurrent(value);
        break;
      case Fact.settingsBegin:
        this.expectCurrent(value, true);
        break;
      case Fact.settings:
        this.recount(this.current, value);
        this.setCurrent(value);
        break;
      case Fact.snapshotBegins:
        break;
      case Fact.snapshot:
        this.addSnapshot(value);
        break;
      case Fact.attemptBegins:
        this.attempting = value;
        break;
      case Fact.attempt:
        this.countAttempt(value);
        break;
      case Fact.goldenBegins:
      case Fact.golden:
        this.turnGolden(fact === Fact.golden);
        break;
      case Fact.rescueBegins:
      case Fact.rescue:
        this.enterRescue(fact === Fact.rescue);
        break;
      case Fact.keepingBegins:
        this.keepingNext = value;
        break;
      case Fact.keeping:
        this.keep(value);
        break;
      case Fact.installBegins:
        this.install = InstallPhase.begun;
        break;
      case Fact.installKept:
        this.install = InstallPhase.kept;
        break;
      case Fact.rotationBegins:
      case Fact.rotation:
        this.isRotating = fact === Fact.rotationBegins;
        break;
      case Fact.bootFilesBegin:
        this.nextBootFiles = value;
        break;
      case Fact.bootFiles:
        this.setBootFiles(value);
        break;
      case Fact.mended:
        this.mend();
        break;
      case Fact.install:
        this.beginAnew(value);
        break;
    }
  }

  private expectCurrent(manifest: u32, isTheSame: boolean): void {
    this.nextCurrent = manifest;
    this.isNextTheSame = isTheSame;
  }

  private turnGolden(isDone: boolean): void {
    this.isTurningGolden = !isDone;
    if (!isDone) return;
    this.failures = 0;
    this.rescues = 0;
  }

  private enterRescue(isDone: boolean): void {
    this.isEnteringRescue = !isDone;
    if (!isDone) return;
    this.rescues++;
    this.boots++;
  }

  private keep(manifest: u32): void {
    if (this.goldenCount < 3 && this.kept !== manifest) this.goldenCount++;
    this.kept = manifest;
    this.copied = manifest;
    this.keepingNext = 0;
  }

  private setBootFiles(release: u32): void {
    this.bootFiles = release;
    this.nextBootFiles = 0;
  }

  /** What else names the damaged object still does. */
  private mend(): void {
    if (this.damagedCopies > 0) this.damagedCopies = 1;
    this.isCurrentDamaged = false;
  }

  /** What was before the installation is gone, as was agreed to twice. */
  private beginAnew(current: u32): void {
    const installs: u32 = this.installs + 1;
    this.clear();
    this.installs = installs;
    this.current = current;
    this.bootFiles = INSTALLED_VERSION;
    this.install = InstallPhase.done;
  }

  /** The disk at rest, of which everything is known. */
  begin(current: u32, kept: u32, boots: u32): void {
    this.clear();
    this.current = current;
    this.kept = kept;
    this.boots = boots;
  }

  /** After a boot that was found to be as it may be: what it saw is durable, and from here on certain. `settleRing` is done. */
  settle(current: u32, kept: u32): void {
    if (current !== this.current) {
      if (this.isNextTheSame) this.recount(this.current, current);
      else this.recount(current, 0);
    }
    this.setCurrent(current);
    this.kept = kept;
    this.keepingNext = 0;
  }

  /** What the ring says decides between what may be; false where it can be none of it. */
  settleRing(failures: u32, boots: u32): boolean {
    const attempting = this.attempting;
    this.attempting = 0;
    if (this.isTurningGolden && failures === 0) {
      this.failures = 0;
      this.rescues = 0;
    }
    this.isTurningGolden = false;
    if (this.isEnteringRescue && boots === this.boots + 1) {
      this.rescues++;
      this.boots++;
    }
    this.isEnteringRescue = false;
    if (attempting !== 0 && failures === this.failures + 1) this.countAttempt(attempting);
    return failures === this.failures && boots === this.boots;
  }

  private countAttempt(manifestId: u32): void {
    this.addFailure(manifestId);
    this.boots++;
  }

  /** A boot that is no success yet. The current one may be started for what is damaged, which is a standing in too. */
  addFailure(manifestId: u32): void {
    assert(this.failures < ATTEMPT_LIMIT);
    this.attempting = 0;
    this.failed[this.failures] = manifestId;
    this.counted[this.failures] = manifestId;
    this.stoodIn[this.failures] = manifestId !== this.current || this.isCurrentDamaged ? 1 : 0;
    this.failures++;
  }

  /** Tries of one manifest are those of another from now on. */
  private recount(from: u32, to: u32): void {
    for (let i: u32 = 0; i < this.failures; i++) {
      if (this.counted[i] === from) this.counted[i] = to;
    }
  }

  private setCurrent(manifestId: u32): void {
    if (manifestId !== this.current) this.isCurrentDamaged = false;
    this.current = manifestId;
    this.nextCurrent = 0;
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

  /** Whether an installation is under way that nothing says is over. */
  isInstalling(): boolean {
    return this.install === InstallPhase.begun || this.install === InstallPhase.kept;
  }

  /** An installation that was under way turned out to be complete. */
  settleInstall(current: u32): void {
    this.beginAnew(current);
    this.wasInstallCut = true;
  }

  /** Whether an installation that did not come to its end may have left one copy of the partition table other than the other. */
  mayTableBeTorn(): boolean {
    return this.isInstalling() || this.wasInstallCut;
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
