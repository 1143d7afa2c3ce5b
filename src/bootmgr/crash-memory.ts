/**
 * CrashMemory: the stretch of RAM in which a crash record outlives a restart, found again and kept out of everybody's way.
 *
 * Invariants: the stretch is taken before the boot manager takes any other memory; what is in it is only read here. Where a place of
 * the table holds a record, that one is it, else the first place that the firmware gives. Without any, crashes are kept on disks alone.
 */
import { ARTIFACT, crashKind, CrashKind } from "../format/crash-artifact.ts";
import {
  CRASH_MEMORY_BYTES,
  CRASH_MEMORY_PAGES,
  CRASH_MEMORY_PLACES,
  crashMemoryArtifact,
} from "../format/crash-memory.ts";
import { MemoryMap } from "../format/firmware-memory.ts";
import { memoryAt, readMemoryMap, takeMemoryAt } from "./firmware.ts";
import { FirmwareConsole } from "./firmware-console.ts";

const map = new MemoryMap();

export class CrashMemory {
  private address: u64 = 0n;
  private hasRecord: boolean = false;

  /** Takes the stretch, and says so where a record is in it. */
  find(console: FirmwareConsole): void {
    if (!readMemoryMap(map)) return;
    if (!this.take(true)) this.take(false);
    if (this.hasRecord)
      console.write(utf8("Memory still holds what the kernel before this start left in it.\n"));
  }

  /** Its address; 0 where there is none. */
  place(): u64 {
    return this.address;
  }

  /** What the kernel of a boot left there; `none` where it left nothing, or the machine lost its power since. */
  leftBy(bootId: Bytes): CrashKind {
    if (!this.hasRecord) return CrashKind.none;
    const artifact = crashMemoryArtifact(this.area());
    return ARTIFACT.bootId.of(artifact).equals(bootId) ? crashKind(artifact) : CrashKind.none;
  }

  /** The first place that is free and, where `withRecord` says so, holds a record. */
  private take(withRecord: boolean): boolean {
    for (const place of CRASH_MEMORY_PLACES) {
      if (!map.isUsable(place, BigInt(CRASH_MEMORY_PAGES))) continue;
      const isRecord = crashMemoryArtifact(memoryAt(place, CRASH_MEMORY_BYTES)).length > 0;
      if (withRecord && !isRecord) continue;
      if (!takeMemoryAt(place, BigInt(CRASH_MEMORY_BYTES))) continue;
      this.address = place;
      this.hasRecord = isRecord;
      return true;
    }
    return false;
  }

  private area(): Bytes {
    return memoryAt(this.address, CRASH_MEMORY_BYTES);
  }
}
