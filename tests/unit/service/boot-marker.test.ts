import { MarkerSink } from "../../../src/device/marker-sink.ts";
import { BootMode, BootReason } from "../../../src/format/boot-reason.ts";
import { BOOT, bootAt, BootEnding, BootStage, STATE } from "../../../src/format/state-record.ts";
import {
  BootFailureRecord,
  BootMarker,
  MarkerError,
  MarkerTimestamp,
} from "../../../src/service/boot-marker.ts";
import { MarkerChain, MarkerStorage } from "../../../src/service/marker-storage.ts";
import { STATE_RING_BYTES } from "../../../src/storage/state-ring.ts";
import { equal, isTrue, test } from "../harness.ts";
import { CUT_MODES, CutMode, SimulatedDisk } from "../simulated-disk.ts";

/** Keeps the last four lines. */
class Transcript implements MarkerSink {
  count: u32 = 0;
  private readonly lengths = new Uint32Array(4);
  private readonly lines = new Uint8Array(1024);

  emit(line: Bytes): void {
    const at = this.count % 4;
    bytesOf(this.lines)
      .slice(at * 256, line.length)
      .copyFrom(line);
    this.lengths[at] = line.length;
    this.count++;
  }

  /** Whether the line `age` lines ago was this one. */
  said(age: u32, expected: string): boolean {
    if (age >= this.count) return false;
    const at = (this.count - 1 - age) % 4;
    return bytesOf(this.lines)
      .slice(at * 256, this.lengths[at])
      .equals(utf8(expected));
  }
}

class Scratch {
  readonly disk = new SimulatedDisk();
  readonly storage = new MarkerStorage();
  readonly marker = new BootMarker();
  readonly transcript = new Transcript();
  readonly chain = new MarkerChain();
  readonly times = new MarkerTimestamp();
  readonly failures = new BootFailureRecord();
  readonly buffer = new Uint8Array(131072);
  readonly id = new Uint8Array(16);
  readonly boot = new Uint8Array(52);
  bootNumber: u32 = 0;
}

const scratch = new Scratch();
const marker = scratch.marker;

function boot(reason: BootReason, manifestId: u32): Bytes {
  const description = bytesOf(scratch.boot);
  description.fill(0);
  BOOT.bootId.of(description).setU32le(0, scratch.bootNumber);
  BOOT.manifestId.set(description, manifestId);
  BOOT.reason.set(description, reason);
  BOOT.tryNumber.set(description, 1);
  BOOT.tryMaximum.set(description, 3);
  return description;
}

/** Power on, up to the attempt: what the boot manager does. Whether the attempt is durable. */
function powerOn(reason: BootReason, manifestId: u32): boolean {
  scratch.disk.restart();
  scratch.bootNumber++;
  isTrue(scratch.storage.open(scratch.disk, bytesOf(scratch.buffer), bytesOf(scratch.id)).ok);
  marker.create(scratch.transcript, boot(reason, manifestId));
  isTrue(marker.attach(scratch.storage, false, 0n).ok);
  const begun = marker.beginAttempt(boot(reason, manifestId), BigInt(scratch.bootNumber * 100));
  return begun.ok;
}

/** The kernel takes over, from the handoff and the disk. */
function enterKernel(reason: BootReason, manifestId: u32): void {
  marker.create(scratch.transcript, boot(reason, manifestId));
  isTrue(marker.markStage(BootStage.kernelLoaded, 100, 0n).ok);
  isTrue(scratch.storage.open(scratch.disk, bytesOf(scratch.buffer), bytesOf(scratch.id)).ok);
  isTrue(marker.attach(scratch.storage, true, 0n).ok);
}

/** From the kernel's entry to golden. */
function reachGolden(manifestId: u32): void {
  enterKernel(BootReason.default, manifestId);
  isTrue(marker.markStage(BootStage.subsystemsReady, 200, 0n).ok);
  isTrue(marker.markStage(BootStage.shellReady, 300, 0n).ok);
  isTrue(marker.markGolden(310, 0n).ok);
}

function fresh(): void {
  scratch.disk.make(512, STATE_RING_BYTES);
  scratch.bootNumber = 0;
}

function lifeTests(): void {
  test("a boot goes through its stages to golden, each on disk and emitted once");
  fresh();
  const before = scratch.transcript.count;
  isTrue(powerOn(BootReason.default, 7));
  isTrue(scratch.transcript.said(0, "RAYOS_BOOT_MARKER:FAILURE_COUNT:0"));
  enterKernel(BootReason.default, 7);
  isTrue(scratch.transcript.said(0, "RAYOS_BOOT_MARKER:KERNEL_LOADED"));
  isTrue(marker.markStage(BootStage.subsystemsReady, 200, 0n).ok);
  isTrue(marker.markStage(BootStage.shellReady, 300, 0n).ok);
  isTrue(scratch.transcript.said(0, "RAYOS_BOOT_MARKER:SHELL_READY"));
  isTrue(marker.markGolden(310, 0n).ok);
  isTrue(scratch.transcript.said(1, "RAYOS_BOOT_MARKER:GOLDEN"));
  isTrue(scratch.transcript.said(0, "RAYOS_BOOTMGR:BOOT_SUCCESS"));
  equal(scratch.transcript.count - before, 6);
  isTrue(marker.getCurrentMarker() === BootStage.golden);
  const golden = marker.loadLastGolden();
  isTrue(golden.ok && golden.value === 7);

  test("the times of every stage are on the disk after a restart");
  isTrue(powerOn(BootReason.default, 7));
  isTrue(marker.describeBoot(1, scratch.times));
  isTrue(scratch.times.stage === BootStage.golden);
  equal(scratch.times.kernelLoadedMs, 100);
  equal(scratch.times.goldenMs, 310);
  isTrue(scratch.times.startSeconds === 100n);
  isTrue(!marker.describeBoot(2, scratch.times));

  test("stages out of their order, twice, or golden without a shell are refused");
  enterKernel(BootReason.default, 7);
  const twice = marker.markStage(BootStage.kernelLoaded, 150, 0n);
  isTrue(!twice.ok && twice.error === MarkerError.outOfOrder);
  const skipped = marker.markStage(BootStage.shellReady, 150, 0n);
  isTrue(!skipped.ok && skipped.error === MarkerError.outOfOrder);
  const early = marker.markGolden(150, 0n);
  isTrue(!early.ok && early.error === MarkerError.outOfOrder);
}

function failureTests(): void {
  test("boots that vanish count as failed, whatever stage they reached; three trigger recovery");
  fresh();
  isTrue(powerOn(BootReason.default, 7));
  reachGolden(7);
  isTrue(powerOn(BootReason.default, 8));
  isTrue(powerOn(BootReason.default, 8));
  equal(marker.getFailureCount(), 1);
  enterKernel(BootReason.default, 8);
  isTrue(powerOn(BootReason.default, 8));
  equal(marker.getFailureCount(), 2);
  isTrue(!marker.shouldTriggerRecovery());
  isTrue(powerOn(BootReason.failures, 7));
  equal(marker.getFailureCount(), 3);
  isTrue(marker.shouldTriggerRecovery());
  isTrue(scratch.transcript.said(1, "RAYOS_BOOT_MARKER:FAILURE_COUNT:3"));
  isTrue(scratch.transcript.said(0, "RAYOS_BOOT_MARKER:RECOVERY_TRIGGERED"));

  test("golden forgives the failures before it");
  reachGolden(7);
  isTrue(powerOn(BootReason.default, 7));
  equal(marker.getFailureCount(), 0);

  test("a recorded failure keeps its reason and its ending, also of a boot that had become golden");
  reachGolden(7);
  isTrue(marker.recordFailure(BootEnding.panic, utf8("page fault at 0x10"), 0n).ok);
  isTrue(scratch.transcript.said(0, "RAYOS_BOOT_MARKER:FAILURE_COUNT:1"));
  isTrue(powerOn(BootReason.default, 7));
  marker.describeFailures(scratch.failures);
  equal(scratch.failures.consecutive, 1);
  isTrue(scratch.failures.lastEnding === BootEnding.panic);
  isTrue(
    bytesOf(scratch.failures.reason)
      .slice(0, scratch.failures.reasonLength)
      .equals(utf8("page fault at 0x10")),
  );

  test("a boot that ends as it should is no failure");
  reachGolden(7);
  isTrue(marker.endBoot(BootEnding.powerOff, 0n).ok);
  isTrue(powerOn(BootReason.default, 7));
  marker.describeFailures(scratch.failures);
  equal(scratch.failures.consecutive, 0);
  isTrue(scratch.failures.lastEnding === BootEnding.powerOff);
}

function wishTests(): void {
  test("a triggered recovery asks for the last golden manifest once, and the attempt spends the wish");
  isTrue(marker.triggerRecovery(0n).ok);
  isTrue(scratch.transcript.said(0, "RAYOS_BOOT_MARKER:RECOVERY_TRIGGERED"));
  equal(STATE.onceManifestId.get(scratch.storage.record()), 7);
  isTrue(powerOn(BootReason.once, 7));
  equal(STATE.onceManifestId.get(scratch.storage.record()), 0);

  test("without a golden boot recovery means rescue mode, and a rescue boot never becomes golden");
  fresh();
  isTrue(powerOn(BootReason.default, 1));
  isTrue(marker.triggerRecovery(0n).ok);
  equal(STATE.onceMode.get(scratch.storage.record()), BootMode.rescue);
  const rescue = boot(BootReason.recovery, 1);
  BOOT.mode.set(rescue, BootMode.rescue);
  isTrue(marker.beginAttempt(rescue, 0n).ok);
  isTrue(marker.markStage(BootStage.kernelLoaded, 1, 0n).ok);
  isTrue(marker.markStage(BootStage.subsystemsReady, 2, 0n).ok);
  isTrue(marker.markStage(BootStage.shellReady, 3, 0n).ok);
  const golden = marker.markGolden(4, 0n);
  isTrue(!golden.ok && golden.error === MarkerError.rescue);
  isTrue(powerOn(BootReason.default, 1));
  // Of the two boots before, the rescue does not count.
  equal(marker.getFailureCount(), 1);
}

function storageTests(): void {
  test("without storage stages are emitted, and nothing that needs a disk pretends to work");
  marker.create(scratch.transcript, boot(BootReason.default, 1));
  isTrue(marker.markStage(BootStage.kernelLoaded, 1, 0n).ok);
  isTrue(scratch.transcript.said(0, "RAYOS_BOOT_MARKER:KERNEL_LOADED"));
  const trigger = marker.triggerRecovery(0n);
  isTrue(!trigger.ok && trigger.error === MarkerError.noStorage);
  isTrue(!marker.recordFailure(BootEnding.panic, utf8("x"), 0n).ok);
  isTrue(!marker.beginAttempt(boot(BootReason.default, 1), 0n).ok);
  equal(marker.getFailureCount(), 0);

  test("a boot that is not recorded reaches the shell, but is neither called golden nor a success");
  isTrue(marker.markStage(BootStage.subsystemsReady, 2, 0n).ok);
  isTrue(marker.markStage(BootStage.shellReady, 3, 0n).ok);
  const before = scratch.transcript.count;
  const unrecorded = marker.markGolden(4, 0n);
  isTrue(!unrecorded.ok && unrecorded.error === MarkerError.noStorage);
  equal(scratch.transcript.count, before);
  isTrue(scratch.transcript.said(0, "RAYOS_BOOT_MARKER:SHELL_READY"));
  isTrue(marker.getCurrentMarker() === BootStage.shellReady);

  test("a record that cannot be written leaves the boot without its golden marker");
  fresh();
  isTrue(powerOn(BootReason.default, 7));
  enterKernel(BootReason.default, 7);
  isTrue(marker.markStage(BootStage.subsystemsReady, 200, 0n).ok);
  isTrue(marker.markStage(BootStage.shellReady, 300, 0n).ok);
  const said = scratch.transcript.count;
  scratch.disk.failAt = scratch.disk.callCount();
  const unwritten = marker.markGolden(310, 0n);
  isTrue(!unwritten.ok && unwritten.error === MarkerError.storage);
  equal(scratch.transcript.count, said);

  test("detached from a disk that fails, a boot reaches the rest of its stages, but never golden");
  fresh();
  isTrue(powerOn(BootReason.default, 7));
  enterKernel(BootReason.default, 7);
  scratch.disk.failAt = scratch.disk.callCount();
  const unsaved = marker.markStage(BootStage.subsystemsReady, 200, 0n);
  isTrue(!unsaved.ok && unsaved.error === MarkerError.storage);
  marker.detach();
  isTrue(marker.markStage(BootStage.subsystemsReady, 200, 0n).ok);
  isTrue(marker.markStage(BootStage.shellReady, 300, 0n).ok);
  isTrue(scratch.transcript.said(0, "RAYOS_BOOT_MARKER:SHELL_READY"));
  const never = marker.markGolden(310, 0n);
  isTrue(!never.ok && never.error === MarkerError.noStorage);
}

function chainTests(): void {
  test("the history keeps 64 boots and more, and the chain of a healthy ring is valid");
  fresh();
  for (let i: u32 = 0; i < 80; i++) {
    isTrue(powerOn(BootReason.default, 7));
    reachGolden(7);
  }
  isTrue(marker.describeBoot(63, scratch.times));
  isTrue(scratch.times.stage === BootStage.golden);
  const healthy = marker.validateMarkerChain(bytesOf(scratch.buffer), scratch.chain);
  isTrue(healthy.ok && healthy.value);
  equal(scratch.chain.wholeRecords, 256);
  equal(scratch.chain.boots, 72);

  test("a damaged record and a boot with a missing stage break the chain");
  scratch.disk.image().setU8(100 * 4096 + 9, 0xff);
  scratch.disk.restart();
  const damaged = marker.validateMarkerChain(bytesOf(scratch.buffer), scratch.chain);
  isTrue(damaged.ok && !damaged.value);
  equal(scratch.chain.damagedRecords, 1);
  BOOT.subsystemsReadyMs.set(bootAt(scratch.storage.record(), 3), 0);
  BOOT.shellReadyMs.set(bootAt(scratch.storage.record(), 5), 1);
  isTrue(marker.validateMarkerChain(bytesOf(scratch.buffer), scratch.chain).ok);
  equal(scratch.chain.brokenBoots, 2);
}

function modeOf(number: u32): CutMode {
  switch (number) {
    case 1:
      return CutMode.everything;
    case 2:
      return CutMode.tornFirstHalf;
    case 3:
      return CutMode.tornSecondHalf;
    default:
      return CutMode.nothing;
  }
}

/** Two failed boots, then one that is cut at write or flush `cutAt` of its life; the failures that the next boot counts. */
function failuresAfterCut(cutAt: u32, mode: CutMode): u32 {
  fresh();
  isTrue(powerOn(BootReason.default, 7) && powerOn(BootReason.default, 7));
  scratch.disk.restart();
  scratch.bootNumber++;
  isTrue(scratch.storage.open(scratch.disk, bytesOf(scratch.buffer), bytesOf(scratch.id)).ok);
  scratch.disk.cutAt = cutAt;
  scratch.disk.cutMode = mode;
  marker.create(scratch.transcript, boot(BootReason.default, 7));
  isTrue(marker.attach(scratch.storage, false, 0n).ok);
  const begun = marker.beginAttempt(boot(BootReason.default, 7), 0n);
  if (begun.ok) liveOn();
  scratch.bootNumber++;
  isTrue(powerOn(BootReason.default, 7));
  return marker.getFailureCount();
}

/** As far as the power lasts. An error must not be followed by a marker. */
function liveOn(): void {
  const before = scratch.transcript.count;
  if (!marker.markStage(BootStage.kernelLoaded, 1, 0n).ok) {
    equal(scratch.transcript.count, before);
    return;
  }
  if (!marker.markStage(BootStage.subsystemsReady, 2, 0n).ok) return;
  if (!marker.markStage(BootStage.shellReady, 3, 0n).ok) return;
  const golden = marker.markGolden(4, 0n);
  isTrue(!golden.ok);
}

function cutTests(): void {
  test(
    "a power cut at every write and flush of a boot counts as one failure, or as none before its attempt was durable",
  );
  for (let cutAt: u32 = 0; cutAt < 10; cutAt++) {
    for (let mode: u32 = 0; mode + 2 < CUT_MODES; mode++) {
      const failures = failuresAfterCut(cutAt, modeOf(mode));
      if (cutAt < 2) isTrue(failures === 2 || failures === 3);
      else if (cutAt < 8) equal(failures, 3);
      else isTrue(failures === 3 || failures === 0);
    }
  }
}

export function main(): void {
  lifeTests();
  failureTests();
  wishTests();
  storageTests();
  chainTests();
  cutTests();
}
