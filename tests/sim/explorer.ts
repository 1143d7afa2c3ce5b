/**
 * Explorer: runs a scenario once, cuts it at every write and flush, lets what survives boot, and cuts that boot again.
 *
 *     scenario ── cut ──► state ── boot ──► judged        every choice of survivors (`Survivors`) is a state of its own
 *                           └──── boot, cut ──► state ── judged
 *
 * A cut at a flush finds the same writes waiting as one at the last write before it, and more that was acknowledged; so it is made at the flush.
 * A state's id is `scenario.cut.survivors[.cut.survivors]`, which with the seed reproduces it.
 */
import { TextWriter } from "../../src/base/text-writer.ts";
import { BootMode } from "../../src/format/boot-reason.ts";
import { Region } from "../../src/storage/region.ts";
import { DiskMark, NEVER, Trace } from "./crash-disk.ts";
import { Expectation } from "./expectation.ts";
import {
  Fault,
  faultName,
  judgeAbsence,
  judgeBootFiles,
  judgeChain,
  judgeLog,
  judgeSystem,
  judgeVerification,
  judgeWholeLog,
} from "./judge.ts";
import {
  attempt,
  bootRegion,
  disk,
  handoff,
  look,
  lookAtRing,
  operationJournal,
  operationTrace,
  parts,
  powerOn,
  recoveryJournal,
  recoveryRegion,
  recoveryTrace,
  run,
  startMarks,
  systemRegion,
} from "./machine.ts";
import { NONE, operate, operationFrom } from "./operations.ts";
import { diskOf, preparation, RECOVERY_MARK, startSystem } from "./scenarios.ts";
import { Seen } from "./seen.ts";
import { Survivors } from "./survivors.ts";
import { ALL, wishes } from "./wishes.ts";

/** No boot, and no judging, takes so many calls. */
const CALL_LIMIT = 20000;
/** Reading all of the ring and of the log costs more than all else: of so many states one, and those in which nothing was under way. */
const WHOLE_EVERY = 32;
/** Of a scenario. */
const FAULTS_TOLD = 3;

export class Explorer {
  /** States after one cut, and after a second. */
  states: u32 = 0;
  secondStates: u32 = 0;
  faults: u32 = 0;
  /** Choices of survivors after a first cut, those included that made a state which was judged before. */
  choices: u32 = 0;
  /** The different disks among them all. */
  readonly seen = new Seen();
  /** What was judged: the same disk after the same facts is the same to whoever judges it, and passed over. */
  private readonly judged = new Seen();
  private scenario: u32 = 0;
  /** How many events its first operation has. */
  private firstEnd: u32 = 0;
  private told: u32 = 0;
  private readonly line = new Uint8Array(256);
  private readonly survivors = new Survivors(disk);
  private readonly secondSurvivors = new Survivors(disk);
  private readonly rest = new DiskMark();
  private readonly beforeState = new DiskMark();
  private readonly state = new DiskMark();
  private readonly beforeSecond = new DiskMark();
  private readonly expected = new Expectation();
  private readonly afterwards = new Expectation();
  /** What is known of the stores is that of the state after the first cut. */
  private areStoresKnown: boolean = false;
  /** The state at hand is that after the first cut. */
  private isFirst: boolean = false;

  /** All states of a scenario; the disk at rest is made. */
  explore(scenario: u32): void {
    this.scenario = scenario;
    this.told = 0;
    disk.startCalls(NEVER);
    disk.mark(this.rest);
    startSystem(diskOf(scenario));
    operationJournal.begin();
    recoveryJournal.clear();
    disk.beginTrace(operationTrace);
    let isDone: boolean = operate(operationFrom(u32(Math.trunc(scenario / 10)) % 10));
    this.firstEnd = disk.eventsSince(operationTrace);
    isDone = isDone && operate(operationFrom(scenario % 10));
    disk.endTrace(operationTrace);
    operationJournal.end();
    if (!isDone) this.tell(Fault.silentFailure, NEVER, 0, NEVER, 0);
    disk.rewindTable(preparation.start);
    this.cutOperations();
    disk.rewind(this.rest);
    disk.dropTrace(operationTrace);
  }

  private cutOperations(): void {
    let durable: u32 = 0;
    const end = operationTrace.length;
    for (let cut: u32 = 0; cut <= end; cut++) {
      if (isPlaceToCut(operationTrace, cut)) this.cutAt(durable, cut);
      if (cut === end || !disk.isFlush(operationTrace, cut)) continue;
      keepAll(operationTrace, durable, cut);
      durable = cut + 1;
    }
  }

  private cutAt(durable: u32, cut: u32): void {
    if (wishes.cut !== ALL && wishes.cut !== cut) return;
    const choices = this.survivors.begin(operationTrace, durable, this.endOf(operationTrace, cut));
    for (let choice: u32 = 0; choice < choices; choice++) {
      if (wishes.survivors !== ALL && wishes.survivors !== choice) continue;
      this.choices++;
      disk.mark(this.beforeState);
      this.survivors.apply(operationTrace, choice, wishes.seed);
      const context = contextOf(this.scenarioAt(cut), NEVER, operationJournal.lengthAt(cut));
      if (disk.noteState(this.judged, context)) this.visit(cut, choice);
      disk.rewind(this.beforeState);
    }
  }

  /** A disk as a cut left it. */
  private visit(cut: u32, choice: u32): void {
    this.states++;
    disk.noteState(this.seen, 0);
    parts.seed(u32(cut * 64 + choice + 1));
    disk.startCalls(CALL_LIMIT);
    copy(this.expected, preparation.atRest);
    this.expected.take(operationJournal, cut);
    powerOn();
    const isFound = look();
    this.areStoresKnown = true;
    this.isFirst = true;
    const number: u32 = cut === operationTrace.length ? 0 : this.states;
    const fault = isFound ? this.judge(this.expected, true, number) : judgeAbsence(this.expected);
    if (fault !== Fault.none) {
      this.tell(fault, cut, choice, NEVER, 0);
      return;
    }
    if (!isFound || this.expected.isInstalling()) return;
    // The menu waits for a person.
    if (!handoff.hasChoice) return;
    disk.mark(this.state);
    this.recover(cut, choice);
    disk.rewind(this.state);
    disk.dropTrace(recoveryTrace);
  }

  /** The boot after the cut; then the same boot, cut at its own places. */
  private recover(cut: u32, choice: u32): void {
    recoveryJournal.begin();
    startMarks(RECOVERY_MARK);
    disk.startCalls(CALL_LIMIT);
    disk.beginTrace(recoveryTrace);
    attempt();
    const hasRun = run() || handoff.mode === BootMode.rescue;
    disk.endTrace(recoveryTrace);
    recoveryJournal.end();
    const fault = hasRun ? this.judgeAfter(NEVER, this.states) : Fault.notRecovered;
    if (fault !== Fault.none) this.tell(fault, cut, choice, NEVER, 0);
    disk.rewindTable(this.state);
    let durable: u32 = 0;
    const end = recoveryTrace.length;
    for (let second: u32 = 0; second <= end; second++) {
      if (isPlaceToCut(recoveryTrace, second)) this.cutRecoveryAt(durable, second, cut, choice);
      if (second === end || !disk.isFlush(recoveryTrace, second)) continue;
      keepAll(recoveryTrace, durable, second);
      durable = second + 1;
    }
  }

  private cutRecoveryAt(durable: u32, second: u32, cut: u32, choice: u32): void {
    if (wishes.secondCut !== ALL && wishes.secondCut !== second) return;
    const choices = this.secondSurvivors.begin(recoveryTrace, durable, this.endOf(recoveryTrace, second));
    for (let secondChoice: u32 = 0; secondChoice < choices; secondChoice++) {
      if (wishes.secondSurvivors !== ALL && wishes.secondSurvivors !== secondChoice) continue;
      if (!this.isWanted(cut, choice, second, secondChoice)) continue;
      disk.mark(this.beforeSecond);
      this.secondSurvivors.apply(recoveryTrace, secondChoice, wishes.seed);
      const state: u32 = cut * 64 + choice;
      const context = contextOf(this.scenarioAt(cut), state, recoveryJournal.lengthAt(second));
      if (disk.noteState(this.judged, context)) this.visitSecond(cut, choice, second, secondChoice);
      disk.rewind(this.beforeSecond);
    }
  }

  /** A disk as the second cut left it. */
  private visitSecond(cut: u32, choice: u32, second: u32, secondChoice: u32): void {
    this.secondStates++;
    disk.noteState(this.seen, 0);
    const fault = this.judgeAfter(second, this.secondStates);
    if (fault !== Fault.none) this.tell(fault, cut, choice, second, secondChoice);
  }

  /** Looks at the disk anew, a part or all of the recovery behind it. */
  private judgeAfter(cut: u32, number: u32): Fault {
    this.isFirst = false;
    copy(this.afterwards, this.expected);
    this.afterwards.take(recoveryJournal, cut);
    disk.startCalls(CALL_LIMIT);
    powerOn();
    const areStoresNew = hasChanged(this.state, systemRegion) || hasChanged(this.state, recoveryRegion);
    if (areStoresNew || !this.areStoresKnown) {
      if (!look()) return Fault.nothingBoots;
      this.areStoresKnown = !areStoresNew;
    } else {
      lookAtRing();
    }
    return this.judge(this.afterwards, areStoresNew, number);
  }

  private judge(expected: Expectation, areStoresNew: boolean, number: u32): Fault {
    const system = judgeSystem(expected, areStoresNew);
    if (system !== Fault.none) return system;
    const since = this.isFirst ? preparation.start : this.state;
    const areFilesNew = hasChanged(since, bootRegion);
    if (areFilesNew) {
      const files = judgeBootFiles(expected);
      if (files !== Fault.none) return files;
    }
    if (areFilesNew || hasChanged(since, systemRegion) || hasChanged(since, recoveryRegion)) {
      const verified = judgeVerification(expected);
      if (verified !== Fault.none) return verified;
    }
    const log = judgeLog(expected);
    if (log !== Fault.none) return log;
    if (disk.isRunaway()) return Fault.runaway;
    if (number % WHOLE_EVERY !== 0 || expected.isInstalling()) return Fault.none;
    const chain = judgeChain();
    return chain === Fault.none ? judgeWholeLog(expected) : chain;
  }

  /** What a cut in the first operation leaves is the same whatever would have followed. */
  private scenarioAt(cut: u32): u32 {
    return cut < this.firstEnd ? u32(this.scenario - (this.scenario % 10) + NONE) : this.scenario;
  }

  /** Where an event is a write it waits too. */
  private endOf(trace: Trace, cut: u32): u32 {
    return cut < trace.length ? cut + 1 : cut;
  }

  /** Of the many states after a second cut the seed takes some, the same in whatever order they are visited. */
  private isWanted(cut: u32, choice: u32, second: u32, secondChoice: u32): boolean {
    if (wishes.every <= 1 || wishes.secondCut !== ALL) return true;
    let hash: u32 = wishes.seed;
    hash = (Math.imul(hash ^ this.scenarioAt(cut), 2654435761) + cut) >>> 0;
    hash = (Math.imul(hash ^ (hash >>> 15), 2246822519) + choice) >>> 0;
    hash = (Math.imul(hash ^ (hash >>> 13), 3266489917) + second) >>> 0;
    hash = (Math.imul(hash ^ (hash >>> 16), 668265263) + secondChoice) >>> 0;
    hash = Math.imul(hash ^ (hash >>> 15), 2246822519) >>> 0;
    return (hash >>> 8) % wishes.every === 0;
  }

  private tell(fault: Fault, cut: u32, choice: u32, second: u32, secondChoice: u32): void {
    this.faults++;
    if (this.told === FAULTS_TOLD) return;
    this.told++;
    const out = new TextWriter(bytesOf(this.line));
    out.text("# state ");
    this.writeId(out, cut, choice, second, secondChoice);
    out.text(": ");
    out.text(faultName(fault));
    out.text(`; again: node build.mjs fuzz crash --seed ${wishes.seed} `);
    this.writeId(out, cut, choice, second, secondChoice);
    out.text("\n");
    print(out.written());
  }

  private writeId(out: TextWriter, cut: u32, choice: u32, second: u32, secondChoice: u32): void {
    out.text(`${this.scenario}`);
    if (cut !== NEVER) out.text(`.${cut}.${choice}`);
    if (second !== NEVER) out.text(`.${second}.${secondChoice}`);
  }
}

/** Whether a partition of the disk is another one than when it was marked. */
function hasChanged(since: DiskMark, region: Region): boolean {
  return disk.hasChanged(since, region.firstLba(), region.sectorCount());
}

/** A number for the facts with which a disk is judged. */
function contextOf(scenario: u32, state: u32, facts: u32): u32 {
  let hash: u32 = (Math.imul(scenario + 1, 2654435761) ^ state) >>> 0;
  hash = (Math.imul(hash ^ (hash >>> 15), 2246822519) + facts) >>> 0;
  return Math.imul(hash ^ (hash >>> 13), 3266489917) >>> 0;
}

/** At a flush, at a write that another follows, and at the end. */
function isPlaceToCut(trace: Trace, cut: u32): boolean {
  if (cut >= trace.length || disk.isFlush(trace, cut)) return true;
  return cut + 1 < trace.length && !disk.isFlush(trace, cut + 1);
}

/** The writes from `from` up to the flush at `end` are durable. */
function keepAll(trace: Trace, from: u32, end: u32): void {
  const last = disk.firstPiece(trace, end);
  for (let piece: u32 = disk.firstPiece(trace, from); piece < last; piece++)
    disk.keep(piece, 0, disk.pieceBytes(piece));
}
