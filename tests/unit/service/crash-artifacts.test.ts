/** CrashArtifacts: kept over a restart, the newest 16, whole or not at all when the power goes. */
import {
  ARTIFACT,
  CRASH_ARTIFACT_BYTES,
  CrashKind,
  makeCrashArtifact,
  setCrashCause,
} from "../../../src/format/crash-artifact.ts";
import { CrashArtifacts } from "../../../src/service/crash-artifacts.ts";
import { CrashSlots } from "../../../src/storage/crash-slots.ts";
import { equal, isTrue, test } from "../harness.ts";
import { CUT_MODES, CutMode, SimulatedDisk } from "../simulated-disk.ts";

const DISK_BYTES = 3145728;

class Scratch {
  readonly artifact = new Uint8Array(CRASH_ARTIFACT_BYTES);
}

const scratch = new Scratch();
const disk = new SimulatedDisk();
const slots = new CrashSlots();
const crashes = new CrashArtifacts(slots);

export function main(): void {
  checkKeeping();
  checkLimit();
  checkFailures();
  checkCuts();
}

function crash(cause: string, seconds: u64): Bytes {
  const artifact = bytesOf(scratch.artifact);
  makeCrashArtifact(artifact, CrashKind.panic);
  setCrashCause(artifact, utf8(cause));
  ARTIFACT.unixSeconds.set(artifact, seconds);
  return artifact;
}

function reads(id: u32): boolean {
  const read = crashes.read(id);
  return read.ok && read.value;
}

function checkKeeping(): void {
  test("without a partition nothing is kept, and nothing is claimed");
  isTrue(!crashes.isOpen());
  equal(crashes.count(), 0);
  isTrue(!crashes.save(crash("too early", 1n)).ok);
  isTrue(!reads(1));

  test("a partition without room for a log has none for crashes");
  disk.make(512, 1048576);
  isTrue(!crashes.open(disk).ok);

  test("a crash is there after a restart, with all that was known of it");
  disk.make(512, DISK_BYTES);
  isTrue(crashes.open(disk).ok);
  equal(crashes.count(), 0);
  const saved = crashes.save(crash("it broke", 1767709800n));
  isTrue(saved.ok && saved.value === 1);
  disk.restart();
  isTrue(crashes.open(disk).ok);
  equal(crashes.count(), 1);
  equal(crashes.idAt(0), 1);
  isTrue(reads(1));
  isTrue(crashes.cause().equals(utf8("it broke")));
  isTrue(crashes.unixSeconds() === 1767709800n);

  test("what was never there is not read");
  isTrue(!reads(0));
  isTrue(!reads(2));
}

function checkLimit(): void {
  test("of many crashes the newest 16 stay, newest first");
  disk.make(4096, DISK_BYTES);
  isTrue(crashes.open(disk).ok);
  for (let i: u32 = 1; i <= 20; i++) isTrue(crashes.save(crash("again", BigInt(i))).ok);
  disk.restart();
  isTrue(crashes.open(disk).ok);
  equal(crashes.count(), 16);
  equal(crashes.idAt(0), 20);
  equal(crashes.idAt(15), 5);
  isTrue(!reads(4));
  for (let age: u32 = 0; age < 16; age++) {
    isTrue(reads(crashes.idAt(age)));
    isTrue(crashes.unixSeconds() === BigInt(20 - age));
  }
}

function checkFailures(): void {
  test("a disk that fails is an error, never a claim");
  disk.make(512, DISK_BYTES);
  isTrue(crashes.open(disk).ok);
  for (let call: u32 = 0; call < 2; call++) {
    disk.failAt = disk.callCount() + call;
    isTrue(!crashes.save(crash("unkept", 1n)).ok);
  }

  test("a slot whose middle is damaged is not shown as whole");
  disk.make(512, DISK_BYTES);
  isTrue(crashes.open(disk).ok);
  isTrue(crashes.save(crash("first", 1n)).ok);
  const at: u32 = DISK_BYTES - 1048576 + 20000;
  disk.image().setU8(at, 0x55);
  disk.restart();
  isTrue(crashes.open(disk).ok);
  isTrue(!reads(1));
}

function checkCuts(): void {
  test(
    "the power goes at every write and flush of a crash: it is there whole or not, and the older ones stay",
  );
  for (let mode: u32 = 0; mode < CUT_MODES; mode++) {
    for (let cut: u32 = 0; cut < 2; cut++) {
      disk.make(512, DISK_BYTES);
      isTrue(crashes.open(disk).ok);
      isTrue(crashes.save(crash("older", 1n)).ok);
      disk.cutAt = disk.changeCount() + cut;
      disk.cutMode = cutModeFrom(mode);
      const saved = crashes.save(crash("newer", 2n));
      isTrue(!saved.ok && disk.isCut());
      disk.restart();
      isTrue(crashes.open(disk).ok);
      isTrue(reads(1) && crashes.cause().equals(utf8("older")));
      if (reads(2)) isTrue(crashes.cause().equals(utf8("newer")));
    }
  }
}

function cutModeFrom(value: u32): CutMode {
  switch (value) {
    case 0:
      return CutMode.nothing;
    case 1:
      return CutMode.everything;
    case 2:
      return CutMode.tornFirstHalf;
    case 3:
      return CutMode.tornSecondHalf;
    case 4:
      return CutMode.onlyLast;
    default:
      return CutMode.everySecond;
  }
}
