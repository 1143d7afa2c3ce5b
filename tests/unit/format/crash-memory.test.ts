/** The crash record in memory: whole, or nothing at all; noise is never taken for one. */
import {
  CRASH_ARTIFACT_BYTES,
  crashCause,
  CrashKind,
  makeCrashArtifact,
  sealCrashArtifact,
  setCrashCause,
} from "../../../src/format/crash-artifact.ts";
import {
  clearCrashMemory,
  CRASH_MEMORY_BYTES,
  CRASH_MEMORY_PAGES,
  CRASH_MEMORY_PLACES,
  crashMemoryArtifact,
  putCrashMemory,
} from "../../../src/format/crash-memory.ts";
import { equal, isTrue, test } from "../harness.ts";

class Scratch {
  readonly area = new Uint8Array(CRASH_MEMORY_BYTES);
  readonly artifact = new Uint8Array(CRASH_ARTIFACT_BYTES);
}

const scratch = new Scratch();

export function main(): void {
  checkKeeping();
  checkDamage();
  checkPlaces();
}

function seal(cause: string): Bytes {
  const artifact = bytesOf(scratch.artifact);
  makeCrashArtifact(artifact, CrashKind.panic);
  setCrashCause(artifact, utf8(cause));
  sealCrashArtifact(artifact);
  return artifact;
}

function checkKeeping(): void {
  const area = bytesOf(scratch.area);
  test("memory that holds nothing has no record");
  equal(crashMemoryArtifact(area).length, 0);
  area.fill(0xff);
  equal(crashMemoryArtifact(area).length, 0);

  test("what is put there is found, and the next one takes its place");
  putCrashMemory(area, seal("the first"));
  isTrue(crashCause(crashMemoryArtifact(area)).equals(utf8("the first")));
  putCrashMemory(area, seal("the second"));
  isTrue(crashCause(crashMemoryArtifact(area)).equals(utf8("the second")));

  test("what was cleared is gone");
  clearCrashMemory(area);
  equal(crashMemoryArtifact(area).length, 0);
}

function checkDamage(): void {
  const area = bytesOf(scratch.area);
  test("a record with any byte changed is none: its header, its checksum, its artifact");
  putCrashMemory(area, seal("whole"));
  for (let at: u32 = 0; at < 16; at++) refuses(area, at);
  for (let at: u32 = 4096; at < CRASH_MEMORY_BYTES; at += 97) refuses(area, at);
  isTrue(crashMemoryArtifact(area).length > 0);

  test("an artifact that was never sealed is none");
  makeCrashArtifact(bytesOf(scratch.artifact), CrashKind.panic);
  putCrashMemory(area, bytesOf(scratch.artifact));
  equal(crashMemoryArtifact(area).length, 0);
}

function refuses(area: Bytes, at: u32): void {
  const byte = area.u8(at);
  area.setU8(at, byte ^ 0x40);
  equal(crashMemoryArtifact(area).length, 0);
  area.setU8(at, byte);
}

function checkPlaces(): void {
  test("the places lie apart, on pages, above the firmware's first 21 MiB and within 256 MiB");
  equal(CRASH_MEMORY_PAGES * 4096, CRASH_MEMORY_BYTES);
  for (let i: u32 = 0; i < CRASH_MEMORY_PLACES.length; i++) {
    const place = CRASH_MEMORY_PLACES[i];
    isTrue(
      place % 4096n === 0n && place >= 0x150_0000n && place + BigInt(CRASH_MEMORY_BYTES) <= 0x1000_0000n,
    );
    for (let other: u32 = 0; other < i; other++) {
      isTrue(CRASH_MEMORY_PLACES[other] + BigInt(CRASH_MEMORY_BYTES) <= place);
    }
  }
}
