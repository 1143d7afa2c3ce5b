/** Crash artifact: what is put in comes out, what is too long is cut, and any damage is seen. */
import {
  addCrashFrame,
  ARTIFACT,
  checkCrashArtifact,
  CRASH_ARTIFACT_BYTES,
  CrashFault,
  crashCause,
  crashFrame,
  crashKind,
  CrashKind,
  crashLog,
  crashLogRoom,
  crashRegister,
  crashVersion,
  FRAME,
  frameFile,
  frameFunction,
  makeCrashArtifact,
  REGISTER_COUNT,
  sealCrashArtifact,
  setCrashCause,
  setCrashLog,
  setCrashRegister,
  setCrashVersion,
} from "../../../src/format/crash-artifact.ts";
import { equal, equalBig, isTrue, test } from "../harness.ts";

class Scratch {
  readonly bytes = new Uint8Array(CRASH_ARTIFACT_BYTES);
  readonly long = new Uint8Array(400);
}

const scratch = new Scratch();

export function main(): void {
  const record = bytesOf(scratch.bytes);
  checkContents(record);
  checkLimits(record);
  checkDamage(record);
}

function checkContents(record: Bytes): void {
  test("what is put in comes out");
  makeCrashArtifact(record, CrashKind.watchdogHard);
  setCrashCause(record, utf8("Watchdog: interrupts-off"));
  setCrashVersion(record, utf8("0.1.0"));
  for (let i: u32 = 0; i < REGISTER_COUNT; i++)
    setCrashRegister(record, i, 0xffff_ffff_8000_0000n + BigInt(i));
  addCrashFrame(
    record,
    0xffff_ffff_8000_1234n,
    utf8("kernel_main__main"),
    0x44,
    utf8("src/kernel/main.ts"),
    171,
  );
  addCrashFrame(record, 1n, utf8(""), 0, utf8(""), 0);
  crashLogRoom(record).slice(0, 6).copyFrom(utf8("a\nbcd\n"));
  setCrashLog(record, 6);
  sealCrashArtifact(record);
  isTrue(checkCrashArtifact(record).ok);
  isTrue(crashKind(record) === CrashKind.watchdogHard);
  isTrue(crashCause(record).equals(utf8("Watchdog: interrupts-off")));
  isTrue(crashVersion(record).equals(utf8("0.1.0")));
  equalBig(crashRegister(record, 19), 0xffff_ffff_8000_0013n);
  equal(ARTIFACT.frameCount.get(record), 2);
  isTrue(frameFunction(crashFrame(record, 0)).equals(utf8("kernel_main__main")));
  isTrue(frameFile(crashFrame(record, 0)).equals(utf8("src/kernel/main.ts")));
  equal(FRAME.line.get(crashFrame(record, 0)), 171);
  equal(frameFunction(crashFrame(record, 1)).length, 0);
  isTrue(crashLog(record).equals(utf8("a\nbcd\n")));
}

function checkLimits(record: Bytes): void {
  test("texts that are too long are cut off, and callers beyond 32 are left out");
  bytesOf(scratch.long).fill(0x61);
  makeCrashArtifact(record, CrashKind.panic);
  setCrashCause(record, bytesOf(scratch.long));
  setCrashVersion(record, bytesOf(scratch.long));
  for (let i: u32 = 0; i < 40; i++) {
    addCrashFrame(record, BigInt(i), bytesOf(scratch.long), i, bytesOf(scratch.long), i);
  }
  setCrashLog(record, crashLogRoom(record).length);
  sealCrashArtifact(record);
  isTrue(checkCrashArtifact(record).ok);
  equal(crashCause(record).length, 160);
  equal(crashVersion(record).length, 24);
  equal(ARTIFACT.frameCount.get(record), 32);
  equal(frameFunction(crashFrame(record, 31)).length, 96);
  equal(frameFile(crashFrame(record, 31)).length, 72);
  equal(crashLog(record).length, 26112);
}

function checkDamage(record: Bytes): void {
  test("a flipped bit is seen wherever it is");
  for (let at: u32 = 0; at < CRASH_ARTIFACT_BYTES; at += 97) {
    const kept = record.u8(at);
    record.setU8(at, (kept ^ (1 << (at % 8))) & 0xff);
    isTrue(!checkCrashArtifact(record).ok);
    record.setU8(at, kept);
  }
  isTrue(checkCrashArtifact(record).ok);

  test("zeros are foreign, a later version is newer, a wrong length is refused");
  makeCrashArtifact(record, CrashKind.panic);
  ARTIFACT.version.set(record, 2);
  sealCrashArtifact(record);
  const newer = checkCrashArtifact(record);
  isTrue(!newer.ok && newer.error === CrashFault.newer);
  const short = checkCrashArtifact(record.slice(0, 512));
  isTrue(!short.ok && short.error === CrashFault.foreign);
  record.fill(0);
  const empty = checkCrashArtifact(record);
  isTrue(!empty.ok && empty.error === CrashFault.foreign);

  test("lengths beyond their places are damage, even under a right CRC");
  makeCrashArtifact(record, CrashKind.panic);
  ARTIFACT.causeLength.set(record, 161);
  sealCrashArtifact(record);
  isTrue(!checkCrashArtifact(record).ok);
  makeCrashArtifact(record, CrashKind.panic);
  ARTIFACT.frameCount.set(record, 33);
  sealCrashArtifact(record);
  isTrue(!checkCrashArtifact(record).ok);
  makeCrashArtifact(record, CrashKind.panic);
  ARTIFACT.logBytes.set(record, 26113);
  sealCrashArtifact(record);
  isTrue(!checkCrashArtifact(record).ok);
  makeCrashArtifact(record, CrashKind.panic);
  addCrashFrame(record, 1n, utf8("f"), 0, utf8("f.ts"), 1);
  FRAME.functionLength.set(crashFrame(record, 0), 97);
  sealCrashArtifact(record);
  isTrue(!checkCrashArtifact(record).ok);
}
