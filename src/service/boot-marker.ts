/**
 * BootMarker: how far this boot came, and how the boots before it ended (specification, section 5).
 *
 *     boot manager: create → attach → beginAttempt ─┐ jump
 *     kernel:       create → markStage … → attach → markStage … → markGolden → (recordFailure | endBoot)
 *
 * Invariants: stages come in their order, none twice; with storage attached a marker is emitted only after its record is durable;
 * the attempt is durable before the boot manager jumps, and only `markGolden` says success. Without storage (a kernel whose disks are
 * not up yet, a stick without a driver) stages up to the shell are noted and emitted, and `attach` makes them durable at once.
 * Times are milliseconds since the boot manager started, and seconds since 1970 (0 where unknown); they come in as parameters.
 */
import {
  bootMarkerFailureCount,
  bootMarkerGolden,
  bootMarkerKernelLoaded,
  bootMarkerRecoveryTriggered,
  bootMarkerShellReady,
  bootMarkerSubsystemsReady,
  bootmgrBootSuccess,
  MARKER_BYTES,
} from "../base/markers.ts";
import { TextWriter } from "../base/text-writer.ts";
import { IoError } from "../device/block-device.ts";
import { MarkerSink } from "../device/marker-sink.ts";
import { BootMode } from "../format/boot-reason.ts";
import {
  BOOT,
  bootAt,
  BootEnding,
  bootEndingFrom,
  BootStage,
  bootStage,
  FAILURE_TEXT_LIMIT,
  failureText,
  pushBoot,
  setFailureText,
  stageMs,
  STATE,
} from "../format/state-record.ts";
import { DEFAULT_TRIES } from "../policy/boot-choice.ts";
import { consecutiveFailures, wasFallback } from "../policy/boot-history.ts";
import { MarkerChain, MarkerStorage, noteStage } from "./marker-storage.ts";

export const enum MarkerError {
  /** The record could not be made durable. */
  storage = 1,
  /** Not the stage that follows the last one. */
  outOfOrder = 2,
  /** There is no storage to ask. */
  noStorage = 3,
  /** A rescue boot never becomes golden. */
  rescue = 4,
  /** No boot has ever become golden. */
  noGolden = 5,
}

/** When each stage of one boot was reached. */
export class MarkerTimestamp {
  startSeconds: u64 = 0n;
  stage: BootStage = BootStage.none;
  kernelLoadedMs: u32 = 0;
  subsystemsReadyMs: u32 = 0;
  shellReadyMs: u32 = 0;
  goldenMs: u32 = 0;
}

/** Consecutive failures, how the last boot ended, and the text that the last recorded failure left. */
export class BootFailureRecord {
  consecutive: u32 = 0;
  lastEnding: BootEnding = BootEnding.none;
  reasonLength: u32 = 0;
  readonly reason = new Uint8Array(FAILURE_TEXT_LIMIT);
}

export class BootMarker {
  private sink: MarkerSink | null = null;
  private storage: MarkerStorage | null = null;
  /** Whether the newest boot of the record is this one. */
  private isBegun: boolean = false;
  /** This boot, in the format of the history: what `attach` merges into the record. */
  private readonly boot = new Uint8Array(52);
  private readonly line = new Uint8Array(MARKER_BYTES);

  /**
   * Starts with no stage. `boot` (a `BOOT` of 52 bytes) says which boot this is: id, manifest, reason, mode, tries; the boot
   * manager fills it from its decision, the kernel from the handoff.
   */
  create(sink: MarkerSink, boot: Bytes): void {
    this.sink = sink;
    this.storage = null;
    this.isBegun = false;
    bytesOf(this.boot).copyFrom(boot);
    noteStage(bytesOf(this.boot), BootStage.booting, 0);
  }

  /**
   * The disk is there. If its newest boot is this one (the boot manager recorded it), the stages noted so far join it, durably;
   * `adopt` makes the kernel record a boot that the boot manager could not; the boot manager itself passes false.
   */
  attach(storage: MarkerStorage, adopt: boolean, seconds: u64): Result<void, MarkerError> {
    this.storage = storage;
    const record = storage.record();
    const mine = bytesOf(this.boot);
    this.isBegun = STATE.historyCount.get(record) > 0 && isSameBoot(bootAt(record, 0), mine);
    if (!this.isBegun && !adopt) return ok();
    if (!this.isBegun) {
      BOOT.startSeconds.set(mine, seconds);
      pushBoot(record).copyFrom(mine);
      this.isBegun = true;
    } else if (bootStage(mine) > bootStage(bootAt(record, 0))) {
      BOOT.startSeconds.set(mine, BOOT.startSeconds.get(bootAt(record, 0)));
      bootAt(record, 0).copyFrom(mine);
    } else {
      return ok();
    }
    return this.save(seconds);
  }

  /** The storage failed: this boot goes on as one that is not recorded. It reaches its stages, but is never golden. */
  detach(): void {
    this.storage = null;
    this.isBegun = false;
  }

  /**
   * Makes the attempt durable, before the jump. A wish for one boot is spent with it. `boot` replaces what `create` was given: by now the
   * decision is made. Emits the failure count that led to it, and that recovery was triggered if it was.
   */
  beginAttempt(boot: Bytes, seconds: u64): Result<void, MarkerError> {
    const storage = this.storage;
    if (storage === null) return err(MarkerError.noStorage);
    const mine = bytesOf(this.boot);
    mine.copyFrom(boot);
    BOOT.startSeconds.set(mine, seconds);
    noteStage(mine, BootStage.booting, 0);
    const record = storage.record();
    const failures = this.getFailureCount();
    // A second attempt of one run of the boot manager (its first choice did not load) is a boot of its own.
    pushBoot(record).copyFrom(mine);
    this.isBegun = true;
    STATE.onceManifestId.set(record, 0);
    STATE.onceMode.set(record, BootMode.normal);
    const saved = this.save(seconds);
    if (!saved.ok) return saved;
    this.emitFailureCount(failures);
    if (wasFallback(mine)) this.emitRecoveryTriggered();
    return ok();
  }

  /** The next stage was reached. */
  markStage(stage: BootStage, atMs: u32, seconds: u64): Result<void, MarkerError> {
    const mine = bytesOf(this.boot);
    const next: u8 = BOOT.stage.get(mine) + 1;
    const wanted: u8 = stage;
    if (wanted !== next || stage === BootStage.golden) return err(MarkerError.outOfOrder);
    return this.reach(stage, atMs, seconds);
  }

  /**
   * This boot is good: its manifest is the last known good one, and every failure before it is forgiven. Golden is what the disk
   * says: a boot that is not recorded never is.
   */
  markGolden(atMs: u32, seconds: u64): Result<void, MarkerError> {
    const mine = bytesOf(this.boot);
    if (bootStage(mine) !== BootStage.shellReady) return err(MarkerError.outOfOrder);
    if (BOOT.mode.get(mine) === BootMode.rescue) return err(MarkerError.rescue);
    const storage = this.storage;
    if (storage === null || !this.isBegun) return err(MarkerError.noStorage);
    STATE.goldenManifestId.set(storage.record(), BOOT.manifestId.get(mine));
    setFailureText(storage.record(), utf8(""));
    return this.reach(BootStage.golden, atMs, seconds);
  }

  /** How far this boot came. */
  getCurrentMarker(): BootStage {
    return bootStage(bytesOf(this.boot));
  }

  /** The manifest of the last boot that became golden. */
  loadLastGolden(): Result<u32, MarkerError> {
    const storage = this.storage;
    if (storage === null) return err(MarkerError.noStorage);
    const id = STATE.goldenManifestId.get(storage.record());
    if (id === 0) return err(MarkerError.noGolden);
    return ok(id);
  }

  /** This boot fails now: a panic, a hang, or a kernel that did not load. Durable on `ok`; emits the count with this boot in it. */
  recordFailure(ending: BootEnding, reason: Bytes, seconds: u64): Result<void, MarkerError> {
    const storage = this.storage;
    if (storage === null) return err(MarkerError.noStorage);
    const saved = this.end(ending, reason, seconds);
    if (!saved.ok) return saved;
    this.emitFailureCount(consecutiveFailures(storage.record(), 0));
    return ok();
  }

  /** This boot ends as it should: the next one knows that it neither crashed nor vanished. */
  endBoot(ending: BootEnding, seconds: u64): Result<void, MarkerError> {
    return this.end(ending, utf8(""), seconds);
  }

  /** Failed boots in a row before this one. 0 without storage: what nobody remembers triggers nothing. */
  getFailureCount(): u32 {
    const storage = this.storage;
    if (storage === null) return 0;
    return consecutiveFailures(storage.record(), this.isBegun ? 1 : 0);
  }

  /** Whether so many boots failed that the last known good one is due. */
  shouldTriggerRecovery(): boolean {
    return this.getFailureCount() >= DEFAULT_TRIES;
  }

  /** The next boot, that one alone, is of the last known good manifest; without one, the current in rescue mode. Durable on `ok`. */
  triggerRecovery(seconds: u64): Result<void, MarkerError> {
    const golden = this.loadLastGolden();
    const requested = golden.ok
      ? this.requestOnce(golden.value, BootMode.normal, seconds)
      : this.requestOnce(0, BootMode.rescue, seconds);
    if (!requested.ok) return requested;
    this.emitRecoveryTriggered();
    return ok();
  }

  /** What the next boot, that one alone, is to start. Durable on `ok`. */
  requestOnce(manifestId: u32, mode: BootMode, seconds: u64): Result<void, MarkerError> {
    const storage = this.storage;
    if (storage === null) return err(MarkerError.noStorage);
    STATE.onceManifestId.set(storage.record(), manifestId);
    STATE.onceMode.set(storage.record(), mode);
    return this.save(seconds);
  }

  /** Fills in how the boots before this one failed. */
  describeFailures(into: BootFailureRecord): void {
    into.consecutive = this.getFailureCount();
    into.lastEnding = BootEnding.none;
    into.reasonLength = 0;
    const storage = this.storage;
    if (storage === null) return;
    const record = storage.record();
    const age: u32 = this.isBegun ? 1 : 0;
    if (age < STATE.historyCount.get(record)) {
      into.lastEnding = bootEndingFrom(BOOT.ending.get(bootAt(record, age)));
    }
    const text = failureText(record);
    into.reasonLength = text.length;
    bytesOf(into.reason).slice(0, text.length).copyFrom(text);
  }

  /** Fills in when the boot `age` boots ago reached its stages; 0 is the newest. False if the history does not go back so far. */
  describeBoot(age: u32, into: MarkerTimestamp): boolean {
    const storage = this.storage;
    if (storage === null || age >= STATE.historyCount.get(storage.record())) return false;
    const boot = bootAt(storage.record(), age);
    into.startSeconds = BOOT.startSeconds.get(boot);
    into.stage = bootStage(boot);
    into.kernelLoadedMs = stageMs(boot, BootStage.kernelLoaded);
    into.subsystemsReadyMs = stageMs(boot, BootStage.subsystemsReady);
    into.shellReadyMs = stageMs(boot, BootStage.shellReady);
    into.goldenMs = stageMs(boot, BootStage.golden);
    return true;
  }

  /** Whether everything on the ring is whole, and every boot monotonic and complete; `chain` says how much of it. */
  validateMarkerChain(scratch: Bytes, chain: MarkerChain): Result<boolean, MarkerError> {
    const storage = this.storage;
    if (storage === null) return err(MarkerError.noStorage);
    const validated = storage.validate(scratch, chain);
    if (!validated.ok) return err(MarkerError.storage);
    return ok(chain.damagedRecords === 0 && chain.brokenBoots === 0);
  }

  /** Durable first, then said. What could not be saved was not reached: the caller may try again. */
  private reach(stage: BootStage, atMs: u32, seconds: u64): Result<void, MarkerError> {
    const storage = this.storage;
    // Without storage it is noted only: `attach` saves it.
    if (storage !== null && this.isBegun) {
      noteStage(bootAt(storage.record(), 0), stage, atMs);
      const saved = this.save(seconds);
      if (!saved.ok) return saved;
    }
    noteStage(bytesOf(this.boot), stage, atMs);
    this.emitStage(stage);
    return ok();
  }

  private end(ending: BootEnding, reason: Bytes, seconds: u64): Result<void, MarkerError> {
    const storage = this.storage;
    if (storage === null || !this.isBegun) return err(MarkerError.noStorage);
    BOOT.ending.set(bootAt(storage.record(), 0), ending);
    if (reason.length > 0) setFailureText(storage.record(), reason);
    return this.save(seconds);
  }

  private save(seconds: u64): Result<void, MarkerError> {
    const storage = this.storage;
    if (storage === null) return err(MarkerError.noStorage);
    const saved: Result<void, IoError> = storage.save(seconds);
    if (!saved.ok) return err(MarkerError.storage);
    return ok();
  }

  private emitStage(stage: BootStage): void {
    const out = new TextWriter(bytesOf(this.line));
    switch (stage) {
      case BootStage.none:
      case BootStage.booting:
        return;
      case BootStage.kernelLoaded:
        bootMarkerKernelLoaded(out);
        break;
      case BootStage.subsystemsReady:
        bootMarkerSubsystemsReady(out);
        break;
      case BootStage.shellReady:
        bootMarkerShellReady(out);
        break;
      case BootStage.golden:
        bootMarkerGolden(out);
        this.emit(out);
        out.clear();
        bootmgrBootSuccess(out);
        break;
    }
    this.emit(out);
  }

  private emitFailureCount(failures: u32): void {
    const out = new TextWriter(bytesOf(this.line));
    bootMarkerFailureCount(out, failures);
    this.emit(out);
  }

  private emitRecoveryTriggered(): void {
    const out = new TextWriter(bytesOf(this.line));
    bootMarkerRecoveryTriggered(out);
    this.emit(out);
  }

  private emit(out: TextWriter): void {
    const sink = this.sink;
    if (sink !== null) sink.emit(out.written());
  }
}

function isSameBoot(boot: Bytes, other: Bytes): boolean {
  return BOOT.bootId.of(boot).equals(BOOT.bootId.of(other));
}
