/**
 * CrashArtifacts: the crash records of this installation, as they are kept and as they are told (specification, section 4).
 *
 * The slots at the end of the log partition belong to `storage/crash-slots.ts`; here is what stands in them. `save` is the crash path's: it
 * reads nothing and allocates nothing, and costs one write and one flush. `read` fetches one artifact into memory of its own, of which
 * all that follows speaks. Invariant: nothing is shown that is not whole by its CRC.
 * Opened by the kernel's main, saved to by the crash path, listed by the shell.
 */
import { BlockDevice, IoError } from "../device/block-device.ts";
import {
  ARTIFACT,
  checkCrashArtifact,
  CRASH_ARTIFACT_BYTES,
  crashCause,
  crashFrame,
  crashKind,
  crashKindName,
  crashLog,
  crashRegister,
  crashVersion,
  FRAME,
  frameFile,
  frameFunction,
  REGISTER_NAMES,
  sealCrashArtifact,
} from "../format/crash-artifact.ts";
import { CRASH_SLOTS, LogGeometry } from "../format/log-segment.ts";
import { CrashSlots } from "../storage/crash-slots.ts";

/** One caller of a crash, for a listing. */
export class CrashCaller {
  address: u64 = 0n;
  offset: u32 = 0;
  line: u32 = 0;
  functionName: Bytes = utf8("");
  fileName: Bytes = utf8("");
}

export class CrashArtifacts {
  private isReady: boolean = false;
  private readonly geometry = new LogGeometry();
  /** The artifact that `read` fetched. */
  private readonly buffer = new Uint8Array(CRASH_ARTIFACT_BYTES);

  constructor(private readonly slots: CrashSlots) {}

  /** Reads which crashes a log partition keeps; `outOfRange` where it is too small to keep any. Nothing is written. */
  open(partition: BlockDevice): Result<void, IoError> {
    this.isReady = false;
    const bytes = u64(partition.sectorCount() * BigInt(partition.sectorBytes()));
    if (!this.geometry.fit(bytes)) return err(IoError.outOfRange);
    const opened = this.slots.open(partition, this.geometry);
    this.isReady = opened.ok;
    return opened;
  }

  /** Whether there is a place to save to. */
  isOpen(): boolean {
    return this.isReady;
  }

  /** Seals an artifact and makes it durable on return; the id that it got. */
  save(artifact: Bytes): Result<u32, IoError> {
    sealCrashArtifact(artifact);
    return this.slots.append(artifact, ARTIFACT.unixSeconds.get(artifact), ARTIFACT.bootId.of(artifact));
  }

  /** How many crashes there are. */
  count(): u32 {
    let count: u32 = 0;
    for (let slot: u32 = 0; this.isReady && slot < CRASH_SLOTS; slot++) {
      if (this.slots.number(slot) !== 0) count++;
    }
    return count;
  }

  /** The id of a crash, 0 the newest. */
  idAt(age: u32): u32 {
    assert(age < this.count());
    let id: u32 = 0xffff_ffff;
    for (let i: u32 = 0; i <= age; i++) {
      let highest: u32 = 0;
      for (let slot: u32 = 0; slot < CRASH_SLOTS; slot++) {
        const number = this.slots.number(slot);
        if (number < id && number > highest) highest = number;
      }
      id = highest;
    }
    return id;
  }

  /** Fetches the crash `id`; false where there is none, or none that is whole. */
  read(id: u32): Result<boolean, IoError> {
    for (let slot: u32 = 0; this.isReady && id > 0 && slot < CRASH_SLOTS; slot++) {
      if (this.slots.number(slot) !== id) continue;
      const fetched = this.slots.read(slot);
      if (!fetched.ok) return err(fetched.error);
      if (fetched.value.length !== CRASH_ARTIFACT_BYTES) return ok(false);
      bytesOf(this.buffer).copyFrom(fetched.value);
      const checked = checkCrashArtifact(bytesOf(this.buffer));
      return ok(checked.ok);
    }
    return ok(false);
  }

  // What `read` fetched.

  kindName(): string {
    return crashKindName(crashKind(this.record()));
  }

  cause(): Bytes {
    return crashCause(this.record());
  }

  versionText(): Bytes {
    return crashVersion(this.record());
  }

  buildId(): u32 {
    return ARTIFACT.buildId.get(this.record());
  }

  bootId(): Bytes {
    return ARTIFACT.bootId.of(this.record());
  }

  manifestId(): u32 {
    return ARTIFACT.manifestId.get(this.record());
  }

  unixSeconds(): u64 {
    return ARTIFACT.unixSeconds.get(this.record());
  }

  monotonicNs(): u64 {
    return ARTIFACT.monotonicNs.get(this.record());
  }

  hasRegisters(): boolean {
    return ARTIFACT.hasRegisters.get(this.record()) !== 0;
  }

  /** The exception's error code; 0 where it has none. */
  errorCode(): u64 {
    return ARTIFACT.errorCode.get(this.record());
  }

  registerName(index: u32): string {
    return REGISTER_NAMES[index];
  }

  register(index: u32): u64 {
    return crashRegister(this.record(), index);
  }

  cr0(): u64 {
    return ARTIFACT.cr0.get(this.record());
  }

  /** The address that the last page fault was about. */
  cr2(): u64 {
    return ARTIFACT.cr2.get(this.record());
  }

  cr3(): u64 {
    return ARTIFACT.cr3.get(this.record());
  }

  cr4(): u64 {
    return ARTIFACT.cr4.get(this.record());
  }

  callerCount(): u32 {
    return ARTIFACT.frameCount.get(this.record());
  }

  /** Describes a caller, 0 the innermost; its texts are views, valid until the next `read`. */
  describeCaller(index: u32, into: CrashCaller): void {
    const frame = crashFrame(this.record(), index);
    into.address = FRAME.address.get(frame);
    into.offset = FRAME.offset.get(frame);
    into.line = FRAME.line.get(frame);
    into.functionName = frameFunction(frame);
    into.fileName = frameFile(frame);
  }

  /** The last lines of the log before the crash; empty where the log was not reached. */
  logLines(): Bytes {
    return crashLog(this.record());
  }

  private record(): Bytes {
    return bytesOf(this.buffer);
  }
}
