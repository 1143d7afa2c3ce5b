/**
 * A machine for tests of shell and installer: two disks in memory, a release, a console that types and remembers, all wired as the
 * kernel's main wires them. `start` makes it as new.
 */
import { sha256, SHA256_BYTES } from "../../../src/base/sha256.ts";
import { TextWriter } from "../../../src/base/text-writer.ts";
import { Clock } from "../../../src/device/clock.ts";
import { Console } from "../../../src/device/console.ts";
import { Entropy } from "../../../src/device/entropy.ts";
import { MachineFacts, MemoryTotals, PciDescription } from "../../../src/device/machine-facts.ts";
import { MarkerSink } from "../../../src/device/marker-sink.ts";
import { Power } from "../../../src/device/power.ts";
import { TestFaults } from "../../../src/device/test-faults.ts";
import { ObjectKind } from "../../../src/format/manifest.ts";
import { BootMarker } from "../../../src/service/boot-marker.ts";
import { BootRecords } from "../../../src/service/boot-records.ts";
import { CrashArtifacts } from "../../../src/service/crash-artifacts.ts";
import { DiskRegistry } from "../../../src/service/disk-registry.ts";
import { InstallationCheck } from "../../../src/service/installation-check.ts";
import { InstallationProgress } from "../../../src/service/installation-progress.ts";
import { InstallationSource } from "../../../src/service/installation-source.ts";
import { InstallationTarget } from "../../../src/service/installation-target.ts";
import { InstallationRegions, InstallationVerifier } from "../../../src/service/installation-verifier.ts";
import { InstallationWriter } from "../../../src/service/installation-writer.ts";
import { InstallerBoot } from "../../../src/service/installer-boot.ts";
import { Installer } from "../../../src/service/installer.ts";
import { PartitionManager } from "../../../src/service/partition-manager.ts";
import { LogBench } from "../../../src/service/log-bench.ts";
import { LogPartition } from "../../../src/service/log-partition.ts";
import { PersistentLog } from "../../../src/service/persistent-log.ts";
import { RecoveryBoot } from "../../../src/service/recovery-boot.ts";
import { Recovery } from "../../../src/service/recovery.ts";
import { ReleaseUpdate } from "../../../src/service/release-update.ts";
import { TableRestorer } from "../../../src/service/table-restorer.ts";
import { Watchdog } from "../../../src/service/watchdog.ts";
import { FaultDialogue } from "../../../src/shell/fault-dialogue.ts";
import { AgreedDialogue } from "../../../src/shell/agreed-dialogue.ts";
import { HistoryDialogue } from "../../../src/shell/history-dialogue.ts";
import { InstallerUi } from "../../../src/shell/installer-ui.ts";
import { LogBenchDialogue } from "../../../src/shell/log-bench-dialogue.ts";
import { LogClearDialogue } from "../../../src/shell/log-clear-dialogue.ts";
import { LogReadingDialogue } from "../../../src/shell/log-reading-dialogue.ts";
import { LineEditor } from "../../../src/shell/line-editor.ts";
import { LineMarkerSink } from "../../../src/shell/line-marker-sink.ts";
import { Output } from "../../../src/shell/output.ts";
import { RecoveryDialogue } from "../../../src/shell/recovery-dialogue.ts";
import { RestoreDialogue } from "../../../src/shell/restore-dialogue.ts";
import { Session } from "../../../src/shell/session.ts";
import { Shell } from "../../../src/shell/shell.ts";
import { TwoAnswers } from "../../../src/shell/two-answers.ts";
import { UpdateUi } from "../../../src/shell/update-ui.ts";
import { VerifyDialogue } from "../../../src/shell/verify-dialogue.ts";
import { CrashSlots } from "../../../src/storage/crash-slots.ts";
import { LogReader } from "../../../src/storage/log-reader.ts";
import { LogRegion } from "../../../src/storage/log-region.ts";
import { LogWriter } from "../../../src/storage/log-writer.ts";
import { SparseDisk } from "../storage/sparse-disk.ts";

const SHOWN_BYTES = 65536;
const TYPED_BYTES = 16384;
const KERNEL_BYTES = 300001;
const BOOT_MANAGER_BYTES = 5000;
const GIBIBYTE: u64 = 1073741824n;

/** What was typed, and what was shown. Markers are shown too, as on a serial line. */
export class TestConsole implements Console, MarkerSink {
  private readonly typed = new Uint8Array(TYPED_BYTES);
  private typedLength: u32 = 0;
  private taken: u32 = 0;
  private readonly shown = new Uint8Array(SHOWN_BYTES);
  private shownLength: u32 = 0;
  markers: u32 = 0;

  clear(): void {
    this.typedLength = 0;
    this.taken = 0;
    this.shownLength = 0;
    this.markers = 0;
  }

  type(text: Bytes): void {
    bytesOf(this.typed).slice(this.typedLength, text.length).copyFrom(text);
    this.typedLength += text.length;
  }

  poll(): i16 {
    if (this.taken === this.typedLength) {
      this.taken = 0;
      this.typedLength = 0;
      return -1;
    }
    this.taken++;
    return this.typed[this.taken - 1];
  }

  write(text: Bytes): void {
    const length = u32(Math.min(text.length, SHOWN_BYTES - this.shownLength));
    bytesOf(this.shown).slice(this.shownLength, length).copyFrom(text.slice(0, length));
    this.shownLength += length;
  }

  emit(line: Bytes): void {
    this.markers++;
    this.write(line);
    this.write(utf8("\n"));
  }

  output(): Bytes {
    return bytesOf(this.shown).slice(0, this.shownLength);
  }

  /** Where `text` stands in what was shown, or -1. */
  find(text: string): i32 {
    const wanted = utf8(text);
    const all = this.output();
    for (let at: u32 = 0; at + wanted.length <= all.length; at++) {
      if (all.slice(at, wanted.length).equals(wanted)) return i32(at);
    }
    return -1;
  }

  shows(text: string): boolean {
    return this.find(text) >= 0;
  }
}

/** A release of three objects. `damage` makes what lies in memory differ from its hashes; `upgrade` makes it another release. */
export class TestRelease implements InstallationSource {
  private readonly kernel = new Uint8Array(KERNEL_BYTES);
  private readonly bootManager = new Uint8Array(BOOT_MANAGER_BYTES);
  private readonly digests = new Uint8Array(3 * SHA256_BYTES);
  objects: u32 = 3;
  private version: u32 = 1;

  make(): void {
    this.objects = 3;
    this.version = 1;
    for (let i: u32 = 0; i < KERNEL_BYTES; i++) this.kernel[i] = (i * 7 + (i >>> 8)) & 0xff;
    for (let i: u32 = 0; i < BOOT_MANAGER_BYTES; i++) this.bootManager[i] = (i * 13 + 5) & 0xff;
    for (let i: u32 = 0; i < 3; i++) sha256(this.objectBytes(i), this.objectSha256(i));
  }

  /** Other programs under this version, 0.`version`.0. */
  upgrade(version: u32): void {
    this.version = version;
    this.kernel[0] = version & 0xff;
    this.bootManager[0] = version & 0xff;
    for (let i: u32 = 0; i < 2; i++) sha256(this.objectBytes(i), this.objectSha256(i));
  }

  /** Another kernel under the version at hand. */
  flavour(): void {
    this.kernel[1] = (this.kernel[1] ^ 0x55) & 0xff;
    sha256(this.objectBytes(1), this.objectSha256(1));
  }

  damage(): void {
    this.kernel[1000] = (this.kernel[1000] ^ 1) & 0xff;
  }

  objectCount(): u32 {
    return this.objects;
  }

  objectKind(index: u32): ObjectKind {
    if (index === 0) return ObjectKind.bootManager;
    return index === 1 ? ObjectKind.kernel : ObjectKind.configuration;
  }

  objectBytes(index: u32): Bytes {
    if (index === 0) return bytesOf(this.bootManager);
    return index === 1 ? bytesOf(this.kernel) : utf8("boot.menu-seconds = 3\n");
  }

  objectSha256(index: u32): Bytes {
    return bytesOf(this.digests).slice(index * SHA256_BYTES, SHA256_BYTES);
  }

  versionNumber(): u32 {
    return this.version;
  }

  versionText(into: Bytes): u32 {
    const text = new TextWriter(into);
    text.text(`0.${this.version}.0`);
    return text.written().length;
  }
}

/** Time, chance, power and facts of the machine. */
export class TestParts implements Clock, Entropy, Power, MachineFacts, TestFaults {
  reboots: u32 = 0;
  powerOffs: u32 = 0;
  panics: u32 = 0;
  hangs: u32 = 0;
  hardHangs: u32 = 0;
  storms: u32 = 0;
  tripleFaults: u32 = 0;
  unixTime: u64 = 1767709800n;
  private next: u32 = 1;

  clear(): void {
    this.reboots = 0;
    this.powerOffs = 0;
    this.panics = 0;
    this.hangs = 0;
    this.hardHangs = 0;
    this.storms = 0;
    this.tripleFaults = 0;
    this.unixTime = 1767709800n;
  }

  monotonicNs(): u64 {
    return 5000000000n;
  }

  unixSeconds(): u64 {
    return this.unixTime;
  }

  unixSecondsAt(monotonicNs: u64): u64 {
    return this.unixTime;
  }

  /** Numerical Recipes' generator: what it gives is different each time, and the same in every run. */
  fill(target: Bytes): void {
    for (let i: u32 = 0; i < target.length; i++) {
      this.next = (Math.imul(this.next, 1664525) + 1013904223) >>> 0;
      target.setU8(i, this.next >>> 24);
    }
  }

  reboot(): void {
    this.reboots++;
  }

  powerOff(): void {
    this.powerOffs++;
  }

  panic(): void {
    this.panics++;
  }

  hang(interruptsOff: boolean): void {
    if (interruptsOff) this.hardHangs++;
    else this.hangs++;
  }

  storm(): void {
    this.storms++;
  }

  tripleFault(): void {
    this.tripleFaults++;
  }

  versionText(into: Bytes): u32 {
    return put(utf8("0.1.0"), into);
  }

  buildText(into: Bytes): u32 {
    return put(utf8("abc123"), into);
  }

  cpuName(into: Bytes): u32 {
    return put(utf8("Test processor"), into);
  }

  cpuCount(): u32 {
    return 2;
  }

  memory(into: MemoryTotals): void {
    into.installed = 536870912n;
    into.usable = 500000000n;
    into.free = 400000000n;
    into.kernel = 1048576n;
    into.payload = 2048n;
    into.firmware = 4096n;
  }

  pciCount(): u32 {
    return 1;
  }

  pci(index: u32, into: PciDescription): void {
    assert(index === 0);
    into.device = 0x1f;
    into.number = 2;
    into.vendorId = 0x8086;
    into.deviceId = 0x2922;
    into.classCode = 1;
    into.subclass = 6;
    into.programmingInterface = 1;
    into.driverLength = u8(put(utf8("ahci"), bytesOf(into.driver)));
  }
}

function put(text: Bytes, into: Bytes): u32 {
  into.slice(0, text.length).copyFrom(text);
  return text.length;
}

const bootId = new Uint8Array(16);
export const console = new TestConsole();
export const release = new TestRelease();
export const parts = new TestParts();
export const disk = new SparseDisk();
export const bootDisk = new SparseDisk();
export const disks = new DiskRegistry();
const output = new Output(console);
const markers = new LineMarkerSink(output, console);
export const partitions = new PartitionManager(parts);
const progress = new InstallationProgress();
const target = new InstallationTarget(disks, partitions, progress);
const regions = new InstallationRegions();
const verifier = new InstallationVerifier(regions);
const writer = new InstallationWriter(release, regions, partitions, parts);
export const installer = new Installer(target, release, progress, writer, regions, verifier, parts, markers);
export const installerBoot = new InstallerBoot();
const bootRecords = new BootRecords(disks, partitions, installerBoot);
const answers = new TwoAnswers(parts);
const agreed = new AgreedDialogue(answers);
const installerUi = new InstallerUi(installer, answers);
const updateRegions = new InstallationRegions();
export const update = new ReleaseUpdate(disks, partitions, updateRegions, release, parts, markers);
const updateUi = new UpdateUi(update, answers);
const check = new InstallationCheck(disks, partitions, regions, verifier);
const verifyDialogue = new VerifyDialogue(check);
const restorer = new TableRestorer(installer, progress);
const restoreDialogue = new RestoreDialogue(restorer, disks, agreed);
const faultDialogue = new FaultDialogue(parts);
export const watchdog = new Watchdog(parts);
const crashSlots = new CrashSlots();
export const crashes = new CrashArtifacts(crashSlots);
const logRegion = new LogRegion();
const logWriter = new LogWriter(logRegion);
const logReader = new LogReader(logRegion);
/** In memory, unless a test attaches a partition. */
export const log = new PersistentLog(logRegion, logWriter, logReader);
const logReading = new LogReadingDialogue(log);
export const logPartition = new LogPartition(log, disks, partitions, progress);
const logClearing = new LogClearDialogue(log, logPartition, disks, agreed);
const logBench = new LogBench(log, parts);
const logBenchDialogue = new LogBenchDialogue(logBench);
export const marker = new BootMarker();
export const recovery = new Recovery(disks, partitions, markers);
const recoveryDialogue = new RecoveryDialogue(recovery, parts, agreed);
const recoveryBoot = new RecoveryBoot(recovery, marker);
const editor = new LineEditor(output);
const historyDialogue = new HistoryDialogue(bootRecords, parts, agreed);
export const session = new Session(
  output,
  parts,
  parts,
  parts,
  disks,
  bootRecords,
  installerUi,
  updateUi,
  verifyDialogue,
  restoreDialogue,
  faultDialogue,
  watchdog,
  crashes,
  log,
  logPartition,
  logReading,
  logClearing,
  logBenchDialogue,
  recoveryDialogue,
  recoveryBoot,
  historyDialogue,
);
export const shell = new Shell(console, editor, session);

/** A machine with an empty disk `file0` of this size and a boot disk `file1`, its shell at the prompt. */
export function start(sectorBytes: u32, sizeBytes: u64): void {
  console.clear();
  parts.clear();
  release.make();
  log.create(parts, bytesOf(bootId));
  disk.clear(sectorBytes, sizeBytes);
  bootDisk.clear(512, 2n * GIBIBYTE);
  disks.clear();
  disks.add(disk);
  disks.add(bootDisk);
  disks.markBootDisk(1);
  settle();
}

/** Types text and lets the shell run until it waits. */
export function type(text: string): void {
  console.type(utf8(text));
  settle();
}

/** Lets the shell run until it waits for the next byte. */
export function settle(): void {
  let steps: u32 = 0;
  while (shell.step()) {
    steps++;
    assert(steps < 100000, "the shell does not come to rest");
  }
}

/** Types the one-time word that is shown behind "this word, once: ". */
export function typeShownWord(): void {
  const intro = "this word, once: ";
  const at = console.find(intro);
  assert(at >= 0);
  const word = console.output().slice(u32(at) + utf8(intro).length, 6);
  console.type(word);
  type("\r");
}

/** Installs onto `file0` with both confirmations, the warning's word before them where there is one. */
export function install(command: string, warningWord: string): void {
  type(command);
  if (utf8(warningWord).length > 0) {
    type(warningWord);
    type("\r");
  }
  type("file0\r");
  typeShownWord();
}
