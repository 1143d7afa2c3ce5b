/**
 * The crash record in memory: a stretch of RAM at a fixed address, which a warm restart leaves as it is.
 *
 * What the kernel could not put on a disk waits here for the next boot; and while a kernel runs, what would be known of it if it
 * vanished without a word (a triple fault, a reset by the chipset). The boot manager finds the stretch (`bootmgr/crash-memory.ts`),
 * the handoff names it, the kernel reads and writes it (`kernel/crash-memory.ts`).
 *
 *        0  magic "RAYCRMEM"   version   crc32 of the artifact
 *     4096  a sealed crash artifact (crash-artifact.ts)
 *    36864  end
 *
 * After a power cut it is noise, which neither magic nor CRC lets pass. The magic is written last and cleared first.
 */
import { crc32 } from "../base/crc32.ts";
import { checkCrashArtifact, CRASH_ARTIFACT_BYTES } from "./crash-artifact.ts";

export const CRASH_MEMORY_BYTES = 36864;
export const CRASH_MEMORY_PAGES = 9;
/** "RAYCRMEM", read big endian. */
const MAGIC: u64 = 0x5241_5943_524d_454dn;
const VERSION = 1;
const ARTIFACT_AT = 4096;

/**
 * Where the stretch may lie, the first that is free: above what firmware uses at its start, below what the smallest machine has. The
 * addresses never change, or a record from before an update would not be found.
 */
export const CRASH_MEMORY_PLACES: readonly u64[] = [0x200_0000n, 0x300_0000n, 0x600_0000n, 0xc00_0000n];

export const CRASH_MEMORY = layout(64, {
  magic: be64(0),
  version: le32(8),
  artifactCrc: le32(12),
  reserved0: octets(16, 48),
});

/** Puts a sealed artifact there. */
export function putCrashMemory(area: Bytes, artifact: Bytes): void {
  assert(area.length === CRASH_MEMORY_BYTES && artifact.length === CRASH_ARTIFACT_BYTES);
  clearCrashMemory(area);
  area.slice(ARTIFACT_AT, CRASH_ARTIFACT_BYTES).copyFrom(artifact);
  CRASH_MEMORY.version.set(area, VERSION);
  CRASH_MEMORY.artifactCrc.set(area, crc32(artifact));
  CRASH_MEMORY.magic.set(area, MAGIC);
}

/** Nothing is there any more. */
export function clearCrashMemory(area: Bytes): void {
  area.slice(0, CRASH_MEMORY.byteLength).fill(0);
}

/** The artifact that is there, whole; empty where there is none, or none that this version knows. */
export function crashMemoryArtifact(area: Bytes): Bytes {
  assert(area.length === CRASH_MEMORY_BYTES);
  const artifact = area.slice(ARTIFACT_AT, CRASH_ARTIFACT_BYTES);
  const nothing = area.slice(0, 0);
  if (CRASH_MEMORY.magic.get(area) !== MAGIC || CRASH_MEMORY.version.get(area) !== VERSION) return nothing;
  if (CRASH_MEMORY.artifactCrc.get(area) !== crc32(artifact)) return nothing;
  const checked = checkCrashArtifact(artifact);
  return checked.ok ? artifact : nothing;
}
