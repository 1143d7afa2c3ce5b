/**
 * Faults: every scenario again and again, with a call to the disk that fails, each in its turn.
 *
 * What a service acknowledged all the same has to be there at the next boot; what it did not, wholly or not at all; and nothing runs for ever.
 * A call fails once, twice in a row (a driver's own retry failed too), or the disk is gone from there on.
 */
import { TextWriter } from "../../src/base/text-writer.ts";
import { IoError } from "../../src/device/block-device.ts";
import { BootMode } from "../../src/format/boot-reason.ts";
import { DiskMark, NEVER } from "./crash-disk.ts";
import { Expectation } from "./expectation.ts";
import {
  Fault,
  faultName,
  judgeAbsence,
  judgeBootFiles,
  judgeLog,
  judgeSystem,
  judgeVerification,
} from "./judge.ts";
import {
  attempt,
  disk,
  handoff,
  look,
  operationJournal,
  operationTrace,
  parts,
  powerOn,
  run,
  startMarks,
} from "./machine.ts";
import { operate, Operation, operationFrom } from "./operations.ts";
import { diskOf, preparation, RECOVERY_MARK, startSystem } from "./scenarios.ts";
import { ALL, wishes } from "./wishes.ts";

const KINDS = 3;
/** So much longer may a run with a fault be than one without. */
const PATIENCE = 4;
/** Of a scenario. */
const FAULTS_TOLD = 3;

export class FaultRunner {
  runs: u32 = 0;
  faults: u32 = 0;
  /** Runs in which a service reported the fault; in the others it was overcome. */
  reported: u32 = 0;
  private scenario: u32 = 0;
  private told: u32 = 0;
  private readonly rest = new DiskMark();
  private readonly expected = new Expectation();
  private readonly line = new Uint8Array(160);

  /** All of a scenario's calls, each `every`th; with all kinds of faults or with one of them in turn. */
  explore(scenario: u32, every: u32, allKinds: boolean): void {
    this.scenario = scenario;
    this.told = 0;
    disk.mark(this.rest);
    const calls = this.countCalls();
    if (wishes.call !== ALL) {
      this.fail(wishes.call, wishes.kind, calls);
      return;
    }
    let turn: u32 = 0;
    for (let call: u32 = 0; call < calls; call += every) {
      for (let kind: u32 = 0; kind < KINDS; kind++) {
        if (allKinds || kind === turn % KINDS) this.fail(call, kind, calls);
      }
      turn++;
    }
  }

  private countCalls(): u32 {
    this.start();
    disk.startCalls(NEVER);
    if (!this.operate()) this.tell(Fault.silentFailure, 0, 0);
    const calls = disk.callCount();
    this.end();
    return calls;
  }

  private fail(call: u32, kind: u32, calls: u32): void {
    this.runs++;
    this.start();
    disk.startCalls(u32(calls * PATIENCE + 200));
    disk.failAt = call;
    disk.failures = kind === 2 ? NEVER : kind + 1;
    disk.failedError = kind === 2 ? IoError.device : IoError.medium;
    if (!this.operate()) this.reported++;
    const fault = disk.isRunaway() ? Fault.runaway : this.judge();
    if (fault !== Fault.none) this.tell(fault, call, kind);
    this.end();
  }

  private start(): void {
    startSystem(diskOf(this.scenario));
    operationJournal.begin();
    disk.beginTrace(operationTrace);
  }

  private operate(): boolean {
    const isDone = operate(this.first()) && operate(this.second());
    disk.endTrace(operationTrace);
    operationJournal.end();
    return isDone;
  }

  private end(): void {
    disk.rewind(this.rest);
    disk.dropTrace(operationTrace);
  }

  /** The next boot, and whether it becomes golden. */
  private judge(): Fault {
    disk.startCalls(NEVER);
    copy(this.expected, preparation.atRest);
    this.expected.take(operationJournal, NEVER);
    powerOn();
    if (!look()) return judgeAbsence(this.expected);
    const system = judgeSystem(this.expected, true);
    if (system !== Fault.none) return system;
    const files = judgeBootFiles(this.expected);
    if (files !== Fault.none) return files;
    const verified = judgeVerification(this.expected);
    if (verified !== Fault.none) return verified;
    const log = judgeLog(this.expected);
    if (log !== Fault.none || this.expected.isInstalling()) return log;
    parts.seed(5);
    startMarks(RECOVERY_MARK);
    if (!handoff.hasChoice) return Fault.none;
    attempt();
    return run() || handoff.mode === BootMode.rescue ? Fault.none : Fault.notRecovered;
  }

  private first(): Operation {
    return operationFrom(u32(Math.trunc(this.scenario / 10)) % 10);
  }

  private second(): Operation {
    return operationFrom(this.scenario % 10);
  }

  private tell(fault: Fault, call: u32, kind: u32): void {
    this.faults++;
    this.told++;
    if (this.told > FAULTS_TOLD) return;
    const out = new TextWriter(bytesOf(this.line));
    out.text(`# failing call ${this.scenario}/${call}/${kind}: `);
    out.text(faultName(fault));
    out.text(`; again: node build.mjs fuzz crash ${this.scenario}/${call}/${kind}\n`);
    print(out.written());
  }
}
