/**
 * The state record: what RayOS knows about its boots, 4 KiB in one piece.
 *
 * Every record carries the whole history, newest boot first, so that the newest valid record alone answers everything and
 * one write of one record changes it. Boot manager and kernel write the same format (`storage/state-ring.ts`).
 *
 *        0  magic "RAYSTATE"  version  crc32  sequence
 *       24  when written, installation, boots ever, last golden manifest
 *       60  once: what the next boot alone is to start
 *       72  why the last failed boot failed, as text
 *      352  history    72 × 52: this boot, the one before, …
 *     4096  end
 *
 * The CRC covers all of it, its own field counted as zero. Magic, version, CRC and sequence keep their places in every version.
 */
import { crc32WithoutField } from "../base/crc32.ts";
import { BootMode, BootReason, bootReasonFrom } from "./boot-reason.ts";

export const STATE_RECORD_BYTES = 4096;
export const HISTORY_LIMIT = 72;
export const FAILURE_TEXT_LIMIT = 120;
/** "RAYSTATE", read big endian. */
const MAGIC = 0x5241_5953_5441_5445n;
const VERSION = 1;
const CRC_AT = 12;
/** No writer gets here by counting; a record that claims more is nonsense. */
const SEQUENCE_LIMIT = 0x7fff_ffff_ffff_ffffn;

export const STATE = layout(4096, {
  magic: be64(0),
  version: le32(8),
  crc: le32(12),
  sequence: le64(16),
  writtenSeconds: le64(24),
  installationId: octets(32, 16),
  bootTotal: le32(48),
  historyCount: le32(52),
  /** The manifest of the last boot that became golden; 0 before the first. */
  goldenManifestId: le32(56),
  /** The manifest that the next boot alone is to start; 0 for none. */
  onceManifestId: le32(60),
  /** The `BootMode` of that one boot; `rescue` also without a manifest. */
  onceMode: at8(64),
  failureTextLength: at8(65),
  reserved0: octets(66, 6),
  failureText: octets(72, 120),
  reserved1: octets(192, 160),
  history: octets(352, 3744),
});

/** One boot of the history. Times of stages are milliseconds since the boot manager started; 0 where not reached. */
export const BOOT = layout(52, {
  bootId: octets(0, 16),
  /** Time of day when the attempt was recorded. */
  startSeconds: le64(16),
  manifestId: le32(24),
  kernelLoadedMs: le32(28),
  subsystemsReadyMs: le32(32),
  shellReadyMs: le32(36),
  goldenMs: le32(40),
  /** The highest `BootStage` reached. */
  stage: at8(44),
  /** A `BootEnding`. */
  ending: at8(45),
  /** A `BootReason`. */
  reason: at8(46),
  /** A `BootMode`. */
  mode: at8(47),
  tryNumber: at8(48),
  tryMaximum: at8(49),
  fromRecoveryStore: at8(50),
  /** That of the manifest (`policy/tries.ts`); 0 for none. */
  series: at8(51),
});

/** How far a boot came. The order is the order in time. */
export const enum BootStage {
  none = 0,
  booting = 1,
  kernelLoaded = 2,
  subsystemsReady = 3,
  shellReady = 4,
  golden = 5,
}

/** How a boot ended. */
export const enum BootEnding {
  /** It still runs, or it vanished and nobody has looked yet why. */
  none = 0,
  reboot = 1,
  powerOff = 2,
  panic = 3,
  /** The timer found the main loop stopped. */
  watchdogSoft = 4,
  /** The periodic NMI found interrupts stopped. */
  watchdogHard = 5,
  /** The boot manager could not start the kernel. */
  loadFailed = 6,
  // The boot that follows finds out; the one that ended could not say it any more.
  /** The chipset's timer reset a machine that did nothing any more. */
  watchdogChipset = 7,
  /** The machine restarted without a word and kept its memory: a triple fault, or the reset button. */
  reset = 8,
  powerLost = 9,
}

/** Why bytes are no record. */
export const enum StateFault {
  /** Not written by RayOS: zeros, or something else. */
  foreign = 1,
  /** Ours, but torn or damaged. */
  damaged = 2,
  /** Whole, but of a version that this program does not know. */
  newer = 3,
}

/** An empty record of an installation; what is appended first to a new ring follows from it. */
export function makeStateRecord(record: Bytes, installationId: Bytes): void {
  assert(record.length === STATE_RECORD_BYTES);
  record.fill(0);
  STATE.magic.set(record, MAGIC);
  STATE.version.set(record, VERSION);
  STATE.installationId.of(record).copyFrom(installationId);
}

/** The last step before the write. */
export function sealStateRecord(record: Bytes, sequence: u64): void {
  assert(sequence > 0n && sequence <= SEQUENCE_LIMIT);
  STATE.sequence.set(record, sequence);
  STATE.crc.set(record, crc32WithoutField(record, CRC_AT));
}

/** The sequence that 4 KiB claim to have, without a look at the CRC; 0 where they are no record at all. */
export function claimedSequence(record: Bytes): u64 {
  if (STATE.magic.get(record) !== MAGIC) return 0n;
  const sequence = STATE.sequence.get(record);
  return sequence <= SEQUENCE_LIMIT ? sequence : 0n;
}

/** Checks 4 KiB: whole, of this version, every number within its range. */
export function checkStateRecord(record: Bytes): Result<void, StateFault> {
  if (record.length !== STATE_RECORD_BYTES || claimedSequence(record) === 0n) return err(StateFault.foreign);
  if (STATE.crc.get(record) !== crc32WithoutField(record, CRC_AT)) return err(StateFault.damaged);
  if (STATE.version.get(record) !== VERSION) return err(StateFault.newer);
  if (STATE.historyCount.get(record) > HISTORY_LIMIT) return err(StateFault.damaged);
  if (STATE.failureTextLength.get(record) > FAILURE_TEXT_LIMIT) return err(StateFault.damaged);
  const count = STATE.historyCount.get(record);
  for (let i: u32 = 0; i < count; i++) {
    if (BOOT.stage.get(bootAt(record, i)) > BootStage.golden) return err(StateFault.damaged);
  }
  return ok();
}

/** Makes room for a new boot at index 0; the oldest falls out of a full history. The new one is empty. */
export function pushBoot(record: Bytes): Bytes {
  const count = STATE.historyCount.get(record);
  const kept: u32 = count < HISTORY_LIMIT ? count : HISTORY_LIMIT - 1;
  const history = STATE.history.of(record);
  const keptBytes = kept * BOOT.byteLength;
  history.slice(BOOT.byteLength, keptBytes).copyFrom(history.slice(0, keptBytes));
  STATE.historyCount.set(record, kept + 1);
  STATE.bootTotal.set(record, (STATE.bootTotal.get(record) + 1) >>> 0);
  const boot = bootAt(record, 0);
  boot.fill(0);
  return boot;
}

/** The boot `age` boots ago: 0 is the newest. A view into the record. */
export function bootAt(record: Bytes, age: u32): Bytes {
  assert(age < HISTORY_LIMIT);
  return STATE.history.of(record).slice(age * BOOT.byteLength, BOOT.byteLength);
}

export function bootStage(boot: Bytes): BootStage {
  return bootStageFrom(BOOT.stage.get(boot));
}

export function bootReason(boot: Bytes): BootReason {
  return bootReasonFrom(BOOT.reason.get(boot));
}

/** Whether the boot was one of rescue, which counts neither as success nor as failure. */
export function wasRescue(boot: Bytes): boolean {
  return BOOT.mode.get(boot) === BootMode.rescue;
}

export function bootStageFrom(value: u8): BootStage {
  switch (value) {
    case 1:
      return BootStage.booting;
    case 2:
      return BootStage.kernelLoaded;
    case 3:
      return BootStage.subsystemsReady;
    case 4:
      return BootStage.shellReady;
    case 5:
      return BootStage.golden;
    default:
      return BootStage.none;
  }
}

/** An ending as it stood in a record, or `none` for a number that this version does not know. */
export function bootEndingFrom(value: u8): BootEnding {
  switch (value) {
    case 1:
      return BootEnding.reboot;
    case 2:
      return BootEnding.powerOff;
    case 3:
      return BootEnding.panic;
    case 4:
      return BootEnding.watchdogSoft;
    case 5:
      return BootEnding.watchdogHard;
    case 6:
      return BootEnding.loadFailed;
    case 7:
      return BootEnding.watchdogChipset;
    case 8:
      return BootEnding.reset;
    case 9:
      return BootEnding.powerLost;
    default:
      return BootEnding.none;
  }
}

export function bootEndingName(ending: BootEnding): string {
  switch (ending) {
    case BootEnding.none:
      return "vanished";
    case BootEnding.reboot:
      return "reboot";
    case BootEnding.powerOff:
      return "power-off";
    case BootEnding.panic:
      return "panic";
    case BootEnding.watchdogSoft:
      return "watchdog";
    case BootEnding.watchdogHard:
      return "watchdog-interrupts-off";
    case BootEnding.loadFailed:
      return "load-failed";
    case BootEnding.watchdogChipset:
      return "watchdog-chipset";
    case BootEnding.reset:
      return "reset";
    case BootEnding.powerLost:
      return "power-lost";
  }
}

/** Why the last failed boot failed, as text. */
export function failureText(record: Bytes): Bytes {
  return STATE.failureText.of(record).slice(0, STATE.failureTextLength.get(record));
}

/** Sets that text; what is longer than `FAILURE_TEXT_LIMIT` is cut off. */
export function setFailureText(record: Bytes, text: Bytes): void {
  const length: u8 = text.length < FAILURE_TEXT_LIMIT ? u8(text.length) : FAILURE_TEXT_LIMIT;
  STATE.failureText.of(record).fill(0);
  STATE.failureText.of(record).slice(0, length).copyFrom(text.slice(0, length));
  STATE.failureTextLength.set(record, length);
}

export function bootStageName(stage: BootStage): string {
  switch (stage) {
    case BootStage.none:
      return "None";
    case BootStage.booting:
      return "Booting";
    case BootStage.kernelLoaded:
      return "KernelLoaded";
    case BootStage.subsystemsReady:
      return "SubsystemsReady";
    case BootStage.shellReady:
      return "ShellReady";
    case BootStage.golden:
      return "Golden";
  }
}

/** When a stage was reached, in milliseconds since the boot manager started; 0 for `booting` and for stages not reached. */
export function stageMs(boot: Bytes, stage: BootStage): u32 {
  switch (stage) {
    case BootStage.none:
    case BootStage.booting:
      return 0;
    case BootStage.kernelLoaded:
      return BOOT.kernelLoadedMs.get(boot);
    case BootStage.subsystemsReady:
      return BOOT.subsystemsReadyMs.get(boot);
    case BootStage.shellReady:
      return BOOT.shellReadyMs.get(boot);
    case BootStage.golden:
      return BOOT.goldenMs.get(boot);
  }
}

/** Notes when a stage was reached, and that it was. */
export function setStage(boot: Bytes, stage: BootStage, atMs: u32): void {
  BOOT.stage.set(boot, stage);
  switch (stage) {
    case BootStage.none:
    case BootStage.booting:
      break;
    case BootStage.kernelLoaded:
      BOOT.kernelLoadedMs.set(boot, atMs);
      break;
    case BootStage.subsystemsReady:
      BOOT.subsystemsReadyMs.set(boot, atMs);
      break;
    case BootStage.shellReady:
      BOOT.shellReadyMs.set(boot, atMs);
      break;
    case BootStage.golden:
      BOOT.goldenMs.set(boot, atMs);
      break;
  }
}
