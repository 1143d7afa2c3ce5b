/**
 * The system group: version, disks, pci, mem, date, reboot, poweroff, and for tests panic and hang.
 *
 * `help` needs the table of all commands and therefore stands with it (`command-table.ts`).
 */
import { DiskIdentity } from "../device/block-device.ts";
import { CPU_NAME_BYTES, MemoryTotals, PciDescription, VERSION_BYTES } from "../device/machine-facts.ts";
import { NAME_LIMIT } from "../service/disk-registry.ts";
import { Command } from "./command.ts";
import { writeDateTime } from "./date-text.ts";
import { writeIdentity } from "./disk-text.ts";
import { TestFault } from "./fault-dialogue.ts";
import { pciClassName } from "./pci-class.ts";
import { Session } from "./session.ts";

export const VERSION = new Command(
  "version",
  "show the version of RayOS and the processor",
  "version\nShows version and build of RayOS, the processor and the number of processors.",
  "",
  runVersion,
);
export const DISKS = new Command(
  "disks",
  "list the disks",
  "disks\nLists every disk with its name, size, sector size, model and serial number.\nWhat is on them: install --list-disks.",
  "",
  runDisks,
);
export const PCI = new Command(
  "pci",
  "list the PCI devices and their drivers",
  "pci\nLists every function on the PCI bus: address, vendor and device id, class, driver.",
  "",
  runPci,
);
export const MEM = new Command(
  "mem",
  "show how memory is used",
  "mem\nShows how much memory there is and who holds it.",
  "",
  runMem,
);
export const DATE = new Command(
  "date",
  "show date and time",
  "date\nShows date and time (UTC) and how long the system has been running.",
  "",
  runDate,
);
export const REBOOT = new Command(
  "reboot",
  "restart the machine",
  "reboot\nRestarts the machine.",
  "",
  runReboot,
);
export const POWEROFF = new Command(
  "poweroff",
  "switch the machine off",
  "poweroff\nSwitches the machine off.",
  "",
  runPowerOff,
);
export const PANIC = new Command(
  "panic",
  "for tests: make the kernel panic",
  "panic [--triple]\nMakes the kernel panic, after a question; with --triple the processor itself gives up (a triple fault), which resets the\nmachine without a word. For tests of crash record and recovery.",
  "--triple",
  runPanic,
);
export const HANG = new Command(
  "hang",
  "for tests: make the kernel hang",
  "hang [--cli | --storm]\nStops the main loop for ever, after a question; with --cli the interrupts too, with --storm by interrupts without end.\nFor tests of the watchdog.",
  "--cli --storm",
  runHang,
);

const NANOSECONDS: u64 = 1000000000n;

/** Room for what the facts write. */
class Scratch {
  readonly text = new Uint8Array(VERSION_BYTES);
  readonly memory = new MemoryTotals();
  readonly pci = new PciDescription();
  readonly identity = new DiskIdentity();
}

const scratch = new Scratch();

function runVersion(session: Session): void {
  if (!session.expectsNothing()) return;
  const out = session.out;
  const text = bytesOf(scratch.text);
  out.text("RayOS ");
  out.bytes(text.slice(0, session.facts.versionText(text)));
  const build = session.facts.buildText(text);
  if (build > 0) {
    out.text(" build ");
    out.bytes(text.slice(0, build));
  }
  out.text("\n");
  const name = text.slice(0, CPU_NAME_BYTES);
  out.foreign(name.slice(0, session.facts.cpuName(name)));
  out.text(`, processors: ${session.facts.cpuCount()}\n`);
}

function runDisks(session: Session): void {
  if (!session.expectsNothing()) return;
  const out = session.out;
  const disks = session.disks;
  if (disks.count() === 0) out.text("No disks.\n");
  for (let i: u32 = 0; i < disks.count(); i++) {
    const disk = disks.device(i);
    const identity = scratch.identity;
    disk.identify(identity);
    out.bytes(disks.name(i));
    out.tab(NAME_LIMIT);
    out.size(disk.sectorCount() * BigInt(disk.sectorBytes()));
    out.text(`, ${disk.sectorCount()} sectors of ${disk.sectorBytes()}`);
    if (disk.isReadOnly()) out.text(", read-only");
    if (disks.isBootDisk(i)) out.text(", boot disk");
    out.text("\n");
    out.tab(NAME_LIMIT);
    writeIdentity(out, identity);
    out.text("\n");
  }
}

function runPci(session: Session): void {
  if (!session.expectsNothing()) return;
  const count = session.facts.pciCount();
  if (count === 0) session.out.text("No PCI devices.\n");
  for (let i: u32 = 0; i < count; i++) {
    session.facts.pci(i, scratch.pci);
    writePciLine(session, scratch.pci);
  }
}

/** `0000:00:1f.2 8086:2922 SATA controller [ahci]` */
function writePciLine(session: Session, pci: PciDescription): void {
  const out = session.out;
  out.hex(BigInt(pci.segment), 4);
  out.text(":");
  out.hex(BigInt(pci.bus), 2);
  out.text(":");
  out.hex(BigInt(pci.device), 2);
  out.text(`.${pci.number} `);
  out.hex(BigInt(pci.vendorId), 4);
  out.text(":");
  out.hex(BigInt(pci.deviceId), 4);
  out.text(" ");
  out.text(pciClassName(pci.classCode, pci.subclass, pci.programmingInterface));
  if (pci.driverLength > 0) {
    out.text(" [");
    out.bytes(bytesOf(pci.driver).slice(0, pci.driverLength));
    out.text("]");
  }
  out.text("\n");
}

function runMem(session: Session): void {
  if (!session.expectsNothing()) return;
  const memory = scratch.memory;
  session.facts.memory(memory);
  writeMemoryLine(session, "installed", memory.installed);
  writeMemoryLine(session, "usable", memory.usable);
  writeMemoryLine(session, "free", memory.free);
  writeMemoryLine(session, "kernel", memory.kernel);
  writeMemoryLine(session, "payload", memory.payload);
  writeMemoryLine(session, "firmware", memory.firmware);
}

function writeMemoryLine(session: Session, name: string, sizeBytes: u64): void {
  session.out.text(name);
  session.out.tab(12);
  session.out.size(sizeBytes);
  session.out.text("\n");
}

function runDate(session: Session): void {
  if (!session.expectsNothing()) return;
  writeDateTime(session.out, session.clock.unixSeconds());
  session.out.text(" UTC\n");
  session.out.text(`running for ${session.clock.monotonicNs() / NANOSECONDS} s\n`);
}

function runReboot(session: Session): void {
  if (!session.expectsNothing()) return;
  session.out.text("Restarting.\n");
  session.out.flush();
  session.power.reboot();
}

function runPowerOff(session: Session): void {
  if (!session.expectsNothing()) return;
  session.out.text("Switching off.\n");
  session.out.flush();
  session.power.powerOff();
}

function runPanic(session: Session): void {
  const triple = session.arguments.is(0, "--triple");
  if (session.arguments.count() > (triple ? 1 : 0)) {
    session.misuse("unknown argument");
    return;
  }
  session.faultDialogue.begin(triple ? TestFault.tripleFault : TestFault.panic);
  session.start(session.faultDialogue);
}

function runHang(session: Session): void {
  const hard = session.arguments.is(0, "--cli");
  const storm = session.arguments.is(0, "--storm");
  if (session.arguments.count() > (hard || storm ? 1 : 0)) {
    session.misuse("unknown argument");
    return;
  }
  session.faultDialogue.begin(hard ? TestFault.hangHard : storm ? TestFault.storm : TestFault.hang);
  session.start(session.faultDialogue);
}
