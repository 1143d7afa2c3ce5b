/**
 * The kernel's main: everything that happens between the jump and the prompt, as a list.
 *
 * Entered by `runtime-c/kernel/entry.asm` on the kernel's own stack, interrupts off, with the boot manager's page tables
 * (docs/PROTOCOL.md). The only file that knows everybody; what a step does stands in a file of its own.
 */
import { kernelStart, MARKER_BYTES, ready, recoveryEntered, timeSync } from "../base/markers.ts";
import { TextWriter } from "../base/text-writer.ts";
import { Screen } from "../driver/framebuffer/screen.ts";
import { allowSleep } from "../driver/wait.ts";
import { bootReasonFrom } from "../format/boot-reason.ts";
import { HANDOFF, MemoryKind } from "../format/handoff.ts";
import { BootStage } from "../format/state-record.ts";
import { AcpiPower } from "../machine/acpi-power.ts";
import { loadProcessorTables, protectProcessor } from "../machine/cpu.ts";
import { useProcessorCrc } from "../machine/crc-folding.ts";
import { loadInterruptTable } from "../machine/interrupts.ts";
import { activatePaging, beginPaging, mapImage } from "../machine/paging.ts";
import { COM1, SerialPort } from "../machine/serial.ts";
import { MachineClock } from "../machine/time.ts";
import { BootMarker } from "../service/boot-marker.ts";
import { BootRecords } from "../service/boot-records.ts";
import { CrashArtifacts } from "../service/crash-artifacts.ts";
import { DiskRegistry } from "../service/disk-registry.ts";
import { GoldenKeeper } from "../service/golden-keeper.ts";
import { InstallationCheck } from "../service/installation-check.ts";
import { InstallationProgress } from "../service/installation-progress.ts";
import { InstallationTarget } from "../service/installation-target.ts";
import { InstallationRegions, InstallationVerifier } from "../service/installation-verifier.ts";
import { InstallationWriter } from "../service/installation-writer.ts";
import { InstallerBoot } from "../service/installer-boot.ts";
import { Installer } from "../service/installer.ts";
import { PartitionManager } from "../service/partition-manager.ts";
import { LogBench } from "../service/log-bench.ts";
import { LogPartition } from "../service/log-partition.ts";
import { PersistentLog } from "../service/persistent-log.ts";
import { RecoveryBoot } from "../service/recovery-boot.ts";
import { Recovery } from "../service/recovery.ts";
import { ReleaseUpdate } from "../service/release-update.ts";
import { TableRestorer } from "../service/table-restorer.ts";
import { Watchdog } from "../service/watchdog.ts";
import { FaultDialogue } from "../shell/fault-dialogue.ts";
import { AgreedDialogue } from "../shell/agreed-dialogue.ts";
import { HistoryDialogue } from "../shell/history-dialogue.ts";
import { InstallerUi } from "../shell/installer-ui.ts";
import { LineEditor } from "../shell/line-editor.ts";
import { LineMarkerSink } from "../shell/line-marker-sink.ts";
import { Output } from "../shell/output.ts";
import { RecoveryDialogue } from "../shell/recovery-dialogue.ts";
import { RestoreDialogue } from "../shell/restore-dialogue.ts";
import { LogBenchDialogue } from "../shell/log-bench-dialogue.ts";
import { LogClearDialogue } from "../shell/log-clear-dialogue.ts";
import { LogReadingDialogue } from "../shell/log-reading-dialogue.ts";
import { Session } from "../shell/session.ts";
import { Shell } from "../shell/shell.ts";
import { TwoAnswers } from "../shell/two-answers.ts";
import { UpdateUi } from "../shell/update-ui.ts";
import { VerifyDialogue } from "../shell/verify-dialogue.ts";
import { CrashSlots } from "../storage/crash-slots.ts";
import { LogReader } from "../storage/log-reader.ts";
import { LogRegion } from "../storage/log-region.ts";
import { LogWriter } from "../storage/log-writer.ts";
import { AcpiTables } from "./acpi-tables.ts";
import { BootHandoff } from "./boot-handoff.ts";
import { BootKeeper } from "./boot-keeper.ts";
import { CrashKeeper } from "./crash-keeper.ts";
import { CrashHeir } from "./crash-heir.ts";
import { CrashMemory } from "./crash-memory.ts";
import { crashByException, keepCrashes, prepareCrash, watchOverBoot } from "./crash.ts";
import { BootDisk, Disks } from "./disks.ts";
import { EventLoop } from "./event-loop.ts";
import { KernelConsole } from "./kernel-console.ts";
import { KernelEntropy } from "./kernel-entropy.ts";
import { KernelFaults } from "./kernel-faults.ts";
import { KernelLog } from "./kernel-log.ts";
import { KeyboardConsole } from "./keyboard-console.ts";
import { MachineReport } from "./machine-report.ts";
import { OrderlyPower } from "./orderly-power.ts";
import { PayloadSource } from "./payload-source.ts";
import {
  findPciFunctions,
  prepareInterrupts,
  preparePower,
  startClock,
  startTicking,
  wakeOnSerial,
} from "./platform.ts";
import { SettingsKeeper } from "./settings-keeper.ts";
import { ShellTask } from "./shell-task.ts";
import { WatchdogStarter } from "./watchdog-starter.ts";
import { WatchdogTask } from "./watchdog-task.ts";

// The machine.
const console = new KernelConsole();
const serial = new SerialPort();
const screen = new Screen();
const keyboard = new KeyboardConsole();
const handoff = new BootHandoff();
const acpi = new AcpiTables();
const machinePower = new AcpiPower();
const clock = new MachineClock();
const entropy = new KernelEntropy();
const report = new MachineReport(handoff, acpi);
const faults = new KernelFaults();
const loop = new EventLoop(clock);
const markerLine = new Uint8Array(MARKER_BYTES);

// Disks, and what this boot leaves on them.
const registry = new DiskRegistry();
const bootDisk = new BootDisk();
const disks = new Disks(registry, console);
const partitions = new PartitionManager(entropy);
const marker = new BootMarker();
const keeper = new BootKeeper(marker, handoff, clock, console);
const goldenKeeper = new GoldenKeeper(partitions, console);
const logRegion = new LogRegion();
const logWriter = new LogWriter(logRegion);
const logReader = new LogReader(logRegion);
const log = new PersistentLog(logRegion, logWriter, logReader);
const progress = new InstallationProgress();
const logPartition = new LogPartition(log, registry, partitions, progress);
const kernelLog = new KernelLog(log, logPartition, registry, handoff, clock, console);
const crashSlots = new CrashSlots();
const crashes = new CrashArtifacts(crashSlots);
const crashMemory = new CrashMemory();
const crashKeeper = new CrashKeeper(crashes, marker, log, crashMemory, clock, console);
const crashHeir = new CrashHeir(crashMemory, crashKeeper, crashes, log, console);
const watchdog = new Watchdog(clock);
const settingsKeeper = new SettingsKeeper(partitions, log, watchdog, console);
const watchdogStarter = new WatchdogStarter(watchdog, marker, console);
const power = new OrderlyPower(machinePower, keeper, kernelLog, disks, watchdog, crashMemory, console);

// The installer.
const out = new Output(console);
const shellMarkers = new LineMarkerSink(out, console);
const installerBoot = new InstallerBoot();
const source = new PayloadSource();
const regions = new InstallationRegions();
const verifier = new InstallationVerifier(regions);
const target = new InstallationTarget(registry, partitions, progress);
const writer = new InstallationWriter(source, regions, partitions, entropy);
const installer = new Installer(target, source, progress, writer, regions, verifier, clock, shellMarkers);
const check = new InstallationCheck(registry, partitions, regions, verifier);
const restorer = new TableRestorer(installer, progress);

// The shell.
const records = new BootRecords(registry, partitions, installerBoot);
const answers = new TwoAnswers(entropy);
const agreed = new AgreedDialogue(answers);
const installerUi = new InstallerUi(installer, answers);
const updateRegions = new InstallationRegions();
const update = new ReleaseUpdate(registry, partitions, updateRegions, source, clock, shellMarkers);
const updateUi = new UpdateUi(update, answers);
const verifyDialogue = new VerifyDialogue(check);
const restoreDialogue = new RestoreDialogue(restorer, registry, agreed);
const faultDialogue = new FaultDialogue(faults);
const logReading = new LogReadingDialogue(log);
const logClearing = new LogClearDialogue(log, logPartition, registry, agreed);
const logBench = new LogBench(log, clock);
const logBenchDialogue = new LogBenchDialogue(logBench);
const recovery = new Recovery(registry, partitions, shellMarkers);
const recoveryDialogue = new RecoveryDialogue(recovery, clock, agreed);
const recoveryBoot = new RecoveryBoot(recovery, marker);
const historyDialogue = new HistoryDialogue(records, clock, agreed);
const session = new Session(
  out,
  clock,
  power,
  report,
  registry,
  records,
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
const editor = new LineEditor(out);
const shell = new Shell(console, editor, session);
const shellTask = new ShellTask(shell);
const watchdogTask = new WatchdogTask(watchdog, loop, installerUi, updateUi, console);

export function main(): void {
  openSerial(); // what comes next can say what is wrong
  handoff.take(console); // the boot manager's record, checked and copied
  kernelLog.begin(); // all that is said from here on is kept, in memory first
  loadProcessorTables(); // own segments, own stacks for exceptions
  loadInterruptTable(crashByException); // a fault ends in a dump, not in a reset
  takeMemory(); // own page tables: nothing both writable and executable
  protectProcessor(); // WP, SMEP, SMAP, UMIP
  useProcessorCrc(); // checksums by multiplication, where the processor knows it
  openScreen(); // the same text as on the serial line
  acpi.read(HANDOFF.acpiRoot.get(handoff.record()), console); // what the firmware says about the machine
  preparePower(machinePower, acpi); // how it restarts and how it ends
  prepareInterrupts(acpi); // the local APIC on, everything else masked
  startClock(clock, acpi); // time runs
  prepareCrash(console, clock, machinePower); // from here a crash is seen everywhere, and restarts
  keepCrashes(crashKeeper, watchdog, log.recent(), handoff.record()); // and what is left of it
  watchFromStart(); // should this boot vanish, memory knows of it
  keeper.begin(); // RAYOS_BOOT_MARKER:KERNEL_LOADED
  startTicking(clock); // interrupts on: a hundred ticks a second
  watchdogStarter.start(handoff.record(), acpi.hpetAddress); // RAYOS_WATCHDOG:ARMED: a start that hangs ends too
  allowSleep(); // drivers may halt while they wait
  findPciFunctions(acpi); // what is on the bus
  watchdogStarter.findChipset(); // the last stage, for a processor that is dead: taken over from the boot manager
  entropy.seed(HANDOFF.entropy.of(handoff.record())); // ids and one-time words
  disks.find(clock); // NVMe and AHCI, under their names
  openKeyboard(); // what is typed: keys at every tick, serial bytes as they come
  openRelease(); // what can be installed
  openBootDisk(); // where this system came from; from here its log (RAYOS_LOG:INIT) and its stages are durable
  crashKeeper.attach(registry, partitions, bootDisk.index); // a crash is kept from here on
  takeSettings(); // the configuration of this release: log level, watchdog
  watchdogStarter.learnReason(crashMemory); // how the boot before this one ended
  watchOver(); // what that one left in memory goes to the disk, and memory is this one's
  keeper.reach(BootStage.subsystemsReady); // RAYOS_BOOT_MARKER:SUBSYSTEMS_READY
  loop.add(kernelLog); // what waits goes to the disk
  loop.add(shellTask); // who takes the commands
  loop.add(watchdogTask); // a round of all tasks is a sign of life
  keeper.reach(BootStage.shellReady); // RAYOS_BOOT_MARKER:SHELL_READY
  turnGolden(); // RAYOS_BOOT_MARKER:GOLDEN, and a copy for recovery
  watchdogStarter.endStart(); // RAYOS_WATCHDOG:ARMED: from here on only the loop's rounds count
  enterRecovery(); // in recovery mode: RAYOS_RECOVERY_ENTERED, and what can be done
  sayReady(); // RAYOS_READY, and the prompt follows
  loop.run();
}

function openSerial(): void {
  serial.open(COM1);
  console.add(serial);
  const line = new TextWriter(bytesOf(markerLine));
  kernelStart(line);
  console.emit(line.written());
}

function takeMemory(): void {
  handoff.releaseMemory(MemoryKind.usable);
  beginPaging(HANDOFF.kernelBase.get(handoff.record()));
  handoff.mapMemory();
  mapImage();
  activatePaging();
  handoff.releaseMemory(MemoryKind.reclaimable);
  handoff.releaseMemory(MemoryKind.pageTables);
  crashMemory.begin(handoff.record());
}

function openScreen(): void {
  const record = handoff.record();
  const started = screen.start(
    HANDOFF.frameBufferAddress.get(record),
    HANDOFF.frameBufferBytes.get(record),
    HANDOFF.frameBufferWidth.get(record),
    HANDOFF.frameBufferHeight.get(record),
    HANDOFF.frameBufferStride.get(record),
  );
  if (started) console.add(screen);
}

function openKeyboard(): void {
  wakeOnSerial(serial);
  if (keyboard.start(clock)) console.add(keyboard);
}

function openRelease(): void {
  source.open(handoff.record());
  installerBoot.create(handoff.record());
  const isUsb = installerBoot.detectUsbBoot(console);
  if (isUsb && source.objectCount() === 0) {
    console.line("install: the boot manager brought no release; this boot cannot install");
  }
}

function openBootDisk(): void {
  const first = disks.markBootDisk(HANDOFF.diskGuid.of(handoff.record()));
  bootDisk.index = first < 0 ? first : keeper.recognise(registry, partitions, first);
  if (bootDisk.index >= 0) registry.markRunningDisk(u32(bootDisk.index));
  kernelLog.attach(bootDisk.index);
  keeper.attach(registry, partitions, bootDisk.index);
}

function takeSettings(): void {
  if (bootDisk.index < 0) return;
  settingsKeeper.apply(registry.device(u32(bootDisk.index)), handoff.record());
}

/** Unless the boot before left something, which goes to a disk first. */
function watchFromStart(): void {
  if (!crashMemory.hasFound()) watchOverBoot(crashMemory);
}

function watchOver(): void {
  if (crashHeir.inherit(watchdogStarter.didChipsetFire())) watchOverBoot(crashMemory);
}

function turnGolden(): void {
  if (!keeper.turnGolden() || bootDisk.index < 0) return;
  const record = handoff.record();
  const reason = bootReasonFrom(HANDOFF.reason.get(record));
  const device = registry.device(u32(bootDisk.index));
  const isCopy = HANDOFF.fromRecoveryStore.get(record) !== 0;
  const seconds = clock.unixSeconds();
  const problem = goldenKeeper.keep(device, HANDOFF.manifestId.get(record), reason, isCopy, seconds);
  if (problem !== "") console.lineOf("golden: this boot is not kept for recovery: ", problem);
}

/** Nothing optional was started; this boot counts neither as good nor as failed. */
function enterRecovery(): void {
  if (!installerBoot.isRescueMode()) return;
  const line = new TextWriter(bytesOf(markerLine));
  recoveryEntered(line);
  console.emit(line.written());
  console.line("RECOVERY MODE. Nothing optional runs, and this boot counts neither as good nor as failed.");
  console.line("What happened: log show, log crashes, bootmgr status. What there is: recovery list.");
  console.line("Going back: recovery restore <id>. reboot leaves recovery mode.");
  line.clear();
  line.text(
    `The watchdog waits ${watchdog.timeoutSeconds()} s here: nobody is restarted out of a rescue while he reads.`,
  );
  console.emit(line.written());
  shell.enterRecovery();
}

function sayReady(): void {
  const line = new TextWriter(bytesOf(markerLine));
  if (clock.unixSeconds() !== 0n) {
    timeSync(line);
    console.emit(line.written());
    line.clear();
  }
  ready(line);
  console.emit(line.written());
}
