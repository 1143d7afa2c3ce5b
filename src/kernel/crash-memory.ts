/**
 * CrashMemory: the crash record that outlives a restart in memory, as the kernel uses it.
 *
 *     begin (what the boot before left is copied) → … → watchOver (this boot, should it vanish) → put (a crash) | clear (an orderly end)
 *
 * Invariants: what was found there is not lost before it is on a disk: `watchOver` comes after that. A crash is put here first, before any
 * disk is asked, and taken away again once a disk has it. Everything but `begin` works in any state of the kernel.
 */
import { CRASH_ARTIFACT_BYTES, sealCrashArtifact } from "../format/crash-artifact.ts";
import {
  clearCrashMemory,
  CRASH_MEMORY_BYTES,
  crashMemoryArtifact,
  putCrashMemory,
} from "../format/crash-memory.ts";
import { HANDOFF } from "../format/handoff.ts";
import { bytesAt, writeBackCaches } from "../machine/intrinsics.ts";

export class CrashMemory {
  private address: u64 = 0n;
  private isFound: boolean = false;
  private readonly found = new Uint8Array(CRASH_ARTIFACT_BYTES);

  /** Takes the stretch that the handoff names, now that memory is mapped. */
  begin(handoff: Bytes): void {
    this.address = HANDOFF.crashMemoryAddress.get(handoff);
    if (this.address === 0n) return;
    const artifact = crashMemoryArtifact(this.area());
    if (artifact.length === 0) return;
    bytesOf(this.found).copyFrom(artifact);
    this.isFound = true;
  }

  /** Whether the kernel before this start left something. */
  hasFound(): boolean {
    return this.isFound;
  }

  /** What it left: a copy. */
  foundArtifact(): Bytes {
    return bytesOf(this.found);
  }

  /** Seals an artifact and puts it there; false where the machine has no such memory. */
  put(artifact: Bytes): boolean {
    if (this.address === 0n) return false;
    sealCrashArtifact(artifact);
    putCrashMemory(this.area(), artifact);
    writeBackCaches();
    return true;
  }

  /** Nothing is to be found by the next boot. */
  clear(): void {
    if (this.address === 0n) return;
    clearCrashMemory(this.area());
    writeBackCaches();
  }

  private area(): Bytes {
    return bytesAt(this.address, CRASH_MEMORY_BYTES);
  }
}
